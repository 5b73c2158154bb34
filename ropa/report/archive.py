"""Zip archives (workbooks, slide decks) whose bytes depend on their content alone.

Office files are zip archives of XML. The libraries that write them stamp each member with the time
of day and the document with the time of writing, and spell the XML as the parser does that happens
to be installed (openpyxl takes lxml where there is one). Here the dates become fixed ones and the
XML canonical (C14N 2.0), so that the same input gives the same bytes, on whatever day and machine.
"""

import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, BinaryIO
from xml.etree import ElementTree as ET

from ropa.errors import OutputError

if TYPE_CHECKING:
    from openpyxl import Workbook

MEMBER_TIME = (1980, 1, 1, 0, 0, 0)
"""Time of every member: the earliest that a zip archive can hold."""

DOCUMENT_TIME = "2018-05-25T00:00:00Z"
"""Time of every document: the day from which the GDPR applies, as good as any fixed one."""

_CORE = "docProps/core.xml"
_APP = "docProps/app.xml"
_TIMES = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:\2>)")
_XML = (".xml", ".rels", ".vml")
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_APP_XML = (
    _DECLARATION + b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"><Application>ropa</Application></Properties>'
)
_READABLE = 0o644 << 16


def freeze_archive(data: bytes, *, compress: bool = True) -> bytes:
    """Return an Office file with fixed dates and canonical XML.

    Parameters
    ----------
    data : bytes
        A zip archive that this package wrote: it is unpacked whole.
    compress : bool
        Deflate the members. Off where the bytes are to be the same under every version of zlib.
    """
    return rewrite_archive(data, _freeze_member, compress=compress)


def rewrite_archive(
    data: bytes, rewrite: Callable[[str, bytes], bytes], *, compress: bool = True
) -> bytes:
    """Return an archive with each member as `rewrite` makes it, dated and marked alike.

    Parameters
    ----------
    data : bytes
        As in `freeze_archive`.
    rewrite : callable
        From a member's name and content to what it shall hold.
    compress : bool
        As in `freeze_archive`.
    """
    frozen = BytesIO()
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(frozen, "w", method) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, MEMBER_TIME)
            member.compress_type = method
            member.create_system = 3  # else the archive tells on which system it was written
            member.external_attr = _READABLE
            new.writestr(member, rewrite(name, old.read(name)))
    return frozen.getvalue()


def _freeze_member(name: str, content: bytes) -> bytes:
    if name == _APP:
        return _APP_XML
    if name == _CORE:
        content = _TIMES.sub(rb"\g<1>" + DOCUMENT_TIME.encode() + rb"\g<3>", content)
    if not name.endswith(_XML):
        return content
    return _DECLARATION + ET.canonicalize(content.decode("utf-8")).encode()


def dump_workbook(workbook: "Workbook", *, compress: bool = True) -> bytes:
    """Return the bytes of a workbook, the same for the same content.

    Raises
    ------
    OutputError
        There is no room for the temporary files that its sheets are first written into.
    """
    # What openpyxl raises where the disk refuses.
    from lxml.etree import SerialisationError  # type: ignore[import-untyped]  # it has no types

    raw = BytesIO()
    try:
        workbook.save(raw)
    except (OSError, SerialisationError) as error:
        reason = getattr(error, "strerror", None) or "no room"
        raise OutputError(
            f"{gettempdir()}: temporary files cannot be written there: {reason}: make room, or "
            "name another folder in TMPDIR"
        ) from None
    return freeze_archive(raw.getvalue(), compress=compress)


def write_bytes(target: Path | BinaryIO, data: bytes) -> None:
    """Write a whole file or none.

    Parameters
    ----------
    target : Path or binary file
        A path must not exist yet.
    data : bytes
        The file's content.

    Raises
    ------
    OutputError
        The path exists, its folder does not, or the disk refuses.
    """
    if not isinstance(target, Path):
        target.write(data)
        return
    try:
        file = target.open("xb")
    except FileExistsError:
        raise OutputError(f"{target} exists already: choose another name or remove it") from None
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {error.strerror or error}") from None
    try:
        with file:
            file.write(data)
    except BaseException as error:
        with suppress(OSError):
            target.unlink()
        if isinstance(error, OSError):
            raise OutputError(f"{target} cannot be written: {error.strerror or error}") from None
        raise
