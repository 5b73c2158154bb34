"""The sheet Summary of findings.xlsx: the cover, with the verdict in words and where to begin."""

from collections.abc import Sequence
from typing import Final, cast

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from ropa.charts.palette import SAFEGUARD_COLOURS, SEVERITY_COLOURS, choose_ink
from ropa.findings import SEVERITIES
from ropa.phrases.sentences import spell_day
from ropa.report.console import REGIME_NAMES, REGIME_SOURCES
from ropa.report.cover_words import (
    count_groups,
    count_statuses,
    list_reasons,
    tell_changes,
)
from ropa.report.defects import Defect, list_defects
from ropa.report.sheet_looks import FONT
from ropa.report.sheet_styles import DATE_FORMAT, draw_border, fit_row, style_page, write_cell
from ropa.report.verdict_words import word_verdict
from ropa.results import Result
from ropa.rules.catalogue import FAMILY_NAMES
from ropa.summaries import Summary

TITLE: Final = "Summary"
FIRST_THINGS: Final = 6
"""Defects named on the cover; all of them stand among the findings."""

_WIDTHS: Final = (26, 13, 13, 12, 12, 12, 12, 60)
_LAST: Final = len(_WIDTHS)
_NAVY, _PALE, _QUIET = "1F3A5F", "EEF2F6", "5B6670"
_BAR: Final = "\u2588"
_LONGEST: Final = 30
_SHEETS: Final = {
    "Findings": "every defect with its cell, its law and what to write instead; "
    "decide, name an owner and a day in the yellow cells",
    "Completeness": "how many records answer each item of Article 30",
    "By activity": "the same, activity by activity",
    "Transfers": "every transfer and what it rests on",
    "Recipients": "who receives data, with contract and findings",
    "Not evaluated": "what could not be judged, and why",
    "Screening": "which cells speak for an impact assessment; agree or disagree",
    "Fixed": "findings of the earlier audit that are no more",
    "Not compared": "earlier findings that could not be judged this time",
    "Waivers": "accepted risks, who approved them and until when",
    "Changes": "activities that came, went or were renamed",
    "Activities": "the list by which the next audit knows the activities again",
    "History": "what became of each finding, audit by audit",
    "Method": "date, law, rules, policy and the hashes of what was read",
}


def write_cover(
    sheet: Worksheet, result: Result, summary: Summary, transfers: pd.DataFrame, book: Workbook
) -> None:
    """Fill the cover; the other sheets must be there.

    Parameters
    ----------
    sheet : Worksheet
        An empty sheet.
    result : Result
        The audit.
    summary : Summary
        Its counts.
    transfers : DataFrame
        From `ropa.report.transfer_rows.list_transfers`.
    book : Workbook
        The workbook, whose sheets are listed.
    """
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    row = _write_head(sheet, result)
    row = _write_verdict(sheet, row, result, summary, transfers)
    row = _write_defects(sheet, row, list_defects(result, FIRST_THINGS))
    row = _write_severities(sheet, row, summary)
    row = _write_facts(sheet, row, result)
    # Printed, the counts in detail and the guide are a page of their own.
    sheet.row_breaks.append(Break(id=row - 1))
    row = _write_statuses(sheet, row, result)
    row = _write_families(sheet, row, summary)
    row = _write_safeguards(sheet, row, transfers)
    _write_guide(sheet, row, book)
    sheet.sheet_view.showGridLines = False
    style_page(sheet)


def _write_head(sheet: Worksheet, result: Result) -> int:
    rows = result.register.frames["organisation"]
    names = [
        name or register for name, register in zip(rows["name"], rows["register"], strict=True)
    ]
    _write(sheet, 1, "Audit of the record of processing activities", size=18, bold=True, ink=_NAVY)
    sheet.row_dimensions[1].height = 28
    _write(sheet, 2, "; ".join(names), size=13)
    when = f"Judged as of {spell_day(result.as_of)} under {REGIME_NAMES[result.regime]}"
    _write(sheet, 3, when, ink=_QUIET)
    return 5


def _write_verdict(
    sheet: Worksheet, row: int, result: Result, summary: Summary, transfers: pd.DataFrame
) -> int:
    _write(sheet, row, word_verdict(result, summary), size=14, bold=True, ink="FFFFFF", fill=_NAVY)
    sheet.row_dimensions[row].height = 26
    reasons = [*list_reasons(result, summary, transfers), tell_changes(result)]
    for reason in filter(None, reasons):
        row += 1
        _write(sheet, row, f"\u2022  {reason}", fill=_PALE)
    return row + 2


def _write_defects(sheet: Worksheet, row: int, defects: Sequence[Defect]) -> int:
    if not defects:
        return row
    heads = ("First things to do", "Severity", "Findings", "Rule", "Where", "", "", "What to do")
    _write_heads(sheet, row, heads)
    for one in defects:
        row += 1
        name = one.name[:1].upper() + one.name[1:]
        where = one.activities or "the whole record"
        values = (name, one.severity, len(one.rows), one.rule, where, "", "", one.remedy)
        for column, value in enumerate(values, start=1):
            write_cell(sheet, row, column, value)
        _merge(sheet, row, 5, 7)
        _paint(_get(sheet, row, 2), SEVERITY_COLOURS[one.severity])
        room = sum(_WIDTHS[4:7])
        fit_row(sheet, row, ((name, _WIDTHS[0]), (where, room), (one.remedy, _WIDTHS[-1])))
    return row + 2


