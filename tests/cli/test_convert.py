"""`ropa convert`: an audit of what it writes finds what an audit of the original does."""

from collections import Counter
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from build_samples import SAMPLES
from commands import CALLS, list_tree, stop
from openpyxl.cell.cell import Cell

import ropa
from ropa.cli import main
from ropa.normalise.fields import BROKEN
from ropa.policy import Policy
from ropa.report.conversion import build_house_tables
from ropa.report.house_layout import ErrorValue
from ropa.report.ico_template import (
    COLUMNS,
    HEADER_ROW,
    SHEET,
    name_field,
    write_ico_template,
)
from ropa.schema import TABLES

AS_OF = "2026-09-30"
SAME = ["rule", "activity_id", "field", "subject", "severity", "id"]
PLAIN = ("Activity", "Purpose", "Data subjects", "Retention")

Found = Counter[tuple[str, ...]]
Rows = Sequence[Mapping[str, object]]


def find(register: ropa.Register) -> Found:
    findings = ropa.audit(register, as_of=AS_OF).findings
    return Counter(tuple(row) for row in findings[SAME].astype("str").to_numpy().tolist())


def convert(path: Path, **more: Policy) -> tuple[ropa.Register, ropa.Register]:
    """Return the register as it was, and as it is in its house workbook."""
    target = path.with_name(f"{path.stem}-house.xlsx")
    ropa.convert(path, target, **more)
    converted = ropa.load(target)
    assert converted.inputs[0].layout == "house"
    return ropa.load(path, **more), converted


def write_grid(path: Path, headings: Sequence[str], *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    for row in (headings, *rows):
        sheet.append(list(row))
    book.save(path)
    return path


def write_ico(path: Path, rows: Rows, *, organisation: bool = True) -> Path:
    """Fill in the blank ICO workbook; the keys of a row are fields."""
    write_ico_template(data := BytesIO())
    book = openpyxl.load_workbook(data)
    sheet = book[SHEET]
    if organisation:
        for place, text in enumerate(("Made-up Ltd", "1 High Street", "x@example.org"), start=2):
            sheet.cell(place, 2, text)
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        for column, one in enumerate(COLUMNS, start=1):
            said = row.get(name_field(one) or one.heading)
            if said:
                sheet.cell(number, column, str(said))
    book.save(path)
    return path


ICO_ROWS: Rows = (
    {
        "activities.function": "Human resources",
        "activities.purpose": "Pay the staff",
        "activities.data_subjects": "Employees",
        "activities.data_categories": "Bank details",
        "activities.recipients": "Payroll bureau",
        "activities.transfers": "India",
        "recipients.contract_reference": "C-1",
        "recipients.transfer_mechanism": "Privacy Shield",
        "activities.retention": "As long as necessary",
        "activities.lawful_basis": "Legitimate interests",
        "Has a personal data breach occurred?": "No",
    },
    {
        "activities.data_categories": "Health data",
        "activities.recipients": "Pension scheme",
        "activities.transfers": "United States",
        "recipients.transfer_mechanism": "None",
    },
    {
        "activities.function": "Marketing",
        "activities.purpose": "Send offers",
        "activities.data_subjects": "Customers",
        "activities.data_categories": "TBC",
        "activities.lawful_basis": "Consent",
        "Has a personal data breach occurred?": "=1+1",
    },
)


# -- the same findings --------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_samples_give_the_same_findings(path: Path, tmp_path: Path) -> None:
    (copy := tmp_path / path.name).write_bytes(path.read_bytes())
    before, after = convert(copy)
    assert find(before) == find(after)
    for table in ("activities", "recipients", "data_items", "controllers"):
        columns = [one for one in before.frames[table] if one not in ("register", "file")]
        pd.testing.assert_frame_equal(before.frames[table][columns], after.frames[table][columns])


def test_an_ico_register_gives_the_same_findings(tmp_path: Path) -> None:
    before, after = convert(write_ico(tmp_path / "a.xlsx", ICO_ROWS))
    assert before.inputs[0].layout == "ico-controller"
    assert len(before.activities) == len(after.activities) == 2
    assert find(before) == find(after)
    assert len(find(before)) > 5
    assert list(after.activities["role"]) == ["Controller", "Controller"]
    assert list(after.organisation["regimes"]) == ["UK GDPR"]
    assert list(after.organisation["name"]) == ["Made-up Ltd"]
    own = after.recipients[after.recipients["origin"] == "sheet"]
    assert list(own["country"]) == ["India", "United States"]
    assert list(own["activity_key"]) == [0, 0]
    assert list(own["activity_id"].str[0]) == ["~", "~"]


def test_an_ico_register_without_contacts_too(tmp_path: Path) -> None:
    before, after = convert(write_ico(tmp_path / "a.xlsx", ICO_ROWS, organisation=False))
    assert find(before) == find(after)
    assert list(after.organisation["name_state"]) == ["absent"]


def test_delimited_text_gives_the_same_findings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Activity,Purpose,Data subjects,Recipients,Retention (years),Recipient country\n"
        "Payroll,Pay the staff,Employees,Payroll bureau,2.0,India\n"
        'Offers,Send offers,"Customers, leads",Mailchimp,End of contract,USA\n',
        encoding="utf-8",
    )
    before, after = convert(path)
    assert find(before) == find(after)
    assert list(before.activities["retention"]) == ["2.0", "End of contract"]
    assert list(after.activities["retention"]) == ["2 years", "End of contract"]
    days = "retention_days"
    assert list(before.activities[days].fillna(0)) == list(after.activities[days].fillna(0))


