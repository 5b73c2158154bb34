"""Quarter to quarter: statuses, what counts as fixed, renamed activities, history."""

from collections.abc import Mapping

import pandas as pd
import pytest
from quarters import (
    BOTH,
    NO_BASIS,
    NO_PURPOSE,
    Q1,
    Q2,
    Q3,
    Q4,
    audit,
    fixed,
    pending,
    statuses,
)
from registers import clean_source, patch_source, to_register, to_registers

import ropa
from ropa.comparison import compare_snapshots, take_snapshot
from ropa.policy import Policy

BASIS, PURPOSE = "LAW-01 K16", "PUR-01 K05"


def test_without_an_earlier_audit_everything_is_new() -> None:
    found = audit(Q1, BOTH)
    assert statuses(found) == {BASIS: "new", PURPOSE: "new"}
    assert found.fixed.empty
    assert found.changes.empty


def test_what_stays_persists_what_comes_is_new_what_goes_is_fixed() -> None:
    found = audit(Q2, NO_PURPOSE | {"K09.Purpose": ""}, previous=audit(Q1, BOTH))
    assert statuses(found) == {PURPOSE: "persisting", "PUR-01 K09": "new"}
    assert fixed(found) == [BASIS]
    assert set(found.fixed["status"]) == {"fixed"}
    assert pending(found) == {}


def test_what_was_fixed_and_is_back_is_reopened_and_then_persists() -> None:
    second = audit(Q2, previous=audit(Q1, NO_BASIS))
    third = audit(Q3, NO_BASIS, previous=second)
    fourth = audit(Q4, NO_BASIS, previous=third)
    assert fixed(second) == [BASIS]
    assert statuses(third) == {BASIS: "reopened"}
    assert statuses(fourth) == {BASIS: "persisting"}
    one = fourth.history.set_index("as_of")["status"].to_dict()
    assert one == {Q1: "new", Q2: "fixed", Q3: "reopened", Q4: "persisting"}


def test_several_earlier_audits_in_any_order_give_the_same() -> None:
    first, second = audit(Q1, NO_BASIS), audit(Q2)
    alone = audit(Q3, NO_BASIS, previous=[second, first])
    chained = audit(Q3, NO_BASIS, previous=audit(Q2, previous=first))
    assert statuses(alone) == {BASIS: "persisting"}  # nobody compared the two: not known as fixed
    assert statuses(chained) == {BASIS: "reopened"}
    assert list(alone.history["as_of"]) == [Q1, Q3]


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"policy": Policy(off=frozenset({"LAW-01"}))}, "switched off by the policy"),
        ({"rules": ("PUR-01",)}, "the rule was not run"),
    ],
)
def test_a_rule_that_is_off_fixes_nothing(how: dict[str, object], why: str) -> None:
    first = audit(Q1, NO_BASIS)
    second = audit(Q2, previous=first, **how)  # type: ignore[arg-type]
    assert fixed(second) == []
    assert pending(second) == {BASIS: why}
    third = audit(Q3, NO_BASIS, previous=second)
    assert statuses(third) == {BASIS: "persisting"}
    assert fixed(audit(Q3, previous=second)) == [BASIS]


def test_a_rule_that_could_not_be_judged_fixes_nothing() -> None:
    first = audit(Q1, {"K16.LIA reference": ""}, rules=["LAW-04"])
    assert statuses(first) == {"LAW-04 K16": "new"}
    second = audit(Q2, {"-column.Activities.LIA reference": True}, rules=["LAW-04"], previous=first)
    assert fixed(second) == []
    assert "LIA reference" in pending(second)["LAW-04 K16"]


def test_a_regime_that_is_not_judged_fixes_nothing() -> None:
    patch = {"K15.Lawful basis": "6(1)(ea) recognised legitimate interest: crime"}
    first = audit(Q1, patch, rules=["LAW-10"], regime="eu")
    assert statuses(first) == {"LAW-10 K15": "new"}
    second = audit(Q2, patch, rules=["LAW-10"], regime="uk", previous=first)
    assert (fixed(second), statuses(second)) == ([], {})
    assert pending(second) == {"LAW-10 K15": "not judged under the EU GDPR"}


