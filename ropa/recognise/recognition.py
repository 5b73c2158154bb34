"""What was recognised in a workbook: which cells hold which field of which table."""

from dataclasses import dataclass

from ropa.workbook.cells import Sheet, Workbook


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
        What it was mapped to; empty where it was not.
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
        ``"grid"``: headings in one row, records below. ``"form"``: headings in one column, the
        values of the one record in the next.
    headings : tuple of Heading
        The mapped headings.
    first_row, last_row : int
        Rows of the records (grid) or of the form, from 1.
    """

    table: str
    sheet: Sheet
    orientation: str
    headings: tuple[Heading, ...]
    first_row: int
    last_row: int


@dataclass(frozen=True, slots=True)
class Ignored:
    """A sheet that was left out, and why."""

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
        Template that it follows; empty where it is no register.
    blocks : tuple of Block
        The grids and forms.
    headings : tuple of Heading
        Every heading, mapped or not.
    ignored : tuple of Ignored
        Sheets that were left out.
    why : str
        Why it is no register; empty where it is one.
    """

    workbook: Workbook
    layout: str
    blocks: tuple[Block, ...]
    headings: tuple[Heading, ...]
    ignored: tuple[Ignored, ...]
    why: str = ""

    @property
    def is_register(self) -> bool:
        """Whether records were found."""
        return not self.why
