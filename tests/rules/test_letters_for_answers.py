"""Registers that answer "Y" and "N": as "Yes" and "No" wherever these are understood."""

import pytest
from made_sheets import recognise_sheets

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
    found = ropa.audit(read(given), as_of="2026-09-30").findings
    return sorted(zip(found["rule"], found["cell"], found["severity"], strict=True))


@pytest.mark.parametrize(
    "headings",
    [
        ("Transfers",),
        ("Consent recorded? (Y/N)",),
        ("DPIA required?",),
        ("DPIA required?", "DPIA completed?"),
        ("Automated decisions?",),
        ("Recipients",),
        ("Retention",),
        ("Data processing agreement?",),
        ("Special category condition",),
    ],
)
@pytest.mark.parametrize(("letter", "word"), [("N", "No"), ("Y", "Yes"), ("n", "no")])
def test_a_letter_is_the_word(headings: tuple[str, ...], letter: str, word: str) -> None:
    found = find(dict.fromkeys(headings, letter))
    assert found == find(dict.fromkeys(headings, word))


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
