"""OpenDocument files that cannot or must not be read end in one line."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from open_document_parts import (
    MIMETYPE,
    SPACES,
    blank,
    content,
    pack_document,
    raw,
    row,
    string,
    table,
)
from refused_files import why
from workbook_parts import pack

from ropa.errors import InputError
from ropa.workbook import limits, read_workbook

GOOD = content(table(row(string("x"))))
DOCTYPES = {
    "entities": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
    "external": '<!DOCTYPE x SYSTEM "file:///etc/hostname">',
}


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("part", ["content.xml", "styles.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_in_content(tmp_path: Path, doctype: str, part: str, encoding: str) -> None:
    head = "" if encoding == "utf-8" else '<?xml version="1.0" encoding="UTF-16"?>'
    parts = {"content.xml": GOOD, "styles.xml": content("")}
    parts[part] = (head + DOCTYPES[doctype] + parts[part].decode()).encode(encoding)
    path = pack(tmp_path / "dtd.ods", {"mimetype": MIMETYPE, **parts})
    assert "document type declaration" in why(path)


def test_an_encrypted_document(tmp_path: Path) -> None:
    manifest = (
        f'<manifest:manifest xmlns:manifest="{SPACES["manifest"]}"><manifest:file-entry '
        'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
        "</manifest:manifest>"
    )
    others = {"META-INF/manifest.xml": manifest.encode()}
    path = pack_document(tmp_path / "locked.ods", b"\x93\x01\x77", others)
    assert why(path).startswith("the workbook is encrypted; open it, remove the password")


def test_a_document_that_is_encrypted_as_a_whole(tmp_path: Path) -> None:
    path = pack(tmp_path / "locked.ods", {"mimetype": MIMETYPE, "encrypted-package": b"\x93\x01"})
    assert why(path).startswith("the workbook is encrypted; open it, remove the password")


def test_a_manifest_that_encrypts_nothing_is_no_obstacle(tmp_path: Path) -> None:
    manifest = b'<!DOCTYPE m PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><m/>'
    path = pack_document(tmp_path / "old.ods", GOOD, {"META-INF/manifest.xml": manifest})
    assert read_workbook(path).sheets[0].text(1, 1) == "x"


@pytest.mark.parametrize(
    ("body", "what"), [("text", "a text document"), ("presentation", "a presentation")]
)
def test_other_open_documents(tmp_path: Path, body: str, what: str) -> None:
    mimetype = f"application/vnd.oasis.opendocument.{body}".encode()
    path = pack(
        tmp_path / "letter.ods",
        {"mimetype": mimetype, "content.xml": content("<text:p>x</text:p>", body=body)},
    )
    assert f"no spreadsheet but {what}" in why(path)


def test_a_document_without_a_sheet(tmp_path: Path) -> None:
    assert "it has no sheet" in why(pack_document(tmp_path / "none.ods", content("")))


DAMAGED = {
    "cut": GOOD[:-30],
    "no xml": b"nothing",
    "not utf-8": GOOD.replace(b">x<", b">\xff<"),
    "an undefined entity": GOOD.replace(b">x<", b">&nbsp;<"),
    "a count of no number": content(table(row(raw(repeat=2).replace('"2"', '"x"'), string("x")))),
    "a count of nothing": content(table(row(raw(repeat=2).replace('"2"', '"0"'), string("x")))),
    "a negative count": content(table(row(string("x"), repeat=2).replace('"2"', '"-2"'))),
    "a row past the end": content(table(row(blank(), repeat=1_048_576) + row(string("x")))),
    "a column past the end": content(table(row(blank(16_384), string("x")))),
    "a range past the end": content(
        table(row(blank(16_384), raw(attributes=' table:number-rows-spanned="2"')))
    ),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_content(tmp_path: Path, case: str) -> None:
    path = pack_document(tmp_path / "damaged.ods", DAMAGED[case])
    assert "damaged; open it in Excel and save it again" in why(path)


def test_every_flipped_byte_of_a_document_ends_in_a_line_or_in_the_same_text(
    tmp_path: Path,
) -> None:
    path = pack_document(tmp_path / "flipped.ods", GOOD)
    data = path.read_bytes()
    outcomes = set()
    for place in range(0, len(data), 3):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            outcomes.add(read_workbook(path).sheets[0].text(1, 1))
        except InputError as error:
            outcomes.add(str(error).partition(": ")[0])
    assert outcomes == {"x", "flipped.ods"}


def test_a_far_cell_of_a_document(tmp_path: Path) -> None:
    rows = row(string("x")) + row(blank(), repeat=1_048_574) + row(blank(16_383), string("y"))
    path = pack_document(tmp_path / "far.ods", content(table(rows)))
    assert path.stat().st_size < 2_000
    assert "sheet 'S1': its cells reach as far as XFD1048576" in why(path)


@pytest.mark.parametrize("repeat", [(16_384, 1_048_576), (999_999_999, 1), (1, 999_999_999)])
def test_a_value_that_repeats_over_the_whole_sheet(tmp_path: Path, repeat: tuple[int, int]) -> None:
    columns, rows = repeat
    rows_ = row(raw("<text:p>x</text:p>", repeat=columns), repeat=rows)
    rest = why(pack_document(tmp_path / "filled.ods", content(table(rows_))))
    assert "repeats cells more often" in rest or "cells are damaged" in rest


def test_a_repeated_value_counts_as_often_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_AREA", 200)
    for times, fits in ((20, True), (21, False)):
        rows = row(raw("<text:p>x</text:p>", repeat=10), repeat=times)
        path = pack_document(tmp_path / "filled.ods", content(table(rows)))
        if fits:
            assert read_workbook(path).sheets[0].rows == 20
        else:
            assert "repeats cells more often" in why(path)


@pytest.mark.parametrize(
    "attributes",
    [
        ' table:formula="of:=1"',
        ' table:formula="of:=1" office:value-type="string" calcext:value-type="error"',
        ' table:number-rows-spanned="1" table:number-columns-spanned="2"',
    ],
)
def test_marks_that_repeat_are_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attributes: str
) -> None:
    monkeypatch.setattr(limits, "MAX_MARKS", 100)
    for times, fits in ((100, True), (101, False)):
        rows = row(raw("", attributes), repeat=times) + row(string("x"))
        path = pack_document(tmp_path / "marked.ods", content(table(rows)))
        if fits:
            assert read_workbook(path).sheets[0].rows == 101
        else:
            assert "repeats cells more often" in why(path)


def test_spaces_that_are_counted_to_no_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_TEXT", 10_000)
    spaces = '<text:s text:c="900"/>' * 12
    path = pack_document(tmp_path / "spaces.ods", content(table(row(string(spaces)))))
    assert "GB of text" in why(path)


def test_sheets_of_a_document_that_are_too_large_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_AREA", 200)
    corner = row(blank(10), repeat=9) + row(blank(9), string("x"))
    tables = "".join(table(corner, name=f"S{number}") for number in (1, 2, 3))
    path = pack_document(tmp_path / "three.ods", content(tables))
    assert "sheet 'S3': with the sheets before it" in why(path)


def test_a_document_that_is_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", MIMETYPE)
        with file.open("content.xml", "w", force_zip64=True) as member:
            for _ in range(600):
                member.write(b" " * 2**20)
    assert "inflates to more than 512 MB" in why(path)


def test_a_truncated_document(tmp_path: Path) -> None:
    path = pack_document(tmp_path / "cut.ods", GOOD)
    path.write_bytes(path.read_bytes()[:-40])
    assert "damaged or cut short" in why(path)
