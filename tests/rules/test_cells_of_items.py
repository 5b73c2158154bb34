"""An item of a list that is joined from several cells leads back to the cell that names it."""

import pandas as pd
import pytest
from made_sheets import recognise_sheets

import ropa
from ropa.normalise import normalise_registers
from ropa.register import Register, find_cells, locate, read_cells
from ropa.workbook.cells import make_sheet

HEAD = {
    "ID": "A1",
    "Activity": "Payroll",
    "Purpose": "Pay staff",
    "Lawful basis": "Contract",
    "Data subjects": "Staff",
    "Data categories": "Bank details",
    "Recipients": "Larkmere Ltd",
    "Transfers": "None",
    "Retention": "6 years",
    "Security measures": "Encryption",
}
VAGUE = "third parties"
OTHER = {**HEAD, "ID": "A2", "Activity": "Hiring", "Purpose": "Hire staff"}


def read(rows: list[list[str]]) -> Register:
    return normalise_registers({"made": [recognise_sheets(make_sheet("R", rows))]})


def make_grid(names: tuple[str, ...], *rows: tuple[str, ...]) -> list[list[str]]:
    """Return a register with some columns of recipients; a further row goes on with the record."""
    kept = [name for name in HEAD if name != "Recipients"]
    grid = [[*kept, *names]]
    for number, texts in enumerate(rows):
        own = [HEAD[name] for name in kept] if number == 0 else ["" for _ in kept]
        grid.append([*own, *texts])
    return [*grid, [*(OTHER[name] for name in kept), *("Fernhollow GmbH" for _ in names)]]


def find(register: Register) -> list[tuple[str, str, str, str]]:
    """Return the findings on recipients: rule, what it is about, cell, and what the cell says."""
    found = ropa.audit(register, as_of="2026-09-30", rules=["REC"]).findings
    columns = (found[name] for name in ("rule", "subject", "cell", "value"))
    return sorted(zip(*columns, strict=True))


TWO = ("Internal recipients", "External recipients")


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("Larkmere Ltd", "Fernhollow GmbH"), []),
        (("Larkmere Ltd", VAGUE), [("REC-02", VAGUE, "K2", VAGUE)]),
        ((VAGUE, "Larkmere Ltd"), [("REC-02", VAGUE, "J2", VAGUE)]),
        ((VAGUE, VAGUE), [("REC-02", VAGUE, "J2", VAGUE)]),
        (("", VAGUE), [("REC-02", VAGUE, "K2", VAGUE)]),
        (
            ("Larkmere Ltd", f"Fernhollow GmbH; {VAGUE}"),
            [("REC-02", VAGUE, "K2", f"Fernhollow GmbH; {VAGUE}")],
        ),
        (
            (f"Larkmere Ltd; {VAGUE}", "partners"),
            [
                ("REC-02", "partners", "K2", "partners"),
                ("REC-02", VAGUE, "J2", f"Larkmere Ltd; {VAGUE}"),
            ],
        ),
    ],
)
def test_each_of_two_columns_is_named(
    texts: tuple[str, str], found: list[tuple[str, str, str, str]]
) -> None:
    assert find(read(make_grid(TWO, texts))) == found


def test_a_further_row_of_the_record_is_named() -> None:
    """The record's own cell and that of its further row are one list; each item stands in its."""
    names = ("Recipients",)
    rows = make_grid(names, ("Larkmere Ltd; partners",), (f"Fernhollow GmbH; {VAGUE}",))
    rows[2][rows[0].index("Security measures")] = "Locked rooms"
    assert find(read(rows)) == [
        ("REC-02", "partners", "J2", "Larkmere Ltd; partners"),
        ("REC-02", VAGUE, "J3", f"Fernhollow GmbH; {VAGUE}"),
    ]


def test_a_list_and_a_contract_in_a_further_row_name_recipients() -> None:
    """The contract is said of none of them in particular, and the row does name recipients."""
    names = ("Recipients", "Contract reference")
    first, more = ("Larkmere Ltd", "C-1"), ("Fernhollow GmbH; Otterholt SA", "C-2")
    assert find(read(make_grid(names, first, more))) == []
    vague = (f"Fernhollow GmbH; {VAGUE}", "C-2")
    assert find(read(make_grid(names, first, vague))) == [
        ("REC-02", VAGUE, "J3", f"Fernhollow GmbH; {VAGUE}")
    ]


