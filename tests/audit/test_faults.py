"""A rule that breaks off: the audit goes on, says so, and shows no cell's text."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
import pytest
from made_rules import AS_OF, hit_one, make, make_rule

from ropa.auditing import audit_register
from ropa.errors import RuleFailedWarning
from ropa.evaluation import FAILED
from ropa.register import Register
from ropa.rules.case import Case
from ropa.rules.catalogue import Rule, list_rules
from ropa.summaries import summarise

CELL_TEXT = "a secret of the cell"


def break_off(_: Case) -> pd.DataFrame:
    raise KeyError(CELL_TEXT)


@pytest.fixture(scope="module")
def clean() -> Register:
    return make()


@contextmanager
def ignored() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuleFailedWarning)
        yield


def swap(code: str) -> list[Rule]:
    """Return the catalogue with one rule that breaks off."""
    broken = make_rule(code, break_off)
    return [broken if one.code == code else one for one in list_rules()]


def test_the_other_rules_go_on_and_the_fault_is_listed(clean: Register) -> None:
    rules = [make_rule("LAW-01", break_off), make_rule("PUR-01", hit_one("K05", "purpose"))]
    with ignored():
        result = audit_register(clean, as_of=AS_OF, rules=rules)
    assert result.findings["rule"].tolist() == ["PUR-01"]
    row = result.not_evaluated.iloc[0]
    assert (row["rule"], row["activity_id"]) == ("LAW-01", "")
    assert row["why"].startswith(FAILED)
    assert "KeyError" in row["why"]
    assert CELL_TEXT not in row["why"]


def test_a_fault_fails_the_tests(clean: Register) -> None:
    with pytest.raises(RuleFailedWarning, match="LAW-01") as caught:
        audit_register(clean, as_of=AS_OF, rules=[make_rule("LAW-01", break_off)])
    assert CELL_TEXT not in str(caught.value)


@pytest.mark.parametrize(("code", "item"), [("PUR-01", "30(1)(b)"), ("TRF-03", "")])
def test_the_summary_leaves_out_what_rests_on_the_fault(
    code: str, item: str, clean: Register
) -> None:
    with ignored():
        summary = summarise(audit_register(clean, as_of=AS_OF, rules=swap(code)))
    whole = summarise(audit_register(clean, as_of=AS_OF))
    gone = set(whole.completeness["item"]) - set(summary.completeness["item"])
    assert gone == ({item} if item else set())
    assert summary.transfers.empty == (code == "TRF-03")
