"""Columns that no field of the dictionary holds: kept as they are beside the row they stand in."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from ropa.normalise.arrays import is_filled, spread
from ropa.normalise.cells import Groups
from ropa.recognise import Block
from ropa.recognise.recognition import Rows
from ropa.workbook.cells import Sheet

_COLUMNS = ("register", "table", "key", "heading", "text", "file", "sheet", "row", "column")


def list_extras(groups: Groups, places: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of records under headings that were not mapped.

    Parameters
    ----------
    groups : mapping
        Register name to its recognised workbooks.
    places : DataFrame
        ``block``, ``row`` and ``key`` of each row of each table.

    Returns
    -------
    DataFrame
        One row a filled cell: ``register``, ``table`` and ``key`` of the row, ``heading``,
        ``text`` and the cell.
    """
    known = {block: rows.set_index("row")["key"] for block, rows in places.groupby("block")}
    parts: list[_Part] = []
    first = 0
    for register, recognitions in groups.items():
        for recognition in recognitions:
            file = recognition.workbook.file
            for number, block in enumerate(recognition.blocks, start=first):
                if block.extras and number in known:
                    where = (register, file, block.sheet.name, block.table)
                    parts += _list_cells(block, known[number], where)
            first += len(recognition.blocks)
    if not parts:
        return pd.DataFrame({name: [] for name in _COLUMNS})
    one = np.repeat(np.arange(len(parts)), [len(part.rows) for part in parts])
    names = ("register", "file", "sheet", "table")
    texts = pa.chunked_array([part.texts for part in parts]).combine_chunks()
    columns = {
        **{
            name: spread([part.where[place] for part in parts], one)
            for place, name in enumerate(names)
        },
        "key": np.concatenate([part.keys for part in parts]),
        "heading": spread([part.heading for part in parts], one),
        "text": pd.array(texts, dtype="str"),
        "row": np.concatenate([part.rows for part in parts]),
        "column": np.array([part.column for part in parts])[one],
    }
    return pd.DataFrame(columns)[list(_COLUMNS)]


@dataclass(frozen=True, slots=True)
class _Part:
    """The filled cells of one column, or of one cell of a form, with the keys of their records.

    ``where`` is the register, the file, the sheet and the table.
    """

    where: tuple[str, str, str, str]
    heading: str
    column: int
    rows: Rows
    keys: Rows
    texts: pa.Array


def _list_cells(
    block: Block, known: pd.Series, where: tuple[str, str, str, str]
) -> Iterator[_Part]:
    """Yield the filled cells under a block's headings that were not mapped."""
    form = block.orientation == "form"
    for heading, (row, column) in block.extras:
        rows = np.array([row]) if form else block.rows
        texts = _take_texts(block.sheet, rows, column)
        at = np.full(len(rows), block.first_row) if form else rows
        places = known.index.get_indexer(pd.Index(at))
        filled = np.flatnonzero(is_filled(texts) & (places >= 0))
        if len(filled):
            keys = known.to_numpy()[places[filled]]
            taken = texts.take(pa.array(filled))
            yield _Part(where, heading, column, rows[filled], keys, taken)


def _take_texts(sheet: Sheet, rows: Rows, column: int) -> pa.Array:
    """Return the texts of some cells of a column, an error value as its text."""
    held = sheet.texts
    if column > held.num_columns:
        texts = pa.nulls(len(rows), pa.large_string())
    else:
        texts = held.column(column - 1).cast(pa.large_string())
        texts = texts.take(pa.array(rows - 1, mask=rows > held.num_rows))
    errors = {row: text for (row, one), text in sheet.errors.items() if one == column}
    if not errors:
        return texts
    pairs = zip(rows.tolist(), texts.to_pylist(), strict=True)
    return pa.array([errors.get(row) or text for row, text in pairs], type=pa.large_string())
