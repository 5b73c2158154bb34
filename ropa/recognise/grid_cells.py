"""The cells of a grid under its mapped headings, as a reader sees them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ropa.phrases.matching import fold, fold_all
from ropa.recognise.pages import find_filled
from ropa.recognise.recognition import Heading
from ropa.workbook.cells import Place, Sheet

NAMES = ("activity_id", "activity", "purpose")
"""Fields by which a row is known to be a record of its own."""

_ASKED = frozenset((*NAMES, "function", "on_behalf_of"))
"""Fields that are looked at in every row: their columns are folded as a whole."""


@dataclass(frozen=True, slots=True)
class Words:
    """A field's folded texts: the distinct ones, the empty one first, and each row's number."""

    texts: Sequence[str]
    numbers: npt.NDArray[np.int64]


class Grid:
    """The cells of a grid under its mapped headings, as a reader sees them."""

    def __init__(self, sheet: Sheet, headings: Sequence[Heading], first: int, last: int) -> None:
        self.sheet = sheet
        self.headings = headings
        self.first, self.last = first, min(last, sheet.rows)
        self.columns = sorted({one.column for one in headings})
        filled = find_filled(sheet, self.columns)
        self.filled = filled[first - 1 : self.last]
        self.others = self._fill_others()
        self.fields: dict[str, list[int]] = defaultdict(list)
        for one in headings:
            self.fields[f"{one.table}.{one.field}"].append(one.column)
        self.merged = self._find_merged()
        self._words: dict[str, Words] = {}

    def _fill_others(self) -> npt.NDArray[np.bool_]:
        """Return for each row whether a cell outside the mapped columns says anything."""
        rest = [one for one in range(1, self.sheet.columns + 1) if one not in self.columns]
        found = find_filled(self.sheet, rest)[self.first - 1 : self.last]
        says: npt.NDArray[np.bool_] = np.zeros(len(self.filled), dtype=bool)
        for place in range(found.shape[1]):
            says |= found[:, place]
        return says

    def _find_merged(self) -> dict[tuple[int, int], int]:
        """Return the cells that a tall merged range covers, with the range's first row."""
        found = {}
        for top, left, bottom, right in self.sheet.merged:
            if bottom > top >= self.first:
                for column in self.columns:
                    if left <= column <= right:
                        for row in range(top + 1, min(bottom, self.last) + 1):
                            found[row, column] = top
        return found

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, or of the merged range that covers it."""
        row = self.merged.get((row, column), row)
        error = self.sheet.errors.get((row, column))
        return error or (self.sheet.text(row, column) or "").strip()

    def read(self, row: int, name: str, table: str = "activities") -> str:
        """Return the folded text of a field in a row."""
        if name in _ASKED and table == "activities":
            words = self.fold_field(name)
            return words.texts[int(words.numbers[row - self.first])]
        return self._fold_cells(row, self.fields.get(f"{table}.{name}", ()))

    def _fold_cells(self, row: int, columns: Sequence[int]) -> str:
        return fold(" ".join(self.text(row, column) for column in columns))

    def fold_field(self, name: str) -> Words:
        """Return the folded texts of a field of the activities, each distinct text folded once."""
        if name not in self._words:
            columns = self.fields.get(f"activities.{name}", ())
            numbers: npt.NDArray[np.int64] = np.zeros(len(self.filled), dtype=np.int64)
            known = {"": 0}
            held = [self._slice(column) for column in columns if column <= self.sheet.columns]
            if held:
                joined = held[0] if len(held) == 1 else pc.binary_join_element_wise(*held, " ")
                coded = joined.dictionary_encode()
                folded = fold_all(coded.dictionary.to_pylist())
                of_text = [known.setdefault(one, len(known)) for one in folded]
                numbers = np.array(of_text, dtype=np.int64)[coded.indices.to_numpy()]
            for row, _ in self._list_special(columns):
                text = self._fold_cells(row, columns)
                numbers[row - self.first] = known.setdefault(text, len(known))
            self._words[name] = Words(tuple(known), numbers)
        return self._words[name]

    def _slice(self, column: int) -> pa.Array:
        texts = self.sheet.texts.column(column - 1)
        return pc.fill_null(texts.slice(self.first - 1, len(self.filled)), "")

    def _list_special(self, columns: Sequence[int]) -> Iterator[Place]:
        """Yield the cells whose text is not that of the sheet's column: errors, merged ranges."""
        for row, column in (*self.sheet.errors, *self.merged):
            if column in columns and self.first <= row <= self.last:
                yield row, column

    def has(self, name: str) -> bool:
        """Tell whether an activity's field has a column."""
        return f"activities.{name}" in self.fields
