"""What a file is: its first bytes and its members decide between the kinds of spreadsheet.

Exports often bear another kind's extension (a workbook saved as ``.xls`` that is an archive, say).
An archive or a compound file says by itself what it is, and is read as that. Text does not: it
is taken for a table only under an extension that says so, since HTML and CSV under ``.xls`` are
opened by every program in its own way.
"""

from __future__ import annotations

import re
from enum import Enum

from ropa.errors import InputError
from ropa.workbook.archive import describe_other, open_archive

DELIMITED_SUFFIXES = (".csv", ".tsv")
"""Under these, text is a table."""


class Kind(Enum):
    """The kinds of spreadsheet, by the way in which they are read."""

    WORKBOOK = "Office Open XML: .xlsx, .xlsm"
    OPEN_DOCUMENT = "OpenDocument: .ods"
    DELIMITED = "delimited text: .csv, .tsv"
    BINARY = "binary workbooks: .xls, .xlsb"


_SIGNATURES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "an RTF document"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # compound file ([MS-CFB] 2.2): .xls and encryption
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"

# Not any text in angle brackets: a template's first cell may say "<name of the organisation>".
_MARKUP = re.compile(
    rb"<(?:!--|(?:!doctype|\?xml|html|head|body|table|meta|style|script|div)\b)", re.IGNORECASE
)
# The first record of an old workbook's stream: its length, version and purpose ([MS-XLS] 2.4.21).
_FIRST_RECORD = re.compile(rb"\x09\x08[\x08\x10]\x00\x00[\x05\x06]\x05\x00")
_FILE_PASS = b"\x2f\x00"
_LOOK_AHEAD = 5
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")

ENCRYPTED = (
    "the workbook is encrypted; open it, remove the password (File > Info > "
    "Protect Workbook > Encrypt with Password) and save it again"
)


def find_kind(data: bytes, suffix: str) -> Kind:
    """Say what kind of spreadsheet these bytes are.

    Parameters
    ----------
    data : bytes
        The whole file.
    suffix : str
        Its extension in lower case, which decides for text alone.

    Raises
    ------
    InputError
        If it is empty, encrypted, damaged or no spreadsheet. The message lacks the file's name.
    """
    if not data:
        raise InputError("the file is empty (0 bytes); export or copy it again")
    if data.startswith(_ZIP):
        return _find_in_archive(data)
    if data.startswith(_OLE):
        return _find_in_compound(data)
    if data.startswith(_EMPTY_ZIP):
        raise InputError("not a workbook but an empty archive; export or copy it again")
    for signature, what in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"not a workbook but {what}; give the workbook itself")
    if suffix in DELIMITED_SUFFIXES and not _is_markup(data):
        return Kind.DELIMITED
    raise InputError(_describe_text(data))


def _find_in_archive(data: bytes) -> Kind:
    archive = open_archive(data)
    members = archive.members
    if "_rels/.rels" in members:  # ECMA-376 Part 2, 8.3
        is_binary = "xl/workbook.bin" in members and "xl/workbook.xml" not in members
        return Kind.BINARY if is_binary else Kind.WORKBOOK
    if "encrypted-package" in members:  # OpenDocument 1.4 Part 2, 3.4: one member holds them all
        raise InputError(ENCRYPTED)
    if "content.xml" in members:  # OpenDocument 1.3 Part 2, 3.1
        return Kind.OPEN_DOCUMENT
    raise InputError(describe_other(archive))


def _find_in_compound(data: bytes) -> Kind:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage") or _has_password(data):  # [MS-OFFCRYPTO] 2.3.4
        raise InputError(ENCRYPTED)
    # A document may have a workbook in it, and is none.
    if (has("Workbook") or has("Book")) and not (has("WordDocument") or has("PowerPoint Document")):
        return Kind.BINARY
    raise InputError("an old Office file and no workbook; save the register as .xlsx")


def _has_password(data: bytes) -> bool:
    """Say whether an old workbook's records are encrypted ([MS-XLS] 2.4.117, FilePass).

    The record stands right after the stream's first one, or after the one of write protection.
    Not every reader refuses each kind of encryption, and what it then gives is scrambled letters.
    """
    for first in _FIRST_RECORD.finditer(data):
        at = first.start()
        for _ in range(_LOOK_AHEAD):
            kind, size = data[at : at + 2], int.from_bytes(data[at + 2 : at + 4], "little")
            if kind == _FILE_PASS:
                return True
            at += 4 + size
    return False


def _is_markup(data: bytes) -> bool:
    head = data[:4096]
    if head.startswith(_UTF_16_MARKS):
        head = head.replace(b"\0", b"")[2:]
    return bool(_MARKUP.match(head.lstrip(b"\xef\xbb\xbf \t\r\n")))


def _describe_text(data: bytes) -> str:
    if _is_markup(data):
        kind = "HTML or XML text"
    elif data.startswith(_UTF_16_MARKS) or b"\0" not in data[:4096]:
        kind = "plain text, such as CSV,"
    else:
        return "not a workbook (its first bytes are unknown); export or copy it again"
    return f"not a workbook but {kind} under its extension; open it in Excel, save as .xlsx"
