"""The archive that a workbook is: its members, inflated in memory within limits.

Nothing is ever extracted to disk, so a member's name (``../../x``) is a label and no path.
Source: ECMA-376 Part 2 (Open Packaging Conventions), Annex B: stored or deflated members, no
encryption, names that differ by more than letter case.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ropa.errors import InputError
from ropa.workbook import limits

_CHUNK = 1 << 20
_ENCRYPTED = 0x1  # general purpose flag, bit 0 (PKWARE APPNOTE 4.4.4)
_DIRECTORY_ENTRY = b"PK\x01\x02"
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(ValueError, OverflowError, RuntimeError, NotImplementedError),
)
_DAMAGED = "the archive is damaged or cut short; export or copy it again"

# What other archives are known by.
_OTHER_KINDS = (
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("index/document.iwa", "an Apple document"),
)


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive: ``members`` by name in lower case."""

    file: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]


def open_archive(data: bytes) -> Archive:
    """Open the bytes of an archive and check what its directory declares.

    Raises
    ------
    InputError
        If the archive is damaged, encrypted, ambiguous (two members of one name), packed in an
        unusual way, or declares more than the limits. The message lacks the file's name.
    """
    if data.count(_DIRECTORY_ENTRY) > limits.MAX_PARTS:
        raise InputError(
            f"the archive has more than {limits.MAX_PARTS:,} members; save the workbook again"
        )
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN:
        raise InputError(_DAMAGED) from None
    members: dict[str, zipfile.ZipInfo] = {}
    for info in file.infolist():
        name = info.filename.replace("\\", "/").lower()
        if name in members:
            raise InputError("the archive holds two members of one name; save the workbook again")
        if info.flag_bits & _ENCRYPTED:
            raise InputError("the archive is encrypted; give the workbook without a password")
        members[name] = info
    _check_sizes(file.infolist(), len(data))
    return Archive(file, members)


def read_part(archive: Archive, name: str) -> bytes | None:
    """Return the inflated bytes of a member, None if there is none of that name.

    Reading stops at the declared size, which `open_archive` has checked; a member that inflates
    to anything else is damaged.

    Raises
    ------
    InputError
        If the member is damaged or packed by another method than deflate.
    """
    if name.lower() not in archive.members:
        return None
    # Not joined from a list: a sheet of 100 MB would be in memory twice.
    whole = io.BytesIO()
    whole.writelines(stream_part(archive, name))
    return whole.getvalue()


def stream_part(archive: Archive, name: str) -> Iterator[bytes]:
    """Yield the bytes of a member piece by piece, as `read_part` returns them whole.

    Raises
    ------
    InputError
        If there is no such member, or as `read_part`: then when the pieces are taken.
    """
    info = archive.members.get(name.lower())
    if info is None:
        raise InputError(_DAMAGED)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError("the archive is packed in an unusual way; save the workbook again")
    size = 0
    try:
        with archive.file.open(info) as part:
            while chunk := part.read(_CHUNK):
                size += len(chunk)
                if size > info.file_size:
                    raise InputError(_DAMAGED)
                yield chunk
    except _BROKEN:
        raise InputError(_DAMAGED) from None
    if size != info.file_size:
        raise InputError(_DAMAGED)


def resolve(target: str, folder: str) -> str:
    """Return the member that a relationship's target names, seen from a folder."""
    target = target.replace("\\", "/")
    joined = target if target.startswith("/") else posixpath.join("/", folder, target)
    return posixpath.normpath(joined).lstrip("/")


def describe_other(archive: Archive) -> str:
    """Say what an archive without a workbook is."""
    for name, kind in _OTHER_KINDS:
        if name in archive.members:
            return f"not an .xlsx workbook but {kind}; save the register as .xlsx"
    return "an archive without a workbook in it; give the .xlsx file itself"


def _check_sizes(members: list[zipfile.ZipInfo], packed: int) -> None:
    declared = sum(info.file_size for info in members)
    if declared > limits.MAX_INFLATED:
        raise InputError(
            f"the workbook inflates to more than {limits.MAX_INFLATED // 2**20} MB; "
            "remove what is no register or split it into several workbooks"
        )
    if declared > limits.RATIO_FROM and declared > limits.MAX_RATIO * packed:
        raise InputError(
            f"the workbook inflates to more than {limits.MAX_RATIO} times its size, "
            "as an archive made to do harm does; export the register again"
        )
