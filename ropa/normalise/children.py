"""Rows that belong to an activity: data items, recipients and transfers.

They come from their own sheets and, where an activity says it in a cell of its own, from there.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropa.normalise.arrays import Numbers, encode, fold_column, repeat, spread, unroll
from ropa.normalise.cells import RawTable, number_rows
from ropa.normalise.identity import make_labels
from ropa.phrases.boxes import read_all_boxes, read_boxes
from ropa.phrases.lists import split_list
from ropa.phrases.matching import fold
from ropa.phrases.places import Place, find_places, read_places
from ropa.phrases.roles import part_label
from ropa.phrases.seats import split_parties
from ropa.phrases.states import read_state

_ANCHOR = ["register", "file", "block", "sheet", "row", "column"]
_COUNTRY = ["country", "country_code", "country_kind"]


def find_parents(rows: pd.DataFrame, activities: pd.DataFrame) -> pd.DataFrame:
    """Find the activity that each row's stated id names within its register.

    An activity is named by its id, else by its name where no other bears it, else by ``~`` and six
    digits of its identity (the label of an activity without an id).

    Returns
    -------
    DataFrame
        ``activity_key``: its key, -1 where no activity bears the id (or the id is blank); where
        several do, the first. ``problem``: what is wrong with the id, or empty.
    """
    if rows.empty:
        nobody = {"activity_key": np.zeros(0, dtype=np.int64), "problem": repeat("", 0)}
        return pd.DataFrame(nobody, index=rows.index)
    # "TBC" or an error value in both sheets is no id that joins them.
    known = _name_activities(activities[activities["activity_id_state"] == "stated"])
    several = pd.MultiIndex.from_frame(known[known.duplicated(keep=False)])
    stated = _name_activities(rows)
    keys = _look_up(stated, known.drop_duplicates(), activities)
    if (keys < 0).any():
        for texts in (activities["activity"], make_labels(activities)):
            named = _name_activities(activities.assign(activity_id=texts))
            named = named[named["id"] != ""].drop_duplicates(keep=False)
            keys = keys.where(keys >= 0, _look_up(stated, named, activities))
    problem = pd.Series("", index=rows.index)
    problem = problem.mask(keys < 0, "no activity bears this id")
    repeated = pd.MultiIndex.from_frame(stated).isin(several)
    problem = problem.mask(repeated, "several activities bear this id")
    return pd.DataFrame({"activity_key": keys, "problem": problem})


def _look_up(stated: pd.DataFrame, names: pd.DataFrame, activities: pd.DataFrame) -> pd.Series:
    """Return the key of the activity of each name; -1 for none."""
    keys = stated.merge(names.reset_index(), on=["register", "id"], how="left")["index"]
    found = keys.map(activities["key"]).fillna(-1).to_numpy()
    return pd.Series(found, stated.index).astype("int64")


def _name_activities(rows: pd.DataFrame) -> pd.DataFrame:
    folded = fold_column(rows["activity_id"].fillna(""))
    return pd.DataFrame({"register": rows["register"], "id": folded})


def add_cell_items(
    own: RawTable, parents: RawTable, activities: pd.DataFrame, copied: Mapping[str, str]
) -> RawTable:
    """Return a child table's rows with the items that activities list in a cell of their own.

    Parameters
    ----------
    own : RawTable
        The rows of the child table's own sheet, with ``activity_key``.
    parents : RawTable
        The activities as found.
    activities : DataFrame
        The activities with the states of their cells.
    copied : mapping
        Field of the activities to field of the child; the first is the one that lists the items,
        the others are copied beside each item.

    Returns
    -------
    RawTable
        ``origin`` is ``"sheet"`` or ``"cell"``. An item that the sheet names for the activity is
        not repeated.
    """
    listing, item = next(iter(copied.items()))
    state = activities[f"{listing}_state"]
    says = (state == "stated").to_numpy(copy=True)
    if f"{listing}_spots" in parents.rows:  # those of its cells that can be read are
        several = parents.rows[f"{listing}_spots"].map(lambda spots: isinstance(spots, tuple))
        says |= several.to_numpy() & (state == "unreadable").to_numpy()
    chosen = parents.rows[says]
    numbers, texts = encode(chosen[listing])
    split = split_parties if item == "recipient" else split_list
    lists = [_drop_denials(split(text)) or (text.strip(),) for text in read_all_boxes(texts)]
    parts = [[0] * len(one) for one in lists]
    if f"{listing}_spots" in chosen:  # of several cells, each is split by itself
        known: dict[tuple[str, ...], int] = {}
        for place, spots in enumerate(chosen[f"{listing}_spots"]):
            if isinstance(spots, tuple):
                cells = tuple("" if one.broken else one.text for one in spots)
                if cells not in known:
                    known[cells] = len(lists)
                    items = _split_cells(cells, split)
                    lists.append(tuple(name for name, _ in items))
                    parts.append([part for _, part in items])
                numbers[place] = known[cells]
    lines, places = unroll(numbers, [len(one) for one in lists])
    names = [one for items in lists for one in items]
    wanted = _find_unnamed(own, item, chosen["key"].to_numpy()[lines], names, places)
    lines, places = lines[wanted], places[wanted]
    columns: dict[str, object] = {one: chosen[one].array.take(lines) for one in _ANCHOR}
    columns["activity_key"] = chosen["key"].to_numpy()[lines]
    for source, field in copied.items():
        held = chosen[source].mask(chosen[f"{source}_absent"])
        columns[field] = held.array.take(lines)
        if source != listing:
            columns[f"{field}_broken"] = chosen[f"{source}_broken"].to_numpy()[lines]
        if f"{source}_unit" in chosen:
            columns[f"{field}_unit"] = chosen[f"{source}_unit"].array.take(lines)
    columns[item] = spread(names, places)
    columns["part"] = np.array([one for part in parts for one in part], dtype=np.int64)[places]
    rows = pd.DataFrame(columns).assign(
        origin=repeat("cell", len(lines)), parent_block=-1, parent_row=-1
    )
    sheet = own.rows.assign(origin=repeat("sheet", len(own.rows)), part=0)
    both = pd.concat([sheet, rows], ignore_index=True)
    return RawTable(own.table, number_rows(both), own.offsets)


def _split_cells(
    texts: Sequence[str], split: Callable[[str], tuple[str, ...]]
) -> list[tuple[str, int]]:
    """Return the items of a list in several cells, each with its cell's number; repeats once."""
    first: dict[str, int] = {}
    for number, text in enumerate(texts):
        first.setdefault(fold(text), number)
    items = [
        (one, number) for number in first.values() for one in split(read_boxes(texts[number]).text)
    ]
    said = _drop_denials([one for one, _ in items])
    return [(one, number) for one, number in items if one in said or not said]


