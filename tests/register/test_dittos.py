"""Cells that say what the cell above says: ditto marks, "as above"."""

import pandas as pd
import pytest
from made_sheets import make_register

import ropa
from ropa.register import Register, find_cells, locate, read_cells
from ropa.workbook.cells import make_sheet

HEADINGS = ["ID", "Activity", "Purpose", "Lawful basis", "Data subjects", "Retention", "Transfers"]
PAY = ["A1", "Payroll", "Pay staff", "Contract", "Staff", "6 years", "None"]
MARKS = ['"', "''", "\u201d", "ditto", "Ditto", " As above ", "same as above", "idem", "wie oben"]


def read(*rows: list[str]) -> Register:
    return make_register(make_sheet("Register", [HEADINGS, *rows]))


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_says_what_the_cell_above_says(mark: str) -> None:
    rows = read(PAY, ["A2", "Offers", "Send offers", mark, mark, mark, mark]).activities
    for field in ("lawful_basis", "data_subjects", "retention", "transfers"):
        assert len(set(rows[field])) == 1
        assert len(set(rows[f"{field}_state"])) == 1


def test_several_marks_below_each_other_say_what_the_first_cell_says() -> None:
    names = [["A2", "Offers", "Send offers"], ["A3", "Hiring", "Hire staff"]]
    register = read(PAY, *([*one, '"', '"', '"', '"'] for one in names))
    assert list(register.activities["retention"]) == ["6 years"] * 3
    asked = pd.DataFrame({"table": "activities", "key": [0, 1, 2], "field": "retention"})
    cells = find_cells(register, asked)
    assert list(locate(register, cells)["cell"]) == ["F2"] * 3
    assert list(read_cells(register, cells)) == ["6 years"] * 3


def test_below_a_blank_nothing_is_said() -> None:
    pay = [text if text != "Contract" else "" for text in PAY]
    register = read(pay, ["A2", "Offers", "Send offers", "as above", '"', '"', '"'])
    assert list(register.activities["lawful_basis_state"]) == ["blank", "blank"]
    found = ropa.audit(register, as_of="2026-09-30", rules=["LAW-01"]).findings
    assert list(zip(found["activity_id"], found["cell"], strict=True)) == [
        ("A1", "D2"),
        ("A2", "D3"),
    ]


def test_there_is_nothing_above_the_first_record() -> None:
    register = read(["A1", "Payroll", "Pay staff", '"', "Staff", "as above", "None"])
    assert list(register.activities["lawful_basis"]) == ['"']
    assert list(register.activities["retention_state"]) == ["unreadable"]


@pytest.mark.parametrize("text", ["As above, and 2 years", '6" screen', "See above for details"])
def test_other_texts_stay_as_typed(text: str) -> None:
    rows = read(PAY, ["A2", "Offers", "Send offers", "Consent", "Staff", text, "None"]).activities
    assert list(rows["retention"]) == ["6 years", text]
