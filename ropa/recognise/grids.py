"""Grids: a row of headings with records below, as blocks of the tables that it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ropa.errors import InputError
from ropa.recognise.beside import (
    LENT,
    NAMING,
    add_transfers,
    borrow_headings,
    find_capacity,
    find_units,
    part_processors,
)
from ropa.recognise.capacities import find_role
from ropa.recognise.claims import Label
from ropa.recognise.contents import SAMPLE, is_tick
from ropa.recognise.grid_cells import Grid
from ropa.recognise.headers import Header
from ropa.recognise.mapping import map_labels
from ropa.recognise.pages import Page, find_filled, sample_column, take_column
from ropa.recognise.recognition import Block, Heading, Ignored, Rows
from ropa.recognise.rows import find_records
from ropa.recognise.terms import find_term
from ropa.workbook import limits
from ropa.workbook.cells import Place
from ropa.workbook.files import shown

TABLES = ("activities", "recipients", "data_items", "controllers")
"""Tables whose rows a grid may hold."""

CORE = frozenset(
    {
        *("purpose", "data_subjects", "data_categories", "recipients", "transfers", "retention"),
        *("security_measures", "lawful_basis", "on_behalf_of"),
    }
)
"""Fields of Article 30 (and the lawful basis) by which a grid of activities is known."""

_NAMED_BY = frozenset({"purpose", "activity", "on_behalf_of"})
_LEAST_CORE = 3
_LONG_LIST = 40


@dataclass(frozen=True, slots=True)
class Found:
    """What a sheet, or part of one, was found to hold.

    Attributes
    ----------
    blocks : tuple of Block
        With ``parent`` as a place within this tuple.
    headings : tuple of Heading
        Every heading of it.
    ignored : tuple of Ignored
        Rows left out.
    """

    blocks: tuple[Block, ...] = ()
    headings: tuple[Heading, ...] = ()
    ignored: tuple[Ignored, ...] = ()


def read_grid(
    page: Page,
    header: Header,
    last_row: int,
    *,
    fixed: Mapping[Place, str],
    table: str = "",
    role: str = "",
    plain: bool = False,
) -> Found:
    """Return the blocks of one grid.

    Parameters
    ----------
    page : Page
        The top of the sheet.
    header : Header
        Its headings.
    last_row : int
        Last row that may belong to it.
    fixed : mapping
        Heading's cell to ``table.field`` where that is settled.
    table : str
        Table that it holds where that is known.
    role : str
        Role that the template fixes.
    plain : bool
        Each filled row is a record: the template has sheets of their own for items.
    """
    labels = _make_labels(page, header, last_row)
    chosen, headings = _choose_table(labels, (table,) if table else TABLES, fixed)
    if not chosen:
        return Found(headings=tuple(headings))
    held = tuple(one for one in headings if one.status == "mapped")
    if not held:
        return Found(headings=tuple(headings))
    if chosen == "activities":
        return _read_activities(page, header, last_row, headings, held, role, plain=plain)
    own = tuple(one for one in held if one.table == chosen)
    rows = _list_rows(page, own, header.last_row + 1, last_row)
    block = Block(
        chosen,
        page.sheet,
        "grid",
        own,
        header.last_row + 1,
        last_row,
        rows=rows,
        starts=rows,
        constants=find_capacity(own, chosen),
        extras=_list_others(page, headings, rows),
    )
    return Found((block,), tuple(headings))


def count_core(headings: Sequence[Heading]) -> int:
    """Return how many of the fields of Article 30 some headings are mapped to."""
    held = {one.field for one in headings if one.status == "mapped" and one.table == "activities"}
    beside = {one.field for one in headings if one.status == "mapped" and one.table == "recipients"}
    core = held & CORE
    return len(core) + bool({"country", "transfer_mechanism"} & beside and "transfers" not in core)


def _make_labels(page: Page, header: Header, last_row: int) -> list[Label]:
    sheet = page.sheet
    return [
        Label(
            sheet.name,
            row,
            column,
            text,
            band,
            partial(sample_column, sheet, column, header.last_row + 1, last_row, SAMPLE),
            partial(take_column, sheet, column, header.last_row + 1, last_row),
        )
        for row, column, text, band in header.cells
    ]


def _choose_table(
    labels: Sequence[Label], tables: Sequence[str], fixed: Mapping[Place, str]
) -> tuple[str, list[Heading]]:
    """Return the table that a grid's headings are of, empty for none, and what they mean."""
    headings = map_labels(labels, tables[0], fixed=fixed)
    if len(tables) == 1:
        return tables[0], headings
    named = {one.field for one in headings if one.status == "mapped" and one.table == tables[0]}
    if count_core(headings) >= _LEAST_CORE + (not named & _NAMED_BY):
        return (tables[0] if named & (_NAMED_BY | {"activity_id"}) else ""), headings
    table, mapped = _find_children(labels, fixed)
    # Whose names they are may stand in the sheet's name alone ("Data processors").
    named_so = [replace(one, band=one.band or one.sheet) for one in labels]
    told, read = _find_children(named_so, fixed)
    if told != table:
        table, mapped = (told if any(map(_names_activity, read)) else ""), read
    if table:
        return table, mapped
    is_detail = named & {"activity_id", "activity"} and len(named) > 1
    return ("activities" if is_detail else ""), headings


