"""The sheets of findings.xlsx on earlier audits, and on what this one leaves to the next.

A sheet that has nothing to tell is left out, but for the activities: by them the next audit knows
which came, went or were renamed.
"""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from openpyxl import Workbook

from ropa.comparison import list_activities
from ropa.previous import ACTIVITY_HEADINGS, HISTORY_HEADINGS, WHY, headings
from ropa.report.sheet_tables import write_table
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
}
_WIDTH = 14
_WAIVERS = (
    "Finding id",
    "Rule",
    "ID",
    "Reason",
    "Approver",
    "Expiry",
    "Comes from",
    "State",
)
_CHANGES = ("Change", "ID", "Activity", "Earlier ID", "Earlier activity")


def write_history_sheets(book: Workbook, result: Result) -> None:
    """Add the sheets to a workbook: fixed, not compared, waivers, changes, activities, history."""
    fields = headings()
    columns = list(fields)
    _write(book, "Fixed", fields.values(), result.fixed[columns])
    pending = result.pending[["why", *columns]]
    _write(book, "Not compared", (WHY, *fields.values()), pending)
    _write(book, "Waivers", _WAIVERS, result.waivers[list(WAIVER_COLUMNS)])
    _write(book, "Changes", _CHANGES, result.changes[list(CHANGE_COLUMNS)])
    activities = list_activities(result.register)[list(ACTIVITY_HEADINGS)]
    _write(book, "Activities", ACTIVITY_HEADINGS.values(), activities)
    if result.earlier:
        history = result.history[list(HISTORY_HEADINGS)]
        _write(book, "History", HISTORY_HEADINGS.values(), history)


def _write(book: Workbook, title: str, texts: Iterable[str], rows: pd.DataFrame) -> None:
    if len(rows):
        widths: Sequence[int] = [_WIDTHS.get(str(one), _WIDTH) for one in rows.columns]
        write_table(book.create_sheet(title), tuple(texts), widths, rows)