def _write_facts(sheet: Worksheet, row: int, result: Result) -> int:
    register = result.register
    source = REGIME_SOURCES[str(register.frames["organisation"]["regimes_from"].iloc[0])]
    total = len(result.findings)
    facts: list[tuple[str, object, str]] = [
        ("Judged as of", result.as_of, "The law in force on this day was applied."),
        ("Regime", result.regime, f"{REGIME_NAMES[result.regime]}{source}"),
        ("Activities", len(register.frames["activities"]), "Ended and proposed ones included."),
        ("Findings", total, "All of them, accepted risks included."),
    ]
    _write_heads(sheet, row, ("About this audit", *[""] * 6, ""))
    for label, value, note in facts:
        row += 1
        _write_line(sheet, row, label, value, note)
    for one in register.inputs:
        row += 1
        _write_line(sheet, row, "Read", "", one.file)
    for label in ("Prepared by, on", "Reviewed by, on"):
        row += 1
        _write_line(sheet, row, label, "", "")
        for column in range(2, _LAST + 1):
            _get(sheet, row, column).fill = PatternFill("solid", start_color="FFFBE6")
    return row + 2


def _write_severities(sheet: Worksheet, row: int, summary: Summary) -> int:
    _write_heads(sheet, row, ("Severity", "Open findings", *[""] * 6))
    most = max(*summary.severity.values(), 1)
    for severity in SEVERITIES:
        row += 1
        count = summary.severity[severity]
        _write_line(sheet, row, severity, count, _draw_bar(count, most))
        _paint(_get(sheet, row, 1), SEVERITY_COLOURS[severity])
        _get(sheet, row, 3).font = Font(name=FONT, color=SEVERITY_COLOURS[severity][1:])
    return row + 2


def _write_families(sheet: Worksheet, row: int, summary: Summary) -> int:
    if not summary.family:
        return row
    _write_heads(sheet, row, ("Family of rules", "Open findings", "What they are about", *[""] * 5))
    for family in (one for one in FAMILY_NAMES if one in summary.family):
        row += 1
        _write_line(sheet, row, family, summary.family[family], FAMILY_NAMES[family])
    return row + 2


def _write_statuses(sheet: Worksheet, row: int, result: Result) -> int:
    if not result.earlier:
        return row
    last = max(one.as_of for one in result.earlier)
    title = f"Since {last.isoformat()}"
    _write_heads(sheet, row, (title, "All", *SEVERITIES, ""))
    for status, counts in count_statuses(result):
        row += 1
        for column, value in enumerate((status, sum(counts), *counts), start=1):
            write_cell(sheet, row, column, value)
        _get(sheet, row, 1).font = Font(name=FONT, bold=True)
    return row + 2


def _write_safeguards(sheet: Worksheet, row: int, transfers: pd.DataFrame) -> int:
    groups = count_groups(transfers)
    if not groups:
        return row
    _write_heads(sheet, row, ("Transfers rest on", "Transfers", *[""] * 6))
    for group, words, count in groups:
        row += 1
        _write_line(sheet, row, words, count, "")
        _paint(_get(sheet, row, 1), SAFEGUARD_COLOURS[group])
        fit_row(sheet, row, [(words, _WIDTHS[0] - 2)])
    return row + 2


def _write_guide(sheet: Worksheet, row: int, book: Workbook) -> None:
    _write_heads(sheet, row, ("Sheet", "What it holds", *[""] * 6))
    for name in book.sheetnames:
        if name in _SHEETS:
            row += 1
            write_cell(sheet, row, 1, name)
            write_cell(sheet, row, 2, _SHEETS[name])
            _merge(sheet, row, 2, _LAST)
            cell = _get(sheet, row, 1)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{name}'!A1")
            cell.font = Font(name=FONT, color="1F4E79", underline="single")


def _draw_bar(count: int, most: int) -> str:
    return _BAR * max(round(_LONGEST * count / most), 1 if count else 0)


def _write_line(sheet: Worksheet, row: int, label: str, value: object, note: str) -> None:
    write_cell(sheet, row, 1, label)
    write_cell(sheet, row, 2, value, DATE_FORMAT if label == "Judged as of" else "General")
    write_cell(sheet, row, 3, note)
    _merge(sheet, row, 3, _LAST)
    _get(sheet, row, 1).font = Font(name=FONT, bold=True)


def _write_heads(sheet: Worksheet, row: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, start=1):
        cell = _get(sheet, row, column)
        cell.value = text or None
        cell.font = Font(name=FONT, bold=True, color=_NAVY)
        cell.alignment = Alignment(horizontal="left", vertical="center")
        cell.border = Border(bottom=Side(style="medium", color=_NAVY))
    sheet.row_dimensions[row].height = 18


def _write(
    sheet: Worksheet,
    row: int,
    text: str,
    *,
    size: int = 11,
    bold: bool = False,
    ink: str = "1F2933",
    fill: str = "",
) -> None:
    """Write a line across all columns."""
    write_cell(sheet, row, 1, text)
    for column in range(1, _LAST + 1):
        cell = _get(sheet, row, column)
        cell.border = Border()
        cell.font = Font(name=FONT, size=size, bold=bold, color=ink)
        cell.alignment = Alignment(
            horizontal="left", vertical="center", wrap_text=True, indent=1 if fill else 0
        )
        if fill:
            cell.fill = PatternFill("solid", start_color=fill)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=_LAST)
    fit_row(sheet, row, [(text, sum(_WIDTHS) * 11 / size)])


def _merge(sheet: Worksheet, row: int, first: int, last: int) -> None:
    for column in range(first, last + 1):
        _get(sheet, row, column).border = draw_border()
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)


def _paint(cell: Cell, colour: str) -> None:
    cell.fill = PatternFill("solid", start_color=colour[1:])
    cell.font = Font(name=FONT, bold=True, color=choose_ink(colour)[1:])


def _get(sheet: Worksheet, row: int, column: int) -> Cell:
    return cast("Cell", sheet.cell(row, column))
