"""OpenDocument spreadsheets (``.ods``), checked and read in one pass.

The archive is held to the same limits as a workbook's. Its content is streamed through expat,
never held whole, and no other program's reader meets it.
Source: OpenDocument 1.3, Part 2 (packages) and Part 3 (schema).
"""

from __future__ import annotations

from ropa.errors import InputError
from ropa.workbook.archive import Archive, open_archive, read_part, stream_part
from ropa.workbook.files import shown
from ropa.workbook.kinds import ENCRYPTED
from ropa.workbook.markup import walk
from ropa.workbook.open_document_cells import ContentReader
from ropa.workbook.open_document_styles import Styles
from ropa.workbook.preflight import Preflight, SheetScan
from ropa.workbook.scans import check_area

_KINDS = {
    b"text": "a text document",
    b"presentation": "a presentation",
    b"graphics": "a drawing",
    b"database": "a database",
}


def scan_open_document(data: bytes) -> Preflight:
    """Read the cells of an OpenDocument spreadsheet into tallies.

    Raises
    ------
    InputError
        If it is encrypted, damaged, no spreadsheet or too large. The message lacks the file's
        name.
    """
    archive = open_archive(data)
    # A mark in the manifest, Part 2, 4.8: each member is then encrypted by itself.
    if b"encryption-data" in (read_part(archive, "META-INF/manifest.xml") or b""):
        raise InputError(ENCRYPTED)
    styles = Styles()
    if "styles.xml" in archive.members:
        reader = ContentReader(styles)
        walk(stream_part(archive, "styles.xml"), reader.start, reader.end)
    reader = ContentReader(styles)
    walk(stream_part(archive, "content.xml"), reader.start, reader.end, reader.text)
    if not reader.is_spreadsheet:
        raise InputError(_describe(archive))
    if not reader.tables:
        raise InputError("it has no sheet; save the register as an .ods or .xlsx workbook")
    for table in reader.tables:
        try:
            check_area(table.tally.last_row, table.tally.last_column)
        except InputError as error:
            raise InputError(f"sheet '{shown(table.name)}': {error}") from None
    return Preflight(
        tuple(
            SheetScan(table.name, index, table.hidden, table.tally, None)
            for index, table in enumerate(reader.tables)
        ),
        b"",
    )


def _describe(archive: Archive) -> str:
    kind = (read_part(archive, "mimetype") or b"").rpartition(b".")[2]
    what = _KINDS.get(kind, "a document of another kind")
    return f"an OpenDocument file and no spreadsheet but {what}; save the register as .ods or .xlsx"
