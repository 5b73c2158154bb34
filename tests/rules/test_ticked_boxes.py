"""A form's boxes in the cells of a register: findings are those of what is ticked alone."""

from collections.abc import Mapping

import pytest
from made_sheets import audit_each, recognise_sheets

import ropa
from ropa.normalise import normalise_registers
from ropa.register import Register
from ropa.workbook.cells import make_sheet

RECORD = {
    "ID": "A1",
    "Activity": "Payroll",
    "Role": "Controller",
    "Purpose": "Pay staff",
    "Lawful basis": "Contract",
    "Data subjects": "Staff",
    "Data categories": "Contact details",
    "Recipients": "HMRC",
    "Transfers": "None",
    "Retention": "6 years after employment ends",
    "Security measures": "Encryption",
    "Article 9 condition": "",
    "DPIA required?": "No",
    "DPIA completed?": "",
}


def fill(given: Mapping[str, str]) -> dict[str, str]:
    """Return the record with texts under headings named in short."""
    names = {name.split()[0].strip("?").lower(): name for name in RECORD} | {
        "required": "DPIA required?",
        "basis": "Lawful basis",
        "data": "Data categories",
    }
    return RECORD | {names[name]: text for name, text in given.items()}


def read(**given: str) -> Register:
    record = fill(given)
    return normalise_registers(
        {"made": [recognise_sheets(make_sheet("R", [[*record], [*record.values()]]))]}
    )


TICKED: tuple[tuple[dict[str, str], dict[str, str]], ...] = (
    ({"basis": "☐ Consent ☒ Contract ☐ Legal obligation"}, {}),
    ({"basis": "Consent (N) Contract (Y)"}, {}),
    ({"basis": "Consent: ☐ yes ☒ no\nContract: ☒ yes ☐ no"}, {}),
    ({"data": "☒ Contact details ☐ Health ☐ Criminal convictions"}, {}),
    ({"data": "☒ Contact details ☒ Health"}, {"data": "Contact details; health"}),
    ({"transfers": "☐ Yes ☒ No"}, {}),
    ({"transfers": "☒ Yes ☐ No"}, {"transfers": "Yes"}),
    ({"transfers": "☐ Yes ☐ No"}, {"transfers": ""}),
    ({"basis": "[ ] Consent [ ] Contract"}, {"basis": ""}),
    ({"required": "Yes ☐ No ☑"}, {}),
    ({"required": "☑ Yes ☐ No"}, {"required": "Yes"}),
    ({"recipients": "☒ HMRC ☐ third parties"}, {}),
    ({"recipients": "☐ HMRC ☒ third parties"}, {"recipients": "third parties"}),
    ({"retention": "☐ indefinitely ☒ 6 years after employment ends"}, {}),
    ({"retention": "☒ indefinitely ☐ 6 years"}, {"retention": "indefinitely"}),
)


@pytest.fixture(scope="module")
def outcomes() -> list[set[tuple[str, str]]]:
    """Return what is found in the plain record, then what in each of the pairs."""
    records = [fill(given) for pair in (({},), *TICKED) for given in pair]
    return [set(zip(one["rule"], one["cell"], strict=True)) for one in audit_each(records)]


@pytest.mark.parametrize("number", range(len(TICKED)))
def test_findings_are_those_of_the_ticked_words(
    number: int, outcomes: list[set[tuple[str, str]]]
) -> None:
    plain, given, meant = outcomes[0], *outcomes[2 * number + 1 : 2 * number + 3]
    assert given == meant
    assert (given == plain) == (not TICKED[number][1])


def test_the_cell_is_kept_as_typed_and_its_items_are_the_ticked_ones() -> None:
    text = "☐ HMRC ☒ Larkmere Ltd ☒ Otterholt SA"
    register = read(recipients=text)
    assert register.activities["recipients"].tolist() == [text]
    assert register.recipients["recipient"].tolist() == ["Larkmere Ltd", "Otterholt SA"]


def test_a_cell_of_which_nothing_is_ticked_is_blank() -> None:
    assert read(data="☐ Health ☐ Names").activities["data_categories_state"].tolist() == ["blank"]


def test_boxes_that_cannot_be_told_apart_are_unreadable() -> None:
    register = read(basis="Consent ☐ Contract ☒ Legal obligation")
    assert register.activities["lawful_basis_state"].tolist() == ["unreadable"]
    found = ropa.audit(register, as_of="2026-09-30").findings
    unread = found[found["rule"] == "GOV-08"]
    assert unread["message"].str.contains("nothing tells which of its words are ticked").all()
    assert unread["cell"].tolist() == ["E2"]
    assert "LAW-03" not in set(found["rule"])
