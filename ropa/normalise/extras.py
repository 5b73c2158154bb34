"""Columns that no field of the dictionary holds: kept as they are beside the row they stand in."""

import numpy as np
import pandas as pd

from ropa.normalise.cells import Groups
from ropa.recognise import Block

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
    keys = places.set_index(["block", "row"])["key"].to_dict()
    found: list[tuple[object, ...]] = []
    first = 0
    for register, recognitions in groups.items():
        for recognition in recognitions:
            file = recognition.workbook.file
            for number, block in enumerate(recognition.blocks, start=first):
                for heading, text, row, column in _list_cells(block):
                    key = keys.get(
                        (number, row if block.orientation == "grid" else block.first_row)
                    )
                    if key is not None:
                        where = (file, block.sheet.name, row, column)
                        found.append((register, block.table, key, heading, text, *where))
            first += len(recognition.blocks)
    return pd.DataFrame(found, columns=list(_COLUMNS))


def _list_cells(block: Block) -> list[tuple[str, str, int, int]]:
    if block.table != "activities":
        return []
    found = []
    for heading, (row, column) in block.extras:
        rows = [row] if block.orientation == "form" else block.rows[_filled(block, column)].tolist()
        for one in rows:
            text = block.sheet.errors.get((one, column)) or block.sheet.text(one, column) or ""
            if text.strip():
                found.append((heading, text, one, column))
    return found


def _filled(block: Block, column: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    sheet = block.sheet
    if column > sheet.columns:
        return np.zeros(len(block.rows), dtype=bool)
    texts = sheet.texts.column(column - 1)
    valid = texts.is_valid().to_numpy(zero_copy_only=False)
    marked = {row for row, one in sheet.errors if one == column}
    return np.array([bool(valid[row - 1]) or row in marked for row in block.rows], dtype=bool)
