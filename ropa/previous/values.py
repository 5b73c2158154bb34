"""An earlier audit as a frozen value, and the form in which its findings are written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

import pandas as pd

from ropa.findings import COLUMNS, SEVERITIES
from ropa.vocabulary import read_vocabulary
from ropa.workbook.addresses import column_number

OWNED: Final = ("owner", "due", "decision", "remark")
"""The columns that owners fill in."""

ACCEPTED: Final = "accepted"
"""The decision that, with owner, remark and due date, is a waiver."""

NOT_EVALUATED_COLUMNS: Final = ("rule", "activity_id", "why")

PENDING_COLUMNS: Final = (*COLUMNS, "why")

ACTIVITY_COLUMNS: Final = ("activity_id", "activity", "live", "content")

# What heads the columns of a findings.xlsx beside those of a finding.
HISTORY_HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"id": "Finding id", "as_of": "As of", "status": "Status"}
)
ACTIVITY_HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"activity_id": "ID", "activity": "Activity", "live": "Live", "content": "Mark of its content"}
)
WHY: Final = "Why not compared"

PROBLEM_COLUMNS: Final = ("file", "sheet", "cell", "id", "what")

ID: Final = re.compile(r"[0-9a-f]{12}")
"""A finding's id (`ropa.findings.compute_id`)."""

RULE: Final = re.compile(r"[A-Z]{3}-[0-9]{2}")
"""A rule's code."""

