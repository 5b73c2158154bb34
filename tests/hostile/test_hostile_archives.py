"""Archives made to do harm: bombs, entities, paths, names, relationships, damage."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import open_document_parts as ods
import pytest
from hostile_registers import (
    AS_EVER,
    document,
    grid,
    inline,
    parts,
    repack,
    save,
    save_document,
    save_sheet,
    shared,
    with_texts,
)
from hostile_runs import Case, Refused, Run
from quine_archive import build_quine
from workbook_parts import LINKS, OFFICE, cell, members, pack, row, sheet_part

SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK_LINKS = "xl/_rels/workbook.xml.rels"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]>"
)
OUTSIDE = '<!DOCTYPE x SYSTEM "file:///etc/hostname" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
PARAMETERS = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://example.org/x.dtd"> %p;]>'
DOCTYPES = {"laughs": LAUGHS, "outer entity": OUTSIDE, "outer parameter": PARAMETERS}
XML_PARTS = (
    *("xl/workbook.xml", SHEET, "xl/sharedStrings.xml", "xl/styles.xml"),
    *("[Content_Types].xml", "_rels/.rels", WORKBOOK_LINKS),
)
NO_DOCTYPE = Refused("document type declaration")


def noise(length: int) -> str:
    """Return letters that hardly compress, always the same."""
    text = "".join(
        hashlib.sha512(number.to_bytes(4, "big")).hexdigest() for number in range(length // 128 + 1)
    )
    return text[:length]


def edit(part: str, make: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    """Return what writes the workbook with one part changed."""

    def write(folder: Path) -> Path:
        content = parts()
        content[part] = make(content[part])
        return save(folder, content)

    return write


def point_outside(target: str) -> Callable[[bytes], bytes]:
    """Return what makes a relation of the sheet's lead somewhere else."""
    there = f'Target="{target}" TargetMode="External"'.encode()
    return lambda data: data.replace(b'Target="worksheets/sheet1.xml"', there)


def add(more: Callable[[], Mapping[str, bytes]]) -> Callable[[Path], Path]:
    """Return what writes the workbook with further parts."""
    return lambda folder: save(folder, {**parts(), **more()})


def entities(part: str, doctype: str) -> Callable[[Path], Path]:
    """Return what writes the workbook with a document type in one part, and its entity used."""

    def declare(data: bytes) -> bytes:
        name = {"laughs": b"&j;", "outer entity": b"&x;"}.get(doctype, b"")
        text = data.replace(b"<t>Payroll</t>", b"<t>" + name + b"</t>")
        return DOCTYPES[doctype].encode() + text

    return edit(part, declare)


def document_entities(part: str, doctype: str) -> Callable[[Path], Path]:
    """Return the same for an OpenDocument spreadsheet."""

    def write(folder: Path) -> Path:
        manifest = (
            f'<manifest:manifest xmlns:manifest="{ods.SPACES["manifest"]}"><manifest:file-entry '
            'manifest:full-path="/" manifest:media-type="x"/></manifest:manifest>'
        )
        content = {
            "mimetype": ods.MIMETYPE,
            "content.xml": document(),
            "styles.xml": ods.common_styles(""),
            "META-INF/manifest.xml": manifest.encode(),
        }
        content[part] = DOCTYPES[doctype].encode() + content[part]
        return pack(folder / "register.ods", content)

    return write


def write_quine(folder: Path) -> Path:
    """Write an archive whose only member is the archive, however often it is unpacked."""
    data = build_quine()
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.read(file.namelist()[0]) == data
    (path := folder / "register.xlsx").write_bytes(data)
    return path


def add_quine(folder: Path) -> Path:
    return save(folder, parts() | {"xl/embeddings/inner.zip": build_quine()})


def write_nested(folder: Path) -> Path:
    """Write archives in archives, ten in each, down to gigabytes that nobody unpacks."""
    data = bytes(10 * 2**20)
    for _ in range(6):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as file:
            for number in range(10):
                file.writestr(f"{number}.zip", data)
        data = inner.getvalue()
    return save(folder, parts() | {"xl/embeddings/inner.zip": data})


def write_itself(folder: Path) -> Path:
    """Write an archive that holds itself, forty deep."""
    path = save(folder, parts())
    for _ in range(40):
        save(folder, parts() | {"xl/embeddings/register.xlsx": path.read_bytes()})
    return path


def write_overlapping(folder: Path) -> Path:
    """Write a directory whose thousand members are one run of bytes."""
    path = save(folder, parts())
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/media/0", bytes(400_000))
        (shared,) = [one for one in file.infolist() if one.filename == "xl/media/0"]
        for number in range(1, 1000):
            info = zipfile.ZipInfo(f"xl/media/{number}")
            for one in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(info, one, getattr(shared, one))
            file.filelist.append(info)
            file.NameToInfo[info.filename] = info
    return path


