"""The charts of destinations and time limits show the register's numbers, and nothing overlaps."""

from dataclasses import replace

import pandas as pd
import pytest
from chart_parts import list_clashes, list_texts, read_parts
from registers import clean_source, patch_source, to_register

import ropa
from ropa.charts import (
    describe_destinations,
    describe_retention,
    draw_destinations,
    draw_flows,
    draw_retention,
    figure_svg,
)
from ropa.charts.destinations import count_destinations, fold_destinations
from ropa.charts.retention_groups import count_retention
from ropa.charts.safeguard_groups import GROUPS
from ropa.evaluation import FAILED
from ropa.register import Register

AS_OF = "2026-09-30"


@pytest.fixture(scope="module")
def crowded() -> ropa.Audit:
    """Return an audit with long names of countries that are none, and many destinations."""
    places = ["India", "Ghana", "Peru", "France", "Japan", "Brazil", "Kenya", "Chile", "Egypt"]
    source = patch_source(
        clean_source(),
        {
            "+recipients": [
                {
                    "Activity ID": "K12",
                    "Recipient": f"Firm {number}",
                    "Role": "processor",
                    "Country": place,
                    "Transfer mechanism": ("", "Privacy Shield", "appropriate safeguards")[
                        number % 3
                    ],
                }
                for number, place in enumerate([*places, f"$x$ <b>{'Neverland ' * 9}"])
            ]
        },
    )
    return ropa.audit(to_register(source, "crowded"), as_of=AS_OF, rules=["TRF-03", "RET-01"])


def test_destinations_are_those_of_the_flow_picture(crowded: ropa.Audit) -> None:
    counts = count_destinations(crowded)
    chart = draw_flows(ropa.flow_graph(crowded.register, as_of=AS_OF), limit=99)
    failing = int(counts["failing"].sum())
    total = int(counts.to_numpy().sum())
    head = f"Without a working safeguard: {failing} of {total} flows into a country."
    assert any(text.startswith(head) for text in list_texts(chart))
    assert failing > 3
    assert list(counts.sum(axis=1)) == sorted(counts.sum(axis=1), reverse=True)


def test_bars_of_destinations_have_their_numbers(crowded: ropa.Audit) -> None:
    counts = count_destinations(crowded)
    chart = draw_destinations(crowded, limit=60)
    expected = {
        f"{country}|{group}": int(counts.loc[country, group])
        for country in counts.index
        for group in GROUPS
        if counts.loc[country, group]
    }
    assert read_parts(chart) == expected
    hatched = [one for one in chart.axes[0].patches if one.get_hatch()]
    assert len(hatched) == int((counts["failing"] > 0).sum()) + 1
    assert list_clashes(chart) == []


def test_the_united_states_are_called_out(
    telephone_audit: ropa.Audit, empty_audit: ropa.Audit
) -> None:
    chart = draw_destinations(telephone_audit)
    bold = {text.get_text() for text in chart.axes[0].texts if text.get_fontweight() == "bold"}
    assert "United States" in bold
    assert "EU" not in bold
    assert "United States: 3 flows, 3 without a working safeguard." in chart.description
    assert "EU 1 (1 adequate)" in chart.description
    told = describe_destinations(empty_audit)
    assert "United States: no flow is stated" in told
    assert "No country is stated for any recipient." in list_texts(draw_destinations(empty_audit))


def test_the_united_states_are_never_folded() -> None:
    names = ["France", "Spain", "Italy", "United States", "Ghana", "Peru"]
    counts = pd.DataFrame(
        {one: [6, 5, 4, 3, 2, 1] if one == "adequate" else [0] * 6 for one in GROUPS}, index=names
    )
    for limit in (2, 3, 4, 5):
        folded = fold_destinations(counts, limit)
        assert "United States" in folded.index
        assert len(folded) == limit
        assert folded["adequate"].sum() == 21
        assert folded.index[-1] == f"other countries ({7 - limit})"
    assert list(fold_destinations(counts, 3).index[:2]) == ["France", "United States"]
    assert fold_destinations(counts, 6) is counts


def test_destinations_without_verdicts_are_not_judged(telephone_audit: ropa.Audit) -> None:
    broken = pd.DataFrame([{"rule": "TRF-03", "activity_id": "", "why": FAILED, "register": "r"}])
    frames = dict(telephone_audit.frames) | {"not_evaluated": broken}
    counts = count_destinations(replace(telephone_audit, frames=frames))
    assert counts["unjudged"].sum() == counts.to_numpy().sum() == 4
    assert "safeguards were not judged" in describe_destinations(
        replace(telephone_audit, frames=frames)
    )


RETENTIONS = {
    "K01": ("7 years", "7 years|fixed"),
    "K02": ("6 years after the end of the contract", "6 years|event_period"),
    "K03": ("as long as necessary", "circular"),
    "K04": ("indefinitely", "unlimited"),
    "K05": ("", "missing"),
    "K06": ("in accordance with our retention schedule", "unnamed"),
    "K07": ("until consent is withdrawn", "event"),
    "K08": ("40 years", "over 30 years|fixed"),
    "K09": ("at least 6 years", "minimum"),
    "K10": ("12 months", "1 year|fixed"),
}


def test_a_time_limit_has_its_place() -> None:
    patch: dict[str, object] = {f"-K{number:02}": None for number in range(11, 26)}
    patch |= {f"{key}.Retention": text for key, (text, _) in RETENTIONS.items()}
    register = to_register(patch_source(clean_source(), patch), "one")
    items = register.frames["data_items"]
    frames = dict(register.frames) | {"data_items": items[items["origin"] != "sheet"]}
    audit = ropa.audit(Register(frames, register.inputs), as_of=AS_OF, rules=["RET-01"])
    chart = draw_retention(audit)
    assert list_clashes(chart) == []
    assert read_parts(chart) == {place: 1 for _, place in RETENTIONS.values()}


@pytest.mark.parametrize(
    ("rule", "group"),
    [
        ("RET-01", "missing"),
        ("circular_retention", "circular"),
        ("open_ended_retention", "open"),
        ("unlimited_retention", "unlimited"),
    ],
)
def test_groups_are_those_of_the_findings(sample_audit: ropa.Audit, rule: str, group: str) -> None:
    findings = sample_audit.findings
    found = findings[(findings["rule"] == rule) | (findings["name"] == rule)]
    _, others = count_retention(sample_audit)
    assert others[group] == len(found)


def test_time_limits_are_told(telephone_audit: ropa.Audit, empty_audit: ropa.Audit) -> None:
    chart = draw_retention(telephone_audit)
    assert chart.get_label() == "5 of 10 time limits state a length; 1 activity states none"
    told = describe_retention(telephone_audit)
    assert "Lengths: 2 at most 1 week, 2 at most 6 months, 1 at most 3 years." in told
    assert "3 open-ended: the end may never come; 1 not stated." in told
    empty = draw_retention(empty_audit)
    assert "No time limit states a length." in list_texts(empty)
    assert read_parts(empty) == {}
    for one in (chart, empty):
        assert list_clashes(one) == []
        assert figure_svg(one) == figure_svg(one)
