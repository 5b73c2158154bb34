"""Tables written straight into the archive: any program reads them as if openpyxl had."""

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import cast
from zipfile import ZipFile

import openpyxl
import pytest
from office import convert, needs_office
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from ropa.errors import OutputError
from ropa.report.sheet_bodies import dump_tables
from ropa.report.sheet_looks import OPEN, Look
from ropa.report.sheet_styles import CELL_LENGTH
from ropa.report.sheet_tables import Column, Link, write_table
from ropa.workbook import read_workbook

TEXTS = [
    "plain",
    "",
    "=1+1",
    "  <b> & \"two\"\nlines\tand 'more' ",
    "a\x00b\x1bc\ufffe",
    "007",
    "carriage\rreturn",
    "]]>",
    "\u00e9\U0001f600",
]


def make(columns: list[Column], note: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    book.create_sheet("Before")["A1"] = "untouched"
    body = write_table(book, "Table", columns, held=1, note=note)
    return dump_tables(book, [body])


def open_table(data: bytes) -> Worksheet:
    return cast("Worksheet", openpyxl.load_workbook(BytesIO(data))["Table"])


def test_texts_come_back_as_they_were_and_never_as_formulas() -> None:
    sheet = open_table(make([Column("Text", 20, TEXTS)]))
    cells = [cast("Cell", sheet.cell(row, 1)) for row in range(2, len(TEXTS) + 2)]
    kept = ["abc" if "\x00" in one else one for one in TEXTS]
    assert [cell.value or "" for cell in cells] == kept
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert [bool(cell.quotePrefix) for cell in cells] == [one.startswith("=") for one in TEXTS]


def test_numbers_days_and_blanks_keep_their_kind() -> None:
    days = [date(2026, 12, 31), "", "next spring"]
    columns = [Column("Count", 8, [3, None, 0]), Column("Day", 12, days, OPEN, day=True)]
    sheet = open_table(make(columns))
    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == [3, None, 0]
    assert [sheet.cell(row, 2).value for row in (2, 3, 4)] == [
        *(datetime(2026, 12, 31), None),  # noqa: DTZ001 - workbooks know no zone
        "next spring",
    ]
    assert sheet["B2"].number_format == "yyyy-mm-dd"
    assert sheet["B3"].number_format == "General"


def test_looks_follow_the_text_and_links_their_row() -> None:
    red = Look(fill="B83A0B", ink="FFFFFF", bold=True)
    links = [None, Link("inputs/a%20b.xlsx", "'Bob''s \"x\" & y'!A1")]
    columns = [Column("State", 9, ["stated", "gap"], looks={"gap": red}, links=links)]
    sheet = open_table(make(columns))
    assert sheet["A2"].fill.fill_type is None
    assert sheet["A3"].fill.start_color.rgb == "00B83A0B"
    assert sheet["A3"].font.bold
    assert sheet["A2"].hyperlink is None
    link = sheet["A3"].hyperlink
    assert link is not None
    assert (link.target, link.location) == ("inputs/a%20b.xlsx", "'Bob''s \"x\" & y'!A1")


def test_a_table_can_be_filtered_printed_and_noted() -> None:
    sheet = open_table(make([Column("One", 9, ["a", "b"]), Column("Two", 9, [1, 2])], "A note."))
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.freeze_panes == "B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area == "'Table'!$A$1:$B$5"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToWidth == 1
    assert sheet["A5"].value == "A note."
    assert sheet.max_row == 5


def test_a_text_too_long_for_a_cell_is_refused_with_its_place() -> None:
    with pytest.raises(OutputError) as caught:
        make([Column("Text", 9, ["short", "x" * (CELL_LENGTH + 1)])])
    assert str(caught.value).startswith("sheet Table, cell A3: a text of 32768 characters")
    assert open_table(make([Column("Text", 9, ["x" * CELL_LENGTH])]))["A2"].value == "x" * 32767


def test_other_sheets_stay_as_they_were() -> None:
    book = openpyxl.load_workbook(BytesIO(make([Column("Text", 9, ["a"])])))
    assert book["Before"]["A1"].value == "untouched"
    assert book.sheetnames == ["Before", "Table"]


def test_the_same_table_gives_the_same_bytes() -> None:
    columns = [Column("Text", 20, TEXTS), Column("Count", 9, list(range(len(TEXTS))))]
    data = make(columns)
    assert make(columns) == data
    with ZipFile(BytesIO(data)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_the_readers_of_this_package_read_it(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(make([Column("Text", 9, ["one", "=two"]), Column("Count", 9, [1, 2])]))
    sheet = next(
        one for one in read_workbook(path, file="table.xlsx").sheets if one.name == "Table"
    )
    assert sheet.texts.column(0).to_pylist() == ["Text", "one", "=two"]
    assert sheet.texts.column(1).to_pylist() == ["Count", "1", "2"]


def test_many_rows_take_no_longer_than_their_texts_need() -> None:
    """A tenfold table must not take much more than tenfold the time: nothing is quadratic."""
    taken = []
    for count in (1_000, 10_000):
        columns = [
            Column(f"C{at}", 20, [f"text {at} {one}" for one in range(count)]) for at in "ab"
        ]
        start = perf_counter()
        make(columns)
        taken.append(perf_counter() - start)
    assert taken[1] < 60 * taken[0]


@needs_office
def test_another_program_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    links = [Link("inputs/a.xlsx", "'Sheet'!A1"), None]
    path.write_bytes(make([Column("Text", 9, ["one", "=1+1"], links=links)], "A note."))
    made = convert([path], "ods", tmp_path) / "table.ods"
    sheet = read_workbook(made, file="table.ods").sheets[1]
    assert [one for one in sheet.texts.column(0).to_pylist() if one] == [
        *("Text", "one", "=1+1"),
        "A note.",
    ]
