"""A blank register in the columns of the Information Commissioner's template for controllers.

The headings, their bands and their order are those of the documentation template for controllers
that the Information Commissioner's Office publishes (ico.org.uk); notes and drop-downs are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from ropa.recognise.templates import fix_headings, load_templates
from ropa.report.archive import dump_workbook, write_bytes
from ropa.report.house_layout import classify_field, describe_field, has_choices, list_choices
from ropa.report.house_vocabulary import name_choices
from ropa.report.house_workbook import PREPARED_ROWS, add_choices, make_note, set_pages
from ropa.report.sheet_styles import (
    TEXT_FORMAT,
    fit_row,
    style_column,
    style_page,
    wrap_text,
    write_cell,
    write_heading,
)
from ropa.schema import Field, read_fields

LAYOUT: Final = "ico-controller"
SHEET: Final = "Template"
NOTES: Final = "Notes"

BAND_ROW: Final = 8
HEADER_ROW: Final = 9

PARTIES: Final = (
    "Controller",
    "Data Protection Officer (if applicable)",
    "Representative (if applicable)",
)
CONTACTS: Final = ("Name", "Address", "Email", "Telephone")
"""What the block above the table asks of each party."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what it tells; empty for what its field tells (`find_field`)."""

    heading: str
    note: str = ""


_AGAIN = "Asks again for what stands under Privacy Notices; it is read there."
_BREACH = "Kept for your own use: it is no part of the record and is not audited."

BANDS: Final[tuple[tuple[str, tuple[Column, ...]], ...]] = (
    (
        "Article 30 Record of Processing Activities",
        (
            Column("Business function"),
            Column("Purpose of processing"),
            Column("Name and contact details of joint controller (if applicable)"),
            Column("Categories of individuals"),
            Column("Categories of personal data"),
            Column(
                "Categories of recipients",
                "One recipient a row, or None. An activity may take several rows: leave blank "
                "what is the same as above.",
            ),
            Column(
                "Link to contract with processor",
                "The contract with the recipient of this row.",
            ),
            Column(
                "Names of third countries or international organisations that personal data are "
                "transferred to (if applicable)",
                "The country of the recipient of this row. Write None where nothing is "
                "transferred: a blank cell does not say so.",
            ),
            Column(
                "Safeguards for exceptional transfers of personal data to third countries or "
                "international organisations (if applicable)"
            ),
            Column("Retention schedule (if possible)"),
            Column(
                "General description of technical and organisational security measures "
                "(if possible)"
            ),
        ),
    ),
    (
        "Privacy Notices",
        (
            Column("Article 6 lawful basis for processing personal data"),
            Column("Article 9 condition for processing special category data"),
            Column("Legitimate interests for the processing (if applicable)"),
            Column("Link to record of legitimate interests assessment (if applicable)"),
            Column("Rights available to individuals"),
            Column("Existence of automated decision-making, including profiling (if applicable)"),
            Column("The source of the personal data (if applicable)"),
        ),
    ),
    (
        "Consent",
        (Column("Link to record of consent"),),
    ),
    (
        "Access Requests",
        (Column("Location of personal data"),),
    ),
    (
        "Data Protection Impact Assessments",
        (
            Column("Data Protection Impact Assessment required?"),
            Column("Data Protection Impact Assessment progress"),
            Column("Link to Data Protection Impact Assessment"),
        ),
    ),
    (
        "Personal Data Breaches",
        (
            Column("Has a personal data breach occurred?", note=_BREACH),
            Column("Link to record of personal data breach", note=_BREACH),
        ),
    ),
    (
        "Data Protection Act 2018 - Special Category or Criminal Conviction and Offence data",
        (
            Column("Data Protection Act 2018 Schedule 1 Condition for processing"),
            Column("GDPR Article 6 lawful basis for processing", note=_AGAIN),
            Column("Link to retention and erasure policy document"),
            Column("Is personal data retained and erased in accordance with the policy document?"),
            Column(
                "Reasons for not adhering to policy document (if applicable)",
                note="Kept for your own use; the reason is read from the cell at the left.",
            ),
        ),
    ),
)
"""Each band with its columns, from left to right."""

COLUMNS: Final = tuple(column for _, columns in BANDS for column in columns)

_GUIDE = (
    "Fill in the contact details first: they are part of the record.",
    "One row is one purpose. It may take several rows: one for each recipient or category.",
    "Write None where there is nothing to record: an empty cell counts as not answered.",
    "Separate several values in one cell with semicolons.",
    "Select a heading: a note says what belongs there and which provision asks for it.",
    "Drop-downs only suggest: other wording is kept as typed.",
)
_OFFERED = ("Offered in", "Choice")  # no words of a register's headings
_NOTE_WIDTHS = (20, 84)
_WIDTH = 30
_BAND_HEIGHT, _HEADING_HEIGHT = 24, 96
_TAB_COLOUR = "1F3A5F"


def write_ico_template(target: Path | BinaryIO) -> None:
    """Write the blank workbook.

    Parameters
    ----------
    target : Path or binary file
        Where to write; a path must not exist yet.

    Raises
    ------
    OutputError
        The path exists or cannot be written.
    """
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet = workbook.create_sheet(SHEET)
    sheet.sheet_properties.tabColor = _TAB_COLOUR
    _fill_contacts(sheet)
    _fill_bands(sheet)
    _fill_headings(sheet)
    _style_sheet(sheet)
    _fill_notes(workbook)
    workbook.properties.title = "Record of processing activities"
    workbook.properties.creator = "ropa"
    write_bytes(target, dump_workbook(workbook))


