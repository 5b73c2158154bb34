"""Grids as they are found: titles, bands, several tables, merged cells, rows that are no records.

What a cell may say, and what is refused, stands in `test_messy_cells` and `test_refusals`.
"""

from pathlib import Path

import openpyxl
import pytest
from made_grids import (
    COSTS,
    DOOR,
    HEADINGS,
    LISTS,
    NEWS,
    PAY,
    RISKS,
    TUTORIAL,
    grid,
    purposes,
    whys,
)
from made_sheets import make_register, recognise_sheets
from openpyxl.styles import Font

from ropa.normalise import normalise
from ropa.recognise import recognise
from ropa.register import Register
from ropa.workbook.cells import make_sheet, read_workbook

# --- 1. Where the headings stand ---------------------------------------------------------------


@pytest.mark.parametrize("above", [0, 1, 4, 12])
@pytest.mark.parametrize("left", [0, 2])
def test_headings_are_found_under_a_title(above: int, left: int) -> None:
    title = [["Record of processing activities 2026"]] if above else []
    rows = [*title, *[[""]] * (above - 1), *[[""] * left + row for row in (HEADINGS, PAY, NEWS)]]
    sheet = grid(*rows)
    assert purposes(sheet) == [PAY[0], NEWS[0]]
    (block,) = recognise_sheets(sheet).blocks
    assert block.rows.tolist() == [above + 2, above + 3]
    assert {one.column: one.text for one in block.headings} == dict(enumerate(HEADINGS, left + 1))


def test_a_title_that_speaks_of_purposes_is_no_heading() -> None:
    title = ["Register of the purposes, data subjects and retention of personal data"]
    assert purposes(grid(title, [], HEADINGS, PAY, NEWS)) == [PAY[0], NEWS[0]]


def test_bands_are_no_headings() -> None:
    bands = ["Article 30", "", "", "", "", "Privacy notice"]
    sheet = grid(bands, HEADINGS, PAY, NEWS, merged=[(1, 1, 1, 5)])
    recognition = recognise_sheets(sheet)
    assert {one.row for one in recognition.headings} == {2}
    assert purposes(sheet) == [PAY[0], NEWS[0]]


def test_headings_on_two_rows_are_one_header() -> None:
    upper = ["Purpose", "Data subjects", "Transfers", "", "Retention", "Lawful basis"]
    lower = ["", "", "Country", "Safeguards", "", ""]
    row = ["Pay the staff", "Employees", "United States", "Standard contractual clauses", "6 years"]
    merged = [(1, 3, 1, 4), (1, 1, 2, 1), (1, 2, 2, 2), (1, 5, 2, 5), (1, 6, 2, 6)]
    sheet = grid(upper, lower, [*row, "Contract"], merged=merged)
    register = make_register(sheet)
    assert list(register.activities["purpose"]) == ["Pay the staff"]
    assert list(register.activities["retention_duration"]) == ["P6Y"]
    assert list(register.transfers["country_code"]) == ["US"]
    assert list(register.recipients["transfer_mechanism"]) == ["Standard contractual clauses"]


def test_a_heading_only_on_the_upper_row_is_read() -> None:
    upper = ["Identification", "", "Purpose", "Sensitive data"]
    lower = ["Name of the processing", "Reference number", "", "Yes/no", "Retention", "Recipients"]
    row = ["Payroll", "R-1", "Pay the staff", "No", "6 years", "Tax authority"]
    sheet = grid(upper, lower, row, merged=[(1, 1, 1, 2), (1, 3, 2, 3)])
    activities = make_register(sheet).activities
    assert list(activities["purpose"]) == ["Pay the staff"]
    assert list(activities["activity_id"]) == ["R-1"]
    assert list(activities["activity"]) == ["Payroll"]


TERMS = ["dpv:hasPurpose", "dpv:hasDataSubject", "dpv:hasPersonalData", "dpv:hasStorage", "dpv:x"]
TYPES = ["text", "drop-down", "free text", "text", "text", "drop-down"]
ASKS = ["Describe the purpose", "List the categories of data subjects", "List the data"]


LETTERS = ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)"]
NUMBERS = ["1", "2", "3", "4", "5", "6"]
QUESTIONS = ["What are the data used for?", "Whose data are they?", "Which data?", "How long?"]
SECOND = [
    TERMS,
    TYPES,
    [*ASKS, "State the retention period"],
    HEADINGS,
    LETTERS,
    NUMBERS,
    QUESTIONS,
]


