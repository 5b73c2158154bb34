"""Paths inside one activity: who gets data only through whom, and the longest way.

A way is a pair of names, from whom to whom; the organisation is the empty name. A party through
which data pass receives them, even where no row of its own says so.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from ropa.flows.words import PARTY, UNNAMED

Way = tuple[str, str]


def list_ways(rows: pd.DataFrame) -> dict[int, list[Way]]:
    """Return the ways between the parties of each activity, from some edges to parties."""
    sources = rows["source"].where(rows["source_kind"] == PARTY, "")
    ways: dict[int, list[Way]] = defaultdict(list)
    for key, source, target in zip(rows["activity_key"], sources, rows["target"], strict=True):
        ways[key].append((source, target))
    return ways


def find_cut_off(ways: Iterable[Way], party: str) -> set[str]:
    """Return the parties of an activity that get data only through a party.

    Of parties that pass data to one another in a circle, and of which none is said to get them from
    elsewhere, each is taken to depend on the others.
    """
    ahead = _index(ways)
    fed = {target for source, target in ways if source != target}
    roots = (ahead.get("", set()) | {one for one in ahead if one and one not in fed}) - {party}
    reached = _walk(ahead, roots, without=party)
    return _walk(ahead, {party}) - reached - {party}


def find_longest_chain(ways: Iterable[Way]) -> tuple[tuple[str, ...], ...]:
    """Return the longest chain of parties that pass data on, the first by name of several.

    Each step is a tuple of one party, or of the parties of a circle, which count as one step: the
    ways between the circles form no further one, so that there is a longest.
    """
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(sorted({name for way in ways for name in way if name}))
    graph.add_edges_from(sorted({way for way in ways if way[0]}))
    condensed = nx.condensation(graph)
    members = {
        one: tuple(sorted(names)) for one, names in condensed.nodes(data="members", default=())
    }
    longest: dict[int, tuple[tuple[str, ...], ...]] = {}
    order: list[int] = [*nx.topological_sort(condensed)]
    for one in reversed(order):
        tails = [longest[after] for after in condensed.successors(one)]
        longest[one] = (members[one], *min(tails, key=_order_chain, default=()))
    return min(longest.values(), key=_order_chain, default=())


def find_only_vendors(rows: pd.DataFrame, roles: Collection[str]) -> pd.DataFrame:
    """Return of edges to parties those to a vendor without which an activity has no other.

    Where the vendor is only said to pass data on, the row is the first that says so, with the
    vendor as ``target``.
    """
    via = rows[(rows["flow"] == "passed on") & (rows["source_kind"] == PARTY)]
    told = pd.MultiIndex.from_frame(rows[["activity_key", "target"]])
    silent = ~pd.MultiIndex.from_frame(via[["activity_key", "source"]]).isin(told)
    own = via[silent].assign(target=via.loc[silent, "source"])
    vendors = pd.concat([rows[rows["role"].isin(list(roles))], own])
    open_ended = vendors.loc[vendors["target"] == UNNAMED, "activity_key"]
    vendors = vendors[~vendors["activity_key"].isin(open_ended)]
    several = vendors.groupby("activity_key")["target"].transform("nunique") > 1
    chained = vendors[several & vendors["activity_key"].isin(via["activity_key"])]
    ways = list_ways(rows[rows["activity_key"].isin(chained["activity_key"])])
    held = chained.groupby("activity_key")["target"].unique()
    only = {
        (key, one)
        for key, names in zip(held.index.tolist(), held, strict=True)
        for one in names
        if set(names) - {one} <= find_cut_off(ways[key], one)
    }
    pairs = zip(chained["activity_key"], chained["target"], strict=True)
    found = chained[pd.Series([one in only for one in pairs], index=chained.index, dtype=bool)]
    both = pd.concat([vendors[~several], found])
    return both.drop_duplicates(["activity_key", "target"])


def _index(ways: Iterable[Way]) -> dict[str, set[str]]:
    ahead: dict[str, set[str]] = defaultdict(set)
    for source, target in ways:
        ahead[source].add(target)
    return ahead


def _walk(ahead: Mapping[str, set[str]], start: Iterable[str], *, without: str = "") -> set[str]:
    reached: set[str] = set()
    queue = list(start)
    while queue:
        one = queue.pop()
        if one not in reached:
            reached.add(one)
            queue += ahead.get(one, set()) - {without}
    return reached


def _order_chain(chain: tuple[tuple[str, ...], ...]) -> tuple[int, tuple[tuple[str, ...], ...]]:
    return -len(chain), chain
