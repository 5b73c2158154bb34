"""Plain labels of a form that say something of its items: "Role of recipient" below "Recipients".

They are what the columns of items beside an activity are in a grid: a block whose parent is the
activity's, with the activity's own label that names the items.
"""

from collections.abc import Collection, Iterator, Sequence
from types import MappingProxyType

import numpy as np

from ropa.recognise.beside import (
    LENT,
    NAMING,
    borrow_headings,
    find_capacity,
    find_units,
    part_processors,
)
from ropa.recognise.recognition import Block, Heading
from ropa.recognise.wording import read_counter
from ropa.workbook.cells import Sheet


def make_label_items(
    sheet: Sheet,
    labels: Sequence[Heading],
    listed: Collection[str],
    value: int,
    *,
    parent: int,
    rows: tuple[int, int],
) -> Iterator[Block]:
    """Return the blocks of items that the plain labels of a form hold.

    Parameters
    ----------
    sheet : Sheet
        Where the form stands.
    labels : sequence of Heading
        Its mapped labels but the titles of its small tables.
    listed : collection of str
        Fields of the activity that its small tables hold: they name items of their own.
    value : int
        The column of its values.
    parent : int
        Number of the form's own block.
    rows : (int, int)
        Its first and its last row.
    """
    plain = [one for one in labels if one.table != "activities" or one.field not in listed]
    for table in LENT:
        own = [one for one in plain if one.table == table]
        if not own:
            continue
        borrowed = borrow_headings(plain, table)
        naming = [one for one in borrowed if one.field == NAMING[table]]
        parts = [[*mine, *lent] for mine, lent in part_processors(own, borrowed, table) if mine]
        counted = _count_items([*own, *naming], NAMING[table])
        for group in counted or parts:
            # Of a field on several labels the first is the heading, as in the activity's block.
            headings: dict[str, Heading] = {}
            for one in [*own, *borrowed] if counted else group:
                headings.setdefault(one.field, one)
            fields = dict.fromkeys(one.field for one in group)
            cells = {
                name: tuple((one.row, value) for one in group if one.field == name)
                for name in fields
            }
            yield Block(
                table,
                sheet,
                "form",
                tuple(headings[name] for name in fields),
                *rows,
                cells=MappingProxyType(cells),
                constants=find_capacity(group, table),
                units=find_units(group),
                parent=parent,
                parent_rows=np.array([rows[0]], dtype=np.int64),
            )


def _count_items(held: Sequence[Heading], naming: str) -> list[list[Heading]]:
    """Return the labels of each item, where all are numbered: "Recipient 2", "Role 2"."""
    groups: dict[int, dict[str, Heading]] = {}
    for one in held:
        group = groups.setdefault(read_counter(one.text)[1], {})
        if one.field in group:
            return []
        group[one.field] = one
    counted = len(groups) > 1 and 0 not in groups and all(naming in one for one in groups.values())
    return [list(one.values()) for one in groups.values()] if counted else []
