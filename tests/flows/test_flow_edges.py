"""What the nodes and edges of the flow graph say, and what they must not."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import ropa
from ropa.flows import FLOWS, PARTS, build_graph, list_edges, list_nodes, select_flows
from ropa.lawbook import load_law
from ropa.register import Register
from ropa.rules.case import Case
from ropa.rules.grounds import has_special_data

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
DAY = date(2026, 9, 30)
COMPANY = "Contact centre services company (sample)"

Maker = Callable[..., Register]


def find_nodes(graph: "nx.MultiDiGraph", attribute: str) -> dict[str, str]:
    return {data["label"]: data[attribute] for _, data in graph.nodes(data=True)}


def find_edge(graph: "nx.MultiDiGraph", source: str, target: str) -> dict[str, Any]:
    label = graph.nodes(data="label")
    found = [
        data for a, b, data in graph.edges(data=True) if (label[a], label[b]) == (source, target)
    ]
    (edge,) = found
    return dict(edge)


def list_all(graph: "nx.MultiDiGraph") -> tuple[object, ...]:
    return graph.graph, list(graph.nodes(data=True)), list(graph.edges(data=True))


def test_each_part_is_told_apart(make: Maker) -> None:
    recipients = [
        {"Recipient": "Mail House"},
        {"Recipient": "Deep Storage", "Role": "sub-processor", "Via": "Mail House"},
        {"Recipient": "Tax office", "Role": "authority"},
        {"Recipient": "Carriers", "Role": ""},
        {"Recipient": "Partner Trust", "Role": "joint controller", "Country": "Ghana"},
        {"Recipient": "Sister Ltd", "Role": "controller"},
    ]
    graph = build_graph(make(recipients), complete=True)
    assert find_nodes(graph, "part") == {
        COMPANY: "organisation",
        "Newsletter subscribers": "data subjects",
        "Mail House": "processor",
        "Deep Storage": "sub-processor",
        "Tax office": "recipient",
        "Carriers": "recipient",
        "Partner Trust": "joint controller",
        "Sister Ltd": "controller",
        "Ghana": "country",
    }
    assert set(find_nodes(graph, "part").values()) == set(PARTS)
    assert find_nodes(graph, "role")["Tax office"] == "authority"
    assert find_nodes(graph, "code")["Ghana"] == "GH"
    assert set(list_nodes(graph)["label"]) == set(find_nodes(graph, "part"))


def test_people_and_clients_lead_to_the_organisation(make: Maker) -> None:
    processor = {
        "Role": "processor",
        "On behalf of": "Aldermoss Water plc; Rushmead Homes Ltd",
        "Data subjects": "Tenants; tenants; Callers",
    }
    graph = build_graph(make([], [processor]), complete=True)
    labels = graph.nodes(data="label")
    assert {(data["flow"], labels[a], labels[b]) for a, b, data in graph.edges(data=True)} == {
        ("collected", "Tenants", COMPANY),
        ("collected", "Callers", COMPANY),
        ("on behalf", "Aldermoss Water plc", COMPANY),
        ("on behalf", "Rushmead Homes Ltd", COMPANY),
    }
    edge = find_edge(graph, "Callers", COMPANY)
    assert edge["controllers"] == "Aldermoss Water plc; Rushmead Homes Ltd"
    assert edge["cell"] == "N2"
    assert find_nodes(graph, "role")[COMPANY] == "processor"


def test_a_joint_controller_is_named_without_its_contact_details(make: Maker) -> None:
    cells = {
        "Partner Trust, 4 High Street, Leeds; 01632 960210": "Partner Trust",
        "Second Trust\npartner@example.org": "Second Trust",
        "Smith-Jones plc - 4 High Street": "Smith-Jones plc",
        "partner@example.org": "",
        "01632 960210": "",
        "None": "",
        "TBC": "",
    }
    graph = build_graph(make([], [{"Joint controller": one} for one in cells]), complete=True)
    parts = find_nodes(graph, "part")
    named = [one for one, part in parts.items() if part == "joint controller"]
    assert named == [one for one in cells.values() if one]


def test_a_joint_controller_that_is_a_recipient_is_not_repeated(make: Maker) -> None:
    row = {"Recipient": "Partner Trust", "Role": "joint controller"}
    cell = {"Joint controller": "PARTNER TRUST, partner@example.org"}
    graph = build_graph(make([row], [cell, cell]), complete=True)
    flows = list_edges(graph)[["activity_id", "flow"]]
    assert sorted(flows[flows["flow"] != "collected"].itertuples(index=False, name=None)) == [
        ("A1", "disclosed"),
        ("A2", "jointly"),
    ]


def test_the_plain_graph_has_flows_to_parties_and_countries_alone() -> None:
    register = ropa.load(SAMPLES / "clean.xlsx")
    plain = build_graph(register, as_of=DAY)
    complete = build_graph(register, as_of=DAY, complete=True)
    assert set(list_edges(plain)["flow"]) == {"disclosed", "passed on", "transferred"}
    assert set(list_edges(complete)["flow"]) == set(FLOWS) - {"jointly"}
    assert list_all(select_flows(complete)) == list_all(plain)
    assert list_all(complete) != list_all(plain)


def test_no_recipient_is_no_party(make: Maker) -> None:
    assert not build_graph(make([{"Recipient": "None"}, {"Recipient": "N/A"}]))


def test_a_recipient_that_is_not_named_is_said_to_be_unnamed(make: Maker) -> None:
    rows = [{"Recipient": "TBC", "Country": "India"}, {"Recipient": "", "Country": "India"}]
    graph = build_graph(make(rows))
    assert find_nodes(graph, "kind") == {
        COMPANY: "organisation",
        "recipient not named": "party",
        "India": "country",
    }
    labels = graph.nodes(data="label")
    assert [(labels[a], labels[b]) for a, b in graph.edges()] == [
        *[(COMPANY, "recipient not named")] * 2,
        *[(COMPANY, "India")] * 2,
    ]


def test_a_word_before_the_company_form_is_no_none(make: Maker) -> None:
    graph = build_graph(make([{"Recipient": "None Such Ltd", "Via": "None"}]))
    assert find_edge(graph, COMPANY, "None Such Ltd")["flow"] == "disclosed"


def test_an_edge_carries_its_activity_and_its_cell(make: Maker) -> None:
    rows = [{"Recipient": "Mail House", "Country": "India", "Data categories": "Name, postcode"}]
    graph = build_graph(make(rows), as_of=DAY)
    edge = find_edge(graph, COMPANY, "Mail House")
    assert edge["activity_id"] == "A1"
    assert edge["activity_role"] == "controller"
    assert edge["data_subjects"] == "Newsletter subscribers"
    assert (edge["data_categories"], edge["categories_from"]) == ("Name; postcode", "recipient")
    assert (edge["file"], edge["sheet"], edge["cell"]) == ("small.xlsx", "Recipients", "B2")
    label = graph.nodes(data="label")
    entries = [data for _, b, data in graph.edges(data=True) if label[b] == "India"]
    assert {(one["regime"], one["rule"], one["cell"]) for one in entries} == {
        ("uk", "TRF-03", "E2"),
        ("eu", "TRF-03", "E2"),
    }


def test_special_category_data_are_followed_to_whom_they_go(make: Maker) -> None:
    cases = [
        ("Name; email address", "", False),
        ("Health data", "", True),
        ("Health data", "Name; email address", False),
        ("Health data", "The usual file", True),  # it does not say
        ("Health data", "Name (no special category data)", False),
        ("Health data", "Payroll, except health data", True),  # others may be among them
        ("Name", "Medical records", True),
        ("Nationality; photographs", "", False),
    ]
    activities = [{"Data categories": own} for own, _, _ in cases]
    rows = [
        {"Activity ID": f"A{number}", "Recipient": "Mail House", "Data categories": beside}
        for number, (_, beside, _) in enumerate(cases, 1)
    ]
    edges = list_edges(build_graph(make(rows, activities)))
    assert edges["special_category"].tolist() == [special for _, _, special in cases]


@pytest.mark.parametrize("sample", sorted(path.stem for path in SAMPLES.glob("*.xlsx")))
def test_special_category_data_are_those_of_the_rules(sample: str) -> None:
    register = ropa.load(SAMPLES / f"{sample}.xlsx")
    case = Case(register, DAY, load_law())
    rows = case.activities
    judged = dict(zip(rows["key"], has_special_data(case, rows), strict=True))
    edges = list_edges(build_graph(register, complete=True))
    edges = edges[edges["categories_from"] == "activity"]
    flagged = dict(zip(edges["activity_key"], edges["special_category"], strict=True))
    assert flagged == {key: judged[key] for key in flagged}


def test_biometric_data_that_identify_nobody_are_not_special(make: Maker) -> None:
    said = {"Data categories": "Fingerprints", "Notes": "Not used to identify anybody"}
    silent = {"Data categories": "Fingerprints"}
    edges = list_edges(build_graph(make([], [said, silent]), complete=True))
    flagged = dict(zip(edges["activity_id"], edges["special_category"], strict=True))
    assert flagged == {"A1": False, "A2": True}


def test_worldwide_is_no_country_and_no_group_is_taken_apart(make: Maker) -> None:
    graph = build_graph(make([{"Recipient": "Mail House", "Country": "Worldwide; EU; Narnia"}]))
    kinds = {
        graph.nodes[b]["label"]: (data["country_kind"], graph.nodes[b]["code"])
        for _, b, data in graph.edges(data=True)
        if data["flow"] == "transferred"
    }
    assert kinds == {
        "Worldwide": ("worldwide", "WORLD"),
        "EU": ("group", "EU"),
        "Narnia": ("unknown", ""),
    }
