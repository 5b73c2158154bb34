"""Addresses, marks and the forms in which workbooks come."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from workbook_parts import (
    MAIN,
    OFFICE,
    STRICT,
    STRICT_OFFICE,
    cell,
    links_part,
    members,
    pack,
    row,
    sheet_part,
    strings_part,
)

from ropa.workbook import make_sheet, read_workbook
from ropa.workbook.cells import Sheet
from ropa.workbook.preflight import preflight


def texts(sheet: Sheet) -> list[list[str | None]]:
    columns = [column.to_pylist() for column in sheet.texts.columns]
    return [list(values) for values in zip(*columns, strict=True)]


def read_one(path: Path) -> Sheet:
    (sheet,) = read_workbook(path).sheets
    return sheet


def test_addresses_are_absolute(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["C4"] = "first"
    book.worksheets[0]["AB9"] = "last"
    book.save(path := tmp_path / "far.xlsx")
    sheet = read_one(path)
    assert (sheet.rows, sheet.columns) == (9, 28)
    assert sheet.texts.schema.names[:2] == ["A", "B"]
    assert sheet.texts.schema.names[-1] == "AB"
    assert set(sheet.texts.schema.types) == {pa.string()}
    assert sheet.texts.column(2).to_pylist() == [None, None, None, "first", *[None] * 5]
    assert sheet.text(9, 28) == "last"
    assert sheet.text(10, 28) is None
    assert sheet.text(9, 29) is None


def test_a_workbook_has_its_name_hash_and_sheets_in_order(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Activities"
    book.create_sheet("Empty")
    book.create_sheet("Notes")["B2"] = "x"
    book.save(path := tmp_path / "register.xlsx")
    found = read_workbook(path, file="2026/register.xlsx")
    assert found.file == "2026/register.xlsx"
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(one.name, one.index, one.rows, one.columns) for one in found.sheets] == [
        ("Activities", 0, 0, 0),
        ("Empty", 1, 0, 0),
        ("Notes", 2, 2, 2),
    ]
    assert read_workbook(path).file == "register.xlsx"


def test_reading_twice_gives_equal_values_that_can_be_pickled(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["a", 1, None, True])
    book.save(path := tmp_path / "twice.xlsx")
    found = read_workbook(path)
    assert found == read_workbook(path)
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes


def test_macro_workbooks_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "x"
    book.save(path := tmp_path / "MACROS.XLSM")
    assert texts(read_one(path)) == [["x"]]


def test_hidden_things_are_read_and_marked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first, second = book.worksheets[0], book.create_sheet("veiled")
    third = book.create_sheet("veiled twice")
    for sheet in (first, second, third):
        sheet["B3"] = "seen"
    first.row_dimensions[3].hidden = True
    first.row_dimensions[5].hidden = False
    first.column_dimensions["B"].hidden = True
    second.sheet_state, third.sheet_state = "hidden", "veryHidden"
    book.save(path := tmp_path / "hidden.xlsx")
    sheets = read_workbook(path).sheets
    assert [one.hidden for one in sheets] == [False, True, True]
    assert [one.text(3, 2) for one in sheets] == ["seen"] * 3
    assert sheets[0].hidden_rows == {3}
    assert sheets[0].hidden_columns == {2}
    assert sheets[1].hidden_rows == sheets[1].hidden_columns == frozenset()


def test_hidden_column_ranges(tmp_path: Path) -> None:
    before = '<cols><col min="1" max="2" width="9"/><col min="4" max="6" hidden="1"/></cols>'
    path = pack(tmp_path / "cols.xlsx", members(sheet_part(row(1, cell("A1", "1")), before=before)))
    assert read_one(path).hidden_columns == {4, 5, 6}


def test_errors_blanks_and_uncalculated_formulas_are_told_apart(tmp_path: Path) -> None:
    rows = row(
        2,
        cell("B2", "#REF!", "e"),
        '<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c r="D2"><f>A1&amp;B1</f></c>',
        '<c r="E2"><f>A1</f><v></v></c>',
        '<c r="F2" t="str"><f>A1</f><v></v></c>',
        '<c r="G2" t="str"><f>A1</f><v>6 &lt; 7</v></c>',
        '<c r="H2"><f t="shared" ref="H2:H3" si="0">1+1</f><v>2</v></c>',
        '<c r="I2" s="4"/>',
        cell("J2", "#N/A", "str"),
    )
    path = pack(tmp_path / "told.xlsx", members(sheet_part(rows)))
    sheet = read_one(path)
    assert sheet.errors == {(2, 2): "#REF!", (2, 3): "#DIV/0!"}
    assert sheet.uncached == {(2, 4), (2, 5)}
    assert texts(sheet)[1] == [*[None] * 6, "6 < 7", "2", None, "#N/A"]


def test_what_lies_at_the_edge_and_has_no_text_counts_as_extent(tmp_path: Path) -> None:
    rows = row(1, cell("A1", "x", "str")) + row(4, '<c r="C4"><f>A1</f></c>')
    path = pack(tmp_path / "edge.xlsx", members(sheet_part(rows)))
    sheet = read_one(path)
    assert (sheet.rows, sheet.columns) == (4, 3)
    assert sheet.texts.num_rows == 4
    assert sheet.texts.num_columns == 3


def test_styled_and_empty_cells_are_no_extent(tmp_path: Path) -> None:
    rows = row(1, cell("A1", "x", "str"), '<c r="B1" t="inlineStr"><is><t></t></is></c>')
    rows += row(1_048_576, '<c r="XFC1048576" s="1"></c>', '<c r="XFD1048576" s="1"/>')
    before = '<dimension ref="A1:XFD1048576"/>'
    path = pack(tmp_path / "styled.xlsx", members(sheet_part(rows, before=before)))
    sheet = read_one(path)
    assert (sheet.rows, sheet.columns) == (1, 1)
    assert preflight(path.read_bytes()).sheets[0].reader_index == 0


def test_in_a_merged_range_only_the_first_cell_has_a_text(tmp_path: Path) -> None:
    rows = row(1, *(cell(f"{letter}1", letter, "str") for letter in "ABCD"))
    rows += row(2, cell("A2", "#REF!", "e"), cell("B2", "under", "str"), cell("D2", "free", "str"))
    after = (
        '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C1"/>'
        '<mergeCell ref="C5:XFD1048576"/></mergeCells>'
    )
    path = pack(tmp_path / "merged.xlsx", members(sheet_part(rows, after=after)))
    sheet = read_one(path)
    assert sheet.merged == ((1, 1, 2, 2), (1, 3, 1, 3), (5, 3, 1_048_576, 16_384))
    assert texts(sheet) == [["A", None, "C", "D"], [None, None, None, "free"]]
    assert sheet.errors == {}


@pytest.mark.parametrize("office", [OFFICE, STRICT_OFFICE])
def test_strict_workbooks(tmp_path: Path, office: str) -> None:
    part = sheet_part(row(2, cell("B2", "0", "s"), cell("C2", "7")), namespace=STRICT)
    strings = strings_part("<t>text</t>").replace(MAIN.encode(), STRICT.encode())
    path = pack(
        tmp_path / "strict.xlsx", members(part, strings=strings, namespace=STRICT, office=office)
    )
    assert texts(read_one(path)) == [[None] * 3, [None, "text", "7"]]


PLAIN = sheet_part(
    row(2, cell("B2", "0", "s"), cell("C2", "43000", style=1), attributes=' hidden="1"')
    + row(3, '<c r="A3" t="inlineStr"><is><t>é</t></is></c>', cell("B3", "#N/A", "e")),
    after='<mergeCells><mergeCell ref="A5:B6"/></mergeCells>',
)


def prefixed(part: bytes) -> bytes:
    text = part.decode().replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    return text.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:").encode()


FORMS = {
    "prefixed": prefixed(PLAIN),
    "utf-16": f'<?xml version="1.0" encoding="UTF-16"?>{PLAIN.decode()}'.encode("utf-16"),
    "latin-1": b'<?xml version="1.0" encoding="ISO-8859-1"?>' + PLAIN.decode().encode("iso-8859-1"),
    "indented": PLAIN.replace(b"><", b">\n  <"),
    "commented": PLAIN.replace(b"<c r", b"<!-- <sheetData> --><c r"),
    "attributes in another order": PLAIN.replace(b'r="B2" t="s"', b't="s" r="B2"'),
    "single quotes": PLAIN.replace(b'"', b"'"),
    "no references": PLAIN.replace(b' r="B2"', b"")
    .replace(b' r="C2"', b"")
    .replace(b'<row r="2" hidden="1">', b'<row r="2" hidden="1"><c/>'),
    "canonical": PLAIN.replace(b'<row r="3">', b'<row ht="30" r="3">').replace(
        b"</row></sheetData>", b'<c r="C3" s="4"></c></row></sheetData>'
    ),
    "rows numbered from 0": PLAIN.replace(b'<row r="3">', b'<row r="0">'),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN,
    "declared": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + PLAIN,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_sheet_reads_the_same(tmp_path: Path, form: str) -> None:
    strings = strings_part("<t>one</t>")
    plain = pack(tmp_path / "form.xlsx", members(PLAIN, strings=strings))
    expected = read_one(plain)
    assert texts(expected)[1] == [None, "one", "2017-09-22 00:00:00"]
    path = pack(plain, members(FORMS[form], strings=strings))
    assert read_one(path) == expected
    usual = form in ("canonical", "byte order mark", "declared")
    assert preflight(path.read_bytes()).sheets[0].reader_index == (0 if usual else None)


def test_rows_without_numbers_follow_one_another(tmp_path: Path) -> None:
    rows = '<row><c><v>1</v></c></row><row r="5"><c r="B5"><v>2</v></c><c><v>3</v></c></row>'
    rows += "<row><c/><c><v>4</v></c></row>"
    path = pack(tmp_path / "counted.xlsx", members(sheet_part(rows)))
    assert texts(read_one(path)) == [
        ["1", None, None],
        *[[None] * 3] * 3,
        [None, "2", "3"],
        [None, "4", None],
    ]


def test_a_prefixed_string_table(tmp_path: Path) -> None:
    part = sheet_part(row(1, cell("A1", "1", "s"), cell("B1", "0", "s")))
    strings = prefixed(strings_part("<t>zero</t>", "<t>_x000D_</t>"))
    path = pack(tmp_path / "prefixed.xlsx", members(part, strings=strings))
    assert texts(read_one(path)) == [["_x000D_", "zero"]]


def test_workbook_parts_may_lie_elsewhere(tmp_path: Path) -> None:
    parts = members(PLAIN, strings=strings_part("<t>one</t>"))
    moved = {name.replace("xl/", "Book/"): part for name, part in parts.items()}
    moved["_rels/.rels"] = links_part(("officeDocument", "w", "/book/Workbook.xml"))
    links = moved["Book/_rels/workbook.xml.rels"]
    moved["Book/_rels/workbook.xml.rels"] = links.replace(b'"worksheets/', b'"/BOOK/worksheets/')
    expected = read_one(pack(tmp_path / "usual.xlsx", parts))
    assert read_one(pack(tmp_path / "moved.xlsx", moved)) == expected


def test_other_tabs_are_left_out_and_places_counted_among_worksheets(tmp_path: Path) -> None:
    parts = members(PLAIN, sheet_part(row(1, cell("A1", "1"))), strings=strings_part("<t>one</t>"))
    links = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = links.replace(
        b'worksheet" Target', b'chartsheet" Target', 1
    )
    (sheet,) = read_workbook(pack(tmp_path / "chart.xlsx", parts)).sheets
    assert (sheet.name, sheet.index) == ("S2", 0)


def test_a_million_styled_empty_rows(tmp_path: Path) -> None:
    rows = row(1, cell("A1", "top", "str"))
    rows += "".join(f'<row r="{n}"><c r="A{n}" s="4"/></row>' for n in range(2, 1_000_001))
    path = pack(tmp_path / "long.xlsx", members(sheet_part(rows)))
    sheet = read_one(path)
    assert (sheet.rows, sheet.columns) == (1, 1)


def test_a_value_in_the_last_row(tmp_path: Path) -> None:
    path = pack(tmp_path / "last.xlsx", members(sheet_part(row(1_048_576, cell("A1048576", "1")))))
    sheet = read_one(path)
    assert (sheet.rows, sheet.columns) == (1_048_576, 1)
    assert sheet.text(1_048_576, 1) == "1"


def test_a_large_sparse_box_is_read_cell_by_cell(tmp_path: Path) -> None:
    rows = row(1, cell("A1", "1")) + row(900_000, cell("Z900000", "2"))
    path = pack(tmp_path / "sparse.xlsx", members(sheet_part(rows)))
    assert preflight(path.read_bytes()).sheets[0].reader_index is None
    sheet = read_one(path)
    assert (sheet.text(1, 1), sheet.text(900_000, 26)) == ("1", "2")
    assert sum(len(column) - column.null_count for column in sheet.texts.columns) == 2


def test_more_rows_and_columns_than_the_pass_began_with(tmp_path: Path) -> None:
    """The usual pass starts from the last cell; larger numbers before it must not stop it."""
    places = {"A1": 1, "AZ3": 3, "ZZ12345": 12_345, "ABC20": 20, "C40": 40, "AA7": 7, "B2": 2}
    rows = "".join(row(number, cell(place, "0", "s")) for place, number in places.items())
    path = pack(tmp_path / "wide.xlsx", members(sheet_part(rows), strings=strings_part("<t>s</t>")))
    sheet = read_one(path)
    assert (sheet.rows, sheet.columns) == (12_345, 731)
    cells = [sheet.text(1, 1), sheet.text(12_345, 702), sheet.text(3, 52), sheet.text(20, 731)]
    assert cells == ["s"] * 4
    assert sum(len(column) - column.null_count for column in sheet.texts.columns) == 7


def test_sheets_from_plain_rows() -> None:
    sheet = make_sheet("S", [["a", ""], [], ["b", None, "c"], [""]], hidden_rows={3})
    assert texts(sheet) == [["a", None, None], [None] * 3, ["b", None, "c"]]
    assert (sheet.rows, sheet.columns, sheet.index, sheet.hidden) == (3, 3, 0, False)
    assert sheet.hidden_rows == {3}
    assert sheet.texts.schema.types == [pa.string()] * 3


def test_a_plain_sheet_reaches_as_far_as_its_marks() -> None:
    sheet = make_sheet("S", [["a"]], index=2, errors={(2, 3): "#REF!"}, uncached={(4, 1)})
    assert (sheet.rows, sheet.columns) == (4, 3)
    assert sheet.text(2, 3) is None
    assert sheet.index == 2
    assert sheet.errors == {(2, 3): "#REF!"}
    assert sheet.uncached == {(4, 1)}


def test_a_plain_sheet_without_cells() -> None:
    sheet = make_sheet("S", [])
    assert (sheet.rows, sheet.columns, sheet.text(1, 1)) == (0, 0, None)


def test_a_plain_sheet_equals_the_one_that_is_read(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [
        ["Title"],
        [None, "Activity", "Purpose"],
        [None, "Payroll", "Paying\nstaff"],
    ]
    book = openpyxl.Workbook()
    for values in rows:
        book.worksheets[0].append(values)
    book.save(path := tmp_path / "plain.xlsx")
    assert read_one(path) == make_sheet("Sheet", rows)
