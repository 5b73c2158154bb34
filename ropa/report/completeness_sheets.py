"""The sheets of findings.xlsx on Article 30: how complete the record is, by item and activity."""

import pandas as pd
from openpyxl import Workbook

from ropa.attribution import name_activities
from ropa.report.cover_words import tell_missing
from ropa.report.sheet_looks import NUMBER, PLAIN, Look, state_looks
from ropa.report.sheet_tables import Body, Column, write_table
from ropa.results import Result
from ropa.summaries import ITEM_NAMES, Summary

_EMPTY = "Article 30 was not yet law on that day, or its rules could not be judged."
_WHOLE = "30(1)(a)"
"""The item that is about the register, not about an activity."""


def write_completeness_sheets(book: Workbook, result: Result, summary: Summary) -> list[Body]:
    """Add the sheets Completeness and By activity to a workbook."""
    return [_write_items(book, result, summary), _write_activities(book, result, summary)]


def _write_items(book: Workbook, result: Result, summary: Summary) -> Body:
    rows = summary.completeness
    gap = state_looks()["gap"]
    gaps = Look(fill=gap.fill, ink=gap.ink, bold=True, centred=True)
    names = ("item", "stated", "none", "gap", "total")
    texts = {name: rows[name].tolist() for name in names}
    wanting = {str(count): gaps for count in texts["gap"] if count}
    columns = [
        Column("Article", 12, texts["item"]),
        Column("Item", 44, [ITEM_NAMES[one] for one in texts["item"]]),
        Column("Stated", 11, texts["stated"], NUMBER),
        Column("None", 11, texts["none"], NUMBER),
        Column("Gap", 11, texts["gap"], NUMBER, looks=wanting),
        Column("Records", 11, texts["total"], NUMBER),
    ]
    note = _EMPTY if rows.empty else _warn(result)
    return write_table(book, "Completeness", columns, note=note)


def _warn(result: Result) -> str:
    """Return a line where the record has no place at all for an item."""
    missing = tell_missing(result)
    return f"{missing} Every activity counts as a gap there." if missing else ""


def _write_activities(book: Workbook, result: Result, summary: Summary) -> Body:
    """Write one row a live activity, with a column for each item of Article 30."""
    states = summary.activities
    items = [one for one in ITEM_NAMES if one != _WHOLE and (states["item"] == one).any()]
    table = states.pivot_table(index="key", columns="item", values="state", aggfunc="first")
    table = table.reindex(columns=items).fillna("")
    own = pd.DataFrame({"table": "activities", "key": table.index, "field": "activity"})
    named = name_activities(result.case, own)
    roles = result.register.frames["activities"].set_index("key")["role_code"].loc[table.index]
    gaps = (table == "gap").sum(axis=1).tolist()
    columns = [
        Column("ID", 9, named["label"].tolist()),
        Column("Activity", 32, named["activity"].tolist()),
        Column("Role", 14, roles.str.replace("_", " ").tolist()),
        *(
            Column(f"{item} {ITEM_NAMES[item]}", 15, table[item].tolist(), PLAIN, state_looks())
            for item in items
        ),
        Column("Gaps", 8, gaps, NUMBER),
    ]
    note = _EMPTY if table.empty else _warn(result)
    return write_table(book, "By activity", columns, held=2, note=note)
