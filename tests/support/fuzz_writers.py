"""Plain rows as bytes of a file: a workbook, an OpenDocument spreadsheet, text; in many forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from random import Random
from typing import TypeVar
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fuzz_cells import Book, Page
from open_document_parts import MIMETYPE, content
from open_document_parts import table as write_table
from workbook_parts import MAIN, members, sheet_part, strings_part

from ropa.workbook import cell_address

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2}) 00:00:00")
Value = TypeVar("Value")
_FIRST = datetime(1899, 12, 30)  # noqa: DTZ001 - day 0 of the serial numbers


def write_book(book: Book, random: Random) -> tuple[bytes, str]:
    """Return the bytes of a file that holds a book, and the file's extension."""
    kind = random.choices((".xlsx", ".ods", ".csv", ".tsv"), (6, 3, 1.5, 0.5))[0]
    if kind == ".xlsx":
        return write_workbook(book, random), random.choice((kind, kind, ".xlsm"))
    if kind == ".ods":
        return write_document(book, random), kind
    return write_text(random.choice(book), random, "," if kind == ".csv" else "\t"), kind


def pack_parts(parts: dict[str, bytes]) -> bytes:
    """Return the bytes of an archive."""
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, part in parts.items():
            member = ZipInfo(name)  # of a fixed time
            member.compress_type = ZIP_DEFLATED
            archive.writestr(member, part)
    return file.getvalue()


def _clean(text: str) -> str:
    return _NO_XML.sub("?", text)[:32_767]


def write_workbook(book: Book, random: Random) -> bytes:  # noqa: C901 - each cell has many forms
    """Write a workbook; how its cells are written is chosen for each file."""
    strings: dict[str, int] = {}
    inline, numbers = random.random(), random.random() < 0.5
    bare_rows, bare_cells = random.random() < 0.1, random.random() < 0.1

    def write_cell(place: str, text: str) -> str:
        name = "" if bare_cells else f' r="{place}"'
        if (day := _DAY.fullmatch(text)) and random.random() < 0.8:
            try:
                serial = (datetime.fromisoformat(day[1]) - _FIRST).days
            except ValueError:
                serial = -1
            return f'<c{name} s="1"><v>{serial}</v></c>'
        if numbers and re.fullmatch(r"-?\d{1,300}", text, re.ASCII):
            return f'<c{name} s="{random.choice((0, 0, 1, 3))}"><v>{text}</v></c>'
        if text.startswith("#") and random.random() < 0.5:
            return f'<c{name} t="e"><v>{escape(text)}</v></c>'
        if text.startswith("=") or random.random() < 0.01:
            value = random.choice(("", f"<v>{escape(text)}</v>"))
            return f'<c{name} t="str"><f>A1</f>{value}</c>'
        if random.random() < inline:
            return f'<c{name} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        return f'<c{name} t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'

    def write_page(page: Page) -> bytes:
        lines = []
        for row, texts in enumerate(page.rows, start=1):
            cells = "".join(
                write_cell(cell_address(row, column), _clean(text))
                for column, text in enumerate(texts, start=1)
                if text or bare_cells
            )
            number = "" if bare_rows else f' r="{row}"'
            more = random.choice((' hidden="1"', ' spans="1:3"')) if random.random() < 0.02 else ""
            if cells or bare_rows:
                lines.append(f"<row{number}{more}>{cells}</row>")
        merged = "".join(
            f'<mergeCell ref="{cell_address(top, left)}:{cell_address(bottom, right)}"/>'
            for top, left, bottom, right in page.merged
        )
        after = f"<mergeCells>{merged}</mergeCells>" if merged else ""
        return sheet_part("".join(lines), after=after)

    sheets = [write_page(page) for page in book]
    items = [f'<t xml:space="preserve">{escape(text)}</t>' for text in strings]
    parts = members(
        *sheets,
        strings=strings_part(*items),
        states=["hidden" if page.hidden else "visible" for page in book],
        properties='<workbookPr date1904="1"/>' if random.random() < 0.05 else "",
    )
    for number, page in enumerate(book, start=1):
        old = f'name="S{number}"'.encode()
        new = f"name={quoteattr(_clean(page.name))}".encode()
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(old, new)
    if random.random() < 0.05:
        parts = {name: _prefix(part) for name, part in parts.items()}
    return pack_parts(parts)


def _prefix(part: bytes) -> bytes:
    """Write a part's elements with a prefix."""
    if f'xmlns="{MAIN}"'.encode() not in part:
        return part
    part = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", part)
    return part.replace(b" xmlns=", b" xmlns:x=", 1)


def write_document(book: Book, random: Random) -> bytes:
    """Write an OpenDocument spreadsheet; equal cells and rows may stand once, with a count."""
    packed = random.random() < 0.7

    def repeat(kind: str, number: int) -> str:
        return f' table:number-{kind}-repeated="{number}"' if number > 1 else ""

    def write_cell(text: str, number: int) -> str:
        times = repeat("columns", number)
        if not text:
            return f"<table:table-cell{times}/>"
        if (day := _DAY.fullmatch(text)) and random.random() < 0.8:
            attributes = f' office:value-type="date" office:date-value="{day[1]}"'
        elif re.fullmatch(r"-?\d{1,300}", text, re.ASCII) and random.random() < 0.5:
            attributes = f' office:value-type="float" office:value="{text}"'
        else:
            attributes = ' office:value-type="string"'
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in _clean(text).split("\n"))
        return f"<table:table-cell{times}{attributes}>{lines}</table:table-cell>"

    def write_page(page: Page) -> str:
        rows = []
        for texts, times in _count(page.rows, packed=packed):
            cells = "".join(write_cell(text, n) for text, n in _count(texts, packed=packed))
            far = "<table:table-cell" + repeat("columns", 1000) + "/>" if packed else ""
            rows.append(f"<table:table-row{repeat('rows', times)}>{cells}{far}</table:table-row>")
        return write_table("".join(rows), name=_clean(page.name))

    part = content("".join(write_page(page) for page in book))
    return pack_parts({"mimetype": MIMETYPE, "content.xml": part})


def _count(values: list[Value], *, packed: bool) -> list[tuple[Value, int]]:
    found: list[tuple[Value, int]] = []
    for value in values:
        if packed and found and found[-1][0] == value:
            found[-1] = (value, found[-1][1] + 1)
        else:
            found.append((value, 1))
    return found


def write_text(page: Page, random: Random, mark: str) -> bytes:
    """Write delimited text in one of the usual encodings."""
    mark = random.choice((mark, mark, ";"))
    quote: Callable[[str], str] = random.choice((_quote_all, lambda text: _quote(text, mark)))
    end = random.choice(("\n", "\r\n"))
    width = max(map(len, page.rows), default=0)
    text = end.join(
        mark.join(quote(cell) for cell in [*row, *[""] * (width - len(row))]) for row in page.rows
    )
    encoding = random.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"))
    return (text + end).encode(encoding, "replace")


def _quote_all(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _quote(text: str, mark: str) -> str:
    return _quote_all(text) if any(one in text for one in (mark, '"', "\n", "\r")) else text
