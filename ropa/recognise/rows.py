"""Rows of a grid of activities: which are records, which continue one, which are neither."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ropa.phrases.matching import fold
from ropa.phrases.states import read_answer, read_state, read_states
from ropa.recognise.grid_cells import NAMES, Grid
from ropa.recognise.recognition import Rows
from ropa.schema import CELL_ITEMS
from ropa.vocabulary import read_vocabulary

# What may differ from row to row within one record; the rest says it once.
_ITEMS = frozenset(
    {
        *("data_subjects", "vulnerable_subjects", "data_categories", "recipients", "transfers"),
        *("source", "retention", "location", "special_category_condition", "notes"),
        *("criminal_offence_condition", "reference", "rights", "schedule_1_condition"),
    }
)
# What a group of activities shares.
_WIDE = frozenset({"function", "role", "on_behalf_of"})
_MARK_LENGTH = 160
_FEW = 2
_SECOND_ROWS = 3


@dataclass(frozen=True, slots=True)
class RecordRows:
    """The rows of a grid.

    Attributes
    ----------
    rows, starts : array of int
        Rows that belong to records, and for each the row at which its record starts.
    ignored : mapping
        Why a row is none, to the rows.
    """

    rows: Rows
    starts: Rows
    ignored: Mapping[str, Sequence[int]]


def find_records(grid: Grid, *, joins: bool = True) -> RecordRows:
    """Tell the records of a grid of activities from the rest.

    Parameters
    ----------
    grid : Grid
        Its cells.
    joins : bool
        Whether a row may continue the record above.
    """
    counts = grid.filled.sum(axis=1)
    ignored: dict[str, list[int]] = defaultdict(list)
    rows: list[int] = []
    starts: list[int] = []
    several = counts[counts > 1]
    usual = float(np.median(several)) if len(several) else 0.0
    keys = _Keys(grid)
    plain = _find_plain(grid, counts)
    alone = plain & keys.find_fresh()
    done = 0
    for offset in np.flatnonzero(counts > 0).tolist():
        if offset < done:
            continue
        row = grid.first + offset
        if alone[offset] and rows and rows[-1] == starts[-1] == row - 1:
            # One like the row above, and so on: each is a record of its own.
            done = offset + _count_run(alone, offset)
            run = range(row, grid.first + done)
            rows.extend(run)
            starts.extend(run)
            continue
        why = "" if plain[offset] else _refuse_row(grid, row, int(counts[offset]), usual, rows)
        if why:
            ignored[why].append(row)
            continue
        before = rows[-1] if rows and joins else 0
        start = keys.find_start(row, starts[-1] if starts else 0, before)
        rows.append(row)
        starts.append(start)
    return RecordRows(
        np.array(rows, dtype=np.int64), np.array(starts, dtype=np.int64), dict(ignored)
    )


def _find_plain(grid: Grid, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Tell the rows that are records beyond doubt: several cells, one of them a name.

    What `_refuse_row` says of them is known without asking, row by row, in a grid of any length.
    """
    stated: npt.NDArray[np.bool_] = np.zeros(len(counts), dtype=bool)
    example: npt.NDArray[np.bool_] = np.zeros(len(counts), dtype=bool)
    for name in NAMES:
        if grid.has(name):
            words = grid.fold_field(name)
            may = _find_marked(words.texts, "example")
            may[may] = [is_example(words.texts[one]) for one in np.flatnonzero(may).tolist()]
            example |= may[words.numbers]
            if not (stated | (counts == 0)).all():
                states = np.array(read_states(words.texts), dtype=object)
                stated |= ~np.isin(states, ("blank", "placeholder"))[words.numbers]
    plain = stated & ~example & (counts > _FEW)
    plain[:_SECOND_ROWS] = False
    return plain


def _find_marked(texts: Sequence[str], code: str) -> npt.NDArray[np.bool_]:
    """Tell which folded texts hold one of the marks of a kind, anywhere."""
    marks = "|".join(re.escape(mark) for mark in sorted(_marks(code)))
    found = pc.match_substring_regex(pa.array(texts, type=pa.string()), marks)
    flags: npt.NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
    return flags.copy()


def _count_run(flags: npt.NDArray[np.bool_], first: int) -> int:
    """Return how many flags are set from one on."""
    rest = flags[first:]
    return len(rest) if rest.all() else int(np.argmin(rest))


