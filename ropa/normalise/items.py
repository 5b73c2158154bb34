"""Rows beside an activity: what they state of one recipient or data category of their own.

They come from the further rows of an activity in a grid, and from the small tables of a form.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ropa.normalise.cells import RawTable, number_rows
from ropa.normalise.forms import fill_forms, share_labels
from ropa.normalise.listed import join_named, name_each, names_place, says_something
from ropa.normalise.merging import index_offsets, list_cells, merge_rows, set_values
from ropa.phrases.columns import map_texts
from ropa.phrases.denials import read_denial
from ropa.phrases.lists import split_list
from ropa.phrases.matching import fold
from ropa.phrases.places import read_places
from ropa.phrases.roles import read_own_role
from ropa.phrases.seats import split_parties
from ropa.recognise.contents import is_tick
from ropa.schema import read_fields

_BROKEN = "BROKEN"
"""Stands for the limit of a broken cell without text: no blank, and unlike any folded text."""

_NAMING = {"recipients": "recipient", "data_items": "data_category", "controllers": "name"}


def add_parents(raw: RawTable, places: pd.DataFrame) -> RawTable:
    """Return rows with the ``parent_key`` of the activity that they stand beside, else -1."""
    known = places.rename(columns={"block": "parent_block", "row": "parent_row"})
    known = known.drop_duplicates(["parent_block", "parent_row"])
    wanted = raw.rows[["parent_block", "parent_row"]]
    keys = wanted.merge(known, on=["parent_block", "parent_row"], how="left")["key"]
    rows = raw.rows.assign(parent_key=keys.fillna(-1).astype("int64").to_numpy())
    return RawTable(raw.table, rows, raw.offsets)


def tidy_items(raw: RawTable) -> RawTable:
    """Keep, of the rows beside an activity, what they state of an item of their own.

    A row that lists several recipients pairs none of them with its country: it names nobody, unless
    their roles are told. A row of several data categories becomes one row each. What says nothing
    is dropped.
    """
    rows = raw.rows
    beside = rows["parent_block"] >= 0
    if not beside.any():
        return raw
    if raw.table == "recipients" and "recipient" in rows:
        rows = share_labels(_spare_countries(rows, beside), raw)
        rows, named = name_each(rows, beside)
        paired = map_texts(rows["recipient"].fillna(""), _name_one).astype("str")
        paired = paired.mask(rows["recipient"].isna())
        beside = rows["parent_block"] >= 0
        rows = rows.assign(recipient=rows["recipient"].where(~beside | ~rows["lent"], paired))
        rows = join_named(_split_names(rows, beside), named)
    if raw.table == "data_items":
        rows = _split_categories(rows, beside)
    names = [one.name for one in read_fields(raw.table) if one.name in rows]
    kept = rows[_says_more(rows, raw.table, names) | (rows["parent_block"] < 0)]
    kept = _drop_repeats(kept, names)
    if raw.table == "recipients" and "recipient" in kept:
        kept = fill_forms(kept, raw)
        kept = _merge_named(kept, raw, "parent_key", kept["in_form"])
    if raw.table == "controllers" and "name" in kept:
        kept = kept[(kept["parent_block"] < 0) | ~kept.duplicated(["register", "name"])]
    return RawTable(raw.table, number_rows(kept), raw.offsets)


def _drop_repeats(rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Keep the first of the rows beside one activity that say the same."""
    said = {name: map_texts(rows[name].fillna(""), fold) for name in names}
    frame = pd.DataFrame({**said, "parent_key": rows["parent_key"]}, index=rows.index)
    return rows[(rows["parent_block"] < 0) | ~frame.duplicated()]


def _says_more(rows: pd.DataFrame, table: str, names: Sequence[str]) -> pd.Series:
    """Tell whether a row states anything; a recipient's name alone the activity states itself.

    What a processor is to be asked for stands in its row, also where all of that is blank.
    """
    says = pd.Series(data=False, index=rows.index)
    for name in names:
        if name == "activity_id" or (name == "special_category" and "data_category" in names):
            continue
        read = names_place if name == "country" else says_something
        stated = map_texts(rows[name].fillna(""), read).astype(bool)
        if f"{name}_broken" in rows:
            stated |= rows[f"{name}_broken"].eq(other=True)
        if table == "recipients" and name == _NAMING[table]:
            lent = rows[name].where(rows["lent"], "").fillna("")
            stated &= ~rows["lent"] | (map_texts(lent, read_own_role).astype("str") != "")
        if table == "recipients" and name == "role" and "recipient" in names:
            stated &= map_texts(rows["recipient"].fillna(""), says_something).astype(bool)
        says |= stated
    return says


