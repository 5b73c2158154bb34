"""The flow graph: who passes personal data to whom, and into which country."""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from ropa.lawbook import Law, load_law
from ropa.phrases.matching import fold
from ropa.phrases.place_names import country_name
from ropa.register import Register
from ropa.schema import NOT_LIVE
from ropa.transfers import judge_transfers

if TYPE_CHECKING:
    import networkx as nx

_UNNAMED = "recipient not named"
_UNIDENTIFIED = "Country not identified"
_CARRIED = ["activity_id", "activity", "purpose", "file", "sheet", "row"]


def build_graph(
    register: Register, *, as_of: date | None = None, law: Law | None = None
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

    Returns
    -------
    networkx.MultiDiGraph
        A node is ``(register, kind, name)`` with the attributes ``kind`` (``"organisation"``,
        ``"party"`` or ``"country"``), ``label`` and ``role`` (of a party: processor,
        sub-processor, ...). An edge is one activity's flow from the organisation to a party, from
        a party to its sub-processor, or into the country where the data are received, with
        ``activity_id``, ``activity``, ``purpose``, ``file``, ``sheet``, ``row``, and into a
        country ``mechanism`` and, with `as_of`, ``regime`` and ``safeguard``. A transfer whose
        recipient is not stated leaves the organisation itself; one whose country is not
        identified enters a node that says so. The graph's attribute ``as_of`` is the date, or
        empty. An empty register gives an empty graph.
    """
    import networkx as nx

    discloses = _list_disclosures(register)
    enters = _list_entries(register, as_of, law)
    edges = pd.concat([discloses, enters], ignore_index=True)
    graph = nx.MultiDiGraph(as_of="" if as_of is None else as_of.isoformat())
    for frame in (_list_parties(discloses), _list_countries(enters)):
        for name, kind, label, role in frame.itertuples(index=False, name=None):
            graph.add_node(name, kind=kind, label=label, role=role)
    for row in edges.to_dict("records"):
        source, target = row.pop("source"), row.pop("target")
        kept = {str(key): value for key, value in row.items() if isinstance(value, str | int)}
        for node in (source, target):
            if node not in graph:
                graph.add_node(node, kind=node[1], label=node[2], role="")
        graph.add_edge(source, target, **kept)
    return graph


def _live(register: Register, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows that belong to a live activity, with what their edges carry."""
    activities = register.activities.set_index("key")
    live = activities[~activities["status_code"].isin(NOT_LIVE)]
    carried = live[["label", "activity", "purpose"]].rename(columns={"label": "activity_id"})
    kept = rows[rows["activity_key"].isin(live.index)].drop(columns="activity_id", errors="ignore")
    return kept.join(carried, on="activity_key")


def _list_disclosures(register: Register) -> pd.DataFrame:
    rows = _live(register, register.recipients)
    organisation = _name_organisations(register)
    via = rows["via_state"] == "stated"
    parties = _make_nodes(rows["register"], "party", rows["recipient"])
    through = _make_nodes(rows["register"], "party", rows["via"])
    own = rows["register"].map(organisation)
    return rows[_CARRIED].assign(
        source=through.where(via, own),
        target=parties,
        label=rows["recipient"],
        role=rows["role_code"],
    )


def _list_entries(register: Register, as_of: date | None, law: Law | None) -> pd.DataFrame:
    rows = _live(register, register.transfers)
    # What an activity says of its transfers in general goes to the recipients that it names.
    general = (rows["origin"] == "activities") & (rows["country_code"] == "")
    rows = rows[~general | ~rows["activity_key"].isin(rows.loc[~general, "activity_key"])]
    mechanisms = register.recipients.set_index("key")["transfer_mechanism"]
    stated = mechanisms.reindex(rows["recipient_key"]).fillna("").astype("str")
    rows = rows.assign(mechanism=stated.to_numpy())
    if as_of is not None:
        verdicts = judge_transfers(register, as_of, law or load_law())
        rows = rows.merge(verdicts[["key", "regime", "safeguard"]], on="key", how="left")
    paired = rows["recipient"] != ""
    parties = _make_nodes(rows["register"], "party", rows["recipient"])
    own = rows["register"].map(_name_organisations(register))
    names = rows["country_code"].map(lambda code: country_name(code) or code or _UNIDENTIFIED)
    names = names.where(rows["country_kind"] != "unknown", rows["country"])
    columns = [*_CARRIED, "mechanism", *(["regime", "safeguard"] if as_of else [])]
    return rows[columns].assign(
        source=parties.where(paired, own),
        target=_make_nodes(rows["register"], "country", names),
        label=names,
    )


def _make_nodes(registers: pd.Series, kind: str, names: pd.Series) -> pd.Series:
    folded = names.map(fold)
    nodes = [(one, kind, name or _UNNAMED) for one, name in zip(registers, folded, strict=True)]
    return pd.Series(nodes, index=names.index, dtype="object")


def _name_organisations(register: Register) -> dict[str, tuple[str, str, str]]:
    rows = register.organisation
    return {
        one: (one, "organisation", name or one)
        for one, name in zip(rows["register"], rows["name"], strict=True)
    }


def _list_parties(edges: pd.DataFrame) -> pd.DataFrame:
    """Return each party once, with the first stated role."""
    rows = edges.assign(kind="party", unstated=edges["role"] == "")
    rows = rows.sort_values("unstated", kind="stable").drop_duplicates("target")
    return rows.sort_index()[["target", "kind", "label", "role"]]


def _list_countries(edges: pd.DataFrame) -> pd.DataFrame:
    rows = edges.assign(kind="country", role="").drop_duplicates("target")
    return rows[["target", "kind", "label", "role"]]
