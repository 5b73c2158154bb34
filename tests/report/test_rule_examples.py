"""Every rule has an example that is true: wrong breaks this rule, right breaks none."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from registers import clean_source, patch_source
from rule_cases import Place, RuleCase, audit_cases

from ropa.rules.catalogue import Rule, list_rules
from ropa.rules.examples import Example, read_examples
from ropa.vocabulary import read_vocabulary

PLACES = Path(__file__).parent / "cases" / "rule_examples.toml"
DEFAULT = "K16"
RULES = list_rules()

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
Outcomes = Mapping[tuple[str, str], frozenset[Place] | ValueError]


@cache
def read_places() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(PLACES.read_text(encoding="utf-8"))


def make_case(example: Example, which: str) -> RuleCase:
    place = read_places().get(example.rule, {})
    default = "organisation" if example.table == "organisation" else DEFAULT
    key = f"{place.get('row', default)}.{example.heading}"
    patch = dict(place.get("patch", {}))
    patch[key] = getattr(example, which)
    return RuleCase(example.rule, which, drop_idle(patch), frozenset())


def drop_idle(patch: Mapping[str, object]) -> Mapping[str, object]:
    """Return a patch without what the clean register says already."""
    source, kept = clean_source(), {}
    for key, value in patch.items():
        try:
            source = patch_source(source, {key: value})
        except ValueError as error:
            if "changes nothing" not in str(error):
                raise
        else:
            kept[key] = value
    return kept


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    """Audit both texts of every example in one batch."""
    examples = read_examples().values()
    cases = [make_case(one, which) for one in examples for which in ("wrong", "right")]
    found = audit_cases(cases)
    return {(case.rule, case.name): one for case, one in zip(cases, found, strict=True)}


@each_rule
def test_wrong_text_breaks_this_rule_and_hardly_another(rule: Rule, outcomes: Outcomes) -> None:
    outcome = outcomes[rule.code, "wrong"]
    assert not isinstance(outcome, ValueError)
    also = read_places().get(rule.code, {}).get("also", ())
    assert {code for code, _, _ in outcome} == {rule.code, *also}


@each_rule
def test_right_text_breaks_no_rule(rule: Rule, outcomes: Outcomes) -> None:
    assert outcomes[rule.code, "right"] == frozenset()


def test_every_rule_has_one_example() -> None:
    codes = [row["rule"] for row in read_vocabulary("rule_examples")]
    assert codes == [rule.code for rule in RULES]


def test_every_place_belongs_to_an_example() -> None:
    assert set(read_places()) <= set(read_examples())


@pytest.mark.parametrize("example", read_examples().values(), ids=lambda one: one.rule)
def test_example_says_two_things_in_one_line_each(example: Example) -> None:
    assert example.right
    assert example.right != example.wrong
    for text in (example.given, example.wrong, example.right):
        assert text == " ".join(text.split())
        assert len(text) <= 120