def test_an_activity_that_is_removed_is_not_fixed_and_told_once() -> None:
    second = audit(Q2, {"-K16": True}, previous=audit(Q1, NO_BASIS))
    assert fixed(second) == []
    assert pending(second) == {BASIS: "the activity is no longer in the register"}
    assert second.changes[["change", "earlier_id"]].to_numpy().tolist() == [["removed", "K16"]]
    third = audit(Q3, {"-K16": True}, previous=second)
    assert (pending(third), fixed(third)) == ({}, [])
    assert third.changes.empty
    fourth = audit(Q4, NO_BASIS, previous=third)
    assert statuses(fourth) == {BASIS: "persisting"}
    assert fourth.changes["change"].tolist() == ["added"]


def test_an_activity_that_has_ended_is_not_fixed() -> None:
    second = audit(Q2, NO_BASIS | {"K16.Status": "Ended"}, previous=audit(Q1, NO_BASIS))
    assert fixed(second) == []
    assert pending(second) == {BASIS: "the activity is ended or only proposed"}


def test_an_activity_under_another_name_is_the_same() -> None:
    renamed = {"K16.Activity": "Something else entirely"}
    second = audit(Q2, NO_BASIS | renamed, previous=audit(Q1, NO_BASIS))
    assert statuses(second) == {BASIS: "persisting"}
    told = second.changes[["change", "activity_id", "activity"]].to_numpy().tolist()
    assert told == [["renamed", "K16", "Something else entirely"]]


def test_an_activity_under_another_id_is_known_by_what_it_says() -> None:
    first = audit(Q1, NO_BASIS)
    register = _move(NO_BASIS, "K16", "M-700")
    second = ropa.audit(register, as_of=Q2, rules=["LAW-01"], previous=first)
    assert statuses(second) == {"LAW-01 M-700": "persisting"}
    assert second.fixed.empty
    row = second.changes.iloc[0]
    assert (row["change"], row["earlier_id"], row["activity_id"]) == ("renamed", "K16", "M-700")
    assert set(second.history["id"]) == set(second.findings["id"])


def test_a_date_before_the_earlier_audit_is_refused() -> None:
    with pytest.raises(ropa.UsageError, match=r"2026-06-30, later than 2026-03-31"):
        audit(Q1, previous=audit(Q2))


def test_several_registers_are_not_compared_at_once() -> None:
    source = clean_source()
    both = to_registers({"one": source, "two": source})
    with pytest.raises(ropa.UsageError, match="several registers"):
        ropa.audit(both, as_of=Q2, rules=["LAW-01"], previous=audit(Q1))


def test_compare_and_previous_give_the_same() -> None:
    first, second = audit(Q1, BOTH), audit(Q2, NO_BASIS)
    one, other = ropa.compare(first, second), audit(Q2, NO_BASIS, previous=first)
    for name in ("findings", "fixed", "pending", "waivers", "changes", "history"):
        pd.testing.assert_frame_equal(one.frames[name], other.frames[name])
    assert statuses(second) == {BASIS: "new"}, "the audit that was given is not changed"


def test_two_snapshots_are_compared_as_audits_are() -> None:
    first, second = audit(Q1, BOTH), audit(Q2, NO_BASIS)
    frames = compare_snapshots(take_snapshot(second), [take_snapshot(first)])
    whole = ropa.compare(first, second)
    for name in ("findings", "fixed", "pending", "changes"):
        told = frames[name].reset_index(drop=True)
        pd.testing.assert_frame_equal(told, getattr(whole, name).reset_index(drop=True))


def test_ids_that_repeat_are_told_apart_by_name() -> None:
    row = {"like": "K16", "ID": "K05", "Activity": "Another of that id", "Lawful basis": ""}
    twice = {"+activities": [row]}
    first = audit(Q1, twice)
    gone = audit(Q2, previous=first)
    name = next(iter(statuses(first)))
    assert fixed(gone) == []
    assert pending(gone) == {name: "the activity is no longer in the register"}


def _move(patch: Mapping[str, object], old: str, new: str) -> ropa.Register:
    """Return the register with another id for an activity, everywhere it stands."""
    source = patch_source(clean_source(), patch)
    tables = {
        table: [{key: new if value == old else value for key, value in row.items()} for row in rows]
        for table, rows in source.tables.items()
    }
    return to_register(type(source)(tables, source.absent), "clean")
