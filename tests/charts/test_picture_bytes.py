"""A figure's bytes are the same on every run, and hold neither date nor version."""

import hashlib
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

import ropa
from ropa.charts import (
    draw_completeness,
    draw_destinations,
    draw_families,
    draw_flows,
    draw_retention,
    draw_timeline,
    draw_trend,
    figure_png,
    figure_svg,
    save_figure,
)
from ropa.errors import OutputError, UsageError
from ropa.register import Register

ROOT = Path(__file__).parents[2]
AS_OF = "2026-09-30"
PROGRAM = """
import hashlib, sys, ropa
from ropa.charts import *
register = ropa.load(sys.argv[1])
audit = ropa.audit(register, as_of="2026-09-30")
graph = ropa.flow_graph(register, as_of="2026-09-30")
charts = [draw_completeness(audit), draw_families(audit), draw_flows(graph)]
charts += [draw_destinations(audit), draw_retention(audit), draw_trend(audit)]
charts += [draw_timeline(ropa.timeline(register, rules=["TRF-03", "TRF-04", "PUR-01"]))]
for chart in charts:
    print(hashlib.sha256(figure_svg(chart)).hexdigest())
"""


@pytest.mark.parametrize("seed", ["1", "4711"])
def test_bytes_are_the_same_in_another_process(telephone_audit: ropa.Audit, seed: str) -> None:
    graph = ropa.flow_graph(telephone_audit.register, as_of=AS_OF)
    rules = ["TRF-03", "TRF-04", "PUR-01"]
    charts = (
        draw_completeness(telephone_audit),
        draw_families(telephone_audit),
        draw_flows(graph),
        draw_destinations(telephone_audit),
        draw_retention(telephone_audit),
        draw_trend(telephone_audit),
        draw_timeline(ropa.timeline(telephone_audit.register, rules=rules)),
    )
    expected = [hashlib.sha256(figure_svg(chart)).hexdigest() for chart in charts]
    sample = ROOT / "data" / "samples" / "telephone-answering-service.xlsx"
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(sample)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == expected


def test_bytes_hold_no_date_and_no_version(telephone_audit: ropa.Audit) -> None:
    chart = draw_families(telephone_audit)
    for data in (figure_svg(chart), figure_png(chart)):
        assert b"atplotlib" not in data
        assert b"dc:date" not in data
        assert mpl.__version__.encode() not in data


def test_settings_of_the_reader_change_nothing(telephone_audit: ropa.Audit) -> None:
    expected = figure_svg(draw_families(telephone_audit))
    mine: dict[Any, object] = {
        "font.size": 20,
        "svg.fonttype": "path",
        "text.color": "red",
        "font.family": ["serif"],
    }
    with mpl.rc_context(mine):
        before = dict(mpl.rcParams)
        assert figure_svg(draw_families(telephone_audit)) == expected
        assert dict(mpl.rcParams) == before


def test_cells_stay_text(strange_register: Register) -> None:
    data = figure_svg(draw_flows(ropa.flow_graph(strange_register, as_of=AS_OF)))
    root = ET.fromstring(data)  # noqa: S314 - written by ourselves
    texts = " ".join(
        text for one in root.iter() if one.tag.endswith("}text") for text in one.itertext()
    )
    assert "日本電気 $\\alpha$" in texts
    assert "<i>Söhne</i>" in texts
    assert "$x^1$ <b>R&D</b>" in texts
    assert b"<i>" not in data


def test_a_chart_shows_itself_and_reads_itself_aloud(telephone_audit: ropa.Audit) -> None:
    chart = draw_completeness(telephone_audit)
    shown = chart._repr_svg_()
    assert shown.startswith('<svg role="img"')
    root = ET.fromstring(shown)  # noqa: S314 - written by ourselves
    found = {one.tag.partition("}")[2]: one.text for one in root}
    assert found["title"] == chart.get_label()
    assert found["desc"] == chart.description
    assert repr(chart) == f"<Chart: {chart.get_label()}>"


def test_a_figure_is_saved_as_its_name_says(telephone_audit: ropa.Audit, tmp_path: Path) -> None:
    chart = draw_families(telephone_audit)
    save_figure(chart, tmp_path / "one.svg")
    save_figure(chart, str(tmp_path / "one.PNG"))
    assert (tmp_path / "one.svg").read_bytes() == figure_svg(chart)
    assert (tmp_path / "one.PNG").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(UsageError, match=r"\.svg or \.png"):
        save_figure(chart, tmp_path / "one.jpg")
    with pytest.raises(OutputError, match="cannot write"):
        save_figure(chart, tmp_path / "no" / "one.svg")
