"""What the rules on bases and special categories say beside firing: severity, regime, message."""

import pandas as pd
import pytest
from registers import clean_source, patch_source, to_register
from rule_cases import AS_OF

from ropa.auditing import audit_register
from ropa.results import Result
from ropa.rules.catalogue import select_rules


def _audit(rule: str, patch: dict[str, object], regime: str | None = None) -> Result:
    register = to_register(patch_source(clean_source(), patch), "patched")
    return audit_register(register, as_of=AS_OF, regime=regime, rules=select_rules([rule]))


def _find_one(rule: str, patch: dict[str, object], regime: str | None = None) -> "pd.Series[str]":
    findings = _audit(rule, patch, regime).findings
    assert len(findings) == 1
    return findings.iloc[0]


@pytest.mark.parametrize(
    ("rule", "patch", "severity"),
    [
        ("LAW-02", {"K16.Lawful basis": "Good housekeeping"}, "medium"),
        ("LAW-02", {"K09.Lawful basis": "Companies Act 2006, section 386"}, "low"),
        ("LAW-03", {"K10.Lawful basis": "Contract; legitimate interests"}, "low"),
        ("LAW-03", {"K12.Lawful basis": "Consent or contract"}, "medium"),
        ("SPC-01", {"K07.Special category condition": ""}, "critical"),
    ],
)
def test_severity(rule: str, patch: dict[str, object], severity: str) -> None:
    assert _find_one(rule, patch)["severity"] == severity


@pytest.mark.parametrize(
    ("rule", "patch", "regime"),
    [
        ("LAW-01", {"K16.Lawful basis": ""}, "uk+eu"),
        ("LAW-10", {"K15.Lawful basis": "Recognised legitimate interest: crime"}, "eu"),
        ("LAW-12", {"K16.Lawful basis": "Recognised legitimate interest"}, "uk"),
        ("SPC-03", {"K07.Schedule 1 condition": ""}, "uk"),
    ],
)
def test_regime(rule: str, patch: dict[str, object], regime: str) -> None:
    assert _find_one(rule, patch)["regime"] == regime


@pytest.mark.parametrize(
    ("rule", "patch", "words"),
    [
        ("LAW-03", {"K12.Lawful basis": "Consent or contract"}, "consent, contract"),
        ("LAW-08", {"K09.Law cited": ""}, "a legal obligation, and no law is named"),
        ("LAW-10", {"K15.Lawful basis": "6(1)(ea): crime"}, "Article 6(1)(ea), is no basis under"),
        ("LAW-11", {"K19.Lawful basis": "Contract"}, "a lawful basis of its own: contract"),
        ("SPC-07", {"K08.Policy adherence": "No"}, "no reason is recorded"),
    ],
)
def test_message(rule: str, patch: dict[str, object], words: str) -> None:
    assert words in _find_one(rule, patch)["message"]


def test_item_is_the_subject() -> None:
    patch = {"data_items.K07.Occupational health reports.Special category": "No"}
    found = _find_one("SPC-06", dict(patch))
    assert found["subject"] == "Occupational health reports"
    assert found["sheet"] == "Data items"


@pytest.mark.parametrize(
    ("rule", "basis", "law"),
    [
        ("LAW-02", "Regulation (EU) 2018/1725", "2018/1725"),
        ("SPC-01", "Part 3 of the Data Protection Act 2018", "law enforcement"),
    ],
)
def test_other_law_is_not_evaluated(rule: str, basis: str, law: str) -> None:
    result = _audit(rule, {"K07.Lawful basis": basis, "K07.Special category condition": ""})
    assert result.findings.empty
    unjudged = result.not_evaluated
    assert list(unjudged["activity_id"]) == ["K07"]
    assert law in unjudged["why"].iloc[0]


def test_layout_without_criminal_conditions_is_not_evaluated_once() -> None:
    columns = ("Criminal-offence condition", "Schedule 1 condition")
    result = _audit("SPC-05", {f"-column.Activities.{one}": "" for one in columns})
    assert result.findings.empty
    assert list(result.not_evaluated["activity_id"]) == [""]


def test_layout_with_schedule_1_alone_is_judged_there() -> None:
    column = "-column.Activities.Criminal-offence condition"
    found = _find_one("SPC-05", {column: "", "K03.Schedule 1 condition": ""})
    assert (found["activity_id"], found["field"]) == ("K03", "schedule_1_condition")
