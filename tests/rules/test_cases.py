"""Every case of ``cases/*.toml``: a patch on the clean register gives exactly these findings.

A file of cases holds one table a case::

    [[case]]
    rule = "LAW-01"
    name = "basis left blank"              # unique within the rule
    patch = { "K07.Lawful basis" = "" }    # keys: see tests/support/registers.py
    expect = ["LAW-01 K07 lawful_basis"]

    [[case]]
    rule = "LAW-01"
    name = "any wording that can be read as a basis"
    patch = { "K07.Lawful basis" = "because the law says so (Art. 6.1.c)" }
    expect = []

    [[case]]
    rule = "LAW-10"
    name = "recognised legitimate interest the day before it was law"
    as_of = 2026-02-04                     # 2026-09-30 where it is left out
    regime = "uk"                          # "uk", "eu", "both"; else what the register says
    expect = ["LAW-10 K07 lawful_basis"]
    [case.patch]                           # the long form, at the end of its case
    "K07.Lawful basis" = "6(1)(ea) recognised legitimate interest"

``expect`` lists ALL findings of the patched register, of every rule: ``"RULE ACTIVITY field"``,
with ``-`` for the activity where the finding is on the register as a whole. What another rule
rightly says about the same patch is listed too. Several findings of one rule on one field of one
activity are one entry.
"""

from collections.abc import Iterator, Mapping

import pytest
from rule_cases import Place, RuleCase, audit_cases, read_cases

Outcomes = Mapping[str, frozenset[Place] | ValueError]


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest) -> Outcomes:
    """Audit the chosen cases in one batch."""
    chosen = list(_list_chosen(request.session))
    return dict(zip([case.title for case in chosen], audit_cases(chosen), strict=True))


def _list_chosen(session: pytest.Session) -> Iterator[RuleCase]:
    for item in session.items:
        if isinstance(item, pytest.Function) and hasattr(item, "callspec"):
            case = item.callspec.params.get("case")
            if isinstance(case, RuleCase):
                yield case


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.title)
def test_case(case: RuleCase, outcomes: Outcomes) -> None:
    outcome = outcomes[case.title]
    if isinstance(outcome, ValueError):
        raise outcome
    assert sorted(outcome) == sorted(case.expect)
