"""Audit a record of processing activities (GDPR Article 30) as the spreadsheet it is.

>>> import ropa
>>> register = ropa.load("register.xlsx")                    # doctest: +SKIP
>>> audit = ropa.audit(register, as_of="2026-09-30")         # doctest: +SKIP
>>> audit.findings                                           # doctest: +SKIP

Importing the package is light: a name is loaded with its libraries when it is first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

from ropa.errors import InputError, NotARegisterError, OutputError, RopaError, UsageError

if TYPE_CHECKING:
    from ropa.api import (
        audit,
        audit_portfolio,
        compare,
        convert,
        flow_graph,
        inspect,
        load,
        read_portfolio,
        timeline,
    )
    from ropa.audits import Audit
    from ropa.lawbook import load_law as law
    from ropa.portfolio.value import Portfolio
    from ropa.register import Register
    from ropa.report.inspection import Inspection

__version__ = "0.1.0"

_LAZY = {
    "Audit": ("ropa.audits", "Audit"),
    "Inspection": ("ropa.report.inspection", "Inspection"),
    "Portfolio": ("ropa.portfolio.value", "Portfolio"),
    "Register": ("ropa.register", "Register"),
    "audit": ("ropa.api", "audit"),
    "audit_portfolio": ("ropa.api", "audit_portfolio"),
    "compare": ("ropa.api", "compare"),
    "convert": ("ropa.api", "convert"),
    "flow_graph": ("ropa.api", "flow_graph"),
    "inspect": ("ropa.api", "inspect"),
    "law": ("ropa.lawbook", "load_law"),
    "load": ("ropa.api", "load"),
    "read_portfolio": ("ropa.api", "read_portfolio"),
    "timeline": ("ropa.api", "timeline"),
}

__all__ = [
    "Audit",
    "InputError",
    "Inspection",
    "NotARegisterError",
    "OutputError",
    "Portfolio",
    "Register",
    "RopaError",
    "UsageError",
    "audit",
    "audit_portfolio",
    "compare",
    "convert",
    "flow_graph",
    "inspect",
    "law",
    "load",
    "read_portfolio",
    "timeline",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type stands in the block above
    """Load a public name when it is first used."""
    if name not in _LAZY:
        raise AttributeError(f"module 'ropa' has no attribute {name!r}")
    module, attribute = _LAZY[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