@pytest.mark.parametrize("second", SECOND)
def test_a_second_row_of_headings_is_no_record(second: list[str]) -> None:
    sheet = grid(HEADINGS, second, PAY, NEWS)
    assert purposes(sheet) == [PAY[0], NEWS[0]]
    assert "row 2: a second row of headings" in whys(recognise_sheets(sheet))


def test_a_first_record_that_looks_like_a_second_row_of_headings_is_one() -> None:
    row = ["Describe products to customers", "Customers", "Name; text messages", "1 year", "None"]
    assert purposes(grid(HEADINGS, [*row, "Consent"], PAY)) == [row[0], PAY[0]]


@pytest.mark.parametrize("basis", ["Legal obligation", "Consent", "Legitimate interests"])
def test_a_record_whose_cells_are_words_of_headings_is_no_header(basis: str) -> None:
    row = ["Keep accounts", "Data subject", "Contact details", "Until erasure", "Recipients", basis]
    assert purposes(grid(HEADINGS, PAY, row, NEWS)) == [PAY[0], row[0], NEWS[0]]


def test_headings_repeated_below_are_no_record() -> None:
    sheet = grid(HEADINGS, PAY, HEADINGS, NEWS)
    assert purposes(sheet) == [PAY[0], NEWS[0]]


# --- 2. Several tables, several sheets ---------------------------------------------------------


def test_two_tables_of_one_sheet_are_read() -> None:
    other = ["Retention", "Purpose", "Recipients", "Personal data"]
    row = ["30 days", "Watch the door", "Police", "CCTV images"]
    sheet = grid(["Head office"], HEADINGS, PAY, NEWS, [], ["Branch"], other, row)
    register = make_register(sheet)
    assert list(register.activities["purpose"]) == [PAY[0], NEWS[0], "Watch the door"]
    assert list(register.activities["retention_duration"]) == ["P6Y", "P2Y", "P30D"]
    assert list(register.activities["lawful_basis_state"]) == ["stated", "stated", "absent"]


def test_registers_of_two_departments_are_read() -> None:
    register = make_register(
        grid(HEADINGS, PAY, name="HR"), grid(HEADINGS, NEWS, DOOR, name="Marketing")
    )
    assert list(register.activities["sheet"]) == ["HR", "Marketing", "Marketing"]


@pytest.mark.parametrize("other", [COSTS, RISKS, LISTS, TUTORIAL, []])
def test_other_sheets_are_ignored_with_a_reason(other: list[list[str]]) -> None:
    beside = make_sheet("Other", other, index=1)
    sheet = grid(HEADINGS, PAY, NEWS)
    recognition = recognise_sheets(sheet, beside)
    assert [one.sheet for one in recognition.ignored if one.why] == ["Other"]
    assert purposes(sheet, beside) == [PAY[0], NEWS[0]]


# --- 3. Extents that lie -----------------------------------------------------------------------


def test_styled_cells_far_away_are_no_records(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, PAY, NEWS):
        sheet.append(row)
    for number in range(1, 997):
        sheet.cell(number, 26).font = Font(bold=True)
    path = tmp_path / "far.xlsx"
    book.save(path)
    register = normalise([recognise(read_workbook(path))], register="made")
    assert list(register.activities["purpose"]) == [PAY[0], NEWS[0]]
    assert list(register.activities["row"]) == [2, 3]


def test_white_space_is_no_record() -> None:
    assert purposes(grid(HEADINGS, PAY, [" ", "\n", "\xa0"], NEWS, *[[" "]] * 500)) == [
        PAY[0],
        NEWS[0],
    ]


# --- 4. Merged cells and records of several rows -----------------------------------------------


NAMED = ["Function", "Activity", "Purpose", "Data subjects", "Personal data", "Retention"]


def items(register: Register) -> list[tuple[str, str, str]]:
    names = register.activities.set_index("key")["purpose"]
    rows = register.data_items
    return sorted(
        zip(rows["activity_key"].map(names), rows["data_category"], rows["retention"], strict=True)
    )


