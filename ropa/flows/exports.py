"""The whole flow graph as a file: GraphML, and node-link JSON.

GraphML is written by columns: each text is cleaned and escaped once, however many edges bear it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from ropa.flows.building import TRANSFER_ATTRIBUTES, FlowTable, share_texts
from ropa.flows.folding import fold_table
from ropa.flows.plain import clean_text, make_plain
from ropa.flows.words import Node

if TYPE_CHECKING:
    import networkx as nx

_TYPES = {str: "string", bool: "boolean", int: "long", float: "double"}
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">"""
_ABSENT = object()
"""Stands where an edge has no attribute of a name."""


def format_graphml(graph: "nx.MultiDiGraph") -> bytes:
    """Return a flow graph as GraphML, with all attributes of its nodes and edges.

    `networkx.read_graphml` reads it back with ``force_multigraph=True``. An attribute that an edge
    does not have is left out.

    References
    ----------
    http://graphml.graphdrawing.org/specification.html
    """
    edges = list(graph.edges(data=True))
    names = dict.fromkeys(name for *_, data in edges for name in data)
    columns = {name: [data.get(name, _ABSENT) for *_, data in edges] for name in names}
    ends = [(source, target) for source, target, _ in edges]
    return _write(graph.graph, dict(graph.nodes(data=True)), ends, columns)


def format_flow_table(table: FlowTable) -> bytes:
    """Return flows as GraphML: what `format_graphml` gives of their graph, whatever the size.

    Of very many edges, alike ones are one (`ropa.flows.folding.fold_table`); the attribute
    ``folded`` of the graph says so.
    """
    folded = fold_table(table)
    rows = _order_edges(folded)
    inner = (rows["flow"] != "transferred").tolist()
    columns = {}
    for name in (str(one) for one in rows if one not in ("source", "target")):
        columns[name] = share_texts(rows[name])
        if name in TRANSFER_ATTRIBUTES:
            pairs = zip(columns[name], inner, strict=True)
            columns[name] = [_ABSENT if left_out else value for value, left_out in pairs]
    told = {"as_of": folded.as_of} | ({"folded": folded.folded} if folded.folded else {})
    ends = list(zip(rows["source"], rows["target"], strict=True))
    return _write(told, folded.nodes, ends, columns)


def _order_edges(table: FlowTable) -> pd.DataFrame:
    """Return the edges as the graph gives them: by source, then as its targets first occur."""
    late = (table.edges["flow"] == "transferred").to_numpy()
    rows = table.edges.iloc[np.argsort(late, kind="stable")].reset_index(drop=True)
    ranks = {node: number for number, node in enumerate(table.nodes)}
    source = np.array([ranks[one] for one in rows["source"]], dtype=np.int64)
    target = np.array([ranks[one] for one in rows["target"]], dtype=np.int64)
    _, first, pair = np.unique(
        source * max(len(ranks), 1) + target, return_index=True, return_inverse=True
    )
    return rows.iloc[np.lexsort((first[pair], source))]


def _write(
    told: Mapping[str, Any],
    nodes: Mapping[Node, Mapping[str, Any]],
    ends: Sequence[tuple[Node, Node]],
    columns: Mapping[str, Sequence[Any]],
) -> bytes:
    named = [{**data, "name": node[2]} for node, data in nodes.items()]
    types = {("graph", name): _name_type([value]) for name, value in told.items()}
    types |= {("node", name): _name_type([value]) for one in named for name, value in one.items()}
    types |= {("edge", name): _name_type(values) for name, values in columns.items()}
    # A name without a value is none: the file has no key for it.
    keys = {one: f"d{number}" for number, one in enumerate(one for one in types if types[one])}
    lines = [_HEAD]
    lines += [
        f'  <key id="{key}" for="{kind}" attr.name="{name}" attr.type="{types[kind, name]}"/>'
        for (kind, name), key in keys.items()
    ]
    lines.append('  <graph id="flows" edgedefault="directed">')
    lines += [_write_value(keys["graph", name], value)[:-1] for name, value in told.items()]
    ids = {node: f"n{number}" for number, node in enumerate(nodes, 1)}
    for identity, data in zip(ids.values(), named, strict=True):
        lines.append(f'    <node id="{identity}">')
        lines += [_write_value(keys["node", name], value)[:-1] for name, value in data.items()]
        lines.append("    </node>")
    text = "\n".join([*lines, ""])
    parts = [_write_column(keys.get(("edge", one), ""), values) for one, values in columns.items()]
    heads = [
        f'    <edge id="e{number}" source="{ids[source]}" target="{ids[target]}">\n'
        for number, (source, target) in enumerate(ends, 1)
    ]
    foot = ["    </edge>\n"] * len(heads)
    body = "".join(["".join(row) for row in zip(heads, *parts, foot, strict=True)])
    return f"{text}{body}  </graph>\n</graphml>\n".encode()


def _name_type(values: Iterable[Any]) -> str:
    """Return the word for the type of some values; empty where there is none."""
    kinds = {type(value) for value in values} - {object}
    return _TYPES[min(kinds, key=[*_TYPES].index)] if kinds else ""


def _write_column(key: str, values: Sequence[Any]) -> list[str]:
    """Return the line of each edge; each value is written once."""
    written: dict[Any, str] = {_ABSENT: ""}
    for value in set(values) - {_ABSENT}:
        written[value] = _write_value(key, value)
    return [written[value] for value in values]


def _write_value(key: str, value: str | bool | int) -> str:  # noqa: FBT001 - a value to write, no switch
    text = escape(clean_text(value)) if isinstance(value, str) else str(value).lower()
    return f'      <data key="{key}">{text}</data>\n'


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
