"""The folder of reports as one: every report is there, says the same, and twice the same bytes."""

import hashlib
import json
import os
import subprocess
import sys
import zlib
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import networkx as nx
import pandas as pd
import pyarrow as pa
import pytest
from build_samples import SAMPLES
from openpyxl import load_workbook
from pyarrow import parquet

import ropa
from ropa.audits import Audit
from ropa.errors import InputError, OutputError
from ropa.findings import COLUMNS
from ropa.report.contents import build_files
from ropa.report.findings_json import build_document
from ropa.report.findings_parquet import write_findings_parquet
from ropa.report.manifest import build_manifest
from ropa.report.verification import verify_folder

ROOT = Path(__file__).parents[2]
NAME = "telephone-answering-service.xlsx"
SAMPLE = SAMPLES / NAME
PROGRAM = """
import sys, ropa
audit = ropa.audit(ropa.load(sys.argv[1]), as_of="2026-09-30")
audit.write(sys.argv[2])
"""


@pytest.fixture(scope="module")
def audit() -> Audit:
    return ropa.audit(ropa.load(SAMPLE), as_of="2026-09-30")


def read_tree(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# -- the folder ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write the same reports twice, in processes that hash differently and elsewhere."""
    folder, processes = tmp_path_factory.mktemp("twice"), []
    for seed in ("1", "2"):
        copy = folder / f"register {seed}" / NAME
        copy.parent.mkdir()
        copy.write_bytes(SAMPLE.read_bytes())
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(copy), str(folder / seed / "out")],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
            cwd=copy.parent,
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
    for process in processes:
        assert process.communicate(timeout=120)[1] == ""
        assert process.returncode == 0
    return [folder / seed / "out" for seed in ("1", "2")]


def test_two_runs_give_the_same_bytes(written: list[Path]) -> None:
    one, other = map(read_tree, written)
    assert {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)} == set()


def test_every_report_is_there(written: list[Path]) -> None:
    assert set(read_tree(written[0])) >= {
        "annotated.xlsx",
        "board.pptx",
        "findings.json",
        "findings.parquet",
        "findings.xlsx",
        "flows.graphml",
        "flows.svg",
        "manifest.json",
        "report.html",
    }
    assert verify_folder(written[0]).problems == ()


def test_the_reports_name_no_folder_and_no_day(written: list[Path]) -> None:
    told = b"\n".join(
        data for name, data in read_tree(written[0]).items() if not name.endswith("x")
    )
    assert b"register 1" not in told
    assert str(written[0].parent).encode() not in told


def test_the_manifest_says_what_was_judged_by_what(written: list[Path]) -> None:
    manifest = json.loads((written[0] / "manifest.json").read_text(encoding="utf-8"))
    document = json.loads((written[0] / "findings.json").read_text(encoding="utf-8"))
    for key in ("ropa", "as_of", "regime", "inputs", "law", "rules", "policy", "previous"):
        assert manifest[key] == document[key]
    assert manifest["inputs"][0]["sha256"] == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    assert manifest["as_of"] == "2026-09-30"
    assert manifest["what_if"] == []
    assert list(manifest["outputs"]) == sorted(manifest["outputs"])
    assert manifest["outputs"] == {
        name: hashlib.sha256(data).hexdigest()
        for name, data in read_tree(written[0]).items()
        if name != "manifest.json"
    }
    assert manifest["deck_template"] == {"sha256": ""}
    assert manifest["versions"]["openpyxl"] == version("openpyxl")
    assert manifest["versions"]["zlib"] == zlib.ZLIB_RUNTIME_VERSION
    assert "unknown" not in manifest["versions"].values()


def test_the_links_of_the_findings_lead_to_cells_in_the_folder(written: list[Path]) -> None:
    rows = load_workbook(written[0] / "findings.xlsx")["Findings"].iter_rows()
    links = [cell.hyperlink for row in rows for cell in row if cell.hyperlink is not None]
    places = {(unquote(str(link.target)), str(link.location)) for link in links}
    assert len(places) > 5
    sheets = {
        file: load_workbook(written[0] / file, read_only=True).sheetnames
        for file in {file for file, _ in places}
    }
    for file, place in places:
        sheet, _, cell = place.rpartition("!")
        assert sheet.strip("'") in sheets[file]
        assert cell


def test_the_graph_is_read_back(written: list[Path]) -> None:
    graph = nx.read_graphml(written[0] / "flows.graphml", force_multigraph=True)
    assert graph.is_directed()
    assert graph.number_of_edges() > 5


def test_an_input_that_changed_since_it_was_read_is_told(tmp_path: Path) -> None:
    copy = tmp_path / "calls.xlsx"
    copy.write_bytes(SAMPLE.read_bytes())
    result = ropa.audit(ropa.load(copy), as_of="2026-09-30", rules=["IDN-02"])
    copy.write_bytes(SAMPLE.read_bytes() + b"\0")
    with pytest.raises(OutputError, match="has changed since it was read"):
        build_files(result)


def test_a_template_that_is_not_there_is_told(audit: Audit, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"house\.potx: cannot read the deck template"):
        build_files(audit, deck_template=tmp_path / "house.potx")


def test_the_manifest_tells_the_law_that_was_supposed_and_the_template() -> None:
    law = ropa.law().ending("EUADQ-US-DPF", on="2026-12-01")
    result = ropa.audit(ropa.load(SAMPLE), as_of="2026-12-02", law=law, rules=["IDN-02"])
    manifest = build_manifest(build_document(result), {}, template=b"slides")
    assert [one["instrument"] for one in manifest["what_if"]][:1] == ["EUADQ-US-DPF"]
    assert manifest["deck_template"] == {"sha256": hashlib.sha256(b"slides").hexdigest()}


# -- the table of findings ----------------------------------------------------------------------


def test_the_table_holds_all_findings_as_text(audit: Audit) -> None:
    data = write_findings_parquet(audit)
    table = parquet.read_table(BytesIO(data))
    assert table.column_names == list(COLUMNS)
    assert {field.type for field in table.schema} == {pa.string()}
    assert sum(column.null_count for column in table.columns) == 0
    assert table.to_pylist() == audit.findings.to_dict("records")
    assert len(table) > 20
    kept = table.schema.metadata
    assert kept == {b"as_of": b"2026-09-30", b"ropa": ropa.__version__.encode()}


def test_pandas_reads_the_table(audit: Audit) -> None:
    found = pd.read_parquet(BytesIO(write_findings_parquet(audit)))
    pd.testing.assert_frame_equal(found, audit.findings.reset_index(drop=True), check_dtype=False)


def test_a_table_without_findings_keeps_its_columns() -> None:
    register = ropa.load(SAMPLES / "clean.xlsx")
    result = ropa.audit(register, as_of="2026-09-30", rules=["TRF-04"])
    table = parquet.read_table(BytesIO(write_findings_parquet(result)))
    assert table.num_rows == 0
    assert table.column_names == list(COLUMNS)
    assert {field.type for field in table.schema} == {pa.string()}
