"""What is written: one module a format, each a pure function from values to bytes."""
