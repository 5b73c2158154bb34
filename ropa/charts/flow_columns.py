"""A flow graph as columns: activities, recipients, those that they pass data to, and countries.

Nothing is drawn here. A step is an activity's flow from a slot of one column to a slot of a later
one. A party that one activity uses directly and another through a processor has a slot for each.
Activities whose flows are all the same share a slot: nothing is lost by that.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ropa.charts.safeguard_groups import choose_worst
from ropa.flows.building import FlowTable
from ropa.flows.words import ORGANISATION, SURROUNDINGS

if TYPE_CHECKING:
    import networkx as nx

Node = tuple[str, str, str]
Activity = tuple[str, str, str]

ACTIVITY, PARTY, COUNTRY = "activity", "party", "country"


class Slot(NamedTuple):
    """A place in a column.

    Attributes
    ----------
    column : int
        0 for activities, 1 for recipients, 2 and on for those that they pass data to; countries
        stand in the last column.
    kind : str
        ``activity``, ``party``, ``country``, or ``through`` for a ribbon that passes the column.
    name : str
        What tells it from others in its column.
    """

    column: int
    kind: str
    name: str


class Step(NamedTuple):
    """A flow from a slot to another.

    Attributes
    ----------
    source, target : Slot
        Where from and where to.
    safeguard : str
        Of a step into a country its verdict, the worst where two regimes judge it; of any other
        step the worst of those that it leads to. ``unjudged`` where no verdict was asked for, empty
        where it leads into no country.
    """

    source: Slot
    target: Slot
    safeguard: str


@dataclass(frozen=True, slots=True)
class Group:
    """Activities whose flows are all the same: their slot, how many they are, their steps."""

    slot: Slot
    activities: int
    steps: frozenset[Step]


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows of one register.

    Attributes
    ----------
    title : str
        What the organisation is called; after the register's name where there are several.
    groups : tuple of Group
        In the order of the register.
    labels : mapping
        What is written on a slot.
    columns : int
        How many columns there are, that of the countries included.
    kept : dict
        What was made of the flows, by what made it: nothing is weighed twice.
    """

    title: str
    groups: tuple[Group, ...]
    labels: Mapping[Slot, str]
    columns: int
    kept: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FlowSet:
    """The flows of several registers, read once for all that is drawn and told of them.

    Attributes
    ----------
    flows : tuple of Flows
        One a register, by its name; none where nothing flows.
    as_of : str
        The day of the verdicts; empty without.
    """

    flows: tuple[Flows, ...]
    as_of: str


class _Edge(NamedTuple):
    source: Node
    target: Node
    safeguard: str


_ORDER = ("file", "sheet", "row")
_ACTIVITY = ("activity_id", "activity", "purpose")

_START = Slot(0, ACTIVITY, "")
"""Stands for the activity itself in steps that are compared between activities."""


def list_flows(graph: "nx.MultiDiGraph | FlowSet") -> Sequence[Flows]:
    """Return the flows of each register in a graph of `ropa.flow_graph`, by its name."""
    return graph.flows if isinstance(graph, FlowSet) else read_graph(graph).flows


def read_graph(graph: "nx.MultiDiGraph | FlowSet") -> FlowSet:
    """Return the flows in a graph, as `read_table` does."""
    if isinstance(graph, FlowSet):
        return graph
    names = ("flow", *_ORDER, *_ACTIVITY)
    edges = list(graph.edges(data=True))
    columns: dict[str, list[Any]] = {
        "source": [source for source, _, _ in edges],
        "target": [target for _, target, _ in edges],
        **{name: [data[name] for *_, data in edges] for name in names},
        "safeguard": [data.get("safeguard", "unjudged") for *_, data in edges],
    }
    nodes = dict(graph.nodes(data=True))
    return read_table(FlowTable(nodes, pd.DataFrame(columns), graph.graph.get("as_of", "")))


def read_table(table: FlowTable) -> FlowSet:
    """Return the flows of a table to parties and countries, without what surrounds them."""
    edges = table.edges[~table.edges["flow"].isin(SURROUNDINGS)].reset_index(drop=True)
    owners = edges["source"].str[0] if len(edges) else pd.Series(dtype="str")
    registers = sorted(set(owners))
    flows = [_read_register(table.nodes, one, edges[owners == one]) for one in registers]
    if len(flows) > 1:
        named = zip(registers, flows, strict=True)
        flows = [replace(one, title=f"{register}: {one.title}") for register, one in named]
    return FlowSet(tuple(flows), table.as_of)


