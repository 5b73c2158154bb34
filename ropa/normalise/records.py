"""Rows to records: the rows that make up one activity, and the role that its words tell.

An activity may take several rows of a grid, or stand in a list and in a form of its own.
"""

from collections.abc import Iterator

import pandas as pd

from ropa.normalise.cells import RawTable, number_rows
from ropa.normalise.merging import index_offsets, list_cells, merge_rows, set_values
from ropa.phrases.behalf import acts_for_others
from ropa.phrases.columns import map_texts
from ropa.phrases.matching import fold
from ropa.schema import read_fields


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
    columns = ("file", "sheet", "row", "column")
    names = ("register", "table", "key", "field", "part", *columns, "text")
    parts = [pd.DataFrame({name: [] for name in names})]
    offsets = index_offsets(raw.offsets)
    for one in read_fields(raw.table):
        known = [part for part in (f"{one.name}_at", f"{one.name}_cell") if part in raw.rows]
        if not known:
            continue
        # What was written over a joined text since is no longer said by its cell.
        joined = raw.rows[one.name]
        pairs = zip(raw.rows.get(f"{one.name}_cell", joined), joined, strict=True)
        texts = pd.Series([_find_own(*pair) for pair in pairs], index=raw.rows.index, dtype="str")
        at = raw.rows[known[0]].map(lambda place: isinstance(place, tuple))
        moved = raw.rows[at | (texts != "")]
        if len(moved):
            cells = pd.Series(list(list_cells(moved, one.name, offsets)), index=moved.index)
            moved = moved[cells.notna()]
            placed = pd.DataFrame(cells.dropna().tolist(), columns=list(columns))
            same = {key: moved[key].to_numpy() for key in ("register", "key")}
            own = texts[moved.index].to_numpy()
            parts.append(placed.assign(**same, table=raw.table, field=one.name, part=0, text=own))
        parts.append(pd.DataFrame(_list_further(raw, one.name), columns=list(names)))
    held = [one for one in parts if len(one)]
    return pd.concat(held or parts[:1], ignore_index=True)


def _list_further(raw: RawTable, name: str) -> Iterator[tuple[object, ...]]:
    """Yield the further cells of a field whose text is joined from several."""
    if f"{name}_spots" not in raw.rows:
        return
    rows = raw.rows[raw.rows[f"{name}_spots"].map(lambda spots: isinstance(spots, tuple))]
    columns = (rows[one].tolist() for one in ("register", "key", name, f"{name}_spots"))
    for register, key, joined, spots in zip(*columns, strict=True):
        for part, (text, place) in enumerate(spots[1:], start=1):
            if own := _find_own(text, joined):
                yield register, raw.table, key, name, part, *place, own


def _find_own(cell: object, joined: object) -> str:
    """Return a cell's text where the field's holds it among others, is part of it, or is empty."""
    if not isinstance(cell, str) or not isinstance(joined, str) or cell == joined:
        return ""
    return cell if not joined or cell.strip() in joined or joined.strip() in cell else ""
