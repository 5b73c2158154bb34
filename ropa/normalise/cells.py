"""Blocks to raw rows: each record's texts beside the place it was read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ropa.recognise import Block, Recognition
from ropa.schema import read_fields
from ropa.workbook.cells import Sheet

Groups = Mapping[str, Sequence[Recognition]]
"""Register name to the recognised workbooks that hold it together."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table's records before anything is read from their texts.

    Attributes
    ----------
    table : str
        Its name.
    rows : DataFrame
        One row a record: the anchor's columns and ``<field>`` as typed; missing where the layout
        has no such field, empty where the cell is. ``<field>_broken``, where there is such a
        column, tells an error value or a formula that was saved without its result. `complete`
        adds what is lacking.
    offsets : DataFrame
        Where each block's fields stand.
    """

    table: str
    rows: pd.DataFrame
    offsets: pd.DataFrame


_OFFSETS = {
    "register": "str",
    "file": "str",
    "sheet": "str",
    "block": "int64",
    "table": "str",
    "field": "str",
    "rows": "int64",
    "columns": "int64",
    "heading_row": "int64",
    "heading_column": "int64",
}
_ANCHOR = {
    "register": "str",
    "file": "str",
    "sheet": "str",
    "block": "int64",
    "row": "int64",
    "column": "int64",
}


def read_table(groups: Groups, table: str) -> RawTable:
    """Return the records of one table from all the files of all registers."""
    parts: list[pd.DataFrame] = []
    offsets: list[dict[str, object]] = []
    number = -1  # counts the blocks of every table, so that a number means one block
    for register, recognitions in groups.items():
        for recognition in recognitions:
            for block in recognition.blocks:
                number += 1
                if block.table == table:
                    anchor: dict[str, Any] = {
                        "register": register,
                        "file": recognition.workbook.file,
                        "sheet": block.sheet.name,
                        "block": number,
                    }
                    rows = _read_grid(block) if block.orientation == "grid" else _read_form(block)
                    parts.append(rows.assign(**anchor))
                    offsets += _list_offsets(block, anchor | {"table": table})
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return RawTable(table, number_rows(rows), make_typed(pd.DataFrame(offsets), _OFFSETS))


def number_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the anchor's types and a fresh unique ``key``."""
    rows = make_typed(rows.reset_index(drop=True), _ANCHOR)
    return rows.assign(key=np.arange(len(rows), dtype="int64"))


def make_typed(frame: pd.DataFrame, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Return the frame with these columns of these types, also where it has no row."""
    columns: dict[str, pd.Series] = {
        name: pd.Series(frame.get(name), index=frame.index, dtype=dtype)
        for name, dtype in dtypes.items()
    }
    return frame.assign(**columns)


def complete(raw: RawTable) -> RawTable:
    """Return the table with every field of the dictionary.

    Each field becomes ``<field>`` (empty where it is absent), ``<field>_broken`` and
    ``<field>_absent`` (the layout has no such field).
    """
    rows = raw.rows
    columns: dict[str, pd.Series] = {}
    for field in read_fields(raw.table):
        name, broken = field.name, f"{field.name}_broken"
        absent = rows[name].isna() if name in rows else pd.Series(data=True, index=rows.index)
        texts = rows[name].fillna("") if name in rows else pd.Series("", index=rows.index)
        columns[name] = texts.astype("str")
        columns[broken] = (
            rows[broken].eq(other=True)
            if broken in rows
            else pd.Series(data=False, index=rows.index)
        )
        columns[f"{name}_absent"] = absent
    kept = rows[[name for name in rows.columns if name not in columns]]
    return RawTable(raw.table, pd.concat([kept, pd.DataFrame(columns)], axis=1), raw.offsets)


def _read_grid(block: Block) -> pd.DataFrame:
    count = max(block.last_row - block.first_row + 1, 0)
    broken = _list_broken(block, count)
    columns: dict[str, npt.NDArray[np.object_] | npt.NDArray[np.bool_]] = {}
    filled = np.zeros(count, dtype=bool)
    for heading in block.headings:
        texts, stated = _read_column(block.sheet, heading.column, block.first_row, count)
        cells = broken.get(heading.column, {})
        if cells:
            flags = np.zeros(count, dtype=bool)
            for offset, text in cells.items():
                texts[offset] = text
                flags[offset] = True
            columns[f"{heading.field}_broken"] = flags
            stated |= flags
        columns[heading.field] = texts
        filled |= stated
    numbers = np.arange(block.first_row, block.first_row + count, dtype="int64")
    return pd.DataFrame({**columns, "row": numbers, "column": 1})[filled]


def _read_form(block: Block) -> pd.DataFrame:
    record: dict[str, object] = {"row": block.first_row, "column": 2}
    for heading in block.headings:
        place = (heading.row, heading.column + 1)
        texts, _ = _read_column(block.sheet, place[1], place[0], 1)
        error = block.sheet.errors.get(place, "")
        record[heading.field] = error or texts[0]
        record[f"{heading.field}_broken"] = bool(error) or place in block.sheet.uncached
    return pd.DataFrame([record])


def _list_broken(block: Block, count: int) -> dict[int, dict[int, str]]:
    """Return the cells that hold an error value or a formula without a stored result.

    Column to offset from the block's first row to the text that stands for the cell.
    """
    sheet = block.sheet
    found: dict[int, dict[int, str]] = {}
    for (row, column), text in (dict.fromkeys(sheet.uncached, "") | dict(sheet.errors)).items():
        if 0 <= row - block.first_row < count:
            found.setdefault(column, {})[row - block.first_row] = text
    return found


def _read_column(
    sheet: Sheet, column: int, first_row: int, count: int
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """Return the texts of a column, empty where there is none, and whether each says anything."""
    texts = np.full(count, "", dtype=object)
    stated = np.zeros(count, dtype=bool)
    if column <= sheet.texts.num_columns and first_row <= sheet.texts.num_rows:
        part = sheet.texts.column(column - 1).slice(first_row - 1, count)
        part = pc.fill_null(part.cast(pa.string()), "")
        texts[: len(part)] = part.to_numpy(zero_copy_only=False)
        says = pc.not_equal(pc.utf8_trim_whitespace(part), "")
        stated[: len(part)] = says.to_numpy(zero_copy_only=False)
    return texts, stated


def _list_offsets(block: Block, anchor: Mapping[str, object]) -> list[dict[str, object]]:
    """Return where the cells of each field stand, from the anchor of a row of the block."""
    grid = block.orientation == "grid"
    return [
        {
            **anchor,
            "field": heading.field,
            "rows": 0 if grid else heading.row - block.first_row,
            "columns": heading.column - 1,
            "heading_row": heading.row,
            "heading_column": heading.column,
        }
        for heading in block.headings
    ]
