"""Where the cells of an OpenDocument sheet stand, what repeats, is hidden or merged."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from open_document_parts import (
    blank,
    content,
    covered,
    pack_document,
    raw,
    read_rows,
    row,
    string,
    table,
    texts,
)

from ropa.workbook import make_sheet, read_workbook

BLANK_TAIL = row(blank(16_384), repeat=1_048_560) + row(
    raw(attributes=' table:style-name="bold"', repeat=16_384)
)


def spanned(text: str, columns: int, rows: int, repeat: int = 1) -> str:
    spans = f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'
    return raw(f"<text:p>{text}</text:p>" if text else "", spans, repeat)


def test_addresses_are_absolute(tmp_path: Path) -> None:
    sheet = read_rows(
        tmp_path,
        row(blank(16_384), repeat=3),
        row(blank(2), string("first"), blank(16_381)),
        row(blank(16_384), repeat=4),
        row(blank(27), string("last"), blank(16_356)),
        BLANK_TAIL,
    )
    assert (sheet.rows, sheet.columns) == (9, 28)
    assert sheet.texts.schema.names[-1] == "AB"
    assert sheet.text(4, 3) == "first"
    assert sheet.text(9, 28) == "last"
    assert sum(len(column) - column.null_count for column in sheet.texts.columns) == 2


def test_a_document_has_its_name_hash_and_sheets_in_order(tmp_path: Path) -> None:
    tables = table(row(string("x")), name="Activities") + table("", name="Empty")
    tables += table(row(string("y")), name="Notes & more")
    path = pack_document(tmp_path / "REGISTER.ODS", content(tables))
    found = read_workbook(path, file="2026/register.ods")
    assert found.file == "2026/register.ods"
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(one.name, one.index, one.rows) for one in found.sheets] == [
        ("Activities", 0, 1),
        ("Empty", 1, 0),
        ("Notes & more", 2, 1),
    ]
    assert found == read_workbook(path, file="2026/register.ods")


def test_an_open_document_sheet_equals_the_one_made_from_plain_rows(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [["Title"], [None, "Activity"], [], [None, "Pay", "é"]]
    made = [row(*(string(text) if text else blank() for text in cells)) for cells in rows]
    assert read_rows(tmp_path, *made) == make_sheet("S1", rows)


def test_what_repeats_stands_in_each_of_its_places(tmp_path: Path) -> None:
    sheet = read_rows(
        tmp_path,
        row(raw("<text:p>a</text:p>", repeat=2), blank(), string("b")),
        row(blank(), raw("<text:p>c</text:p>", repeat=2), repeat=3),
        row(string("d")),
    )
    assert texts(sheet) == [
        ["a", "a", None, "b"],
        *[[None, "c", "c", None]] * 3,
        ["d", None, None, None],
    ]


def test_errors_and_formulas_repeat_too(tmp_path: Path) -> None:
    error = ' table:formula="of:=1" office:value-type="string" calcext:value-type="error"'
    cells = raw("<text:p>#REF!</text:p>", error, 2), raw("", ' table:formula="of:=1"', 2)
    sheet = read_rows(tmp_path, row(*cells, repeat=2))
    assert set(sheet.errors) == {(1, 1), (1, 2), (2, 1), (2, 2)}
    assert sheet.uncached == {(1, 3), (1, 4), (2, 3), (2, 4)}


def test_a_sheet_that_is_styled_to_its_end_costs_nothing(tmp_path: Path) -> None:
    """Laid out, these rows would be 50 thousand million cells: the test would not end."""
    sheet = read_rows(tmp_path, row(string("x")), *[BLANK_TAIL] * 3)
    assert (sheet.rows, sheet.columns) == (1, 1)


def test_hidden_things_are_read_and_marked(tmp_path: Path) -> None:
    styles = (
        '<style:style style:name="off" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
        '<style:style style:name="on" style:family="table">'
        '<style:table-properties table:display="true"/></style:style>'
    )
    hidden = ' table:visibility="collapse"'
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        f"<table:table-column{hidden}/>"
        '<table:table-column-group table:display="false"><table:table-column '
        'table:number-columns-repeated="2"/></table:table-column-group>'
        f'<table:table-column{hidden} table:number-columns-repeated="99999"/>'
    )
    rows = row(string("a"), attributes=hidden) + row(string("b"), repeat=2)
    rows += row(string("c"), attributes=' table:visibility="filter"', repeat=2)
    rows += '<table:table-row-group table:display="false">' + row(string("d"))
    rows += "<table:table-row-group>" + row(string("e")) + "</table:table-row-group>"
    rows += "</table:table-row-group>" + row(string("f"))
    rows += row(blank(), repeat=1_000_000, attributes=hidden)
    tables = table(columns + rows, attributes=' table:style-name="on"')
    tables += table(row(string("seen")), name="veiled", attributes=' table:style-name="off"')
    path = pack_document(tmp_path / "hidden.ods", content(tables, styles=styles))
    first, second = read_workbook(path).sheets
    assert (first.hidden, second.hidden) == (False, True)
    assert second.text(1, 1) == "seen"
    assert first.texts.column(0).to_pylist() == ["a", "b", "b", "c", "c", "d", "e", "f"]
    assert first.hidden_rows == {1, 4, 5, 6, 7}
    assert first.hidden_columns == set(range(3, 16_385))


def test_rows_and_columns_in_headers_and_groups_count(tmp_path: Path) -> None:
    sheet = read_rows(
        tmp_path,
        '<table:table-header-columns><table:table-column table:visibility="collapse"/>',
        "</table:table-header-columns><table:table-columns><table:table-column/>",
        "</table:table-columns><table:table-header-rows>",
        row(string("head")),
        "</table:table-header-rows><text:soft-page-break/><table:table-rows>",
        row(string("one")),
        "</table:table-rows><table:table-row-group><table:table-row-group>",
        row(string("two")),
        "</table:table-row-group></table:table-row-group>",
        row(string("three")),
    )
    assert sheet.texts.column(0).to_pylist() == ["head", "one", "two", "three"]
    assert sheet.hidden_columns == {1}


def test_in_a_merged_range_only_the_first_cell_has_a_text(tmp_path: Path) -> None:
    under = "<text:p>under</text:p>"
    sheet = read_rows(
        tmp_path,
        row(spanned("A", 2, 2), covered(under), string("C"), spanned("D", 1, 1)),
        row(covered(under, 2), string("free"), blank()),
        row(spanned("E", 2, 1), covered(), string("F"), repeat=2),
        row(spanned("", 1, 2, repeat=2)),
    )
    assert texts(sheet) == [
        ["A", None, "C", "D"],
        [None, None, "free", None],
        *[["E", None, "F", None]] * 2,
    ]
    assert sheet.merged == ((1, 1, 2, 2), (3, 1, 3, 2), (4, 1, 4, 2), (5, 1, 6, 1), (5, 2, 6, 2))


def test_an_error_under_a_merged_range_is_none(tmp_path: Path) -> None:
    error = raw("<text:p>#REF!</text:p>", ' calcext:value-type="error" table:formula="of:=1"')
    sheet = read_rows(tmp_path, row(spanned("A", 2, 1), error, string("x")))
    assert sheet.errors == {}
    assert texts(sheet) == [["A", None, "x"]]


def test_merged_blank_rows_to_the_end_are_one_range(tmp_path: Path) -> None:
    rows = row(spanned("", 3, 1), covered(repeat=2), repeat=1_048_575)
    sheet = read_rows(tmp_path, row(string("x")), rows)
    assert sheet.merged == ((2, 1, 2, 3),)


def test_a_range_that_reaches_past_the_sheet_ends_with_it(tmp_path: Path) -> None:
    sheet = read_rows(tmp_path, row(spanned("x", 99_999, 9_999_999)))
    assert sheet.merged == ((1, 1, 1_048_576, 16_384),)


ASIDES = {
    "recorded changes": "<table:tracked-changes><table:cell-content-change><table:previous>"
    "<table:change-track-table-cell><text:p>old</text:p></table:change-track-table-cell>"
    f"</table:previous></table:cell-content-change>{table(row(string('old')))}"
    "</table:tracked-changes>",
    "linked data": "<table:dde-links><table:dde-link>"
    f"{table(row(string('old')), name='linked')}</table:dde-link></table:dde-links>",
    "a kept copy": table(row(string("old")), name="'file:///tmp/other.ods'#$Sheet1"),
    "settings": "<table:calculation-settings><table:null-date/></table:calculation-settings>",
}


@pytest.mark.parametrize("case", ASIDES)
def test_tables_that_are_no_sheets(tmp_path: Path, case: str) -> None:
    path = pack_document(tmp_path / "aside.ods", content(ASIDES[case] + table(row(string("x")))))
    assert [(one.name, texts(one)) for one in read_workbook(path).sheets] == [("S1", [["x"]])]


def test_a_sheet_may_be_called_like_a_file(tmp_path: Path) -> None:
    path = pack_document(tmp_path / "n.ods", content(table(row(string("x")), name="'file' #$1")))
    assert read_workbook(path).sheets[0].name == "'file' #$1"


def test_what_floats_over_the_cells_is_no_cell(tmp_path: Path) -> None:
    inner = table(row(string("inner")), name="inner")
    shapes = (
        f"<table:shapes><draw:frame><draw:text-box>{inner}<text:p>box</text:p></draw:text-box>"
        "</draw:frame></table:shapes>"
    )
    sheet = read_rows(
        tmp_path,
        f"<office:forms><form:form/></office:forms>{shapes}{inner}",
        row(f"<draw:frame><text:p>box</text:p></draw:frame>{raw(inner)}", string("x")),
        "<table:named-expressions><table:named-range/></table:named-expressions>",
    )
    assert texts(sheet) == [[None, "x"]]


@pytest.mark.parametrize("form", ["other prefixes", "utf-16", "latin-1", "indented", "commented"])
def test_every_form_of_the_content_reads_the_same(tmp_path: Path, form: str) -> None:
    plain = content(table(row(blank(2), string("é"), string("a b"))))
    text = plain.decode()
    forms = {
        "other prefixes": text.replace("<table:", "<t:")
        .replace("</table:", "</t:")
        .replace(" table:", " t:")
        .replace("xmlns:table=", "xmlns:t=")
        .encode(),
        "utf-16": f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16"),
        "latin-1": f'<?xml version="1.0" encoding="ISO-8859-1"?>{text}'.encode("iso-8859-1"),
        "indented": text.replace("><", ">\n  <").encode(),
        "commented": text.replace("<text:p>", "<!-- <text:p> --><text:p>").encode(),
    }
    path = pack_document(tmp_path / "form.ods", plain)
    expected = read_workbook(path).sheets
    assert texts(expected[0]) == [[None, None, "é", "a b"]]
    assert read_workbook(pack_document(path, forms[form])).sheets == expected
