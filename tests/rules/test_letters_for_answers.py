"""Registers that answer "Y" and "N": as "Yes" and "No" wherever these are understood."""

from itertools import product

import pandas as pd
import pytest
from made_sheets import audit_each, recognise_sheets

import ropa
from ropa.normalise import normalise_registers
from ropa.register import Register
from ropa.workbook.cells import make_sheet

RECORD = {
    "ID": "A1",
    "Activity": "News",
    "Role": "Controller",
    "Purpose": "Send news to donors",
    "Lawful basis": "Consent",
    "Data subjects": "Donors",
    "Data categories": "Email addresses",
    "Recipients": "Larkmere Ltd",
    "Transfers": "None",
    "Retention": "6 years after the last gift",
    "Security measures": "Encryption",
}


def read(given: dict[str, str]) -> Register:
    record = RECORD | given
    return normalise_registers(
        {"made": [recognise_sheets(make_sheet("R", [[*record], [*record.values()]]))]}
    )


def find(given: dict[str, str]) -> list[tuple[str, str, str]]:
    return list_findings(ropa.audit(read(given), as_of="2026-09-30").findings)


def list_findings(found: pd.DataFrame) -> list[tuple[str, str, str]]:
    return sorted(zip(found["rule"], found["cell"], found["severity"], strict=True))


HEADINGS = (
    ("Transfers",),
    ("Consent recorded? (Y/N)",),
    ("DPIA required?",),
    ("DPIA required?", "DPIA completed?"),
    ("Automated decisions?",),
    ("Recipients",),
    ("Retention",),
    ("Data processing agreement?",),
    ("Special category condition",),
)
ANSWERS = ("N", "No", "Y", "Yes", "n", "no")


@pytest.fixture(scope="module")
def answered() -> dict[tuple[tuple[str, ...], str], list[tuple[str, str, str]]]:
    """Return what is found where the cells under some headings give an answer."""
    cases = list(product(HEADINGS, ANSWERS))
    found = audit_each([RECORD | dict.fromkeys(names, answer) for names, answer in cases])
    return dict(zip(cases, map(list_findings, found), strict=True))


@pytest.mark.parametrize("headings", HEADINGS)
@pytest.mark.parametrize(("letter", "word"), [("N", "No"), ("Y", "Yes"), ("n", "no")])
def test_a_letter_is_the_word(
    headings: tuple[str, ...],
    letter: str,
    word: str,
    answered: dict[tuple[tuple[str, ...], str], list[tuple[str, str, str]]],
) -> None:
    assert answered[headings, letter] == answered[headings, word]


def test_n_denies_transfers_and_the_record_of_consent() -> None:
    assert read({"Transfers": "N"}).activities["transfers_state"].tolist() == ["none"]
    assert read({"Transfers": "N - UK only"}).activities["transfers_state"].tolist() == ["stated"]
    assert "LAW-06" in {rule for rule, _, _ in find({"Consent recorded? (Y/N)": "N"})}
    assert "LAW-06" not in {rule for rule, _, _ in find({"Consent recorded? (Y/N)": "Y"})}


def test_an_activity_may_be_lettered() -> None:
    rows = [[*RECORD], *([one, *[*RECORD.values()][1:]] for one in ("L", "M", "N"))]
    register = normalise_registers({"made": [recognise_sheets(make_sheet("R", rows))]})
    assert register.activities["activity_id"].tolist() == ["L", "M", "N"]
    assert register.activities["activity_id_state"].tolist() == ["stated"] * 3