def write_overlapping_sheets(folder: Path) -> Path:
    """Write a directory in which one run of bytes is a hundred sheets."""
    content = members(*[sheet_part(grid())] * 100)
    path = save(folder, {one: data for one, data in content.items() if "sheets/" not in one})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr(SHEET, content[SHEET])
        shared = file.getinfo(SHEET)
        for number in range(2, 101):
            info = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml")
            for one in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(info, one, getattr(shared, one))
            file.filelist.append(info)
            file.NameToInfo[info.filename] = info
    return path


def write_twice(name: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = save(folder, parts())
        other = sheet_part(row(1, cell("A1", "1")))
        data = path.read_bytes()
        stand_in = name.replace("sheet1", "sheet2")
        path.write_bytes(data)
        repack(path, [(stand_in, other)])
        path.write_bytes(path.read_bytes().replace(stand_in.encode(), name.encode()))
        return path

    return write


def cut(share: float, kind: str = "xlsx") -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = save(folder, parts()) if kind == "xlsx" else save_document(folder, document())
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        return path

    return write


def link(data: bytes) -> Callable[[bytes], bytes]:
    """Return what adds a relationship at the end of its part."""
    return lambda part: part.replace(b"</Relationships>", data + b"</Relationships>")


def outer(kind: str, target: str, name: str = "x1") -> bytes:
    return (
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}" '
        'TargetMode="External"/>'
    ).encode()


def write_sheet_links(folder: Path) -> Path:
    """Write hyperlinks, a drawing and printer settings that lie outside."""
    head = f'<Relationships xmlns="{LINKS}">'.encode()
    links = (
        head
        + b"".join(
            outer(kind, target, name)
            for kind, target, name in (
                ("hyperlink", "file:////example.org/share/x.exe", "h1"),
                ("hyperlink", "javascript:alert(1)", "h2"),
                ("image", "http://example.org/pixel.png", "i1"),
                ("oleObject", "file:///etc/passwd", "o1"),
            )
        )
        + b"</Relationships>"
    )
    after = (
        f'<hyperlinks xmlns:r="{OFFICE}"><hyperlink ref="A2" r:id="h1"/>'
        '<hyperlink ref="A3" r:id="h2"/></hyperlinks>'
    )
    content = members(sheet_part(grid(), after=after))
    content["xl/worksheets/_rels/sheet1.xml.rels"] = links
    return save(folder, content)


def write_many_sheets(folder: Path) -> Path:
    """Write sheets beside the register, and texts that none of them shows."""
    first, strings = shared()
    more = strings.replace(b"</sst>", b"<si><t>y</t></si>" * 500_000 + b"</sst>")
    others = [sheet_part(row(1, inline("A1", "x")))] * 150
    return save(folder, members(first, *others, strings=more))


def write_styled_rows(folder: Path) -> Path:
    """Write a million rows that hold nothing but styled cells."""
    empty = "".join(
        f'<row r="{number}" s="1" customFormat="1"><c r="A{number}" s="1"/></row>'
        for number in range(4, 1_048_577)
    )
    return save_sheet(folder, sheet_part(grid() + empty))


def below_the_document(rows: str) -> Callable[[Path], Path]:
    """Put rows below the register in a document."""
    ending = b"</table:table>"
    content = document().replace(ending, rows.encode() + ending)
    return lambda folder: save_document(folder, content)


def write_folded_rows(folder: Path) -> Path:
    """Write 60,000 rows within as many groups."""
    group, count = "table:table-row-group", 60_000
    return below_the_document(
        f"<{group}>" * count + ods.row(ods.blank(9)) * count + f"</{group}>" * count
    )(folder)


def unused_strings(data: bytes) -> bytes:
    more = b"".join(b"<si><t>s%d</t></si>" % number for number in range(1_000_000))
    return data.replace(b"</sst>", more + b"</sst>")


