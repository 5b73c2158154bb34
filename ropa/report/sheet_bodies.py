"""The rows of a workbook's tables, written column by column straight into its archive.

openpyxl makes an object of every cell and of its styles, which takes minutes for 20,000 findings.
Here each distinct value of a column is formed once, and each cell is one text. The strings stand
in their cells, as openpyxl writes them; the looks are styles that the workbook already has.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from ropa.report.archive import MEMBER_TIME, dump_workbook
from ropa.report.sheet_looks import NOTE, dated_look
from ropa.report.sheet_styles import count_lines, fit_text, measure_row, needs_quote
from ropa.report.sheet_tables import FIRST, Body, Column, Link

_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DIMENSION = re.compile(r'<dimension ref="[^"]*">')
_ESCAPES: Final = {"\r": "&#13;"}
_MARKUP = re.compile("[&<>\r]")
_DAY_ZERO: Final = date(1899, 12, 30)
"""From which workbooks count days, from March 1900 on."""
_UNIX: Final = 3
_READABLE: Final = 0o644 << 16


def dump_tables(book: Workbook, bodies: Sequence[Body]) -> bytes:
    """Return the bytes of a workbook with the rows of its tables; the same for the same content.

    Parameters
    ----------
    book : Workbook
        Its sheets have their headings (`ropa.report.sheet_tables.write_table`).
    bodies : sequence of Body
        The rows, at most one body a sheet.

    Raises
    ------
    OutputError
        A text is longer than a cell can hold.
    """
    with zipfile.ZipFile(BytesIO(dump_workbook(book))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for body in bodies:
        number = book.sheetnames.index(body.sheet) + 1
        name = f"xl/worksheets/sheet{number}.xml"
        parts[name] = _fill_sheet(parts[name].decode(), body).encode()
        if links := [link for _, link in _list_links(body)]:
            parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _relate(links).encode()
    return _pack(parts)


def _fill_sheet(part: str, body: Body) -> str:
    last = body.length + 1
    end = get_column_letter(len(body.columns))
    part = _DIMENSION.sub(f'<dimension ref="A1:{end}{last}">', part, count=1)
    rows = "".join(_list_rows(body))
    part = part.replace("</sheetData>", f"{rows}</sheetData>", 1)
    links = "".join(
        f'<hyperlink ref="{cell}" r:id="rId{number}" location={quoteattr(link.location)}/>'
        for number, (cell, link) in enumerate(_list_links(body), start=1)
    )
    if links:
        links = f'<hyperlinks xmlns:r="{_OFFICE}">{links}</hyperlinks>'
        part = part.replace("<pageMargins", f"{links}<pageMargins", 1)
    return part


def _list_rows(body: Body) -> Iterator[str]:
    cells, lines = zip(
        *(
            _list_cells(body, get_column_letter(at), column)
            for at, column in enumerate(body.columns, start=1)
        ),
        strict=True,
    )
    heights = map(measure_row, map(max, zip(*lines, strict=True)))
    for number, (height, row) in enumerate(
        zip(heights, zip(*cells, strict=True), strict=True), start=FIRST
    ):
        yield f'<row r="{number}" ht="{height}">{"".join(row)}</row>'
    if body.note:
        number = body.length + FIRST + 1
        cell = f"A{number}"
        text = _form_text(body.styles[NOTE, False], fit_text(body.note, body.sheet, cell))
        yield f'<row r="{number}"><c r="{cell}"{text}</row>'


def _list_cells(body: Body, letter: str, column: Column) -> tuple[list[str], list[int]]:
    """Return the cells of a column, and how many lines each takes."""
    formed: dict[object, tuple[str, int]] = {}
    cells, lines = [], []
    for number, value in enumerate(column.values, start=FIRST):
        known = formed.get(value)
        if known is None:
            known = formed[value] = _form_cell(body, f"{letter}{number}", column, value)
        cells.append(f'<c r="{letter}{number}"{known[0]}')
        lines.append(known[1])
    return cells, lines


def _form_cell(body: Body, cell: str, column: Column, value: object) -> tuple[str, int]:
    """Return a cell from behind its address on, and how many lines it takes."""
    if value is None or value == "":
        return f' s="{body.styles[column.look, False]}"/>', 1
    if isinstance(value, date):
        style = body.styles[dated_look(column.look), False]
        return f' s="{style}"><v>{(value - _DAY_ZERO).days}</v></c>', 1
    if isinstance(value, int):
        look = column.looks.get(str(value), column.look)
        return f' s="{body.styles[look, False]}"><v>{value}</v></c>', 1
    text = fit_text(str(value), body.sheet, cell)
    look = column.looks.get(text, column.look)
    return _form_text(body.styles[look, needs_quote(text)], text), count_lines(text, column.width)


def _form_text(style: int, text: str) -> str:
    said = escape(text, _ESCAPES) if _MARKUP.search(text) else text
    return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def _list_links(body: Body) -> Iterator[tuple[str, Link]]:
    """Return each linked cell with its link."""
    for at, column in enumerate(body.columns, start=1):
        for number, link in enumerate(column.links, start=FIRST):
            if link is not None:
                yield f"{get_column_letter(at)}{number}", link


def _relate(links: Sequence[Link]) -> str:
    """Return the part that says where a sheet's links lead."""
    rows = "".join(
        f'<Relationship Id="rId{number}" Target={quoteattr(link.target)} TargetMode="External" '
        f'Type="{_OFFICE}/hyperlink"/>'
        for number, link in enumerate(links, start=1)
    )
    return f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}">{rows}</Relationships>'


def _pack(parts: Mapping[str, bytes]) -> bytes:
    """Return an archive of the parts; it tells neither when nor where it was made."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            member = zipfile.ZipInfo(name, MEMBER_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = _UNIX
            member.external_attr = _READABLE
            archive.writestr(member, data)
    return packed.getvalue()
