"""Flows of many activities, alike ones taken together: a graph that programs can still open."""

from dataclasses import replace
from typing import Final

from ropa.flows.building import FlowTable

MOST_EDGES: Final = 50_000
"""Edges that a file of the whole graph holds one by one; beyond, alike ones are one."""

_ALIKE = ("source", "target", "flow", "role", "country_kind")
_JUDGED = ("regime", "safeguard", "rule", "instrument")


def fold_table(table: FlowTable) -> FlowTable:
    """Return flows with one edge for all activities whose edges are alike, if they are many.

    Alike are edges between the same nodes, of the same flow and role, and into a country with the
    same verdict on the same instrument. Such an edge carries these and, in place of what belongs to
    one activity, how many activities it stands for (``activities``), and how many of them with
    special category data (``special_activities``). A table of no more than `MOST_EDGES` edges is
    returned as it is.
    """
    if len(table.edges) <= MOST_EDGES:
        return table
    rows = table.edges
    same = [name for name in (*_ALIKE, *_JUDGED) if name in rows]
    rows = rows.assign(**{name: rows[name].fillna("") for name in same[2:]})
    each = rows.groupby([*same, "activity_key"], sort=False)["special_category"].any()
    found = each.groupby(same, sort=False).agg(["size", "sum"]).reset_index()
    found = found.rename(columns={"size": "activities", "sum": "special_activities"})
    said = (
        f"yes: of {len(rows)} edges, those of several activities that are alike are one, with how"
        " many activities it stands for"
    )
    return replace(table, edges=found, folded=said)
