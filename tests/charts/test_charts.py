"""The charts of an audit show the numbers of its summary, whatever the register holds."""

from collections import Counter

import pandas as pd
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import ropa
from ropa.charts import (
    Chart,
    describe_completeness,
    describe_families,
    draw_completeness,
    draw_families,
)
from ropa.findings import SEVERITIES
from ropa.register import Register, concat_registers
from ropa.results import Result
from ropa.rules.catalogue import FAMILY_NAMES


def list_texts(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def count_cells(figure: Figure) -> Counter[str]:
    found: Counter[str] = Counter()
    for axes in figure.axes:
        for one in axes.collections:
            assert isinstance(one, PolyCollection)
            found[str(one.get_label())] += len(one.get_paths())
    return found


def read_bars(figure: Figure) -> dict[tuple[str, str], int]:
    """Return the number of each bar's part, by family and severity."""
    found = {}
    for axes in figure.axes:
        for one in axes.patches:
            parts = str(one.get_label()).split()
            if isinstance(one, Rectangle) and len(parts) == 3:
                found[parts[0], parts[1]] = int(parts[2])
    return found


def test_cells_are_those_of_the_summary(sample_audit: ropa.Audit) -> None:
    counts = sample_audit.summary().completeness
    expected = {one: int(counts[one].sum()) for one in ("stated", "none", "gap")}
    chart = draw_completeness(sample_audit)
    assert count_cells(chart) == Counter({one: n for one, n in expected.items() if n})
    texts = Counter(list_texts(chart))
    # One more of each "gap" stands in the legend.
    assert texts["gap"] == expected["gap"] + 1
    assert texts["none"] == expected["none"]
    assert sum(number for text, number in texts.items() if " of " in text[:8]) == len(counts)


def test_gaps_under_an_item_are_those_of_the_summary(telephone_audit: ropa.Audit) -> None:
    assert draw_completeness(telephone_audit).get_label() == (
        "Article 30 record: 7 of 63 entries are missing"
    )
    assert "Time limits for erasure, Article 30(1)(f): 1 of 9 missing" in describe_completeness(
        telephone_audit
    )
    assert "Recipients, Article 30(1)(d): 0 of 9 missing, 7 “none”" in describe_completeness(
        telephone_audit
    )


def test_a_row_stands_for_each_activity(telephone_audit: ropa.Audit) -> None:
    labels = [text for text in list_texts(draw_completeness(telephone_audit)) if text[0] == "E"]
    assert [text.split()[0] for text in labels] == [
        *("E1", "E2", "E3", "E4", "E5", "E6", "E9", "E10", "E11"),
        *("E7", "E8"),
    ]


def test_activities_beyond_the_limit_are_counted(telephone_audit: ropa.Audit) -> None:
    counts = telephone_audit.summary().completeness.set_index("item")
    chart = draw_completeness(telephone_audit, limit=3)
    texts = list_texts(chart)
    assert "other (7)" in texts
    # The two activities that stay are among those with the most gaps, in the register's order.
    assert [text.split()[0] for text in texts if text[0] == "E"] == ["E1", "E11", "E7", "E8"]
    assert "1 gap" in texts
    assert f"{int(counts['gap'].loc['30(1)(e)'])} of 9" in texts


def test_bars_are_those_of_the_findings(sample_audit: ropa.Audit) -> None:
    findings = sample_audit.findings
    pairs = zip(findings["rule"].str[:3], findings["severity"], strict=True)
    chart = draw_families(sample_audit)
    bars = read_bars(chart)
    assert bars == dict(Counter(pairs))
    summary = sample_audit.summary()
    assert sum(bars.values()) == sum(summary.severity.values())
    texts = list_texts(chart)
    for severity, number in summary.severity.items():
        assert f"{severity} {number}" in texts


def test_families_are_ranked_and_none_is_left_out(telephone_audit: ropa.Audit) -> None:
    codes = [text for text in list_texts(draw_families(telephone_audit)) if text in FAMILY_NAMES]
    sums = telephone_audit.summary().family
    assert sorted(codes) == sorted({one.code[:3] for one in telephone_audit.rules})
    assert [sums.get(code, 0) for code in codes] == sorted(
        (sums.get(code, 0) for code in codes), reverse=True
    )


def test_bars_have_the_length_of_their_number(telephone_audit: ropa.Audit) -> None:
    chart = draw_families(telephone_audit)
    parts = [
        (one.get_width(), int(str(one.get_label()).split()[2]))
        for one in chart.axes[0].patches
        if isinstance(one, Rectangle) and len(str(one.get_label()).split()) == 3
    ]
    assert len({round(width / number, 6) for width, number in parts}) == 1


def test_waived_findings_are_left_out(telephone_audit: ropa.Audit) -> None:
    findings = telephone_audit.frames["findings"]
    waived = findings.assign(
        status=findings["status"].mask(findings["severity"] == "critical", "waived")
    )
    changed = Result(
        telephone_audit.register,
        telephone_audit.as_of,
        telephone_audit.law,
        telephone_audit.rules,
        dict(telephone_audit.frames) | {"findings": waived},
    )
    number = int((findings["severity"] == "critical").sum())
    assert number
    bars = read_bars(draw_families(changed))
    assert sum(bars.values()) == len(findings) - number
    assert not any(severity == "critical" for _, severity in bars)


def test_every_family_has_a_name(telephone_audit: ropa.Audit) -> None:
    assert {one.code[:3] for one in telephone_audit.rules} <= set(FAMILY_NAMES)


def test_a_register_without_findings_is_drawn(strange_register: Register) -> None:
    audit = ropa.audit(strange_register, as_of="2026-09-30", rules=["PUR-01"])
    assert audit.findings.empty
    chart = draw_families(audit)
    assert chart.get_label() == "0 findings by family of rules"
    assert read_bars(chart) == {}
    assert describe_families(audit).endswith("as of 2026-09-30.")


def test_an_empty_register_is_drawn(empty_audit: ropa.Audit) -> None:
    chart = draw_completeness(empty_audit)
    assert "The register holds no live activity." in list_texts(chart)
    assert count_cells(chart) == {}
    assert "no live activity" in describe_completeness(empty_audit)
    assert isinstance(draw_families(empty_audit), Chart)


def test_several_registers_share_a_chart(
    telephone_audit: ropa.Audit, strange_register: Register
) -> None:
    both = concat_registers([telephone_audit.register, strange_register])
    audit = ropa.audit(both, as_of="2026-09-30")
    chart = draw_completeness(audit, limit=200)
    texts = list_texts(chart)
    assert any(text.startswith("2 registers, ") for text in texts)
    assert any(text.startswith("telephone-answering-service: E1 ") for text in texts)
    assert any(text.startswith("strange: K01 ") for text in texts)
    counts = audit.summary().completeness
    assert count_cells(chart)["none"] == counts["none"].sum()


@pytest.mark.parametrize("severity", SEVERITIES)
def test_the_text_gives_the_numbers_of_the_bars(telephone_audit: ropa.Audit, severity: str) -> None:
    told = describe_families(telephone_audit)
    bars: pd.Series = pd.Series(read_bars(draw_families(telephone_audit)))
    for family, number in bars.xs(severity, level=1).items():
        part = told.split(FAMILY_NAMES[str(family)])[1].split(")")[0]
        assert f"{number} {severity}" in part
