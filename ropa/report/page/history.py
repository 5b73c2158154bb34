"""What changed since earlier audits, what was accepted, and what could not be judged."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ropa.findings import STATUSES
from ropa.report.defects import name_defect
from ropa.report.findings_json import list_rows
from ropa.report.page.wording import format_date
from ropa.results import Result

MOST_ROWS = 1_000
"""Rows that a list of the page holds at most; all of them stand in the JSON."""

_GONE = ("fixed", "not evaluated")


@dataclass(frozen=True, slots=True)
class Listing:
    """Some rows, and how many more there are."""

    rows: tuple[dict[str, Any], ...]
    left: int = 0

    def __len__(self) -> int:
        """Return how many there are, the ones left out too."""
        return len(self.rows) + self.left


def cut_rows(frame: pd.DataFrame) -> Listing:
    """Return the first rows of a frame as mappings."""
    return Listing(tuple(list_rows(frame.head(MOST_ROWS))), max(len(frame) - MOST_ROWS, 0))


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed.

    Attributes
    ----------
    since : str
        Date of the last earlier audit, in words; empty where there is none.
    new, reopened, fixed, pending, waived : Listing
        Findings, each with ``title``. ``pending`` ones have ``why``.
    waivers, activities : Listing
        Accepted risks, and activities that came, went or were renamed.
    statuses : tuple of str
        The statuses that head the columns of `history`.
    history : tuple of (str, tuple of int)
        Each audit's date with its findings by status, the earliest first.
    problems : Listing
        What could not be used of earlier audits.
    """

    since: str
    new: Listing
    reopened: Listing
    fixed: Listing
    pending: Listing
    waivers: Listing
    activities: Listing
    statuses: tuple[str, ...]
    history: tuple[tuple[str, tuple[int, ...]], ...]
    problems: Listing


def list_changes(result: Result) -> Changes:
    """Return what changed since the earlier audits; empty lists where there is none."""
    findings = result.findings
    compared = bool(result.earlier)
    new = findings[(findings["status"] == "new") & compared]
    problems = [one.problems.assign(audit=format_date(one.as_of)) for one in result.earlier]
    waivers = result.waivers
    waivers = waivers.assign(expiry=waivers["expiry"].map(format_date))
    statuses, history = _count_history(result)
    return Changes(
        format_date(max(one.as_of for one in result.earlier)) if compared else "",
        _title(new),
        _title(findings[findings["status"] == "reopened"]),
        _title(result.fixed),
        _title(result.pending),
        cut_rows(waivers),
        cut_rows(result.changes),
        statuses,
        history,
        cut_rows(pd.concat(problems)) if problems else Listing(()),
    )


def _title(frame: pd.DataFrame) -> Listing:
    return cut_rows(frame.assign(title=frame["name"].map(name_defect)))


def _count_history(
    result: Result,
) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[int, ...]], ...]]:
    rows = result.history if result.earlier else result.history.iloc[:0]
    counts = pd.crosstab(rows["as_of"], rows["status"])
    known = [one for one in (*STATUSES, *_GONE) if one in counts.columns]
    statuses = (*known, *sorted(set(counts.columns) - set(known)))
    table = counts.reindex(columns=list(statuses), fill_value=0).sort_index()
    return statuses, tuple(
        (format_date(str(day)), tuple(int(number) for number in numbers))
        for day, *numbers in table.itertuples(name=None)
    )


def list_unjudged(result: Result) -> Listing:
    """Return the rules that could not be judged: ``rule``, ``why``, ``activities`` joined."""
    rows = result.not_evaluated
    grouped = rows.groupby(["rule", "why"], sort=True)["activity_id"]
    joined = grouped.agg(lambda labels: ", ".join(one for one in dict.fromkeys(labels) if one))
    return cut_rows(joined.rename("activities").astype("str").reset_index())
