"""A value in an OpenDocument cell reads as the same value does in a workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from open_document_parts import (
    blank,
    common_styles,
    content,
    pack_document,
    raw,
    read_rows,
    string,
    table,
    texts,
    value,
)
from open_document_parts import row as line

from ropa.workbook import read_workbook

ERROR = ' calcext:value-type="error"'
FORMULA = ' table:formula="of:=1"'

VALUES = {
    "integer": (value("float", "42", "42.00"), "42"),
    "fraction": (value("float", "0.5"), "0.5"),
    "exponent": (value("float", "1E+020"), "1e+20"),
    "negative": (value("float", "-7"), "-7"),
    "percentage": (value("percentage", "0.25", "25%"), "0.25"),
    "currency": (value("currency", "12.5", "£12.50"), "12.5"),
    "number without a value": (raw("<text:p>12</text:p>", ' office:value-type="float"'), "12"),
    "number that is none": (value("float", "x"), "x"),
    "true": (value("boolean", "true", "WAHR"), "True"),
    "false": (value("boolean", "false", "FALSCH"), "False"),
    "true as a formula's number": (value("float", "1", "VRAI", FORMULA), "True"),
    "false as a formula's number": (value("float", "0", "FALSE", FORMULA), "False"),
    "one": (value("float", "1", "1", FORMULA), "1"),
    "one with its unit": (value("float", "1", "1 year", FORMULA), "1"),
    "a typed one that is shown as a word": (value("float", "1", "yes"), "1"),
    "two that is shown as a word": (value("float", "2", "yes", FORMULA), "2"),
    "day": (value("date", "2024-02-29", "29/02/24"), "2024-02-29 00:00:00"),
    "moment": (value("date", "2026-09-30T08:30:15"), "2026-09-30 08:30:15"),
    "moment and more": (value("date", "2026-09-30T08:30:15.25"), "2026-09-30 08:30:15.250000"),
    "moment just below": (value("date", "2026-09-30T08:30:14.999999999"), "2026-09-30 08:30:15"),
    "time of the first day": (value("date", "1899-12-30T08:30:00"), "08:30:00"),
    "no such day": (value("date", "2023-02-29"), "2023-02-29"),
    "date that is none": (value("date", "soon"), "soon"),
    "date without a value": (raw("<text:p>May</text:p>", ' office:value-type="date"'), "May"),
    "time": (value("time", "PT08H30M00S"), "08:30:00"),
    "elapsed, of no known format": (value("time", "PT26H00M00S"), "1 day, 2:00:00"),
    "time that is none": (value("time", "later"), "later"),
    "text": (string("007"), "007"),
    "text like nothing": (string("NA"), "NA"),
    "text like an error": (string("#REF!"), "#REF!"),
    "text like a truth value": (string("TRUE"), "TRUE"),
    "text of a formula": (
        string("shown", ' table:formula="of:=[.A1]" office:string-value="one&#10;two"'),
        "one\ntwo",
    ),
    "text without a type": (raw("<text:p>plain</text:p>"), "plain"),
    "an unknown type": (value("void", "x", "shown"), "shown"),
}  # fmt: skip


@pytest.mark.parametrize("case", VALUES)
def test_values(tmp_path: Path, case: str) -> None:
    cell, expected = VALUES[case]
    sheet = read_rows(tmp_path, line(cell))
    assert texts(sheet) == [[expected]]
    assert not sheet.errors
    assert not sheet.uncached


STYLES = (
    '<number:time-style style:name="N1"><number:hours/></number:time-style>'
    '<number:time-style style:name="N2" number:truncate-on-overflow="false"/>'
    '<number:number-style style:name="N3"><number:text>yes</number:text></number:number-style>'
    '<number:number-style style:name="N4"><number:number/><style:map style:condition="value()=0" '
    'style:apply-style-name="N3"/></number:number-style>'
    '<style:style style:name="clock" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="watch" style:family="table-cell" style:data-style-name="N2"/>'
    '<style:style style:name="bold" style:family="table-cell" style:parent-style-name="watch"/>'
    '<style:style style:name="word" style:family="table-cell" style:data-style-name="N3"/>'
    '<style:style style:name="some" style:family="table-cell" style:data-style-name="N4"/>'
    '<style:style style:name="loop" style:family="table-cell" style:parent-style-name="loop"/>'
)


def styled(name: str, kind: str = "time", stored: str = "PT26H", formula: str = "") -> str:
    return value(kind, stored, "shown", f' table:style-name="{name}"{formula}')


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (styled("clock"), "1900-01-01 02:00:00"),
        (styled("clock", stored="PT08H30M00.5S"), "08:30:00.500000"),
        (styled("watch"), "1 day, 2:00:00"),
        (styled("watch", stored="PT08H30M"), "8:30:00"),
        (styled("watch", stored="-PT1H"), "-1 day, 23:00:00"),
        (styled("bold"), "1 day, 2:00:00"),
        (styled("loop"), "1 day, 2:00:00"),
        (styled("clock", stored="P45000DT12H"), "2023-03-15 12:00:00"),
        (styled("word", "float", "1", FORMULA), "1"),
        (styled("some", "float", "1", FORMULA), "1"),
        (styled("clock", "float", "1", FORMULA), "True"),
    ],
)
def test_formats_tell_times_and_words_apart(tmp_path: Path, cell: str, expected: str) -> None:
    assert texts(read_rows(tmp_path, line(cell), styles=STYLES)) == [[expected]]


def test_a_time_that_its_format_cannot_show(tmp_path: Path) -> None:
    cells = [styled(name, stored="PT999999999H") for name in ("clock", "watch")]
    sheet = read_rows(tmp_path, line(*cells), styles=STYLES)
    assert sheet.errors == {(1, 1): "#VALUE!"}
    assert texts(sheet) == [[None, "41666666 days, 15:00:00"]]


def test_formats_of_rows_columns_and_common_styles(tmp_path: Path) -> None:
    cell = value("time", "PT26H")
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:default-cell-style-name="watch"/>'
        '<table:table-column table:default-cell-style-name="clock"/>'
    )
    rows = columns + line(blank(2), cell, cell, styled("watch"), cell)
    rows += line(cell, attributes=' table:default-cell-style-name="clock"')
    styles = {"styles.xml": common_styles(STYLES)}
    path = pack_document(tmp_path / "styled.ods", content(table(rows)), styles)
    (sheet,) = read_workbook(path).sheets
    elapsed, date = "1 day, 2:00:00", "1900-01-01 02:00:00"
    assert texts(sheet)[0] == [None, None, elapsed, date, elapsed, elapsed]
    assert sheet.text(2, 1) == date


def test_errors_blanks_and_uncalculated_formulas_are_told_apart(tmp_path: Path) -> None:
    cells = [
        string("#REF!", ERROR + FORMULA + ' office:string-value=""'),
        string("Err:502", ERROR + FORMULA),
        raw("", ' office:value-type="string"' + ERROR + FORMULA),
        value("float", "0", "#DIV/0!", FORMULA),
        string("#N/A", FORMULA),
        string("#N/A", FORMULA + ' calcext:value-type="string"'),
        raw("", FORMULA),
        raw("<text:p/>", FORMULA),
        string("", FORMULA),
        raw("", ' office:value-type="string" office:string-value=""' + FORMULA),
        blank(),
        string("end"),
    ]
    sheet = read_rows(tmp_path, line(*cells))
    assert sheet.errors == {
        (1, 1): "#REF!",
        (1, 2): "Err:502",
        (1, 3): "#VALUE!",
        (1, 4): "#DIV/0!",
        (1, 5): "#N/A",
    }
    assert sheet.uncached == {(1, 7)}
    assert texts(sheet) == [[*[None] * 5, "#N/A", *[None] * 5, "end"]]


PARAGRAPHS = {
    "two": ("<text:p>one</text:p><text:p>two</text:p>", "one\ntwo"),
    "with a blank one": ("<text:p>one</text:p><text:p/><text:p>two</text:p>", "one\n\ntwo"),
    "spaces": ('<text:p><text:s text:c="2"/>a <text:s/>b <text:s/></text:p>', "  a  b  "),
    "a space at the end": ("<text:p>a </text:p>", "a "),
    "only spaces": ('<text:p><text:s text:c="2"/></text:p>', "  "),
    "white space of the file": ("<text:p>\n   one\n\t two  </text:p>", "one two "),
    "white space between spans": ("<text:p>one <text:span> two</text:span></text:p>", "one two"),
    "a line of its own": ("\n  <text:p>one</text:p>\n  ", "one"),
    "tab": ("<text:p>a<text:tab/>b</text:p>", "a\tb"),
    "line break": ("<text:p>a<text:line-break/> b</text:p>", "a\n b"),
    "link": ('<text:p>at <text:a xlink:href="https://example.org">x</text:a>.</text:p>', "at x."),
    "span in a span": ("<text:p><text:span>a<text:span>b</text:span></text:span>c</text:p>", "abc"),
    "field": ("<text:p><text:sheet-name>S1</text:sheet-name>!</text:p>", "S1!"),
    "entities": ("<text:p>&lt;a&gt; &amp; b &#233;</text:p>", "<a> & b é"),
    "heading": ("<text:h>one</text:h>", "one"),
    "list": ("<text:list><text:list-item><text:p>a</text:p></text:list-item></text:list>", "a"),
    "comment": (
        ("<office:annotation><dc:creator>N</dc:creator><text:p>secret</text:p>"
        "<text:list><text:list-item><text:p>more</text:p></text:list-item></text:list>"
        "</office:annotation><text:p>seen</text:p>"),
        "seen",
    ),
    "comment in the text": (
        "<text:p>se<office:annotation><text:p>secret</text:p></office:annotation>en</text:p>",
        "seen",
    ),
    "shape": (
        ("<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>"
        "<text:p>se<draw:frame><text:p>box</text:p></draw:frame>en</text:p>"),
        "seen",
    ),
    "reading aid": (
        ("<text:p><text:ruby><text:ruby-base>漢</text:ruby-base>"
        "<text:ruby-text>かん</text:ruby-text></text:ruby></text:p>"),
        "漢",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PARAGRAPHS)
def test_texts(tmp_path: Path, case: str) -> None:
    inside, expected = PARAGRAPHS[case]
    sheet = read_rows(tmp_path, line(raw(inside, ' office:value-type="string"')))
    assert texts(sheet) == [[expected]]


def test_a_comment_alone_is_no_text(tmp_path: Path) -> None:
    comment = raw("<office:annotation><text:p>secret</text:p></office:annotation>")
    sheet = read_rows(tmp_path, line(comment, string("x")))
    assert texts(sheet) == [[None, "x"]]
