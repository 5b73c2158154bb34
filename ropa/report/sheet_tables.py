"""A table as a sheet: headings, one row each, set to be read, filtered and printed.

openpyxl writes what a sheet has once: headings, widths, drop-downs, the set-up of its pages. The
rows below are left to `ropa.report.sheet_bodies`, so that a table of 20,000 takes seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ropa.report.sheet_looks import NOTE, PLAIN, Look, dated_look, number_look
from ropa.report.sheet_styles import fit_row, style_page, write_heading

_EARLIEST: Final = "36526"
"""2000-01-01, as workbooks number days."""

FIRST: Final = 2
"""The row of a sheet in which a table's first one stands."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a cell's link leads: a file beside the workbook, and a place in it."""

    target: str
    location: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    heading : str
        What stands above it.
    width : int
        In characters.
    values : sequence
        A text, whole number, date or None for each row. A text is written as text, never as a
        formula or a link.
    look : Look
        How its cells look.
    looks : mapping
        Text to the look of the cells that hold it, where that is another one.
    links : sequence of Link or None
        A link for each row; empty for none at all.
    choices : sequence of str
        Words that a drop-down offers.
    day : bool
        Only a date can be typed into it. Dates are values of such a column alone.
    """

    heading: str
    width: int
    values: Sequence[object]
    look: Look = PLAIN
    looks: Mapping[str, Look] = field(default_factory=lambda: MappingProxyType({}))
    links: Sequence[Link | None] = ()
    choices: Sequence[str] = ()
    day: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of a sheet whose headings are written: what they hold and how each look is numbered.

    Attributes
    ----------
    sheet : str
        Name of the sheet.
    columns : tuple of Column
        The columns.
    styles : mapping
        Look, and whether it is that of a quoted text, to its number in the workbook.
    note : str
        A line below the rows; empty for none.
    """

    sheet: str
    columns: tuple[Column, ...]
    styles: Mapping[tuple[Look, bool], int] = field(repr=False)
    note: str = ""

    @property
    def length(self) -> int:
        """The number of rows."""
        return len(self.columns[0].values)


def write_table(
    book: Workbook,
    title: str,
    columns: Sequence[Column],
    *,
    band: str = "record",
    held: int = 0,
    printed: int = 0,
    paper: str = "A4",
    note: str = "",
) -> Body:
    """Add a sheet with the headings of a table, and return the rows that belong below them.

    Parameters
    ----------
    book : Workbook
        Gets the sheet.
    title : str
        The sheet's name.
    columns : sequence of Column
        At least one, all of one length.
    band : str
        Colours of the headings (`ropa.report.sheet_styles.write_heading`).
    held : int
        Columns that stay in sight when the others are scrolled.
    printed : int
        Columns that are printed; 0 for all.
    paper : str
        A4 or A3.
    note : str
        A line below the rows.
    """
    sheet = book.create_sheet(title)
    for number, column in enumerate(columns, start=1):
        write_heading(sheet, 1, number, column.heading, band)
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    fit_row(sheet, 1, [(one.heading, one.width - 2) for one in columns])
    last = len(columns[0].values) + 1
    end = get_column_letter(len(columns))
    sheet.freeze_panes = f"{get_column_letter(held + 1)}{FIRST}"
    sheet.auto_filter.ref = f"A1:{end}{last}"
    sheet.print_title_rows = "1:1"
    lines = last + (FIRST if note else 0)
    sheet.print_area = f"A1:{get_column_letter(printed or len(columns))}{lines}"
    _add_choices(sheet, columns, max(last, FIRST))
    style_page(sheet, paper=paper)
    looks = {NOTE, *(one.look for one in columns)}
    looks |= {look for one in columns for look in one.looks.values()}
    looks |= {dated_look(one.look) for one in columns if one.day}
    return Body(title, tuple(columns), _number_looks(book, looks), note)


def _number_looks(book: Workbook, looks: set[Look]) -> Mapping[tuple[Look, bool], int]:
    """Give each look its number, in the same order on every machine."""
    return {
        (look, quoted): number_look(book, look, quoted=quoted)
        for look in sorted(looks, key=repr)
        for quoted in (False, True)
    }


def _add_choices(sheet: Worksheet, columns: Sequence[Column], last: int) -> None:
    for number, column in enumerate(columns, start=1):
        if column.choices:
            formula = f'"{",".join(column.choices)}"'
            rule = DataValidation("list", formula1=formula, allow_blank=True)
            rule.error = "Choose one of the list."
        elif column.day:
            rule = DataValidation(
                "date", operator="greaterThan", formula1="36526", allow_blank=True
            )
            rule.error = "A date, such as 2026-12-31."
        else:
            continue
        letter = get_column_letter(number)
        rule.add(f"{letter}{FIRST}:{letter}{last}")
        sheet.add_data_validation(rule)
