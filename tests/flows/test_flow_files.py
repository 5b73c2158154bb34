"""The flow graph as files: read back, escaped, the same on every run."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import networkx as nx
import pytest

from ropa.errors import OutputError, UsageError
from ropa.flows import build_graph
from ropa.register import Register
from ropa.report.graph_files import FORMATS, format_graph, write_graph

DAY = date(2026, 9, 30)
NASTY = 'A "quoted" \\N <b>R&D</b> `x` #35; end --> n1["y"]; }'
UNSEEN = "Zero\u200bwidth \u202eturned"

_SCRIPT = """
import sys
from datetime import date
import ropa
from ropa.flows import build_graph
from ropa.report.graph_files import format_graph

register = ropa.load("data/samples/clean.xlsx")
graph = build_graph(register, as_of=date(2026, 9, 30), complete=True)
for suffix in (".graphml", ".json", ".dot", ".mmd"):
    sys.stdout.buffer.write(format_graph(graph, suffix))
"""

Maker = Callable[..., Register]


@pytest.fixture(scope="module")
def graph(make: Maker) -> "nx.MultiDiGraph":
    rows = [
        {"Recipient": NASTY, "Country": "India", "Data categories": "Health data"},
        {"Recipient": "One", "Role": "sub-processor", "Via": NASTY, "Country": "Ireland"},
        {"Recipient": UNSEEN, "Transfer mechanism": "line one\nline two"},
    ]
    return build_graph(make(rows), as_of=DAY, complete=True)


@pytest.fixture(scope="module")
def empty(make: Maker) -> "nx.MultiDiGraph":
    return build_graph(make([], []), as_of=DAY, complete=True)


def list_attributes(graph: "nx.MultiDiGraph") -> list[dict[str, object]]:
    nodes = [{**data, "name": node[2]} for node, data in graph.nodes(data=True)]
    return nodes + [dict(data) for *_, data in graph.edges(data=True)]


def test_graphml_is_read_back(graph: "nx.MultiDiGraph") -> None:
    read = nx.read_graphml(BytesIO(format_graph(graph, ".graphml")), force_multigraph=True)
    assert read.graph["as_of"] == "2026-09-30"
    ids = dict(zip(graph, read, strict=True))
    ends = [(ids[a], ids[b]) for a, b in graph.edges()]
    assert list(read.edges()) == ends
    found = [data for _, data in read.nodes(data=True)] + [
        data for *_, data in read.edges(data=True)
    ]
    given = list_attributes(graph)
    # An empty text is no element's content: it is read back as nothing.
    kept = [{key: value for key, value in one.items() if value != ""} for one in given]
    told = [{key: one.get(key) for key in want} for one, want in zip(found, kept, strict=True)]
    assert told == kept


def test_json_is_read_back(graph: "nx.MultiDiGraph") -> None:
    data = json.loads(format_graph(graph, ".json"))
    read = nx.node_link_graph(data)
    assert (read.is_directed(), read.is_multigraph()) == (True, True)
    assert read.graph == {"as_of": "2026-09-30"}
    found = [data for _, data in read.nodes(data=True)] + [
        data for *_, data in read.edges(data=True)
    ]
    assert found == list_attributes(graph)


def test_signs_that_xml_cannot_hold_are_replaced(graph: "nx.MultiDiGraph") -> None:
    spoilt = graph.copy()
    for _, data in spoilt.nodes(data=True):
        data["label"] = "a\x00b\x1bc\ud800d\uffff\r\ne"
    for suffix in (".graphml", ".json"):
        text = format_graph(spoilt, suffix).decode()
        assert not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]", text)
    read = nx.read_graphml(BytesIO(format_graph(spoilt, ".graphml")), force_multigraph=True)
    assert {data["label"] for _, data in read.nodes(data=True)} == {
        "a\ufffdb\ufffdc\ufffdd\ufffd\ne"
    }


def test_dot_holds_texts_in_quotes_alone(graph: "nx.MultiDiGraph") -> None:
    text = format_graph(graph, ".dot").decode()
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    assert bare.isascii()
    lines = [line.strip() for line in bare.splitlines()]
    assert lines[0] == "digraph flows {"
    assert lines[-1] == "}"
    statement = re.compile(
        r'rankdir=LR;|label="";|(node|edge) \[.*\];|n\d+ (-> n\d+ )?\[(\w+=(""|\w+)(, )?)+\];'
    )
    assert [line for line in lines[1:-1] if not statement.fullmatch(line)] == []
    assert r'label="A \"quoted\" \\N <b>R&D</b>' in text
    assert "Zerowidth turned" in text
    assert 'label="1 activity, UK safeguard: nothing stated, special category data"' in text


def test_mermaid_holds_no_markup_of_the_register(graph: "nx.MultiDiGraph") -> None:
    lines = format_graph(graph, ".mmd").decode().splitlines()
    assert lines[:2] == ["%% As of 2026-09-30", "flowchart LR"]
    shape = r'[\[({/]+"[^"<>`\[\]{}\\]*<br/>\([a-z -]+\)"[\])}/\\]+'
    statement = re.compile(
        rf'  (n\d+{shape}|n\d+ (-->|==>)\|"[^"<>`]*"\| n\d+|linkStyle [\d,]+ stroke:#[0-9A-F]{{6}})'
    )
    assert [line for line in lines[2:] if not statement.fullmatch(line)] == []
    assert any(
        "A #34;quoted#34; #92;N #60;b#62;R#38;D#60;#47;b#62; #96;x#96;" in one for one in lines
    )
    arrows = [one for one in lines if "|" in one]
    assert any(one.startswith("  n1 ==>") for one in arrows)
    (failing,) = (one for one in lines if one.endswith("#B83A0B"))
    drawn = [arrows[int(at)] for at in failing.split()[1].split(",")]
    assert all("nothing stated" in one for one in drawn)
    assert len(drawn) == sum("nothing stated" in one for one in arrows)


def test_edges_of_one_kind_are_drawn_as_one(make: Maker) -> None:
    rows = [
        {"Activity ID": one, "Recipient": "Mail House", "Country": "Ireland"}
        for one in ("A1", "A2")
    ]
    text = format_graph(build_graph(make(rows, [{}, {}])), ".dot").decode()
    assert re.findall(r'-> n\d+ \[label="([^"]*)"', text) == ["2 activities", "2 activities"]


def test_several_registers_are_drawn_apart(make: Maker) -> None:
    from ropa.register import concat_registers

    rows = [{"Recipient": "Mail House"}]
    both = build_graph(concat_registers([make(rows, name="one"), make(rows, name="two")]))
    dot = format_graph(both, ".dot").decode()
    assert re.findall(r'subgraph cluster_n\d+ \{\n    label="(\w+)";', dot) == ["one", "two"]
    assert re.findall(r'subgraph sn\d+\["(\w+)"\]', format_graph(both, ".mmd").decode()) == [
        "one",
        "two",
    ]


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_every_format_takes_an_empty_graph(
    empty: "nx.MultiDiGraph", suffix: str, tmp_path: Path
) -> None:
    assert not empty
    write_graph(empty, tmp_path / f"flows{suffix.upper()}")
    assert (tmp_path / f"flows{suffix.upper()}").read_bytes() == format_graph(empty, suffix)
    assert format_graph(empty, suffix)


@pytest.mark.parametrize("name", ["flows.pdf", "flows"])
def test_another_ending_is_refused(empty: "nx.MultiDiGraph", name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no format of a graph .* \.graphml") as caught:
        write_graph(empty, tmp_path / name)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(empty: "nx.MultiDiGraph", tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write the graph"):
        write_graph(empty, tmp_path / "missing" / "flows.json")


def test_another_process_writes_the_same_bytes() -> None:
    root = Path(__file__).parents[2]
    outputs = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
        run = subprocess.run(
            [sys.executable, "-c", _SCRIPT], cwd=root, env=environment, check=True, stdout=-1
        )
        outputs.add(run.stdout)
    assert len(outputs) == 1
    assert len(outputs.pop()) > 100_000
