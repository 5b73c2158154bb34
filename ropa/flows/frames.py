"""The flow graph as tidy frames, and what the measures of it share."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from ropa.errors import UsageError
from ropa.flows.building import ATTRIBUTES, TRANSFER_ATTRIBUTES
from ropa.flows.words import FLOWS, ORGANISATION, PARTY, UNNAMED
from ropa.phrases.matching import fold

if TYPE_CHECKING:
    import networkx as nx

EDGE_COLUMNS = (
    "register",
    "source_kind",
    "source",
    "target_kind",
    "target",
    "target_code",
    *ATTRIBUTES,
    *TRANSFER_ATTRIBUTES,
)
"""The columns of `list_edges`."""

_TYPES = {"activity_key": "int64", "row": "int64", "special_category": "bool"}
_MEASURES = {
    "activities": "int64",
    "special_activities": "int64",
    "recipients": "int64",
    "countries": "int64",
    "vendors": "int64",
    "links": "int64",
    "unnamed": "int64",
    "parties": "int64",
    "activity_share": "float64",
    "special_share": "float64",
    "link_share": "float64",
    "largest_share": "float64",
    "herfindahl": "float64",
    "effective_vendors": "float64",
    "special_herfindahl": "float64",
    "special_category": "bool",
    "circle": "bool",
}


def list_edges(graph: "nx.MultiDiGraph") -> pd.DataFrame:
    """Return the edges of a graph of `ropa.flow_graph` as a frame.

    Returns
    -------
    DataFrame
        One row an edge, in the order of the graph, with the columns of `EDGE_COLUMNS`: ``source``
        and ``target`` are the nodes' names as compared (of a folded case), ``source_kind`` and
        ``target_kind`` their kinds, ``target_code`` the code of a country; the others are the
        edge's attributes, empty where it has none. Without edges it is empty.
    """
    return select_edges(graph, frozenset(FLOWS))


def select_edges(graph: "nx.MultiDiGraph", flows: Collection[str]) -> pd.DataFrame:
    """Return the edges of some kinds of flows (`FLOWS`), as `list_edges` does."""
    codes = dict(graph.nodes(data="code", default=""))
    edges = [edge for edge in graph.edges(data=True) if edge[2]["flow"] in flows]
    columns: dict[str, list[Any]] = {
        "register": [source[0] for source, _, _ in edges],
        "source_kind": [source[1] for source, _, _ in edges],
        "source": [source[2] for source, _, _ in edges],
        "target_kind": [target[1] for _, target, _ in edges],
        "target": [target[2] for _, target, _ in edges],
        "target_code": [codes[target] for _, target, _ in edges],
    }
    for name in (*ATTRIBUTES, *TRANSFER_ATTRIBUTES):
        columns[name] = [data.get(name, "") for _, _, data in edges]
    return make_frame(pd.DataFrame(columns), EDGE_COLUMNS)


def list_nodes(graph: "nx.MultiDiGraph") -> pd.DataFrame:
    """Return the nodes of a graph of `ropa.flow_graph` as a frame.

    Returns
    -------
    DataFrame
        One row a node: ``register``, ``kind``, ``name`` (as compared), ``label``, ``role``,
        ``part`` and ``code``, in the order of the graph.
    """
    rows = [
        {"name": node[2], **{key: value for key, value in data.items() if isinstance(value, str)}}
        for node, data in graph.nodes(data=True)
    ]
    return make_frame(
        pd.DataFrame(rows), ("register", "kind", "name", "label", "role", "part", "code")
    )


def select_transfers(graph: "nx.MultiDiGraph") -> pd.DataFrame:
    """Return the edges into countries, with ``country``, ``country_code`` and ``recipient``."""
    rows = select_edges(graph, {"transferred"})
    parties = rows["source_kind"] == PARTY
    return rows.assign(
        country=name_nodes(graph, rows, "target"),
        country_code=rows["target_code"],
        recipient=name_nodes(graph, rows, "source").where(parties, ""),
    )


def name_nodes(graph: "nx.MultiDiGraph", rows: pd.DataFrame, end: str) -> pd.Series:
    """Return the labels of the nodes at an end of some edges."""
    labels = dict(graph.nodes(data="label", default=""))
    ends = zip(rows["register"], rows[f"{end}_kind"], rows[end], strict=True)
    return pd.Series([labels[one] for one in ends], index=rows.index, dtype="str")


def count_activities(
    graph: "nx.MultiDiGraph", rows: pd.DataFrame, by: Sequence[str]
) -> pd.DataFrame:
    """Count the activities of some edges by columns, the register among them.

    Returns
    -------
    DataFrame
        One row a value of the columns: ``activities``, ``special_activities`` (where special
        category data are or may be among the data of one of its edges), and each as a share of
        all live activities of the register: ``activity_share``, ``special_share``. A share of
        none is 0.
    """
    keys = list(by)
    each = rows.groupby([*keys, "activity_key"], sort=False)["special_category"].any()
    found = each.groupby(keys, sort=True).agg(["size", "sum"])
    found = found.set_axis(["activities", "special_activities"], axis=1).reset_index()
    totals = count_live(graph)
    return found.assign(
        activity_share=_share(found, totals, "activities"),
        special_share=_share(found, totals, "special_activities"),
    )


def count_live(graph: "nx.MultiDiGraph") -> dict[str, dict[str, int]]:
    """Return how many live activities each register has: all, and with special category data."""
    return {
        node[0]: {name: data[name] for name in ("activities", "special_activities")}
        for node, data in graph.nodes(data=True)
        if data["kind"] == ORGANISATION
    }


def _share(found: pd.DataFrame, totals: dict[str, dict[str, int]], name: str) -> pd.Series:
    counts = {one: held[name] for one, held in totals.items()}
    whole = found["register"].map(counts).astype("float64")
    return (found[name] / whole.where(whole > 0)).fillna(0.0)


def find_party(graph: "nx.MultiDiGraph", name: str) -> str:
    """Return a party's name as compared.

    Raises
    ------
    UsageError
        No register of the graph names it, or the name is empty.
    """
    folded = fold(name)
    if folded and any(node[1] == PARTY and node[2] == folded for node in graph):
        if folded == UNNAMED:
            raise UsageError(f"{UNNAMED!r} is no single recipient: name one that the register does")
        return folded
    raise UsageError(
        f"the graph has no recipient of the name {name!r}: write it as list_nodes(graph) has it"
    )


def make_frame(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return some columns of a frame, of the types that they have also where it is empty."""
    types = {name: _TYPES.get(name) or _MEASURES.get(name) or "str" for name in columns}
    return frame.reindex(columns=list(columns)).astype(types).reset_index(drop=True)
