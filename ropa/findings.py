"""What a finding is: its columns, its severities and its identity across quarters."""

import hashlib
import re
from collections.abc import Iterable

COLUMNS = (
    "id",
    "rule",
    "name",
    "severity",
    "duty",
    "regime",
    "activity_id",
    "activity",
    "field",
    "subject",
    "message",
    "value",
    "file",
    "sheet",
    "cell",
    "provision",
    "remedy",
    "status",
    "owner",
    "due",
    "decision",
    "remark",
)
"""The columns of a findings frame and the keys of a finding in JSON, in this order."""

SEVERITIES = ("critical", "high", "medium", "low", "info")
"""From the one that cannot wait to the one that is only good to know."""

DUTIES = ("record", "law", "guidance")
"""Content that Article 30 asks for, another statutory duty, or good practice."""

STATUSES = ("new", "persisting", "reopened", "waived")

VALUE_LENGTH = 200
"""A finding quotes at most this many characters of its cell."""

ID_LENGTH = 12
"""Hexadecimal digits of a finding's id."""

_CODE = re.compile(r"([A-Z]{3})[-_ ]*(\d{1,2})", re.ASCII)
_SEPARATOR = "\x1f"


def compute_id(rule: str, identity: str, field: str, subject: str) -> str:
    """Return the id by which a finding is known from one audit to the next.

    Parameters
    ----------
    rule : str
        Code of the rule, e.g. ``"TRF-04"``.
    identity : str
        What identifies the activity within its register (see `ropa.normalise.identity`); empty for
        findings on the register as a whole.
    field, subject : str
        The field, and the folded recipient, country or data category where the rule is about one.

    Returns
    -------
    str
        The first 12 hexadecimal digits of the SHA-256 of the four. File, sheet, row,
        wording and regime are not in it, so that an id survives edits.
    """
    parts = (rule, identity, field, subject)
    return hashlib.sha256(_SEPARATOR.join(parts).encode()).hexdigest()[:ID_LENGTH]


def spell_code(text: str) -> str:
    """Return a rule's code as it is spelt, ``"TRF-04"``, for what may mean it (``trf 4``)."""
    found = _CODE.fullmatch(text.strip().upper())
    return f"{found[1]}-{int(found[2]):02}" if found else text.strip().upper()


def rank_severity(severity: str) -> int:
    """Return 0 for the most severe; an order to sort by."""
    return SEVERITIES.index(severity)


def join_regimes(regimes: Iterable[str]) -> str:
    """Return ``"uk"``, ``"eu"`` or ``"uk+eu"``."""
    present = frozenset(regimes)
    return "+".join(regime for regime in ("uk", "eu") if regime in present)