def _drop_denials(items: Sequence[str]) -> tuple[str, ...]:
    """Leave out "None" beside items: it says that one of the columns or lines holds none."""
    return tuple(one for one in items if read_state(one) != "none")


def _find_unnamed(
    own: RawTable, item: str, parents: Numbers, names: Sequence[str], places: Numbers
) -> npt.NDArray[np.bool_]:
    """Tell which items the sheet of the child table does not name for their activity.

    Parameters
    ----------
    own, item : RawTable, str
        The rows of that sheet, and the field that names what they are about.
    parents : array of int
        Key of each item's activity.
    names, places : sequence of str, array of int
        The names of items, and for each item the place of its own.
    """
    if own.rows.empty or not len(places):
        return np.ones(len(places), dtype=bool)
    known: dict[str, int] = {}
    sheet = own.rows[item].fillna("") if item in own.rows else pd.Series("", own.rows.index)
    numbers, texts = encode(sheet)
    name_of = fold if item != "recipient" else lambda text: fold(part_label(text)[1])
    ours = np.array([known.setdefault(name_of(text), len(known)) for text in texts])[numbers]
    theirs = np.array([known.setdefault(name_of(name), len(known)) for name in names])[places]
    keys = own.rows["activity_key"].to_numpy()
    return ~np.isin(parents * len(known) + theirs, keys * len(known) + ours)


def list_transfers(activities: pd.DataFrame, recipients: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each stated activity, recipient and country, home countries too.

    A recipient whose transfer mechanism is stated and whose country is not has a row with an empty
    country. A country named in the activity's own cell, and not beside one of its recipients, has a
    row with an empty recipient; where that cell states transfers without naming a country, the row
    has the kind ``"unplaced"``.
    """
    beside = _list_beside(recipients)
    own = _list_own(activities, beside)
    both = pd.concat([beside, own], ignore_index=True)
    return both.assign(key=both.index.astype("int64"))


def _list_beside(recipients: pd.DataFrame) -> pd.DataFrame:
    rows = recipients[recipients["activity_key"] >= 0]
    named = rows[rows["country_state"].isin(("stated", "unreadable"))]
    silent = rows[
        ~rows["country_state"].isin(("stated", "unreadable"))
        & rows["transfer_mechanism_state"].isin(("stated", "unreadable"))
    ]
    placed = _explode_places(named, named["country"], read_places)
    blank = silent.assign(country="", country_code="", country_kind="")
    both = pd.concat([placed, blank]).rename(columns={"key": "recipient_key"})
    both = both.sort_values("recipient_key", kind="stable")
    return both[[*_ANCHOR, "activity_key", "recipient_key", "recipient", *_COUNTRY]].assign(
        origin="recipients"
    )


def _list_own(activities: pd.DataFrame, beside: pd.DataFrame) -> pd.DataFrame:
    rows = activities[activities["transfers_state"] == "stated"]
    placed = _explode_places(rows, rows["transfers"], find_places)
    placed = placed.assign(activity_key=placed["key"], recipient_key=-1, recipient="")
    paired = pd.MultiIndex.from_frame(beside[["activity_key", "country_code"]])
    named = pd.MultiIndex.from_frame(placed[["activity_key", "country_code"]])
    placed = placed[~(named.isin(paired) & (placed["country_code"] != ""))]
    columns = [*_ANCHOR, "activity_key", "recipient_key", "recipient", *_COUNTRY]
    return placed[columns].assign(origin="activities")


def _explode_places(
    rows: pd.DataFrame, texts: pd.Series, read: Callable[[str], tuple[Place, ...]]
) -> pd.DataFrame:
    """Return one row for each row and place that its text names; one of no place where none."""
    numbers, distinct = encode(texts)
    nowhere = (Place("", "unplaced", "", ""),)
    lists = [read(text) or nowhere for text in distinct]
    lines, items = unroll(numbers, [len(one) for one in lists])
    places = [place for one in lists for place in one]
    long = rows.drop(columns=[name for name in _COUNTRY if name in rows]).iloc[lines]
    return long.assign(
        country=spread([place.text for place in places], items),
        country_code=spread([place.code for place in places], items),
        country_kind=spread([place.kind for place in places], items),
    )
