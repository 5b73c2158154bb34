"""A small register in each kind of file, part by part, so that one thing in it can be made hostile.

Its two activities lack one thing: the second says nothing of retention, in G3.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import open_document_parts as ods
from hostile_runs import SECRET, Audited
from workbook_parts import cell, members, pack, row, sheet_part, strings_part

from ropa.workbook.addresses import column_letter

HEADINGS = (
    "Processing activity",
    "Purpose",
    "Categories of data subjects",
    "Categories of personal data",
    "Recipients",
    "International transfers",
    "Retention period",
    "Lawful basis",
    "Security measures",
)
PAYROLL = (
    "Payroll",
    f"Pay the staff under the agreement {SECRET}",
    "Employees",
    "Bank details",
    "Payroll bureau",
    "None",
    "6 years after the end of employment",
    "Legal obligation",
    "Encryption and access control",
)
NEWSLETTER = (
    "Newsletter",
    f"Send the news {SECRET}",
    "Subscribers",
    "Email address",
    "Mailing bureau",
    "None",
    "",
    "Consent",
    "Encryption and access control",
)
ROWS = (HEADINGS, PAYROLL, NEWSLETTER)
NO_PERIOD = ("RET-01", "G3")
AS_EVER = Audited(2, frozenset({NO_PERIOD}))
"""What an audit of the register finds."""

Rows = Sequence[Sequence[str]]


def found(*more: tuple[str, str], activities: int = 2) -> Audited:
    """Return what an audit finds when there are further defects."""
    return Audited(activities, frozenset({NO_PERIOD, *more}))


def with_texts(texts: Mapping[str, str]) -> Rows:
    """Return the register with other texts in some cells, named as ``B2``."""
    rows = [list(one) for one in ROWS]
    for place, text in texts.items():
        rows[int(place[1:]) - 1][ord(place[0]) - ord("A")] = text
    return rows


def inline(place: str, text: str) -> str:
    """Write a cell with its text in it."""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def grid(rows: Rows = ROWS, others: Mapping[str, str] | None = None) -> str:
    """Write the rows of a sheet; some cells as given, by place."""
    others = others or {}
    return "".join(
        row(
            number,
            *(
                others.get(place) or inline(place, text)
                for at, text in enumerate(texts, start=1)
                if text or f"{column_letter(at)}{number}" in others
                for place in (f"{column_letter(at)}{number}",)
            ),
        )
        for number, texts in enumerate(rows, start=1)
    )


def shared(rows: Rows = ROWS) -> tuple[bytes, bytes]:
    """Write a sheet and its shared strings."""
    texts = list(dict.fromkeys(text for one in rows for text in one if text))
    cells = [
        row(
            number,
            *(
                cell(f"{column_letter(at)}{number}", str(texts.index(text)), "s")
                for at, text in enumerate(one, start=1)
                if text
            ),
        )
        for number, one in enumerate(rows, start=1)
    ]
    strings = strings_part(*(f"<t>{escape(text)}</t>" for text in texts))
    return sheet_part("".join(cells)), strings


def parts() -> dict[str, bytes]:
    """Return the parts of the register as a workbook with shared strings."""
    sheet, strings = shared()
    return members(sheet, strings=strings)


def save(folder: Path, content: Mapping[str, bytes], name: str = "register.xlsx") -> Path:
    """Write a workbook from its parts."""
    return pack(folder / name, content)


def save_sheet(folder: Path, part: bytes, name: str = "register.xlsx") -> Path:
    """Write a workbook round its sheet."""
    return save(folder, members(part), name)


def save_rows(folder: Path, rows: Rows, name: str = "register.xlsx") -> Path:
    """Write a workbook of one sheet with these texts."""
    return save_sheet(folder, sheet_part(grid(rows)), name)


def format_csv(rows: Iterable[Sequence[str]] = ROWS) -> str:
    """Write the register as delimited text."""
    csv.writer(text := io.StringIO(), lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def save_csv(folder: Path, data: str | bytes, name: str = "register.csv") -> Path:
    """Write delimited text."""
    path = folder / name
    path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    return path


def document(rows: Rows = ROWS) -> bytes:
    """Write the content of the register as an OpenDocument spreadsheet."""
    made = [
        ods.row(*(ods.string(escape(text)) if text else ods.blank() for text in one))
        for one in rows
    ]
    return ods.content(ods.table("".join(made)))


def save_document(folder: Path, content: bytes, name: str = "register.ods") -> Path:
    """Write an OpenDocument spreadsheet round its content."""
    return ods.pack_document(folder / name, content)


def repack(path: Path, more: Iterable[tuple[str, bytes]]) -> Path:
    """Add members to an archive, also under names that it has already."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file:
        for name, data in more:
            file.writestr(name, data)
    return path
