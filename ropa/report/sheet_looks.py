"""How the cells of a table look: a few looks, each of which becomes one style of the workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill

from ropa.charts.palette import ITEM_STATE_COLOURS, SAFEGUARD_COLOURS, SEVERITY_COLOURS, choose_ink
from ropa.charts.safeguard_groups import SHORT_WORDS
from ropa.report.sheet_styles import DATE_FORMAT, draw_border

FONT: Final = "Calibri"


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks.

    Attributes
    ----------
    fill, ink : str
        Colours of ground and letters, ``RRGGBB``; empty for none and for black.
    bold, underline, centred : bool
        How the letters stand.
    framed : bool
        A thin line around the cell, its text wrapped. Else the text runs on over what is beside it.
    number_format : str
        Of numbers and dates.
    """

    fill: str = ""
    ink: str = ""
    bold: bool = False
    underline: bool = False
    centred: bool = False
    framed: bool = True
    number_format: str = "General"


PLAIN: Final = Look()
QUIET: Final = Look(ink="5B6670")
NOTE: Final = Look(framed=False, bold=True)
OPEN: Final = Look(fill="FFFBE6")
"""A cell that people fill in."""
LINK: Final = Look(ink="1F4E79", underline=True)
NUMBER: Final = Look(centred=True)


def dated_look(look: Look) -> Look:
    """Return a look as a date has it; a bare number in the column must not pass for one."""
    return replace(look, number_format=DATE_FORMAT)


def make_looks(colours: Mapping[str, str]) -> Mapping[str, Look]:
    """Return the look of each word that has a colour ``#RRGGBB``: bold, on that ground."""
    return MappingProxyType(
        {
            word: Look(fill=colour[1:], ink=choose_ink(colour)[1:], bold=True)
            for word, colour in colours.items()
        }
    )


@cache
def severity_looks() -> Mapping[str, Look]:
    """Return the look of each severity."""
    return make_looks(SEVERITY_COLOURS)


@cache
def state_looks() -> Mapping[str, Look]:
    """Return the look of what a record says of an item of Article 30; only a gap stands out."""
    looks = make_looks(ITEM_STATE_COLOURS)
    return MappingProxyType(
        {word: replace(look, bold=word == "gap") for word, look in looks.items()}
    )


@cache
def verdict_looks() -> Mapping[str, Look]:
    """Return the look of each short word for what a transfer rests on."""
    return make_looks(
        {words: SAFEGUARD_COLOURS[group] for group, words in SHORT_WORDS.values() if words}
    )


def number_look(book: Workbook, look: Look, *, quoted: bool = False) -> int:
    """Return the number of a look among the styles of a workbook, which it then has.

    Parameters
    ----------
    book : Workbook
        It has a sheet already.
    look : Look
        The look.
    quoted : bool
        For a text that must not pass for a formula once somebody edits it.
    """
    cell = Cell(book.worksheets[0], row=1, column=1)  # in no row of the sheet: for its style alone
    cell.font = Font(
        name=FONT,
        size=11,
        bold=look.bold,
        color=look.ink or None,
        underline="single" if look.underline else None,
    )
    if look.fill:
        cell.fill = PatternFill("solid", start_color=look.fill)
    cell.alignment = Alignment(
        horizontal="center" if look.centred else "left",
        vertical="top" if look.framed else "center",
        wrap_text=look.framed,
    )
    cell.border = draw_border() if look.framed else Border()
    cell.number_format = look.number_format
    cell.quotePrefix = quoted
    return int(cell.style_id)
