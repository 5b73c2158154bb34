"""The words of the flow graph: kinds of nodes, what a node is, kinds of flows."""

from collections.abc import Mapping
from types import MappingProxyType

from ropa.schema import ENGAGED

Node = tuple[str, str, str]
"""Register, kind and name of a node."""

ORGANISATION, PARTY, PLACE, SUBJECTS = "organisation", "party", "country", "subjects"

UNNAMED = "recipient not named"
"""Stands for every recipient that a register does not name: not one and the same party."""

UNIDENTIFIED = "Country not identified"

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "data subjects": "group of people whom the data are about",
        "organisation": "organisation that keeps the register",
        "controller": "controller on whose behalf the organisation acts, or that receives data",
        "joint controller": "decides together with the organisation",
        "processor": "processes on the organisation's behalf",
        "sub-processor": "processes on a processor's behalf",
        "recipient": "any other recipient, or one whose capacity is not stated",
        "country": "where the data are received; also a group of countries or a body",
    }
)
"""What a node is in the flows (its attribute ``part``), in the order in which data pass."""

FLOWS: Mapping[str, str] = MappingProxyType(
    {
        "collected": "from a group of data subjects to the organisation",
        "on behalf": "from the controller that a processor acts for to the organisation",
        "disclosed": "from the organisation to a party",
        "jointly": "shared with the joint controller that the activity names",
        "passed on": "from a party to its sub-processor",
        "transferred": "into the country where the data are received",
    }
)
"""Kinds of flows (the attribute ``flow`` of an edge)."""

PASSED = frozenset({"disclosed", "passed on"})
"""Flows to a party that then has the data."""

SURROUNDINGS = frozenset({"collected", "on behalf", "jointly"})
"""Flows that a graph has only where it is asked to be complete."""

VENDOR_ROLES = frozenset({*ENGAGED, ""})
"""Roles of those on whom an organisation depends; a role that is not stated is not ruled out."""

_PART_ROLES = frozenset({"controller", "joint controller", "processor", "sub-processor"})


def find_part(kind: str, role: str) -> str:
    """Return what a node of a kind and role is in the flows: a word of `PARTS`."""
    if kind == PARTY:
        return role if role in _PART_ROLES else "recipient"
    return "data subjects" if kind == SUBJECTS else kind
