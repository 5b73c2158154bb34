"""What cannot or must not be read ends in one line: what, where, what to do."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from workbook_parts import (
    MAIN,
    cell,
    links_part,
    members,
    pack,
    row,
    sheet_part,
    strings_part,
)

from ropa.errors import InputError
from ropa.workbook import find_workbooks, limits, read_workbook
from ropa.workbook.preflight import preflight

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
GOOD = sheet_part(row(1, cell("A1", "1")))
FAR = sheet_part(row(1, cell("A1", "1")) + row(1_048_576, cell("XFD1048576", "1")))


def why(path: Path, *, file: str = "") -> str:
    """Return the error's line without the file's name, after checking its form."""
    with pytest.raises(InputError) as caught:
        read_workbook(path, file=file)
    line = str(caught.value)
    assert line.isprintable()
    assert str(path.parent) not in line
    name, _, rest = line.partition(": ")
    assert name == (file or path.name)
    assert "; " in rest, "the line must say what to do"
    return rest


def write(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


def write_members(**parts: bytes) -> Callable[[Path], object]:
    return lambda path: pack(path, parts)


WRONG_CONTENTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (write(b""), "the file is empty (0 bytes)"),
    "picture": (write(b"\x89PNG\r\n\x1a\n" + bytes(99)), "not a workbook but a PNG picture"),
    "photograph": (write(b"\xff\xd8\xff\xe0" + bytes(99)), "not a workbook but a JPEG picture"),
    "document": (write(b"%PDF-1.7\n"), "not a workbook but a PDF document"),
    "csv": (write(b"Activity;Purpose\nPayroll;Pay\n"), "but plain text, such as CSV, under"),
    "utf-16 csv": (write("Activity;Purpose\n".encode("utf-16")), "not a workbook but plain text"),
    "html": (write(b"\xef\xbb\xbf\n<html><table>"), "not a workbook but HTML or XML text"),
    "noise": (write(bytes(range(256)) * 8), "not a workbook (its first bytes are unknown)"),
    "old": (write(OLE + "Workbook".encode("utf-16-le")), "the workbook is damaged; open it"),
    "older": (write(OLE + "Book".encode("utf-16-le")), "the workbook is damaged; open it"),
    "old document": (
        write(OLE + "Workbook WordDocument".encode("utf-16-le")),
        "an old Office file and no workbook",
    ),
    "old office": (write(OLE + bytes(504)), "an old Office file and no workbook"),
    "encrypted": (
        write(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le")),
        "the workbook is encrypted; open it, remove the password",
    ),
    "empty zip": (write(b"PK\x05\x06" + bytes(18)), "not a workbook but an empty archive"),
    "zip": (write_members(**{"a.txt": b"x"}), "an archive without a workbook"),
    "word": (write_members(**{"word/document.xml": b"x"}), "a Word document"),
    "slides": (write_members(**{"ppt/presentation.xml": b"x"}), "a PowerPoint presentation"),
    "ods": (write_members(mimetype=b"x", **{"content.xml": b"x"}), "its XML is damaged; open it"),
    "xlsb": (
        write_members(**{
            "_rels/.rels": links_part(("officeDocument", "w", "xl/workbook.bin")),
            "xl/workbook.bin": b"x",
        }),
        "the workbook is damaged; open it",
    ),
    "word with relations": (
        write_members(**{
            "_rels/.rels": links_part(("officeDocument", "w", "word/document.xml")),
            "word/document.xml": b"<x/>",
        }),
        "a Word document",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_CONTENTS)
def test_contents_that_are_no_workbook(tmp_path: Path, case: str) -> None:
    make, expected = WRONG_CONTENTS[case]
    make(path := tmp_path / "register.xlsx")
    assert expected in why(path)


def test_a_missing_file(tmp_path: Path) -> None:
    assert why(tmp_path / "gone.xlsx") == "there is no such file; check the path"
    (tmp_path / "file").write_text("x")
    assert "there is no such file" in why(tmp_path / "file" / "gone.xlsx")


def test_a_name_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        read_workbook(tmp_path / "nul\0.xlsx")
    with pytest.raises(InputError, match="cannot be opened"):
        read_workbook(tmp_path / ("n" * 300 + ".xlsx"))


def test_the_given_name_is_shown_on_one_line(tmp_path: Path) -> None:
    assert why(tmp_path / "gone.xlsx", file="2026/gone.xlsx").startswith("there is no such file")
    with pytest.raises(InputError) as caught:
        read_workbook(tmp_path / "two\nlines.xlsx")
    assert str(caught.value).startswith("two?lines.xlsx: ")


def test_a_folder(tmp_path: Path) -> None:
    (folder := tmp_path / "registers.xlsx").mkdir()
    assert why(folder) == "this is a folder; give the workbooks in it"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes in the file system are Unix")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(path := tmp_path / "pipe.xlsx")
    assert "this is no regular file" in why(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="devices as files are Unix")
def test_a_device_is_not_read(tmp_path: Path) -> None:
    (path := tmp_path / "endless.xlsx").symlink_to("/dev/zero")
    assert "this is no regular file" in why(path)


def test_a_file_that_became_a_pipe_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("pipes in the file system are Unix")
    pack(path := tmp_path / "swapped.xlsx", members(GOOD))
    os.mkfifo(pipe := tmp_path / "pipe")
    opened = os.open
    monkeypatch.setattr(os, "open", lambda _path, flags: opened(pipe, flags))
    assert "this is no regular file" in why(path)


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(path := tmp_path / "locked.xlsx", members(GOOD))

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert why(path) == "no permission to read it; change the file's permissions"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("register", "the name has no extension"),
        ("register.txt", ".txt is no workbook's extension"),
        ("register.xlt", ".xlt files cannot be read yet; save it as .xlsx"),
        ("register.FODS", ".fods files cannot be read yet; save it as .xlsx"),
        ("register.numbers", ".numbers files cannot be read yet; save it as .xlsx"),
    ],
)
def test_other_extensions(tmp_path: Path, name: str, expected: str) -> None:
    pack(path := tmp_path / name, members(GOOD))
    assert expected in why(path)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(path := tmp_path / "large.xlsx", members(GOOD))
    monkeypatch.setattr(limits, "MAX_FILE", 2**10)
    assert "the file is larger than" in why(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_truncated_archive(tmp_path: Path, share: float) -> None:
    pack(path := tmp_path / "cut.xlsx", members(GOOD, strings=strings_part("<t>x</t>")))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert "damaged or cut short" in why(path)


def test_every_flipped_byte_ends_in_a_line_or_in_the_same_text(tmp_path: Path) -> None:
    """No damage may end in a traceback, whatever byte it hits."""
    pack(path := tmp_path / "flipped.xlsx", members(GOOD, strings=strings_part("<t>x</t>")))
    data = path.read_bytes()
    outcomes = set()
    for place in range(0, len(data), 7):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        try:
            outcomes.add(read_workbook(path).sheets[0].text(1, 1))
        except InputError as error:
            outcomes.add(str(error).partition(": ")[0])
    assert outcomes == {"1", "flipped.xlsx"}


def test_an_encrypted_archive(tmp_path: Path) -> None:
    pack(path := tmp_path / "locked.xlsx", members(GOOD))
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1  # general purpose flags of the first directory entry
    path.write_bytes(data)
    assert "the archive is encrypted" in why(path)


def test_an_unusual_compression(tmp_path: Path) -> None:
    path = tmp_path / "packed.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as file:
        for name, part in members(GOOD).items():
            file.writestr(name, part)
    assert "packed in an unusual way" in why(path)


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "XL/Worksheets/Sheet1.xml"])
def test_two_members_of_one_name(tmp_path: Path, name: str) -> None:
    """Readers differ in which of the two they take, so neither is taken."""
    pack(path := tmp_path / "double.xlsx", members(GOOD))
    with zipfile.ZipFile(path, "a") as file, pytest.warns() if name.islower() else nothing():
        file.writestr(name, FAR)
    assert "two members of one name" in why(path)


class nothing:  # noqa: N801 - a context manager in a condition
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def test_an_archive_with_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PARTS", 50)
    extra = {f"media/{number}": b"" for number in range(60)}
    path = pack(tmp_path / "many.xlsx", members(GOOD) | extra)
    assert "more than 50 members" in why(path)


def test_a_member_that_would_be_written_elsewhere_is_only_a_name(tmp_path: Path) -> None:
    parts = members(GOOD) | {"../../escaped.txt": b"x", "/escaped.txt": b"x"}
    (folder := tmp_path / "a" / "b").mkdir(parents=True)
    path = pack(folder / "outside.xlsx", parts)
    before = sorted(tmp_path.rglob("*"))
    assert read_workbook(path).sheets[0].text(1, 1) == "1"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_target_outside_the_archive_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_bytes(GOOD)
    parts = members(GOOD)
    links = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = links.replace(
        b"worksheets/sheet1.xml", b"../../../secret.xml"
    )
    assert "cells are damaged" in why(pack(tmp_path / "reaching.xlsx", parts))


def test_an_external_sheet_is_no_sheet(tmp_path: Path) -> None:
    parts = members(GOOD)
    links = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = links.replace(
        b'Id="s1"', b'Id="s1" TargetMode="External"'
    )
    assert "it has no worksheet" in why(pack(tmp_path / "external.xlsx", parts))


def test_a_bomb_by_its_declared_size(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in members(GOOD).items():
            file.writestr(name, part)
        with file.open("xl/media/image1.png", "w", force_zip64=True) as member:
            for _ in range(600):
                member.write(bytes(2**20))
    assert path.stat().st_size < 2**20
    assert "inflates to more than 512 MB" in why(path)


def test_a_bomb_by_its_ratio(tmp_path: Path) -> None:
    padded = GOOD.replace(b"</worksheet>", b" " * 40 * 2**20 + b"</worksheet>")
    path = pack(tmp_path / "ratio.xlsx", members(padded))
    assert "inflates to more than 200 times its size" in why(path)


@pytest.mark.parametrize("claimed", [10, len(GOOD) - 1, len(GOOD) + 1])
@pytest.mark.parametrize("forge_checksum", [False, True])
def test_a_member_that_lies_about_its_size(
    tmp_path: Path, claimed: int, *, forge_checksum: bool
) -> None:
    """The directory claims another size than the member inflates to."""
    name = "xl/worksheets/sheet1.xml"
    pack(path := tmp_path / "lying.xlsx", members(GOOD))
    with zipfile.ZipFile(path) as file:
        info = file.getinfo(name)
    checksum = zlib.crc32(GOOD[:claimed]) if forge_checksum else info.CRC
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02"))
    while data[entry + 46 : entry + 46 + len(name)] != name.encode():
        entry = data.index(b"PK\x01\x02", entry + 1)
    struct.pack_into("<L", data, entry + 16, checksum)
    struct.pack_into("<L", data, entry + 24, claimed)
    path.write_bytes(data)
    assert "damaged" in why(path)


def test_a_bomb_that_declares_little_is_read_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "xl/sharedStrings.xml"
    pack(path := tmp_path / "hidden-bomb.xlsx", members(GOOD, strings=bytes(64 * 2**20)))
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    while data[entry + 46 : entry + 46 + len(name)] != name.encode():
        entry = data.index(b"PK\x01\x02", entry + 1)
    struct.pack_into("<L", data, entry + 24, 100)
    path.write_bytes(data)
    taken: list[int] = []
    read = zipfile.ZipExtFile.read

    def note(member: zipfile.ZipExtFile, size: int = -1) -> bytes:
        data = read(member, size)
        taken.append(len(data))
        return data

    monkeypatch.setattr(zipfile.ZipExtFile, "read", note)
    assert "damaged" in why(path)
    assert max(taken) <= 2**20


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
DOCTYPES = {"entities": ENTITIES, "external": '<!DOCTYPE x SYSTEM "file:///etc/hostname">'}


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize(
    "part",
    [
        *("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"),
        *("_rels/.rels", "xl/_rels/workbook.xml.rels"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_are_refused(tmp_path: Path, doctype: str, part: str, encoding: str) -> None:
    parts = members(GOOD, strings=strings_part("<t>x</t>"))
    head = "" if encoding == "utf-8" else '<?xml version="1.0" encoding="UTF-16"?>'
    parts[part] = (head + DOCTYPES[doctype] + parts[part].decode()).encode(encoding)
    assert "document type declaration" in why(pack(tmp_path / "dtd.xlsx", parts))


def read_in_a_process(path: Path) -> tuple[int, str, str]:
    program = (
        "import sys; from pathlib import Path; from ropa.errors import InputError\n"
        "from ropa.workbook import read_workbook\n"
        "try: print(read_workbook(Path(sys.argv[1])).sheets[0].text(1, 1))\n"
        "except InputError as error: print(error); sys.exit(2)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_a_far_cell_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The fast reader would end the process; the process must end by itself, with the line."""
    path = pack(tmp_path / "far.xlsx", members(FAR))
    assert path.stat().st_size < 5_000
    line = (
        "far.xlsx: sheet 'S1': its cells reach as far as XFD1048576, more cells than the 27 "
        "million that can be read; delete the stray cells far from the rest\n"
    )
    assert read_in_a_process(path) == (2, line, "")


