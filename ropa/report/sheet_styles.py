"""How cells and pages of a written workbook look, and how a value gets into a cell."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, cast

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.dimensions import ColumnDimension, RowDimension
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ropa.errors import OutputError

DATE_FORMAT: Final = "yyyy-mm-dd"
TEXT_FORMAT: Final = "@"
"""Keeps what is typed: ``3-6`` becomes no date, ``007`` no number, ``=`` starts no formula."""

CELL_LENGTH: Final = 32_767
"""Characters that a cell of a workbook can hold; openpyxl would cut a longer text silently."""

_COLOURS = {
    "record": ("1F3A5F", "FFFFFF"),
    "law": ("4F7296", "FFFFFF"),
    "guidance": ("DCE3EA", "1F2933"),
}
_LINE_COLOUR = "AEB9C4"
_FORMULA_STARTS = ("=", "+", "-", "@")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_PAPERS = {"A3": 8, "A4": 9}
_LINE_HEIGHT = 15
_TALLEST = 409


class FittedRow(RowDimension):
    """A row with a height to start with, which the spreadsheet program may fit to new text."""

    __fields__ = tuple(name for name in RowDimension.__fields__ if name != "customHeight")


def wrap_text(vertical: str = "top") -> Alignment:
    """Return the alignment of every cell: wrapped, so that nothing is hidden."""
    return Alignment(horizontal="left", vertical=vertical, wrap_text=True)


def draw_border() -> Border:
    """Return a thin line around a cell."""
    line = Side(style="thin", color=_LINE_COLOUR)
    return Border(left=line, right=line, top=line, bottom=line)


def write_heading(sheet: Worksheet, row: int, column: int, text: str, band: str) -> None:
    """Write a heading in the colours of its band (see `ropa.report.house_layout.BANDS`)."""
    background, ink = _COLOURS[band]
    cell = cast("Cell", sheet.cell(row, column))
    _write_text(cell, text)
    cell.font = Font(name="Calibri", size=11, bold=True, color=ink)
    cell.fill = PatternFill("solid", start_color=background)
    cell.alignment = wrap_text("center")
    cell.border = draw_border()


def style_column(dimension: ColumnDimension, width: float, number_format: str) -> None:
    """Set a column's width, and the looks of the cells of it that nobody has filled in yet."""
    dimension.width = width
    dimension.alignment = wrap_text()
    dimension.number_format = number_format


def fit_row(sheet: Worksheet, row: int, texts: Iterable[tuple[object, float]]) -> None:
    """Make a row as high as its texts need, each in a column of so many characters."""
    lines = max((count_lines(str(value or ""), width) for value, width in texts), default=1)
    sheet.row_dimensions[row] = FittedRow(sheet, index=row, ht=measure_row(lines))


def measure_row(lines: int) -> int:
    """Return the height, in points, of a row of so many lines."""
    return min(_TALLEST, _LINE_HEIGHT * lines)


def count_lines(text: str, width: float) -> int:
    """Return how many lines a wrapped text takes at most, for letters of middling width."""
    room = max(1, int(width) - 2)  # words break before the edge
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(1 + max(0, len(line) - 1) // room for line in text.split("\n"))


def write_cell(
    sheet: Worksheet, row: int, column: int, value: object, number_format: str = "General"
) -> None:
    """Put a value into a cell: a text as text, a date as date, a number as number.

    A text is never taken for a formula or an error value, whatever it begins with. Characters
    that no XML file can hold are left out.

    Raises
    ------
    OutputError
        The text is longer than a cell can hold.
    """
    cell = cast("Cell", sheet.cell(row, column))
    cell.alignment = wrap_text()
    cell.border = draw_border()
    cell.number_format = number_format
    if value is None or value == "":
        return
    if isinstance(value, datetime | date):
        cell.value = value
        cell.number_format = DATE_FORMAT
    elif isinstance(value, bool) or not isinstance(value, int | float):
        _write_text(cell, str(value))
    else:
        cell.value = value
        cell.number_format = "General"


def _write_text(cell: Cell, value: str) -> None:
    cell.value = fit_text(value, cell.parent.title, cell.coordinate)
    cell.data_type = "s"
    cell.quotePrefix = needs_quote(cell.value)


def fit_text(value: str, sheet: str, cell: str) -> str:
    """Return a text as a cell can hold it, without the characters that no XML file can.

    Raises
    ------
    OutputError
        It is longer than a cell can hold; the line names the sheet and the cell.
    """
    text = _UNWRITABLE.sub("", value)
    if len(text) > CELL_LENGTH:
        raise OutputError(
            f"sheet {sheet}, cell {cell}: a text of {len(text)} characters "
            f"does not fit into a cell, which holds {CELL_LENGTH}: shorten or split it"
        )
    return text


def needs_quote(text: str) -> bool:
    """Tell whether a text would pass for a formula once somebody edits its cell."""
    return text.startswith(_FORMULA_STARTS)


def style_page(sheet: Worksheet, *, paper: str = "A4", pages_across: int = 1) -> None:
    """Set up printing: landscape, so many pages across, sheet name above, page numbers below."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _PAPERS[paper]
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = pages_across
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7
    _write_margin(sheet.oddHeader, "Record of processing activities", "&A")
    _write_margin(sheet.oddFooter, "&F", "Page &P of &N")


def _write_margin(margin: HeaderFooterItem | None, left: str, right: str) -> None:
    if margin is not None:
        margin.left.text = left
        margin.right.text = right
