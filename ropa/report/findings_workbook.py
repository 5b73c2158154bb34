"""findings.xlsx: the audit as a working paper that owners fill in.

The cover says the verdict in words and where to begin. Behind it stand the findings, the record's
completeness, transfers and recipients, what was not evaluated, earlier audits and the method. Text
from a register is text here: never a formula, never a link.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from urllib.parse import quote

import pandas as pd
from openpyxl import Workbook

from ropa.previous import decisions, headings
from ropa.report.completeness_sheets import write_completeness_sheets
from ropa.report.cover_sheet import TITLE, write_cover
from ropa.report.history_sheets import write_history_sheets
from ropa.report.method_sheet import write_method_sheet
from ropa.report.recipients_sheet import write_recipients_sheet
from ropa.report.screening_sheet import write_screening_sheet
from ropa.report.sheet_bodies import dump_tables
from ropa.report.sheet_looks import LINK, OPEN, PLAIN, Look, severity_looks
from ropa.report.sheet_tables import Body, Column, Link, write_table
from ropa.report.transfer_rows import list_transfers
from ropa.report.transfers_sheet import write_transfers_sheet
from ropa.results import Result
from ropa.summaries import summarise

__all__ = ["MOST_ROWS", "write_findings_workbook"]

MOST_ROWS = 20_000
"""Findings that the workbook holds at most, the most severe; all of them stand in the JSON."""

_WIDTHS: Mapping[str, int] = MappingProxyType(
    {
        "severity": 10,
        "status": 11,
        "rule": 9,
        "activity_id": 8,
        "activity": 24,
        "message": 40,
        "value": 26,
        "remedy": 40,
        "provision": 18,
        "sheet": 13,
        "cell": 9,
        "owner": 14,
        "due": 12,
        "decision": 13,
        "remark": 26,
        "name": 20,
        "field": 18,
        "subject": 20,
        "duty": 10,
        "regime": 9,
        "file": 26,
        "id": 15,
    }
)
"""Columns of the findings, in their order, with their widths in characters."""

_LAST_HELD = "activity"
"""The columns up to here stay in sight."""

_LAST_PRINTED = "remark"
"""The columns up to here are printed; those behind it are for sorting and for machines."""

_SPELLED = ("name", "field")
_LOOKS: Mapping[str, Look] = MappingProxyType(
    {"owner": OPEN, "due": OPEN, "decision": OPEN, "remark": OPEN, "cell": LINK}
)


def write_findings_workbook(result: Result, places: pd.DataFrame | None = None) -> bytes:
    """Return the bytes of the findings workbook; the same for the same audit.

    Parameters
    ----------
    result : Result
        The audit.
    places : DataFrame, optional
        Where the findings stand in the annotated copy of the register (``id``, ``file``, ``sheet``,
        ``cell``; see `ropa.report.annotated`): their addresses link to it. Without, none does.
    """
    book = Workbook()
    book.remove(book["Sheet"])
    summary = summarise(result)
    transfers = list_transfers(result)
    cover = book.create_sheet(TITLE)
    bodies = [
        _write_findings(book, result, places),
        *write_completeness_sheets(book, result, summary),
        write_transfers_sheet(book, transfers, result.regime),
        write_recipients_sheet(book, result, transfers),
        *write_screening_sheet(book, result),
        _write_not_evaluated(book, result),
        *write_history_sheets(book, result),
        write_method_sheet(book, result),
    ]
    write_cover(cover, result, summary, transfers, book)
    return dump_tables(book, bodies)


def _write_findings(book: Workbook, result: Result, places: pd.DataFrame | None) -> Body:
    rows = result.findings.head(MOST_ROWS)
    titles, links = headings(), _link(rows, places)
    columns = [
        Column(
            titles[name],
            width,
            _list_values(rows, name),
            _LOOKS.get(name, PLAIN),
            severity_looks() if name == "severity" else {},
            links if name == "cell" else (),
            tuple(decisions()) if name == "decision" else (),
            name == "due",
        )
        for name, width in _WIDTHS.items()
    ]
    left = len(result.findings) - len(rows)
    note = f"The {left} least severe findings are left out here: findings.json holds them all."
    names = list(_WIDTHS)
    return write_table(
        book,
        "Findings",
        columns,
        held=names.index(_LAST_HELD) + 1,
        printed=names.index(_LAST_PRINTED) + 1,
        paper="A3",
        note=note if left > 0 else "",
    )


def _list_values(rows: pd.DataFrame, name: str) -> Sequence[object]:
    texts: list[str] = rows[name].tolist()
    if name in _SPELLED:
        return [text.replace("_", " ") for text in texts]
    return [_read_day(text) for text in texts] if name == "due" else texts


def _read_day(text: str) -> date | str:
    """Return a day as a day, so that it can be sorted and filtered by; else the text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _link(rows: pd.DataFrame, places: pd.DataFrame | None) -> list[Link | None]:
    """Return for each finding a link to its cell in the annotated copy of the register."""
    if places is None:
        return [None] * len(rows)
    known = {
        key: Link(quote(file), f"'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}")
        for key, file, sheet, cell in places[["id", "file", "sheet", "cell"]].itertuples(
            index=False, name=None
        )
    }
    return [known.get(key) for key in rows["id"]]


def _write_not_evaluated(book: Workbook, result: Result) -> Body:
    rows = result.not_evaluated
    widths = {"rule": ("Rule", 10), "activity_id": ("ID", 10), "why": ("Why", 100)}
    columns = [
        Column(heading, width, rows[name].tolist()) for name, (heading, width) in widths.items()
    ]
    note = "" if len(rows) else "Every rule was judged for every activity that it is about."
    return write_table(book, "Not evaluated", columns, note=note)
