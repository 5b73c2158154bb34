"""Columns that tick a category of data each, or of people: what they mean together stays open."""

from datetime import date

import pandas as pd
import pytest
from made_sheets import make_register

from ropa.auditing import audit_register
from ropa.register import Register
from ropa.workbook.cells import make_sheet

HEADINGS = ["Activity", "Purpose", "Retention", "Recipients", "Security measures"]
ROWS = [
    ["Payroll", "Pay the staff", "6 years", "None", "MFA"],
    ["News", "Send the news", "1 year", "None", "MFA"],
]
DATA = ("Name", "Bank details", "Health data")
MARKS = [("x", "", ""), ("x", "x", "x")]


def read(
    columns: tuple[str, ...], *rows: tuple[str, ...], above: list[list[str]] | None = None
) -> Register:
    cells = [[*row, *marks] for row, marks in zip(ROWS, rows, strict=True)]
    return make_register(make_sheet("Register", [*(above or []), [*HEADINGS, *columns], *cells]))


def list_open(register: Register) -> dict[str, str]:
    found = register.mapping
    found = found[found["status"] == "ambiguous"]
    return dict(zip(found["heading"], found["field"], strict=True))


def audit(register: Register) -> tuple[set[str], pd.Series]:
    result = audit_register(register, as_of=date(2026, 9, 30), regime="uk")
    return set(result.findings["rule"]), result.not_evaluated.set_index("rule")["why"]


@pytest.mark.parametrize(("yes", "no"), [("x", ""), ("\u2713", "-"), ("Yes", "No")])
@pytest.mark.parametrize("above", [[], [["", "", "", "", "", "Categories of personal data"]]])
def test_ticked_categories_of_data_are_no_missing_column(
    yes: str, no: str, above: list[list[str]]
) -> None:
    rows = [tuple(yes if mark else no for mark in marks) for marks in MARKS]
    register = read(DATA, *rows, above=above)
    assert list_open(register) == dict.fromkeys(DATA, "data_categories")
    rules, whys = audit(register)
    assert "DAT-02" not in rules
    assert whys["DAT-02"].endswith("settle what they mean")


def test_ticked_kinds_of_people_are_no_missing_column() -> None:
    register = read(("Staff", "Customers", "Applicants"), ("x", "", ""), ("", "x", ""))
    assert list_open(register)["Customers"] == "data_subjects"
    assert "DAT-01" not in audit(register)[0]
    assert list(register.activities["on_behalf_of_state"]) == ["absent", "absent"]


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (("Address", "Email"), (("", ""), ("", ""))),  # blank
        (("Address", "Email"), (("n/a", ""), ("-", "n/a"))),
        (("Health data", "Floor"), (("x", ""), ("", "x"))),  # one category alone
        (("Special category data?", "Vulnerable people?"), (("Yes", "No"), ("No", "Yes"))),
    ],
)
def test_without_several_ticked_categories_the_column_is_missing(
    columns: tuple[str, ...], rows: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    register = read(columns, *rows)
    assert "data_subjects" not in list_open(register).values()
    assert "DAT-01" in audit(register)[0]


def test_what_asks_for_yes_or_no_keeps_its_answers() -> None:
    columns = ("Personal data", "Special category data?", "Children?", "Staff")
    rows = ("Bank details", "Yes", "No", "x"), ("Health data", "Yes", "Yes", "")
    register = read(columns, *rows)
    found = register.mapping.set_index("heading")["status"]
    assert (found["Special category data?"], found["Children?"]) == ("mapped", "mapped")
    assert list(register.activities["vulnerable_subjects"]) == ["No", "Yes"]
