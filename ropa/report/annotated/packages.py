"""An Office file as an archive of parts, of which a few are replaced or added.

The members that nobody touches are copied as they are packed: the same compressed bytes, dates and
attributes, in the same order.
"""

import struct
import zipfile
import zlib
from collections.abc import Mapping

from ropa.errors import InputError
from ropa.report.archive import MEMBER_TIME
from ropa.workbook.archive import Archive, open_archive, read_part

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s4B4H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_UTF8 = 0x800
_SIZES_FOLLOW = 0x8
_VERSION = 20
_UNIX = 3
_READABLE = 0o644 << 16
_ZIP64 = 1


class Package:
    """The parts of an Office file, read from its bytes; changes are kept until it is packed."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._archive: Archive = open_archive(data)
        self._changed: dict[str, bytes] = {}
        self._added: dict[str, bytes] = {}

    @property
    def names(self) -> list[str]:
        """The parts' names in lower case, in the order of the archive."""
        return [*self._archive.members, *(name.lower() for name in self._added)]

    def read(self, name: str) -> bytes | None:
        """Return a part, whatever the case of its name; None where there is none."""
        key = name.lower()
        found = self._changed.get(key) or next(
            (part for one, part in self._added.items() if one.lower() == key), None
        )
        return found if found is not None else read_part(self._archive, name)

    def require(self, name: str) -> bytes:
        """Return a part that must be there."""
        found = self.read(name)
        if found is None:
            raise InputError("the archive is damaged or cut short; export or copy it again")
        return found

    def write(self, name: str, part: bytes) -> None:
        """Replace a part, or add one."""
        if name.lower() in self._archive.members:
            self._changed[name.lower()] = part
        else:
            self._added[name] = part

    def pack(self) -> bytes:
        """Return the file's bytes."""
        body, directory, at, count = [], [], 0, 0
        for key, info in self._archive.members.items():
            part = self._changed.get(key)
            packed = self._raw(info) if part is None else _deflate(part)
            entry = _copy_entry(info, part, len(packed))
            head, central = _make_headers(entry, at)
            body += [head, packed]
            directory.append(central)
            at += len(head) + len(packed)
            count += 1
        for name, part in self._added.items():
            packed = _deflate(part)
            head, central = _make_headers(_new_entry(name, part, len(packed)), at)
            body += [head, packed]
            directory.append(central)
            at += len(head) + len(packed)
            count += 1
        listed = b"".join(directory)
        ending = _END.pack(b"PK\5\6", 0, 0, count, count, len(listed), at, 0)
        return b"".join([*body, listed, ending])

    def _raw(self, info: zipfile.ZipInfo) -> bytes:
        """Return a member as it is packed."""
        at = info.header_offset
        head = _LOCAL.unpack_from(self._data, at)
        begin = at + _LOCAL.size + head[-2] + head[-1]
        return self._data[begin : begin + info.compress_size]


def _deflate(part: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(part) + packer.flush()


Entry = Mapping[str, int | bytes]


def _copy_entry(info: zipfile.ZipInfo, part: bytes | None, packed: int) -> Entry:
    """Return what the archive says of a member; its date and attributes stay."""
    is_new = part is not None
    name = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")
    return {
        "name": name,
        "system": info.create_system,
        "made": info.create_version,
        "needed": max(info.extract_version, _VERSION),
        "flags": info.flag_bits & ~_SIZES_FOLLOW,
        "method": zipfile.ZIP_DEFLATED if is_new else info.compress_type,
        "time": _pack_time(info.date_time),
        "date": _pack_date(info.date_time),
        "crc": zlib.crc32(part) if part is not None else info.CRC,
        "packed": packed,
        "size": len(part) if part is not None else info.file_size,
        "extra": _drop_zip64(info.extra),
        "comment": info.comment,
        "internal": info.internal_attr,
        "external": info.external_attr,
    }


def _new_entry(name: str, part: bytes, packed: int) -> Entry:
    return {
        "name": name.encode(),
        "system": _UNIX,
        "made": _VERSION,
        "needed": _VERSION,
        "flags": 0 if name.isascii() else _UTF8,
        "method": zipfile.ZIP_DEFLATED,
        "time": _pack_time(MEMBER_TIME),
        "date": _pack_date(MEMBER_TIME),
        "crc": zlib.crc32(part),
        "packed": packed,
        "size": len(part),
        "extra": b"",
        "comment": b"",
        "internal": 0,
        "external": _READABLE,
    }


def _make_headers(entry: Entry, at: int) -> tuple[bytes, bytes]:
    """Return the header before a member and its entry in the directory (APPNOTE 4.3.7, 4.3.12)."""
    name, extra, comment = (bytes(entry[key]) for key in ("name", "extra", "comment"))
    shared = [entry[key] for key in ("flags", "method", "time", "date", "crc", "packed", "size")]
    head = _LOCAL.pack(b"PK\3\4", entry["needed"], *shared, len(name), 0)
    central = _CENTRAL.pack(
        *(b"PK\1\2", entry["made"], entry["system"], entry["needed"], 0),
        *(*shared, len(name), len(extra), len(comment)),
        *(0, entry["internal"], entry["external"], at),
    )
    return head + name, central + name + extra + comment


def _pack_time(moment: tuple[int, int, int, int, int, int]) -> int:
    return moment[3] << 11 | moment[4] << 5 | moment[5] // 2


def _pack_date(moment: tuple[int, int, int, int, int, int]) -> int:
    return (moment[0] - 1980) << 9 | moment[1] << 5 | moment[2]


def _drop_zip64(extra: bytes) -> bytes:
    """Return a member's extra fields without the one that holds sizes of 4 GB and more."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind != _ZIP64:
            kept += extra[at : at + 4 + size]
        at += 4 + size
    return kept
