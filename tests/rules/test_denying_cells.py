"""Transfers over several columns: "No" beside the country that is named contradicts itself."""

import pytest
from made_sheets import recognise_sheets

import ropa
from ropa.normalise import normalise_registers
from ropa.workbook.cells import make_sheet

RECORD = {
    "ID": "A1",
    "Activity": "Meetings",
    "Purpose": "Hold meetings",
    "Lawful basis": "Contract",
    "Data subjects": "Staff",
    "Data categories": "Names",
    "Recipients": "Larkmere Ltd",
    "Retention": "6 years after employment ends",
    "Security measures": "Encryption",
}


def find(*rows: dict[str, str]) -> list[tuple[str, str]]:
    names = [*RECORD, *(name for name in rows[0] if name not in RECORD)]
    grid = [names]
    for number, given in enumerate(rows):
        own = RECORD if not number or "ID" in given else {}
        grid.append([(own | given).get(name, "") for name in names])
    contacts = make_sheet("Organisation", [["Name", "Northby Trust"], ["Regimes", "UK GDPR"]])
    sheets = recognise_sheets(contacts, make_sheet("R", grid))
    found = ropa.audit(
        normalise_registers({"made": [sheets]}), as_of="2026-09-30", rules=["TRF-11"]
    ).findings
    return sorted(zip(found["subject"], found["message"], strict=True))


def answer(text: str, country: str, **given: str) -> dict[str, str]:
    return {"Transfer outside UK?": text, "Country": country, "Safeguard": "IDTA"} | given


@pytest.mark.parametrize("text", ["No", "N", "no.", "Non"])
def test_no_beside_a_country_contradicts_it(text: str) -> None:
    message = "Transfers are denied, and Larkmere Ltd is in the United States."
    assert find(answer(text, "USA")) == [("Larkmere Ltd", message)]


def test_a_country_of_nobody_is_named_beside() -> None:
    given = {"Transfer outside UK?": "No", "Which country?": "India"}
    assert find(given) == [("India", "Transfers are denied, and India is named beside.")]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Yes", "USA"),
        ("", "USA"),
        ("N/A", "USA"),
        ("None", "USA"),
        ("No", "UK"),
        ("No", ""),
        ("No", "N/A"),
    ],
)
def test_other_answers_contradict_nothing(text: str, country: str) -> None:
    assert find(answer(text, country)) == []


def test_a_further_row_is_of_another_recipient() -> None:
    rows = answer("No", ""), answer("Yes", "USA", Recipients="Fernhollow GmbH")
    assert find(*rows) == []


@pytest.mark.parametrize(
    "heading", ["Transfer to an international organisation?", "Transfers within the EEA?"]
)
def test_another_question_is_answered(heading: str) -> None:
    assert find({heading: "No", "Transfers": "USA", "Safeguard": "IDTA"}) == []
