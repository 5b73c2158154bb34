"""Blocks to raw rows: the texts of a grid's rows or of a form's cells, merged cells filled."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ropa.phrases.columns import map_texts
from ropa.phrases.matching import fold
from ropa.phrases.states import read_state
from ropa.recognise import Block, Heading
from ropa.vocabulary import read_vocabulary
from ropa.workbook.cells import Place, Sheet

_LONGEST_DITTO = 40

Texts = npt.NDArray[np.object_]
Cell = tuple[str, Place, bool]
"""A cell's text, its row and column, and whether it is broken."""


class Spot(NamedTuple):
    """One of the cells that a field's text is joined from.

    Attributes
    ----------
    text : str
        Its own text.
    place : (str, str, int, int)
        Its file, sheet, row and column.
    broken : bool
        It holds an error value, or a formula that was saved without its result.
    """

    text: str
    place: tuple[str, str, int, int]
    broken: bool


def read_block(block: Block, file: str) -> pd.DataFrame:
    """Return the rows of one block.

    Returns
    -------
    DataFrame
        ``row``, ``column``, ``start``, ``parent_row`` and, for each field, its columns as in
        `ropa.normalise.cells.RawTable`.
    """
    rows = _read_grid(block, file) if block.orientation == "grid" else _read_form(block, file)
    for field, text in block.constants.items():
        if field not in rows:
            rows[field] = text
            if field == "role" and "recipient" in rows:  # "None" and "TBC" name nobody
                named = map_texts(rows["recipient"].fillna(""), read_state) == "stated"
                rows[field] = rows[field].where(named)
    for field, unit in block.units.items():
        rows[f"{field}_unit"] = unit
    return rows.assign(role_fixed=block.role, completes=block.completes)


def find_anchor(block: Block) -> Place:
    """Return the cell from which a form's cells are counted: the first that holds a value."""
    cells = [place for places in block.cells.values() for place in places]
    columns = [column for _, column in cells]
    return block.first_row, min(columns, default=1)


def _read_grid(block: Block, file: str) -> pd.DataFrame:
    rows = block.rows
    columns: dict[str, object] = {}
    fills = _find_fills(block)
    by_field: dict[str, list[Heading]] = {}
    for heading in block.headings:
        by_field.setdefault(heading.field, []).append(heading)
    filled = {column for _, column in fills}
    for field, headings in by_field.items():
        column = headings[0].column
        if len(headings) == 1 and column not in filled and not _list_marked(block.sheet, column):
            held = _take_texts(block, column)
            if not len(_find_dittos(held)):
                columns[field] = pd.array(held, dtype="str")
                continue
        texts, flags, moved, spots = _read_columns(block, [one.column for one in headings], fills)
        columns[field] = texts
        if spots:
            joined = [spots.get(offset, ()) for offset in range(len(rows))]
            columns[f"{field}_cell"] = [one[0][0] if one else None for one in joined]
            columns[f"{field}_spots"] = [_name_spots(one, file, block.sheet) for one in joined]
        if flags.any():
            columns[f"{field}_broken"] = flags
        if moved:
            places = np.full(len(rows), None, dtype=object)
            for offset, (row, column) in moved.items():
                places[offset] = (file, block.sheet.name, row, column)
            columns[f"{field}_at"] = places
    parents = block.parent_rows if len(block.parent_rows) else np.full(len(rows), -1)
    starts = block.starts if len(block.starts) else rows
    return pd.DataFrame(
        {**columns, "row": rows, "column": 1, "start": starts, "parent_row": parents}
    )


def _find_fills(block: Block) -> Mapping[Place, Place]:
    """Return the cells of the block that a merged range covers, with the range's first cell."""
    wanted = {one.column for one in block.headings}
    rows = frozenset(block.rows.tolist()) if block.sheet.merged else frozenset()
    fills: dict[Place, Place] = {}
    for top, left, bottom, right in block.sheet.merged:
        if bottom < block.first_row or top > block.last_row or top < block.first_row:
            continue
        for column in wanted.intersection(range(left, right + 1)):
            for row in range(top, min(bottom, block.last_row) + 1):
                if row in rows and (row, column) != (top, left):
                    fills[row, column] = (top, left)
    return fills


def _name_spots(cells: Sequence[Cell], file: str, sheet: Sheet) -> tuple[Spot, ...] | None:
    """Return the cells from which a text is joined with the names of their file and sheet."""
    return tuple(Spot(text, (file, sheet.name, *place), bad) for text, place, bad in cells) or None


def _read_columns(
    block: Block, columns: Sequence[int], fills: Mapping[Place, Place]
) -> tuple[Texts, npt.NDArray[np.bool_], dict[int, Place], dict[int, list[Cell]]]:
    """Return a field's texts, whether each cell is broken, and what tells which cell is meant.

    That is the cells that stand elsewhere, and of texts joined from several cells each of them.
    """
    texts, flags, moved = _read_column(block, columns[0], fills)
    spots: dict[int, list[Cell]] = {}
    for column in columns[1:]:
        more, broken, elsewhere = _read_column(block, column, fills)
        filled = np.array([bool(text.strip()) for text in more], np.bool_)  # also of no rows at all
        for offset in np.flatnonzero(filled | broken):
            held, row = texts[offset], int(block.rows[offset])
            place = elsewhere.get(int(offset), (row, column))
            says = bool(held.strip()) or flags[offset]
            if not says:
                moved[int(offset)] = place
            texts[offset] = join_texts((held, more[offset]))
            if says and (texts[offset] != held or broken[offset]):
                first = (held, moved.get(int(offset), (row, columns[0])), bool(flags[offset]))
                more_cell = (more[offset], place, bool(broken[offset]))
                spots.setdefault(int(offset), [first]).append(more_cell)
        flags |= broken
    return texts, flags, moved, spots


