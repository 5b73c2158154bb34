"""What the fuzzing has found, each as a small case of its own."""

from __future__ import annotations

import pandas as pd
import pytest
from made_sheets import FIRST, make_form, make_grid, make_register

import ropa
from ropa.normalise.merging import set_values
from ropa.workbook.cells import make_sheet


def test_many_columns_set_one_by_one_give_no_warning() -> None:
    """Pandas warns of a frame to which more than a hundred columns were added so."""
    rows = pd.DataFrame({"key": [0, 1]})
    for number in range(150):
        rows = set_values(rows, f"field_{number}_at", {1: ("made.xlsx", "Sheet1", 1, number)})
    assert rows.shape == (2, 151)
    assert rows["field_149_at"].tolist() == [None, ("made.xlsx", "Sheet1", 1, 149)]


def test_an_officer_who_is_none_where_nothing_is_on_a_large_scale() -> None:
    """A mapping that holds nothing gave numbers, and filling them with text a warning."""
    organisation = make_form(name="Made-up company", data_protection_officer="None")
    register = make_register(organisation, make_grid("Activities", [FIRST]))
    assert register.organisation["dpo_state"].tolist() == ["none"]
    found = ropa.audit(register, as_of="2026-09-30", rules=["IDN-09"])
    assert found.findings.empty
    assert found.not_evaluated["rule"].tolist() == []


def test_a_table_without_rows_whose_field_has_two_columns() -> None:
    """The texts of no cells were numbers, and joining them a fault."""
    headings = ["Activity ID", "Data category", "Retention", "Data category"]
    empty = make_sheet("Data items", [headings], index=1)
    register = make_register(make_grid("Activities", [FIRST]), empty)
    assert register.activities["purpose"].tolist() == ["Pay the staff"]
    assert register.data_items.empty


RECORD = {**FIRST, "Lawful basis": "Contract", "Data subjects": "Staff", "Retention": "6 years"}
CONTACTS = ["Representative", "Data Protection Officer"]
BESIDE = ["Elm Ltd", "dpo@example.com"]


@pytest.mark.parametrize("named", ["Controllers", "Controller"])
def test_contacts_beside_a_controller_that_may_be_the_organisation_itself(named: str) -> None:
    """Whose they are is open; a table of controllers without names broke the load."""
    contacts = dict(zip(CONTACTS, BESIDE, strict=True))
    register = make_register(make_grid("Activities", [{**RECORD, named: "Oak plc", **contacts}]))
    assert register.controllers.empty
    mapping = register.mapping.set_index("heading")
    assert list(mapping.loc[[named, *CONTACTS], "status"]) == ["ambiguous"] * 3
    audit = ropa.audit(register, as_of="2026-09-30", rules=["IDN-02", "IDN-06"])
    assert "IDN-02" not in set(audit.findings["rule"])
    why = audit.not_evaluated.set_index("rule")["why"]
    assert "may be 'DPO': settle what it means" in why["IDN-02"]


def test_the_contacts_of_a_client_that_is_named_are_its_own() -> None:
    clients = {"Name of controller": "Oak plc", **dict(zip(CONTACTS, BESIDE, strict=True))}
    register = make_register(make_grid("Activities", [{**RECORD, **clients}]))
    assert register.controllers[["name", "representative", "dpo"]].to_numpy().tolist() == [
        ["Oak plc", *BESIDE]
    ]
