"""The timeline: what came and went on which day, and whether the law or time made it so."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import pandas as pd
import pytest
from registers import clean_source, patch_source, to_register, to_registers

from ropa.auditing import audit_register
from ropa.chronology import (
    TIMELINE_COLUMNS,
    build_timeline,
    list_timeline_days,
    summarise_timeline,
)
from ropa.errors import UsageError
from ropa.findings import SEVERITIES
from ropa.lawbook import load_law
from ropa.lawbook.changes import describe_change
from ropa.policy import Policy
from ropa.register import Register
from ropa.rules.catalogue import select_rules

TELEPHONE = "telephone-answering-service"
GDPR = "GDPR applies; Data Protection Act 2018"
SHIELD = "Commission Implementing Decision (EU) 2016/1250"
SCHREMS = "Court of Justice, Case C-311/18"

# Day, change, rule, activity, subject, day and words of the change of the law.
MAILCHIMP = ("E6", "Mailchimp")
TRANSFERS = [
    ("2016-07-12", "new", "TRF-07", *MAILCHIMP, "2016-07-12", SHIELD),
    ("2016-07-12", "gone", "TRF-06", *MAILCHIMP, "2016-07-12", SHIELD),
    ("2018-05-25", "new", "TRF-01", "E1", "", "2018-05-25", GDPR),
    ("2018-05-25", "new", "TRF-01", "E10", "", "2018-05-25", GDPR),
    ("2018-05-25", "new", "TRF-01", "E11", "", "2018-05-25", GDPR),
    ("2020-07-16", "new", "TRF-04", *MAILCHIMP, "2020-07-16", SCHREMS),
    ("2020-07-16", "gone", "TRF-07", *MAILCHIMP, "2020-07-16", SCHREMS),
]
AT_FIRST = [
    ("TRF-03", "E8", "Google Drive (United States)"),
    ("TRF-03", "E9", "Google Analytics"),
    ("TRF-06", *MAILCHIMP),
]
EIGHT = {
    "2015-10-05": "",
    "2015-10-06": "Court of Justice, Case C-362/14",
    "2018-05-25": f"{SHIELD}; {GDPR}",
    "2020-07-16": SCHREMS,
    "2021-01-01": "End of the transition period at 23:00",
    "2023-10-12": "SI 2023/1028",
    "2024-03-21": "Old EU clauses end",
    "2026-02-05": "SI 2026/82",
}


@cache
def load(name: str) -> Register:
    return to_register(clean_source(name), name)


def make(patch: Mapping[str, object]) -> Register:
    return to_register(patch_source(clean_source(), patch), "made")


def tell(timeline: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return what came, went or changed, without what persists."""
    rows = timeline[timeline["change"] != "persisting"]
    texts = rows.assign(
        as_of=rows["as_of"].dt.strftime("%Y-%m-%d"),
        law_day=rows["law_day"].dt.strftime("%Y-%m-%d").fillna(""),
    )
    columns = ["as_of", "change", "rule", "activity_id", "because", "law_day", "event"]
    return [tuple(row) for row in texts[columns].to_numpy().tolist()]


@cache
def trace_transfers(dates: tuple[str, ...] | None = None) -> pd.DataFrame:
    return build_timeline(load(TELEPHONE), rules=select_rules(["TRF"]), dates=dates)


def tell_transfers(timeline: pd.DataFrame) -> list[tuple[str, ...]]:
    rows = timeline[(timeline["change"] != "persisting") & (timeline["because"] != "")]
    assert set(rows["because"]) == {"law"}
    days = {name: rows[name].dt.strftime("%Y-%m-%d") for name in ("as_of", "law_day")}
    columns = ["as_of", "change", "rule", "activity_id", "subject", "law_day", "event"]
    return [tuple(row) for row in rows.assign(**days)[columns].to_numpy().tolist()]


# -- the telephone answering service -------------------------------------------------------------


def test_each_transfer_finding_comes_and_goes_with_its_change_of_the_law() -> None:
    timeline = trace_transfers()
    assert tell_transfers(timeline) == TRANSFERS
    first = timeline[timeline["as_of"] == timeline["as_of"].min()]
    assert list(map(tuple, first[["rule", "activity_id", "subject"]].to_numpy())) == AT_FIRST
    assert set(first["change"]) == {"new"}
    assert set(first["because"]) == {""}