_CELL = re.compile(r"([A-Z]{1,3})?([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class ReadInput:
    """A file that the earlier audit read: its name, SHA-256, layout and number of activities."""

    file: str
    sha256: str
    layout: str
    records: int


@dataclass(frozen=True, slots=True, repr=False)
class Previous:
    """What an earlier audit found, and what the owners decided since.

    Attributes
    ----------
    file : str
        Name of the file or folder that it was read from.
    sha256 : str
        Hash of the bytes of the file that the owners' words come from: of a folder its
        ``findings.xlsx`` where it was changed since the audit, else its ``findings.json``.
    as_of : date
        The date on which everything was judged.
    regime, version : str
        The regime, and the version of this package that judged; empty where the file lacks them.
    rules : tuple of str
        Codes of the rules that were run; empty where the file does not tell.
    inputs : tuple of ReadInput
        The registers that were judged.
    history : mapping of str to tuple of (str, str)
        By finding id the dates (ISO 8601) and statuses of it in this audit and those before.
    frames : mapping
        Behind the properties.
    """

    file: str
    sha256: str
    as_of: date
    regime: str
    version: str
    rules: tuple[str, ...]
    inputs: tuple[ReadInput, ...]
    history: Mapping[str, tuple[tuple[str, str], ...]]
    frames: Mapping[str, pd.DataFrame]

    def __repr__(self) -> str:
        """Say what was read, without any cell's text."""
        found, lines = len(self.frames["findings"]), len(self.frames["problems"])
        name = type(self).__name__
        return f"<{name} as of {self.as_of.isoformat()}: {found} findings, {lines} problems>"

    @property
    def findings(self) -> pd.DataFrame:
        """One row a finding, the columns of `ropa.findings.COLUMNS`, all of them text.

        ``due`` is ISO 8601 where it could be read as a day, else as typed; ``decision`` is one of
        the list, else as typed. Both cases of "else" stand in `problems`.
        """
        return self.frames["findings"].copy(deep=False)

    @property
    def fixed(self) -> pd.DataFrame:
        """Findings that the earlier audit called fixed, in the same columns."""
        return self.frames["fixed"].copy(deep=False)

    @property
    def pending(self) -> pd.DataFrame:
        """Findings of audits before it that it could not judge, in the same columns and ``why``."""
        return self.frames["pending"].copy(deep=False)

    @property
    def activities(self) -> pd.DataFrame:
        """The activities of its register, one row each.

        ``activity_id`` and ``activity`` as findings show them, ``live`` (yes, or empty) and
        ``content``: a mark that is equal where an activity says the same in its other fields.
        Empty where the file does not tell.
        """
        return self.frames["activities"].copy(deep=False)

    @property
    def not_evaluated(self) -> pd.DataFrame:
        """Rules that were not judged: ``rule``, ``activity_id`` (empty: all) and ``why``."""
        return self.frames["not_evaluated"].copy(deep=False)

    @property
    def problems(self) -> pd.DataFrame:
        """What could not be used, one row a cell: ``file``, ``sheet``, ``cell``, ``id``, ``what``.

        ``what`` holds no cell's text. In JSON the cell is a path such as ``findings[3].due``.
        """
        return self.frames["problems"].copy(deep=False)

    @property
    def waivers(self) -> pd.DataFrame:
        """The findings that were accepted with an owner, a remark and a day on which that ends."""
        rows = self.frames["findings"]
        return rows[find_waivers(rows)].reset_index(drop=True)


def find_waivers(rows: pd.DataFrame) -> pd.Series:
    """Tell which findings are accepted in full."""
    stated = (rows["owner"].str.strip() != "") & (rows["remark"].str.strip() != "")
    return (rows["decision"] == ACCEPTED) & stated & is_day(rows["due"])


def is_day(texts: pd.Series) -> pd.Series:
    """Tell which texts are a day as this package writes it, ``2026-12-31``."""
    days = {text: _is_day(text) for text in texts.unique()}
    return texts.map(days).astype("bool")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@cache
def headings() -> Mapping[str, str]:
    """Return what each column of a finding is headed in a workbook, in the workbook's order."""
    rows = read_vocabulary("finding_columns")
    return MappingProxyType({row["column"]: row["heading"] for row in rows})


@cache
def decisions() -> Mapping[str, str]:
    """Return what an owner may decide: the word as offered, and what it means."""
    return MappingProxyType(
        {row["term"]: row["code"] for row in read_vocabulary("owner_decisions")}
    )


def make_frames(frames: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """Return the frames of a `Previous`, each with its columns, its order and text alone."""
    return MappingProxyType(
        {
            name: sort(frames[name])[list(names)].reset_index(drop=True).astype("str")
            for name, (names, sort) in _FRAMES.items()
        }
    )


def _keep_order(rows: pd.DataFrame) -> pd.DataFrame:
    return rows


def _sort_findings(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort as an audit does, whatever order the owners left them in."""
    rank = {severity: number for number, severity in enumerate(SEVERITIES)}
    keys = rows.reset_index(drop=True)
    keys = keys.assign(rank=keys["severity"].map(rank), place=_place_cells(keys["cell"]))
    order = ["rank", "rule", "file", "sheet", "place", "field", "subject", "message", "id"]
    return rows.iloc[keys.sort_values(order, kind="stable").index]


def _sort_problems(rows: pd.DataFrame) -> pd.DataFrame:
    keys = rows.reset_index(drop=True).assign(place=_place_cells(rows["cell"]))
    return rows.iloc[keys.sort_values(["file", "sheet", "place", "what"], kind="stable").index]


def _place_cells(cells: pd.Series) -> pd.Series:
    return pd.Series([_place_cell(cell) for cell in cells], dtype="object")


def _place_cell(cell: str) -> tuple[int, int]:
    """Return the row and column of a cell's address, of a path in JSON its number; to sort by."""
    found = _CELL.search(cell)
    if not found:
        return (0, 0)
    try:
        column = column_number(found[1] or "A")
    except ValueError:
        column = 0
    return (int(found[2]), column)


_FRAMES: Mapping[str, tuple[tuple[str, ...], Callable[[pd.DataFrame], pd.DataFrame]]] = (
    MappingProxyType(
        {
            "findings": (COLUMNS, _sort_findings),
            "fixed": (COLUMNS, _sort_findings),
            "pending": (PENDING_COLUMNS, _sort_findings),
            "not_evaluated": (NOT_EVALUATED_COLUMNS, _keep_order),
            "activities": (ACTIVITY_COLUMNS, _keep_order),
            "problems": (PROBLEM_COLUMNS, _sort_problems),
        }
    )
)
"""Frame of a `Previous` to its columns and its order."""
