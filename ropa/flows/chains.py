"""The longest chains of parties through which an activity's data pass."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd

from ropa.flows.frames import make_frame, name_nodes, select_edges, select_transfers
from ropa.flows.paths import find_longest_chain, list_ways
from ropa.flows.words import PARTY, PASSED

if TYPE_CHECKING:
    import networkx as nx

CHAIN_COLUMNS = (
    "register",
    "activity_id",
    "activity",
    "parties",
    "chain",
    "circle",
    "last_countries",
    "special_category",
    "file",
    "sheet",
    "cell",
)
"""The columns of `list_onward_chains`."""

_NEEDED = [
    "register",
    "activity_key",
    "activity_id",
    "activity",
    "target",
    "file",
    "sheet",
    "cell",
]
_ARROW = " > "
_WITHIN = " / "


def list_onward_chains(graph: "nx.MultiDiGraph") -> pd.DataFrame:
    """List for each activity the longest chain of parties that pass its data on.

    A chain is a path from party to party along one activity's own rows, each through the one
    before. Its length is the number of its parties. Parties that pass data to one another in a
    circle count as one: between circles there is always a longest path, and it is found in linear
    time. What another activity records of the same processor is no part of the chain (rule TRF-10
    asks about that).

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `ropa.flow_graph`, with or without a date.

    Returns
    -------
    DataFrame
        One row an activity whose data are passed on, the longest chain first: ``parties`` (its
        length), ``chain`` (the names, joined by ``>``; those of a circle by ``/``), ``circle``
        (whether it has one), ``last_countries`` (in which its last party receives data, joined by
        semicolons; empty where none is named), ``special_category`` (of what any of its parties
        passes on), and ``file``, ``sheet`` and ``cell`` of the row of its last party. Of several
        longest chains of an activity it is the first by name. Empty where no party passes data on.

    References
    ----------
    GDPR Art 28(2), 28(4). R. E. Tarjan, "Depth-first search and linear graph algorithms", SIAM
    Journal on Computing 1 (1972), 146-160 (the circles).
    """
    rows = select_edges(graph, PASSED)
    onward = rows[rows["flow"] == "passed on"]
    rows = rows[rows["activity_key"].isin(onward["activity_key"])]
    labels = {
        (node[0], node[2]): label
        for node, label in graph.nodes(data="label")
        if node[1] == PARTY
    }  # fmt: skip
    places = _list_places(graph)
    special = set(onward.loc[onward["special_category"], "activity_key"])
    first: dict[tuple[int, str], dict[Hashable, Any]] = {}
    for row in rows[_NEEDED].to_dict("records"):
        first.setdefault((row["activity_key"], row["target"]), row)
    found = []
    for key, ways in list_ways(rows).items():
        chain = find_longest_chain(ways)
        last = next(first[key, name] for name in chain[-1] if (key, name) in first)
        register = last["register"]
        countries = {place for name in chain[-1] for place in places.get((key, name), ())}
        found.append(
            {
                **last,
                "parties": len(chain),
                "chain": _ARROW.join(
                    _WITHIN.join(labels[register, name] for name in step) for step in chain
                ),
                "circle": any(len(step) > 1 for step in chain),
                "last_countries": "; ".join(sorted(countries)),
                "special_category": key in special,
            }
        )
    frame = pd.DataFrame(found, columns=[*CHAIN_COLUMNS, "activity_key"])
    order = frame.sort_values(
        ["parties", "register", "activity_key"], ascending=[False, True, True], kind="stable"
    )
    return make_frame(order, CHAIN_COLUMNS)


def _list_places(graph: "nx.MultiDiGraph") -> dict[tuple[int, str], set[str]]:
    """Return the countries in which each party receives an activity's data."""
    rows = select_transfers(graph)
    rows = rows[rows["source_kind"] == PARTY]
    names = name_nodes(graph, rows, "target")
    places: dict[tuple[int, str], set[str]] = {}
    for key, party, name in zip(rows["activity_key"], rows["source"], names, strict=True):
        places.setdefault((key, party), set()).add(name)
    return places