def _name_one(text: str) -> str:
    return text if says_something(text) and len(split_parties(text)) == 1 else ""


def _spare_countries(rows: pd.DataFrame, beside: pd.Series) -> pd.DataFrame:
    """Let "None" or "Yes" under the activity's transfers be no country of a recipient's.

    Nor is a denial in words ("Not outside the UK").
    """
    if "country" not in rows:
        return rows
    stated = map_texts(rows["country"].fillna(""), _may_name_place).astype(bool)
    return rows.assign(country=rows["country"].mask(beside & rows["country_lent"] & ~stated))


def _may_name_place(text: str) -> bool:
    if not names_place(text) or (says_something(text) and is_tick(text)):
        return False
    return any(place.code for place in read_places(text)) or not read_denial(text).denied


def _split_names(rows: pd.DataFrame, beside: pd.Series) -> pd.DataFrame:
    """Give each recipient of a column of its own a row, where no country or tool stands beside."""
    texts = rows["recipient"].fillna("")
    chosen = beside & ~rows["lent"] & map_texts(texts, says_something).astype(bool)
    for name in ("country", "transfer_mechanism"):
        if name in rows:
            chosen &= ~map_texts(rows[name].fillna(""), says_something).astype(bool)
    lists = texts.astype("object").where(~chosen, map_texts(texts, split_parties))
    absent = rows["recipient"].isna()
    return rows.assign(recipient=lists.mask(absent)).explode("recipient", ignore_index=True)


def _split_categories(rows: pd.DataFrame, beside: pd.Series) -> pd.DataFrame:
    """Give each data category of a cell a row, unless the row says which of them are special."""
    if "data_category" not in rows:
        return rows
    texts = rows["data_category"].fillna("")
    chosen = beside & map_texts(texts, says_something).astype(bool)
    if "special_category" in rows:
        chosen &= rows["special_category"].fillna("") == ""
    lists = texts.astype("object").where(~chosen, map_texts(texts, split_list))
    return rows.assign(data_category=lists).explode("data_category", ignore_index=True)


def merge_sheets(raw: RawTable) -> RawTable:
    """Make one row of a recipient that several sheets of a workbook speak of for one activity.

    A workbook of related tables has contractors in one sheet and their transfers in another.
    """
    rows = raw.rows
    own = (rows["parent_block"] < 0) & (rows["activity_key"] >= 0)
    if "recipient" not in rows or rows.loc[own].groupby("file")["block"].nunique().le(1).all():
        return raw
    kept = _merge_named(rows, raw, "activity_key", own)
    return RawTable(raw.table, number_rows(kept), raw.offsets)


def _merge_named(rows: pd.DataFrame, raw: RawTable, parent: str, chosen: pd.Series) -> pd.DataFrame:
    """Make one row of a recipient of one activity that several tables speak of.

    Parameters
    ----------
    rows : DataFrame
        The rows.
    raw : RawTable
        What they are part of.
    parent : str
        Column of the activity's key.
    chosen : Series
        Which rows may be joined.
    """
    names = [one.name for one in read_fields(raw.table) if one.name in rows]
    texts = map_texts(rows["recipient"].fillna(""), fold)
    number = pd.Series(range(len(rows)), index=rows.index)
    inside = chosen & (texts != "")
    pairs = pd.Series(list(zip(rows["file"], rows[parent], texts, strict=True)), index=rows.index)
    codes = pd.Series(pd.factorize(pairs)[0], index=rows.index) + len(rows)
    same = codes.where(inside, number)
    # Two rows of one table stay two.
    repeated = pd.DataFrame({"group": same, "block": rows["block"]}).duplicated(keep=False)
    groups = same.where(~repeated, number)
    return merge_rows(rows, groups, names, index_offsets(raw.offsets), first=True)


