"""On what one transfer rests: each row of ``verdicts.csv`` with its legal reason.

``stated`` holds, joined by spaces: ``evidence``, ``occasional``, ``vague``; a state of the
mechanism cell (``blank``, ``none``, ``unreadable``, ``absent``); a kind of place; the statute that
is a condition of adequacy; the date on which the instrument was concluded. A row without a country
has the kind "".
"""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from ropa.lawbook import load_law
from ropa.transfers import SAFEGUARDS, Statement, judge_transfer

Row = Mapping[str, str]

ROWS = list(
    csv.DictReader((Path(__file__).parent / "verdicts.csv").read_text("utf-8").splitlines())
)
STATES = {"blank", "none", "unreadable", "absent"}
KINDS = {"organisation", "worldwide", "unplaced", "unknown"}
CONDITIONS = {"pipeda": "CA", "lgpd": "BR", "appi": "JP", "pipa": "KR", "automated": "IL"}
TURNING_POINTS = {
    "2015-10-06": {"uk", "eu"},
    "2020-07-16": {"uk", "eu"},
    "2021-01-01": {"uk", "eu"},
    "2021-06-27": {"eu"},
    "2022-03-21": {"uk"},
    "2022-12-28": {"uk", "eu"},
    "2023-07-10": {"uk", "eu"},
    "2023-10-12": {"uk", "eu"},
    "2024-03-21": {"uk", "eu"},
    "2025-07-15": {"eu"},
    "2025-12-19": {"uk", "eu"},
    "2026-01-26": {"uk", "eu"},
    "2026-02-05": {"uk", "eu"},
}
"""The first day on which the law is another, and for whom that is shown."""
RULES = {"", "TRF-03", "TRF-04", "TRF-05", "TRF-06", "TRF-07", "TRF-09", "TRF-13"}


def _title(row: Row) -> str:
    return " ".join(row[name] for name in ("on", "regime", "country", "mechanisms", "stated"))


def make_statement(row: Row) -> Statement:
    words = row["stated"].split()
    dates = [date.fromisoformat(word[10:]) for word in words if word.startswith("concluded=")]
    named = "country" if row["country"] else ""
    return Statement(
        country=row["country"],
        kind=next((word for word in words if word in KINDS), named),
        mechanisms=frozenset(row["mechanisms"].split()),
        state=next((word for word in words if word in STATES), "stated"),
        vague="vague" in words,
        evidence="evidence" in words,
        conditions=frozenset(CONDITIONS[word] for word in words if word in CONDITIONS),
        occasional="occasional" in words,
        concluded=dates[0] if dates else None,
    )


@pytest.mark.parametrize("row", ROWS, ids=_title)
def test_verdict(row: Row) -> None:
    on = date.fromisoformat(row["on"])
    verdict = judge_transfer(row["regime"], make_statement(row), on, load_law())
    assert (verdict.safeguard, verdict.rule) == (row["safeguard"], row["rule"]), row["reason"]
    assert verdict.safeguard in SAFEGUARDS
    assert bool(verdict.message) == bool(verdict.rule)


def test_rows_cover_every_rule_and_are_distinct() -> None:
    assert {row["rule"] for row in ROWS} == RULES
    assert len({_title(row) for row in ROWS}) == len(ROWS)
    assert all(row["reason"] for row in ROWS)


@pytest.mark.parametrize(("day", "regimes"), TURNING_POINTS.items())
def test_rows_stand_on_both_sides_of_each_turning_point(day: str, regimes: set[str]) -> None:
    first = date.fromisoformat(day)
    for on in (first, first - timedelta(days=1)):
        assert regimes <= {row["regime"] for row in ROWS if row["on"] == on.isoformat()}, on


def judge(regime: str, country: str, codes: str, on: str, **more: object) -> tuple[str, str]:
    stated = Statement(country=country, mechanisms=frozenset(codes.split()), **more)  # type: ignore[arg-type]
    verdict = judge_transfer(regime, stated, date.fromisoformat(on), load_law())
    return verdict.safeguard, verdict.message


@pytest.mark.parametrize(
    ("regime", "country", "codes", "on", "words"),
    [
        ("uk", "US", "PRIVACY-SHIELD", "2026-09-30", ["Privacy Shield", "2020-07-16"]),
        ("eu", "US", "SAFE-HARBOUR", "2026-09-30", ["Safe Harbour", "2015-10-06"]),
        ("eu", "US", "SCC-2010", "2026-09-30", ["2010/87/EU", "2022-12-28"]),
        ("uk", "US", "SCC-2010", "2026-09-30", ["2024-03-21"]),
        ("eu", "BR", "ADEQUACY", "2026-01-25", ["Brazil", "2026-01-26"]),
        ("uk", "IN", "", "2026-09-30", ["India", "UK GDPR"]),
        ("uk", "US", "DPF", "2026-09-30", ["UK Extension", "not named", "SI 2023/1028"]),
        ("eu", "US", "IDTA", "2026-09-30", ["International Data Transfer Agreement", "UK GDPR"]),
        ("uk", "US", "IDTA", "2022-03-01", ["2022-03-21"]),
        ("eu", "US", "SCC", "2026-09-30", ["not identified"]),
    ],
)
def test_message_names_instrument_and_day(
    regime: str, country: str, codes: str, on: str, words: list[str]
) -> None:
    message = judge(regime, country, codes, on)[1]
    assert [word for word in words if word not in message] == []
    assert message.endswith(".")


