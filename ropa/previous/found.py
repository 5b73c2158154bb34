"""What one file holds of an earlier audit, before the owners' words in it are judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

import pandas as pd

from ropa import __version__
from ropa.errors import InputError
from ropa.findings import COLUMNS, DUTIES, SEVERITIES, STATUSES
from ropa.previous.values import (
    ACTIVITY_COLUMNS,
    NOT_EVALUATED_COLUMNS,
    OWNED,
    PENDING_COLUMNS,
    PROBLEM_COLUMNS,
    ReadInput,
)

PLACES: Final = ("in_file", "in_sheet", *(f"{name}_cell" for name in ("id", *OWNED)))
"""Beside the columns of a finding: where its id and the owners' words stand."""

NAMED_BY: Final = ("id", *OWNED)
"""The columns without which a workbook tells nothing of what its owners decided."""

FIXED: Final = "fixed"
"""Status of a finding that is no more."""

UNJUDGED: Final = "not evaluated"
"""Status of an earlier finding on which an audit could not judge."""

CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "severity": SEVERITIES,
        "duty": DUTIES,
        "regime": ("uk", "eu", "uk+eu"),
        "status": (*STATUSES, FIXED, UNJUDGED),
    }
)
"""What a column of a finding may say."""

FORM: Final = "give the findings.json, the findings.xlsx or the folder that an audit wrote"


@dataclass(frozen=True, slots=True)
class Found:
    """The parts of a file, as `ropa.previous.values.Previous` has them.

    The frames ``findings``, ``fixed`` and ``pending`` have the columns `PLACES` too, and their
    owners' words as typed. ``as_of`` is None where a workbook has lost the sheets that tell it.
    """

    file: str
    sha256: str
    as_of: date | None
    regime: str
    version: str
    findings: pd.DataFrame
    fixed: pd.DataFrame
    pending: pd.DataFrame
    not_evaluated: pd.DataFrame
    activities: pd.DataFrame
    problems: pd.DataFrame
    rules: tuple[str, ...] = ()
    inputs: tuple[ReadInput, ...] = ()
    history: Mapping[str, tuple[tuple[str, str], ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )


def make_findings() -> pd.DataFrame:
    """Return no findings."""
    return pd.DataFrame(columns=[*COLUMNS, *PLACES], dtype="str")


def make_pending() -> pd.DataFrame:
    """Return no findings that could not be compared."""
    return pd.DataFrame(columns=[*PENDING_COLUMNS, *PLACES], dtype="str")


def make_not_evaluated() -> pd.DataFrame:
    """Return no rules that were not judged."""
    return pd.DataFrame(columns=list(NOT_EVALUATED_COLUMNS), dtype="str")


def make_activities() -> pd.DataFrame:
    """Return no activities."""
    return pd.DataFrame(columns=list(ACTIVITY_COLUMNS), dtype="str")


def list_problems(rows: pd.DataFrame, column: str, what: "str | pd.Series") -> pd.DataFrame:
    """Return a problem for each of some findings, in the cell of one of its columns."""
    return pd.DataFrame(
        {
            "file": rows["in_file"],
            "sheet": rows["in_sheet"],
            "cell": rows[f"{column}_cell"],
            "id": rows["id"],
            "what": what,
        },
        columns=list(PROBLEM_COLUMNS),
        dtype="str",
    )


def make_problem(file: str, sheet: str, cell: str, what: str) -> pd.DataFrame:
    """Return a problem that belongs to no finding."""
    return pd.DataFrame([(file, sheet, cell, "", what)], columns=list(PROBLEM_COLUMNS), dtype="str")


def list_shared(rows: pd.DataFrame) -> pd.DataFrame:
    """List the ids that unlike findings bear, as where several registers were audited at once."""
    stated = ["rule", "file", "sheet", "cell", "message"]
    several = rows[rows["id"].duplicated(keep=False)].drop_duplicates(["id", *stated])
    others = several[several["id"].duplicated()]
    return list_problems(others, "id", "another finding bears the same id: this one was not used")


def join_problems(parts: "list[pd.DataFrame]") -> pd.DataFrame:
    """Return problems one below the other; none for none."""
    none = pd.DataFrame(columns=list(PROBLEM_COLUMNS), dtype="str")
    return pd.concat([none, *parts], ignore_index=True).astype("str")


def check_version(name: str, version: str) -> None:
    """Refuse what a later release wrote: its form may be another.

    What an earlier one wrote is read where it has the form of this one.

    Raises
    ------
    InputError
        The version is later than this one, or is none.
    """
    written, own = _read_version(version), _read_version(__version__)
    if written is None:
        raise InputError(f"{name}: does not say which version of ropa wrote it; {FORM}")
    if own and written > own:
        raise InputError(
            f"{name}: was written by a later version of ropa than this one, {__version__}; "
            "install that version, or audit again with this one"
        )


def _read_version(version: str) -> "tuple[int, int] | None":
    """Return major and minor: within one minor release the form stays."""
    parts = version.split(".")
    if len(parts) < 2 or not all(one.isascii() and one.isdigit() for one in parts[:2]):  # noqa: PLR2004 - major and minor
        return None
    if any(len(one) > 6 for one in parts[:2]):  # noqa: PLR2004 - no release has such a number
        return None
    return int(parts[0]), int(parts[1])
