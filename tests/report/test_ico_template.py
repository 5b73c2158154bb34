"""The blank ICO workbook: refused while blank, read in full once filled in, and always the same."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from commands import stop

import ropa
from ropa.cli import main
from ropa.report.house_layout import list_choices
from ropa.report.ico_template import (
    BAND_ROW,
    BANDS,
    COLUMNS,
    CONTACTS,
    HEADER_ROW,
    NOTES,
    PARTIES,
    SHEET,
    find_field,
    name_field,
    write_ico_template,
)
from ropa.schema import read_fields

PROMPT, TITLE = 255, 32  # what a spreadsheet program shows of a note
WITHOUT_FIELD = 4  # a question asked again, two on breaches, one on reasons


def dump() -> bytes:
    write_ico_template(target := BytesIO())
    return target.getvalue()


@pytest.fixture(scope="module")
def blank() -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(dump()))


def test_thirty_headings_stand_below_their_bands(blank: openpyxl.Workbook) -> None:
    sheet = blank[SHEET]
    assert len(COLUMNS) == 30
    assert [cell.value for cell in sheet[HEADER_ROW]] == [one.heading for one in COLUMNS]
    first = 1
    for text, columns in BANDS:
        assert sheet.cell(BAND_ROW, first).value == text
        first += len(columns)
    assert sheet.max_row == HEADER_ROW


def test_each_field_exists_and_stands_once() -> None:
    fields = [field for one in COLUMNS if (field := find_field(one))]
    assert len(fields) == len(COLUMNS) - WITHOUT_FIELD
    assert len(set(fields)) == len(fields)
    assert set(fields) <= set(read_fields())


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("Business function", ("activities", "function")),
        ("Link to contract with processor", ("recipients", "contract_reference")),
        ("Retention schedule (if possible)", ("activities", "retention")),
        ("Link to record of consent", ("activities", "consent_record")),
        ("Article 6 lawful basis for processing personal data", ("activities", "lawful_basis")),
        ("GDPR Article 6 lawful basis for processing", None),
        ("Has a personal data breach occurred?", None),
    ],
)
def test_heading_means_what_the_layout_says(heading: str, place: tuple[str, str] | None) -> None:
    (column,) = (one for one in COLUMNS if one.heading == heading)
    field = find_field(column)
    assert (field and (field.table, field.name)) == place


def test_each_heading_tells_something_that_can_be_shown(blank: openpyxl.Workbook) -> None:
    rules = blank[SHEET].data_validations.dataValidation
    notes = {str(one.sqref): one for one in rules if one.showInputMessage}
    for cell in blank[SHEET][HEADER_ROW]:
        note = notes[cell.coordinate]
        assert 0 < len(note.prompt) < PROMPT, cell.coordinate
        assert len(note.promptTitle) <= TITLE


def test_drop_downs_offer_the_choices_of_their_fields(blank: openpyxl.Workbook) -> None:
    rules = blank[SHEET].data_validations.dataValidation
    lists = {str(one.sqref).partition(":")[0]: one for one in rules if one.type == "list"}
    choices = {one.name: list(one.values) for one in list_choices()}
    offered = 0
    for number, column in enumerate(COLUMNS, start=1):
        field = find_field(column)
        cell = blank[SHEET].cell(HEADER_ROW + 1, number).coordinate
        if field is None or field.values not in choices:
            assert cell not in lists
            continue
        offered += 1
        name = blank.defined_names[lists[cell].formula1]
        ((sheet, cells),) = name.destinations
        held = [row[0].value for row in blank[sheet][cells.replace("$", "")]]
        assert held == choices[field.values]
        assert lists[cell].errorStyle == "warning"
    assert offered >= 4


def test_a_blank_one_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "ico.xlsx"
    assert main(["template", str(path), "--layout", "ico-controller"]) == 0
    assert capsys.readouterr().out == f"wrote {path}\n"
    assert "empty template" in stop(capsys, "audit", path)
    assert "exists already" in stop(capsys, "template", path, "--layout", "ico-controller")


def test_with_the_contacts_alone_it_is_still_empty(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(dump()))
    book[SHEET]["B2"] = "Made-up Ltd"
    book.save(tmp_path / "ico.xlsx")
    with pytest.raises(ropa.NotARegisterError, match="empty template"):
        ropa.load(tmp_path / "ico.xlsx")


def test_a_filled_one_is_read_in_full(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(dump()))
    sheet = book[SHEET]
    for number in range(len(PARTIES)):
        for row, label in enumerate(CONTACTS, start=2):
            sheet.cell(row, 2 + 2 * number, f"{label} {number}")
    texts = {
        "activities.purpose": "Pay the staff",
        "activities.data_subjects": "Employees",
        "activities.recipients": "Payroll bureau",
        "activities.transfers": "India",
    }
    for number, column in enumerate(COLUMNS, start=1):
        sheet.cell(HEADER_ROW + 1, number, texts.get(name_field(column), f"text {number}"))
    book.save(path := tmp_path / "ico.xlsx")
    found = ropa.inspect(path)
    assert (found.layout, found.records, found.regimes_from) == ("ico-controller", 1, "layout")
    assert [one.role for one in found.activities] == ["controller"]
    assert [one.sheet for one in found.ignored] == [NOTES]
    held = {one.cell: (one.field, one.status) for one in found.mapping}
    for number, column in enumerate(COLUMNS, start=1):
        status = "mapped" if name_field(column) else "unmapped"
        cell = sheet.cell(HEADER_ROW, number).coordinate
        assert held[cell] == (name_field(column), status), column.heading
    register = ropa.load(path)
    keeper = register.organisation.iloc[0]
    assert keeper["name"] == "Name 0"
    assert "Name 1" in keeper["dpo"]
    assert "Name 2" in keeper["representative"]
    for number, column in enumerate(COLUMNS, start=1):
        table, _, field = name_field(column).partition(".")
        if table == "activities" and name_field(column) not in texts:
            assert register.activities[field].iloc[0] == f"text {number}", field
    assert "text 7" in list(register.recipients["contract_reference"])


def test_bytes_repeat() -> None:
    assert dump() == dump()
