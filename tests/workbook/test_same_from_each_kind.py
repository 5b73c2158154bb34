"""The same register reads the same from each kind of file, as LibreOffice converts it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import convert, needs_office

from ropa.workbook import read_workbook
from ropa.workbook.cells import Sheet, Workbook

SAMPLES = sorted((Path(__file__).parents[2] / "data" / "samples").glob("*.xlsx"))

pytestmark = needs_office


def make_kinds(path: Path) -> Path:
    """Write a workbook with a value of each kind, calculated and not."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    values: list[Any] = [
        *(42, 0.5, 1e20, 1e-7, True, False, 3.0, 123456.789, -7, "NA", "007", " ", "tab\there"),
        *("  lead  two   trail  ", "a\nb\n\nc", "'quoted", "TRUE", "2024-02-29 00:00:00", "é €"),
        *(dt.datetime(2024, 2, 29), dt.datetime(2026, 9, 30, 8, 30, 15), dt.time(8, 30)),  # noqa: DTZ001
        *(dt.datetime(2026, 9, 30, 8, 30, 15, 250_000), dt.date(1965, 1, 15)),  # noqa: DTZ001
    ]
    for number, value in enumerate(values, start=1):
        sheet.cell(number, 1, value)
    formulas = ["=A1*2", "=1/0", '=""', "=NA()", "=A1=42", '=REPT("x",3)&CHAR(10)&"y"', "=#REF!+1"]
    for number, formula in enumerate(formulas, start=1):
        sheet.cell(number, 2, formula)
    for number, (value, code) in enumerate([(0.25, "0%"), (12.5, '"£"0.00'), (1, '"yes"')], 1):
        sheet.cell(number, 3, value).number_format = code
    sheet["H30"] = "far"
    book.create_sheet("Veiled")["B3"] = "seen"
    book.worksheets[1].sheet_state = "hidden"
    book.create_sheet("Empty")
    book.save(path)
    return path


def make_forms(path: Path) -> Path:
    """Write a workbook with hidden and merged cells."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number in range(1, 9):
        sheet.append([f"{letter}{number}" for letter in "ABCDEF"])
    sheet["I8"], sheet["XFD1048576"].style = "end", "Bad"
    sheet.merge_cells("B2:C4")
    sheet.merge_cells("E6:F6")
    sheet.row_dimensions[3].hidden = True
    sheet.row_dimensions.group(6, 7, hidden=True)
    sheet.column_dimensions["D"].hidden = True
    sheet.column_dimensions.group("F", "G", hidden=True)
    book.save(path)
    return path


def cells(sheet: Sheet) -> dict[tuple[int, int], str]:
    return {
        (row, column): text
        for column, texts in enumerate(sheet.texts.columns, start=1)
        for row, text in enumerate(texts.to_pylist(), start=1)
        if text is not None
    }


def outlines(book: Workbook) -> list[tuple[object, ...]]:
    return [(one.name, one.index, one.hidden, one.rows, one.columns) for one in book.sheets]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return, by kind, the folder of the samples and of two more workbooks.

    The two become workbooks as well, so that their formulas are calculated in each kind.
    """
    folder = tmp_path_factory.mktemp("kinds")
    own = [make_kinds(folder / "kinds.xlsx"), make_forms(folder / "forms.xlsx")]
    kinds = {"xlsx": own, "ods": [*own, *SAMPLES], "xls": [*own, *SAMPLES]}
    return {kind: convert(sources, kind, folder) for kind, sources in kinds.items()}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_as_open_document(made: dict[str, Path], sample: Path) -> None:
    expected = read_workbook(sample)
    found = read_workbook(made["ods"] / f"{sample.stem}.ods")
    assert found.sheets == expected.sheets


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_as_old_workbook(made: dict[str, Path], sample: Path) -> None:
    expected = read_workbook(sample)
    found = read_workbook(made["xls"] / f"{sample.stem}.xls")
    assert outlines(found) == outlines(expected)
    assert [cells(one) for one in found.sheets] == [cells(one) for one in expected.sheets]


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_each_kind_of_value(made: dict[str, Path], kind: str) -> None:
    expected = read_workbook(made["xlsx"] / "kinds.xlsx")
    found = read_workbook(made[kind] / f"kinds.{kind}")
    assert outlines(found) == outlines(expected)
    for one, other in zip(found.sheets, expected.sheets, strict=True):
        assert cells(one) == cells(other)
        assert one.errors == other.errors
        assert one.uncached == other.uncached
    assert set(expected.sheets[0].errors.values()) == {"#DIV/0!", "#N/A", "#REF!"}


def test_hidden_and_merged_cells_of_an_open_document(made: dict[str, Path]) -> None:
    (expected,) = read_workbook(made["xlsx"] / "forms.xlsx").sheets
    (found,) = read_workbook(made["ods"] / "forms.ods").sheets
    assert found == expected
    assert found.hidden_rows == {3, 6, 7}
    assert found.hidden_columns == {4, 6, 7}
    assert found.merged == ((2, 2, 4, 3), (6, 5, 6, 6))


def test_a_table_as_delimited_text(made: dict[str, Path], tmp_path: Path) -> None:
    source = made["xlsx"] / "forms.xlsx"
    found = read_workbook(convert([source], "csv", tmp_path) / "forms.csv").sheets[0]
    assert cells(found) == cells(read_workbook(source).sheets[0])
