"""Registers with one row an activity: what stands in the row is said of all its recipients."""

from pathlib import Path

import openpyxl
import pytest

import ropa
from ropa.report.template import write_template

ROW = 10
COLUMNS = {"recipients": "F", "contract": "G", "countries": "H", "safeguards": "I"}
FILLED = {
    "A": "Human resources",
    "B": "Pay staff their salaries",
    "D": "Employees",
    "E": "Name; bank details",
    "H": "None",
    "J": "6 years after employment ends",
    "K": "Encryption at rest; access by role",
    "L": "Article 6(1)(b) - contract",
}


def audit(tmp_path: Path, *rows: dict[str, str]) -> list[tuple[str, str]]:
    """Return the findings on recipients of an ICO register with these rows: rule and cell."""
    path = tmp_path / "register.xlsx"
    write_template(path, layout="ico-controller")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["B2"], sheet["B3"] = "Thornwick Ltd", "1 High Street, London, United Kingdom"
    for number, given in enumerate(rows):
        for column, text in (
            FILLED | {COLUMNS[name]: text for name, text in given.items()}
        ).items():
            sheet[f"{column}{ROW + number}"] = text
        sheet[f"B{ROW + number}"] = f"{FILLED['B']} {number}"
    book.save(path)
    found = ropa.audit(ropa.load(path), as_of="2026-09-30", rules=["REC"]).findings
    return [*zip(found["rule"], found["cell"], strict=True)]


@pytest.mark.parametrize(
    "names", ["Larkmere Payroll Ltd", "HMRC; Larkmere Payroll Ltd", "Larkmere Ltd; Fernhollow Ltd"]
)
def test_a_contract_beside_a_list_is_no_recipient_without_a_name(
    tmp_path: Path, names: str
) -> None:
    assert audit(tmp_path, {"recipients": names, "contract": "Contract C-12"}) == []


def test_there_is_no_sheet_of_recipients_to_disagree_with(tmp_path: Path) -> None:
    """One row's single recipient is no list that another row's recipients are missing in."""
    one = {"recipients": "Larkmere Payroll Ltd", "contract": "Contract C-12"}
    two = {"recipients": "Larkmere Payroll Ltd; Fernhollow Ltd", "contract": "Contract C-13"}
    assert audit(tmp_path, one, two) == []


def test_a_contract_alone_states_no_recipient(tmp_path: Path) -> None:
    assert audit(tmp_path, {"recipients": "", "contract": "Contract C-12"}) == [("REC-01", "F10")]


def test_words_that_name_nobody_are_still_told(tmp_path: Path) -> None:
    found = audit(tmp_path, {"recipients": "Third parties; partners", "contract": "Contract C-12"})
    assert found == [("REC-02", "F10"), ("REC-02", "F10")]