def _refuse_row(grid: Grid, row: int, count: int, usual: float, rows: Sequence[int]) -> str:
    """Return why a row is no record; empty where it is one."""
    names = [grid.read(row, name) for name in NAMES if grid.has(name)]
    if any(is_example(name) for name in names if name):
        return "an example"
    if row - grid.first < _SECOND_ROWS and _is_second_header(grid, row):
        return "a second row of headings"
    stated = [text for text in names if text and read_state(text) != "placeholder"]
    if not stated and _all_prompts(grid, row):
        return "prompts of the template"
    if count == 1 and not grid.others[row - grid.first]:
        return _refuse_single(grid, row, stated)
    after_gap = bool(rows) and row - rows[-1] > 1 and usual > 2 * _FEW and not stated
    is_short = count <= _FEW < usual
    noted = is_short and (after_gap or _starts_with_mark(_first_text(grid, row), "note"))
    return "a note" if noted else ""


def _refuse_single(grid: Grid, row: int, stated: Sequence[str]) -> str:
    """Judge a row with one filled cell: a group, a note, a number without a record, or a record."""
    column = grid.columns[int(np.argmax(grid.filled[row - grid.first]))]
    text = grid.text(row, column)
    names = [name.split(".") for name, held in grid.fields.items() if column in held]
    fields = {field for _, field in names}
    of_item = bool(fields & _ITEMS) or any(table in CELL_ITEMS for table, _ in names)
    broken = (row, column) in grid.sheet.errors or (row, column) in grid.sheet.uncached
    wide = any(
        top == row and left <= column <= right and right - left >= _FEW
        for top, left, _, right in grid.sheet.merged
    )
    named = bool(fields & {"activity", "purpose"}) and bool(stated) and not text.isupper()
    why = "" if broken or named or of_item else "a group's title"
    if not broken:
        if _starts_with_mark(text, "note"):
            why = "a note"
        elif wide or text.endswith(":") or fold(text).strip(" :") in _marks("group"):
            why = "a group's title"
        elif "activity_id" in fields:
            why = "a number and nothing else"
    return why


def _first_text(grid: Grid, row: int) -> str:
    place = int(np.argmax(grid.filled[row - grid.first]))
    return grid.text(row, grid.columns[place])


def _all_prompts(grid: Grid, row: int) -> bool:
    places = np.flatnonzero(grid.filled[row - grid.first])
    texts = (grid.text(row, grid.columns[place]) for place in places)
    return len(places) > 0 and all(
        len(text) <= _MARK_LENGTH and read_state(text) == "placeholder" for text in texts
    )


_TERM = re.compile(r"[a-z][\w-]{1,20}:\s?\S+|(?:use\s+)?https?://\S+", re.IGNORECASE)


_ITEM_MARK = re.compile(r"\(?(?:[0-9]{1,2}|[a-z]|[ivx]{1,4})[).]?")


def _is_second_header(grid: Grid, row: int) -> bool:
    """Tell a row of vocabulary terms, of types or of instructions from a record."""
    texts = [grid.text(row, column) for column in grid.columns]
    texts = [text for text in texts if text]
    if len(texts) < _FEW:
        return False
    headings = {fold(one.text) for one in grid.headings}
    signs = sum(
        bool(_TERM.fullmatch(text))
        or fold(text) in headings
        or fold(text).strip(" .()[]") in _marks("type_word")
        or _starts_with_mark(text, "instruction")
        or text.endswith("?")
        or bool(_ITEM_MARK.fullmatch(fold(text)))
        for text in texts
    )
    return signs * 5 >= len(texts) * 4


@cache
def _marks(code: str) -> frozenset[str]:
    rows = read_vocabulary("row_marks")
    return frozenset(fold(row["term"]) for row in rows if row["code"] == code)


@cache
def _mark_pattern(code: str) -> re.Pattern[str]:
    terms = sorted(_marks(code), key=lambda term: (-len(term), term))
    joined = "|".join(re.escape(term) for term in terms)
    return re.compile(rf"[\s*(\[<#]*(?:{joined})(?!\w)")


def _starts_with_mark(text: str, code: str) -> bool:
    return bool(_mark_pattern(code).match(fold(text)))


def is_instruction(text: str) -> bool:
    """Tell whether a text says what to write: "Describe the", "Which of"."""
    return _starts_with_mark(text, "instruction")