def name_field(column: Column) -> str:
    """Return the ``table.field`` that a column means by its layout; empty for none."""
    return _map_headings()[column.heading]


def find_field(column: Column) -> Field | None:
    """Return the field that a column means; None for none."""
    name = name_field(column)
    return next((one for one in read_fields() if f"{one.table}.{one.name}" == name), None)


@cache
def _map_headings() -> Mapping[str, str]:
    (layout,) = (one for one in load_templates() if one.name == LAYOUT)
    bands = [text for text, columns in BANDS for _ in columns]
    cells = [
        (HEADER_ROW, number, column.heading, band)
        for number, (column, band) in enumerate(zip(COLUMNS, bands, strict=True), start=1)
    ]
    named = fix_headings(cells, layout.sheets[0])
    return MappingProxyType({text: named[row, column] for row, column, text, _ in cells})


def _fill_contacts(sheet: Worksheet) -> None:
    """Write the block of contacts: three parties beside one another, labels and cells to fill."""
    for number, party in enumerate(PARTIES):
        left = 1 + 2 * number
        write_heading(sheet, 1, left, party, "record")
        _merge(sheet, 1, left, left + 1)
        for row, label in enumerate(CONTACTS, start=2):
            write_heading(sheet, row, left, label, "guidance")
            write_cell(sheet, row, left + 1, None, TEXT_FORMAT)


def _fill_bands(sheet: Worksheet) -> None:
    first = 1
    for text, columns in BANDS:
        write_heading(sheet, BAND_ROW, first, text, "record" if first == 1 else "guidance")
        if len(columns) > 1:
            _merge(sheet, BAND_ROW, first, first + len(columns) - 1)
        first += len(columns)
    sheet.row_dimensions[BAND_ROW].height = _BAND_HEIGHT


def _fill_headings(sheet: Worksheet) -> None:
    last = HEADER_ROW + PREPARED_ROWS
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        style_column(sheet.column_dimensions[letter], _WIDTH, TEXT_FORMAT)
        write_heading(sheet, HEADER_ROW, number, column.heading, _choose_band(column))
        field = find_field(column)
        told = column.note or (describe_field(field) if field else "")
        sheet.add_data_validation(make_note(f"{letter}{HEADER_ROW}", "What belongs here", told))
        if field is not None and has_choices(field):
            add_choices(sheet, field, f"{letter}{HEADER_ROW + 1}:{letter}{last}")
    sheet.row_dimensions[HEADER_ROW].height = _HEADING_HEIGHT


def _style_sheet(sheet: Worksheet) -> None:
    letter = get_column_letter(len(COLUMNS))
    sheet.auto_filter.ref = f"A{HEADER_ROW}:{letter}{HEADER_ROW + 1}"
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    sheet.print_title_rows = f"{BAND_ROW}:{HEADER_ROW}"
    sheet.print_title_cols = "A:B"
    set_pages(sheet, _WIDTH * len(COLUMNS))


def _fill_notes(workbook: Workbook) -> None:
    """Write how to fill the workbook in, and below it what the drop-downs offer."""
    sheet = workbook.create_sheet(NOTES)
    for number, width in enumerate(_NOTE_WIDTHS, start=1):
        style_column(sheet.column_dimensions[get_column_letter(number)], width, "General")
    write_heading(sheet, 1, 1, "How to fill in this workbook", "guidance")
    _merge(sheet, 1, 1, 2)
    for row, text in enumerate(_GUIDE, start=2):
        write_cell(sheet, row, 1, text)
        _merge(sheet, row, 1, 2)
        fit_row(sheet, row, [(text, sum(_NOTE_WIDTHS))])
    row = len(_GUIDE) + 3
    for number, text in enumerate(_OFFERED, start=1):
        write_heading(sheet, row, number, text, "guidance")
    for name, (offered, values) in _list_offers().items():
        first = row + 1
        for value in values:
            row += 1
            write_cell(sheet, row, 1, offered)
            write_cell(sheet, row, 2, value)
            fit_row(sheet, row, [(offered, _NOTE_WIDTHS[0]), (value, _NOTE_WIDTHS[1])])
        defined = name_choices(name)
        reference = f"{NOTES}!$B${first}:$B${row}"
        workbook.defined_names[defined] = DefinedName(defined, attr_text=reference)
    style_page(sheet)
    sheet.sheet_properties.tabColor = "DCE3EA"


def _list_offers() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return each drop-down: its name to the columns that offer it, and what it offers.

    The columns are named by their letters: their headings would be taken for headings here too.
    """
    columns: dict[str, list[str]] = {}
    for number, column in enumerate(COLUMNS, start=1):
        field = find_field(column)
        if field is not None and has_choices(field):
            columns.setdefault(field.values, []).append(get_column_letter(number))
    values = {one.name: one.values for one in list_choices()}
    return {name: (f"{SHEET}: {', '.join(held)}", values[name]) for name, held in columns.items()}


def _choose_band(column: Column) -> str:
    field = find_field(column)
    return "guidance" if field is None else classify_field(field)


def _merge(sheet: Worksheet, row: int, first: int, last: int) -> None:
    sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)
    cast("Cell", sheet.cell(row, first)).alignment = wrap_text("center")
