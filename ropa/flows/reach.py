"""What one event reaches: a breach at a vendor, the loss of a vendor, of a legal instrument."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from ropa.flows.activities import JOINT, list_live
from ropa.flows.building import list_flow_rows
from ropa.flows.frames import find_party, list_edges, make_frame, name_nodes
from ropa.flows.paths import find_cut_off, list_ways
from ropa.flows.words import PARTY, UNNAMED
from ropa.lawbook import Law, load_law
from ropa.lawbook.endings import read_day
from ropa.phrases.columns import map_texts
from ropa.phrases.matching import fold
from ropa.register import Register
from ropa.transfers import find_lost, is_told_elsewhere

if TYPE_CHECKING:
    import networkx as nx

REACH_COLUMNS = ("register", "kind", "id", "name", "activities", "special_activities")
"""The columns of what an event reaches."""

REACHED = ("activity", "data subjects", "data category", "controller", "recipient", "country")
"""What an event can reach (the column ``kind``), in the order of the rows."""

_LISTS = {
    "data subjects": "data_subjects",
    "data category": "data_categories",
    "controller": "controllers",
}


def reach_breach(graph: "nx.MultiDiGraph", vendor: str) -> pd.DataFrame:
    """Tell what a personal data breach at a party reaches: what it holds, for whom.

    It holds the data of each activity that gives it data, directly or through another, and of each
    that is said to pass data through it. What it passed on is held by others and is not counted
    again; recipients and countries are no rows.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `ropa.flow_graph`, with or without a date.
    vendor : str
        The party's name, whatever its case. A controller or authority can be asked about as well.

    Returns
    -------
    DataFrame
        One row a register and thing reached, with the columns of `REACH_COLUMNS`: ``kind`` (a word
        of `REACHED`), ``name``, ``id`` (of an activity), ``activities`` through which it is
        reached, and ``special_activities``: those of them whose data at the party are or may be
        special category data. The most activities first within a kind. An activity that states no
        data subjects, no categories or no controller adds none. Registers that do not name the
        party have no rows.

    Raises
    ------
    UsageError
        No register of the graph names the party.

    References
    ----------
    GDPR Arts 33(2), 33(3)(a), 34.
    """
    party = find_party(graph, vendor)
    return _list_reached(_select_held(list_edges(graph), party))


def reach_loss(graph: "nx.MultiDiGraph", vendor: str) -> pd.DataFrame:
    """Tell what the loss of a party reaches: the activities that use it, and who is cut off.

    Within an activity all that get its data only through the party are cut off with it, and so are
    the countries into which only they received them.

    Parameters
    ----------
    graph, vendor
        As in `reach_breach`.

    Returns
    -------
    DataFrame
        As in `reach_breach`, with rows for each ``recipient`` and ``country`` that is cut off; the
        party itself is none. Whether an activity has another vendor is told by
        `list_single_points`.

    Raises
    ------
    UsageError
        No register of the graph names the party.
    """
    party = find_party(graph, vendor)
    rows = list_edges(graph)
    held = _select_held(rows, party)
    rows = rows[rows["activity_key"].isin(held["activity_key"])]
    parties = rows[(rows["target_kind"] == PARTY) & rows["flow"].isin(("disclosed", "passed on"))]
    lost = {key: find_cut_off(ways, party) - {UNNAMED} for key, ways in list_ways(parties).items()}
    cut = _mask(parties, "target", lost)
    gone = {key: lost.get(key, set()) | {party} for key in held["activity_key"].unique()}
    entering = rows[rows["flow"] == "transferred"]
    sent = _mask(entering, "source", gone) & (entering["source_kind"] == PARTY)
    kept = pd.MultiIndex.from_frame(entering.loc[~sent, ["activity_key", "target"]])
    ends = pd.MultiIndex.from_frame(entering[["activity_key", "target"]])
    places = entering[sent & ~ends.isin(kept)]
    return _list_reached(
        held,
        _count(parties[cut].assign(name=name_nodes(graph, parties[cut], "target")), "recipient"),
        _count(places.assign(name=name_nodes(graph, places, "target")), "country"),
    )


def reach_instrument(
    register: Register, instrument: str, *, as_of: date | str, law: Law | None = None
) -> pd.DataFrame:
    """Tell what the loss of one legal instrument reaches on a day.

    Every transfer is judged under the law as it stands and as if the instrument, with all that
    depends on it, ended that day. Reached is what loses the safeguard that carried it; a transfer
    that another instrument of its cell then carries is not. Adequacy on a condition that the record
    does not show counts as one that can be lost.

    Parameters
    ----------
    register : Register
        One register or several; nothing crosses them.
    instrument : str
        Id of a row of the law tables, such as ``"EUADQ-US-DPF"``.
    as_of : date or str
        The first day on which it cannot be relied on, and the day on which all is judged.
    law : Law, optional
        Other law tables than the package's own.

    Returns
    -------
    DataFrame
        As in `reach_breach`, with rows for each ``recipient`` and ``country`` whose transfers lose
        their safeguard. Empty where nothing rests on the instrument.

    Raises
    ------
    UsageError
        There is no such instrument or date, it begins only after that day, or it had ended before.

    References
    ----------
    GDPR Arts 45(5), 46, 49; Court of Justice, Cases C-362/14 and C-311/18.
    """
    day = read_day(as_of, f"the end of {instrument}")
    tables = law or load_law()
    ended = tables.ending(instrument, on=day)
    live = list_live(register)
    same = ["key", "regime"]
    before, after = (_judge(register, live, day, one) for one in (tables, ended))
    rows = before.merge(after[[*same, "safeguard", "rule"]], on=same, suffixes=("", "_after"))
    now = rows["safeguard_after"], rows["rule_after"]
    rows = rows[find_lost(rows["safeguard"], *now) & ~is_told_elsewhere(rows["origin"], *now)]
    parties = rows[rows["source_label"] != ""]
    return _list_reached(
        rows,
        _count(parties.assign(name=parties["source_label"]), "recipient"),
        _count(rows.assign(name=rows["label"]), "country"),
    )


def _judge(register: Register, live: pd.DataFrame, as_of: date, law: Law) -> pd.DataFrame:
    rows = list_flow_rows(register, live, as_of, law)
    return rows[rows["flow"] == "transferred"]


def _select_held(rows: pd.DataFrame, party: str) -> pd.DataFrame:
    """Return the edges that say what a party holds: those into it, else those out of it."""
    into = rows[(rows["target_kind"] == PARTY) & (rows["target"] == party)]
    out = rows[(rows["source_kind"] == PARTY) & (rows["source"] == party)]
    into = into[into["flow"].isin(("disclosed", "passed on", "jointly"))]
    out = out[out["flow"].isin(("passed on", "transferred"))]
    return pd.concat([into, out[~out["activity_key"].isin(into["activity_key"])]])


def _mask(rows: pd.DataFrame, end: str, chosen: dict[int, set[str]]) -> pd.Series:
    pairs = zip(rows["activity_key"], rows[end], strict=True)
    found = [name in chosen.get(key, ()) for key, name in pairs]
    return pd.Series(found, index=rows.index, dtype=bool)


def _list_reached(rows: pd.DataFrame, *more: pd.DataFrame) -> pd.DataFrame:
    activities = _count(
        rows.assign(name=rows["activity"].where(rows["activity"] != "", rows["purpose"])),
        "activity",
    )
    found = pd.concat([activities, *_count_lists(rows), *more], ignore_index=True)
    ranks = {kind: at for at, kind in enumerate(REACHED)}
    order = found.assign(rank=found["kind"].map(ranks)).sort_values(
        ["register", "rank", "activities", "at", "name"],
        ascending=[True, True, False, True, True],
        kind="stable",
    )
    return make_frame(order, REACH_COLUMNS)


def _count_lists(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for kind, column in _LISTS.items():
        names = rows[column].str.split(JOINT)
        items = rows.assign(name=names).explode("name", ignore_index=True)
        items["name"] = items["name"].fillna("").astype("str").str.strip()
        yield _count(items[items["name"] != ""], kind)


def _count(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Count the activities by the column ``name``, whatever its case; an activity by itself."""
    single = kind == "activity"
    folded = rows["activity_key"] if single else map_texts(rows["name"], fold).astype("str")
    rows = rows.assign(folded=folded)
    each = rows.groupby(["register", "folded", "activity_key"], sort=False).agg(
        name=("name", "first"), id=("activity_id", "first"), special=("special_category", "any")
    )
    found = each.groupby(["register", "folded"], sort=False).agg(
        name=("name", "first"),
        id=("id", "first"),
        activities=("special", "size"),
        special_activities=("special", "sum"),
    )
    found = found.reset_index()
    at = found["folded"] if single else pd.Series(0, index=found.index)
    return found.assign(kind=kind, id=found["id"] if single else "", at=at.astype("int64"))
