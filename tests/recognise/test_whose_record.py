"""Whose record a sheet is: a processor's record has what a controller's has, and says so itself."""

from datetime import date

import pytest
from made_sheets import make_register

from ropa.auditing import audit_register
from ropa.register import Register
from ropa.workbook.cells import make_sheet

CLIENTS = "Categories of processing carried out on behalf of the client"
HEADINGS = ["Client", CLIENTS, "Data subjects", "Personal data", "Sub-processors", "Security"]
ROW = ["Brindle LLP", "Payroll bureau", "Staff", "Bank details", "None", "MFA"]
PLAIN = ["Client", "Activity", *HEADINGS[2:]]
KEPT = ["Customer", "Categories of processing", "Sub-processor", "Retention", "Security"]
KEPT_ROW = ["Brindle LLP", "Hosting", "Larkmere Ltd", "90 days", "ISO 27001"]


def read(
    headings: list[str], row: list[str], *, name: str = "Register", title: str = ""
) -> Register:
    above = [[title], []] if title else []
    return make_register(make_sheet(name, [*above, headings, row, ["Various clients", *row[1:]]]))


def list_roles(register: Register) -> set[str]:
    return set(register.activities["role_code"])


@pytest.mark.parametrize(
    ("headings", "row", "name", "title"),
    [
        (HEADINGS, ROW, "Register", ""),
        (PLAIN, ROW, "Processor record Art 30(2)", ""),
        (PLAIN, ROW, "Processor ROPA", ""),
        (PLAIN, ROW, "Register", "Record of processing carried out on behalf of controllers"),
        (PLAIN, ROW, "Register", "Verzeichnis nach Art. 30 Abs. 2 DSGVO"),
        (PLAIN, ROW, "Register", "Registre du sous-traitant"),
        (KEPT, KEPT_ROW, "Art 30(2)", ""),
        (KEPT, KEPT_ROW, "ROPA (processor)", ""),
        (KEPT[1:], KEPT_ROW[1:], "Art 30(2)", ""),
    ],
)
def test_a_processors_record_says_so(
    headings: list[str], row: list[str], name: str, title: str
) -> None:
    assert list_roles(read(headings, row, name=name, title=title)) == {"processor"}


@pytest.mark.parametrize(
    ("headings", "row", "name", "title"),
    [
        (PLAIN, ROW, "Register", ""),
        (PLAIN, ROW, "Processors", ""),
        (PLAIN, ROW, "Article 30 (2)", ""),  # a copy of the sheet "Article 30"
        (PLAIN, ROW, "Register", "Record under Article 30(1) and (2)"),
        (PLAIN, ROW, "Register", "Controller and processor record"),
        (PLAIN, ROW, "Register", "Reviewed on 30.2.2026"),
        ([*HEADINGS, "Purpose"], [*ROW, "Pay the staff"], "Register", ""),
        ([*HEADINGS, "Lawful basis"], [*ROW, "Contract"], "Processor record", ""),
        (PLAIN[1:], ROW[1:], "Processor record", ""),  # too few columns that a processor has
    ],
)
def test_a_record_that_may_be_either_is_left_open(
    headings: list[str], row: list[str], name: str, title: str
) -> None:
    assert list_roles(read(headings, row, name=name, title=title)) <= {""}


def test_a_processors_record_is_judged_as_one() -> None:
    register = read(KEPT, KEPT_ROW, name="Art 30(2)")
    found = audit_register(register, as_of=date(2026, 9, 30), regime="uk").findings
    assert not {"PUR-01", "REC-01", "RET-01", "DAT-01", "DAT-02", "IDN-03"} & set(found["rule"])
    told = found[found["rule"] == "IDN-04"]
    assert list(zip(told["severity"], told["cell"], strict=True)) == [("high", "A3")]


def test_what_is_open_is_asked_as_before() -> None:
    register = read(PLAIN, ROW)
    found = audit_register(register, as_of=date(2026, 9, 30), regime="uk").findings
    assert {"PUR-01", "IDN-03"} <= set(found["rule"])
