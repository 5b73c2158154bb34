"""A sheet of an OpenDocument file while it is read: where its cells stand, and what repeats.

Programs write blank cells and rows to the end of the sheet as one that repeats: that costs nothing
here. Only cells with a value are laid out, and they count towards the limit.

Source: OpenDocument 1.3 Part 3, 9.1, 19.675 (``table:number-columns-repeated``), 19.676 to 19.678,
19.749 (``table:visibility``).
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from ropa.errors import InputError
from ropa.workbook import limits
from ropa.workbook import open_document_names as od
from ropa.workbook.addresses import MAX_COLUMN, MAX_ROW
from ropa.workbook.open_document_styles import Styles
from ropa.workbook.open_document_values import Format, Mark, read_value
from ropa.workbook.scans import DAMAGED, TOO_MANY_REPEATS, Context, Tally


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as found: its name, whether its tab is hidden, its cells."""

    name: str
    hidden: bool
    tally: Tally


class TableBuilder:
    """A table whose elements come one by one."""

    __slots__ = (
        *("_attributes", "_cells", "_column", "_column_styles", "_ends", "_folded", "_height"),
        *("_hidden", "_hidden_rows", "_name", "_row", "_row_style", "_spans", "_styles", "_tally"),
        "_width",
    )

    def __init__(self, name: str, attributes: dict[str, str], styles: Styles) -> None:
        self._name = name
        self._hidden = attributes.get(od.STYLE_NAME, "") in styles.hidden
        self._styles = styles
        self._tally = Tally(Context({}, from_1904=False, strings=tuple))
        self._row = self._column = self._width = self._height = 0
        self._row_style = ""
        self._attributes: dict[str, str] = {}
        self._cells: list[tuple[int, int, Mark, str]] = []
        self._ends: list[int] = []  # the last column that each style stands for
        self._column_styles: list[str] = []
        self._hidden_rows: list[tuple[int, int]] = []
        self._spans: list[tuple[int, int, int, int, int, int]] = []
        self._folded: list[bool] = [False]  # of each group within another: is it out of sight?

    def open_group(self, attributes: dict[str, str]) -> None:
        """Begin a group of rows or columns, which may be folded away with all that is in it."""
        self._folded.append(self._folded[-1] or attributes.get(od.DISPLAY) == "false")

    def close_group(self) -> None:
        """End the innermost group."""
        self._folded.pop()

    def add_columns(self, attributes: dict[str, str]) -> None:
        """Note the format of the next columns, and whether they are hidden."""
        first = self._ends[-1] + 1 if self._ends else 1
        end = first + od.read_count(attributes, od.REPEATED_COLUMNS)
        self._ends.append(end - 1)
        self._column_styles.append(attributes.get(od.DEFAULT_STYLE, ""))
        if self._is_out_of_sight(attributes):
            self._tally.hidden_columns.update(range(first, min(end, MAX_COLUMN + 1)))

    def start_row(self, attributes: dict[str, str]) -> None:
        """Go to the next row, which may stand for many."""
        self._row += self._height or 1
        self._height = od.read_count(attributes, od.REPEATED_ROWS)
        self._column, self._width = 0, 1
        self._row_style = attributes.get(od.DEFAULT_STYLE, "")
        if self._is_out_of_sight(attributes):
            self._hidden_rows.append((self._row, self._row + self._height))

    def pass_over(self, attributes: dict[str, str]) -> None:
        """Go past a cell that a merged range covers."""
        self.start_cell(attributes)

    def start_cell(self, attributes: dict[str, str]) -> None:
        """Go to the next cell of the row, which may stand for many."""
        self._column += self._width
        self._width = od.read_count(attributes, od.REPEATED_COLUMNS) if attributes else 1
        self._attributes = attributes

    def end_cell(self, shown: str | None) -> None:
        """Take the cell's value, with the text shown in it."""
        attributes = self._attributes
        if not attributes and not shown:
            return
        if od.SPANNED_COLUMNS in attributes or od.SPANNED_ROWS in attributes:
            self._note_span(attributes)
        found = read_value(attributes, shown, self._find_format)
        if found:
            self._cells.append((self._column, self._width, *found))

    def end_row(self) -> None:
        """Lay the row's cells out, as often as it repeats."""
        tally, row, height = self._tally, self._row, self._height
        for column, width, mark, text in self._cells:
            if height == 1 and width == 1 and mark is Mark.TEXT:
                tally.add(row, column, text)
            elif mark is Mark.TEXT:
                tally.add_block(row, column, height, width, text)
            else:
                tally.mark_block(row, column, height, width, text)
        self._cells.clear()

    def finish(self) -> Table:
        """Return the sheet. Of hidden and of merged blank rows those past its cells are left out.

        Raises
        ------
        InputError
            If its merged ranges repeat too often.
        """
        tally, last = self._tally, self._tally.last_row
        for first, end in self._hidden_rows:
            tally.hidden_rows.update(range(first, min(end, last + 1)))
        for row, column, height, width, rows, columns in self._spans:
            # What covers the row below or the column beside it cannot repeat that way.
            down = min(height, max(last + 1 - row, 1)) if rows == 1 else 1
            across = width if columns == 1 else 1
            if len(tally.merged) + down * across > limits.MAX_MARKS:
                raise InputError(TOO_MANY_REPEATS)
            tally.merged.extend(
                (top, left, min(top + rows - 1, MAX_ROW), min(left + columns - 1, MAX_COLUMN))
                for top in range(row, row + down)
                for left in range(column, column + across)
            )
        return Table(self._name, self._hidden, tally)

    def _is_out_of_sight(self, attributes: dict[str, str]) -> bool:
        return attributes.get(od.VISIBILITY, "visible") != "visible" or self._folded[-1]

    def _note_span(self, attributes: dict[str, str]) -> None:
        rows = od.read_count(attributes, od.SPANNED_ROWS)
        columns = od.read_count(attributes, od.SPANNED_COLUMNS)
        if rows == columns == 1:
            return
        if self._row > MAX_ROW or self._column + self._width - 1 > MAX_COLUMN:
            raise InputError(DAMAGED)
        self._spans.append((self._row, self._column, self._height, self._width, rows, columns))

    def _find_format(self) -> Format:
        style = self._attributes.get(od.STYLE_NAME) or self._row_style
        place = bisect_left(self._ends, self._column)
        if not style and place < len(self._column_styles):
            style = self._column_styles[place]
        return self._styles.moment(style), self._styles.shows_words(style)
