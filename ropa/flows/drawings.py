"""The flow graph as a text from which other programs draw: Graphviz DOT and Mermaid.

Drawn are the parties, not the activities: edges between the same nodes, of the same kind and with
the same verdict, are one, which says how many activities it stands for. The whole graph is in the
other formats (`ropa.flows.exports`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ropa.flows.frames import list_edges
from ropa.flows.plain import make_label
from ropa.flows.words import PARTS, Node
from ropa.transfers import SAFEGUARDS

if TYPE_CHECKING:
    import networkx as nx

PLAIN_COLOUR = "#4A5560"
"""Of an edge without a verdict, and of one whose verdict has no colour."""

_DOT_SHAPES = {
    "data subjects": "ellipse",
    "organisation": "doubleoctagon",
    "controller": "house",
    "joint controller": "house",
    "processor": "box",
    "sub-processor": "component",
    "recipient": "note",
    "country": "hexagon",
}
_MERMAID_SHAPES = {
    "data subjects": ('(["', '"])'),
    "organisation": ('[["', '"]]'),
    "controller": ('[/"', '"\\]'),
    "joint controller": ('[/"', '"\\]'),
    "processor": ('["', '"]'),
    "sub-processor": ('[/"', '"/]'),
    "recipient": ('("', '")'),
    "country": ('{{"', '"}}'),
}
_DOT_SIGNS = str.maketrans({"\\": "\\\\", '"': '\\"'})
_MERMAID_PLAIN = frozenset(" ,.()-")


@dataclass(frozen=True, slots=True)
class _Arrow:
    """What is drawn as one edge: ids of its ends, its words, its verdict, whether it is special."""

    source: str
    target: str
    label: str
    safeguard: str
    special: bool


def format_dot(graph: "nx.MultiDiGraph", colours: Mapping[str, str] | None = None) -> bytes:
    """Return the parties of a flow graph as Graphviz DOT.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `ropa.flow_graph`.
    colours : mapping, optional
        Safeguard to colour (``"#2F78B7"``) of the edges that bear it. The edge says it in words.

    References
    ----------
    https://graphviz.org/doc/info/lang.html
    """
    colours = colours or {}
    ids = _number(graph)
    lines = [
        "digraph flows {",
        "  rankdir=LR;",
        '  node [fontname="sans-serif", fontsize=11, color="#4A5560"];',
        '  edge [fontname="sans-serif", fontsize=9];',
    ]
    if graph.graph.get("as_of"):
        lines.append(f"  label={_quote_dot('As of ' + str(graph.graph['as_of']))};")
    for register, nodes in _group_nodes(graph, ids).items():
        several = len({node[0] for node in graph}) > 1
        if several:
            lines += [f"  subgraph cluster_{nodes[0]} {{", f"    label={_quote_dot(register)};"]
        lines += [
            f"    {line}" if several else f"  {line}" for line in _list_dot(graph, ids, nodes)
        ]
        lines += ["  }"] if several else []
    for arrow in _list_arrows(graph, ids):
        colour = colours.get(arrow.safeguard, PLAIN_COLOUR)
        width = ", penwidth=2" if arrow.special else ""
        lines.append(
            f"  {arrow.source} -> {arrow.target}"
            f' [label={_quote_dot(arrow.label)}, color="{colour}"{width}];'
        )
    return "\n".join([*lines, "}", ""]).encode()


def format_mermaid(graph: "nx.MultiDiGraph", colours: Mapping[str, str] | None = None) -> bytes:
    """Return the parties of a flow graph as a Mermaid flowchart.

    Viewers refuse a chart of more than 500 edges or 50,000 characters unless they are set to take
    it (``maxEdges``, ``maxTextSize``).

    Parameters
    ----------
    graph, colours
        As in `format_dot`.

    References
    ----------
    https://mermaid.js.org/syntax/flowchart.html
    """
    colours = colours or {}
    ids = _number(graph)
    day = str(graph.graph.get("as_of", ""))
    lines = [f"%% As of {make_label(day)}"] if day else []
    lines.append("flowchart LR")
    several = len({node[0] for node in graph}) > 1
    for register, nodes in _group_nodes(graph, ids).items():
        if several:
            lines.append(f'  subgraph s{nodes[0]}["{_escape_mermaid(make_label(register))}"]')
        names = {name: node for node, name in ids.items()}
        for one in nodes:
            data = graph.nodes[names[one]]
            opens, closes = _MERMAID_SHAPES[data["part"]]
            label = f"{_escape_mermaid(make_label(data['label']))}<br/>{_describe(data['part'])}"
            lines.append(f"  {one}{opens}{label}{closes}")
        lines += ["  end"] if several else []
    arrows = _list_arrows(graph, ids)
    for arrow in arrows:
        tip = "==>" if arrow.special else "-->"
        label = _escape_mermaid(arrow.label)
        lines.append(f'  {arrow.source} {tip}|"{label}"| {arrow.target}')
    for colour in sorted({*colours.values()}):
        drawn = [
            str(at) for at, one in enumerate(arrows) if colours.get(one.safeguard, "") == colour
        ]
        if drawn:
            lines.append(f"  linkStyle {','.join(drawn)} stroke:{colour}")
    return "\n".join([*lines, ""]).encode()


def _number(graph: "nx.MultiDiGraph") -> dict[Node, str]:
    return {node: f"n{number}" for number, node in enumerate(graph, 1)}


def _group_nodes(graph: "nx.MultiDiGraph", ids: Mapping[Node, str]) -> dict[str, list[str]]:
    """Return the ids of the nodes of each register, in the order in which data pass."""
    ranks = {part: rank for rank, part in enumerate(PARTS)}
    ordered = sorted(graph.nodes(data="part"), key=lambda one: ranks[one[1]])
    groups: dict[str, list[str]] = {}
    for node, _ in ordered:
        groups.setdefault(node[0], []).append(ids[node])
    return dict(sorted(groups.items()))


def _list_dot(graph: "nx.MultiDiGraph", ids: Mapping[Node, str], chosen: list[str]) -> list[str]:
    names = {name: node for node, name in ids.items()}
    lines = []
    for one in chosen:
        data = graph.nodes[names[one]]
        label = f"{_escape_dot(make_label(data['label']))}\\n{_describe(data['part'])}"
        lines.append(f'{one} [label="{label}", shape={_DOT_SHAPES[data["part"]]}];')
    return lines


def _list_arrows(graph: "nx.MultiDiGraph", ids: Mapping[Node, str]) -> list[_Arrow]:
    """Return what is drawn as one edge, in the order of the graph."""
    rows = list_edges(graph)
    ends = ["register", "source_kind", "source", "target_kind", "target"]
    by = [*ends, "flow", "regime", "safeguard"]
    found = rows.groupby(by, sort=False).agg(
        activities=("activity_key", "nunique"), special=("special_category", "any")
    )
    judged = rows[rows["regime"] != ""].groupby("register")["regime"].nunique()
    regimes = {one: judged.get(one, 0) > 1 for one in rows["register"].unique()}
    places = found.index.to_frame(index=False)
    starts = zip(places["register"], places["source_kind"], places["source"], strict=True)
    stops = zip(places["register"], places["target_kind"], places["target"], strict=True)
    return [
        _Arrow(
            ids[start],
            ids[stop],
            _word_arrow(number, flow, safeguard, regime if regimes[start[0]] else "", special),
            safeguard,
            special,
        )
        for start, stop, flow, regime, safeguard, number, special in zip(
            starts,
            stops,
            places["flow"],
            places["regime"],
            places["safeguard"],
            found["activities"],
            found["special"],
            strict=True,
        )
    ]


def _word_arrow(number: int, flow: str, safeguard: str, regime: str, special: bool) -> str:  # noqa: FBT001 - a private helper, called once
    words = ["1 activity" if number == 1 else f"{number} activities"]
    if safeguard:
        words.append(f"{regime.upper()} safeguard: {SAFEGUARDS[safeguard]}".strip())
    elif flow in ("jointly", "on behalf"):
        words.append(flow)
    if special:
        words.append("special category data")
    return ", ".join(words)


def _describe(part: str) -> str:
    return f"({part})"


def _escape_dot(text: str) -> str:
    return text.translate(_DOT_SIGNS)


def _quote_dot(text: str) -> str:
    return f'"{_escape_dot(make_label(text))}"'


def _escape_mermaid(text: str) -> str:
    """Write every sign that could be markup by its number: quotes, brackets, backticks, ``#``."""
    return "".join(
        sign if sign.isalnum() or sign in _MERMAID_PLAIN or not sign.isascii() else f"#{ord(sign)};"
        for sign in text
    )
