"""Rows to records: the rows that make up one activity, and the role that its words tell.

An activity may take several rows of a grid, or stand in a list and in a form of its own.
"""

import itertools
from collections.abc import Iterator
from typing import TypeGuard

import pandas as pd

from ropa.normalise.blocks import Spot
from ropa.normalise.cells import RawTable, number_rows
from ropa.normalise.merging import Offsets, index_offsets, list_cells, merge_rows, set_values
from ropa.phrases.behalf import acts_for_others
from ropa.phrases.columns import map_texts
from ropa.phrases.matching import fold
from ropa.schema import read_fields

_CELL = ("file", "sheet", "row", "column")


def join_records(raw: RawTable) -> tuple[RawTable, pd.DataFrame]:
    """Return the activities as one row a record.

    Returns
    -------
    RawTable
        The records, in the order of their first rows.
    DataFrame
        One row for each row that was found: ``block``, ``row`` and the ``key`` of its record.
    """
    rows = raw.rows
    if rows.empty:
        return raw, pd.DataFrame({"block": [], "row": [], "key": []}, dtype="int64")
    groups = _find_groups(rows)
    names = [one.name for one in read_fields(raw.table) if one.name in rows]
    records = number_rows(merge_rows(rows, groups, names, index_offsets(raw.offsets)))
    numbers = dict(zip(groups[~groups.duplicated()], records["key"], strict=True))
    places = rows[["block", "row"]].assign(key=groups.map(numbers).astype("int64"))
    return RawTable(raw.table, records, raw.offsets), places


def _find_groups(rows: pd.DataFrame) -> pd.Series:
    """Return a number for each row's record: that of the first row in it."""
    groups = rows.groupby(["block", "start"], sort=False)["key"].transform("first")
    if (rows["completes"] != "").any():
        for name in ("activity_id", "activity"):
            if name in rows:
                groups = _match(rows, groups, name)
    return groups


def _match(rows: pd.DataFrame, groups: pd.Series, name: str) -> pd.Series:
    """Join the records that complete others with the one of the same id, or of the same name."""
    texts = map_texts(rows[name].fillna(""), fold)
    pairs = pd.Series(list(zip(rows["register"], texts, strict=True)), index=rows.index)
    more = rows["completes"] != ""
    said = texts != ""
    held = pd.DataFrame({"pair": pairs, "group": groups})[~more & said].drop_duplicates()
    known = held.drop_duplicates("pair", keep=False).set_index("pair")["group"]
    alone = groups == rows["key"].groupby(groups).transform("first")
    found = pairs[more & said & alone].map(known).dropna()
    result = groups.copy()
    result[found.index] = found.astype(groups.dtype)
    # Rows of one record go together.
    together: pd.Series = result.groupby(groups).transform("first")
    return together


def tell_roles(raw: RawTable) -> RawTable:
    """Return the activities with the role that their own words tell, where nothing else does.

    What is done "on behalf of Some Ltd" is a processor's; those words then name the controller.
    """
    rows = raw.rows
    offsets = index_offsets(raw.offsets)
    for name in ("activity", "purpose"):
        if name not in rows:
            continue
        chosen = rows["role_fixed"].astype("str") == ""
        if "role" in rows:
            chosen &= rows["role"].isna()
        if not chosen.any():
            break
        chosen &= map_texts(rows[name].fillna(""), acts_for_others).astype(bool)
        if not chosen.any():
            continue
        rows = set_values(rows, "role_fixed", dict.fromkeys(rows.index[chosen], "processor"))
        if "on_behalf_of" not in rows:
            rows = rows.assign(on_behalf_of=pd.Series(index=rows.index, dtype="str"))
        open_rows = rows[chosen & rows["on_behalf_of"].isna()]
        cells = list_cells(open_rows, name, offsets)
        rows = set_values(rows, "on_behalf_of", open_rows[name].to_dict())
        rows = set_values(rows, "on_behalf_of_at", dict(zip(open_rows.index, cells, strict=True)))
    return RawTable(raw.table, rows, raw.offsets)


def list_places(raw: RawTable) -> pd.DataFrame:
    """Return the cells that do not stand, or do not say, what their block and field tell.

    Returns
    -------
    DataFrame
        ``register``, ``table``, ``key``, ``field``, ``part`` (of the cells from which the field's
        text is joined, which, from 0), ``file``, ``sheet``, ``row``, ``column``, and ``text``: the
        cell's own, where the field's is joined from several cells.
    """
    names = ("register", "table", "key", "field", "part", *_CELL, "text")
    offsets = index_offsets(raw.offsets)
    parts = [pd.DataFrame({name: [] for name in names})]
    for one in read_fields(raw.table):
        if any(f"{one.name}_{part}" in raw.rows for part in ("at", "cell", "spots")):
            told = [*_list_first(raw, one.name, offsets), *_list_further(raw, one.name)]
            parts.append(pd.DataFrame(told, columns=list(names)))
    held = [one for one in parts if len(one)]
    return pd.concat(held or parts[:1], ignore_index=True)


def _list_first(raw: RawTable, name: str, offsets: Offsets) -> Iterator[tuple[object, ...]]:
    """Yield the cells of a field that stand elsewhere, or say other than the field does."""
    joined = raw.rows[name]
    columns = [raw.rows.get(f"{name}_{part}", joined) for part in ("at", "cell", "spots")]
    # What was written over a joined text since is no longer said by its cell.
    own = [
        spots[0].text if _has_broken(spots) else _find_own(cell, text)
        for cell, spots, text in zip(*columns[1:], joined, strict=True)
    ]
    told = [
        isinstance(place, tuple) or text is not None
        for place, text in zip(columns[0], own, strict=True)
    ]
    rows = raw.rows[told]
    texts = itertools.compress(own, told)
    cells = list_cells(rows, name, offsets)
    for register, key, place, text in zip(rows["register"], rows["key"], cells, texts, strict=True):
        if place is not None:
            yield register, raw.table, key, name, 0, *place, text or ""


def _list_further(raw: RawTable, name: str) -> Iterator[tuple[object, ...]]:
    """Yield the further cells of a field whose text is joined from several."""
    if f"{name}_spots" not in raw.rows:
        return
    rows = raw.rows[raw.rows[f"{name}_spots"].map(lambda spots: isinstance(spots, tuple))]
    columns = (rows[one].tolist() for one in ("register", "key", name, f"{name}_spots"))
    for register, key, joined, spots in zip(*columns, strict=True):
        broken = _has_broken(spots)
        for part, spot in enumerate(spots[1:], start=1):
            own = spot.text if broken else _find_own(spot.text, joined)
            if own is not None:
                yield register, raw.table, key, name, part, *spot.place, own


def _has_broken(spots: object) -> TypeGuard[tuple[Spot, ...]]:
    """Tell whether a field's text is joined from several cells, one of them broken."""
    return isinstance(spots, tuple) and any(spot.broken for spot in spots)


def _find_own(cell: object, joined: object) -> str | None:
    """Return a cell's text where the field's holds it among others, is part of it, or is empty."""
    if not isinstance(cell, str) or not isinstance(joined, str) or cell in ("", joined):
        return None
    return cell if not joined or cell.strip() in joined or joined.strip() in cell else None