@pytest.mark.parametrize("after", [False, True])
def test_far_cells_of_another_namespace_are_no_cells(tmp_path: Path, *, after: bool) -> None:
    """The fast reader goes by names alone and would take them for the sheet's."""
    other = FAR.decode().partition(">")[2].rpartition("<")[0]
    other = other.replace("</", "\0").replace("<", "<z:").replace("\0", "</z:")
    other = f'<z:w xmlns:z="http://example.org/z">{other}</z:w>'
    part = sheet_part(row(1, cell("A1", "1")), **{"after" if after else "before": other})
    path = pack(tmp_path / "foreign.xlsx", members(part))
    assert read_in_a_process(path) == (0, "1\n", "")


FAR_FORMS = {
    "shared string": cell("XFD1048576", "0", "s"),
    "inline": '<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>',
    "error": cell("XFD1048576", "#REF!", "e"),
    "formula": '<c r="XFD1048576"><f>A1</f></c>',
    "two letters": cell("ZZ1048576", "1"),
    "two letters, shared string": cell("ZZ1048576", "0", "s"),
    "in the wrong row": '</row><row r="2">' + cell("XFD1048576", "1"),
    "prefixed": "",
}


@pytest.mark.parametrize("form", FAR_FORMS)
def test_a_far_cell_of_any_form(tmp_path: Path, form: str) -> None:
    part = sheet_part(row(1, cell("A1", "1"), FAR_FORMS[form], cell("A3", "1")))
    if form == "prefixed":
        part = FAR.replace(b"<c ", b"<x:c ").replace(b"</c>", b"</x:c>")
        part = part.replace(b"<worksheet", f'<worksheet xmlns:x="{MAIN}"'.encode())
    path = pack(tmp_path / "far.xlsx", members(part, strings=strings_part("<t>x</t>")))
    assert "its cells reach as far as" in why(path)


