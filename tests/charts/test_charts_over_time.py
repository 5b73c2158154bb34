"""The trend shows each audit's statuses; the timeline names the steps that the law made."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from chart_parts import list_clashes, list_texts, read_parts
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

import ropa
from ropa.charts import (
    describe_timeline,
    describe_trend,
    draw_timeline,
    draw_trend,
    figure_png,
    figure_svg,
)
from ropa.charts.law_steps import spread, word_moves
from ropa.chronology import TIMELINE_COLUMNS
from ropa.results import Earlier

HISTORY = [
    ("a", "2026-03-31", "new"),
    ("b", "2026-03-31", "new"),
    ("c", "2026-03-31", "waived"),
    ("a", "2026-06-30", "persisting"),
    ("b", "2026-06-30", "fixed"),
    ("c", "2026-06-30", "waived"),
    ("d", "2026-06-30", "new"),
    ("e", "2026-06-30", "new"),
    ("a", "2026-09-30", "fixed"),
    ("b", "2026-09-30", "reopened"),
    ("c", "2026-09-30", "not evaluated"),
    ("d", "2026-09-30", "persisting"),
    ("e", "2026-09-30", "waived"),
    ("f", "2026-09-30", "new"),
]


def with_history(audit: ropa.Audit, rows: list[tuple[str, str, str]]) -> ropa.Audit:
    history = pd.DataFrame(rows, columns=["id", "as_of", "status"], dtype="str")
    return replace(audit, frames=dict(audit.frames) | {"history": history})


def test_a_column_shows_each_status(telephone_audit: ropa.Audit) -> None:
    chart = draw_trend(with_history(telephone_audit, HISTORY))
    assert read_parts(chart) == {
        "2026-03-31|open": 2,
        "2026-03-31|waived": 1,
        "2026-06-30|persisting": 1,
        "2026-06-30|new": 2,
        "2026-06-30|waived": 1,
        "2026-06-30|fixed": 1,
        "2026-09-30|persisting": 1,
        "2026-09-30|reopened": 1,
        "2026-09-30|new": 1,
        "2026-09-30|waived": 1,
        "2026-09-30|not evaluated": 1,
        "2026-09-30|fixed": 1,
    }
    assert chart.get_label() == "3 findings open on 2026-09-30: 1 new, 1 fixed since 2026-06-30"
    assert "2026-03-31 is the first audit known: what was new then cannot be told." in list_texts(
        chart
    )
    assert list_clashes(chart) == []
    assert "2026-06-30: 1 open since an earlier audit, 2 new, 1 accepted risk, 1 fixed" in (
        chart.description
    )


def test_fixed_stands_below_the_line_and_the_rest_above(telephone_audit: ropa.Audit) -> None:
    chart = draw_trend(with_history(telephone_audit, HISTORY))
    bars = [one for one in chart.axes[0].patches if "|" in str(one.get_label())]
    tops = {
        str(one.get_label()).split("|")[1]: (one.get_y(), one.get_y() + one.get_height())
        for one in bars
        if isinstance(one, Rectangle) and str(one.get_label()).startswith("2026-09-30")
    }
    line = tops["persisting"][1]
    assert tops["fixed"][0] == pytest.approx(line)
    assert all(high <= line + 1e-9 for word, (_, high) in tops.items() if word != "fixed")
    heights = {round(high - low, 6) for low, high in tops.values()}
    assert len(heights) == 1


def test_one_audit_tells_nothing_of_new(telephone_audit: ropa.Audit) -> None:
    chart = draw_trend(telephone_audit)
    number = len(telephone_audit.findings)
    assert read_parts(chart) == {"2026-09-30|open": number}
    assert "The only audit: there is no earlier one to compare it with." in chart.description
    assert not any("new" in text for text in list_texts(chart))
    assert list_clashes(chart) == []


def test_an_earlier_audit_without_findings_has_its_column(empty_audit: ropa.Audit) -> None:
    nothing = empty_audit.frames["findings"].iloc[:0]
    bare = replace(empty_audit, frames=dict(empty_audit.frames) | {"findings": nothing})
    assert describe_trend(bare).endswith("2026-09-30: no findings.")
    assert list_clashes(draw_trend(bare)) == []
    earlier = Earlier(date(2026, 6, 30), "", "", pd.DataFrame())
    told = describe_trend(replace(bare, earlier=(earlier,)))
    assert "2026-06-30: no findings; 2026-09-30: no findings." in told


def test_sixteen_audits_are_cut_to_twelve_and_said(telephone_audit: ropa.Audit) -> None:
    days = [f"{year}-{day}" for year in range(2022, 2026) for day in ("03-31", "06-30", "09-30")]
    days = [*days, "2026-03-31", "2026-06-30", "2026-09-30"]
    rows = [
        (f"{name}", day, "new" if at == 0 else "persisting")
        for at, day in enumerate(days)
        for name in range(400)
    ]
    rows += [(f"f{day}", day, "fixed") for day in days[1:]]
    chart = draw_trend(with_history(telephone_audit, rows))
    assert "3 earlier audits are not shown." in list_texts(chart)
    assert sum(label.endswith("|persisting") for label in read_parts(chart)) == 12
    assert list_clashes(chart) == []
    two = draw_trend(with_history(telephone_audit, rows), limit=2)
    assert "13 earlier audits are not shown." in list_texts(two)


def make_timeline(rows: list[tuple[str, str, str, str, str]]) -> pd.DataFrame:
    """Return a timeline of (as of, change, because, rule, event)."""
    frame = pd.DataFrame(rows, columns=["as_of", "change", "because", "rule", "event"], dtype="str")
    frame = frame.reindex(columns=TIMELINE_COLUMNS, fill_value="")
    frame["as_of"] = pd.to_datetime(frame["as_of"]).astype("datetime64[s]")
    frame["law_day"] = frame["as_of"].where(frame["because"] == "law")
    return frame.assign(register="made")


STEPS = [
    ("2016-07-12", "new", "", "TRF-03", ""),
    ("2018-05-25", "persisting", "", "TRF-03", "GDPR applies"),
    *[("2018-05-25", "new", "law", "PUR-01", "GDPR applies")] * 3,
    ("2020-07-16", "gone", "law", "TRF-03", "Case C-311/18"),
    *[("2020-07-16", "new", "law", "TRF-04", "Case C-311/18")] * 2,
    *[("2020-07-16", "persisting", "", "PUR-01", "Case C-311/18")] * 3,
    *[("2021-01-01", "persisting", "", "TRF-04", "End of the transition")] * 2,
    *[("2021-01-01", "persisting", "", "PUR-01", "End of the transition")] * 3,
    ("2021-01-01", "new", "time", "GOV-03", "End of the transition"),
]


def read_line(figure: Figure, kind: str) -> list[int]:
    labels = [str(one.get_label()) for one in figure.axes[0].lines]
    (found,) = (one for one in labels if one.startswith(f"{kind}|"))
    return [int(number) for number in found.partition("|")[2].split(",")]


def count_marks(figure: Figure) -> int:
    return sum(isinstance(one, Circle) for one in figure.axes[0].patches)


def test_lines_count_what_stands() -> None:
    chart = draw_timeline(make_timeline(STEPS))
    assert read_line(chart, "transfers") == [1, 1, 2, 2]
    assert read_line(chart, "others") == [0, 3, 3, 4]
    line = next(one for one in chart.axes[0].lines if str(one.get_label()).startswith("others|"))
    xs, ys = (np.asarray(one, dtype="float64") for one in line.get_data())
    # Steps: either the day or the number stays.
    assert all(
        a[0] == pytest.approx(b[0]) or a[1] == pytest.approx(b[1])
        for a, b in pairwise(zip(xs, ys, strict=True))
    )


def test_only_steps_of_the_law_are_named() -> None:
    chart = draw_timeline(make_timeline(STEPS))
    texts = list_texts(chart)
    assert {"GDPR applies", "Case C-311/18", "+3", "+2 \N{MINUS SIGN}1"} <= set(texts)
    assert "End of the transition" not in texts
    # One mark on the axis of time and one in the list, for each.
    assert count_marks(chart) == 4
    assert list_clashes(chart) == []
    assert "2020-07-16, Case C-311/18: transfers +2 \N{MINUS SIGN}1, others" in chart.description


def test_many_steps_with_long_names_do_not_overlap() -> None:
    days = pd.date_range("2021-01-01", periods=30, freq="7D")
    rows = [
        (day.date().isoformat(), "new", "law", "TRF-03", f"$x$ <b> Decision {day} {'long ' * 40}")
        for at, day in enumerate(days)
        for _ in range(at + 1)
    ]
    chart = draw_timeline(make_timeline(rows))
    assert count_marks(chart) == 24
    assert "18 smaller steps have no number." in list_texts(chart)
    assert list_clashes(chart) == []
    assert figure_svg(chart) == figure_svg(draw_timeline(make_timeline(rows)))


def test_a_timeline_without_findings_is_drawn() -> None:
    empty = make_timeline([])
    assert "No finding on any day." in list_texts(draw_timeline(empty))
    days = [date(2018, 5, 25), date(2020, 7, 16)]
    chart = draw_timeline(empty, days=days)
    assert read_line(chart, "transfers") == [0, 0]
    assert list_texts(chart).count("no such finding in this timeline") == 2
    assert "No change of the law moved a finding." in list_texts(chart)
    assert list_clashes(chart) == []
    assert "No step of the law." in describe_timeline(empty, days=days)
    assert figure_png(chart).startswith(b"\x89PNG")


def test_one_day_is_drawn() -> None:
    chart = draw_timeline(make_timeline(STEPS[:1]))
    assert read_line(chart, "transfers") == [1]
    assert list_clashes(chart) == []


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ((0, 0, 0), "\N{EN DASH}"),
        ((2, 0, 0), "+2"),
        ((0, 1, 3), "\N{MINUS SIGN}1, 3 changed"),
        ((0, 0, 3), "3 changed"),
    ],
)
def test_moves_are_told(moves: tuple[int, int, int], words: str) -> None:
    assert word_moves(moves) == words


def test_places_are_spread_within_their_ends() -> None:
    found = spread([1.0, 1.0, 5.0, 9.9, 10.0], 0.5, 1.0, 10.0)
    assert found == [1.0, 1.5, 5.0, 9.5, 10.0]