def test_days_between_which_the_law_changed_unseen_name_the_day_on_which_it_did() -> None:
    found = tell_transfers(trace_transfers(tuple(EIGHT)))
    seen = {"2016-07-12": "2018-05-25"}
    expected = [(seen.get(day, day), *rest) for day, *rest in TRANSFERS]
    assert sorted(found) == sorted(expected)


def test_the_table_of_eight_days() -> None:
    table = summarise_timeline(trace_transfers(tuple(EIGHT)))
    days = table["as_of"].dt.strftime("%Y-%m-%d")
    assert dict(zip(days, table["event"], strict=True)) == EIGHT
    counts = table[["new", "changed", "gone", "total", "critical", "high", "medium"]]
    assert counts.to_numpy().tolist() == [
        [3, 0, 0, 3, 2, 1, 0],
        [0, 0, 0, 3, 2, 1, 0],
        [4, 0, 1, 6, 2, 0, 4],
        [1, 0, 1, 6, 3, 0, 3],
        *[[0, 0, 0, 6, 3, 0, 3]] * 4,
    ]


def test_what_persists_stands_on_each_day_under_one_id() -> None:
    timeline = trace_transfers(tuple(EIGHT))
    drive = timeline[timeline["subject"].str.startswith("Google Drive")]
    assert list(drive["change"]) == ["new"] + ["persisting"] * 7
    assert len(set(drive["id"])) == 1
    # The reason is that of the day: adequate for some until Safe Harbour fell, then not at all.
    assert "adequate for some recipients only" in drive["message"].iloc[0]
    assert "is not adequate" in drive["message"].iloc[1]


def test_findings_are_those_of_an_audit_on_each_day() -> None:
    register = make({"K07.Lawful basis": "", "K05.Last reviewed": date(2017, 7, 19)})
    days = ["2018-05-24", "2018-05-25", "2018-07-20"]
    timeline = build_timeline(register, dates=days)
    for day in days:
        rows = timeline[(timeline["as_of"] == day) & (timeline["change"] != "gone")]
        alone = audit_register(register, as_of=date.fromisoformat(day)).findings
        columns = [one for one in TIMELINE_COLUMNS if one in alone]
        assert len(columns) == len(TIMELINE_COLUMNS) - 6
        pd.testing.assert_frame_equal(rows[columns].reset_index(drop=True), alone[columns])


# -- law or time ---------------------------------------------------------------------------------

CONTRACT = "recipients.K10.*.Contract end"
BEGINS = ("2026-02-04", "2026-02-05")


@pytest.mark.parametrize(
    ("end", "dates", "told"),
    [
        # By the same law, one day later: no matter what else changed on that day.
        (date(2026, 2, 4), BEGINS, ("2026-02-05", "time", "")),
        (date(2026, 2, 3), ("2026-02-03", "2026-02-05"), ("2026-02-05", "time", "")),
        (date(2019, 1, 1), ("2018-12-31", "2019-02-01"), ("2019-02-01", "time", "")),
        # It had ended before, or just then: there was no such duty.
        (date(2017, 1, 1), ("2018-05-24", "2018-05-25"), ("2018-05-25", "law", "2018-05-25")),
        (date(2018, 5, 24), ("2018-05-24", "2018-05-25"), ("2018-05-25", "law", "2018-05-25")),
        (date(2017, 1, 1), ("2016-01-01", "2019-06-01"), ("2019-06-01", "law", "2018-05-25")),
        # Between two days: the law had begun, then the contract ended.
        (date(2018, 9, 1), ("2016-01-01", "2019-06-01"), ("2019-06-01", "time", "")),
    ],
)
def test_a_contract_ends_by_time_and_the_duty_begins_by_law(
    end: date, dates: tuple[str, str], told: tuple[str, str, str]
) -> None:
    timeline = build_timeline(
        make({CONTRACT: end}), rules=select_rules(["REC-04"]), dates=dates, regime="uk"
    )
    rows = tell(timeline)
    assert {(day, because, law) for day, _, _, _, because, law, _ in rows} == {told}
    assert {(change, activity) for _, change, _, activity, *_ in rows} == {("new", "K10")}


