"""What one pass over a sheet collects: texts, errors, formulas without a value, what is hidden.

Both passes (`grammar`, `streaming`) hand their cells to one `Tally`, so a value reads the same
whichever pass meets it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ropa.errors import InputError
from ropa.workbook import limits
from ropa.workbook.addresses import MAX_COLUMN, MAX_ROW, cell_address, column_number
from ropa.workbook.values import (
    OUT_OF_RANGE,
    Moment,
    iso_text,
    moment_text,
    number_text,
    truth_text,
)

DAMAGED = "its cells are damaged; open it in Excel and save it again"
_MOST_HIDDEN = 64 * MAX_COLUMN


@dataclass(frozen=True, slots=True)
class Context:
    """What a workbook's cells need to be read.

    `moments` tells which cell styles show dates; `strings` gives the shared strings, parsed when
    first asked for.
    """

    moments: Mapping[int, Moment]
    from_1904: bool
    strings: Callable[[], Sequence[str]]


@dataclass(slots=True)
class Tally:
    """The cells that a pass has met. Rows and columns count from 1.

    `rows`, `columns` and `codes` are parallel: a cell and the place of its text in `texts`. The
    empty text stands for none, whatever the fast reader makes of the cell.
    """

    context: Context
    rows: array[int] = field(default_factory=lambda: array("I"))
    columns: array[int] = field(default_factory=lambda: array("I"))
    codes: array[int] = field(default_factory=lambda: array("I"))
    texts: dict[str, int] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    text_size: int = 0
    _hidden_spans: set[tuple[int, int]] = field(default_factory=set)
    _hidden_size: int = 0

    def add(self, row: int, column: int, text: str) -> None:
        """Note a cell's text; an empty text is no text."""
        if text:
            self.touch(row, column)
            self._lay(row, column, text)

    def add_block(self, row: int, column: int, height: int, width: int, text: str) -> None:
        """Note the same text in each cell of a box.

        Raises
        ------
        InputError
            If the cells met so far, of this kind, are more than can be read.
        """
        self.touch(row + height - 1, column + width - 1)
        count = height * width
        self.text_size += len(text.encode()) * count
        if len(self.rows) + count > limits.MAX_AREA or self.text_size > limits.MAX_TEXT:
            raise InputError(TOO_MANY_REPEATS)
        across = array("I", range(column, column + width))
        for number in range(row, row + height):
            self.rows.extend(array("I", [number]) * width)
            self.columns.extend(across)
        code = self.texts.setdefault(text, len(self.texts))
        self.codes.extend(array("I", [code]) * count)

    def mark_block(self, row: int, column: int, height: int, width: int, error: str) -> None:
        """Note an error in each cell of a box; without a name it is a formula without a result."""
        marked = len(self.errors) + len(self.uncached)
        if height * width > 1 and marked + height * width > limits.MAX_MARKS:
            raise InputError(TOO_MANY_REPEATS)
        for number in range(row, row + height):
            for place in range(column, column + width):
                if error:
                    self.add_error(number, place, error)
                else:
                    self.touch(number, place)
                    self.uncached.add((number, place))

    def add_error(self, row: int, column: int, error: str) -> None:
        """Note a cell that holds an error value such as ``#REF!``, and so no text."""
        self.touch(row, column)
        self.errors[row, column] = error
        self._lay(row, column, "")

    def add_value(
        self, row: int, column: int, kind: str, style: int, value: str, *, formula: bool
    ) -> None:
        """Note a cell as it is stored (ECMA-376 Part 1, 18.3.1.4 and 18.18.11).

        Parameters
        ----------
        row, column : int
            Where it is.
        kind : str
            Its type: ``n``, ``b``, ``s``, ``str``, ``inlineStr``, ``e`` or ``d``.
        style : int
            Its cell style, which tells dates from numbers.
        value : str
            What is stored, empty where nothing is.
        formula : bool
            Whether the cell has a formula.
        """
        if not value:
            # A formula whose result is the empty text says so by its type.
            if formula and kind != "str":
                self.touch(row, column)
                self.uncached.add((row, column))
        elif kind == "e":
            self.add_error(row, column, value)
        elif kind == "n" and style in self.context.moments:
            moment = self.context.moments[style]
            text = moment_text(value, moment, from_1904=self.context.from_1904)
            if text is None:
                self.add_error(row, column, OUT_OF_RANGE)
            else:
                self.add(row, column, text)
        elif kind == "s":
            self.add(row, column, self._shared(value))
        else:
            convert = _CONVERSIONS.get(kind)
            self.add(row, column, convert(value) if convert else value)

    def touch(self, row: int, column: int) -> None:
        """Widen the box of valued cells."""
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            raise InputError(DAMAGED)
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)

    def hide_columns(self, attributes: Mapping[str, str]) -> None:
        """Note the columns that a ``col`` element hides."""
        first, last = read_int(attributes.get("min")), read_int(attributes.get("max"))
        span = max(first, 1), min(last, MAX_COLUMN)
        if span not in self._hidden_spans:
            self._hidden_spans.add(span)
            self._hidden_size += max(span[1] - span[0] + 1, 0)
            if self._hidden_size > _MOST_HIDDEN:
                raise InputError(DAMAGED)  # spans that overlap many times over
            self.hidden_columns.update(range(span[0], span[1] + 1))

    def merge(self, reference: str) -> None:
        """Note a merged range such as ``A1:C2``."""
        first, _, last = reference.partition(":")
        first_row, first_column = read_reference(first)
        last_row, last_column = read_reference(last or first)
        self.merged.append((first_row, first_column, last_row, last_column))

    def _lay(self, row: int, column: int, text: str) -> None:
        self.text_size += len(text) if text.isascii() else len(text.encode())
        if self.text_size > limits.MAX_TEXT:
            raise InputError(TOO_MUCH_TEXT)
        self.rows.append(row)
        self.columns.append(column)
        self.codes.append(self.texts.setdefault(text, len(self.texts)))

    def _shared(self, value: str) -> str:
        strings = self.context.strings()
        try:
            index = int(value)
        except ValueError:
            index = -1
        if not 0 <= index < len(strings):
            raise InputError(DAMAGED)
        return strings[index]


