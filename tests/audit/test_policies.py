"""What a policy changes in an audit: severities, rules off, months of review, required fields."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from registers import clean_source, patch_source, to_register

import ropa
from ropa.policy import Policy

AS_OF = "2026-09-30"


def audit(patch: Mapping[str, object], policy: Policy, *rules: str) -> ropa.Audit:
    register = to_register(patch_source(clean_source(), patch) if patch else clean_source(), "a")
    return ropa.audit(register, as_of=AS_OF, rules=rules or ["LAW-01"], policy=policy)


def places(one: ropa.Audit) -> list[tuple[str, str, str]]:
    rows = one.findings
    return list(zip(rows["rule"], rows["activity_id"], rows["field"], strict=True))


@pytest.mark.parametrize("severity", ["critical", "info"])
def test_a_severity_replaces_the_rules_own(severity: str) -> None:
    found = audit({"K16.Lawful basis": ""}, Policy(severity={"LAW-01": severity}))
    assert found.findings["severity"].tolist() == [severity]


def test_a_severity_replaces_milder_and_worse_cases_too() -> None:
    patch = {"K16.Lawful basis": "Companies Act 2006"}
    own = audit(patch, Policy(), "LAW-02").findings["severity"].tolist()
    assert own == ["low"]
    told = audit(patch, Policy(severity={"LAW-02": "high"}), "LAW-02")
    assert told.findings["severity"].tolist() == ["high"]


def test_a_rule_that_is_off_is_not_run_and_said() -> None:
    found = audit({"K16.Lawful basis": ""}, Policy(off=frozenset({"LAW-01"})))
    assert found.findings.empty
    assert found.not_evaluated.to_numpy().tolist() == [["LAW-01", "", "switched off by the policy"]]
    assert found.rules == ()


def test_the_months_of_review_are_those_of_the_policy() -> None:
    patch = {"K16.Last reviewed": "2026-02-01"}
    assert audit(patch, Policy(), "GOV-01").findings.empty
    found = audit(patch, Policy(review_months=6), "GOV-01")
    assert ("GOV-01", "K16", "last_reviewed") in places(found)
    assert "more than 6 months before" in found.findings["message"].iloc[0]


# -- required fields ----------------------------------------------------------------------------

REQUIRED = Policy(required=(("activities", "notes"), ("recipients", "contract_end")))


def test_a_required_field_that_is_blank_is_a_finding() -> None:
    patch = {"*.Notes": "Seen", "recipients.*.*.Contract end": "2027-01-01"}
    assert audit(patch, REQUIRED).findings.empty
    found = audit(patch | {"K16.Notes": "", "K05.Notes": "TBC"}, REQUIRED)
    assert places(found) == [("POL-01", "K05", "notes"), ("POL-01", "K16", "notes")]
    row = found.findings.iloc[0]
    assert (row["severity"], row["duty"], row["sheet"]) == ("medium", "guidance", "Activities")
    assert "'Notes' is required" in row["message"]
    assert row["cell"]
    assert row["provision"].startswith("UK GDPR Art 24(2)")


def test_none_is_an_answer_to_a_required_field() -> None:
    patch = {"*.Notes": "None", "recipients.*.*.Contract end": "2027-01-01"}
    assert audit(patch, REQUIRED).findings.empty


def test_a_field_that_a_rule_names_already_is_not_named_twice() -> None:
    policy = Policy(required=(("activities", "lawful_basis"),))
    found = places(audit({"K16.Lawful basis": ""}, policy))
    assert [rule for rule, activity, _ in found if activity == "K16"] == ["LAW-01"]
    lone = places(audit({"K16.Lawful basis": ""}, policy, "PUR-01"))
    assert [rule for rule, activity, _ in lone if activity == "K16"] == ["POL-01"]


def test_a_required_field_that_the_layout_lacks_is_said_once() -> None:
    policy = Policy(required=(("activities", "notes"),))
    found = audit({"-column.Activities.Notes": True}, policy)
    assert found.findings.empty
    assert found.not_evaluated["rule"].tolist() == ["POL-01"]
    assert "no column for 'Notes'" in found.not_evaluated["why"].iloc[0]


def test_without_required_fields_the_rule_is_not_run() -> None:
    assert [one.code for one in audit({}, Policy()).rules] == ["LAW-01"]


# -- the hash -----------------------------------------------------------------------------------


def test_a_register_read_with_another_policy_is_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    one.write_text('[mapping]\n"Notes" = "notes"\n', encoding="utf-8")
    other.write_text("[review]\nmonths = 6\n", encoding="utf-8")
    register = ropa.load("data/samples/clean.xlsx", policy=one)
    same = ropa.audit(register, as_of=AS_OF, rules=["LAW-01"], policy=one)
    assert same.policy.sha256 == register.policy
    with pytest.raises(ropa.UsageError, match="another policy"):
        ropa.audit(register, as_of=AS_OF, policy=other)
