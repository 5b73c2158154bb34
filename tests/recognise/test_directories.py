"""Lists of vendors or of contacts beside a register: none of their rows is the organisation."""

import pytest
from made_grids import HEADINGS, NEWS, PAY, grid, purposes
from made_sheets import make_grid, make_register, recognise_sheets

from ropa.workbook.cells import Sheet, make_sheet

REGISTER = grid(HEADINGS, PAY, NEWS)
PARTS = ("name", "address", "email", "telephone", "dpo")
CONTACTS = [
    ["Name", "Email", "Telephone", "Role"],
    ["A. Sample", "a@example.org", "01632 960001", "DPO"],
    ["B. Sample", "b@example.org", "01632 960002", "IAO"],
]
VENDORS = [
    ["Ref", "Name", "Country", "Contract"],
    ["V1", "Larkmere Ltd", "France", "C-1"],
    ["V2", "Otterholt SA", "India", ""],
]


def read_parts(*sheets: Sheet) -> dict[str, str]:
    assert purposes(*sheets) == [PAY[0], NEWS[0]]
    found = make_register(*sheets).organisation
    return {name: found[name].iloc[0] for name in PARTS if len(found) and found[name].iloc[0]}


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Contacts", CONTACTS),
        ("Contacts", CONTACTS[:2]),
        ("Sheet2", CONTACTS),
        ("Contacts", [["Our contacts"], [], *CONTACTS]),
        ("Data processors", VENDORS),
        ("Data processors", VENDORS[:2]),
        ("Kontakte", [["Name", "E-Mail", "Telefon"], *CONTACTS[1:]]),
    ],
)
def test_a_list_is_not_the_organisation_and_is_told(name: str, rows: list[list[str]]) -> None:
    sheet = make_sheet(name, rows)
    assert read_parts(REGISTER, sheet) == {}
    ignored = [one.why for one in recognise_sheets(REGISTER, sheet).ignored if one.sheet == name]
    assert len(ignored) == 1
    assert "a list of several names" in ignored[0]


def test_a_list_above_a_register_is_told_as_well() -> None:
    sheet = grid(*CONTACTS, [], HEADINGS, PAY, NEWS)
    assert read_parts(sheet) == {}
    assert [one.why[:8] for one in recognise_sheets(sheet).ignored] == ["rows 1-3"]


def test_one_row_under_its_labels_may_be_the_organisation() -> None:
    rows = [["Name", "Address", "Email"], ["Larkmere Ltd", "1 Mill Lane", "info@example.org"]]
    found = read_parts(REGISTER, make_sheet("Organisation", rows))
    assert (found["name"], found["address"]) == ("Larkmere Ltd", "1 Mill Lane")


def test_a_list_that_says_whose_each_row_is_gives_each_its_own() -> None:
    rows = [
        ["", "Name", "Email", "Telephone"],
        ["Controller", "Larkmere Ltd", "info@example.org", "01632 960001"],
        ["Data protection officer", "A. Sample", "dpo@example.org", "01632 960002"],
        ["Head of IT", "B. Sample", "it@example.org", "01632 960003"],
    ]
    assert read_parts(REGISTER, make_sheet("Contacts", rows)) == {
        "name": "Larkmere Ltd",
        "email": "info@example.org",
        "telephone": "01632 960001",
        "dpo": "A. Sample\ndpo@example.org\n01632 960002",
    }


def read_vendors(name: str, heading: str) -> list[tuple[str, str]]:
    register = make_grid(
        "Register",
        [
            {"ID": "A1", **dict(zip(HEADINGS, PAY, strict=True))},
            {"ID": "A2", **dict(zip(HEADINGS, NEWS, strict=True))},
        ],
    )
    rows = [
        {heading: "A1", "Name": "Larkmere Ltd", "Country": "France", "Contract": "C-1"},
        {heading: "A2", "Name": "Otterholt SA", "Country": "India", "Contract": "C-2"},
    ]
    found = make_register(register, make_grid(name, rows)).recipients
    chosen = found[found["country"] != ""]
    return list(zip(chosen["activity_id"], chosen["recipient"], strict=True))


def test_the_name_of_a_sheet_says_whose_names_they_are() -> None:
    expected = [("A1", "Larkmere Ltd"), ("A2", "Otterholt SA")]
    assert read_vendors("Data processors", "Activity ref") == expected
    assert read_vendors("Sous-traitants", "Activity ref") == []
    assert read_vendors("Data processors", "Ref") == []  # the vendor's own number, perhaps
    assert read_vendors("Staff", "Activity ref") == []