PAY_ITEMS = [
    ("Pay the staff", "Bank details", "6 years"),
    ("Pay the staff", "Hours worked", "3 years"),
    ("Pay the staff", "Tax code", "7 years"),
]


@pytest.mark.parametrize("blank", [True, False])
def test_an_activity_merged_over_rows_is_one_record(blank: bool) -> None:  # noqa: FBT001
    merged = [] if blank else [(2, column, 4, column) for column in (1, 2, 3, 4)]
    sheet = grid(
        NAMED,
        ["Finance", "Payroll", "Pay the staff", "Employees", "Bank details", "6 years"],
        ["", "", "", "", "Hours worked", "3 years"],
        ["", "", "", "", "Tax code", "7 years"],
        ["Finance", "Audit", "Check the books", "Suppliers", "Invoices", "7 years"],
        merged=merged,
    )
    register = make_register(sheet)
    assert list(register.activities["purpose"]) == ["Pay the staff", "Check the books"]
    assert [one for one in items(register) if one[0] == "Pay the staff"] == PAY_ITEMS


def test_an_activity_repeated_with_each_category_is_one_record() -> None:
    own = ["Finance", "Payroll", "Pay the staff", "Employees"]
    sheet = grid(
        NAMED,
        [*own, "Bank details", "6 years"],
        [*own, "Hours worked", "3 years"],
        [*own, "Tax code", "7 years"],
    )
    register = make_register(sheet)
    assert len(register.activities) == 1
    assert items(register) == PAY_ITEMS


def test_a_function_merged_over_several_activities_is_that_of_each() -> None:
    sheet = grid(
        NAMED,
        ["Finance", "Payroll", "Pay the staff", "Employees", "Bank details", "6 years"],
        ["", "Audit", "Check the books", "Suppliers", "Invoices", "7 years"],
        ["Sales", "News", "Send the newsletter", "Subscribers", "Email address", "2 years"],
        merged=[(2, 1, 3, 1)],
    )
    activities = make_register(sheet).activities
    assert list(activities["function"]) == ["Finance", "Finance", "Sales"]
    assert list(activities["purpose"]) == [
        "Pay the staff",
        "Check the books",
        "Send the newsletter",
    ]


def test_a_row_a_recipient_is_one_record_with_its_pairs() -> None:
    headings = ["Purpose", "Data subjects", "Personal data", "Recipients", "Country", "Safeguards"]
    sheet = grid(
        headings,
        ["Pay the staff", "Employees", "Bank details", "Hillside Ltd", "India", "IDTA"],
        ["", "", "", "Seaview Ltd", "France", ""],
    )
    register = make_register(sheet)
    assert len(register.activities) == 1
    rows = register.recipients
    assert sorted(
        zip(rows["recipient"], rows["country"], rows["transfer_mechanism"], strict=True)
    ) == [
        ("Hillside Ltd", "India", "IDTA"),
        ("Seaview Ltd", "France", ""),
    ]


def test_a_recipient_repeated_with_each_category_is_one_recipient() -> None:
    headings = ["Purpose", "Data subjects", "Personal data", "Retention", "Recipient", "Country"]
    same = ["Bank of the Moor", "Ireland"]
    sheet = grid(
        headings,
        ["Pay the staff", "Employees", "Bank details", "6 years", *same],
        ["Pay the staff", "Employees", "Tax code", "7 years", *same],
        ["Pay the staff", "Employees", "Tax code", "7 years", "Seaview Ltd", "Ireland"],
    )
    register = make_register(sheet)
    assert list(register.recipients["recipient"]) == [same[0], "Seaview Ltd"]
    assert list(register.data_items["data_category"]) == ["Bank details", "Tax code"]


def test_the_cell_of_a_merged_range_is_the_one_that_shows_the_text() -> None:
    sheet = grid(
        NAMED,
        ["Finance", "Payroll", "Pay the staff", "Employees", "Bank details", "6 years"],
        ["", "Audit", "Check the books", "Suppliers", "Invoices", "7 years"],
        merged=[(2, 1, 3, 1)],
    )
    register = make_register(sheet)
    places = register.frames["places"]
    held = places[places["field"] == "function"]
    assert held[["row", "column"]].to_numpy().tolist() == [[2, 1]]
    assert held["key"].tolist() == [register.activities["key"].iloc[1]]


# --- Records that stay two ---------------------------------------------------------------------


