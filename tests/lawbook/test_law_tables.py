"""The tables themselves: complete, sourced, and never two answers to one question."""

from collections import Counter
from dataclasses import fields
from datetime import date, timedelta
from importlib.resources import files
from urllib.parse import urlsplit

import pytest

from ropa.lawbook import Adequacy, Mechanism, load_law
from ropa.lawbook.tables import DATES, KEYS, find_key, format_day, is_applicable, read_table

LAW = load_law()
OFFICIAL = (
    "ec.europa.eu",
    "eur-lex.europa.eu",
    "handbook.fca.org.uk",
    "ico.org.uk",
    "www.edpb.europa.eu",
    "www.efta.int",
    "www.legislation.gov.uk",
)


def _days() -> list[date]:
    one = timedelta(days=1)
    return sorted({day + step for day in LAW.change_dates() for step in (-one, 0 * one, one)})


def test_every_file_is_a_known_table() -> None:
    found = {one.name for one in files("ropa.lawbook").iterdir() if one.name.endswith(".csv")}
    assert found == {f"{name}.csv" for name in KEYS}


@pytest.mark.parametrize("table", sorted(KEYS))
def test_rows_are_whole_and_sourced(table: str) -> None:
    rows = read_table(table)
    assert rows
    for row in rows:
        assert None not in row, row["id"]
        assert None not in row.values(), row["id"]
        assert row["source"].strip() == row["source"] != "", row["id"]
        assert urlsplit(row["address"]).scheme == "https", row["id"]
        assert urlsplit(row["address"]).hostname in OFFICIAL, row["id"]
        assert row.get("regime", "uk") in {"uk", "eu", "uk+eu"}, row["id"]


def test_ids_are_unique_across_all_tables() -> None:
    ids = Counter(row["id"] for table in KEYS for row in read_table(table))
    assert [one for one, count in ids.items() if count > 1 or not one] == []


@pytest.mark.parametrize("table", sorted(KEYS))
def test_dates_are_iso_and_in_order(table: str) -> None:
    for row in read_table(table):
        for column in DATES & row.keys():
            assert not row[column] or format_day(date.fromisoformat(row[column])) == row[column]
        if row.get("valid_to"):
            assert row["valid_from"] <= row["valid_to"], row["id"]
            assert row["valid_from"] <= row.get("new_contract_until", row["valid_to"]) or (
                not row["new_contract_until"]
            ), row["id"]


@pytest.mark.parametrize("table", sorted(KEYS))
def test_one_row_a_regime_key_and_day(table: str) -> None:
    for day in _days():
        text = format_day(day)
        keys = Counter(
            (row.get("regime", ""), find_key(table, row))
            for row in read_table(table)
            if is_applicable(row, text)
        )
        assert {key: count for key, count in keys.items() if count > 1} == {}, day


@pytest.mark.parametrize("regime", ["uk", "eu"])
@pytest.mark.parametrize("table", sorted(KEYS.keys() - {"law_events", "eea_membership"}))
def test_one_answer_a_key_and_day_with_borrowed_rows(table: str, regime: str) -> None:
    for day in _days():
        keys = Counter(find_key(table, row) for row in LAW.find_rows(table, regime, day))
        assert max(keys.values(), default=1) == 1, day


@pytest.mark.parametrize(
    "table",
    ["adequacy", "lawful_bases", "article_9", "rights", "record_fields", "transfer_assessments"],
)
def test_periods_of_a_key_leave_no_gap_that_is_not_law(table: str) -> None:
    gaps = set()
    ends = {(row["regime"], find_key(table, row), row["valid_to"]) for row in read_table(table)}
    starts = {(row["regime"], find_key(table, row), row["valid_from"]) for row in read_table(table)}
    for regime, key, end in ends:
        if end and end < "2031":
            following = format_day(date.fromisoformat(end) + timedelta(days=1))
            if (regime, key, following) not in starts:
                gaps.add((regime, *key, end))
    if table == "adequacy":
        assert gaps == {
            ("eu", "HU", "2004-04-30"),
            ("eu", "US", "2015-10-05"),
            ("eu", "US", "2020-07-15"),
        }
    else:
        # A row of the year 2018 for the UK alone is followed by one on the first day of 2021.
        assert gaps == set()


