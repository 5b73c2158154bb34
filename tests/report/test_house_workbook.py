"""The house workbook: what is in it, that it suggests and never blocks, that bytes repeat."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ropa.errors import OutputError, UsageError
from ropa.report.archive import freeze_archive
from ropa.report.house_layout import (
    BANDS,
    SHEETS,
    VOCABULARY_SHEET,
    classify_field,
    describe_field,
    describe_provision,
    list_choices,
)
from ropa.report.house_workbook import PREPARED_ROWS, write_house_workbook
from ropa.report.sheet_styles import CELL_LENGTH
from ropa.report.template import write_template
from ropa.schema import DATA_TABLES, Field, read_fields
from ropa.vocabulary import read_vocabulary

Tables = Mapping[str, Sequence[Mapping[str, object]]]

SAMPLE: Tables = {
    "organisation": [{"name": "Made-up company", "register_date": date(2026, 9, 15)}],
    "activities": [
        {"activity_id": "X1", "purpose": "Answer calls", "last_reviewed": date(2026, 6, 15)},
        {"activity_id": "007", "scale": 42, "notes": None, "owner": ""},
    ],
    "recipients": [{"activity_id": "X1", "recipient": "Some Ltd", "country": "Namibia"}],
}
GRIDS = [table for table in DATA_TABLES if table != "organisation"]
PROMPT_LENGTH, TITLE_LENGTH = 255, 32  # what a spreadsheet program shows of an input message


def dump(tables: Tables) -> bytes:
    target = BytesIO()
    write_house_workbook(target, tables)
    return target.getvalue()


def read(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


@pytest.fixture(scope="module")
def blank() -> openpyxl.Workbook:
    return read(dump({}))


@pytest.fixture(scope="module")
def filled() -> openpyxl.Workbook:
    return read(dump(SAMPLE))


def list_validations(sheet: Worksheet) -> list[DataValidation]:
    return list(sheet.data_validations.dataValidation)


def find_place(field: Field) -> tuple[str, str]:
    """Return the heading cell of a field and the first cell for its values."""
    number = read_fields(field.table).index(field) + 1
    if field.table == "organisation":
        return f"A{number}", f"B{number}"
    letter = openpyxl.utils.get_column_letter(number)
    return f"{letter}1", f"{letter}2"


def find_validation(workbook: openpyxl.Workbook, field: Field, cell: str) -> DataValidation | None:
    for validation in list_validations(workbook[SHEETS[field.table]]):
        if cell in validation.sqref:
            return validation
    return None


def test_sheets_stand_in_order(blank: openpyxl.Workbook) -> None:
    assert blank.sheetnames == [
        "Organisation",
        "Activities",
        "Data items",
        "Recipients",
        "Controllers",
        "Vocabulary",
    ]


@pytest.mark.parametrize("table", GRIDS)
def test_headings_are_those_of_the_dictionary(blank: openpyxl.Workbook, table: str) -> None:
    rows = list(blank[SHEETS[table]].iter_rows(values_only=True))
    assert rows == [tuple(field.heading for field in read_fields(table))]


def test_organisation_has_labels_beside_values(filled: openpyxl.Workbook) -> None:
    rows = list(filled["Organisation"].iter_rows(values_only=True))
    assert [row[0] for row in rows] == [field.heading for field in read_fields("organisation")]
    stated = {row[0]: row[1] for row in rows if row[1] is not None}
    assert stated == {
        "Name": "Made-up company",
        "Register date": datetime(2026, 9, 15),  # noqa: DTZ001 - cells have no zone
    }


@pytest.mark.parametrize("field", read_fields(), ids=lambda field: f"{field.table}.{field.name}")
def test_each_heading_has_a_note_that_fits(blank: openpyxl.Workbook, field: Field) -> None:
    note = find_validation(blank, field, find_place(field)[0])
    assert note is not None
    assert note.showInputMessage
    assert note.promptTitle == field.heading
    assert note.prompt == describe_field(field)
    assert len(note.prompt) <= PROMPT_LENGTH
    assert len(note.promptTitle) <= TITLE_LENGTH
    assert field.meaning in note.prompt
    assert all(part in note.prompt for part in re.findall(r"\d+\(\d\)", field.provision))


@pytest.mark.parametrize("field", read_fields(), ids=lambda field: f"{field.table}.{field.name}")
def test_nothing_blocks_what_is_typed(blank: openpyxl.Workbook, field: Field) -> None:
    found = find_validation(blank, field, find_place(field)[1])
    if found is None:
        assert field.kind != "date"
        return
    assert found.allowBlank
    assert found.errorStyle == "warning"
    assert found.error
    assert field.kind != "date" or found.type == "custom"


def test_drop_downs_refer_to_ranges_that_hold_their_choices(blank: openpyxl.Workbook) -> None:
    vocabulary = blank[VOCABULARY_SHEET]
    used = set()
    for field in read_fields():
        found = find_validation(blank, field, find_place(field)[1])
        if found is None or found.type != "list":
            continue
        name = str(found.formula1)
        used.add(name)
        sheet, cells = next(iter(blank.defined_names[name].destinations))
        assert sheet == VOCABULARY_SHEET
        offered = [row[0].value for row in vocabulary[cells]]
        assert offered == [
            row["value"] for row in read_vocabulary("choices") if row["list"] == field.values
        ]
    assert used == set(blank.defined_names)


def test_every_list_of_choices_is_offered_somewhere() -> None:
    lists = {row["list"] for row in read_vocabulary("choices")}
    assert {choice.name for choice in list_choices()} == lists
    assert lists <= {field.values for field in read_fields()}


def test_vocabulary_explains_every_colour(blank: openpyxl.Workbook) -> None:
    legend = {
        cell.value: cell.fill.start_color.rgb
        for row in blank[VOCABULARY_SHEET].iter_rows(min_col=4, max_col=4)
        for cell in row
        if cell.value in BANDS.values()
    }
    assert set(legend) == set(BANDS.values())
    for field in read_fields():
        heading = blank[SHEETS[field.table]][find_place(field)[0]]
        assert heading.fill.start_color.rgb == legend[BANDS[classify_field(field)]]


@pytest.mark.parametrize("table", GRIDS)
def test_grid_keeps_its_headings_in_sight_and_on_paper(
    filled: openpyxl.Workbook, table: str
) -> None:
    sheet = filled[SHEETS[table]]
    assert str(sheet.freeze_panes).endswith("2")
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0
    last = openpyxl.utils.get_column_letter(len(read_fields(table)))
    assert re.fullmatch(rf"A1:{last}\d+", str(sheet.auto_filter.ref))


def test_dates_are_dates_and_numbers_numbers(filled: openpyxl.Workbook) -> None:
    headings = [field.heading for field in read_fields("activities")]
    sheet = filled["Activities"]
    reviewed = sheet.cell(2, headings.index("Last reviewed") + 1)
    assert reviewed.data_type == "d"
    assert reviewed.number_format == "yyyy-mm-dd"
    assert sheet.cell(3, headings.index("Scale") + 1).value == 42
    assert sheet.cell(3, 1).value == "007"
    assert sheet.cell(3, 1).data_type == "s"


@pytest.mark.parametrize("table", DATA_TABLES)
def test_cells_to_fill_in_keep_what_is_typed(blank: openpyxl.Workbook, table: str) -> None:
    sheet = blank[SHEETS[table]]
    for field in read_fields(table):
        cell = find_place(field)[1]
        letter = cell.rstrip("0123456789")
        holder = sheet[cell] if table == "organisation" else sheet.column_dimensions[letter]
        assert holder.number_format == ("yyyy-mm-dd" if field.kind == "date" else "@")
        assert holder.alignment.wrap_text


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=HYPERLINK(0)",
        "+44 1632 960100",
        "-none-",
        "@SUM(A1)",
        "#REF!",
        "#N/A",
        "=",
        "2026-06-15",
        "007",
        "True",
        " spaces ",
        "two\nlines",
    ],
)
def test_text_stays_text(text: str) -> None:
    data = dump({"activities": [{"activity_id": "X1", "purpose": text}]})
    column = [field.name for field in read_fields("activities")].index("purpose") + 1
    cell = read(data)["Activities"].cell(2, column)
    assert cell.value == text
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml")
    assert b"<f>" not in sheet
    assert b't="e"' not in sheet
    assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@"))


def test_characters_that_xml_cannot_hold_are_left_out() -> None:
    sheet = read(dump({"activities": [{"activity_id": "X\x001\x0b"}]}))["Activities"]
    assert sheet["A2"].value == "X1"


def test_text_too_long_for_a_cell_is_refused_not_cut() -> None:
    dump({"activities": [{"activity_id": "x" * CELL_LENGTH}]})
    with pytest.raises(OutputError, match="sheet Activities, cell A2"):
        dump({"activities": [{"activity_id": "x" * (CELL_LENGTH + 1)}]})


@pytest.mark.parametrize(
    "tables",
    [
        {"activity": []},
        {"activities": [{"Purpose": "a heading is no field"}]},
        {"organisation": [{"name": "one"}, {"name": "two"}]},
    ],
)
def test_tables_that_are_none_of_the_house_are_refused(tables: Tables) -> None:
    with pytest.raises(ValueError, match=r"house workbook|no field"):
        dump(tables)


def test_rows_are_as_high_as_their_texts_and_may_grow() -> None:
    short, long = "Answer calls", "Answer calls and pass the message on. " * 9
    rows = [{"activity_id": "X1", "purpose": short}, {"activity_id": "X2", "purpose": long}]
    with zipfile.ZipFile(BytesIO(dump({"activities": rows}))) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    one, other = (re.findall(rf'<row ([^>]*r="{row}"[^>]*)>', sheet)[0] for row in (2, 3))
    heights = [float(re.findall(r'ht="([\d.]+)"', text)[0]) for text in (one, other)]
    assert heights[0] == 15
    assert heights[1] >= 15 * len(long) / 36
    assert "customHeight" not in one + other  # else a spreadsheet program never fits them again


def test_drop_downs_reach_below_a_long_register() -> None:
    rows = [{"activity_id": f"X{number}"} for number in range(PREPARED_ROWS + 5)]
    sheet = read(dump({"controllers": [], "data_items": rows}))["Data items"]
    lists = [one for one in list_validations(sheet) if one.type == "list"]
    assert lists
    assert all(f"C{PREPARED_ROWS + 6}" in one.sqref for one in lists)


def test_same_tables_give_the_same_bytes() -> None:
    assert dump(SAMPLE) == dump(SAMPLE)
    other = {**SAMPLE, "controllers": [{"name": "Client plc"}]}
    assert dump(SAMPLE) != dump(other)


def test_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from ropa.report.template import write_template; "
        "write_template(pathlib.Path(sys.argv[1]))"
    )
    written = []
    for seed, zone in (("1", "UTC0"), ("2", "XYZ-9")):
        target = tmp_path / f"{seed}.xlsx"
        environment = {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": ":".join(sys.path)}
        subprocess.run([sys.executable, "-c", program, str(target)], check=True, env=environment)
        written.append(target.read_bytes())
    assert written[0] == written[1]


def test_archive_tells_no_time_and_no_library() -> None:
    with zipfile.ZipFile(BytesIO(dump(SAMPLE))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert b"openpyxl" not in b"".join(parts.values()).lower()
    times = re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", parts["docProps/core.xml"])
    assert times == [b"2018-05-25T00:00:00Z"] * 2
    for name, part in parts.items():
        body = part.decode().partition("?>\n")[2]
        assert ET.canonicalize(body) == body, name


def test_frozen_archive_holds_the_same_parts() -> None:
    data = dump(SAMPLE)
    stored = freeze_archive(data, compress=False)
    assert len(stored) > len(data)
    with zipfile.ZipFile(BytesIO(data)) as one, zipfile.ZipFile(BytesIO(stored)) as two:
        assert one.namelist() == two.namelist()
        assert all(one.read(name) == two.read(name) for name in one.namelist())
    assert freeze_archive(stored) == data


def test_template_can_be_read_and_holds_no_record(tmp_path: Path) -> None:
    target = tmp_path / "blank.xlsx"
    write_template(target)
    workbook = openpyxl.load_workbook(target)
    assert [workbook[SHEETS[table]].max_row for table in GRIDS] == [1] * len(GRIDS)
    assert all(row[1] is None for row in workbook["Organisation"].iter_rows(values_only=True))


def test_template_never_overwrites(tmp_path: Path) -> None:
    target = tmp_path / "mine.xlsx"
    target.write_bytes(b"a year of work")
    with pytest.raises(OutputError, match="exists already") as caught:
        write_template(target)
    assert "\n" not in str(caught.value)
    assert target.read_bytes() == b"a year of work"


def test_template_needs_its_folder(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_template(tmp_path / "no folder" / "blank.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "layout"),
    [("blank.xlsx", "cnil"), ("blank.xlsx", "House"), ("blank.xls", "house")],
)
def test_template_says_what_it_cannot_write(tmp_path: Path, name: str, layout: str) -> None:
    with pytest.raises(UsageError) as caught:
        write_template(tmp_path / name, layout)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("provision", "words"),
    [
        ("", ""),
        ("30(1)(b)", "Article 30 content: 30(1)(b) for controllers."),
        (
            "30(1)(g); 30(2)(d)",
            "Article 30 content: 30(1)(g) for controllers; 30(2)(d) for processors.",
        ),
        ("30(5)", "Serves Article 30(5)."),
        ("45; 46; 49", "Serves Articles 45, 46, 49."),
        ("DPA Sch 1", "Serves Schedule 1 to the Data Protection Act 2018."),
        (
            "DPA Sch 1 para 41(c)",
            "Serves paragraph 41(c) of Schedule 1 to the Data Protection Act 2018.",
        ),
    ],
)
def test_provision_is_said_in_words(provision: str, words: str) -> None:
    assert describe_provision(provision) == words