TOO_MUCH_TEXT = (
    f"its cells hold more than {limits.MAX_TEXT // 2**30} GB of text; "
    "split it into several workbooks"
)

TOO_MANY_REPEATS = (
    f"it repeats cells more often than the {limits.MAX_AREA // 10**6} million that can be read; "
    "delete what was filled in down to the end of the sheet"
)

_CONVERSIONS: Mapping[str, Callable[[str], str]] = {
    "n": number_text,
    "b": truth_text,
    "d": iso_text,
}


def read_int(text: str | None) -> int:
    """Return a count or number that an attribute holds, 0 if it holds none."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004


def read_reference(reference: str) -> tuple[int, int]:
    """Return the row and column of a cell reference such as ``G5`` or ``$G$5``.

    Raises
    ------
    InputError
        If it names no cell of a sheet.
    """
    bare = reference.replace("$", "").upper()
    digits = bare.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    row = read_int(digits)
    try:
        column = column_number(bare[: len(bare) - len(digits)])
    except ValueError:
        raise InputError(DAMAGED) from None
    if not 1 <= row <= MAX_ROW:
        raise InputError(DAMAGED)
    return row, column


def check_area(rows: int, columns: int, *, used: int = 0) -> None:
    """Refuse a box of cells that is too large, together with the boxes of sheets before it.

    Raises
    ------
    InputError
        If it is; the message names the box's far corner.
    """
    most = f"the {limits.MAX_AREA // 10**6} million that can be read"
    if rows * columns > limits.MAX_AREA:
        raise InputError(
            f"its cells reach as far as {cell_address(rows, columns)}, more cells than {most}; "
            "delete the stray cells far from the rest"
        )
    if used + rows * columns > limits.MAX_AREA:
        raise InputError(
            f"with the sheets before it, it has more cells than {most}; split the workbook"
        )
