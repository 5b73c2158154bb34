"""What was recognised in a workbook: which cells hold which field of which table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ropa.workbook.cells import Place, Sheet, Workbook

Rows = npt.NDArray[np.int64]
_NO_ROWS: Rows = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading as found.

    Attributes
    ----------
    sheet : str
        Sheet that it stands in.
    row, column : int
        Its cell, from 1.
    text : str
        As typed.
    table, field : str
        What it was mapped to; where it is ambiguous what it may mean; empty where it was not.
    confidence : float
        From 0 to 1.
    status : str
        ``"mapped"``, ``"unmapped"`` or ``"ambiguous"``.
    """

    sheet: str
    row: int
    column: int
    text: str
    table: str
    field: str
    confidence: float
    status: str


@dataclass(frozen=True, slots=True)
class Block:
    """A grid of records, or one form.

    Attributes
    ----------
    table : str
        Table whose rows it holds.
    sheet : Sheet
        Where it stands.
    orientation : str
        ``"grid"``: headings in one row, records below. ``"form"``: one record whose fields stand
        in cells of their own (`cells`).
    headings : tuple of Heading
        Grid: the mapped headings; several of one field are read as one.
    first_row, last_row : int
        Rows of the records (grid) or of the form, from 1.
    rows, starts : array of int
        Grid: the rows that belong to records, ascending, and for each the row at which its record
        starts; a record of several rows has several with one start.
    cells : mapping
        Form: field to the cells whose texts it holds.
    constants : mapping
        Field to what the place of the block says of it, such as special category data.
    units : mapping
        Field to the unit that its heading gives to bare numbers ("years").
    parent : int
        Number, among the recognition's blocks, of the block of activities that the rows belong
        to; -1 where they name their activity by its id.
    parent_rows : array of int
        For each of `rows` the row at which its activity's record starts in the parent.
    extras : tuple of (str, (int, int))
        Headings that no field holds, with their cells: in a form the value's row and column, in a
        grid 0 and the column.
    role : str
        Role that the layout fixes for its activities; empty where it does not.
    completes : str
        How its records complete those of the same id or name in other blocks: ``"fills"`` gives
        only what they lack, ``"adds"`` joins its texts to theirs; empty where they stand alone.
    """

    table: str
    sheet: Sheet
    orientation: str
    headings: tuple[Heading, ...]
    first_row: int
    last_row: int
    rows: Rows = field(default_factory=lambda: _NO_ROWS)
    starts: Rows = field(default_factory=lambda: _NO_ROWS)
    cells: Mapping[str, tuple[Place, ...]] = field(default_factory=lambda: MappingProxyType({}))
    constants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    units: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    parent: int = -1
    parent_rows: Rows = field(default_factory=lambda: _NO_ROWS)
    extras: tuple[tuple[str, Place], ...] = ()
    role: str = ""
    completes: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A sheet, or rows of one, that was left out, and why."""

    sheet: str
    why: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was recognised in one workbook.

    Attributes
    ----------
    workbook : Workbook
        The cells as found.
    layout : str
        Template that it follows; ``"other"`` for a register of no known template, empty where it
        is no register.
    blocks : tuple of Block
        The grids and forms.
    headings : tuple of Heading
        Every heading, mapped or not.
    ignored : tuple of Ignored
        Sheets and rows that were left out.
    why : str
        Why it is no register; empty where it is one.
    regime : str
        Regime that the template belongs to: ``"uk"``, ``"eu"`` or empty.
    """

    workbook: Workbook
    layout: str
    blocks: tuple[Block, ...]
    headings: tuple[Heading, ...]
    ignored: tuple[Ignored, ...]
    why: str = ""
    regime: str = ""

    @property
    def is_register(self) -> bool:
        """Whether records were found."""
        return not self.why