@pytest.mark.parametrize(("day", "overdue"), [(date(2025, 2, 4), True), (date(2025, 2, 5), False)])
def test_a_review_becomes_overdue_by_time_on_the_day_of_a_change(
    day: date, *, overdue: bool
) -> None:
    register = make({"K05.Last reviewed": day})
    timeline = build_timeline(register, rules=select_rules(["GOV-01"]), dates=BEGINS)
    found = [(row[0], row[3], row[4]) for row in tell(timeline)]
    assert found == ([("2026-02-05", "K05", "time")] if overdue else [])


def test_the_policy_says_when_a_review_is_overdue_and_what_is_required() -> None:
    register = make({"K05.Last reviewed": date(2024, 2, 4), "K06.Owner": ""})
    rules = select_rules(["GOV-01"])
    policy = Policy(review_months=24, required=(("activities", "owner"),))
    timeline = build_timeline(register, rules=rules, dates=BEGINS, policy=policy)
    rows = timeline[timeline["activity_id"].isin(["K05", "K06"])]
    told = rows[["activity_id", "field", "change", "because"]].to_numpy().tolist()
    assert told == [
        ["K06", "owner", "new", ""],
        ["K05", "last_reviewed", "new", "time"],
        ["K06", "owner", "persisting", ""],
    ]


def test_what_only_time_changes_bears_what_else_changed_on_the_day() -> None:
    register = make({CONTRACT: date(2026, 2, 4)})
    timeline = build_timeline(register, rules=select_rules(["REC-04"]), dates=BEGINS, regime="uk")
    assert list(timeline["event"]) == ["SI 2026/82"]
    assert timeline["law_day"].isna().all()


def test_a_finding_that_spreads_to_the_other_regime_is_changed() -> None:
    patch = {
        "recipients.K01.Alderpoint Storage Inc.Transfer mechanism": "SCCs 2010/87/EU",
        "recipients.K01.Alderpoint Storage Inc.Mechanism date": date(2019, 3, 1),
    }
    days = ["2022-12-27", "2022-12-28", "2024-03-20", "2024-03-21"]
    rules = select_rules(["TRF-04"])
    timeline = build_timeline(make(patch), rules=rules, dates=days, regime="both")
    told = [(row[0], row[1], row[4], row[6]) for row in tell(timeline)]
    assert told == [
        ("2022-12-28", "new", "law", "Old standard contractual clauses end"),
        ("2024-03-21", "changed", "law", "Old EU clauses end"),
    ]
    assert list(timeline["regime"]) == ["eu", "eu", "uk+eu"]
    assert len(set(timeline["id"])) == 1


def test_what_if_adds_its_day_and_says_so() -> None:
    law = load_law().ending("EUADQ-US-DPF", on="2026-12-01")
    days = list_timeline_days(load("clean"), regime="uk", law=law)
    assert date(2026, 12, 1) in days
    assert date(2026, 12, 1) not in list_timeline_days(load("clean"), regime="uk")
    timeline = build_timeline(
        load("clean"),
        regime="uk",
        law=law,
        rules=select_rules(["TRF-04"]),
        dates=["2026-11-30", "2026-12-01"],
    )
    assert {row[:5] for row in tell(timeline)} == {
        ("2026-12-01", "new", "TRF-04", one, "law") for one in ("K10", "K12", "K13", "K20")
    }
    assert set(timeline["event"]) == {"EUADQ-US-DPF, UKADQ-US taken to end"}


# -- days and events -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "uk", "eu"),
    [
        ("2014-12-31", False, False),
        ("2015-10-06", True, True),
        ("2020-07-15", False, False),
        ("2020-07-16", True, True),
        ("2021-01-01", True, True),
        ("2021-06-28", False, True),  # the United Kingdom reads the Union's tables no more
        ("2022-12-28", False, True),
        ("2023-07-10", False, True),
        ("2023-10-12", True, False),
        ("2024-03-21", True, False),
        ("2026-02-05", True, False),
    ],
)
def test_days_are_those_of_the_regime(day: str, *, uk: bool, eu: bool) -> None:
    on = date.fromisoformat(day)
    found = {
        regime: on in list_timeline_days(load("clean"), regime=regime)
        for regime in ("uk", "eu", "both")
    }
    assert found == {"uk": uk, "eu": eu, "both": uk or eu}


