"""The flow graph: its nodes, its edges, and the verdicts on them."""

from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from registers import clean_source, patch_source, to_register, to_registers

import ropa
from ropa.flows import select_flows
from ropa.register import Register

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
TELEPHONE = "telephone-answering-service"

SMALL = {f"-K{number:02}": None for number in range(1, 26) if number != 12} | {
    "K12.Recipients": "Mail House; Deep Storage",
    "-recipients.K12.*": None,
    "+recipients": [
        {
            "Activity ID": "K12",
            "Recipient": "Mail House",
            "Role": "processor",
            "Country": "United States",
            "Transfer mechanism": "EU-US Privacy Shield",
        },
        {
            "Activity ID": "K12",
            "Recipient": "Deep Storage",
            "Role": "sub-processor",
            "Via": "Mail House",
            "Country": "India",
        },
    ],
}


def build_flows(register: Register, as_of: str | None = None) -> "nx.MultiDiGraph":
    """Return the flows to parties and countries; what surrounds them has tests of its own."""
    return select_flows(ropa.flow_graph(register, as_of=as_of))


def small_register(**patches: object) -> Register:
    return to_register(patch_source(clean_source(), SMALL | patches), "small")


@pytest.fixture(scope="module")
def telephone() -> Register:
    return ropa.load(SAMPLES / f"{TELEPHONE}.xlsx")


def list_edges(graph: "nx.MultiDiGraph") -> set[tuple[str, str, str]]:
    """Return activity, and the labels of source and target, of each edge."""
    label = graph.nodes(data="label")
    return {(data["activity_id"], label[a], label[b]) for a, b, data in graph.edges(data=True)}


def find_edges(
    graph: "nx.MultiDiGraph", activity: str, source: str, target: str
) -> list[dict[str, Any]]:
    label = graph.nodes(data="label")
    return [
        data
        for a, b, data in graph.edges(data=True)
        if (data["activity_id"], label[a], label[b]) == (activity, source, target)
    ]


def test_a_small_register_gives_its_nodes_and_edges() -> None:
    graph = build_flows(small_register(**{"*.Transfers": "See the recipients"}))
    company = "Contact centre services company (sample)"
    assert {
        (node, data["kind"], data["label"], data["role"]) for node, data in graph.nodes(data=True)
    } == {
        (("small", "organisation", company), "organisation", company, "controller"),
        (("small", "party", "mail house"), "party", "Mail House", "processor"),
        (("small", "party", "deep storage"), "party", "Deep Storage", "sub-processor"),
        (("small", "country", "united states"), "country", "United States", ""),
        (("small", "country", "india"), "country", "India", ""),
    }
    assert list_edges(graph) == {
        ("K12", company, "Mail House"),
        ("K12", "Mail House", "Deep Storage"),
        ("K12", "Mail House", "United States"),
        ("K12", "Deep Storage", "India"),
    }


def test_an_edge_leads_back_to_its_row(telephone: Register) -> None:
    graph = build_flows(telephone)
    (edge,) = find_edges(graph, "E6", "Mailchimp", "United States")
    assert edge["file"] == f"{TELEPHONE}.xlsx"
    assert (edge["sheet"], edge["row"]) == ("Recipients", 2)
    assert "Privacy Shield" in edge["mechanism"]
    assert edge["activity"].startswith("Email marketing")
    assert "safeguard" not in edge


def test_the_sample_gives_the_flows_that_its_notice_states(telephone: Register) -> None:
    service = "Telephone answering service (sample)"
    assert list_edges(build_flows(telephone)) == {
        ("E6", service, "Mailchimp"),
        ("E7", service, "SMS and email carriers"),
        ("E7", service, "The clients"),
        ("E8", service, "Google Drive"),
        ("E8", service, "The clients"),
        ("E9", service, "Google Analytics"),
        ("E6", "Mailchimp", "United States"),
        ("E8", "Google Drive", "United States"),
        ("E8", "Google Drive", "EU"),
        ("E9", "Google Analytics", "United States"),
    }


@pytest.mark.parametrize(
    ("as_of", "safeguard"), [("2026-09-30", "lapsed"), ("2019-06-01", "adequacy_open")]
)
def test_a_verdict_is_that_of_the_day(telephone: Register, as_of: str, safeguard: str) -> None:
    graph = build_flows(telephone, as_of=as_of)
    (edge,) = find_edges(graph, "E6", "Mailchimp", "United States")
    assert (edge["regime"], edge["safeguard"]) == ("uk", safeguard)


def test_a_verdict_stands_for_each_regime() -> None:
    graph = build_flows(small_register(), as_of="2026-09-30")
    edges = find_edges(graph, "K12", "Deep Storage", "India")
    assert {(edge["regime"], edge["safeguard"]) for edge in edges} == {
        ("uk", "none"),
        ("eu", "none"),
    }


def test_a_country_without_a_recipient_leaves_the_organisation() -> None:
    register = small_register(
        **{"-recipients.*.*": None, "K12.Transfers": "Ghana", "K12.Recipients": ""}
    )
    graph = build_flows(register)
    company = "Contact centre services company (sample)"
    assert list_edges(graph) == {("K12", company, "Ghana")}


def test_a_name_of_another_case_is_the_same_party() -> None:
    again = {"Activity ID": "K12", "Recipient": "MAIL  HOUSE", "Role": "processor"}
    rows = SMALL["+recipients"]
    assert isinstance(rows, list)
    graph = build_flows(small_register(**{"+recipients": [*rows, again]}))
    parties = [node for node, data in graph.nodes(data=True) if data["kind"] == "party"]
    assert sorted(name for _, _, name in parties) == ["deep storage", "mail house"]


def test_what_is_not_live_does_not_flow() -> None:
    assert not build_flows(small_register(**{"K12.Status": "ended"}))
    assert build_flows(small_register())


def test_registers_are_kept_apart() -> None:
    source = patch_source(clean_source(), SMALL)
    graph = build_flows(to_registers({"one": source, "two": source}), as_of="2026-09-30")
    alone = {
        name: build_flows(to_register(source, name), as_of="2026-09-30") for name in ("one", "two")
    }
    assert set(graph) == set(alone["one"]) | set(alone["two"])
    assert all(a[0] == b[0] for a, b in graph.edges())
    assert len(graph.edges) == sum(len(one.edges) for one in alone.values())


def test_an_empty_register_gives_an_empty_graph() -> None:
    source = patch_source(clean_source(), {f"-K{number:02}": None for number in range(1, 26)})
    graph = build_flows(to_register(source, "empty"), as_of="2026-09-30")
    assert isinstance(graph, nx.MultiDiGraph)
    assert (len(graph.nodes), len(graph.edges)) == (0, 0)


def test_a_transfer_to_no_named_country_is_not_lost() -> None:
    graph = build_flows(ropa.load(SAMPLES / "call-handling-provider.xlsx"), as_of="2026-09-30")
    (node,) = (node for node, data in graph.nodes(data=True) if data["kind"] == "country")
    assert graph.nodes[node]["label"] == "Country not identified"
    assert {data["activity_id"] for _, _, data in graph.in_edges(node, data=True)} == {
        f"D{number}" for number in range(1, 17)
    }
    assert {data["safeguard"] for _, _, data in graph.in_edges(node, data=True)} == {"unidentified"}


def test_the_graph_knows_its_date(telephone: Register) -> None:
    assert build_flows(telephone, as_of="2026-09-30").graph["as_of"] == "2026-09-30"
    assert build_flows(telephone).graph["as_of"] == ""