def test_a_column_that_the_original_lacks_is_left_out(tmp_path: Path) -> None:
    _, after = convert(
        write_grid(tmp_path / "a.xlsx", PLAIN, ("Payroll", "Pay", "Staff", "6 years"))
    )
    book = openpyxl.load_workbook(tmp_path / "a-house.xlsx")
    assert book.sheetnames == ["Activities", "Vocabulary"]
    assert [cell.value for cell in book["Activities"][1]] == list(PLAIN)
    assert set(after.activities["lawful_basis_state"]) == {"absent"}


def test_repeated_and_missing_ids_keep_their_recipients(tmp_path: Path) -> None:
    path = write_grid(
        tmp_path / "a.xlsx",
        ("ID", "Business function", *PLAIN, "Recipients", "Recipient country"),
        ("A1", "Sales", "Offers", "Send offers", "Customers", "1 year", "Mailchimp", "USA"),
        ("A1", "Payroll", "Pay", "Pay the staff", "Employees", "6 years", "Bureau", "India"),
        ("", "Payroll", "Pensions", "Keep pensions", "Employees", "6 years", "Scheme", "Brazil"),
    )
    before, after = convert(path)
    assert find(before) == find(after)
    assert list(before.recipients["country"]) == ["USA", "India", "Brazil"]
    for one in (before, after):
        own = one.recipients[one.recipients["origin"] == "sheet"]
        assert list(zip(own["country"], own["activity_key"], strict=True)) == [
            *(("USA", 0), ("India", 1), ("Brazil", 2)),
        ]


def test_what_the_words_say_of_the_role_is_said_again(tmp_path: Path) -> None:
    path = write_grid(
        tmp_path / "a.xlsx",
        PLAIN,
        ("Calls answered on behalf of Some Ltd", "Answer calls", "Callers", "1 year"),
        ("Payroll", "Pay the staff", "Employees", "6 years"),
    )
    before, after = convert(path)
    assert list(before.activities["role_code"]) == ["processor", ""]
    assert list(after.activities["role_code"]) == ["processor", ""]
    assert find(before) == find(after)


# -- cells --------------------------------------------------------------------------------------


def test_cells_that_are_no_text_stay_unreadable(tmp_path: Path) -> None:
    path = write_grid(
        tmp_path / "a.xlsx",
        (*PLAIN, "Lawful basis"),
        ("Payroll", "Pay the staff", "Employees", "#REF!", "Contract"),
        ("Offers", "Send offers", "Customers", "1 year", "Consent"),
    )
    book = openpyxl.load_workbook(path)
    cells = book["Sheet1"]
    assert isinstance(cells["D2"], Cell)
    cells["D2"].data_type = "e"
    cells["E3"] = "=CONCATENATE(1,2)"  # no program has calculated it
    book.save(path)
    before, after = convert(path)
    assert list(before.activities["retention_state"]) == ["unreadable", "stated"]
    assert list(before.activities["lawful_basis_state"]) == ["stated", "unreadable"]
    for name in ("retention", "lawful_basis"):
        for column in (name, f"{name}_state"):
            assert list(before.activities[column]) == list(after.activities[column])
    assert find(before) == find(after)
    assert set(before.issues["problem"]) == set(after.issues["problem"]) == {BROKEN}


def test_texts_stay_texts_and_dates_dates(tmp_path: Path) -> None:
    texts = ["=1+1", "007", "1e5", "@x", "  x ", "a\nb", "2026-06-15", "15/06/2026", "12:30"]
    path = write_grid(
        tmp_path / "a.xlsx",
        (*PLAIN, "Notes", "Last reviewed"),
        *(
            (f"K{number}", "Pay", "Staff", "1 year", text, text)
            for number, text in enumerate(texts)
        ),
    )
    book = openpyxl.load_workbook(path)
    sheet = book["Sheet1"]
    for row in range(2, len(texts) + 2):
        for column in (5, 6):
            sheet.cell(row, column).data_type = "s"
    sheet["F2"] = pd.Timestamp("2026-06-15").to_pydatetime()
    book.save(path)
    before, after = convert(path)
    for name in ("notes", "last_reviewed", "last_reviewed_state", "last_reviewed_on"):
        assert before.activities[name].equals(after.activities[name]), name
    cells = openpyxl.load_workbook(tmp_path / "a-house.xlsx")["Activities"]
    last = [cell.value for cell in cells[1]].index("Last reviewed")
    assert [row[last].data_type for row in cells.iter_rows(min_row=2, max_row=3)] == ["d", "s"]


