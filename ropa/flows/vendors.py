"""How far an organisation depends on single vendors and countries."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from ropa.flows.frames import (
    count_activities,
    make_frame,
    name_nodes,
    select_edges,
    select_transfers,
)
from ropa.flows.paths import find_only_vendors
from ropa.flows.words import PARTY, PASSED, UNNAMED, VENDOR_ROLES
from ropa.phrases.columns import map_texts
from ropa.phrases.matching import load_matcher

if TYPE_CHECKING:
    import networkx as nx

_VENDOR_COLUMNS = (
    "register",
    "vendor",
    "activities",
    "activity_share",
    "special_activities",
    "special_share",
    "link_share",
)
_CONCENTRATION_COLUMNS = (
    "register",
    "vendors",
    "links",
    "unnamed",
    "herfindahl",
    "effective_vendors",
    "special_herfindahl",
    "largest",
    "largest_share",
)
_SINGLE_COLUMNS = (
    "register",
    "kind",
    "name",
    "activity_id",
    "activity",
    "special_category",
    "file",
    "sheet",
    "cell",
)


def list_vendors(
    graph: "nx.MultiDiGraph", *, roles: Collection[str] = VENDOR_ROLES
) -> pd.DataFrame:
    """Measure how much of the processing each vendor has a hand in.

    A vendor is a party that receives data as a processor or sub-processor, or in a capacity that is
    not stated. Names are compared without regard to case and white space, and no further: "Larkmere
    Ltd" and "Larkmere" are two.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `ropa.flow_graph`, with or without a date.
    roles : collection of str
        Other roles to count (``"authority"``, ``"controller"``, ``"joint controller"``, ...); a
        party counts for the activities in which it has one of them.

    Returns
    -------
    DataFrame
        One row a register and vendor, the most activities first: ``activities`` that give it data,
        directly or through another, and their share of all live activities of the register
        (``activity_share``); ``special_activities`` whose data to it are or may be special category
        data, and their share of the register's activities with such data (``special_share``);
        ``link_share``: its share of all pairs of activity and vendor. Parties that are not named,
        or only by words such as "contractors" with no role, are no rows. Empty where there is no
        vendor.
    """
    rows = _select_vendors(graph, roles)
    rows = rows[rows["target"] != UNNAMED]
    rows = rows.assign(vendor=name_nodes(graph, rows, "target"))
    found = count_activities(graph, rows, ["register", "vendor"])
    links = found.groupby("register")["activities"].transform("sum")
    found = found.assign(link_share=found["activities"] / links)
    order = found.sort_values(
        ["register", "activities", "vendor"], ascending=[True, False, True], kind="stable"
    )
    return make_frame(order, _VENDOR_COLUMNS)


def measure_concentration(
    graph: "nx.MultiDiGraph", *, roles: Collection[str] = VENDOR_ROLES
) -> pd.DataFrame:
    r"""Measure how far the processing is concentrated on few vendors.

    The Herfindahl index is :math:`\sum_i s_i^2`, where :math:`s_i` is the share of vendor *i* in
    all pairs of activity and vendor. It is 1 where one vendor serves all, and 1/n where n vendors
    serve alike; its inverse is the number of equal vendors that would give the same index.

    Parameters
    ----------
    graph, roles
        As in `list_vendors`.

    Returns
    -------
    DataFrame
        One row a register that names a vendor: ``vendors``, ``links`` (pairs of activity and
        vendor), ``unnamed`` (activities that give data to a vendor that is not named, which no
        index can count), ``herfindahl`` (0 to 1), ``effective_vendors`` (its inverse),
        ``special_herfindahl`` (of the pairs with special category data alone; not a number where
        there are none), ``largest`` (the vendor of the most activities, the first by name of
        several) and ``largest_share`` (its share of the register's live activities).

    References
    ----------
    O. C. Herfindahl, Concentration in the Steel Industry (thesis, Columbia University, 1950).
    A. O. Hirschman, "The Paternity of an Index", American Economic Review 54 (1964), 761-762.
    """
    vendors = list_vendors(graph, roles=roles)
    rows = _select_vendors(graph, roles)
    unnamed = rows[rows["target"] == UNNAMED].groupby("register")["activity_key"].nunique()
    found = [
        {
            "register": register,
            "vendors": len(group),
            "links": group["activities"].sum(),
            "unnamed": unnamed.get(register, 0),
            "herfindahl": _index(group["activities"]),
            "effective_vendors": 1 / _index(group["activities"]),
            "special_herfindahl": _index(group["special_activities"]),
            "largest": group["vendor"].iloc[0],
            "largest_share": group["activity_share"].iloc[0],
        }
        for register, group in vendors.groupby("register", sort=True)
    ]
    return make_frame(pd.DataFrame(found), _CONCENTRATION_COLUMNS)


def list_single_points(
    graph: "nx.MultiDiGraph", *, roles: Collection[str] = VENDOR_ROLES
) -> pd.DataFrame:
    """List the vendors and countries without which an activity has no other.

    A vendor is a single point of an activity if, without it, no vendor of the activity receives
    data any more: it is the only one, or all others get the data through it. A country is one if it
    is the only one into which the activity's data go. What is not named or identified may be
    another one, so that an activity with such a recipient or country has no single point.

    Parameters
    ----------
    graph, roles
        As in `list_vendors`.

    Returns
    -------
    DataFrame
        One row a register, activity and single point, in the order of the register, vendors first:
        ``kind`` (``"party"`` or ``"country"``), ``name``, ``activity_id``, ``activity``,
        ``special_category``, and ``file``, ``sheet`` and ``cell`` where it is named first. Empty
        where there is none.
    """
    vendors = find_only_vendors(_select_passed(graph), roles)
    vendors = vendors.assign(name=name_nodes(graph, vendors, "target"), kind=PARTY)
    places = select_transfers(graph)
    several = places.groupby("activity_key")["target"].transform("nunique") > 1
    places = places[~several & (places["country_kind"] == "country")]
    both = pd.concat([vendors, places.assign(name=places["country"], kind="country")])
    same = ["kind", "activity_key", "target"]
    special = both.groupby(same)["special_category"].transform("any").astype(bool)
    both = both.assign(special_category=special, later=both["kind"] != PARTY)
    both = both.sort_values(["register", "later", "activity_key", "name"], kind="stable")
    return make_frame(both.drop_duplicates(same), _SINGLE_COLUMNS)


def _select_vendors(graph: "nx.MultiDiGraph", roles: Collection[str]) -> pd.DataFrame:
    rows = _select_passed(graph)
    return rows[rows["role"].isin(list(roles))]


def _select_passed(graph: "nx.MultiDiGraph") -> pd.DataFrame:
    """Return the flows to parties; words that name nobody stand for a party that is not named."""
    rows = select_edges(graph, PASSED)
    vague = is_vague(name_nodes(graph, rows, "target"), rows["role"])
    return rows.assign(target=rows["target"].mask(vague, UNNAMED))


def is_vague(names: pd.Series, roles: pd.Series) -> pd.Series:
    """Tell which parties are given by words alone that name nobody.

    "Contractors" or "employees" may be many or anyone. Where the register gives their role, they
    are whom it says.
    """
    covers = load_matcher("vague_recipient", "data_subject").covers
    return map_texts(names, covers).astype(bool) & (roles == "")


def _index(counts: pd.Series) -> float:
    """Return the Herfindahl index of some counts; not a number where all are none."""
    whole = int(counts.sum())
    return float(((counts / whole) ** 2).sum()) if whole else float("nan")
