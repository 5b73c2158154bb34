"""Error values and formulas without a result among the cells that a field's text is joined of."""

import openpyxl
import pytest
from made_sheets import make_register

import ropa
from ropa.register import Register
from ropa.workbook.cells import make_sheet

ERROR, FORMULA = "#REF!", "=uncached"
FIELDS = {
    "ID": "A1",
    "Activity": "Payroll",
    "Purpose": "Pay staff",
    "Lawful basis": "Contract",
    "Data subjects": "Staff",
    "Data categories": "Name; bank details",
    "Recipients": "Larkmere Ltd",
    "Transfers": "None",
    "Retention": "6 years",
    "Technical measures": "Encryption",
    "Organisational measures": "Locked rooms",
}
COLUMNS = {name: openpyxl.utils.get_column_letter(i) for i, name in enumerate(FIELDS, start=1)}
Row = dict[str, str]


def read(*rows: Row) -> Register:
    """Return a register of the rows; one without an ID goes on with the record above."""
    texts = [[row.get(name, "") for name in FIELDS] for row in rows]
    places = {
        (number, column): text
        for number, row in enumerate(texts, start=2)
        for column, text in enumerate(row, start=1)
        if text in (ERROR, FORMULA)
    }
    plain = [["" if text in (ERROR, FORMULA) else text for text in row] for row in texts]
    errors = {place: text for place, text in places.items() if text == ERROR}
    sheet = make_sheet(
        "Register", [[*FIELDS], *plain], errors=errors, uncached=places.keys() - errors
    )
    return make_register(sheet)


def find(register: Register, *rules: str) -> list[tuple[str, str, str]]:
    """Return the findings: what each is about, its cell, and what stands there."""
    found = ropa.audit(register, as_of="2026-09-30", rules=rules or ["GOV-08"]).findings
    return sorted(zip(found["subject"], found["cell"], found["value"], strict=True))


TECHNICAL, ORGANISATIONAL = COLUMNS["Technical measures"], COLUMNS["Organisational measures"]


@pytest.mark.parametrize("broken", [ERROR, FORMULA])
@pytest.mark.parametrize("field", ["Technical measures", "Organisational measures"])
def test_the_broken_one_of_two_columns_is_named(field: str, broken: str) -> None:
    register = read({**FIELDS, field: broken})
    value = broken if broken == ERROR else ""
    assert find(register) == [("", f"{COLUMNS[field]}2", value)]
    assert list(register.activities["security_measures_state"]) == ["unreadable"]


def test_what_stands_beside_a_broken_cell_is_kept() -> None:
    register = read({**FIELDS, "Technical measures": FORMULA})
    assert list(register.activities["security_measures"]) == ["Locked rooms"]


def test_both_of_two_broken_columns_are_listed() -> None:
    """It is one finding, as the field is one; each cell is listed among the issues."""
    register = read({**FIELDS, "Technical measures": FORMULA, "Organisational measures": ERROR})
    assert find(register) == [("", f"{TECHNICAL}2", "")]
    assert list(register.issues["cell"]) == [f"{TECHNICAL}2", f"{ORGANISATIONAL}2"]
    assert list(register.issues["part"]) == [0, 1]


def test_a_cell_that_can_be_read_is_none() -> None:
    assert find(read(FIELDS)) == []
    assert find(read({**FIELDS, "Technical measures": "Encryption"}, {"Recipients": "HMRC"})) == []


@pytest.mark.parametrize("broken", [ERROR, FORMULA])
@pytest.mark.parametrize("field", ["Recipients", "Data categories", "Data subjects"])
def test_a_broken_cell_in_a_further_row_is_reported(field: str, broken: str) -> None:
    further = {"Recipients": "HMRC", "Data categories": "Address", "Data subjects": "Carers"}
    register = read(FIELDS, {**further, field: broken})
    value = broken if broken == ERROR else ""
    assert find(register) == [("", f"{COLUMNS[field]}3", value)]


def test_a_broken_cell_in_the_first_row_is_named_as_well() -> None:
    register = read({**FIELDS, "Recipients": ERROR}, {"Recipients": "HMRC"})
    assert find(register) == [("", f"{COLUMNS['Recipients']}2", ERROR)]


@pytest.mark.parametrize("broken", [ERROR, FORMULA])
def test_the_items_beside_a_broken_cell_are_judged(broken: str) -> None:
    """A list in several cells is read where it can be; what is broken is no item."""
    register = read(FIELDS, {"Recipients": broken}, {"Recipients": "third parties"})
    assert list(register.recipients["recipient"]) == ["Larkmere Ltd", "third parties"]
    vague = ("third parties", f"{COLUMNS['Recipients']}4", "third parties")
    assert find(register, "REC-01", "REC-02") == [vague]
    assert [subject for subject, _, _ in find(register)] == [""]


@pytest.mark.parametrize("broken", [ERROR, FORMULA])
def test_no_item_is_made_of_broken_cells_alone(broken: str) -> None:
    register = read({**FIELDS, "Recipients": broken}, {"Recipients": ERROR})
    assert register.recipients.empty
    assert find(register, "REC-01", "REC-02") == []
    assert list(register.issues["cell"]) == [f"{COLUMNS['Recipients']}{row}" for row in (2, 3)]


LIMIT = COLUMNS["Retention"]


@pytest.mark.parametrize("broken", [ERROR, FORMULA])
def test_a_broken_time_limit_is_not_that_of_the_row_above(broken: str) -> None:
    register = read(FIELDS, {"Data categories": "Address", "Retention": broken})
    value = broken if broken == ERROR else ""
    assert find(register) == [("Address", f"{LIMIT}3", value)]
    limits = register.data_items.set_index("data_category")["retention_state"]
    assert dict(limits) == {"Name": "stated", "bank details": "stated", "Address": "unreadable"}


def test_a_blank_time_limit_still_is() -> None:
    register = read(FIELDS, {"Data categories": "Address"})
    assert find(register, "GOV-08", "RET") == []
    assert list(register.activities["retention"]) == ["6 years"]


@pytest.mark.parametrize("broken", [ERROR, FORMULA])
def test_a_broken_time_limit_of_all_items_is_the_activitys(broken: str) -> None:
    limits = {**FIELDS, "Retention": broken}, {"Data categories": "Address", "Retention": broken}
    value = broken if broken == ERROR else ""
    assert find(read(*limits)) == [("", f"{LIMIT}2", value)]
    assert find(read({**FIELDS, "Retention": broken})) == [("", f"{LIMIT}2", value)]
    assert find(read(*limits), "RET-01") == []


def test_the_broken_label_of_a_form_is_named() -> None:
    form = [[label, text] for label, text in FIELDS.items()]
    rows = {label: number for number, (label, _) in enumerate(form, start=1)}
    place = (rows["Organisational measures"], 2)
    form[place[0] - 1][1] = ""
    register = make_register(make_sheet("Register", form, uncached=frozenset({place})))
    assert find(register) == [("", f"B{place[0]}", "")]
