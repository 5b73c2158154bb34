"""Vendors: whom a recipient's name names, and where a cell says that they get the data."""

from datetime import date

import pytest

from ropa.phrases.matching import fold
from ropa.phrases.place_names import country_name
from ropa.transfers.party_names import split_party
from ropa.transfers.vendors import find_vendor, says_where
from ropa.vocabulary import read_vocabulary

ROWS = read_vocabulary("vendors")
MEMBERS = frozenset({"DE", "FR", "IE"})


def test_each_name_stands_once_and_is_found() -> None:
    names = [fold(row["term"]) for row in ROWS]
    assert sorted(names) == sorted(set(names))
    for row in ROWS:
        vendor = find_vendor(row["term"])
        assert vendor is not None, row["term"]
        assert vendor.name == row["code"]


def test_each_row_says_who_where_and_by_which_page() -> None:
    told: dict[str, set[tuple[str, ...]]] = {}
    for row in ROWS:
        countries = row["country"].split(";")
        assert countries == sorted(set(countries))
        assert all(country_name(code) for code in countries)
        assert len(countries) == len(row["company"].split("; "))
        assert row["source"]
        assert row["address"].startswith("https://")
        assert date.fromisoformat(row["seen"]) >= date.fromisoformat(row["edition"] or row["seen"])
        facts = ("country", "company", "source", "address", "edition", "seen")
        told.setdefault(row["code"], set()).add(tuple(row[name] for name in facts))
    assert [code for code, ways in told.items() if len(ways) > 1] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("MAILCHIMP", "Mailchimp"),
        ("Mailchimp.", "Mailchimp"),
        ("Mailchimp (newsletter)", "Mailchimp"),
        ("Mailchimp: newsletter", "Mailchimp"),
        ("Google Analytics - website statistics", "Google"),
        ("Amazon Web Services, Inc.", "Amazon Web Services"),
    ],
)
def test_a_vendor_is_read_from_its_name(text: str, name: str) -> None:
    vendor = find_vendor(text)
    assert vendor is not None
    assert vendor.name == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Google Ireland Limited",
        "Amazon Web Services EMEA SARL",
        "Mailchimp Ltd",
        "Google (Ireland)",
        "Google Drive (EU region)",
        "Mailchimp (old supplier)",
        "Mailchimp (through Larkmere Ltd)",
        "Zoom training agency",
        "Agency that uses Mailchimp",
        "Meta-analysis team",
        "Mailchimp and Google",
        "WordPress",
        "Not Mailchimp",
    ],
)
def test_another_party_is_not_the_vendor(text: str) -> None:
    assert find_vendor(text) is None


@pytest.mark.parametrize(
    ("text", "recipient", "expected"),
    [
        ("United States", "Mailchimp", True),
        ("Mailchimp servers in Germany", "Mailchimp", True),
        ("Germany", "Mailchimp", False),
        ("Germany", "Google", False),
        ("EEA", "Google", True),
        ("None outside the UK and the EEA", "Google", True),
        ("None outside the UK and the EEA", "Mailchimp", False),
        ("Mailchimp", "Mailchimp", False),
        ("No transfers to the United States", "Mailchimp", False),
        ("", "Mailchimp", False),
    ],
)
def test_a_cell_says_where_a_vendor_gets_the_data(
    text: str, recipient: str, *, expected: bool
) -> None:
    vendor = find_vendor(recipient)
    assert vendor is not None
    assert says_where(text, vendor, MEMBERS) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Larkmere Recording Ltd.", ("larkmere recording", "ltd")),
        ("The Larkmere Recording Ltd (Leeds)", ("larkmere recording", "ltd")),
        ("Larkmere-Recording", ("larkmere recording", "")),
        ("Larkmere Pty Ltd", ("larkmere", "pty ltd")),
        ("Limited edition printers", ("limited edition printers", "")),
        ("", ("", "")),
    ],
)
def test_a_party_is_compared_by_its_words_and_form(text: str, expected: tuple[str, str]) -> None:
    assert split_party(text) == expected
