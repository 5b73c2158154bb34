"""Flows as a table: the same file as the graph gives; of very many edges alike ones are one."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import networkx as nx
import pytest

from ropa.charts.flow_columns import read_graph, read_table
from ropa.flows import build_graph
from ropa.flows.building import FlowTable, tabulate_flows
from ropa.flows.exports import format_flow_table, format_graphml
from ropa.flows.folding import fold_table
from ropa.register import Register, concat_registers

DAY = date(2026, 9, 30)
ROWS = [
    {"Activity ID": "A1", "Recipient": "One", "Country": "India", "Data categories": "Health data"},
    {"Activity ID": "A2", "Recipient": "ONE", "Country": "India"},
    {"Activity ID": "A2", "Recipient": "Two", "Role": "sub-processor", "Via": "One"},
    {"Activity ID": "A3", "Recipient": "Two", "Country": "Ireland; Narnia"},
    {"Activity ID": "A3", "Recipient": "TBC"},
]

Maker = Callable[..., Register]


@pytest.fixture
def register(make: Maker) -> Register:
    joint = {"Joint controller": "Three Ltd, Leeds", "Data subjects": "Staff; members"}
    return concat_registers([make(ROWS, [joint, {}, joint], name=one) for one in ("a", "b")])


@pytest.mark.parametrize("day", [None, DAY])
def test_a_table_gives_the_same_file_as_its_graph(register: Register, day: date | None) -> None:
    table = tabulate_flows(register, as_of=day, complete=True)
    graph = build_graph(register, as_of=day, complete=True)
    assert format_flow_table(table) == format_graphml(graph)
    assert len(table.edges) == graph.number_of_edges() > len(ROWS)


@pytest.mark.parametrize("day", [None, DAY])
def test_a_table_is_read_as_its_graph_is(register: Register, day: date | None) -> None:
    table = tabulate_flows(register, as_of=day, complete=True)
    found = read_table(table)
    assert found == read_graph(build_graph(register, as_of=day))
    assert [one.title.partition(":")[0] for one in found.flows] == ["a", "b"]
    assert [sum(group.activities for group in one.groups) for one in found.flows] == [3, 3]


def fold(table: FlowTable, most: int, monkeypatch: pytest.MonkeyPatch) -> FlowTable:
    monkeypatch.setattr("ropa.flows.folding.MOST_EDGES", most)
    return fold_table(table)


def test_few_edges_are_left_as_they_are(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tabulate_flows(register, as_of=DAY)
    assert fold(table, len(table.edges), monkeypatch) is table
    assert b"folded" not in format_flow_table(table)


def test_of_many_edges_alike_ones_are_one(make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tabulate_flows(make(ROWS, [{}, {}, {}]), as_of=DAY)
    folded = fold(table, 1, monkeypatch)
    edges = {
        (row["source"][2], row["target"][2], row["flow"]): (
            row["activities"],
            row["special_activities"],
        )
        for row in folded.edges.to_dict("records")
    }
    assert edges["one", "india", "transferred"] == (2, 1)
    assert edges["one", "two", "passed on"] == (1, 0)
    assert edges["two", "ireland", "transferred"] == (1, 0)
    assert len(folded.edges) < len(table.edges)
    read = nx.read_graphml(BytesIO(format_flow_table(table)), force_multigraph=True)
    assert read.graph["folded"].startswith(f"yes: of {len(table.edges)} edges")
    counts = [data["activities"] for *_, data in read.edges(data=True)]
    assert sorted(counts) == sorted(folded.edges["activities"])
    assert not any("cell" in data for *_, data in read.edges(data=True))
