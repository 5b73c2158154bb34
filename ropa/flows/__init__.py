"""The flow graph: who passes personal data to whom, and into which country; what it measures.

`build_graph` makes the graph of a register. The measures take it and return tidy frames.
"""

from ropa.flows.building import build_graph, select_flows
from ropa.flows.chains import list_onward_chains
from ropa.flows.exposure import (
    list_transfers,
    list_us_transfers,
    measure_countries,
    measure_safeguards,
)
from ropa.flows.frames import list_edges, list_nodes
from ropa.flows.reach import reach_breach, reach_instrument, reach_loss
from ropa.flows.vendors import list_single_points, list_vendors, measure_concentration
from ropa.flows.words import FLOWS, PARTS, VENDOR_ROLES

__all__ = [
    "FLOWS",
    "PARTS",
    "VENDOR_ROLES",
    "build_graph",
    "list_edges",
    "list_nodes",
    "list_onward_chains",
    "list_single_points",
    "list_transfers",
    "list_us_transfers",
    "list_vendors",
    "measure_concentration",
    "measure_countries",
    "measure_safeguards",
    "reach_breach",
    "reach_instrument",
    "reach_loss",
    "select_flows",
]
