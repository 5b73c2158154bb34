"""A form's label gives its unit to a bare number, as a grid's heading does."""

import pytest
from made_sheets import recognise_sheets

import ropa
from ropa.normalise import normalise_registers
from ropa.register import Register
from ropa.workbook.cells import make_sheet

FORM = [
    ["Activity", "Payroll", "Cameras"],
    ["Purpose", "Pay the staff", "Security"],
    ["Lawful basis", "Contract", "Legitimate interests"],
    ["Data subjects", "Staff", "Visitors"],
    ["Personal data", "Bank details", "Images"],
    ["Recipients", "None", "None"],
    ["Transfers", "None", "None"],
]


def read(rows: list[list[str]]) -> Register:
    return normalise_registers({"made": [recognise_sheets(make_sheet("Form", rows))]})


def find_unread(register: Register) -> list[str]:
    findings = ropa.audit(register, as_of="2026-09-30", rules=["GOV-08"]).findings
    return [cell for cell in findings["cell"] if cell]


@pytest.mark.parametrize(
    ("label", "text", "duration", "unread"),
    [
        ("Retention (years)", "6", "P6Y", []),
        ("Retention (months)", "6", "P6M", []),
        ("Retention (years)", "6 months", "P6M", []),
        ("Retention period", "6", "", ["B8"]),
        ("Retention (years)", "6 or so", "", ["B8"]),
    ],
)
def test_a_label_gives_its_unit(label: str, text: str, duration: str, unread: list[str]) -> None:
    register = read([*[row[:2] for row in FORM], [label, text]])
    assert list(register.activities["retention"]) == [text]
    assert list(register.activities["retention_duration"]) == [duration]
    assert find_unread(register) == unread


def test_each_record_of_a_register_on_its_side_has_the_unit() -> None:
    register = read([*FORM, ["Retention (years)", "6", "1"]])
    assert list(register.activities["retention_duration"]) == ["P6Y", "P1Y"]


def test_the_heading_of_a_small_table_gives_its_unit() -> None:
    head = [row[:2] for row in FORM if row[0] != "Personal data"]
    table = [
        ["Data categories", "Description", "", "", "Retention (years)"],
        ["Data category 1", "Bank details", "", "", "6"],
        ["Data category 2", "Name", "", "", "1"],
    ]
    register = read([*head, *table])
    items = register.data_items
    own = items[items["row"] > len(head)]
    assert list(own["retention_duration"]) == ["P6Y", "P1Y"]
    assert find_unread(register) == []