def test_a_contract_alone_in_a_further_row_is_no_title() -> None:
    names = ("Recipients", "Contract reference")
    register = read(make_grid(names, ("Larkmere Ltd", "C-1"), ("", "C-2")))
    own = register.recipients[register.recipients["activity_key"] == 0]
    assert list(own["contract_reference"]) == ["C-1", "C-2"]
    assert find(register) == []


def test_the_labels_of_a_form_are_named() -> None:
    form = [[label, text] for label, text in HEAD.items() if label != "Recipients"]
    rows = [*form, ["Internal recipients", "Larkmere Ltd"], ["External recipients", VAGUE]]
    assert find(read(rows)) == [("REC-02", VAGUE, "B11", VAGUE)]


def test_data_items_lead_back_with_what_is_said_beside_them() -> None:
    """The category stands in its own column, its time limit in the activity's."""
    rows = make_grid(("Recipients",), ("Larkmere Ltd",))
    rows = [[*row, more] for row, more in zip(rows, ("Personal data", "Name", "Name"), strict=True)]
    register = read(rows)
    items = register.data_items[register.data_items["activity_key"] == 0]
    asked = pd.DataFrame(
        {"table": "data_items", "key": items["key"].repeat(2)},
    ).reset_index(drop=True)
    asked["field"] = ["data_category", "retention"] * len(items)
    cells = find_cells(register, asked)
    assert list(items["data_category"]) == ["Bank details", "Name"]
    assert list(locate(register, cells)["cell"]) == ["F2", "H2", "K2", "H2"]
    assert list(read_cells(register, cells)) == ["Bank details", "6 years", "Name", "6 years"]


def test_flows_rest_on_the_cell_that_names_the_recipient() -> None:
    graph = ropa.flow_graph(read(make_grid(TWO, ("Larkmere Ltd", "Otterholt SA"))))
    cells = {target[2]: data["cell"] for _, target, data in graph.edges(data=True)}
    assert (cells["larkmere ltd"], cells["otterholt sa"]) == ("J2", "K2")


def list_cells(rows: list[list[str]], *rules: str) -> list[tuple[str, str, str]]:
    found = ropa.audit(read(rows), as_of="2026-09-30", rules=rules).findings
    return sorted(zip(found["rule"], found["cell"], found["value"], strict=True))


def make_measures(*texts: str) -> list[list[str]]:
    """Return a register with two columns of measures, which are read as one text."""
    kept = [name for name in HEAD if name != "Security measures"]
    head = [*kept, "Technical measures", "Organisational measures"]
    return [head, [*(HEAD[name] for name in kept), *texts]]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("Encryption", "Locked rooms"), []),
        (("Encryption", "TBC"), [("GOV-02", "K2", "TBC")]),
        (("TBC", "Locked rooms"), [("GOV-02", "J2", "TBC")]),
        (("", "Locked rooms, TBC"), [("GOV-02", "K2", "Locked rooms, TBC")]),
        (("Encryption", "As the DPA 1998 asks"), [("GOV-03", "K2", "As the DPA 1998 asks")]),
        (("As the DPA 1998 asks", "Locked rooms"), [("GOV-03", "J2", "As the DPA 1998 asks")]),
        (("TBC", "As the DPA 1998 asks"),
         [("GOV-02", "J2", "TBC"), ("GOV-03", "K2", "As the DPA 1998 asks")]),
    ],
)  # fmt: skip
def test_words_in_a_joined_text_are_found_in_their_cell(
    texts: tuple[str, str], found: list[tuple[str, str, str]]
) -> None:
    assert list_cells(make_measures(*texts), "GOV-02", "GOV-03") == found


def test_two_cells_with_placeholders_are_one_finding() -> None:
    texts = ("Encryption, TBC", "Locked rooms, TBC")
    assert list_cells(make_measures(*texts), "GOV-02") == [("GOV-02", "J2", texts[0])]


def test_screening_quotes_the_cell_that_shows_the_need() -> None:
    rows = make_grid(("Recipients",), ("Larkmere Ltd",))
    more = ("Personal data", "Health records", "Name")
    rows = [[*row, one] for row, one in zip(rows, more, strict=True)]
    rows = [[*row, one] for row, one in zip(rows, ("Scale", "Large scale", ""), strict=True)]
    raised = ropa.audit(read(rows), as_of="2026-09-30").screening
    health = raised[raised["field"] == "data_categories"]
    assert set(zip(health["cell"], health["value"], strict=True)) == {("K2", "Health records")}