def test_clauses_of_no_version_are_milder() -> None:
    bare = Statement(country="US", mechanisms=frozenset({"SCC"}))
    both = Statement(country="US", mechanisms=frozenset({"SCC", "CP-2021"}))
    on = date(2026, 9, 30)
    assert judge_transfer("eu", bare, on, load_law()).severity == "medium"
    assert judge_transfer("eu", both, on, load_law()).severity == ""


@pytest.mark.parametrize(
    ("regime", "country", "codes", "on", "expected"),
    [
        ("eu", "US", "SCC-2010", "2020-07-15", False),
        ("eu", "US", "SCC-2010", "2020-07-16", True),
        ("uk", "US", "SCC-2010", "2020-07-16", True),
        ("eu", "US", "SCC-2021-M4", "2026-09-30", False),
        ("eu", "US", "SCC-2021-M3 SCC-2021-M4", "2026-09-30", True),
        ("eu", "US", "SCC-2021", "2026-09-30", True),
        ("uk", "US", "SCC-2021-M4 UK-ADDENDUM", "2026-09-30", False),
        ("uk", "US", "IDTA", "2026-09-30", True),
        ("uk", "CH", "IDTA", "2026-09-30", False),
        ("uk", "IN", "D49-A", "2026-09-30", False),
        ("eu", "US", "BCR", "2016-01-01", False),
    ],
)
def test_assessment_is_asked_for(
    regime: str, country: str, codes: str, on: str, *, expected: bool
) -> None:
    stated = Statement(country=country, mechanisms=frozenset(codes.split()))
    verdict = judge_transfer(regime, stated, date.fromisoformat(on), load_law())
    assert verdict.assessable is expected


@pytest.mark.parametrize(
    ("regime", "on", "name"),
    [
        ("eu", "2020-07-15", ""),
        ("eu", "2020-07-16", "transfer impact assessment"),
        ("eu", "2026-02-05", "transfer impact assessment"),
        ("uk", "2020-07-15", ""),
        ("uk", "2020-07-16", "transfer impact assessment"),
        ("uk", "2020-12-31", "transfer impact assessment"),
        ("uk", "2021-01-01", "transfer risk assessment"),
        ("uk", "2026-02-04", "transfer risk assessment"),
        ("uk", "2026-02-05", "data protection test (transfer risk assessment)"),
    ],
)
def test_assessment_is_called_as_on_the_day(regime: str, on: str, name: str) -> None:
    assert load_law().find_assessment(regime, date.fromisoformat(on)) == name


def test_what_if_the_framework_ended() -> None:
    law = load_law().ending("EUADQ-US-DPF", on="2026-12-01")
    stated = Statement(country="US", mechanisms=frozenset({"DPF", "UK-EXTENSION"}), evidence=True)
    for regime in ("uk", "eu"):
        before = judge_transfer(regime, stated, date(2026, 11, 30), law)
        after = judge_transfer(regime, stated, date(2026, 12, 1), law)
        assert (before.safeguard, before.rule) == ("adequacy_conditional", "")
        assert (after.safeguard, after.rule) == ("lapsed", "TRF-04")
        assert "2026-12-01" in after.message
    framework = Statement(country="US", mechanisms=frozenset({"DPF"}), evidence=True)
    assert judge_transfer("uk", framework, date(2026, 12, 1), law).rule == "TRF-04"


def test_instrument_that_carries_the_transfer_is_named() -> None:
    on, law = date(2026, 9, 30), load_law()
    assert judge_transfer("eu", Statement(country="GB"), on, law).instrument == "EUADQ-GB-3"
    clauses = Statement(country="IN", mechanisms=frozenset({"IDTA"}))
    assert judge_transfer("uk", clauses, on, law).instrument == "UK-IDTA"
    assert judge_transfer("eu", clauses, on, law).instrument == ""


def test_compelling_interests_are_marked() -> None:
    stated = Statement(country="IN", mechanisms=frozenset({"D49-CLI"}), occasional=True)
    verdict = judge_transfer("uk", stated, date(2026, 9, 30), load_law())
    assert (verdict.rule, verdict.compelling) == ("", True)