@pytest.mark.parametrize("place", ["A1048577", "XFE1", "A0", "1", "A", "AAAA1", "A9999999"])
def test_cells_outside_a_sheet(tmp_path: Path, place: str) -> None:
    path = pack(tmp_path / "outside.xlsx", members(sheet_part(row(1, cell(place, "1")))))
    assert why(path).startswith("sheet 'S1': its cells are damaged")


def test_sheets_that_are_too_large_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_AREA", 200)
    corner = sheet_part(row(10, cell("J10", "1")))
    assert len(read_workbook(pack(tmp_path / "two.xlsx", members(corner, corner))).sheets) == 2
    path = pack(tmp_path / "three.xlsx", members(corner, corner, corner))
    assert "sheet 'S3': with the sheets before it" in why(path)


@pytest.mark.parametrize("thorough", [False, True])
def test_one_long_text_in_very_many_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, thorough: bool
) -> None:
    monkeypatch.setattr(limits, "MAX_TEXT", 50_000)
    rows = "".join(row(n, cell(f"A{n}", "0", "s")) for n in range(1, 101))
    part = sheet_part(rows)
    if thorough:
        part = part.replace(b"<row", b"\n<row")
    for length, fits in ((400, True), (600, False)):
        strings = strings_part(f"<t>{'x' * length}</t>", f"<t>{'y' * 1000}</t>")
        path = pack(tmp_path / "text.xlsx", members(part, strings=strings))
        if fits:
            assert read_workbook(path).sheets[0].rows == 100
        else:
            assert "GB of text" in why(path)


