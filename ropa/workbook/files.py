"""Files as they lie on disk: which ones are workbooks, and their bytes, read once.

What was checked is what is read: the bytes are taken once, hashed, and the file is not opened
again. Only regular files are read; a pipe or a device could block or never end.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ropa.errors import InputError
from ropa.workbook import limits

READABLE = (".xlsx", ".xlsm")
"""Suffixes of the files that can be read. Macros in ``.xlsm`` files are never run."""

_OTHER_SPREADSHEETS = (
    *(".xls", ".xlsb", ".xltx", ".xltm", ".xlt", ".ods", ".ots", ".fods", ".numbers"),
    *(".csv", ".tsv"),
)

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


def find_workbooks(path: Path) -> tuple[Path, ...]:
    """Return the workbooks that a path stands for: the file itself, or those in a folder.

    A folder is not searched below its first level. Every spreadsheet in it counts, of kinds that
    cannot be read too, so that reading names what it cannot read instead of leaving it out.
    Hidden files and the lock files of an open workbook (``~$...``) are passed over.

    Parameters
    ----------
    path : Path
        A file or a folder.

    Returns
    -------
    tuple of Path
        Sorted by name.

    Raises
    ------
    InputError
        If the path does not exist, or is a folder without a spreadsheet.
    """
    path = Path(path)
    name = shown(path.name or str(path))
    try:
        if not stat.S_ISDIR(path.stat().st_mode):
            return (path,)
        members = [member for member in path.iterdir() if member.is_file()]
    except (OSError, ValueError) as error:
        raise _no_access(error, name) from None
    suffixes = (*READABLE, *_OTHER_SPREADSHEETS)
    found = sorted(
        member
        for member in members
        if member.suffix.lower() in suffixes and not member.name.startswith((".", "~$"))
    )
    if not found:
        raise InputError(f"{name}: no workbook lies in this folder; give .xlsx or .xlsm files")
    return tuple(found)


def read_bytes(path: Path, name: str) -> bytes:
    """Return the bytes of a workbook file, at most the size limit.

    Parameters
    ----------
    path : Path
        A regular file with a suffix that can be read.
    name : str
        What errors call it.

    Raises
    ------
    InputError
        If the path is missing, a folder, no regular file, of another suffix, not permitted,
        empty, too large, or its first bytes are not those of a workbook.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise _no_access(error, name) from None
    if stat.S_ISDIR(mode):
        raise InputError(f"{name}: this is a folder; give the workbooks in it")
    if not stat.S_ISREG(mode):
        raise InputError(f"{name}: this is no regular file; give a workbook saved on disk")
    _check_suffix(path, name)
    try:
        data = _read_regular(path, name)
    except OSError as error:
        raise _no_access(error, name) from None
    _check_signature(data, name)
    return data


def shown(text: str) -> str:
    """Return a name as an error may show it: one line, at most 100 characters."""
    line = "".join(letter if letter.isprintable() else "?" for letter in text)
    return line if len(line) <= 100 else line[:99] + "\N{HORIZONTAL ELLIPSIS}"  # noqa: PLR2004


def _read_regular(path: Path, name: str) -> bytes:
    # Non-blocking, and looked at again once open: the path may have become a pipe in between.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise InputError(f"{name}: this is no regular file; give a workbook saved on disk")
        data = file.read(limits.MAX_FILE + 1)
    if len(data) > limits.MAX_FILE:
        raise InputError(
            f"{name}: the file is larger than {limits.MAX_FILE // 2**20} MB; "
            "remove pictures or split the register into several workbooks"
        )
    return data


def _no_access(error: OSError | ValueError, name: str) -> InputError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return InputError(f"{name}: there is no such file; check the path")
    if isinstance(error, PermissionError):
        return InputError(f"{name}: no permission to read it; change the file's permissions")
    why = error.strerror if isinstance(error, OSError) and error.strerror else "invalid path"
    return InputError(f"{name}: cannot be opened ({why.lower()}); check the path")


def _check_suffix(path: Path, name: str) -> None:
    suffix = path.suffix.lower()
    if suffix in READABLE:
        return
    if suffix in _OTHER_SPREADSHEETS:
        what = f"{suffix} files cannot be read yet"
    elif suffix:
        what = f"{shown(suffix)} is no workbook's extension"
    else:
        what = "the name has no extension, so its kind is unknown"
    raise InputError(f"{name}: {what}; save it as .xlsx")


def _check_signature(data: bytes, name: str) -> None:
    if data.startswith(_ZIP):
        return
    if not data:
        raise InputError(f"{name}: the file is empty (0 bytes); export or copy it again")
    if data.startswith(_OLE):
        raise InputError(f"{name}: {_describe_compound(data)}")
    if data.startswith(_EMPTY_ZIP):
        raise InputError(f"{name}: not a workbook but an empty archive; export or copy it again")
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise InputError(f"{name}: not a workbook but {kind}; give the .xlsx file itself")
    raise InputError(f"{name}: {_describe_text(data)}")


def _describe_compound(data: bytes) -> str:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if has("EncryptedPackage"):  # [MS-OFFCRYPTO] 2.3.4
        return (
            "the workbook is encrypted; open it, remove the password (File > Info > "
            "Protect Workbook > Encrypt with Password) and save it again"
        )
    if has("Workbook") or has("Book"):
        return "an old Excel workbook (.xls) under another extension; save it as .xlsx"
    return "an old Office file and no workbook; save the register as .xlsx"


def _describe_text(data: bytes) -> str:
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head:
        start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
        kind = "HTML or XML text" if start.startswith(b"<") else "plain text, such as CSV,"
        return f"not a workbook but {kind} under its extension; open it in Excel, save as .xlsx"
    return "not a workbook (its first bytes are unknown); export or copy it again"
