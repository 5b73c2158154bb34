"""The sheets of findings.xlsx on earlier audits, and on what this one leaves to the next.

A sheet that has nothing to tell is left out, but for the activities: by them the next audit knows
which came, went or were renamed.
"""

from collections.abc import Iterable, Mapping

import pandas as pd
from openpyxl import Workbook

from ropa.comparison import list_activities
from ropa.previous import ACTIVITY_HEADINGS, HISTORY_HEADINGS, WHY, headings
from ropa.report.sheet_looks import Look, severity_looks
from ropa.report.sheet_tables import Body, Column, write_table
from ropa.results import CHANGE_COLUMNS, WAIVER_COLUMNS, Result

_WIDTHS: Mapping[str, int] = {
    "activity": 30,
    "message": 44,
    "value": 26,
    "remedy": 40,
    "provision": 20,
    "remark": 26,
    "why": 40,
    "reason": 40,
    "earlier_activity": 30,
    "state": 34,
    "content": 20,
}
_WIDTH = 14
_SPELLED = ("name", "field")
_MANY = 10
"""Columns past which a table is printed on the larger paper."""

_WAIVERS = (
    "Waived finding",
    "Rule",
    "ID",
    "Reason",
    "Approver",
    "Expiry",
    "Comes from",
    "State",
)
_CHANGES = ("Change", "ID", "Activity", "Earlier ID", "Earlier activity")


def write_history_sheets(book: Workbook, result: Result) -> list[Body]:
    """Add the sheets to a workbook: fixed, not compared, waivers, changes, activities, history."""
    fields = headings()
    columns = list(fields)
    activities = list_activities(result.register)[list(ACTIVITY_HEADINGS)]
    pending = result.pending[["why", *columns]]
    return [
        *_write(book, "Fixed", fields.values(), result.fixed[columns]),
        *_write(book, "Not compared", (WHY, *fields.values()), pending),
        *_write(book, "Waivers", _WAIVERS, result.waivers[list(WAIVER_COLUMNS)]),
        *_write(book, "Changes", _CHANGES, result.changes[list(CHANGE_COLUMNS)]),
        *_write(book, "Activities", ACTIVITY_HEADINGS.values(), activities),
        *_write_history(book, result),
    ]


def _write_history(book: Workbook, result: Result) -> list[Body]:
    """Write what became of each finding, with the words by which a reader knows it."""
    if not result.earlier:
        return []
    known = pd.concat([result.findings, result.fixed, result.pending])
    known = known.drop_duplicates("id").set_index("id")[["rule", "activity_id", "message"]]
    rows = result.history[list(HISTORY_HEADINGS)].join(known, on="id").fillna("")
    titles = (*HISTORY_HEADINGS.values(), *(headings()[name] for name in known.columns))
    return _write(book, "History", titles, rows)


def _write(book: Workbook, title: str, texts: Iterable[str], rows: pd.DataFrame) -> list[Body]:
    if rows.empty:
        return []
    columns = [
        Column(text, _WIDTHS.get(name, _WIDTH), _list_texts(rows, name), looks=_find_looks(name))
        for text, name in zip(texts, map(str, rows.columns), strict=True)
    ]
    # What nobody decides any more needs no larger paper than the columns that tell of it.
    paper = "A3" if len(columns) > _MANY else "A4"
    return [write_table(book, title, columns, paper=paper)]


def _list_texts(rows: pd.DataFrame, name: str) -> list[str]:
    """Return the texts of a column; names of rules and fields with spaces, as on Findings."""
    texts: list[str] = rows[name].tolist()
    return [text.replace("_", " ") for text in texts] if name in _SPELLED else texts


def _find_looks(name: str) -> Mapping[str, Look]:
    return severity_looks() if name == "severity" else {}
