"""Blocks to raw rows: each record's texts beside the place it was read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ropa.normalise.blocks import find_anchor, read_block
from ropa.recognise import Block, Recognition
from ropa.schema import CELL_ITEMS, read_fields

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
        column, tells an error value or a formula that was saved without its result;
        ``<field>_at`` the place (file, sheet, row, column) of a cell that does not stand where
        the block's other cells of the field do; ``<field>_spots``, of a text that is joined from
        several cells, each one's text and place; ``<field>_unit`` the unit of bare numbers.
        `complete` adds what is lacking.
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
    "parent_block": "int64",
    "parent_row": "int64",
}
_DEFAULTS: Mapping[str, object] = {
    "in_form": False,
    "labelled": False,
    "lent": False,
    "country_lent": False,
    "completes": "",
    "role_fixed": "",
    "parent_key": -1,
    "start": -1,
}


def read_table(groups: Groups, table: str) -> RawTable:
    """Return the records of one table from all the files of all registers.

    Activities come as one row a row of the sheet, with the ``start`` of its record; `ropa.
    normalise.records` joins them. Rows of other tables have ``parent_block`` and ``parent_row``:
    where the activity stands that they belong to (-1 where they name it by its id).
    """
    parts: list[pd.DataFrame] = []
    offsets: list[dict[str, object]] = []
    first = 0  # counts the blocks of every table, so that a number means one block
    for register, recognitions in groups.items():
        for recognition in recognitions:
            for number, block in enumerate(recognition.blocks, start=first):
                if block.table == table:
                    anchor: dict[str, Any] = {
                        "register": register,
                        "file": recognition.workbook.file,
                        "sheet": block.sheet.name,
                        "block": number,
                        "parent_block": first + block.parent if block.parent >= 0 else -1,
                        **_see_parent(recognition, block),
                    }
                    parts.append(read_block(block, recognition.workbook.file).assign(**anchor))
                    offsets += _list_offsets(block, anchor | {"table": table})
            first += len(recognition.blocks)
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return RawTable(table, number_rows(rows), make_typed(pd.DataFrame(offsets), _OFFSETS))


def _see_parent(recognition: Recognition, block: Block) -> dict[str, bool]:
    """Tell whether a block belongs to a form, and whether its names are cells of the activity's.

    ``labelled`` tells that it is made of plain labels of the form, not of one of its small tables.
    """
    if block.parent < 0:
        return {"in_form": False, "labelled": False, "lent": False, "country_lent": False}
    parent = recognition.blocks[block.parent]
    held = {(one.row, one.column) for one in parent.headings}
    naming = next(iter(CELL_ITEMS.get(block.table, {"": ""}).values()))
    lent = {one.field for one in block.headings if (one.row, one.column) in held}
    return {
        "in_form": parent.orientation == "form",
        "labelled": block.orientation == "form",
        "lent": naming in lent,
        "country_lent": "country" in lent,
    }


def number_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the anchor's types and a fresh unique ``key``."""
    rows = make_typed(rows.reset_index(drop=True), _ANCHOR)
    for name, default in _DEFAULTS.items():
        if name not in rows:
            rows[name] = pd.Series(default, index=rows.index)
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


def _list_offsets(block: Block, anchor: Mapping[str, object]) -> list[dict[str, object]]:
    """Return where the cells of each field stand, from the anchor of a row of the block."""
    grid = block.orientation == "grid"
    row, column = (0, 1) if grid else find_anchor(block)
    places: dict[str, dict[str, object]] = {}
    for heading in block.headings:
        cells = block.cells.get(heading.field, ())
        at = (0, heading.column) if grid else (cells or ((heading.row, heading.column),))[0]
        places.setdefault(
            heading.field,
            {
                **anchor,
                "field": heading.field,
                "rows": at[0] - row,
                "columns": at[1] - column,
                "heading_row": heading.row,
                "heading_column": heading.column,
            },
        )
    return list(places.values())
