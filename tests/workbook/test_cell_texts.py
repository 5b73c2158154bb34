"""A cell's text is ``str(value)`` as openpyxl gives it, whichever pass reads the cell."""

from __future__ import annotations

import datetime as dt
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from workbook_parts import cell, members, pack, row, sheet_part, strings_part, styles_part

from ropa.workbook import grammar, read_workbook
from ropa.workbook.preflight import preflight
from ropa.workbook.values import Moment, read_format

BOTH_PASSES = pytest.mark.parametrize("thorough", [False, True], ids=["usual", "thorough"])


def force_thorough_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise grammar.UnusualError

    monkeypatch.setattr(grammar, "scan_sheet", refuse)


def openpyxl_texts(path: Path) -> dict[tuple[int, int], str]:
    """Return the texts of the first sheet by address, error values left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    return {
        (one.row, one.column): str(one.value)
        for cells in sheet.iter_rows()
        for one in cells
        if one.value not in (None, "") and one.data_type != "e"
    }


def own_texts(path: Path) -> dict[tuple[int, int], str]:
    sheet = read_workbook(path).sheets[0]
    return {
        (number, place): text
        for place, column in enumerate(sheet.texts.columns, start=1)
        for number, text in enumerate(column.to_pylist(), start=1)
        if text is not None
    }


VALUES: list[Any] = [
    *(42, 0, -7, 10**14, 10**16 + 1, 0.5, 0.1, 1e20, 1e-7, 1.5, -2.25, 0.1 + 0.2, 123456.789),
    *(True, False, 3.0, 0.0001, 1e15, 1e16, 99999.99999),
    *(dt.datetime(2024, 2, 29), dt.datetime(2026, 9, 30, 8, 30, 15), dt.date(2018, 5, 25)),  # noqa: DTZ001
    *(dt.time(8, 30), dt.time(23, 59, 59), dt.timedelta(days=1, hours=2), dt.date(1900, 1, 15)),
    *("text", "007", " padded ", "NA", "None", "n/a", "N/A", "#N/A as text?", "=", "1E5", "nan"),
    *("line one\nline two", "\ttab", "ends with newline\n", "  ", "a & b < c > d \"e\" 'f'"),
    *("_x000D_", "x_x0041_y", "under_score", "emoji \N{GRINNING FACE}", "\N{NO-BREAK SPACE}x"),
    *("True", "2024-02-29", "15/05/2026", "50%", "Ünïcödé", "long " * 500),
    CellRichText("plain ", TextBlock(InlineFont(b=True), "bold "), " rest"),
]


@BOTH_PASSES
def test_texts_of_many_types_are_those_of_openpyxl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, thorough: bool
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, value in enumerate(VALUES, start=3):
        sheet.cell(number, 2).value = value
    sheet["D3"], sheet["D4"], sheet["D5"] = 0.25, 1234.5, 45_000
    sheet["D3"].number_format = "0.00%"
    sheet["D4"].number_format = '"£"#,##0.00;[Red]-"£"#,##0.00'
    sheet["D5"].number_format = "[$-809]d mmmm yyyy"
    book.save(path := tmp_path / "types.xlsx")
    if thorough:
        force_thorough_pass(monkeypatch)
    expected = openpyxl_texts(path)
    assert len(expected) == len(VALUES) + 3
    assert own_texts(path) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (42, "42"),
        (1e20, "1e+20"),
        (True, "True"),
        (dt.date(2024, 2, 29), "2024-02-29 00:00:00"),
        (" padded ", " padded "),
        ("NA", "NA"),
        ("007", "007"),
        (" ", " "),
    ],
)
def test_texts_said_in_full(tmp_path: Path, value: str | float | dt.date, text: str) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["B2"] = value
    book.save(path := tmp_path / "one.xlsx")
    sheet = read_workbook(path).sheets[0]
    assert sheet.text(2, 2) == text
    assert sheet.text(1, 1) is None


STRING_ITEMS = [
    *("<t>plain</t>", "<t> spaced </t>", '<t xml:space="preserve"> kept </t>', "<t>   </t>"),
    *("<t></t>", "<t/>", "<t>a_x000D_b</t>", "<t>a_x005F_x000D_b</t>", "<t>_x00e9_</t>"),
    *("<t>a&#13;b</t>", "<t>a\r\nb</t>", "<t>a\rb</t>", "<t>a&#10;b</t>", "<t>&#x1F600;</t>"),
    "<r><t>x </t></r><r><rPr><b/><sz val='9'/></rPr><t xml:space='preserve'> y</t></r>",
    '<r><rPr><b/></rPr><t>x</t></r><r><t xml:space="preserve"> y</t></r>',
    '<t>guided</t><rPh sb="0" eb="1"><t>guide</t></rPh><phoneticPr fontId="1"/>',
    *("<t>a</t><t>b</t>", "<t>a</t><r><t>b</t></r>", "<t><![CDATA[ <x> ]]></t>"),
    *("<t>a<!-- c -->b</t>", "<r><t>x</t></r> <r>\n<t>y</t></r>", "<t>&lt;&amp;&gt;</t>"),
    *("<t>\N{NO-BREAK SPACE}n\N{NO-BREAK SPACE}</t>", "<t>\N{BYTE ORDER MARK}x</t>", "<t>_xyz</t>"),
]


@pytest.mark.parametrize("items", [*([item] for item in STRING_ITEMS), STRING_ITEMS])
def test_string_items_are_those_of_openpyxl(tmp_path: Path, items: list[str]) -> None:
    rows = "".join(
        row(
            number,
            cell(f"A{number}", str(number - 1), "s"),
            f'<c r="B{number}" t="inlineStr"><is>{item}</is></c>',
        )
        for number, item in enumerate(items, start=1)
    )
    path = pack(tmp_path / "strings.xlsx", members(sheet_part(rows), strings=strings_part(*items)))
    assert own_texts(path) == openpyxl_texts(path)


STORED_NUMBERS = [
    *("42", "42.0", "0.5", "1E+20", "1e20", "100000000000000000000", "1234567890123456789"),
    *("0.30000000000000004", "007", "-0", "-5", "1.5E-7", "0.00001", "12345.678901", "+5"),
    *("9007199254740993", "1E400", "123456789012345", "1.7976931348623157E308", "0.10", "-0.5"),
    *("0.00012", "12345.67891", "99999.99999", "5.0001", "0", "60", "59.5", "61", "0.75", "1"),
    *("45350.9999999", "2958465", "0.9999999999", "43000.354166666664"),
]


@BOTH_PASSES
def test_stored_numbers_in_every_style_are_those_of_openpyxl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, thorough: bool
) -> None:
    rows = "".join(
        row(number, *(cell(f"{letter}{number}", stored, style=style)
                      for style, letter in enumerate("ABCDEF")))
        for number, stored in enumerate(STORED_NUMBERS, start=1)
    )  # fmt: skip
    path = pack(tmp_path / "numbers.xlsx", members(sheet_part(rows)))
    if thorough:
        force_thorough_pass(monkeypatch)
    assert own_texts(path) == openpyxl_texts(path)


def test_dates_counted_from_1904(tmp_path: Path) -> None:
    rows = row(
        1, cell("A1", "43000", style=1), cell("B1", "0.5", style=1), cell("C1", "30.25", style=1)
    )
    properties = '<workbookPr date1904="1"/>'
    path = pack(tmp_path / "mac.xlsx", members(sheet_part(rows), properties=properties))
    assert own_texts(path) == openpyxl_texts(path)
    assert own_texts(path)[1, 1] == "2021-09-23 00:00:00"


@pytest.mark.parametrize("stored", ["-1000000", "2958466", "1E300"])
def test_a_number_that_is_no_date_is_an_error_and_no_guess(tmp_path: Path, stored: str) -> None:
    path = pack(tmp_path / "no-date.xlsx", members(sheet_part(row(1, cell("A1", stored, style=1)))))
    sheet = read_workbook(path).sheets[0]
    assert sheet.errors == {(1, 1): "#VALUE!"}
    assert sheet.text(1, 1) is None


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2024-02-29T08:30:00", "2024-02-29 08:30:00"),
        ("2024-02-29T08:30:00.250Z", "2024-02-29 08:30:00.250000"),
        ("08:30:00", "08:30:00"),
        ("PT26H30M", "1 day, 2:30:00"),
        ("2024-02-30", "2024-02-30"),
        ("soon", "soon"),
    ],
)
def test_iso_dates(tmp_path: Path, stored: str, text: str) -> None:
    path = pack(tmp_path / "iso.xlsx", members(sheet_part(row(1, cell("A1", stored, "d")))))
    assert own_texts(path) == {(1, 1): text}


@pytest.mark.parametrize(
    "code",
    [
        *("General", "0.00", "#,##0", "0%", "@", "dd/mm/yyyy", "d-mmm", "h:mm AM/PM", "mm:ss.0"),
        *("[h]:mm", "[hh]:mm:ss", "[mm]:ss", "[H]:MM", "[H]", "[Red]0", '0 "days"', '"d"0', "\\d0"),
        *("_d0", "[$-409]mmmm yyyy", "[$£-809]#,##0.00", "0;dd", "yyyy;@", '"["d"]"', "0.00E+00"),
    ],
)
def test_number_formats_are_told_as_openpyxl_tells_them(code: str) -> None:
    expected = None
    if is_date_format(code):
        expected = Moment.ELAPSED if is_timedelta_format(code) else Moment.DATE
    assert read_format(164, code) is expected


@pytest.mark.parametrize(("number", "expected"), [
    (0, None), (13, None), (14, Moment.DATE), (22, Moment.DATE), (23, None), (45, Moment.DATE),
    (46, Moment.ELAPSED), (47, Moment.DATE), (49, None),
])  # fmt: skip
def test_built_in_number_formats(number: int, expected: Moment | None) -> None:
    assert read_format(number, None) is expected


def test_very_many_date_styles(tmp_path: Path) -> None:
    styles = styles_part([14] * 500 + [0])
    rows = row(1, cell("A1", "43000", style=499), cell("B1", "43000", style=500), cell("C1", "5"))
    path = pack(tmp_path / "styles.xlsx", members(sheet_part(rows), styles=styles))
    assert own_texts(path) == {
        (1, 1): "2017-09-22 00:00:00",
        (1, 2): "43000",
        (1, 3): "1900-01-05 00:00:00",  # no style is style 0, a date here
    }


LETTERS = st.text(
    st.sampled_from("ab _x0059D&<>'\"\n\t\N{NO-BREAK SPACE}é\N{GRINNING FACE}"), max_size=12
)
NUMBERS = st.one_of(
    st.integers(-(10**18), 10**18).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-99_999, 99_999, places=5).map(str),
    st.floats(0, 100_000).map(lambda number: f"{number:.11f}"),
)
HARD = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@HARD
@given(
    texts=st.lists(LETTERS, min_size=1, max_size=8),
    numbers=st.lists(st.tuples(NUMBERS, st.integers(0, 5)), max_size=8),
    preserve=st.booleans(),
)
def test_any_texts_and_numbers_are_those_of_openpyxl(
    tmp_path: Path, texts: list[str], numbers: list[tuple[str, int]], *, preserve: bool
) -> None:
    space = ' xml:space="preserve"' if preserve else ""
    items = [f"<t{space}>{escape(text)}</t>" for text in texts]
    rows = ""
    for number in range(1, max(len(texts), len(numbers)) + 1):
        cells = []
        if number <= len(texts):
            cells.append(cell(f"A{number}", str(number - 1), "s"))
            cells.append(f'<c r="B{number}" t="inlineStr"><is>{items[number - 1]}</is></c>')
        if number <= len(numbers):
            stored, style = numbers[number - 1]
            cells.append(cell(f"AC{number}", stored, style=style))
        rows += row(number, *cells)
    path = pack(tmp_path / "any.xlsx", members(sheet_part(rows), strings=strings_part(*items)))
    assert own_texts(path) == openpyxl_texts(path)


CELLS = st.tuples(
    st.sampled_from(["A", "C", "Z", "AA", "BZ", "ABC"]),
    st.sampled_from([
        *('{} t="s"><v>0</v></c>', "{}/>", "{}></c>", '{} s="1"/>', "{}><v>7</v></c>"),
        *('{} s="1"><v>43000</v></c>', '{} t="e"><v>#REF!</v></c>', '{} t="b"><v>1</v></c>'),
        *("{}><f>1+1</f></c>", "{}><f>1+1</f><v></v></c>", '{} t="str"><f>A1</f><v>a b</v></c>'),
        *('{} t="inlineStr"><is><t>x</t></is></c>', '{} t="inlineStr"><is><t> x</t></is></c>'),
        *('{} t="str"><v> y </v></c>', '{}><f t="shared" si="0"/><v>0.125</v></c>'),
        *('{} t="n"><v>1e3</v></c>', '{} s="3" t="n"><v>1.5</v></c>', '{} cm="1"><v>3</v></c>'),
    ]),
)  # fmt: skip


@HARD
@given(
    rows=st.lists(
        st.tuples(
            st.integers(1, 30),
            st.sampled_from(["", ' hidden="1"', ' hidden="0"', ' spans="1:3" ht="15"']),
            st.lists(CELLS, max_size=6, unique_by=lambda one: one[0]),
        ),
        max_size=8,
        unique_by=lambda one: one[0],
    )
)
def test_both_passes_find_the_same(
    tmp_path: Path, rows: list[tuple[int, str, list[tuple[str, str]]]]
) -> None:
    """The usual pass must agree with expat on any mixture of cells, in whatever order."""
    written = "".join(
        row(n, *(form.format(f'<c r="{place}{n}"') for place, form in cells), attributes=hidden)
        for n, hidden, cells in rows
    )
    after = '<mergeCells><mergeCell ref="A1:B3"/></mergeCells>'
    before = '<cols><col min="2" max="3" hidden="1"/></cols>'
    part = sheet_part(written, before=before, after=after)
    path = pack(tmp_path / "mixed.xlsx", members(part, strings=strings_part("<t>shared</t>")))
    assert preflight(path.read_bytes()).sheets[0].reader_index == 0
    usual = read_workbook(path)
    with pytest.MonkeyPatch.context() as patch:
        force_thorough_pass(patch)
        assert preflight(path.read_bytes()).sheets[0].reader_index is None
        assert read_workbook(path) == usual
