"""findings.xlsx: the audit as a working paper that owners fill in.

One sheet each for the summary, the findings, completeness, transfers, what was not evaluated and
the method. Text from a register is text here: never a formula, never a link.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import quote

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ropa import __version__
from ropa.auditing import Result
from ropa.findings import SEVERITIES
from ropa.previous import decisions, headings
from ropa.report.archive import dump_workbook
from ropa.report.findings_json import hash_rules, name_policy
from ropa.report.history_sheets import write_history_sheets
from ropa.report.screening_sheet import write_screening_sheet
from ropa.report.sheet_styles import (
    draw_border,
    fit_row,
    style_page,
    wrap_text,
    write_cell,
    write_heading,
)
from ropa.report.sheet_tables import set_widths, write_table
from ropa.summaries import ITEM_NAMES, Summary, summarise
from ropa.what_if import list_endings

MOST_ROWS = 20_000
"""Findings that the workbook holds at most, the most severe; all of them stand in the JSON."""

INPUTS = "inputs"
"""Folder, beside the workbook, of the registers as they were read."""

_SEVERITY_COLOURS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "critical": ("8C1D18", "FFFFFF"),
        "high": ("D9534F", "FFFFFF"),
        "medium": ("F2C14E", "1F2933"),
        "low": ("CFE3F1", "1F2933"),
        "info": ("ECEFF2", "1F2933"),
    }
)
_WIDTHS: Mapping[str, int] = MappingProxyType(
    {
        "severity": 10,
        "rule": 9,
        "name": 18,
        "activity_id": 7,
        "activity": 26,
        "sheet": 12,
        "cell": 9,
        "message": 40,
        "value": 26,
        "remedy": 40,
        "provision": 20,
        "owner": 14,
        "due": 12,
        "decision": 12,
        "remark": 24,
        "status": 11,
        "field": 18,
        "subject": 20,
        "duty": 10,
        "regime": 9,
        "file": 26,
        "id": 15,
    }
)
"""Columns of the findings, in their order, with their widths in characters."""

_LAST_PRINTED = "remark"
"""The columns up to here are printed; those behind it are for sorting and for machines."""

_OPEN = frozenset({"owner", "due", "decision", "remark"})


def write_findings_workbook(result: Result) -> bytes:
    """Return the bytes of the findings workbook; the same for the same audit."""
    book = Workbook()
    book.remove(book["Sheet"])
    summary = summarise(result)
    _write_summary(book.create_sheet("Summary"), result, summary)
    _write_findings(book.create_sheet("Findings"), result)
    completeness = summary.completeness.assign(name=summary.completeness["item"].map(ITEM_NAMES))
    columns = ("item", "name", "stated", "none", "gap", "total")
    write_table(
        book.create_sheet("Completeness"),
        ("Article", "Item", "Stated", "None", "Gap", "Records"),
        (10, 40, 10, 10, 10, 10),
        completeness[list(columns)],
    )
    write_table(
        book.create_sheet("Transfers"),
        ("Safeguard", "Activities", "Recipients"),
        (36, 12, 12),
        summary.transfers,
    )
    write_table(
        book.create_sheet("Not evaluated"),
        ("Rule", "ID", "Why"),
        (10, 10, 90),
        result.not_evaluated,
    )
    write_screening_sheet(book, result)
    write_history_sheets(book, result)
    _write_pairs(book.create_sheet("Method"), _list_method(result))
    return dump_workbook(book)


def _write_summary(sheet: Worksheet, result: Result, summary: Summary) -> None:
    organisation = result.register.organisation
    names = [name or register for name, register in _pairs(organisation, "name", "register")]
    total = sum(summary.severity.values())
    write_cell(sheet, 1, 1, "Audit of the record of processing activities")
    sheet["A1"].font = Font(name="Calibri", size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="left", vertical="center")
    sheet["A1"].border = Border()
    facts = [
        ("Register", "; ".join(names)),
        ("Judged as of", result.as_of),
        ("Regime", result.regime),
        ("Activities", len(result.register.activities)),
        ("Findings", total),
    ]
    row = 3
    for label, value in facts:
        row = _write_fact(sheet, row, label, value)
    row += 1
    for label in ("Severity", "Findings"):
        write_heading(sheet, row, 1 + (label == "Findings"), label, "record")
    for severity in SEVERITIES:
        row += 1
        write_cell(sheet, row, 1, severity)
        write_cell(sheet, row, 2, summary.severity[severity])
        _colour(sheet, row, 1, severity)
    row += 2
    for column, label in enumerate(("Family", "Findings"), start=1):
        write_heading(sheet, row, column, label, "record")
    for family, count in summary.family.items():
        row += 1
        write_cell(sheet, row, 1, family)
        write_cell(sheet, row, 2, count)
    set_widths(sheet, (20, 60))
    style_page(sheet)


def _write_fact(sheet: Worksheet, row: int, label: str, value: object) -> int:
    write_cell(sheet, row, 1, label)
    write_cell(sheet, row, 2, value, "yyyy-mm-dd" if label == "Judged as of" else "General")
    sheet.cell(row, 1).font = Font(name="Calibri", bold=True)
    return row + 1


def _write_findings(sheet: Worksheet, result: Result) -> None:
    rows = result.findings.head(MOST_ROWS)
    titles = headings()
    for column, name in enumerate(_WIDTHS, start=1):
        write_heading(sheet, 1, column, titles[name], "law")
    for number, values in enumerate(rows.itertuples(index=False, name=None), start=2):
        _write_finding(sheet, number, dict(zip(rows.columns, values, strict=True)))
    left = len(result.findings) - len(rows)
    if left > 0:
        note = f"The {left} least severe findings are left out here: findings.json holds them all."
        write_cell(sheet, len(rows) + 3, 1, note)
    set_widths(sheet, list(_WIDTHS.values()))
    _add_choices(sheet, max(len(rows) + 1, 2))
    sheet.freeze_panes = "E2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_WIDTHS))}{len(rows) + 1}"
    sheet.print_title_rows = "1:1"
    printed = get_column_letter(list(_WIDTHS).index(_LAST_PRINTED) + 1)
    sheet.print_area = f"A1:{printed}{len(rows) + 1}"
    style_page(sheet, paper="A3")


def _write_finding(sheet: Worksheet, number: int, record: Mapping[str, object]) -> None:
    for column, name in enumerate(_WIDTHS, start=1):
        value = record[name]
        text = str(value).replace("_", " ") if name in ("name", "field") else value
        write_cell(sheet, number, column, text)
        cell = sheet.cell(number, column)
        cell.alignment = wrap_text()
        cell.border = draw_border()
        if name in _OPEN:
            cell.fill = PatternFill("solid", start_color="FFFBE6")
    fit_row(sheet, number, [(record[name], width) for name, width in _WIDTHS.items()])
    _colour(sheet, number, 1, str(record["severity"]))
    if record["file"] and record["sheet"] and record["cell"]:
        _link(sheet, number, list(_WIDTHS).index("cell") + 1, record)


def _link(sheet: Worksheet, number: int, column: int, record: Mapping[str, object]) -> None:
    """Link a cell's address to that cell of the register as it was read."""
    cell = sheet.cell(number, column)
    place = str(record["sheet"]).replace("'", "''")
    cell.hyperlink = Hyperlink(
        ref=cell.coordinate,
        target=f"{INPUTS}/{quote(str(record['file']))}",
        location=f"'{place}'!{record['cell']}",
    )
    cell.font = Font(name="Calibri", color="1F4E79", underline="single")