DAMAGED_SHEETS = {
    "cut": GOOD[:-20],
    "no xml": b"nothing",
    "not utf-8": GOOD.replace(b'<c r="A1">', b'<c r="A1" t="str">').replace(b"1</v>", b"\xff</v>"),
    "a control character": GOOD.replace(b'<c r="A1">', b'<c r="A1" t="str">').replace(
        b"1</v>", b"\x01</v>"
    ),
    "an undefined entity": GOOD.replace(b"1</v>", b"&nbsp;</v>"),
    "no character": GOOD.replace(b"<v>1", b"<v>&#0;"),
    "another root": GOOD.replace(b"worksheet", b"chartsheet"),
    "a string that is not there": GOOD.replace(b'"A1"', b'"A1" t="s"'),
    "a string of no number": GOOD.replace(b'"A1"', b'"A1" t="s"').replace(b"1</v>", b"x</v>"),
    "a merged range of nothing": GOOD.replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="x"/></mergeCells>'
    ),
}


@pytest.mark.parametrize("strings", [None, strings_part("<t>x</t>")])
@pytest.mark.parametrize("case", DAMAGED_SHEETS)
def test_damaged_sheets(tmp_path: Path, case: str, strings: bytes | None) -> None:
    path = pack(tmp_path / "damaged.xlsx", members(DAMAGED_SHEETS[case], strings=strings))
    assert "damaged; open it in Excel and save it again" in why(path)