def test_days_are_those_of_the_register_where_no_regime_is_named() -> None:
    telephone = load(TELEPHONE)
    assert list_timeline_days(telephone) == list_timeline_days(telephone, regime="uk")
    together = to_registers({TELEPHONE: clean_source(TELEPHONE), "clean": clean_source()})
    assert list_timeline_days(together) == list_timeline_days(telephone, regime="both")


@pytest.mark.parametrize(
    ("regimes", "day", "event"),
    [
        (("uk",), "2018-05-25", GDPR),
        (("eu",), "2024-03-21", ""),
        (("uk", "eu"), "2024-03-21", "Old EU clauses end"),
        # It happened at 23:00 on the day before.
        (("uk",), "2021-01-01", "End of the transition period at 23:00"),
        (("uk",), "2021-01-02", ""),
        # No event is recorded: what began is named, else what ended.
        (("eu",), "2016-07-12", SHIELD),
        (("uk",), "2016-07-12", SHIELD),
        (("uk",), "2018-01-03", "FCA Handbook SYSC 10A.1.15R; FCA Handbook SYSC 9.1.2R"),
        (("eu",), "2021-12-17", "Commission Implementing Decision (EU) 2022/254"),
        (("eu",), "2025-09-03", "General Court, Case T-553/23"),
        (("eu",), "2026-10-10", ""),
    ],
)
def test_a_day_bears_what_changed_the_law(regimes: tuple[str, ...], day: str, event: str) -> None:
    assert describe_change(load_law(), regimes, date.fromisoformat(day)) == event


def test_every_day_of_the_timeline_has_an_event() -> None:
    for regime in ("uk", "eu"):
        for day in list_timeline_days(load("clean"), regime=regime):
            assert describe_change(load_law(), [regime], day), (regime, day)


def test_days_are_put_in_order_and_taken_once() -> None:
    given: list[date | str] = ["2020-07-16", date(2018, 5, 25), "2018-05-25"]
    timeline = build_timeline(load(TELEPHONE), rules=select_rules(["TRF-04"]), dates=given)
    assert [row[0] for row in tell(timeline)] == ["2020-07-16"]
    with pytest.raises(UsageError, match="write it as 2026-12-01"):
        build_timeline(load(TELEPHONE), dates=["16 July 2020"])


# -- shapes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dates", [(), ("2026-09-30",), ("2026-09-29", "2026-09-30")])
def test_a_timeline_without_findings_has_all_columns(dates: tuple[str, ...]) -> None:
    timeline = build_timeline(load("clean"), rules=select_rules(["TRF-04"]), dates=dates)
    assert list(timeline.columns) == list(TIMELINE_COLUMNS)
    assert len(timeline) == 0
    days = [date.fromisoformat(one) for one in dates]
    table = summarise_timeline(timeline, days)
    assert list(table["as_of"].dt.date) == days
    assert list(table.columns[1:]) == ["event", "new", "changed", "gone", "total", *SEVERITIES]
    assert not table[["new", "changed", "gone", "total"]].to_numpy().any()
    full = trace_transfers(tuple(EIGHT))
    assert dict(timeline.dtypes) == dict(full.dtypes)


def test_several_registers_are_told_apart() -> None:
    dates = ["2020-07-15", "2020-07-16"]
    rules = select_rules(["TRF"])
    names = (TELEPHONE, "trade-association")
    together = to_registers({name: clean_source(name) for name in names})
    both = build_timeline(together, rules=rules, dates=dates)
    for name in names:
        alone = build_timeline(load(name), rules=rules, dates=dates)
        own = both[both["register"] == name]
        columns = [one for one in TIMELINE_COLUMNS if one not in ("register", "file")]
        order = ["as_of", "change", "id"]
        one, other = (
            rows.sort_values(order)[columns].reset_index(drop=True) for rows in (own, alone)
        )
        pd.testing.assert_frame_equal(one, other)
