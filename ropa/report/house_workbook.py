"""The house workbook: the one writer of the layout that templates, samples and conversions use."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ropa.report.archive import dump_workbook, write_bytes
from ropa.report.house_layout import (
    FROZEN_COLUMNS,
    ONE_TERM,
    SHEETS,
    WHOLE,
    ErrorValue,
    Extra,
    Shape,
    classify_field,
    describe_field,
    has_choices,
)
from ropa.report.house_vocabulary import fill_vocabulary, name_choices
from ropa.report.sheet_styles import (
    DATE_FORMAT,
    TEXT_FORMAT,
    fit_row,
    style_column,
    style_page,
    wrap_text,
    write_cell,
    write_heading,
)
from ropa.schema import Field, read_fields

PREPARED_ROWS: Final = 2000
"""Rows of each grid that have drop-downs; a longer register has as many more."""

_LABEL_WIDTH = 28
_HEADING_HEIGHT = 48
_PAGE_CHARACTERS = 230
_A4_CHARACTERS = 180
_TAB_COLOUR = "1F3A5F"
_EXTRA_WIDTH = 28
_NOTE_LENGTH, _TITLE_LENGTH = 255, 32  # what a spreadsheet program takes
_NO_RESULT = "=NA()"
"""A formula of our own: openpyxl saves it without a result, as the original one was."""


def write_house_workbook(
    target: Path | BinaryIO,
    tables: Mapping[str, Sequence[Mapping[str, object]]],
    *,
    shape: Shape = WHOLE,
    title: str = "Record of processing activities",
    compress: bool = True,
) -> None:
    """Write a register as a house workbook.

    Parameters
    ----------
    target : Path or binary file
        Where to write; a path must not exist yet.
    tables : mapping
        Table (of `ropa.schema.DATA_TABLES`) to rows; a row maps field names to values. Tables and
        fields left out, ``None`` and ``""`` are empty cells. Texts stay texts, whatever they begin
        with; dates become dates of the workbook; numbers become numbers; an `ErrorValue` becomes
        an error value.
    shape : Shape
        Which columns and sheets there are; by default all of them, and no others.
    title : str
        Title in the document's properties.
    compress : bool
        Deflate the parts. Off where the bytes are to be the same under every version of zlib.

    Raises
    ------
    OutputError
        The path exists or cannot be written, or a text is too long for a cell.
    ValueError
        There is no such table or field, or there are several organisations: a mistake of the
        calling program.
    """
    _check_names(tables)
    workbook = _build_workbook(tables, shape)
    workbook.properties.title = title
    workbook.properties.creator = "ropa"
    write_bytes(target, dump_workbook(workbook, compress=compress))


def _check_names(tables: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
    for table, rows in tables.items():
        if table not in SHEETS:
            raise ValueError(f"the house workbook has no table {table}")
        known = {field.name for field in read_fields(table)}
        unknown = sorted({name for row in rows for name in row} - known)
        if unknown:
            raise ValueError(f"the table {table} has no field {unknown[0]}")
    if len(tables.get("organisation", ())) > 1:
        raise ValueError("a house workbook holds one organisation")


def _build_workbook(tables: Mapping[str, Sequence[Mapping[str, object]]], shape: Shape) -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for table, name in SHEETS.items():
        if not shape.list_fields(table):
            continue
        sheet = workbook.create_sheet(name)
        sheet.sheet_properties.tabColor = _TAB_COLOUR
        fill = _fill_form if table == "organisation" else _fill_grid
        fill(sheet, table, tables.get(table, ()), shape)
    fill_vocabulary(workbook)
    return workbook


def _fill_form(
    sheet: Worksheet, table: str, rows: Sequence[Mapping[str, object]], shape: Shape
) -> None:
    """Write the organisation: a label in A, its value in B."""
    fields = shape.list_fields(table)
    row = rows[0] if rows else {}
    width = max(field.width for field in fields)
    style_column(sheet.column_dimensions["A"], _LABEL_WIDTH, "General")
    style_column(sheet.column_dimensions["B"], width, TEXT_FORMAT)
    for number, field in enumerate(fields, start=1):
        write_heading(sheet, number, 1, shape.name_field(field), classify_field(field))
        _write_value(sheet, number, 2, row.get(field.name), _choose_format(field))
        sheet.cell(number, 2).alignment = wrap_text("center")
        fit_row(sheet, number, [(row.get(field.name), width), ("\n", width)])
        add_note(sheet, field, f"A{number}")
        add_choices(sheet, field, f"B{number}")
    style_page(sheet)


def _fill_grid(
    sheet: Worksheet, table: str, rows: Sequence[Mapping[str, object]], shape: Shape
) -> None:
    """Write a table: headings in row 1, one row below for each of its rows."""
    fields = shape.list_fields(table)
    extras = shape.extras.get(table, ())
    last = 1 + max(PREPARED_ROWS, len(rows))
    for column, field in enumerate(fields, start=1):
        letter = get_column_letter(column)
        style_column(sheet.column_dimensions[letter], field.width, _choose_format(field))
        write_heading(sheet, 1, column, shape.name_field(field), classify_field(field))
        add_note(sheet, field, f"{letter}1")
        add_choices(sheet, field, f"{letter}2:{letter}{last}")
    for number, row in enumerate(rows, start=2):
        for column, field in enumerate(fields, start=1):
            _write_value(sheet, number, column, row.get(field.name), _choose_format(field))
        texts = [(row.get(field.name), field.width) for field in fields]
        fit_row(sheet, number, [*texts, *((one.texts[number - 2], _EXTRA_WIDTH) for one in extras)])
    for column, extra in enumerate(extras, start=len(fields) + 1):
        _fill_extra(sheet, column, extra)
    letter = get_column_letter(len(fields) + len(extras))
    frozen = min(FROZEN_COLUMNS[table], len(fields))
    sheet.row_dimensions[1].height = _HEADING_HEIGHT
    sheet.auto_filter.ref = f"A1:{letter}{max(2, len(rows) + 1)}"
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}2"
    sheet.print_title_rows = "1:1"
    sheet.print_title_cols = f"A:{get_column_letter(frozen)}"
    set_pages(sheet, sum(field.width for field in fields) + _EXTRA_WIDTH * len(extras))


def _fill_extra(sheet: Worksheet, column: int, extra: Extra) -> None:
    """Write a column that is kept as it came."""
    letter = get_column_letter(column)
    style_column(sheet.column_dimensions[letter], _EXTRA_WIDTH, TEXT_FORMAT)
    write_heading(sheet, 1, column, extra.heading, "guidance")
    for number, text in enumerate(extra.texts, start=2):
        write_cell(sheet, number, column, text, TEXT_FORMAT)
    if extra.note:
        sheet.add_data_validation(make_note(f"{letter}1", extra.heading, extra.note))


def _write_value(
    sheet: Worksheet, row: int, column: int, value: object, number_format: str
) -> None:
    """Put a value into a cell, or what stands there instead of one."""
    if not isinstance(value, ErrorValue):
        write_cell(sheet, row, column, value, number_format)
        return
    write_cell(sheet, row, column, None, number_format)
    cell = cast("Cell", sheet.cell(row, column))
    cell.value = value.text or _NO_RESULT
    cell.data_type = "e" if value.text else "f"


def set_pages(sheet: Worksheet, width: int) -> None:
    """Spread a grid over as many pages as it takes to be read on paper."""
    if width <= _A4_CHARACTERS:
        style_page(sheet)
    else:
        style_page(sheet, paper="A3", pages_across=-(-width // _PAGE_CHARACTERS))


def _choose_format(field: Field) -> str:
    return DATE_FORMAT if field.kind == "date" else TEXT_FORMAT


def add_note(sheet: Worksheet, field: Field, cell: str) -> None:
    """Attach a note to a heading: it shows when the heading is selected, and hides nothing."""
    sheet.add_data_validation(make_note(cell, field.heading, describe_field(field)))


def make_note(cell: str, title: str, text: str) -> DataValidation:
    """Return a note that shows when a cell is selected, as long as a spreadsheet program takes."""
    return DataValidation(
        sqref=cell,
        showInputMessage=True,
        promptTitle=title[:_TITLE_LENGTH],
        prompt=text[:_NOTE_LENGTH],
        allow_blank=True,
    )


def add_choices(sheet: Worksheet, field: Field, cells: str) -> None:
    """Attach a drop-down, or the check of a date. Both warn at most: what is typed may stay."""
    first = cells.partition(":")[0]
    if has_choices(field):
        rule = DataValidation(
            type="list",
            formula1=name_choices(field.values),
            error="This is none of the choices. It can stay, but may not be understood.",
        )
        rule.showErrorMessage = field.values in ONE_TERM
    elif field.kind == "date":
        rule = DataValidation(
            type="custom",
            formula1=f'OR(ISNUMBER({first}),LOWER(TRIM({first}))="none")',
            error="This is no date, such as 2026-06-30, and not None. It can stay as it is.",
        )
        rule.showErrorMessage = True
    else:
        return
    rule.errorStyle = "warning"
    rule.errorTitle = field.heading
    rule.allowBlank = True
    rule.add(cells)
    sheet.add_data_validation(rule)
