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

READABLE = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv")
"""Suffixes of the files that can be read. Macros are never run."""

_OTHER_SPREADSHEETS = (".xltx", ".xltm", ".xlt", ".ots", ".fods", ".numbers")


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
        kinds = " or ".join((", ".join(READABLE[:-1]), READABLE[-1]))
        raise InputError(f"{name}: no workbook lies in this folder; give {kinds} files")
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
        If the path is missing, a folder, no regular file, of another suffix, not permitted or
        too large.
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
        return _read_regular(path, name)
    except OSError as error:
        raise _no_access(error, name) from None


def shown(text: str) -> str:
    """Return a name as an error may show it: one line, at most 100 characters."""
    line = "".join(letter if letter.isprintable() else "?" for letter in text)
    return line if len(line) <= 100 else line[:99] + "\N{HORIZONTAL ELLIPSIS}"  # noqa: PLR2004


def make_text(name: str) -> str:
    """Return a file's name as text; bytes that are none in this system's encoding are marked."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


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