def _find_children(
    labels: Sequence[Label], fixed: Mapping[Place, str]
) -> tuple[str, list[Heading]]:
    """Return the table of items that a grid's headings are of, empty for none, and their fields."""
    best: tuple[int, str, list[Heading]] = (0, "", [])
    for table, naming in NAMING.items():
        mapped = map_labels(labels, table, fixed=fixed)
        held = {one.field for one in mapped if one.status == "mapped" and one.table == table}
        if naming in held and ("activity_id" in held or table == "controllers"):
            best = max(best, (len(held), table, mapped), key=lambda one: one[0])
    return best[1], best[2]


def _names_activity(heading: Heading) -> bool:
    """Tell whether a heading is that of an activity's id in so many words: "Ref" may be any."""
    term = find_term(heading.text, heading.table) if heading.field == "activity_id" else None
    return term is not None and not term.weak


def _list_rows(page: Page, headings: Sequence[Heading], first: int, last: int) -> Rows:
    columns = sorted({one.column for one in headings})
    filled = find_filled(page.sheet, columns)[first - 1 : last]
    return np.flatnonzero(filled.any(axis=1)).astype(np.int64) + first


def _read_activities(
    page: Page,
    header: Header,
    last_row: int,
    headings: Sequence[Heading],
    held: Sequence[Heading],
    role: str,
    *,
    plain: bool,
) -> Found:
    first = header.last_row + 1
    grid = Grid(page.sheet, held, first, last_row)
    if np.count_nonzero(grid.filled.any(axis=1)) > limits.MAX_RECORDS:
        raise InputError(
            f"sheet '{shown(page.sheet.name)}': more than {limits.MAX_RECORDS:,} rows stand below "
            f"the headings in row {header.last_row}; delete those that are no records, or split "
            "the register"
        )
    records = find_records(grid, joins=not plain)
    own = tuple(one for one in held if one.table == "activities")
    more = add_transfers(own, held)
    main = Block(
        "activities",
        page.sheet,
        "grid",
        more,
        first,
        grid.last,
        rows=records.rows,
        starts=records.starts,
        units=find_units(own),
        extras=_list_others(page, headings, records.rows),
        role=role or find_role(page, header.first_row, own),
    )
    children = [
        Block(
            table,
            page.sheet,
            "grid",
            mapped,
            first,
            grid.last,
            rows=records.rows[chosen],
            starts=records.rows[chosen],
            constants=find_capacity(mapped, table),
            units=find_units(mapped),
            parent=0,
            parent_rows=records.starts[chosen],
        )
        for table, mapped, chosen in _list_children(
            _drop_answers(page, held, first, grid.last), records.rows, records.starts
        )
    ]
    ignored = tuple(
        Ignored(page.sheet.name, f"{_say_rows(rows)}: {why}")
        for why, rows in records.ignored.items()
    )
    return Found((main, *children), tuple(headings), ignored)


def _drop_answers(page: Page, held: Sequence[Heading], first: int, last: int) -> list[Heading]:
    """Leave out a column that only says whether there are transfers: it names no country."""
    countries = [one for one in held if one.field == "transfers"]
    bare = [
        one
        for one in countries
        if all(is_tick(text) for text in sample_column(page.sheet, one.column, first, last, SAMPLE))
    ]
    return [one for one in held if one not in bare or len(bare) == len(countries)]


def _list_others(
    page: Page, headings: Sequence[Heading], rows: Rows
) -> tuple[tuple[str, Place], ...]:
    """Return the columns that no field holds: each one's heading, and 0 and its number."""
    return (
        *((one.text, (0, one.column)) for one in headings if one.status != "mapped"),
        *(("", (0, column)) for column in _find_unheaded(page, headings, rows)),
    )


def _find_unheaded(page: Page, headings: Sequence[Heading], rows: Rows) -> list[int]:
    """Return the columns without a heading that say something beside the records."""
    known = {one.column for one in headings}
    open_columns = [one for one in range(1, page.sheet.columns + 1) if one not in known]
    if not open_columns or not len(rows):
        return []
    filled = find_filled(page.sheet, open_columns)[rows - 1]
    return [one for place, one in enumerate(open_columns) if filled[:, place].any()]


def _list_children(
    held: Sequence[Heading], rows: Rows, starts: Rows
) -> list[tuple[str, tuple[Heading, ...], "np.ndarray[tuple[int], np.dtype[np.bool_]]"]]:
    """Return the child tables that the rows of a grid of activities hold as well, with their rows.

    A child table has columns of its own, or the rows of records that take several.
    """
    several = np.isin(starts, starts[1:][starts[1:] == starts[:-1]])
    found = []
    for table in LENT:
        own = [one for one in held if one.table == table]
        for mine, borrowed in part_processors(own, borrow_headings(held, table), table):
            chosen = np.ones(len(rows), dtype=bool) if mine else several
            if (mine or (borrowed and table != "controllers")) and chosen.any():
                found.append((table, (*mine, *borrowed), chosen))
    return found


def _say_rows(rows: Sequence[int]) -> str:
    """Return rows in words: "row 3", "rows 3, 5-9"."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and spans[-1][1] == row - 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    text = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
    text = text if len(text) <= _LONG_LIST else f"{text[:_LONG_LIST]}\N{HORIZONTAL ELLIPSIS}"
    return f"row{'s' if len(rows) > 1 else ''} {text}"
