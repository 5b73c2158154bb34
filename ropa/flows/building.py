"""The flow graph, built from lists of edges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from ropa.flows.activities import list_live, name_organisations
from ropa.flows.edges import (
    VERDICT,
    add_cells,
    list_disclosures,
    list_entries,
    list_surroundings,
)
from ropa.flows.words import ORGANISATION, PARTY, SURROUNDINGS, UNNAMED, Node, find_part
from ropa.lawbook import Law, load_law
from ropa.register import Register

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np
    import numpy.typing as npt

ATTRIBUTES = (
    "flow",
    "activity_key",
    "activity_id",
    "activity",
    "activity_role",
    "purpose",
    "role",
    "data_subjects",
    "data_categories",
    "categories_from",
    "special_category",
    "controllers",
    "file",
    "sheet",
    "row",
    "cell",
)
"""What every edge carries."""

TRANSFER_ATTRIBUTES = ("country_kind", "mechanism", *VERDICT)
"""What an edge into a country carries as well; all but the first two need a date."""


def build_graph(
    register: Register,
    *,
    as_of: date | None = None,
    law: Law | None = None,
    complete: bool = False,
) -> "nx.MultiDiGraph":
    """Return the flows of a register's live activities as a directed multigraph.

    Parameters
    ----------
    register : Register
        One register, or several: their nodes are kept apart.
    as_of : date, optional
        With a date, each edge into a country bears the verdict on its safeguard on that day.
    law : Law, optional
        Other law tables than the package's own.
    complete : bool
        Add whence the data come and who decides with the organisation: an edge from each group of
        data subjects and from each controller that a processor's record acts for to the
        organisation, and from the organisation to the joint controller that an activity's own cell
        names first. `select_flows` takes them off again.

    Returns
    -------
    networkx.MultiDiGraph
        A node is ``(register, kind, name)`` with the attributes ``register``, ``kind``
        (``"organisation"``, ``"party"``, ``"country"`` or ``"subjects"``), ``label``, ``role`` (of
        a party its first stated one: processor, sub-processor, authority, ...; of the organisation
        the capacities in which it acts), ``part`` (a word of `PARTS`) and ``code`` (of a country;
        empty where it is not identified). The organisation has ``activities`` and
        ``special_activities``: how many live activities its register has, and with special
        category data.

        An edge is one activity's flow; its kind ``flow`` is a word of `FLOWS`. It carries the
        activity (``activity_key``, ``activity_id``, ``activity``, ``activity_role``, ``purpose``,
        ``data_subjects``, ``controllers``), the party's ``role`` in it, the ``data_categories``
        that the recipient's row states, else those of the activity (``categories_from``), whether
        special category data are or may be among them (``special_category``), and the ``file``,
        ``sheet``, ``row`` and ``cell`` that it rests on. Lists are joined by semicolons.

        Into a country it carries ``country_kind`` (as in the table ``transfers``), ``mechanism``
        and, with `as_of`, ``regime``, ``safeguard`` (a word of `ropa.transfers.SAFEGUARDS`),
        ``rule`` that is broken and ``instrument`` (ids of law rows): one edge for each regime
        under which the register is judged.

        A transfer whose recipient is not stated leaves the organisation itself; one whose country
        is not identified enters a node that says so. A recipient that is not named has a node that
        says so: it stands for all of them. The graph's attribute ``as_of`` is the date, or empty.
        An empty register gives an empty graph.
    """
    return make_graph(tabulate_flows(register, as_of=as_of, law=law, complete=complete))


@dataclass(frozen=True, slots=True)
class FlowTable:
    """The flows of a register as a table: what a graph of many thousand edges is written from.

    Attributes
    ----------
    nodes : mapping
        Node to its attributes, in the order of the graph.
    edges : DataFrame
        One row an edge: ``source`` and ``target`` (nodes), `ATTRIBUTES`, and with edges into
        countries `TRANSFER_ATTRIBUTES`, which are of no meaning in the other rows.
    as_of : str
        The day of the verdicts; empty without.
    folded : str
        Whether an edge stands for several activities (`ropa.flows.folding`), in words; empty where
        each stands for one.
    """

    nodes: Mapping[Node, Mapping[str, Any]]
    edges: pd.DataFrame
    as_of: str
    folded: str = ""


def tabulate_flows(
    register: Register,
    *,
    as_of: date | None = None,
    law: Law | None = None,
    complete: bool = False,
    verdicts: pd.DataFrame | None = None,
) -> FlowTable:
    """Return the flows of a register as a table.

    Parameters
    ----------
    register, as_of, law, complete
        As in `build_graph`.
    verdicts : DataFrame, optional
        What `ropa.transfers.judge_transfers` gives for the day, where it is known already.
    """
    live = list_live(register)
    edges = list_flow_rows(register, live, as_of, law, complete=complete, verdicts=verdicts)
    nodes = dict(_list_nodes(register, live, edges))
    names = [one for one in (*ATTRIBUTES, *TRANSFER_ATTRIBUTES) if one in edges]
    return FlowTable(
        nodes, edges[["source", "target", *names]], "" if as_of is None else as_of.isoformat()
    )


def make_graph(table: FlowTable) -> "nx.MultiDiGraph":
    """Return flows as a graph, with the edges into countries last."""
    import networkx as nx

    graph = nx.MultiDiGraph(as_of=table.as_of)
    graph.add_nodes_from(table.nodes.items())
    for transferred in (False, True):
        rows = table.edges[(table.edges["flow"] == "transferred") == transferred]
        names = [one for one in name_attributes(transferred=transferred) if one in rows]
        columns = [share_texts(rows[name]) for name in names]
        carried = (dict(zip(names, one, strict=True)) for one in zip(*columns, strict=True))
        graph.add_edges_from(zip(rows["source"], rows["target"], carried, strict=True))
    return graph


def name_attributes(*, transferred: bool) -> tuple[str, ...]:
    """Return the names of what an edge carries, into a country or elsewhere."""
    return (*ATTRIBUTES, *TRANSFER_ATTRIBUTES) if transferred else ATTRIBUTES


def share_texts(column: pd.Series) -> list[Any]:
    """Return the values of a column; one that occurs often is held once."""
    if column.dtype != "str":
        return column.tolist()
    numbers, texts = pd.factorize(column, use_na_sentinel=False)
    held = texts.tolist()
    return [held[number] for number in numbers.tolist()]


def select_flows(graph: "nx.MultiDiGraph") -> "nx.MultiDiGraph":
    """Return a graph with the flows to parties and countries alone, as without ``complete``."""
    kept = graph.__class__(**graph.graph)
    edges = [
        (source, target, data)
        for source, target, data in graph.edges(data=True)
        if data.get("flow") not in SURROUNDINGS
    ]
    ends = {node for source, target, _ in edges for node in (source, target)}
    owners = {node[0] for node in ends}
    kept.add_nodes_from(
        (node, data)
        for node, data in graph.nodes(data=True)
        if node in ends or (data["kind"] == ORGANISATION and node[0] in owners)
    )
    kept.add_edges_from(edges)
    return kept


def list_flow_rows(
    register: Register,
    live: pd.DataFrame,
    as_of: date | None,
    law: Law | None,
    *,
    complete: bool = False,
    verdicts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the edges of the graph as a frame, with ``source`` and ``target`` as nodes."""
    discloses = list_disclosures(register, live)
    parts = [discloses, list_entries(register, live, as_of, law or load_law(), verdicts)]
    if complete:
        parts.append(list_surroundings(register, live, discloses))
    return add_cells(register, pd.concat(parts, ignore_index=True))