def test_instruments_named_elsewhere_exist() -> None:
    known = {row["id"] for name in ("adequacy", "transfer_mechanisms") for row in read_table(name)}
    named = {one for row in read_table("mechanism_codes") for one in row["instruments"].split(";")}
    assert named - {""} <= known
    assert {row["depends_on"] for row in read_table("adequacy")} - {""} <= known
    # Every instrument with which a transfer can be secured can be stated.
    assert {row["id"] for row in read_table("transfer_mechanisms")} <= named


def test_codes_agree_with_their_reading() -> None:
    codes = {(row["regime"], row["code"]): row for row in read_table("mechanism_codes")}
    assert {code for _, code in codes} == {code for regime, code in codes if regime == "uk"}
    for (regime, code), row in codes.items():
        names = row["reading"] in {"instrument", "unidentified"}
        assert bool(row["instruments"]) == names, (regime, code)
        if row["reading"] == "other_regime":
            other = codes["eu" if regime == "uk" else "uk", code]
            assert other["reading"] == "instrument", code


def test_mechanism_codes_are_those_of_the_phrases() -> None:
    points = [f"D49-{letter}" for letter in "ABCDEFG"]
    modules = [f"SCC-2021-M{number}" for number in "1234"]
    plain = {
        *("SAFE-HARBOUR", "PRIVACY-SHIELD", "DPF", "UK-EXTENSION", "ADEQUACY", "SITE-CONSENT"),
        *("SCC", "SCC-2001", "SCC-2002", "SCC-2004", "SCC-2010", "SCC-OLD", "SCC-2021", "CP-2021"),
        *("IDTA", "UK-ADDENDUM", "BCR", "UK-BCR", "CODE", "CERTIFICATION", "PUBLIC-BODIES"),
        *("ADHOC", "DEROGATION", "D49-CLI"),
    }
    assert {row["code"] for row in read_table("mechanism_codes")} == {*plain, *points, *modules}


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        ("adequacy", "coverage", {"full", "category", "list"}),
        (
            "transfer_mechanisms",
            "kind",
            {"clauses", "bcr", "code", "certification", "public", "adhoc", "derogation"}
            | {"compelling"},
        ),
        ("transfer_mechanisms", "assessment_needed", {"Y", "N"}),
        ("schedule_1", "policy_document", {"Y", "N", "partly"}),
        ("rights", "fit", {"yes", "limited", "no"}),
        ("dpia_triggers", "counts", {"alone", "two", "with another"}),
        ("statutory_retention", "kind", {"floor", "ceiling"}),
    ],
)
def test_columns_hold_their_codes(table: str, column: str, values: set[str]) -> None:
    assert {row[column] for row in read_table(table)} == values


def test_what_is_partial_states_its_condition() -> None:
    for row in read_table("adequacy"):
        assert row["coverage"] == "full" or row["condition"], row["id"]
    for row in read_table("schedule_1"):
        assert (row["policy_document"] == "partly") == bool(row["carve_out"]), row["id"]


def test_values_have_the_columns_of_their_tables() -> None:
    for table, kind in (("adequacy", Adequacy), ("transfer_mechanisms", Mechanism)):
        assert [one.name for one in fields(kind)] == list(read_table(table)[0])


def test_schedule_1_is_complete() -> None:
    paragraphs = [int(row["paragraph"]) for row in read_table("schedule_1")]
    assert paragraphs == [1, 2, 3, 4, *range(6, 38)]
    assert [row["id"] for row in read_table("schedule_1")] == [f"S1-{n:02d}" for n in paragraphs]


def test_stale_terms_need_no_escaping() -> None:
    for row in read_table("stale_citations"):
        assert not set(row["term"]) & set("()[]?+|\\"), row["term"]


@pytest.mark.parametrize("table", sorted(KEYS))
def test_no_proposal_is_law(table: str) -> None:
    for row in read_table(table):
        text = " ".join(row.values()).casefold()
        assert not any(word in text for word in ("proposal", "provisional agreement", "omnibus"))


def test_version_is_a_day_not_before_the_newest_fact_known() -> None:
    assert format_day(date.fromisoformat(LAW.version)) == LAW.version >= "2026-09-30"
