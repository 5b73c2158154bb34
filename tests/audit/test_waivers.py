"""Accepted risks: by policy, and by owners in last quarter's findings; in force, expired."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from quarters import BOTH, NO_BASIS, Q1, Q2, Q3, Q4, audit, statuses

import ropa
from ropa.policy import Policy, Waiver

BASIS, PURPOSE = "LAW-01 K16", "PUR-01 K05"
WORDS = ("owner", "due", "decision", "remark")


def waive(expiry: str, *, finding: str = "", rule: str = "LAW-01", activity: str = "K16") -> Policy:
    place = ("", "") if finding else (rule, activity)
    day = date.fromisoformat(expiry)
    return Policy(waivers=(Waiver(finding, *place, "Too small to matter", "The board", day),))


def decide(one: ropa.Audit, **words: str) -> ropa.Audit:
    """Return an audit in which an owner has written to the finding on a basis."""
    rows = one.frames["findings"].copy()
    for name, text in words.items():
        rows.loc[rows["rule"] == "LAW-01", name] = text
    return replace(one, frames=MappingProxyType({**one.frames, "findings": rows}))


ACCEPTED = {"decision": "accepted", "owner": "A. Owner", "remark": "Known", "due": Q3}


def states(one: ropa.Audit) -> list[str]:
    return one.waivers["state"].tolist()


# -- of the policy ------------------------------------------------------------------------------


def test_a_waiver_by_rule_and_activity() -> None:
    found = audit(Q1, BOTH, policy=waive(Q2, activity=" k16 "))
    assert statuses(found) == {BASIS: "waived", PURPOSE: "new"}
    assert states(found) == ["in force"]
    summary = found.summary()
    assert (sum(summary.severity.values()), dict(summary.family)) == (1, {"PUR": 1})


def test_a_waiver_by_the_finding() -> None:
    one = audit(Q1, BOTH).findings.set_index("rule")["id"]["LAW-01"]
    found = audit(Q1, BOTH, policy=waive(Q2, finding=one))
    assert statuses(found) == {BASIS: "waived", PURPOSE: "new"}


@pytest.mark.parametrize(("expiry", "status"), [(Q2, "waived"), ("2026-06-29", "reopened")])
def test_a_waiver_counts_up_to_its_last_day(expiry: str, status: str) -> None:
    found = audit(Q2, NO_BASIS, policy=waive(expiry))
    assert statuses(found) == {BASIS: status}
    assert states(found) == ["in force" if status == "waived" else "expired"]


def test_an_expired_waiver_reopens_once() -> None:
    policy = waive("2026-05-01")
    first = audit(Q1, NO_BASIS, policy=policy)
    second = audit(Q2, NO_BASIS, policy=policy, previous=first)
    third = audit(Q3, NO_BASIS, policy=policy, previous=second)
    assert [statuses(one)[BASIS] for one in (first, second, third)] == [
        "waived",
        "reopened",
        "persisting",
    ]


def test_a_waiver_that_is_withdrawn_reopens() -> None:
    first = audit(Q1, NO_BASIS, policy=waive(Q4))
    assert statuses(audit(Q2, NO_BASIS, previous=first)) == {BASIS: "reopened"}


@pytest.mark.parametrize("other", [{"activity": "K05"}, {"rule": "PUR-01"}, {"finding": "0" * 12}])
def test_a_waiver_of_something_else_waives_nothing(other: dict[str, str]) -> None:
    found = audit(Q1, NO_BASIS, policy=waive(Q2, **other))
    assert statuses(found) == {BASIS: "new"}
    assert states(found) == ["matches no finding"]


def test_a_waived_finding_that_is_gone_is_fixed() -> None:
    second = audit(Q2, previous=audit(Q1, NO_BASIS, policy=waive(Q4)))
    assert second.fixed["rule"].tolist() == ["LAW-01"]


# -- of owners ----------------------------------------------------------------------------------


def test_an_owners_words_come_back_with_the_finding() -> None:
    words = {"owner": "A. Owner", "due": Q3, "decision": "to fix", "remark": "=1+1"}
    second = audit(Q2, BOTH, previous=decide(audit(Q1, BOTH), **words))
    assert statuses(second) == {BASIS: "persisting", PURPOSE: "persisting"}
    rows = second.findings.set_index("rule")
    assert {name: rows[name]["LAW-01"] for name in WORDS} == words
    assert [rows[name]["PUR-01"] for name in WORDS] == [""] * 4
    third = audit(Q3, NO_BASIS, previous=second)
    assert third.findings[list(WORDS)].to_dict("records") == [words]


def test_an_accepted_finding_is_waived_until_its_day_and_then_reopened() -> None:
    second = audit(Q2, NO_BASIS, previous=decide(audit(Q1, NO_BASIS), **ACCEPTED))
    third = audit(Q3, NO_BASIS, previous=second)
    fourth = audit(Q4, NO_BASIS, previous=third)
    fifth = audit("2027-03-31", NO_BASIS, previous=fourth)
    told = [statuses(one)[BASIS] for one in (second, third, fourth, fifth)]
    assert told == ["waived", "waived", "reopened", "persisting"]
    row = second.waivers.iloc[0]
    assert (row["approver"], row["reason"], row["expiry"]) == ("A. Owner", "Known", Q3)
    assert row["source"] == f"the audit of {Q1}"


def test_an_acceptance_that_has_run_out_between_two_audits_reopens() -> None:
    early = ACCEPTED | {"due": "2026-05-01"}
    second = audit(Q2, NO_BASIS, previous=decide(audit(Q1, NO_BASIS), **early))
    assert statuses(second) == {BASIS: "reopened"}


@pytest.mark.parametrize(
    ("lacking", "told"),
    [
        ("owner", "no waiver: it lacks an owner"),
        ("remark", "no waiver: it lacks a remark"),
        ("due", "no waiver: it lacks a due date"),
    ],
)
def test_an_acceptance_that_lacks_something_is_no_waiver_and_told(lacking: str, told: str) -> None:
    words = ACCEPTED | {lacking: ""}
    second = audit(Q2, NO_BASIS, previous=decide(audit(Q1, NO_BASIS), **words))
    assert statuses(second) == {BASIS: "persisting"}
    assert states(second) == [told]


def test_the_last_word_counts() -> None:
    first = decide(audit(Q1, NO_BASIS), **ACCEPTED)
    second = decide(audit(Q2, NO_BASIS, previous=first), decision="to fix", remark="We do fix it")
    third = audit(Q3, NO_BASIS, previous=[first, second])
    assert statuses(third) == {BASIS: "reopened"}
    assert third.findings.loc[0, "remark"] == "We do fix it"


def test_words_follow_an_activity_that_is_renamed() -> None:
    bare = {"K16.ID": ""}
    renamed = {"K16.Activity": "Another name"}
    first = decide(audit(Q1, NO_BASIS | bare), **ACCEPTED)
    second = audit(Q2, NO_BASIS | renamed | bare, previous=first)
    assert second.findings["status"].tolist() == ["waived"]
    assert first.findings["id"].tolist() != second.findings["id"].tolist()
