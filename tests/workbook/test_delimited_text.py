"""Delimited text: its letters, its delimiter, its rows as a spreadsheet program counts them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from refused_files import why

from ropa.workbook import limits, make_sheet, read_workbook
from ropa.workbook.cells import Sheet


def read(folder: Path, data: bytes | str, name: str = "register.csv") -> Sheet:
    (path := folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    (sheet,) = read_workbook(path).sheets
    return sheet


def texts(sheet: Sheet) -> list[list[str | None]]:
    columns = [column.to_pylist() for column in sheet.texts.columns]
    return [list(values) for values in zip(*columns, strict=True)]


def test_a_table_is_one_sheet_named_by_its_file(tmp_path: Path) -> None:
    sheet = read(tmp_path, "Activity,Purpose\r\nPayroll,Paying staff\r\n", "Staff 2026.CSV")
    assert sheet == make_sheet("Staff 2026", [["Activity", "Purpose"], ["Payroll", "Paying staff"]])


def test_cells_stay_as_typed(tmp_path: Path) -> None:
    typed = ["NA", "None", "null", "007", "1.0", "TRUE", " x ", "2024-02-29", '="007"', "nan", "-"]
    assert texts(read(tmp_path, ",".join(typed) + "\n,\n")) == [typed]


def test_addresses_count_records_blank_ones_too(tmp_path: Path) -> None:
    sheet = read(tmp_path, '\n\na,"b\nc\r\nd"\n\n,,e\n\n\n')
    assert texts(sheet) == [
        *[[None] * 3] * 2,
        ["a", "b\nc\nd", None],
        [None] * 3,
        [None, None, "e"],
    ]


def test_quoted_cells(tmp_path: Path) -> None:
    sheet = read(tmp_path, 'a,"b, ""c"";\td",e\n"",f"g,5" screen\n')
    assert texts(sheet) == [["a", 'b, "c";\td', "e"], [None, 'f"g', '5" screen']]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path: Path, end: str) -> None:
    assert texts(read(tmp_path, f"a,b{end}c,d{end}{end}e,f")) == [
        ["a", "b"],
        ["c", "d"],
        [None, None],
        ["e", "f"],
    ]


NAME = "Activité;Zweck €\nPaie;Löhne „Übersicht“\n"
ENCODINGS = {
    "utf-8": NAME.encode(),
    "utf-8 with mark": NAME.encode("utf-8-sig"),
    "utf-16 with mark": NAME.encode("utf-16"),
    "utf-16-be with mark": b"\xfe\xff" + NAME.encode("utf-16-be"),
    "utf-16-le": NAME.encode("utf-16-le"),
    "utf-16-be": NAME.encode("utf-16-be"),
    "utf-32 with mark": NAME.encode("utf-32"),
    "utf-32-be with mark": b"\x00\x00\xfe\xff" + NAME.encode("utf-32-be"),
    "windows-1252": NAME.encode("windows-1252"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert texts(read(tmp_path, ENCODINGS[encoding])) == [
        ["Activité", "Zweck €"],
        ["Paie", "Löhne „Übersicht“"],
    ]


def test_utf_16_without_a_mark_in_other_scripts(tmp_path: Path) -> None:
    expected = [["Цель", "Срок"], ["保存期間", "目的"]]
    text = "".join(",".join(cells) + "\n" for cells in expected)
    for encoding in ("utf-16-le", "utf-16-be"):
        assert texts(read(tmp_path, text.encode(encoding))) == expected


def test_a_damaged_letter_is_seen_and_the_others_stay_right(tmp_path: Path) -> None:
    """Windows-1252 throughout would make every accent of the text wrong."""
    data = "Activité,Durée\nPaie,né\n".encode() + b"cut,\xc3\n"
    assert texts(read(tmp_path, data))[0] == ["Activité", "Durée"]
    assert texts(read(tmp_path, data))[2] == ["cut", "\N{REPLACEMENT CHARACTER}"]


def test_bytes_that_windows_1252_does_not_know_are_no_letters(tmp_path: Path) -> None:
    sheet = read(tmp_path, b"caf\xe9,\x81\x8d\x9d,\x80\n")
    assert texts(sheet) == [["café", "\N{REPLACEMENT CHARACTER}" * 3, "€"]]


DELIMITERS = {
    "comma": ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
    "semicolon": ("a;b\nc;d\n", [["a", "b"], ["c", "d"]]),
    "tab": ("a\tb\nc\td\n", [["a", "b"], ["c", "d"]]),
    "bar": ("a|b\nc|d\n", [["a", "b"], ["c", "d"]]),
    "prose with commas": (
        "id;what;why\n1;a, b, c;d, e\n2;f, g;h\n3;i;j, k\n",
        [["id", "what", "why"], ["1", "a, b, c", "d, e"], ["2", "f, g", "h"], ["3", "i", "j, k"]],
    ),
    "lists with semicolons": (
        "id,what,who\n1,a; b,c; d\n2,e; f,g; h\n",
        [["id", "what", "who"], ["1", "a; b", "c; d"], ["2", "e; f", "g; h"]],
    ),
    "titles with commas": (
        "Register, version 2, May\nOf us, them, and others\n\nid;what\n1;a\n2;b, c\n3;d\n4;e\n",
        [
            ["Register, version 2, May", None],
            ["Of us, them, and others", None],
            [None, None],
            *[["id", "what"], ["1", "a"], ["2", "b, c"], ["3", "d"], ["4", "e"]],
        ],
    ),
    "many titles": (
        "Register\nOf us\n\nMay\nDraft\nSecond\nid;what;why\n1;a;b\n",
        [
            *[["Register", None, None], ["Of us", None, None], [None] * 3, ["May", None, None]],
            *[["Draft", None, None], ["Second", None, None]],
            *[["id", "what", "why"], ["1", "a", "b"]],
        ],
    ),
    "rows of unequal length": (
        "a,b,c,d,e\nf,g,h\ni,j; k\nl,m,n; o,p\n",
        [
            ["a", "b", "c", "d", "e"],
            ["f", "g", "h", None, None],
            ["i", "j; k", None, None, None],
            ["l", "m", "n; o", "p", None],
        ],
    ),
    "quoted newlines and commas": (
        'id;note\n1;"a, b\nc, d\ne, f"\n2;"g, h\ni, j"\n',
        [["id", "note"], ["1", "a, b\nc, d\ne, f"], ["2", "g, h\ni, j"]],
    ),
    "one column": ("Activity\nPayroll\nHiring\n", [["Activity"], ["Payroll"], ["Hiring"]]),
    "one column with a sign in it": (
        "Recipients\nauditor\nbank; office\npayroll\n",
        [["Recipients"], ["auditor"], ["bank; office"], ["payroll"]],
    ),
    "one cell": ("Activity", [["Activity"]]),
    "one record": ("a;b;c", [["a", "b", "c"]]),
}


@pytest.mark.parametrize("case", DELIMITERS)
def test_delimiters(tmp_path: Path, case: str) -> None:
    text, expected = DELIMITERS[case]
    assert texts(read(tmp_path, text)) == expected


def test_a_sample_is_enough_and_may_end_within_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ropa.workbook.delimited._SAMPLE", 40)
    text = "id;what\n" + "".join(f'{number};"a, b, c\nd"\n' for number in range(50))
    assert texts(read(tmp_path, text))[50] == ["49", "a, b, c\nd"]


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n', "\ufeffsep=;\n"])
def test_a_line_that_names_the_delimiter_is_no_row(tmp_path: Path, line: str) -> None:
    assert texts(read(tmp_path, f"{line}a,b;c,d\ne,f;g,h\n")) == [["a,b", "c,d"], ["e,f", "g,h"]]


@pytest.mark.parametrize("delimiter", ["\t", "^", "|", ","])
def test_any_sign_may_be_named(tmp_path: Path, delimiter: str) -> None:
    assert texts(read(tmp_path, f"sep={delimiter}\na{delimiter}b;c\n")) == [["a", "b;c"]]


@pytest.mark.parametrize("line", ["sep=\n", "sep=ab,x\n", "separator=;,x\n", "x,sep=;\n"])
def test_other_first_lines_are_rows(tmp_path: Path, line: str) -> None:
    assert read(tmp_path, f"{line}a,b\nc,d\n").rows == 3


def test_tabs_under_their_extension(tmp_path: Path) -> None:
    text = "a\tb,c,d\ne\tf,g,h\n"
    assert texts(read(tmp_path, text, "list.tsv")) == [["a", "b,c,d"], ["e", "f,g,h"]]
    assert texts(read(tmp_path, text, "list.csv")) == [["a\tb", "c", "d"], ["e\tf", "g", "h"]]
    assert texts(read(tmp_path, "a;b\nc;d\n", "list.tsv")) == [["a", "b"], ["c", "d"]]


def test_error_values_are_marked(tmp_path: Path) -> None:
    sheet = read(tmp_path, "a,#REF!,#N/A\n#REF! here,#DIV/0!,N/A\n#1,#ref!,\n")
    assert sheet.errors == {(1, 2): "#REF!", (1, 3): "#N/A", (2, 2): "#DIV/0!"}
    assert texts(sheet) == [["a", None, None], ["#REF! here", None, "N/A"], ["#1", "#ref!", None]]


def test_blank_text(tmp_path: Path) -> None:
    for data in ("\n", ",,\n,,\n", "\ufeff", "sep=;\n"):
        assert read(tmp_path, data).rows == 0


def test_trailing_blank_cells_are_no_extent(tmp_path: Path) -> None:
    sheet = read(tmp_path, "a" + "," * 999 + "\n" + ("," * 999 + "\n") * 50)
    assert (sheet.rows, sheet.columns) == (1, 1)


@pytest.mark.parametrize(
    "text", ['a,b\nc,"d\ne,f\ng,h\n', '"', 'a,"b ""c""\n', 'a,b\n"c', '\n\n"a,\n\n']
)
def test_a_quotation_that_does_not_end(tmp_path: Path, text: str) -> None:
    """It would swallow the rows after it, and nobody would know."""
    (path := tmp_path / "open.csv").write_text(text)
    assert "the quotation that begins in row" in why(path)


def test_the_row_of_an_open_quotation_is_told(tmp_path: Path) -> None:
    (path := tmp_path / "open.csv").write_text('a,b\n\n"c\nd",e\nf,"g\nh\ni\n')
    assert why(path).startswith("the quotation that begins in row 4 does not end")


@pytest.mark.parametrize(
    "row",
    [
        '"Payroll,"Pay staff,HR',
        'Payroll,"Pay staff"s,HR',
        '"Payroll,Pay staff,HR\n"Hiring",Choose,HR',
        '"Payroll,Pay staff\n\n\nHiring,"Choose staff",HR',
        '"The "quick" way, and others",Pay staff,HR',
        '"24"" screen"",Pay staff,"HR"',
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_quotation_that_ends_before_more_text(tmp_path: Path, row: str, delimiter: str) -> None:
    """Cells or rows would be joined, the others would move up, and nobody would know."""
    rows = ["Activity,Purpose,Owner", "Sales,Sell,HR", row, "News,Send news,HR", ""]
    (path := tmp_path / "shifted.csv").write_text("\n".join(rows).replace(",", delimiter))
    assert why(path).startswith("in row 3 text follows the quotation mark that ends a cell")


def test_the_first_row_whose_cells_are_joined_is_told(tmp_path: Path) -> None:
    path = tmp_path / "shifted.csv"
    path.write_text('a,b\n"c\n\nd",e\n\n"f"g,h\n"i"j,k\n"l\n')
    assert why(path).startswith("in row 4 text follows")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_blanks_before_a_quotation_part_no_cell(tmp_path: Path, delimiter: str) -> None:
    rows = ["a,b,c", 'd, "e, f",g', ' "h, i",  "j, k" , "l, m"', "n, o,p"]
    sheet = read(tmp_path, "\n".join(rows).replace(",", delimiter))
    found = [[(text or "").replace(delimiter, ",") for text in row] for row in texts(sheet)]
    assert found == [
        ["a", "b", "c"],
        ["d", "e, f", "g"],
        ["h, i", "j, k ", "l, m"],
        ["n", " o", "p"],
    ]


def test_quotation_marks_after_a_blank_stay_where_they_hold_no_delimiter(tmp_path: Path) -> None:
    rows = [["a", "b"], ["c", ' "d"'], ["e", ' the "f'], ["g", ' " h']]
    assert texts(read(tmp_path, "\n".join(",".join(row) for row in rows))) == rows


def test_blanks_after_a_quotation_join_no_cells(tmp_path: Path) -> None:
    rows = '"a, b" ,"c"" ,d"\t\ne," f"  \n"g\n"" h" ,i'
    assert texts(read(tmp_path, rows)) == [
        ["a, b ", 'c" ,d\t'],
        ["e", " f  "],
        ['g\n" h ', "i"],
    ]


def test_blanks_that_make_a_cell_too_long(tmp_path: Path) -> None:
    (path := tmp_path / "long.csv").write_text(f'a,b\n"c"{" " * csv.field_size_limit()},d\n')
    assert "a cell in row 2 is longer than" in why(path)


def test_a_cell_longer_than_any_program_shows(tmp_path: Path) -> None:
    limit = csv.field_size_limit()
    (path := tmp_path / "long.csv").write_text(f"a,b\nc,{'x' * (limit + 1)}\n")
    assert f"a cell in row 2 is longer than {limit:,} characters" in why(path)
    path.write_text(f"a,b\nc,{'x' * limit}\n")
    assert len(read_workbook(path).sheets[0].text(2, 2) or "") == limit
    assert csv.field_size_limit() == limit


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "the file is empty (0 bytes)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "not a workbook but a PNG picture"),
        (b"%PDF-1.7\n", "not a workbook but a PDF document"),
        (bytes(range(256)) * 8, "not text, though its extension says so"),
        (b"a,b\0c\n", "not text, though its extension says so"),
        (b"a,b\nc,d\n\0\n", "not text, though its extension says so"),
        ("保存期間".encode("utf-16-le") + b"a\0", "not text, though its extension says so"),
        (b"a,b\n" + bytes(4), "not text, though its extension says so"),
        (b"\xff\xfea\0\0\0b\0", "not text, though its extension says so"),
        (bytes(range(1, 32)) * 8, "not text, though its extension says so"),
        (b"<html><table>", "HTML or XML text under its extension"),
        (b"\xef\xbb\xbf\n <!DOCTYPE html>", "HTML or XML text under its extension"),
        ("<?xml version='1.0'?>".encode("utf-16"), "HTML or XML text under its extension"),
        (b"<!-- a --><table>", "HTML or XML text under its extension"),
    ],
)
def test_what_is_no_table(tmp_path: Path, data: bytes, expected: str) -> None:
    (path := tmp_path / "list.csv").write_bytes(data)
    assert expected in why(path)


def test_angle_brackets_and_stray_signs_are_text(tmp_path: Path) -> None:
    sheet = read(tmp_path, "<name of the organisation>,b\x0b\x07c and more text than that\n")
    assert texts(sheet) == [["<name of the organisation>", "b\x0b\x07c and more text than that"]]


def test_more_cells_than_a_sheet_has(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("," * 16_383 + "x\n")
    assert read_workbook(path).sheets[0].columns == 16_384
    path.write_text("," * 16_384 + "x\n")
    assert "more than 16,384 cells" in why(path)
    path.write_text(("," * 9_000 + '"\n').replace("\n", '"\n') + '"' + "," * 9_000 + "x\n")
    assert "row" in why(path)
    path.write_text("," * 9_000 + '"a\nb"' + "," * 9_000 + "x\n")
    assert "more than 16,384 cells" in why(path)


def test_more_rows_than_a_sheet_has(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("x\n" + "\n" * 1_048_574 + "y\n" + "\n" * 999)
    assert read_workbook(path).sheets[0].rows == 1_048_576
    path.write_text("x\n" + "\n" * 1_048_575 + "y\n")
    assert "more than 1,048,576 rows" in why(path)


def test_a_table_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_AREA", 200)
    path = tmp_path / "large.csv"
    path.write_text("a,b\n" * 100)
    assert read_workbook(path).sheets[0].rows == 100
    path.write_text("a,b\n" * 101)
    assert "its cells reach as far as B101" in why(path)


def test_a_text_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_FILE", 2**10)
    (path := tmp_path / "large.csv").write_text("a,b\n" * 1000)
    assert "the file is larger than" in why(path)
