"""The catalogue is complete: each rule is documented, sourced and tested both ways."""

import re
from datetime import date

import pytest
from registers import clean_source, to_register
from rule_cases import AS_OF, read_cases

from ropa.auditing import audit_register
from ropa.findings import DUTIES, SEVERITIES
from ropa.lawbook import load_law
from ropa.rules.catalogue import Rule, list_rules, select_rules
from ropa.rules.requirements import required_field_blank
from ropa.schema import read_fields

RULES = list_rules()
FIELDS = {(field.table, field.name) for field in read_fields()}
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


@each_rule
def test_metadata_is_valid(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3}-\d\d", rule.code)
    assert re.fullmatch(r"[a-z][a-z0-9_]+", rule.name)
    assert rule.severity in SEVERITIES
    assert rule.duty in DUTIES
    assert rule.roles
    assert set(rule.roles) <= set("CPR")
    assert set(rule.needs) <= FIELDS


@each_rule
@pytest.mark.parametrize("part", ["summary", "why", "remedy", "references"])
def test_docstring_says_everything(rule: Rule, part: str) -> None:
    text = getattr(rule, part)
    assert text.endswith(".")
    assert len(text.split()) >= 3


@each_rule
def test_rule_rests_on_a_provision_today(rule: Rule) -> None:
    law = load_law()
    provisions = [law.find_provision(rule.code, regime, AS_OF) for regime in ("uk", "eu")]
    assert any(provisions)
    assert all("GDPR" in one or "DPA" in one or "PECR" in one for one in provisions if one)


def test_every_provision_belongs_to_a_rule() -> None:
    rules = {row["rule"] for row in load_law().rows("provisions")}
    assert rules == {rule.code for rule in RULES} | {required_field_blank.code}


@each_rule
def test_rule_is_tested_both_ways(rule: Rule) -> None:
    cases = [case for case in read_cases() if case.rule == rule.code]
    assert [case.name for case in cases if case.fires]
    assert [case.name for case in cases if not case.fires]


def test_every_case_is_about_a_rule() -> None:
    codes = {rule.code for rule in RULES}
    assert {case.rule for case in read_cases()} <= codes
    assert {place[0] for case in read_cases() for place in case.expect} <= codes


@pytest.mark.parametrize("regime", [None, "uk", "eu", "both"])
def test_clean_register_gives_no_finding(regime: str | None) -> None:
    register = to_register(clean_source(), "clean")
    findings = audit_register(register, as_of=AS_OF, regime=regime).findings
    shown = findings[["rule", "activity_id", "field", "value"]].to_dict("records")
    assert shown == []


def test_select_rules_takes_codes_and_families() -> None:
    chosen = select_rules(["TRF", "LAW-01"])
    assert {rule.code[:3] for rule in chosen} == {"TRF", "LAW"}
    assert [rule.code for rule in chosen if rule.code.startswith("LAW")] == ["LAW-01"]


def test_rules_rest_on_no_provision_before_the_law() -> None:
    law = load_law()
    day = date(2018, 5, 24)
    judged = {rule.code for rule in RULES if law.find_provision(rule.code, "eu", day)}
    assert {code[:3] for code in judged} <= {"TRF"}
