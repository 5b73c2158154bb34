"""The verdict in one line: never better than what was judged, and the same in each report."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from build_samples import SAMPLES
from html_pages import Page
from pptx import Presentation
from registers import clean_source, to_register
from rich.console import Console

import ropa
from ropa.audits import Audit
from ropa.findings import SEVERITIES
from ropa.report.deck import write_deck
from ropa.report.findings_workbook import write_findings_workbook
from ropa.report.page import write_page
from ropa.report.terminal import print_audit
from ropa.report.verdict_words import word_verdict

DAY = "2026-09-30"


@pytest.fixture(scope="module")
def clean() -> Audit:
    return ropa.audit(to_register(clean_source(), "clean"), as_of=DAY)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((0, 0, 0, 0, 0), "no defect found"),
        ((0, 0, 0, 0, 1), "nothing critical or high, 1 smaller point"),
        ((0, 0, 3, 2, 1), "nothing critical or high, 6 smaller points"),
        ((0, 1, 3, 2, 1), "nothing critical, 1 finding of high severity"),
        ((0, 2, 0, 0, 0), "nothing critical, 2 findings of high severity"),
        ((1, 1, 3, 2, 1), "1 critical finding needs action now"),
        ((2, 0, 0, 0, 0), "2 critical findings need action now"),
    ],
)
def test_the_worst_severity_decides(numbers: tuple[int, ...], said: str, clean: Audit) -> None:
    severity = dict(zip(SEVERITIES, numbers, strict=True))
    verdict = word_verdict(clean, replace(clean.summary(), severity=severity))
    assert verdict == f"Complete under Article 30; {said}"


def test_without_a_rule_nothing_is_said(clean: Audit) -> None:
    bare = replace(clean, rules=())
    assert word_verdict(bare, bare.summary()).startswith("No rule was run")


def test_each_report_tells_the_same() -> None:
    audit = ropa.audit(ropa.load(SAMPLES / "telephone-answering-service.xlsx"), as_of=DAY)
    verdict = "Not complete under Article 30; 3 critical findings need action now"
    assert word_verdict(audit, audit.summary()) == verdict
    assert Page(write_page(audit)).find("h2", id="verdict-title")[0].text == verdict
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(audit)))
    assert verdict in [row[0] for row in book["Summary"].iter_rows(values_only=True)]
    first = next(iter(Presentation(BytesIO(write_deck(audit))).slides))
    assert first.shapes.title.text_frame.text == verdict
    console = Console(width=120)
    with console.capture() as seen:
        print_audit(audit, console=console)
    assert verdict in seen.get()
