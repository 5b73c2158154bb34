"""board.pptx: what its slides say, and that all of it can be edited, read aloud and traced."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

import ropa
from ropa.report.deck import write_deck
from ropa.results import Result

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
TELEPHONE, CALLS, CLEAN = "telephone-answering-service", "call-handling-provider", "clean"


@cache
def audit(name: str, *, compared: bool = False) -> Result:
    register = ropa.load(SAMPLES / f"{name}.xlsx")
    earlier = ropa.audit(register, as_of="2026-06-30") if compared else None
    return ropa.audit(register, as_of="2026-09-30", previous=earlier)


@cache
def deck(name: str, *, compared: bool = False) -> Any:  # noqa: ANN401 - python-pptx has no types
    return read(write_deck(audit(name, compared=compared)))


def read(data: bytes) -> Any:  # noqa: ANN401 - as above
    return Presentation(BytesIO(data))


def with_findings(result: Result, findings: pd.DataFrame) -> Result:
    return replace(result, frames={**result.frames, "findings": findings})


def fill(result: Result, **words: str) -> Result:
    """Return an audit whose findings all have these words in some columns."""
    return with_findings(result, result.frames["findings"].assign(**words))


def titles(made: Any) -> list[str]:  # noqa: ANN401 - as above
    return [slide.shapes.title.text_frame.text for slide in made.slides]


def texts(slide: Any) -> str:  # noqa: ANN401 - as above
    parts = [one.text_frame.text for one in slide.shapes if one.has_text_frame]
    for one in slide.shapes:
        if one.has_table:
            parts += [cell.text for row in one.table.rows for cell in row.cells]
    return "\n".join(parts)


def notes(slide: Any) -> str:  # noqa: ANN401 - as above
    return str(slide.notes_slide.notes_text_frame.text)


def charts(slide: Any) -> list[Any]:  # noqa: ANN401 - as above
    return [one.chart for one in slide.shapes if one.has_chart]


def series(chart: Any) -> Mapping[str, list[float]]:  # noqa: ANN401 - as above
    return {one.name: list(one.values) for one in chart.plots[0].series}


def test_titles_say_the_message() -> None:
    assert titles(deck(TELEPHONE)) == [
        "Not complete under Article 30; 3 critical findings need action now",
        "First audit: 11 activities read, 54 findings to work on",
        "3 transfers to the United States have no working safeguard",
        "3 of 3 activities with transfers abroad have one without a working safeguard",
        "3 critical and 15 high risks; 18 without an owner or a date",
        "2 decisions are asked for",
        "How this was found, and where the evidence is",
    ]


def test_a_sound_register_raises_no_alarm() -> None:
    said = titles(deck(CLEAN))
    assert said[0] == "Complete under Article 30; no defect found"
    assert said[2].endswith("abroad, all adequate or with a safeguard")
    assert said[4:6] == ["No risk is open", "No decision is asked for"]


def test_unclear_transfers_are_never_called_safe() -> None:
    said = titles(deck(CALLS))
    assert said[2:4] == [
        "16 of 16 transfers abroad: country or safeguard is not clear",
        (
            "16 of 16 activities with transfers abroad have one whose country"
            " or safeguard is not clear"
        ),
    ]
    first = texts(deck(CALLS).slides[0])
    assert "16 with country or safeguard not clear" in first
    assert "each on a basis that works" not in first
    assert "United States: no transfer is named" in texts(deck(CALLS).slides[2])


def test_the_trend_needs_two_audits() -> None:
    assert len(deck(CLEAN).slides) == 7
    made = deck(CLEAN, compared=True)
    assert len(made.slides) == 8
    assert titles(made)[1] == "Since 30 June 2026: nothing new, 1 fixed, none still open"
    assert titles(made)[5] == "Open findings fell from 1 to 0 since 30 June 2026"
    (chart,) = charts(made.slides[5])
    assert list(chart.plots[0].categories) == ["30 Jun 2026", "30 Sep 2026"]
    assert series(chart) == {"new": [1, 0]}
    assert "Found fixed: 1 on 30 Sep 2026." in texts(made.slides[5])


def test_an_earlier_audit_without_a_finding_counts_in_the_trend() -> None:
    register = ropa.load(SAMPLES / f"{CLEAN}.xlsx")
    earlier = ropa.audit(register, as_of="2026-09-20")
    assert earlier.findings.empty
    made = read(write_deck(ropa.audit(register, as_of="2026-09-30", previous=earlier)))
    assert titles(made)[5] == "Open findings: 0, as many as on 20 September 2026"


def test_numbers_are_those_of_the_summary() -> None:
    summary = ropa.audit(ropa.load(SAMPLES / f"{TELEPHONE}.xlsx"), as_of="2026-09-30").summary()
    first, fourth = deck(TELEPHONE).slides[0], deck(TELEPHONE).slides[3]
    tiles = [one.text_frame.text for one in first.shapes if "\n" in getattr(one, "text", "")]
    assert tiles[:5] == [f"{number}\n{word}" for word, number in summary.severity.items()]
    (completeness,) = charts(first)
    assert series(completeness)["gap"] == list(summary.completeness["gap"])
    (transfers,) = charts(fourth)
    assert sorted(series(transfers)["Activities"]) == sorted(summary.transfers["activities"])


@pytest.mark.parametrize("name", [TELEPHONE, CLEAN])
def test_charts_can_be_edited(name: str) -> None:
    found = [chart for slide in deck(name, compared=True).slides for chart in charts(slide)]
    assert len(found) == 3
    for chart in found:
        book = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        rows = list(book.worksheets[0].iter_rows(values_only=True))
        assert [row[0] for row in rows[1:]] == list(chart.plots[0].categories)
        assert list(rows[0][1:]) == list(series(chart))


@pytest.mark.parametrize("name", [TELEPHONE, CLEAN])
def test_pictures_charts_and_tables_are_told_in_words(name: str) -> None:
    kinds = set()
    for slide in deck(name, compared=True).slides:
        for one in slide.shapes:
            if one.has_chart or one.has_table or one.shape_type == 13:
                words = one._element.find(f".//{qn('p:cNvPr')}").get("descr", "")  # noqa: SLF001 - no public way
                assert len(words) > 20, (slide.shapes.title.text, one.name)
                kinds.add(one.shape_type)
    assert len(kinds) >= 3


def test_each_slide_bears_organisation_and_date() -> None:
    for slide in deck(TELEPHONE).slides:
        assert "Telephone answering service (sample) · as of 30 September 2026" in texts(slide)
        assert notes(slide).strip()


def test_notes_hold_the_evidence() -> None:
    findings = audit(TELEPHONE).findings
    said = notes(deck(TELEPHONE).slides[4])
    for row in findings[findings["severity"] == "critical"].to_dict("records"):
        assert row["id"] in said
        assert f"{row['sheet']}!{row['cell']}" in said
        assert row["provision"] in said
    assert f"and {len(findings) + 1 - 40} more: see findings.xlsx" in said


def test_owners_of_the_last_quarter_are_shown() -> None:
    result = fill(audit(TELEPHONE), owner="Head of marketing", due="2026-12-01")
    made = read(write_deck(result))
    assert titles(made)[4] == "3 critical and 15 high risks, each with an owner and a date"
    shown = texts(made.slides[4])
    assert "Head of marketing" in shown
    assert "2026-12-01" in shown
    assert "no owner" not in shown
    assert "Name an owner" not in texts(made.slides[5])


def test_words_are_no_due_date() -> None:
    made = read(write_deck(fill(audit(TELEPHONE), owner="Head of marketing", due="soon")))
    assert titles(made)[4] == "3 critical and 15 high risks; 18 without an owner or a date"
    assert "no date" in texts(made.slides[4])


def test_what_is_overdue_is_put_to_the_board() -> None:
    late = texts(read(write_deck(fill(audit(TELEPHONE), owner="A", due="2026-09-29"))).slides[5])
    assert "Settle 54 findings past the due date" in late
    today = texts(read(write_deck(fill(audit(TELEPHONE), owner="A", due="2026-09-30"))).slides[5])
    assert "past the due date" not in today


@pytest.mark.parametrize(
    ("state", "expiry", "asked"),
    [
        ("in force", "2026-12-31", "Renew or close 1 accepted risk: acceptance ends"),
        ("in force", "2027-06-30", ""),
        ("expired", "2026-08-31", "Renew or close 1 accepted risk: acceptance ended"),
        ("matches no finding", "2026-12-31", ""),
    ],
)
def test_accepted_risks_that_end_are_put_to_the_board(state: str, expiry: str, asked: str) -> None:
    result = audit(CLEAN)
    row = ("", "TRF-03", "K01", "small", "The board", expiry, "policy", state)
    waivers = pd.DataFrame([row], columns=result.waivers.columns, dtype="str")
    made = read(write_deck(replace(result, frames={**result.frames, "waivers": waivers})))
    said = texts(made.slides[5])
    assert ("Renew or close" in said) == bool(asked)
    assert asked in said


def test_waived_findings_are_counted_apart() -> None:
    made = read(write_deck(fill(audit(TELEPHONE), status="waived")))
    assert titles(made)[0].endswith("; no open finding, accepted risks remain")
    assert "Accepted risks: 54 findings, not counted above." in texts(made.slides[0])
    assert titles(made)[4] == "No risk is open"


def test_rules_that_were_not_run_are_no_clean_bill() -> None:
    result = ropa.audit(ropa.load(SAMPLES / f"{CLEAN}.xlsx"), as_of="2026-09-30", rules=["GOV"])
    unjudged = pd.DataFrame(
        [("clean", "GOV-01", "", "the layout has no such column")],
        columns=["register", "rule", "activity_id", "why"],
        dtype="str",
    )
    partly = replace(result, frames={**result.frames, "not_evaluated": unjudged})
    made = read(write_deck(partly))
    assert titles(made)[0].endswith("; no open finding in what could be judged")
    assert "Not judged: 1 rule" in texts(made.slides[0])
    none = replace(result, rules=())
    assert titles(read(write_deck(none)))[0].startswith("No rule was run")


def test_an_assumed_change_of_law_is_said_on_every_slide() -> None:
    register = ropa.load(SAMPLES / f"{CLEAN}.xlsx")
    law = ropa.law().ending("EUADQ-US-DPF", on="2026-09-01")
    made = read(write_deck(ropa.audit(register, as_of="2026-09-30", law=law)))
    assert all("as of 30 September 2026, what if" in texts(slide) for slide in made.slides)
    assert "last day" in texts(made.slides[6])
