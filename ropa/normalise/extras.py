"""Columns that no field of the dictionary holds: kept as they are beside the row they stand in."""

import numpy as np
import pandas as pd
import pyarrow as pa

from ropa.normalise.arrays import is_filled, repeat
from ropa.normalise.cells import Groups
from ropa.recognise import Block
from ropa.recognise.recognition import Rows
from ropa.workbook.cells import Sheet

_COLUMNS = ("register", "table", "key", "heading", "text", "file", "sheet", "row", "column")


def list_extras(groups: Groups, places: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of activities under headings that were not mapped.

    Parameters
    ----------
    groups : mapping
        Register name to its recognised workbooks.
    places : DataFrame
        ``block``, ``row`` and ``key`` of each row of activities.

    Returns
    -------
    DataFrame
        One row a filled cell: ``register``, ``table``, ``key`` of the activity, ``heading``,
        ``text`` and the cell.
    """
    parts: list[pd.DataFrame] = []
    first = 0
    for register, recognitions in groups.items():
        for recognition in recognitions:
            file = recognition.workbook.file
            for number, block in enumerate(recognition.blocks, start=first):
                if block.table == "activities" and block.extras:
                    known = places.loc[places["block"] == number, ["row", "key"]]
                    found = _list_cells(block)
                    found["at"] = found["row"] if block.orientation == "grid" else block.first_row
                    found = found.merge(known.rename(columns={"row": "at"}), on="at")
                    where = {"register": register, "file": file, "sheet": block.sheet.name}
                    parts.append(found.assign(table=block.table, **where))
            first += len(recognition.blocks)
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame({name: [] for name in _COLUMNS})
    return pd.concat(kept, ignore_index=True)[list(_COLUMNS)]


def _list_cells(block: Block) -> pd.DataFrame:
    """Return the filled cells under a block's headings that were not mapped."""
    parts = [pd.DataFrame({"heading": [], "text": [], "row": [], "column": []})]
    for heading, (row, column) in block.extras:
        rows = np.array([row]) if block.orientation == "form" else block.rows
        texts = _take_texts(block.sheet, rows, column)
        filled = np.flatnonzero(is_filled(texts))
        parts.append(
            pd.DataFrame(
                {
                    "heading": repeat(heading, len(filled)),
                    "text": pd.array(texts.take(pa.array(filled)), dtype="str"),
                    "row": rows[filled],
                    "column": column,
                }
            )
        )
    return pd.concat(parts[1:] or parts, ignore_index=True)


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