def test_columns_of_no_field_beside_recipients_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheets: dict[str, list[list[str | None]]] = {
        "Activities": [
            ["Activity ID", *PLAIN, "Colour"],
            ["A1", "Payroll", "Pay", "Staff", "1 year"],
        ],
        "Recipients": [
            ["Activity ID", "Recipient", "Spend", "DPA expiry"],
            ["A1", "Larkmere Ltd", None, "2027"],
            ["A1", "Fernhollow", "500", "2028"],
            ["A9", "Otterholt", "700", None],
        ],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    for register in convert(path):
        names = register.recipients.set_index("key")["recipient"]
        extras = register.extras
        assert set(extras["table"]) == {"recipients"}
        found = [*zip(extras["key"].map(names), extras["heading"], extras["text"], strict=True)]
        assert sorted(found) == [
            ("Fernhollow", "DPA expiry", "2028"),
            ("Fernhollow", "Spend", "500"),
            ("Larkmere Ltd", "DPA expiry", "2027"),
            ("Otterholt", "Spend", "700"),
        ]


def test_columns_of_no_field_are_kept_at_the_right(tmp_path: Path) -> None:
    path = write_grid(
        tmp_path / "a.xlsx",
        (*PLAIN, "Zebra", "Legal ground", "Zebra"),
        ("Payroll", "Pay", "Staff", "6 years", "=a", "Contract", ""),
        ("Offers", "Send offers", "Customers", "1 year", "", "Consent", "z"),
    )
    book = openpyxl.load_workbook(path)
    sheet = book["Sheet1"]
    assert isinstance(sheet["E2"], Cell)
    sheet["E2"].data_type = "s"
    book.save(path)
    policy = Policy({"Legal ground": ""})
    before, after = convert(path, policy=policy)
    cells = openpyxl.load_workbook(tmp_path / "a-house.xlsx")["Activities"]
    rows = [[cell.value for cell in row] for row in cells.iter_rows(max_row=3)]
    assert [row[4:] for row in rows] == [
        ["Zebra", "Other column 2", "Zebra"],
        ["=a", "Contract", None],
        [None, "Consent", "z"],
    ]
    assert cells["E2"].data_type == "s"
    # What was settled to be no field has not become one.
    assert set(after.activities["lawful_basis_state"]) == {"absent"}
    assert find(before) == find(after)
    notes = {str(one.sqref): one.prompt for one in cells.data_validations.dataValidation}
    assert notes["F1"] == "Heading in the original: Legal ground"


def test_several_organisations_are_refused() -> None:
    register = ropa.load(CALLS)
    twice = pd.concat([register.frames["organisation"]] * 2)
    both = ropa.Register({**register.frames, "organisation": twice}, register.inputs)
    with pytest.raises(ropa.UsageError, match="one register"):
        build_house_tables(both)


def test_an_error_value_shows_as_itself() -> None:
    assert str(ErrorValue("#REF!")) == "#REF!"


# -- frames -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["frames", "frames.parquet"])
def test_frames_come_back_and_their_bytes_repeat(name: str, tmp_path: Path) -> None:
    assert main(["convert", str(CALLS), str(tmp_path / name)]) == 0
    assert main(["convert", str(CALLS), str(tmp_path / f"again-{name}")]) == 0
    first, again = list_tree(tmp_path / name), list_tree(tmp_path / f"again-{name}")
    assert first == again
    assert set(first) == {f"{table}.parquet" for table in TABLES}
    register = ropa.load(CALLS)
    for table in TABLES:
        frame = pd.read_parquet(tmp_path / name / f"{table}.parquet")
        assert list(frame.columns) == list(register.frames[table].columns)
        assert len(frame) == len(register.frames[table])
    activities = pd.read_parquet(tmp_path / name / "activities.parquet")
    assert list(activities["purpose"]) == list(register.activities["purpose"])
    assert not [one.name for one in tmp_path.iterdir() if one.name.startswith(".")]


# -- the command --------------------------------------------------------------------------------


def test_the_command_writes_a_workbook_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "house.xlsx"
    assert main(["convert", str(CALLS), str(target)]) == 0
    assert capsys.readouterr() == (f"wrote {target}\n", "")
    first = target.read_bytes()
    assert "exists already" in stop(capsys, "convert", CALLS, target)
    assert target.read_bytes() == first
    ropa.convert(ropa.load(CALLS), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == first


def test_what_cannot_be_converted_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = write_grid(tmp_path / "other.xlsx", ("Item", "Price"), ("Tea", 2))
    (tmp_path / "there").mkdir()
    before = list_tree(tmp_path)
    for source, target, told in (
        (other, "out.xlsx", "not a register"),
        (tmp_path / "gone.xlsx", "out.xlsx", "there is no such file"),
        (CALLS, "out.csv", "end the name so"),
        (CALLS, "there", "exists already"),
        (CALLS, "no/folder/out.xlsx", "cannot be written"),
        (CALLS, "no/folder/out.parquet", "cannot be written"),
    ):
        assert told in stop(capsys, "convert", source, tmp_path / target)
    assert "required: OUT" in stop(capsys, "convert", CALLS)
    assert list_tree(tmp_path) == before
