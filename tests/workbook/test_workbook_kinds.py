"""What a file holds decides over its extension, where that is plain."""

from __future__ import annotations

from pathlib import Path

import pytest
from open_document_parts import content, pack_document, string, table
from open_document_parts import row as document_row
from workbook_parts import cell, members, pack, row, sheet_part

from ropa.errors import InputError
from ropa.workbook import find_workbooks, read_workbook
from ropa.workbook.files import READABLE
from ropa.workbook.kinds import Kind, find_kind

SUFFIXES = pytest.mark.parametrize("suffix", READABLE)


@SUFFIXES
def test_a_workbook_under_any_extension(tmp_path: Path, suffix: str) -> None:
    path = pack(tmp_path / f"register{suffix}", members(sheet_part(row(1, cell("A1", "1")))))
    (sheet,) = read_workbook(path).sheets
    assert (sheet.name, sheet.text(1, 1)) == ("S1", "1")


@SUFFIXES
def test_an_open_document_under_any_extension(tmp_path: Path, suffix: str) -> None:
    part = content(table(document_row(string("x")), name="Register"))
    (sheet,) = read_workbook(pack_document(tmp_path / f"register{suffix}", part)).sheets
    assert (sheet.name, sheet.text(1, 1)) == ("Register", "x")


@SUFFIXES
def test_text_is_a_table_under_its_own_extensions_only(tmp_path: Path, suffix: str) -> None:
    (path := tmp_path / f"register{suffix}").write_text("Activity;Purpose\nPayroll;Pay\n")
    if suffix in (".csv", ".tsv"):
        assert read_workbook(path).sheets[0].text(2, 2) == "Pay"
    else:
        with pytest.raises(InputError, match="but plain text, such as CSV, under its extension; "):
            read_workbook(path)


@SUFFIXES
@pytest.mark.parametrize("data", [b"<html><table><tr>", b"\x89PNG\r\n", b"%PDF-1.7"])
def test_other_things_under_any_extension(tmp_path: Path, suffix: str, data: bytes) -> None:
    (path := tmp_path / f"register{suffix}").write_bytes(data)
    with pytest.raises(InputError, match=r"not a workbook but .*; "):
        read_workbook(path)


def test_an_archive_of_both_kinds_is_a_workbook(tmp_path: Path) -> None:
    parts = members(sheet_part(row(1, cell("A1", "1")))) | {"content.xml": b"x"}
    data = pack(tmp_path / "both.ods", parts).read_bytes()
    assert find_kind(data, ".ods") is Kind.WORKBOOK


def test_find_workbooks_takes_every_kind_that_can_be_read(tmp_path: Path) -> None:
    for suffix in (*READABLE, ".fods", ".txt", ".docx"):
        (tmp_path / f"register{suffix}").write_bytes(b"")
    found = {path.suffix for path in find_workbooks(tmp_path)}
    assert found == {*READABLE, ".fods"}


def test_a_folder_without_workbooks_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"give \.xlsx, .*\.ods, \.csv or \.tsv files$"):
        find_workbooks(tmp_path)
