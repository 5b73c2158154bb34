"""The whole flow graph as a file: GraphML, and node-link JSON."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from ropa.flows.plain import make_plain

if TYPE_CHECKING:
    import networkx as nx

_TYPES = {str: "string", bool: "boolean", int: "long", float: "double"}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">"""


def format_graphml(graph: "nx.MultiDiGraph") -> bytes:
    """Return a flow graph as GraphML, with all attributes of its nodes and edges.

    `networkx.read_graphml` reads it back with ``force_multigraph=True``. An attribute that an edge
    does not have is left out.

    References
    ----------
    http://graphml.graphdrawing.org/specification.html
    """
    plain = make_plain(graph)
    nodes = list(plain.nodes(data=True))
    edges = list(plain.edges(keys=True, data=True))
    kinds = (
        ("graph", [plain.graph]),
        ("node", [data for _, data in nodes]),
        ("edge", [data for *_, data in edges]),
    )
    keys = {(kind, *one): "" for kind, held in kinds for one in _list_types(held)}
    keys = {one: f"d{number}" for number, one in enumerate(keys)}
    lines = [_HEAD]
    lines += [
        f'  <key id="{key}" for="{kind}" attr.name="{name}" attr.type="{word}"/>'
        for (kind, name, word), key in keys.items()
    ]
    ids = {(kind, name): key for (kind, name, _), key in keys.items()}
    lines.append('  <graph id="flows" edgedefault="directed">')
    lines += _list_data("graph", plain.graph, ids)
    for node, data in nodes:
        lines += [f'    <node id="{node}">', *_list_data("node", data, ids), "    </node>"]
    for source, target, edge, data in edges:
        lines.append(f'    <edge id="{edge}" source="{source}" target="{target}">')
        lines += [*_list_data("edge", data, ids), "    </edge>"]
    return "\n".join([*lines, "  </graph>", "</graphml>", ""]).encode()


def _list_types(held: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return each attribute once, with the word for its type."""
    found = {name: _TYPES[type(value)] for data in held for name, value in data.items()}
    return list(found.items())


def _list_data(kind: str, data: Mapping[str, Any], ids: Mapping[tuple[str, str], str]) -> list[str]:
    return [
        f'      <data key="{ids[kind, name]}">{_write_value(value)}</data>'
        for name, value in data.items()
    ]


def _write_value(value: str | bool | int) -> str:  # noqa: FBT001 - a value to write, no switch
    return escape(value) if isinstance(value, str) else str(value).lower()


def format_json(graph: "nx.MultiDiGraph") -> bytes:
    """Return a flow graph as JSON: ``nodes`` and ``edges``, as `networkx.node_link_graph` reads.

    Each node has an ``id``, each edge a ``source``, a ``target`` and a ``key``, and all their
    attributes.
    """
    plain = make_plain(graph)
    data = {
        "directed": True,
        "multigraph": True,
        "graph": plain.graph,
        "nodes": [{"id": node, **data} for node, data in plain.nodes(data=True)],
        "edges": [
            {"source": source, "target": target, "key": key, **data}
            for source, target, key, data in plain.edges(keys=True, data=True)
        ],
    }
    return (json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