_AFTER_EXAMPLE = re.compile(r"\s*(?:[):\]\u2013.-]|$|[0-9]+\s*$)")
_ENDS_IN_EXAMPLE = re.compile(r"^[\w.]{1,6}\s*[-:(\[]\s*")


def is_example(text: str) -> bool:
    """Tell whether a name or number says that its record is a template's example.

    "(EXAMPLE) Payroll", "Example: payroll", "1 - Example" and "Example 2" do; "Example Ltd
    newsletter" does not.
    """
    folded = fold(text)
    found = _mark_pattern("example").match(folded)
    if found is not None:
        bracketed = folded[0] in "([<" or found.end() == len(folded)
        return bracketed or bool(_AFTER_EXAMPLE.match(folded, found.end()))
    bare = _ENDS_IN_EXAMPLE.sub("", folded).strip(" ()[]")
    return bare != folded and bare in _marks("example")


def is_type_word(text: str) -> bool:
    """Tell whether a text says of a field that it is mandatory, or of what type: "x", "yes"."""
    folded = fold(text).strip(" .()[]")
    return len(folded) <= 1 or folded in _marks("type_word") or bool(read_answer(text))


class _Keys:
    """Whether a row begins a record or continues the one before."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        named = [name for name in NAMES if grid.has(name)]
        clients = grid.has("on_behalf_of") and not grid.has("purpose")
        self._names = ["on_behalf_of"] if clients and "activity_id" not in named else named
        items = _ITEMS | {"activity"} if clients else _ITEMS
        self._own = [
            name.partition(".")[2]
            for name in grid.fields
            if name.startswith("activities.") and name.partition(".")[2] not in items
        ]
        self._shared = [name for name in grid.fields if name.partition(".")[2] not in self._own]

    def find_fresh(self) -> npt.NDArray[np.bool_]:
        """Tell the rows one of whose names is stated and differs from that of the row above."""
        fresh: npt.NDArray[np.bool_] = np.zeros(len(self._grid.filled), dtype=bool)
        for name in self._names:
            numbers = self._grid.fold_field(name).numbers
            fresh[1:] |= (numbers[1:] != numbers[:-1]) & (numbers[1:] > 0)
        return fresh

    def find_start(self, row: int, start: int, before: int) -> int:
        """Return the row at which the record of a row starts: the row itself, or an earlier one."""
        if not before or not self._names:
            return row
        names = {name: self._grid.read(row, name) for name in self._names}
        if not any(names.values()):
            return start if self._continues_blank(row, start) else row
        if row - before > 1 or not self._same(names, start):
            return row
        if self._is_merged(row):
            return start
        conflict = any(self._differs(row, start, name) for name in self._own)
        return row if conflict or not self._adds(row, before) else start

    def _same(self, names: Mapping[str, str], start: int) -> bool:
        held = {name: self._grid.read(start, name) for name in self._names}
        return all(not text or text == held[name] for name, text in names.items())

    def _is_merged(self, row: int) -> bool:
        return any(
            (row, column) in self._grid.merged
            for name in self._names
            for column in self._grid.fields.get(f"activities.{name}", ())
        )

    def _differs(self, row: int, start: int, name: str) -> bool:
        one, other = self._grid.read(row, name), self._grid.read(start, name)
        return bool(one) and bool(other) and one != other

    def _adds(self, row: int, before: int) -> bool:
        """Tell whether a row says something that the row before does not."""
        return any(
            self._grid.read(row, name.partition(".")[2], name.partition(".")[0])
            != self._grid.read(before, name.partition(".")[2], name.partition(".")[0])
            for name in self._shared
        )

    def _continues_blank(self, row: int, start: int) -> bool:
        """Tell whether a row without any name continues the record above.

        It does where it says nothing else about the activity itself; a row that does is a record
        whose name is missing.
        """
        if self._differs(row, start, "function"):
            return False
        if self._is_merged(row):
            return True
        said = [name for name in self._own if name not in _WIDE and self._grid.read(row, name)]
        if any(self._grid.read(row, name) != self._grid.read(start, name) for name in said):
            return False
        # Where repeats are left blank, a row that states them anew is a record of its own.
        own, held = (int(self._grid.filled[one - self._grid.first].sum()) for one in (row, start))
        return not said or own * 2 < held
