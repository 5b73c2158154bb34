"""A small table of recipients in a form, its columns under headings in a row of their own."""

import pytest
from made_sheets import make_register

import ropa
from ropa.register import Register
from ropa.workbook.cells import make_sheet

FORM = [
    ["Activity", "Payroll"],
    ["Purpose", "Pay the staff"],
    ["Lawful basis", "Contract"],
    ["Data subjects", "Staff"],
    ["Data categories", "Bank details"],
    ["Retention", "6 years"],
    ["Security measures", "Encryption"],
]
HEADS = ["Recipient", "Contract", "Country"]
ROWS = [["Larkmere Ltd", "C-1", "United Kingdom"], ["Fernhollow", "", "India"]]
NAMES = ["Larkmere Ltd", "Fernhollow"]
Cells = list[list[str]]


def read(rows: Cells) -> Register:
    return make_register(make_sheet("Form", rows))


def list_names(rows: Cells) -> list[str]:
    return list(read(rows).recipients["recipient"])


@pytest.mark.parametrize("gap", [[], [[]]], ids=["at once", "after a blank row"])
@pytest.mark.parametrize(
    ("title", "heads"),
    [
        ([], HEADS),
        ([["Whom we share it with"]], HEADS),
        ([["Recipients"]], HEADS),
        ([["Recipients"]], ["Recipient", "Contract"]),
        ([["Recipients"]], ["Name", "Contract", "Country"]),
        ([["Who receives the data"]], ["Processor", "Contract", "Country"]),
        ([["Contract reference"]], ["Name", "Contract", "Country"]),
        ([["Recipients"]], ["Name", "Reference", "Place"]),
    ],
)
def test_its_rows_are_recipients(gap: Cells, title: Cells, heads: list[str]) -> None:
    rows = [row[: len(heads)] for row in ROWS]
    found = read([*FORM, *gap, *title, heads, *rows])
    assert list(found.recipients["recipient"]) == NAMES
    assert set(found.recipients["activity_key"]) == {0}
    assert list(found.activities["recipients"]) == ["\n".join(NAMES)]
    named = dict(zip(found.mapping["heading"], found.mapping["table"], strict=True))
    assert named[heads[0]] == "recipients"
    if "Contract" in heads:
        assert list(found.recipients["contract_reference"]) == ["C-1", ""]
    if "Country" in heads:
        assert list(found.recipients["country"]) == ["United Kingdom", "India"]
        assert list(found.transfers["country_code"]) == ["GB", "IN"]


@pytest.mark.parametrize(
    ("below", "names"),
    [
        # One row of a label and its value is no heading, nor are two without a title.
        ([["Recipients", "Larkmere Ltd"], ["Contract", "C-1"]], ["Larkmere Ltd"]),
        ([["Recipient", "Larkmere Ltd"], ["Comments", "None"]], ["Larkmere Ltd"]),
        # What follows the table is the form's again.
        ([HEADS, *ROWS, ["Owner", "Head of payroll"]], NAMES),
        ([["Recipients"], HEADS, *ROWS, ["Owner", "Head of payroll"]], NAMES),
        ([["Recipients"], HEADS, *ROWS, [], ["Further remarks", "See the file"]], NAMES),
    ],
)
def test_what_stands_below_is_told_apart(below: Cells, names: list[str]) -> None:
    assert [one for one in list_names([*FORM, *below]) if one] == names


def test_the_form_goes_on_below_the_table() -> None:
    found = read([*FORM, ["Recipients"], HEADS, *ROWS, ["Owner", "Head of payroll"]])
    assert list(found.activities["owner"]) == ["Head of payroll"]
    assert list(found.activities["activity"]) == ["Payroll"]


def test_a_column_of_no_field_is_kept() -> None:
    rows = [[*row, text] for row, text in zip(ROWS, ("monthly", "yearly"), strict=True)]
    found = read([*FORM, ["Recipients"], [*HEADS, "Frequency"], *rows])
    assert list(found.extras["text"]) == ["monthly", "yearly"]
    assert list(found.mapping.loc[found.mapping["heading"] == "Frequency", "status"]) == [
        "unmapped"
    ]


def test_its_cells_are_named() -> None:
    """Neither a contract nor a country is taken for a name, and each finding names its cell."""
    rows = [*FORM, ["Recipients"], ["Name", "Role", "Contract"]]
    rows += [["Larkmere Ltd", "Processor", "C-1"], ["third parties", "Processor", ""]]
    found = ropa.audit(read(rows), as_of="2026-09-30", rules=["REC-02", "REC-03"]).findings
    assert sorted(zip(found["rule"], found["cell"], strict=True)) == [
        ("REC-02", "A11"),
        ("REC-03", "C11"),
    ]


@pytest.mark.parametrize(
    ("title", "heads", "codes"),
    [
        ("Recipients", ["Processor", "Contract", "Country"], ["processor", "processor"]),
        ("Processors", ["Name", "Contract", "Country"], ["processor", "processor"]),
        ("Processors", ["Sub-processor", "Contract", "Country"], ["sub-processor"] * 2),
        ("Recipients", HEADS, ["", ""]),
        ("Processors", ["Name", "Role", "Contract"], ["", ""]),
    ],
)
def test_title_or_heading_tells_their_role(title: str, heads: list[str], codes: list[str]) -> None:
    rows = [["Larkmere Ltd", "", "C-1"], ["Fernhollow", "", ""]]
    assert list(read([*FORM, [title], heads, *rows]).recipients["role_code"]) == codes


def test_a_title_of_transfers_states_them() -> None:
    found = read([*FORM, ["Recipients", "Larkmere Ltd; Fernhollow"], ["Transfers"], HEADS, *ROWS])
    assert list(found.activities["transfers"]) == ["United Kingdom\nIndia"]
    assert sorted(found.recipients["recipient"]) == sorted(NAMES)
    assert not set(ropa.audit(found, as_of="2026-09-30", rules=["TRF-01"]).findings["rule"])
