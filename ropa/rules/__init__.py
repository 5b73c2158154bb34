"""The rules: one module a family, one function a rule (see `ropa.rules.catalogue`)."""
