"""Headings as typed in real registers, one at a time in a plain grid: what each is taken for.

A heading that is not known may be reported; one that is taken for another field may not.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from made_sheets import recognise_sheets

from ropa.workbook.cells import Sheet, make_sheet

CASES = Path(__file__).parent / "cases" / "headings.csv"
PARAPHRASE = "paraphrase"
LEAST = 0.9

PLAIN = {
    "activities.purpose": ("Purpose", "Pay the staff", "Send the newsletter", "Watch the door"),
    "activities.data_subjects": ("Data subjects", "Employees", "Subscribers", "Visitors"),
    "activities.data_categories": ("Personal data", "Bank details", "Email address", "CCTV images"),
    "activities.retention": ("Retention", "6 years", "2 years", "30 days"),
    "activities.recipients": ("Recipients", "Tax authority", "Mailchimp", "Police"),
}
BEHALF = "activities.on_behalf_of"
SAME = {"controllers.name": BEHALF}
"""In a processor's record the column of the clients names the controllers as well."""
CLIENTS = {
    BEHALF: ("On behalf of", "Hillside Ltd", "Seaview Ltd", "Moor plc"),
    "activities.activity": ("Categories of processing", "Payroll", "Mailing", "Storage"),
    "activities.transfers": ("Transfers", "None", "United States", "None"),
    "activities.security_measures": ("Security measures", "Encryption", "Back-ups", "Locks"),
}


@dataclass(frozen=True, slots=True)
class HeadingCase:
    """A heading, the ``table.field`` that it means (empty for none), where it comes from."""

    heading: str
    expected: str
    language: str
    source: str


@cache
def read_cases() -> tuple[HeadingCase, ...]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return tuple(
            HeadingCase(row["heading"].replace("\\n", "\n"), *list(row.values())[1:])
            for row in csv.DictReader(file)
        )


def list_grids(case: HeadingCase) -> Iterator[Sheet]:
    """Return the grids in which a heading is tried.

    Its own field has no other column. A heading that means nothing is tried in a grid with all the
    plain ones, and in one without each, so that it has a field to be mistaken for.
    """
    clients = case.expected.startswith("controllers.")
    plain = CLIENTS if clients else PLAIN
    own = SAME.get(case.expected, case.expected)
    left_out = [own] if case.expected else ["", *PLAIN]
    for one in left_out:
        columns = [column for name, column in plain.items() if name != one]
        first, *rest = zip(*columns, strict=True)
        yield make_sheet("Sheet1", [[*first, case.heading], *rest])


def make_contacts(heading: str) -> Sheet:
    """Return a grid below a contact block one of whose labels is the heading."""
    labels = [["Establishments", "France"], [heading, "something"], ["Headcount", "320"], []]
    return make_sheet("Sheet1", [*labels, *zip(*PLAIN.values(), strict=True)])


def read_heading(case: HeadingCase) -> set[str]:
    """Return what a heading is mapped to; empty where it is reported instead."""
    sheets = (
        [make_contacts(case.heading)]
        if case.expected.startswith("organisation.")
        else list_grids(case)
    )
    return {
        f"{one.table}.{one.field}"
        for sheet in sheets
        for one in recognise_sheets(sheet).headings
        if one.text == case.heading.strip() and one.status == "mapped"
    }


@cache
def judge_cases() -> dict[HeadingCase, str]:
    """Return of each case ``"right"``, ``"reported"`` or what it was wrongly taken for."""
    outcomes = {}
    for case in read_cases():
        found = read_heading(case)
        wrong = {one for one in found if one not in (case.expected, SAME.get(case.expected))}
        missed = "reported" if case.expected and not found else "right"
        outcomes[case] = ", ".join(sorted(wrong)) if wrong else missed
    return outcomes


def test_there_are_cases_of_each_kind() -> None:
    cases = read_cases()
    languages = Counter(case.language for case in cases)
    assert len(cases) >= 400
    assert min(languages[one] for one in ("en", "fr", "de", "nl", "it", "es", "da")) >= 20
    assert sum(not case.expected for case in cases) >= 80
    assert sum(case.source == PARAPHRASE for case in cases) >= 120


def test_each_heading_is_listed() -> None:
    """A heading that is not even listed would count as reported."""
    absent = [
        case.heading
        for case in read_cases()
        if not case.expected.startswith("organisation.")
        for sheet in list_grids(case)
        if case.heading.strip() not in [one.text for one in recognise_sheets(sheet).headings]
    ]
    assert absent == []


def test_no_heading_is_taken_for_another_field() -> None:
    wrong = {
        (case.heading, case.expected): outcome
        for case, outcome in judge_cases().items()
        if outcome not in ("right", "reported")
    }
    assert wrong == {}


@pytest.mark.parametrize("language", ["", "en", "fr", "de", "nl", "it", "es", "da"])
def test_most_headings_are_mapped(language: str) -> None:
    outcomes = [
        outcome
        for case, outcome in judge_cases().items()
        if case.expected and case.source != PARAPHRASE and language in ("", case.language)
    ]
    assert outcomes.count("right") >= LEAST * len(outcomes)