def settle_limits(activities: RawTable, items: RawTable) -> tuple[RawTable, RawTable]:
    """Give a time limit that all the items of an activity share to the activity alone.

    Where the items differ each keeps its own, and the activity's cell says nothing. In a grid a
    blank in a row that continues a record stands for the cell above; in a form it is a gap.
    """
    rows = items.rows
    if not (rows["parent_block"] >= 0).any():
        return activities, items
    if "retention" not in rows:
        rows = rows.assign(retention=pd.Series(index=rows.index, dtype="str"))
    rows = _carry_down(rows, items)
    beside = rows[(rows["parent_key"] >= 0) & (rows["parent_block"] >= 0)]
    texts = map_texts(beside["retention"].fillna(""), fold)
    if "retention_broken" in rows:
        texts = texts.mask((texts == "") & beside["retention_broken"].eq(other=True), _BROKEN)
    stated = texts[texts != ""]
    counts = stated.groupby(beside["parent_key"]).nunique()
    gaps = ((texts == "") & beside["in_form"]).groupby(beside["parent_key"]).any()
    shared = counts.index[(counts == 1) & ~gaps.reindex(counts.index)]
    differing = counts.index.difference(shared)
    first = beside[beside["parent_key"].isin(shared) & (texts != "")].drop_duplicates("parent_key")
    found = _give_limits(activities.rows, first, differing, items)
    told = rows["parent_key"].isin(shared) & (rows["parent_block"] >= 0)
    rows = rows.assign(retention=rows["retention"].mask(told))
    if "retention_broken" in rows:
        rows["retention_broken"] = rows["retention_broken"].mask(told, other=False)
    kept = _drop_bare(rows)
    return (
        RawTable(activities.table, found, activities.offsets),
        RawTable(items.table, number_rows(kept), items.offsets),
    )


def _give_limits(
    rows: pd.DataFrame, shared: pd.DataFrame, differing: pd.Index, items: RawTable
) -> pd.DataFrame:
    """Return the activities with the limits that their items share, none where these differ."""
    if "retention" not in rows:
        rows = rows.assign(retention=pd.Series(index=rows.index, dtype="str"))
    blank = rows[rows["retention"].fillna("").str.strip() == ""]
    places = {key: place for place, key in blank["key"].items()}
    cells = list_cells(shared, "retention", index_offsets(items.offsets))
    broken = shared.get("retention_broken", pd.Series(data=False, index=shared.index))
    columns = (shared["parent_key"], shared["retention"], cells, broken)
    given = {places[key]: told for key, *told in zip(*columns, strict=True) if key in places}
    rows = set_values(rows, "retention_at", {one: cell for one, (_, cell, _) in given.items()})
    texts = {one: text for one, (text, _, _) in given.items()}
    silent = rows.index[rows["key"].isin(differing)]
    flags = {one: bad is True for one, (_, _, bad) in given.items()} | dict.fromkeys(silent, False)
    rows = set_values(rows, "retention_broken", flags)
    if "retention_spots" in rows:
        rows = set_values(rows, "retention_spots", dict.fromkeys(silent))
    return set_values(rows, "retention", texts | dict.fromkeys(silent, ""))


def _drop_bare(rows: pd.DataFrame) -> pd.DataFrame:
    """Drop the items beside an activity that say nothing that its own cells do not."""
    beside = rows["parent_block"] >= 0
    says = map_texts(rows["retention"].fillna(""), fold) != ""
    if "retention_broken" in rows:
        says |= rows["retention_broken"].eq(other=True)
    if "special_category" in rows:
        says |= map_texts(rows["special_category"].fillna(""), fold) != ""
    if "source" in rows:
        texts = map_texts(rows["source"].fillna(""), fold)
        counts = texts[texts != ""].groupby(rows["parent_key"]).nunique()
        own = rows["parent_key"].map(counts).fillna(0).gt(1) & (texts != "")
        rows = rows.assign(source=rows["source"].mask(beside & ~own))
        says |= own
    return rows[says | ~beside]


def _carry_down(rows: pd.DataFrame, items: RawTable) -> pd.DataFrame:
    """Let a blank time limit in a row that continues a record be that of the row above."""
    grid = (rows["parent_key"] >= 0) & (rows["parent_block"] >= 0) & ~rows["in_form"]
    blank = grid & (map_texts(rows["retention"].fillna(""), fold) == "")
    if "retention_broken" in rows:
        blank &= ~rows["retention_broken"].eq(other=True)
    if not blank.any():
        return rows
    numbers = pd.Series(np.arange(len(rows)), index=rows.index, dtype="float64")
    above = numbers.where(~blank).groupby([rows["parent_block"], rows["parent_key"]]).ffill()
    sources = above[blank].dropna().astype("int64")
    cells = list(list_cells(rows, "retention", index_offsets(items.offsets)))
    for name in ("retention", "retention_broken"):
        if name in rows:
            held = rows[name].to_list()
            rows = set_values(rows, name, {one: held[at] for one, at in sources.items()})
    return set_values(rows, "retention_at", {one: cells[at] for one, at in sources.items()})
