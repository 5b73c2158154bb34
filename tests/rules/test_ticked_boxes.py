"""A form's boxes in the cells of a register: findings are those of what is ticked alone."""

import pandas as pd
import pytest
from made_sheets import recognise_sheets

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


def read(**given: str) -> Register:
    names = {name.split()[0].strip("?").lower(): name for name in RECORD} | {
        "required": "DPIA required?",
        "basis": "Lawful basis",
        "data": "Data categories",
    }
    record = RECORD | {names[name]: text for name, text in given.items()}
    return normalise_registers(
        {"made": [recognise_sheets(make_sheet("R", [[*record], [*record.values()]]))]}
    )


def find(register: Register) -> set[tuple[str, str]]:
    found: pd.DataFrame = ropa.audit(register, as_of="2026-09-30").findings
    return set(zip(found["rule"], found["cell"], strict=True))


PLAIN = find(read())


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ({"basis": "☐ Consent ☒ Contract ☐ Legal obligation"}, {}),
        ({"basis": "Consent (N) Contract (Y)"}, {}),
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
    ],
)
def test_findings_are_those_of_the_ticked_words(
    given: dict[str, str], plain: dict[str, str]
) -> None:
    found = find(read(**given))
    assert found == find(read(**plain))
    assert (found == PLAIN) == (not plain)


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
