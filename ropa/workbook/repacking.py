"""The archive that the fast reader is given: checked rows and strings in a frame of our own.

It is made in memory, of nothing but what the preflight has looked at: the fast reader goes by
elements' names without their namespaces, and could take something else for the cells. It has no
styles, so that the reader takes every number as a number; the text of dates comes from the
preflight. Members are stored, not packed: they only pass through memory.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

_SHEET_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_PACKAGE = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_LINKS}"><Relationship Id="w" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
}

# In this order. An underscore before an x would open an escape; a bare return would be read as a
# line feed.
_ESCAPES = (
    *(("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")),
    *(("_x", "_x005F_x"), ("\r", "&#13;")),
)

Buffer = bytes | memoryview


class ReaderArchive:
    """An archive being made: worksheets, then what belongs round them."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._file = zipfile.ZipFile(self._buffer, "w")
        self._sheets = 0

    def add_sheet(self, rows: Buffer) -> int:
        """Add a worksheet of these rows; return its place in the archive."""
        index = self._sheets
        self._sheets += 1
        head = f'<worksheet xmlns="{_SHEET_NAMESPACE}"><sheetData>'
        self._write(sheet_member(index), head.encode(), rows, b"</sheetData></worksheet>")
        return index

    def finish(self, strings: Buffer) -> bytes:
        """Add the shared strings and return the archive, empty if it has no worksheet."""
        if not self._sheets:
            return b""
        for name, text in _PACKAGE.items():
            self._write(name, text.encode())
        head = f'<sst xmlns="{_SHEET_NAMESPACE}">'
        self._write("xl/sharedStrings.xml", head.encode(), strings, b"</sst>")
        sheets = "".join(
            f'<sheet name="{index}" sheetId="{index + 1}" r:id="s{index}"/>'
            for index in range(self._sheets)
        )
        links = "".join(
            f'<Relationship Id="s{index}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{index}.xml"/>'
            for index in range(self._sheets)
        )
        book = (
            f'<workbook xmlns="{_SHEET_NAMESPACE}" xmlns:r="{_OFFICE}">'
            f"<sheets>{sheets}</sheets></workbook>"
        )
        relations = (
            f'<Relationships xmlns="{_LINKS}">{links}<Relationship Id="t" '
            f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        )
        self._write("xl/workbook.xml", book.encode())
        self._write("xl/_rels/workbook.xml.rels", relations.encode())
        self.close()
        return self._buffer.getvalue()

    def close(self) -> None:
        """End the archive; whoever makes one closes it, also when a sheet is refused."""
        self._file.close()

    def _write(self, name: str, *pieces: Buffer) -> None:
        with self._file.open(zipfile.ZipInfo(name), "w") as member:
            for piece in pieces:
                member.write(piece)


def write_strings(texts: Sequence[str]) -> bytes:
    """Write shared strings so that the fast reader gives them back unchanged.

    Returns
    -------
    bytes
        The items, without the element round them.
    """

    def write(text: str) -> str:
        for mark, written in _ESCAPES:
            text = text.replace(mark, written)
        return f'<si><t xml:space="preserve">{text}</t></si>'

    return "".join(map(write, texts)).encode()


def sheet_member(index: int) -> str:
    """Return the name of a worksheet's part in the archive."""
    return f"xl/worksheets/sheet{index}.xml"