def _list_nodes(
    register: Register, live: pd.DataFrame, edges: pd.DataFrame
) -> Iterable[tuple[Node, dict[str, Any]]]:
    """Return each node once, in the order of the edges, the organisations first."""
    used = set(edges["register"])
    counted = live.groupby("register")["special_category"].agg(["size", "sum"])
    roles = live[live["activity_role"] != ""].groupby("register")["activity_role"].unique()
    for one, name in name_organisations(register).items():
        if one in used:
            role = "; ".join(sorted(roles.get(one, ())))
            yield (
                (one, ORGANISATION, name),
                {
                    **_describe((one, ORGANISATION, name), name, role, ""),
                    "activities": int(counted["size"].get(one, 0)),
                    "special_activities": int(counted["sum"].get(one, 0)),
                },
            )
    behalf = edges["flow"] == "on behalf"
    sources = pd.DataFrame(
        {
            "node": edges["source"],
            "label": edges["source_label"],
            "role": edges["role"].where(behalf, ""),
            "code": "",
        }
    )
    targets = edges[["target", "label", "role", "code"]].rename(columns={"target": "node"})
    ends = pd.concat([targets[~behalf], sources], ignore_index=True).fillna("")
    numbers, nodes = pd.factorize(ends["node"])
    told = {name: _tell_first(numbers, ends[name]) for name in ("label", "role", "code")}
    for number, node in enumerate(nodes):
        if node[1] != ORGANISATION:
            label, role, code = (known.get(number, "") for known in told.values())
            yield node, _describe(node, label or UNNAMED, role, code)


def _tell_first(numbers: "npt.NDArray[np.intp]", texts: pd.Series) -> dict[int, str]:
    """Return for each number the first of its texts that is not empty."""
    said = (texts != "").to_numpy()
    first = pd.Series(texts[said].to_numpy(), index=numbers[said])
    first = first[~first.index.duplicated()]
    return dict(zip(first.index.tolist(), first.tolist(), strict=True))


def _describe(node: Node, label: str, role: str, code: str) -> dict[str, Any]:
    kind = node[1]
    part = find_part(kind, role) if kind == PARTY else find_part(kind, "")
    return {
        "register": node[0],
        "kind": kind,
        "label": label,
        "role": role,
        "part": part,
        "code": code,
    }