@pytest.mark.parametrize("gone", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "_rels/.rels"])
def test_missing_members(tmp_path: Path, gone: str) -> None:
    parts = members(GOOD)
    del parts[gone]
    why(pack(tmp_path / "holes.xlsx", parts))


def test_a_workbook_without_worksheets(tmp_path: Path) -> None:
    assert "it has no worksheet" in why(pack(tmp_path / "none.xlsx", members()))


def test_one_part_under_the_names_of_many_sheets(tmp_path: Path) -> None:
    """It would be inflated once a sheet, past every limit."""
    parts = members(GOOD, GOOD)
    links = parts["xl/_rels/workbook.xml.rels"]
    parts["xl/_rels/workbook.xml.rels"] = links.replace(b"sheet2.xml", b"../worksheets/SHEET1.xml")
    assert "two of its sheets are one part" in why(pack(tmp_path / "shared.xlsx", parts))


def test_styles_are_not_needed(tmp_path: Path) -> None:
    parts = members(GOOD)
    del parts["xl/styles.xml"]
    assert read_workbook(pack(tmp_path / "bare.xlsx", parts)).sheets[0].text(1, 1) == "1"


def test_the_memory_of_a_small_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("ropa.workbook.preflight.open_archive", refuse)
    assert "memory of this machine" in why(pack(tmp_path / "big.xlsx", members(GOOD)))


def test_a_failing_fast_reader_is_not_the_last_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Panic(BaseException):
        """As the Rust reader panics: no Exception."""

    def panic(*_: object) -> None:
        raise Panic

    monkeypatch.setattr("ropa.workbook.assembly._read_fast", panic)
    part = sheet_part(row(2, cell("B2", "0", "s"), cell("C2", "0.5")))
    path = pack(tmp_path / "panic.xlsx", members(part, strings=strings_part("<t>_x000D_</t>")))
    sheet = read_workbook(path).sheets[0]
    assert (sheet.text(2, 2), sheet.text(2, 3)) == ("_x000D_", "0.5")


def test_preflight_says_the_same_without_reading(tmp_path: Path) -> None:
    path = pack(tmp_path / "far.xlsx", members(FAR))
    with pytest.raises(InputError) as caught:
        preflight(path.read_bytes())
    assert str(caught.value) == why(path)


def test_find_workbooks_in_a_folder(tmp_path: Path) -> None:
    for name in ("b.xlsx", "A.XLSM", "~$b.xlsx", ".hidden.xlsx", "notes.md", "old.xls", "list.csv"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "folder.xlsx").mkdir()
    assert [path.name for path in find_workbooks(tmp_path)] == [
        *("A.XLSM", "b.xlsx", "list.csv", "old.xls"),
    ]


def test_find_workbooks_of_a_file(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(path := tmp_path / "one.xlsx")
    assert find_workbooks(path) == (path,)


def test_find_workbooks_where_there_are_none(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x")
    with pytest.raises(InputError, match=r"no workbook lies in this folder; give \.xlsx"):
        find_workbooks(tmp_path)
    with pytest.raises(InputError, match="gone: there is no such file; check the path"):
        find_workbooks(tmp_path / "gone")