def _add_choices(sheet: Worksheet, last: int) -> None:
    letters = {name: get_column_letter(list(_WIDTHS).index(name) + 1) for name in _OPEN}
    decision = DataValidation("list", formula1=f'"{",".join(decisions())}"', allow_blank=True)
    decision.error = "Choose one of the list."
    due = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
    due.error = "A date, such as 2026-12-31."
    for one, name in ((decision, "decision"), (due, "due")):
        one.add(f"{letters[name]}2:{letters[name]}{last}")
        sheet.add_data_validation(one)


def _list_method(result: Result) -> Iterable[tuple[str, object]]:
    yield "ropa", __version__
    yield "Judged as of", result.as_of.isoformat()
    yield "Regime", result.regime
    yield "Law tables", result.law.version
    yield "Law tables SHA-256", result.law.sha256
    yield "Findings", len(result.findings)
    yield "Rules", len(result.rules)
    yield "Rules SHA-256", hash_rules(result.rules)
    yield "Rules evaluated", " ".join(one.code for one in result.rules)
    yield "Policy SHA-256", name_policy(result) or "none"
    for ending in list_endings(result.law):
        yield f"What if {ending.id} ended", f"last day {ending.last_day}"
    for earlier in result.earlier:
        day = earlier.as_of.isoformat()
        yield f"Earlier audit of {day} SHA-256", earlier.sha256 or "from memory"
    for one in result.register.inputs:
        yield f"Input {one.file} SHA-256", one.sha256
        yield f"Input {one.file} layout", one.layout
        yield f"Input {one.file} activities", one.records


def _write_pairs(sheet: Worksheet, pairs: Iterable[tuple[str, object]]) -> None:
    rows = pd.DataFrame(list(pairs), columns=["label", "value"]).astype({"value": "object"})
    write_table(sheet, ("What", "Value"), (50, 80), rows)


def _colour(sheet: Worksheet, row: int, column: int, severity: str) -> None:
    background, ink = _SEVERITY_COLOURS[severity]
    cell = sheet.cell(row, column)
    cell.fill = PatternFill("solid", start_color=background)
    cell.font = Font(name="Calibri", bold=True, color=ink)


def _pairs(frame: pd.DataFrame, one: str, other: str) -> Iterable[tuple[str, str]]:
    return zip(frame[one], frame[other], strict=True)