def _read_column(
    block: Block, column: int, fills: Mapping[Place, Place]
) -> tuple[Texts, npt.NDArray[np.bool_], dict[int, Place]]:
    sheet, rows = block.sheet, block.rows
    held = _take_texts(block, column)
    texts: Texts = held.to_numpy(zero_copy_only=False).astype(object)
    flags = np.zeros(len(rows), dtype=bool)
    moved: dict[int, Place] = {}
    marked = {place: (sheet.errors.get(place, "")) for place in _list_marked(sheet, column)}
    if marked or fills:
        offsets = {int(row): offset for offset, row in enumerate(rows)}
        for (row, _), text in marked.items():
            if row in offsets:
                texts[offsets[row]], flags[offsets[row]] = text, True
        for (row, one), source in fills.items():
            if one == column:
                offset = offsets[row]
                texts[offset] = sheet.errors.get(source) or sheet.text(*source) or ""
                flags[offset] = source in sheet.errors or source in sheet.uncached
                moved[offset] = source
    for offset in _find_dittos(held):
        if offset:  # it says what the cell above says, and that is the cell that is meant
            texts[offset], flags[offset] = texts[offset - 1], flags[offset - 1]
            if texts[offset] or flags[offset]:
                moved[offset] = moved.get(offset - 1, (int(rows[offset - 1]), column))
    return texts, flags, moved


def _find_dittos(texts: pa.Array) -> Sequence[int]:
    """Return which cells repeat the one above by a mark or by words ("ditto", "as above")."""
    short = pc.less_equal(pc.binary_length(texts), _LONGEST_DITTO)
    short = pc.and_(short, pc.greater(pc.binary_length(texts), 0))
    places = np.flatnonzero(short.to_numpy(zero_copy_only=False))
    if not len(places):
        return ()
    folded = pc.utf8_lower(pc.utf8_trim_whitespace(texts.take(pa.array(places))))
    said = pc.is_in(folded, value_set=_list_dittos()).to_numpy(zero_copy_only=False)
    found: list[int] = places[said].tolist()
    return found


@cache
def _list_dittos() -> pa.Array:
    terms = [row["term"] for row in read_vocabulary("row_marks") if row["code"] == "ditto"]
    return pa.array(terms, type=pa.large_string())


def _take_texts(block: Block, column: int) -> pa.Array:
    """Return the texts of a column in the block's rows; empty where there is none."""
    held, rows = block.sheet.texts, block.rows
    if column > held.num_columns:
        return pa.repeat(pa.scalar("", pa.large_string()), len(rows))
    texts = held.column(column - 1).cast(pa.large_string())
    if len(rows) and rows[-1] <= held.num_rows and (np.diff(rows) == 1).all():
        part = texts.slice(rows[0] - 1, len(rows))
    else:
        part = texts.take(pa.array(rows - 1, mask=rows > held.num_rows))
    return pc.fill_null(part, "")


def _list_marked(sheet: Sheet, column: int) -> list[Place]:
    return [place for place in (*sheet.uncached, *sheet.errors) if place[1] == column]


def _read_form(block: Block, file: str) -> pd.DataFrame:
    sheet = block.sheet
    row, column = find_anchor(block)
    record: dict[str, object] = {
        "row": row,
        "column": column,
        "start": row,
        "parent_row": int(block.parent_rows[0]) if len(block.parent_rows) else -1,
    }
    for field, places in block.cells.items():
        texts = [sheet.errors.get(one) or sheet.text(*one) or "" for one in places]
        broken = [one in sheet.errors or one in sheet.uncached for one in places]
        record[field] = join_texts(texts)
        cells = zip(texts, places, broken, strict=True)
        stated = [one for one in cells if one[0].strip() or one[2]]
        if len(list_parts(texts)) > 1 or (len(stated) > 1 and any(broken)):
            record[f"{field}_cell"] = stated[0][0]
            record[f"{field}_spots"] = _name_spots(stated, file, sheet)
        record[f"{field}_broken"] = any(broken)
        if stated and stated[0][1] != places[0]:
            record[f"{field}_at"] = (file, sheet.name, *stated[0][1])
    return pd.DataFrame([record])


def join_texts(texts: Sequence[str]) -> str:
    """Return texts that say one thing each as one text, a line each; repeats once.

    A single text stays as typed.
    """
    kept = list_parts(texts)
    return "\n".join(kept) if kept else next((text for text in texts if text), "")


def list_parts(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts that say something, repeats once."""
    kept: dict[str, str] = {}
    for text in texts:
        folded = fold(text)
        if folded:
            kept.setdefault(folded, text)
    return tuple(kept.values())
