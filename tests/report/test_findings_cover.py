"""The cover of findings.xlsx: the verdict in words, never better than what was judged."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from build_samples import SAMPLES
from quarters import BOTH, NO_BASIS, Q1, Q2, audit
from registers import clean_source, patch_source, to_register

import ropa
from ropa.auditing import audit_register
from ropa.phrases.sentences import spell_day
from ropa.report.cover_sheet import FIRST_THINGS
from ropa.report.cover_words import list_reasons, tell_changes
from ropa.report.defects import list_defects
from ropa.report.findings_workbook import write_findings_workbook
from ropa.report.transfer_rows import list_transfers
from ropa.report.verdict_words import word_verdict
from ropa.results import Result
from ropa.rules.catalogue import select_rules
from ropa.summaries import summarise

DAY = date(2026, 9, 30)


def judge(
    patch: Mapping[str, object], *, as_of: date = DAY, rules: Sequence[str] | None = None
) -> Result:
    register = to_register(patch_source(clean_source(), patch), "clean")
    chosen = None if rules is None else select_rules(rules)
    return audit_register(register, as_of=as_of, rules=chosen)


def read_verdict(result: Result) -> tuple[str, list[str]]:
    summary = summarise(result)
    reasons = list_reasons(result, summary, list_transfers(result))
    return word_verdict(result, summary), list(reasons)


def test_a_clean_record_is_called_complete() -> None:
    verdict, reasons = read_verdict(judge({}))
    assert verdict == "Complete under Article 30; no defect found"
    assert reasons == [
        "All 24 activities have an answer to every item of Article 30.",
        "No fault was found with the safeguard of any transfer abroad (45).",
        "No rule found a defect.",
    ]


def test_a_defect_beyond_article_30_leaves_the_record_complete() -> None:
    verdict, reasons = read_verdict(judge(NO_BASIS))
    assert verdict == "Complete under Article 30; nothing critical, 1 finding of high severity"
    assert "1 open finding in all, of which 1 high." in reasons


def test_one_gap_makes_the_record_incomplete() -> None:
    verdict, reasons = read_verdict(judge({"K05.Purpose": ""}))
    assert verdict == "Not complete under Article 30; nothing critical, 1 finding of high severity"
    assert reasons[0] == (
        "1 of 24 activities lacks something that Article 30 requires: purposes (1)."
    )


def test_a_column_that_the_record_lacks_is_never_an_answer() -> None:
    result = judge({"-column.Activities.Purpose": ""})
    verdict, reasons = read_verdict(result)
    assert verdict.startswith("Not complete under Article 30; ")
    assert reasons[0] == "Missing from the record as a whole: purpose."
    assert not any("every item" in one for one in reasons)
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(result)))
    for name in ("Completeness", "By activity"):
        texts = [str(row[0]) for row in book[name].iter_rows(values_only=True) if row[0]]
        assert texts[-1].startswith("Missing from the record as a whole: purpose.")


def test_few_rules_do_not_make_a_record_complete() -> None:
    verdict, reasons = read_verdict(judge({}, rules=["LAW-01"]))
    assert verdict == "Not judged in full; no open finding in what could be judged"
    assert any(one.startswith("Only 1 of the ") for one in reasons)
    assert not any("every item" in one for one in reasons)


def test_before_article_30_nothing_is_called_complete() -> None:
    verdict, reasons = read_verdict(judge({}, as_of=date(2017, 1, 1)))
    assert verdict.startswith("Not judged for completeness; ")
    assert reasons[0].startswith("Article 30 was not yet law on that day")
    assert "7 of 9 transfers abroad have no safeguard that works" in reasons[1]


def test_transfers_without_a_safeguard_are_told_by_country() -> None:
    result = ropa.audit(ropa.load(SAMPLES / "telephone-answering-service.xlsx"), as_of=DAY)
    verdict, reasons = read_verdict(result)
    assert verdict == "Not complete under Article 30; 3 critical findings need action now"
    said = "3 of 4 transfers abroad have no safeguard that works: United States (3)."
    assert said in reasons
    first = list_defects(result, FIRST_THINGS)[0]
    assert (first.severity, first.rule, len(first.rows), first.activities) == (
        *("critical", "TRF-03"),
        *(2, "E8, E9"),
    )


def test_what_changed_is_told_with_the_earlier_day() -> None:
    before = audit(Q1, BOTH)
    now = audit(Q2, NO_BASIS, previous=before)
    assert tell_changes(now) == "Since the audit as of 31 March 2026: 1 persisting and 1 fixed."
    assert tell_changes(before) == ""
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(now)))
    rows = {str(row[0]): row[1:7] for row in book["Summary"].iter_rows(values_only=True)}
    severities = list(now.findings["severity"])
    assert rows["persisting"][0] == 1
    assert rows["fixed"][0] == 1
    assert rows["new"][0] == 0
    assert severities == ["high"]
    assert rows["persisting"] == (1, 0, 1, 0, 0, 0)
    assert f"Since {Q1}" in rows


@pytest.mark.parametrize(
    ("day", "said"),
    [(date(2026, 9, 30), "30 September 2026"), (date(2024, 2, 1), "1 February 2024")],
)
def test_days_are_spelled(day: date, said: str) -> None:
    assert spell_day(day) == said


def test_the_cover_can_be_read_back() -> None:
    """The facts by which a later audit knows this one stand in the first two columns."""
    result = judge(NO_BASIS)
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(result)))
    rows: dict[str, object] = {}
    for row in book["Summary"].iter_rows(values_only=True):
        rows.setdefault(str(row[0]), row[1])  # as it is read back: the first one counts
    assert str(rows["Judged as of"])[:10] == "2026-09-30"
    assert rows["Regime"] == result.regime
    assert rows["Findings"] == len(result.findings) == 1
