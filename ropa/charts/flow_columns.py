"""A flow graph as columns: activities, recipients, those that they pass data to, and countries.

Nothing is drawn here. A step is an activity's flow from a slot of one column to a slot of a later
one. A party that one activity uses directly and another through a processor has a slot for each.
Activities whose flows are all the same share a slot: nothing is lost by that.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ropa.charts.safeguard_groups import choose_worst
from ropa.flows import select_flows

if TYPE_CHECKING:
    import networkx as nx

Node = tuple[str, str, str]
Activity = tuple[str, str, str]

ACTIVITY, PARTY, COUNTRY = "activity", "party", "country"


@dataclass(frozen=True, slots=True, order=True)
class Slot:
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


@dataclass(frozen=True, slots=True, order=True)
class Step:
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
    """

    title: str
    groups: tuple[Group, ...]
    labels: Mapping[Slot, str]
    columns: int


@dataclass(frozen=True, slots=True)
class _Edge:
    source: Node
    target: Node
    safeguard: str


_START = Slot(0, ACTIVITY, "")
"""Stands for the activity itself in steps that are compared between activities."""


def list_flows(graph: "nx.MultiDiGraph") -> list[Flows]:
    """Return the flows of each register in a graph of `ropa.flow_graph`, by its name."""
    graph = select_flows(graph)
    found: dict[str, dict[Activity, list[_Edge]]] = defaultdict(lambda: defaultdict(list))
    for source, target, data in sorted(graph.edges(data=True), key=_order_edge):
        activity = (data["activity_id"], data["activity"], data["purpose"])
        unjudged = "unjudged" if target[1] == COUNTRY else ""
        edge = _Edge(source, target, data.get("safeguard", unjudged))
        found[source[0]][activity].append(edge)
    flows = [_read_register(graph, one, found[one]) for one in sorted(found)]
    if len(flows) == 1:
        return flows
    return [
        replace(one, title=f"{register}: {one.title}")
        for register, one in zip(sorted(found), flows, strict=True)
    ]


def _order_edge(edge: tuple[Node, Node, Mapping[str, str | int]]) -> tuple[object, ...]:
    source, target, data = edge
    return (data["file"], data["sheet"], data["row"], source, target)


def _read_register(
    graph: "nx.MultiDiGraph", register: str, flows: Mapping[Activity, list[_Edge]]
) -> Flows:
    depths = {activity: _find_depths(edges) for activity, edges in flows.items()}
    deepest = max(
        depths[activity].get(edge.source, 0) + (edge.target[1] == PARTY)
        for activity, edges in flows.items()
        for edge in edges
    )
    alike: dict[frozenset[Step], list[Activity]] = defaultdict(list)
    for activity, edges in flows.items():
        alike[_list_steps(edges, depths[activity], deepest + 1)].append(activity)
    groups = []
    labels: dict[Slot, str] = {}
    for number, (steps, activities) in enumerate(alike.items()):
        slot = Slot(0, ACTIVITY, f"{number:04}")
        labels[slot] = _name_activities(activities)
        own = frozenset(
            Step(slot, one.target, one.safeguard) if one.source == _START else one for one in steps
        )
        groups.append(Group(slot, len(activities), own))
    for step in sorted({step for group in groups for step in group.steps}):
        if step.target not in labels:
            node = graph.nodes[(register, step.target.kind, step.target.name)]
            labels[step.target] = node["label"] or step.target.name
    return Flows(_name_register(graph, register), tuple(groups), labels, deepest + 2)


def _name_register(graph: "nx.MultiDiGraph", register: str) -> str:
    named = (node[2] for node in graph if node[0] == register and node[1] == "organisation")
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