CASES = (
    # -- bombs --
    Case("zip in zip in zip, six deep", write_nested, AS_EVER),
    Case("zip that contains itself", write_quine, Refused("an archive without a workbook in it")),
    Case("zip that contains itself, beside the sheets", add_quine, AS_EVER),
    Case("archive that holds itself, forty deep", write_itself, AS_EVER),
    Case(
        "thousand members that are one",
        write_overlapping,
        Refused("inflates to more than 200 times"),
    ),
    Case("hundred sheets that are one", write_overlapping_sheets, Refused("damaged")),
    Case(
        "one giant cell that compresses well",
        lambda folder: save_sheet(folder, sheet_part(grid(with_texts({"B2": "x" * 60_000_000})))),
        Refused("inflates to more than 200 times"),
    ),
    Case(
        "one giant cell that does not compress",
        lambda folder: save_sheet(folder, sheet_part(grid(with_texts({"B2": noise(20_000_000)})))),
        Refused("cell B2 holds more than 131,072 characters"),
    ),
    Case(
        "one giant shared string",
        edit(
            "xl/sharedStrings.xml",
            lambda data: data.replace(b"<t>Payroll</t>", f"<t>{noise(20_000_000)}</t>".encode()),
        ),
        Refused("cell A2 holds more than 131,072 characters"),
    ),
    Case(
        "million shared strings that no cell uses",
        edit("xl/sharedStrings.xml", unused_strings),
        AS_EVER,
    ),
    Case(
        "thirty thousand small parts",
        add(lambda: {f"xl/media/{n}.png": b"x" for n in range(30_000)}),
        Refused("more than 20,000 members"),
    ),
    Case(
        "fifteen thousand small parts",
        add(lambda: {f"xl/media/{n}.png": b"x" for n in range(15_000)}),
        AS_EVER,
    ),
    Case(
        "bomb under a part that nobody needs",
        add(lambda: {"xl/media/image1.png": bytes(300 * 2**20)}),
        Refused("inflates to more than 200 times"),
    ),
    Case(
        "deeply nested elements",
        edit(
            SHEET,
            lambda data: data.replace(
                b"<sheetData>", b"<a>" * 300_000 + b"</a>" * 300_000 + b"<sheetData>"
            ),
        ),
        AS_EVER,
    ),
    Case(
        "element with a hundred thousand attributes",
        edit(
            SHEET,
            lambda data: data.replace(
                b"<sheetData>",
                b"<sheetData" + b"".join(b' a%d=""' % n for n in range(100_000)) + b">",
            ),
        ),
        AS_EVER,
    ),
    # -- entities --
    *(
        Case(f"{doctype} in {part}", entities(part, doctype), NO_DOCTYPE)
        for part in XML_PARTS
        for doctype in DOCTYPES
    ),
    *(
        Case(f"{doctype} in {part} of a document", document_entities(part, doctype), NO_DOCTYPE)
        for part in ("content.xml", "styles.xml")
        for doctype in DOCTYPES
    ),
    # Manifests of old versions have one; it is read for the marks of encryption alone.
    *(
        Case(
            f"{doctype} in the manifest of a document",
            document_entities("META-INF/manifest.xml", doctype),
            AS_EVER,
        )
        for doctype in DOCTYPES
    ),
    # -- names and places --
    Case(
        "members named as paths outside",
        add(
            lambda: {
                "../../../escaped.txt": b"x",
                "/etc/cron.d/escaped": b"x",
                "C:\\Windows\\escaped.dll": b"x",
                "..\\..\\escaped.txt": b"x",
                "xl/\x1b[31m.xml": b"x",
            }
        ),
        AS_EVER,
    ),
    Case("two members of one name", write_twice(SHEET), Refused("two members of one name")),
    Case(
        "two members but for case",
        lambda folder: repack(save(folder, parts()), [(SHEET.upper(), b"x")]),
        Refused("two members of one name"),
    ),
    Case(
        "sheet that lies outside the archive",
        edit(
            WORKBOOK_LINKS,
            lambda data: data.replace(b"worksheets/sheet1.xml", b"../../../../etc/passwd"),
        ),
        Refused("damaged"),
    ),
    *(
        Case(
            f"sheet that lies at {target[:4]}",
            edit(WORKBOOK_LINKS, point_outside(target)),
            Refused("it has no worksheet"),
        )
        for target in (
            "file:///etc/passwd",
            "http://example.org/sheet1.xml",
            "\\\\example.org\\share\\x",
        )
    ),
    Case(
        "outer links, images and settings of the workbook",
        edit(
            WORKBOOK_LINKS,
            link(
                outer("externalLink", "http://example.org/other.xlsx", "e1")
                + outer("attachedTemplate", "file:///etc/passwd", "e2")
            ),
        ),
        AS_EVER,
    ),
    Case("outer links, images and objects of a sheet", write_sheet_links, AS_EVER),
    Case(
        "shared strings that lie outside",
        edit(
            WORKBOOK_LINKS,
            lambda data: data.replace(
                b'Target="sharedStrings.xml"',
                b'Target="http://example.org/strings.xml" TargetMode="External"',
            ),
        ),
        Refused("damaged"),
    ),
    # -- size and shape --
    Case(
        "dimension that lies",
        edit(
            SHEET,
            lambda data: data.replace(
                b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>'
            ),
        ),
        AS_EVER,
    ),
    Case(
        "cell in the last corner",
        edit(
            SHEET,
            lambda data: data.replace(
                b"</sheetData>",
                b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
            ),
        ),
        Refused("its cells reach as far as XFD1048576"),
    ),
    Case("million styled rows without a text", write_styled_rows, AS_EVER),
    Case(
        "million blank rows of a document",
        below_the_document(ods.row(ods.blank(16_384), repeat=1_048_573)),
        AS_EVER,
    ),
    Case(
        "row of texts that repeats a million times",
        below_the_document(ods.row(ods.string("x"), ods.string("y"), repeat=1_000_000)),
        Refused("more than 250,000 rows stand below the headings in row 1"),
    ),
    Case("rows within 60,000 groups of a document", write_folded_rows, AS_EVER),
    Case("150 sheets and half a million texts", write_many_sheets, AS_EVER),
    # -- damage --
    *(
        Case(f"cut after {share:.0%}", cut(share), Refused("damaged or cut short"))
        for share in (0.3, 0.7, 0.98)
    ),
    Case("document cut after half", cut(0.5, "ods"), Refused("damaged or cut short")),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hostile_archives(case: Case, try_case: Callable[[Case], Run]) -> None:
    try_case(case)
