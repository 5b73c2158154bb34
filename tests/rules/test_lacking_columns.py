"""What a rule says where the layout lacks a column beside those that it reads."""

import pytest
from made_sheets import make_register

import ropa
from ropa.results import Result
from ropa.workbook.cells import make_sheet

FIELDS = {
    "Activity": "Recruitment",
    "Purpose": "Choose staff",
    "Lawful basis": "Contract",
    "Data subjects": "Applicants",
    "Data categories": "Name; test results",
    "Recipients": "None",
    "Transfers": "None",
    "Retention": "6 months",
    "Security measures": "Encryption",
}


def audit(more: dict[str, str], rule: str) -> Result:
    row = FIELDS | more
    register = make_register(make_sheet("Register", [[*row], [*row.values()]]))
    return ropa.audit(register, as_of="2026-09-30", rules=[rule])


def list_cells(result: Result) -> list[tuple[str, str]]:
    return list(zip(result.findings["field"], result.findings["cell"], strict=True))


DECIDES = {"Automated decisions": "Applicants below the pass mark are turned down"}
SAFEGUARDS = "Automated decision safeguards"


def test_automated_decisions_without_a_column_for_safeguards_are_told() -> None:
    result = audit(DECIDES, "RGT-04")
    assert list_cells(result) == []
    told = result.not_evaluated
    assert list(told["why"]) == ["the layout has no column for 'Automated decision safeguards'"]


@pytest.mark.parametrize(
    ("more", "cells"),
    [
        (DECIDES | {SAFEGUARDS: ""}, [("automated_decision_safeguards", "K2")]),
        (DECIDES | {SAFEGUARDS: "A recruiter looks at each refusal on request"}, []),
        ({"Automated decisions": "No"}, []),
        ({}, []),
    ],
)
def test_nothing_is_told_where_nothing_is_lacking(
    more: dict[str, str], cells: list[tuple[str, str]]
) -> None:
    result = audit(more, "RGT-04")
    assert list_cells(result) == cells
    assert "safeguards" not in " ".join(result.not_evaluated["why"])


JOINT, ARRANGEMENT = "Joint controller", "Joint controller arrangement"
ALONE = ["None", "No", "N/A", "Sole controller", "We decide alone", "Nobody", "", "Not applicable"]


@pytest.mark.parametrize(
    ("more", "cells"),
    [
        ({JOINT: "Larkmere Trust, dp@example.org"}, [("arrangement", "A1:J1")]),
        ({JOINT: "Yes"}, [("joint_controller", "J2"), ("arrangement", "A1:J1")]),
        ({JOINT: "Larkmere Trust", ARRANGEMENT: ""}, [("arrangement", "K2")]),
        ({JOINT: "Larkmere Trust", ARRANGEMENT: "Agreement of 2025-02-03"}, []),
        ({JOINT: "Larkmere Trust", "Role": "Controller"}, []),
        ({JOINT: "", "Role": "Joint controller", ARRANGEMENT: "C-1"}, [("joint_controller", "J2")]),
        *(({JOINT: text, ARRANGEMENT: ""}, []) for text in ALONE),
    ],
)
def test_naming_a_joint_controller_states_the_role(
    more: dict[str, str], cells: list[tuple[str, str]]
) -> None:
    assert sorted(list_cells(audit(more, "IDN-05"))) == sorted(cells)


REQUIRED, STATUS, REFERENCE = "DPIA required", "DPIA status", "DPIA reference"


@pytest.mark.parametrize(
    ("more", "cells"),
    [
        ({REQUIRED: "Yes"}, [("dpia_required", "J2")]),
        ({REQUIRED: "Yes", STATUS: "In progress"}, [("dpia_status", "K2")]),
        ({REQUIRED: "Yes", STATUS: "In progress", REFERENCE: ""}, [("dpia_reference", "L2")]),
        ({REQUIRED: "Yes", REFERENCE: ""}, [("dpia_reference", "K2")]),
        ({REQUIRED: "Yes - see DPIA-12"}, []),
        ({REQUIRED: "Yes - DPIA-12 to be completed"}, [("dpia_required", "J2")]),
        ({REQUIRED: "Yes - planned for Q3 2026"}, [("dpia_required", "J2")]),
        ({REQUIRED: "Yes", STATUS: "Completed"}, []),
        ({REQUIRED: "Yes - due in 2027"}, [("dpia_required", "J2")]),
        ({REQUIRED: "No"}, []),
    ],
)
def test_a_missing_assessment_is_told_at_the_last_of_its_cells(
    more: dict[str, str], cells: list[tuple[str, str]]
) -> None:
    assert list_cells(audit(more, "DPI-01")) == cells