def _read_register(
    nodes: Mapping[Node, Mapping[str, Any]], register: str, edges: pd.DataFrame
) -> Flows:
    activities, patterns = _group_alike(edges)
    depths = [_find_depths(one.edges) for one in patterns]
    deepest = max(
        depth.get(edge.source, 0) + (edge.target[1] == PARTY)
        for depth, pattern in zip(depths, patterns, strict=True)
        for edge in pattern.edges
    )
    alike: dict[frozenset[Step], list[int]] = defaultdict(list)
    for depth, pattern in zip(depths, patterns, strict=True):
        alike[_list_steps(pattern.edges, depth, deepest + 1)] += pattern.activities
    groups = []
    labels: dict[Slot, str] = {}
    for number, (steps, numbers) in enumerate(alike.items()):
        slot = Slot(0, ACTIVITY, f"{number:04}")
        labels[slot] = _name_activities([activities[one] for one in sorted(numbers)])
        own = frozenset(
            Step(slot, one.target, one.safeguard) if one.source == _START else one for one in steps
        )
        groups.append(Group(slot, len(numbers), own))
    for slot in sorted({step.target for steps in alike for step in steps}):
        labels[slot] = nodes[(register, slot.kind, slot.name)]["label"] or slot.name
    return Flows(_name_register(nodes, register), tuple(groups), labels, deepest + 2)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Edges that some activities have alike, and the numbers of these."""

    edges: tuple[_Edge, ...]
    activities: list[int]


def _group_alike(edges: pd.DataFrame) -> tuple[list[Activity], list[_Pattern]]:
    """Return the activities in the order of the register, and what they have in common.

    What two activities with the same edges are read as is the same: each set of edges is read
    once.
    """
    numbers, nodes = pd.factorize(pd.concat([edges["source"], edges["target"]]))
    ranks = np.argsort(sorted(range(len(nodes)), key=nodes.__getitem__))[numbers]
    edges = edges.assign(from_rank=ranks[: len(edges)], to_rank=ranks[len(edges) :])
    edges = edges.sort_values([*_ORDER, "from_rank", "to_rank"], kind="stable")
    said = edges["safeguard"] if "safeguard" in edges else pd.Series("unjudged", edges.index)
    inner = edges["target"].str[1] != COUNTRY
    edges = edges.assign(safeguard=said.astype(object).mask(inner, ""))
    of = edges.groupby([*_ACTIVITY], sort=False, dropna=False).ngroup()
    like = edges.groupby(["from_rank", "to_rank", "safeguard"], sort=False, dropna=False).ngroup()
    names = edges.loc[~of.duplicated(), [*_ACTIVITY]].itertuples(index=False, name=None)
    kinds = edges.loc[~like.duplicated(), ["source", "target", "safeguard"]]
    made = [_Edge(*one) for one in kinds.itertuples(index=False, name=None)]
    pairs = pd.DataFrame({"of": of, "like": like}).drop_duplicates().sort_values(["of", "like"])
    held = pairs["like"].to_numpy()
    ends = np.flatnonzero(np.diff(pairs["of"].to_numpy(), append=-1)) + 1
    found: dict[bytes, list[int]] = defaultdict(list)
    begun = 0
    for number, end in enumerate(ends.tolist()):
        found[held[begun:end].tobytes()].append(number)
        begun = end
    patterns = [
        _Pattern(tuple(made[one] for one in np.frombuffer(key, held.dtype).tolist()), activities)
        for key, activities in found.items()
    ]
    return list(names), patterns


def _name_register(nodes: Iterable[Node], register: str) -> str:
    named = (node[2] for node in nodes if node[0] == register and node[1] == ORGANISATION)
    return min(named, default=register)


def _name_activities(activities: list[Activity]) -> str:
    if len(activities) == 1:
        label, name, purpose = activities[0]
        return f"{label}  {name or purpose}"
    return f"{len(activities)} activities: {', '.join(label for label, _, _ in activities)}"


def _find_depths(edges: Iterable[_Edge]) -> dict[Node, int]:
    """Return how many steps each party is away from one activity.

    A party through which data go, or from which they enter a country, receives them, even where
    no row of its own says so. Of parties that only name one another the first is taken to.
    """
    passes = sorted({(edge.source, edge.target) for edge in edges})
    parties = sorted({node for pair in passes for node in pair if node[1] == PARTY})
    behind = {target for source, target in passes if source[1] == PARTY and source != target}
    direct = {target for source, target in passes if source[1] != PARTY}
    roots = [one for one in parties if one in direct or one not in behind]
    depths: dict[Node, int] = {}
    while len(depths) < len(parties):
        reached = dict.fromkeys(roots, 1)
        depth = 1
        while reached:
            depths |= {one: depth for one in reached if one not in depths}
            depth += 1
            ahead = {b: depth for a, b in passes if a in reached and b[1] == PARTY}
            reached = {one: depth for one in sorted(ahead) if one not in depths}
        roots = [one for one in parties if one not in depths][:1]
    return depths


def _list_steps(edges: Iterable[_Edge], depths: Mapping[Node, int], last: int) -> frozenset[Step]:
    """Return the steps of one activity, from `_START` to the countries in the last column."""
    ways: dict[Slot, dict[Slot, set[str]]] = defaultdict(lambda: defaultdict(set))
    for edge in edges:
        depth = depths.get(edge.source, 0)
        source = Slot(depth, *edge.source[1:]) if depth else _START
        country = edge.target[1] == COUNTRY
        target = Slot(last if country else depth + 1, *edge.target[1:])
        ways[source][target].add(edge.safeguard)
    for node, depth in depths.items():
        if depth == 1:
            ways[_START][Slot(1, *node[1:])].add("")
    return frozenset(
        Step(source, target, choose_worst([*safeguards, *_look_ahead(ways, target)]))
        for source, targets in ways.items()
        for target, safeguards in targets.items()
    )


def _look_ahead(ways: Mapping[Slot, Mapping[Slot, set[str]]], slot: Slot) -> set[str]:
    """Return the verdicts that the ways from a slot lead to; each way goes to a later column."""
    found: set[str] = set()
    for target, safeguards in ways.get(slot, {}).items():
        found |= safeguards | _look_ahead(ways, target)
    return found
