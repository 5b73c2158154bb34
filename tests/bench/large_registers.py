"""Registers of any size in the layout of the ICO's template for controllers, made by code.

    python -m tests.bench.large_registers 10000 register.xlsx [distinct]

Ids and names are unique; purposes and the like come from a few thousand texts, and every family of
rules finds something. With ``distinct`` no free text occurs twice: the worst case for whatever is
done once a text. The same size gives the same cells.
"""

import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from ropa.report.ico_template import (
    BAND_ROW,
    BANDS,
    COLUMNS,
    CONTACTS,
    HEADER_ROW,
    PARTIES,
    name_field,
)
from tests.bench.made_columns import make_columns

FIRST_ROW = HEADER_ROW + 1

_OWN = {"Ref": "activities.activity_id", "Processing activity": "activities.activity"}
"""Columns that the template has not: an organisation with so many activities numbers them."""

_TOLD = ("Larkmere Holdings Ltd", "1 Made-up Street", "dpo@example.org", "01632 960001")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET, _STRINGS = "worksheets/sheet1.xml", "sharedStrings.xml"

_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Register" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_CONTENT = (
    f'<Types xmlns="{_TYPES}">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/{_SHEET}" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/{_STRINGS}" ContentType="{_KIND}.sharedStrings+xml"/></Types>'
)


def write_register(path: Path, activities: int, *, distinct: bool = False) -> None:
    """Write a workbook with some activities, one a row, and the contact block above them."""
    strings: dict[str, int] = {}
    rows = list_rows(activities, distinct=distinct)
    package = {"officeDocument": "xl/workbook.xml"}
    parts = {
        "[Content_Types].xml": [_CONTENT],
        "_rels/.rels": [_link(package)],
        "xl/workbook.xml": [_BOOK],
        "xl/_rels/workbook.xml.rels": [_link({"worksheet": _SHEET, "sharedStrings": _STRINGS})],
        f"xl/{_SHEET}": _write_sheet(rows, strings),
        f"xl/{_STRINGS}": _write_strings(strings),  # after the sheet, which collects them
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, texts in parts.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(_HEAD.encode())
                for text in texts:
                    member.write(text.encode())


def list_rows(activities: int, *, distinct: bool = False) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows that are not blank with their numbers."""
    parties = [text for party in PARTIES for text in (party, "")]
    contacts = ([label, text] for label, text in zip(CONTACTS, _TOLD, strict=True))
    yield from enumerate([parties, *contacts], start=1)
    bands = [text for band, columns in BANDS for text in (band, *[""] * (len(columns) - 1))]
    yield BAND_ROW, [*[""] * len(_OWN), *bands]
    yield HEADER_ROW, [*_OWN, *(column.heading for column in COLUMNS)]
    made = make_columns(activities, distinct=distinct)
    names = [*_OWN.values(), *(name_field(column) for column in COLUMNS)]
    if unknown := made.keys() - set(names):
        raise ValueError(f"the template has no column for {sorted(unknown)}")
    blank = [""] * activities
    columns = [made.get(name, blank) for name in names]
    yield from enumerate(zip(*columns, strict=True), start=FIRST_ROW)


def _write_sheet(
    rows: Iterable[tuple[int, Sequence[str]]], strings: dict[str, int]
) -> Iterator[str]:
    """Yield the text of the sheet, a row at a time; its texts are numbered in ``strings``."""
    letters = [get_column_letter(number) for number in range(1, len(_OWN) + len(COLUMNS) + 1)]
    yield f'<worksheet xmlns="{_MAIN}"><sheetData>'
    for number, row in rows:
        cells = [
            f'<c r="{letter}{number}" t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'
            for letter, text in zip(letters, row, strict=False)
            if text
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield "</sheetData></worksheet>"


def _write_strings(strings: Iterable[str]) -> Iterator[str]:
    yield f'<sst xmlns="{_MAIN}">'
    for text in strings:
        yield f"<si><t>{escape(text)}</t></si>"
    yield "</sst>"


def _link(targets: dict[str, str]) -> str:
    links = (
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), start=1)
    )
    return f'<Relationships xmlns="{_LINKS}">{"".join(links)}</Relationships>'


if __name__ == "__main__":
    size, target, *how = sys.argv[1:]
    write_register(Path(target), int(size), distinct="distinct" in how)