WITH_ID = ["ID", "Department", *HEADINGS]


def test_the_same_id_in_two_departments_stays_two_records() -> None:
    sheet = grid(WITH_ID, ["1", "Finance", *PAY], ["1", "Sales", *NEWS])
    activities = make_register(sheet).activities
    assert list(activities["purpose"]) == [PAY[0], NEWS[0]]
    assert activities["identity"].is_unique


def test_the_same_id_and_purpose_in_two_departments_stays_two_records() -> None:
    sheet = grid(WITH_ID, ["1", "Finance", *PAY], ["1", "Sales", *PAY])
    assert list(make_register(sheet).activities["function"]) == ["Finance", "Sales"]


def test_a_full_duplicate_stays_a_second_record() -> None:
    assert purposes(grid(HEADINGS, PAY, NEWS, NEWS)) == [PAY[0], NEWS[0], NEWS[0]]


def test_a_row_without_its_purpose_that_says_much_else_stays_a_record() -> None:
    lacking = ["", "Visitors", "CCTV images", "30 days", "Police", "Legitimate interests"]
    assert purposes(grid(HEADINGS, PAY, lacking, NEWS)) == [PAY[0], "", NEWS[0]]


def test_a_row_without_its_purpose_below_one_without_a_basis_stays_a_record() -> None:
    unfounded = [*PAY[:5], ""]
    lacking = ["", "Visitors", "CCTV images", "30 days", "Police", "Legitimate interests"]
    activities = make_register(grid(HEADINGS, unfounded, lacking)).activities
    assert list(activities["lawful_basis"]) == ["", "Legitimate interests"]


# --- Rows that are no records ------------------------------------------------------------------


def test_titles_of_groups_are_no_records() -> None:
    wide = [(2, 1, 2, 6), (4, 1, 4, 6)]
    for merged in ([], wide):
        sheet = grid(HEADINGS, ["HUMAN RESOURCES"], PAY, ["Marketing"], NEWS, merged=merged)
        assert purposes(sheet) == [PAY[0], NEWS[0]]
        assert "a group's title" in whys(recognise_sheets(sheet))


@pytest.mark.parametrize(
    "note",
    [
        "Note: reviewed by the data protection officer.",
        "* NB: see the retention schedule for details",
        "Last updated: 3 May 2026",
        "Source: interviews with the heads of department",
        "Version 1.2",
    ],
)
def test_notes_below_are_no_records(note: str) -> None:
    sheet = grid(HEADINGS, PAY, NEWS, [], [note])
    assert purposes(sheet) == [PAY[0], NEWS[0]]
    assert "row 5: a note" in whys(recognise_sheets(sheet))


@pytest.mark.parametrize("total", [["Total", "", "", "2"], ["Total: 2 activities"]])
def test_totals_are_no_records(total: list[str]) -> None:
    assert purposes(grid(HEADINGS, PAY, NEWS, total)) == [PAY[0], NEWS[0]]


def test_a_purpose_that_begins_like_a_note_is_a_record() -> None:
    row = [
        "Note the time of arrival",
        "Visitors",
        "Name",
        "3 months",
        "None",
        "Legitimate interests",
    ]
    assert purposes(grid(HEADINGS, PAY, row)) == [PAY[0], row[0]]


def test_numbers_without_content_are_no_records() -> None:
    rows = [[str(number), "", "", "", "", "", "", ""] for number in range(3, 40)]
    sheet = grid(WITH_ID, ["1", "Finance", *PAY], ["2", "Sales", *NEWS], *rows)
    assert purposes(sheet) == [PAY[0], NEWS[0]]
    assert "a number and nothing else" in whys(recognise_sheets(sheet))


def test_a_record_with_only_a_purpose_is_one() -> None:
    assert purposes(grid(HEADINGS, PAY, ["Greet the guests"], NEWS)) == [
        PAY[0],
        "Greet the guests",
        NEWS[0],
    ]


def test_hidden_rows_and_sheets_are_read() -> None:
    sheet = grid(HEADINGS, PAY, NEWS, hidden_rows={3}, hidden_columns={2})
    away = grid(HEADINGS, DOOR, name="Old", hidden=True, index=1)
    assert purposes(sheet, away) == [PAY[0], NEWS[0], DOOR[0]]
