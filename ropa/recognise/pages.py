"""The part of a sheet in which headings are looked for, as plain texts that are quick to reach."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ropa.workbook.cells import Place, Range, Sheet

TOP = 400
"""Rows in which headings are looked for everywhere; further down only after a gap."""

_MOST_CELLS = 400_000


@dataclass(frozen=True, slots=True)
class Page:
    """The top of a sheet.

    Attributes
    ----------
    sheet : Sheet
        All of it.
    rows : tuple of tuple of str
        The texts of the first rows (at least `TOP`) from column A on, trimmed; an error value
        counts as one.
    covers : mapping
        Cell that a merged range covers to the range's first cell.
    ranges : mapping
        First cell of a merged range to the range.
    """

    sheet: Sheet
    rows: tuple[tuple[str, ...], ...]
    covers: Mapping[Place, Place] = field(repr=False)
    ranges: Mapping[Place, Range] = field(repr=False)

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell within the page, empty for none."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return ""

    def shown(self, row: int, column: int) -> str:
        """Return the text that a reader sees in a cell: of the merged range that it is part of."""
        return self.text(*self.covers.get((row, column), (row, column)))

    def cells(self, row: int) -> Iterator[tuple[int, str]]:
        """Return the columns and texts of a row's filled cells."""
        if 1 <= row <= len(self.rows):
            for column, text in enumerate(self.rows[row - 1], start=1):
                if text:
                    yield column, text

    def span(self, row: int, column: int) -> int:
        """Return over how many columns a cell is merged."""
        found = self.ranges.get((row, column))
        return found[3] - found[1] + 1 if found else 1


def open_page(sheet: Sheet) -> Page:
    """Return the top of a sheet."""
    count = min(sheet.rows, max(TOP, _MOST_CELLS // max(sheet.columns, 1)))
    columns = [_trim(column.slice(0, count)) for column in sheet.texts.columns]
    for (row, column), error in sheet.errors.items():
        if row <= count:
            columns[column - 1][row - 1] = error
    rows = tuple(zip(*columns, strict=True)) if columns else ()
    covers: dict[Place, Place] = {}
    ranges: dict[Place, Range] = {}
    for top, left, bottom, right in sheet.merged:
        if top <= count:
            ranges[top, left] = (top, left, bottom, right)
            last = min(right, sheet.columns)
            for row in range(top, min(bottom, count) + 1):
                covers |= {(row, one): (top, left) for one in range(left, last + 1)}
    return Page(sheet, rows, covers, ranges)


def _trim(column: pa.Array) -> list[str]:
    texts: list[str] = pc.utf8_trim_whitespace(pc.fill_null(column, "")).to_pylist()
    return texts


def find_filled(sheet: Sheet, columns: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Return for each row and each of some columns whether the cell says anything.

    White space says nothing; an error value and a formula without a result do.
    """
    found = np.zeros((sheet.rows, len(columns)), dtype=bool)
    places = {column: place for place, column in enumerate(columns)}
    for column, place in places.items():
        if column <= sheet.columns:
            texts = pc.utf8_trim_whitespace(pc.fill_null(sheet.texts.column(column - 1), ""))
            found[:, place] = pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
    for row, column in (*sheet.errors, *sheet.uncached):
        if column in places:
            found[row - 1, places[column]] = True
    return found


def sample_column(sheet: Sheet, column: int, first_row: int, last_row: int, most: int) -> list[str]:
    """Return the first distinct texts of a column between two rows."""
    if column > sheet.columns or first_row > min(last_row, sheet.rows):
        return []
    part = sheet.texts.column(column - 1).slice(first_row - 1, last_row - first_row + 1)
    part = part.slice(0, 20 * most).drop_null()
    texts = [text for text in part.unique().to_pylist() if text.strip()]
    return texts[:most]


def take_column(sheet: Sheet, column: int, first_row: int, last_row: int) -> object:
    """Return what compares equal for columns that say the same in each row between two rows."""
    marked = {**dict.fromkeys(sheet.uncached, ""), **sheet.errors}
    errors = {row: text for (row, one), text in marked.items() if one == column}
    if column > sheet.columns:
        return (), errors
    texts = pc.fill_null(sheet.texts.column(column - 1), "")
    return texts.slice(first_row - 1, max(last_row - first_row + 1, 0)), errors
