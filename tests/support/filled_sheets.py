"""A findings workbook as its owners have it open, and what must be read back from it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from build_samples import SAMPLES
from openpyxl.worksheet.worksheet import Worksheet

import ropa
from ropa.previous import Previous, read_previous
from ropa.previous.values import headings

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLE = SAMPLES / "telephone-answering-service.xlsx"
WORDS = ("owner", "due", "decision", "remark")
WAIVER = {"owner": "HR", "due": "2026-12-31", "decision": "accepted", "remark": "Known."}


@cache
def audit_sample() -> ropa.Audit:
    """Audit the sample, once for all tests."""
    return ropa.audit(ropa.load(SAMPLE), as_of="2026-09-30")


@cache
def _read_reports() -> Mapping[str, bytes]:
    with TemporaryDirectory() as folder:
        target = Path(folder) / "reports"
        audit_sample().write(target)
        files = [path for path in target.rglob("*") if path.is_file()]
        return {path.relative_to(target).as_posix(): path.read_bytes() for path in files}


def write_reports(folder: Path) -> Path:
    """Write the reports of the sample's audit into a folder."""
    for name, data in _read_reports().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


class Sheet:
    """The findings sheet, as somebody has it open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        found = self.book["Findings"]
        assert isinstance(found, Worksheet)
        self.sheet = found

    def column(self, name: str) -> int:
        texts = [cell.value for cell in self.sheet[1]]
        return texts.index(headings()[name]) + 1

    def find(self, row: int, name: str) -> Any:  # noqa: ANN401 - a cell, merged or not
        return self.sheet.cell(row, self.column(name))

    def fill(self, row: int, **words: object) -> str:
        """Write into a row; return the finding's id."""
        for name, word in words.items():
            self.find(row, name).value = word
            if isinstance(word, str):
                self.find(row, name).data_type = "s"
        return str(self.find(row, "id").value)

    def address(self, row: int, name: str) -> str:
        return str(self.find(row, name).coordinate)

    def rows(self) -> list[list[object]]:
        return [list(row) for row in self.sheet.iter_rows(values_only=True)]

    def rewrite(self, rows: list[list[object]]) -> None:
        """Put other rows in place of all."""
        self.sheet.delete_rows(1, self.sheet.max_row)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                _put(self.sheet, number, column, value)

    def save(self, path: Path | None = None) -> Path:
        self.book.save(path or self.path)
        return path or self.path


def _put(sheet: Worksheet, row: int, column: int, value: Any) -> None:  # noqa: ANN401 - what a cell holds
    """Put a value into a cell; a text stays text, whatever it begins with."""
    cell: Any = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"


def open_sheet(reports: Path) -> Sheet:
    return Sheet(reports / "findings.xlsx")


def get_words(previous: Previous) -> dict[str, tuple[str, ...]]:
    """Return what owners said by finding, where they said anything."""
    rows = previous.findings[["id", *WORDS]].itertuples(index=False, name=None)
    return {row[0]: row[1:] for row in rows if any(row[1:])}


def list_problems(previous: Previous) -> list[tuple[str, ...]]:
    rows = previous.problems[["sheet", "cell", "what"]]
    return list(rows.itertuples(index=False, name=None))


def why(path: Path) -> str:
    with pytest.raises(ropa.InputError) as caught:
        read_previous(path)
    line = str(caught.value)
    assert line.isprintable()
    name, _, rest = line.partition(": ")
    assert name in (path.name, f"{path.name}/findings.xlsx", f"{path.name}/findings.json")
    return rest


def append(sheet: Sheet, **words: object) -> int:
    row = int(sheet.sheet.max_row) + 1
    for name, word in words.items():
        _put(sheet.sheet, row, sheet.column(name), word)
    return row


def copy_row(sheet: Sheet, row: int, **words: object) -> int:
    values = sheet.rows()[row - 1]
    new = int(sheet.sheet.max_row) + 1
    for column, value in enumerate(values, start=1):
        _put(sheet.sheet, new, column, value)
    sheet.fill(new, **words)
    return new
