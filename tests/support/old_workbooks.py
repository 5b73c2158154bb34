"""Workbooks of the old binary kind (``.xls``), written byte by byte.

Sources: [MS-CFB] 2.2 to 2.6 (the compound file), [MS-XLS] 2.1 and 2.4 (the records).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_SECTOR = 512
_LEAST = 4096
"""Bytes from which on a stream has sectors of its own."""

_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_BOF, _EOF, _SHEET, _LABEL, _PASSWORD = 0x0809, 0x000A, 0x0085, 0x0204, 0x002F


def write_old_workbook(
    rows: Sequence[Sequence[str]], *, encrypted: bool = False, far: tuple[int, int] | None = None
) -> bytes:
    """Return a workbook of one sheet with these texts.

    Parameters
    ----------
    rows : sequence of sequences of str
        The texts from A1 on.
    encrypted : bool
        Whether it says that its records are encrypted.
    far : tuple of (int, int), optional
        Row and column, from 0, of one more cell.
    """
    cells = [
        (row, column, text)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
        if text
    ]
    if far:
        cells.append((*far, "x"))
    sheet = b"".join([_begin(0x10), *_write_labels(cells), _record(_EOF)])
    password = _record(_PASSWORD, bytes(54)) if encrypted else b""
    head = _begin(0x05) + password
    name = b"\x02\x00S1"
    size = len(head) + 4 + 6 + len(name) + len(_record(_EOF))
    listed = _record(_SHEET, struct.pack("<IBB", size, 0, 0) + name)
    return write_compound_file("Workbook", head + listed + _record(_EOF) + sheet)


def write_compound_file(name: str, stream: bytes) -> bytes:
    """Return a compound file of one stream."""
    stream = stream.ljust(max(_LEAST, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    # Sector 0 is the table, sector 1 the directory; the stream follows.
    table = [_TABLE, _END, *range(3, count + 2), _END]
    if len(table) > _SECTOR // 4:
        raise ValueError("the stream is too long for one sector of the table")
    table += [_FREE] * (_SECTOR // 4 - len(table))
    entries = _entry("Root Entry", 5, _END, 0, child=1) + _entry(name, 2, 2, len(stream))
    header = _SIGNATURE + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, _LEAST, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    return header + struct.pack("<128I", *table) + entries.ljust(_SECTOR, b"\0") + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    encoded = name.encode("utf-16-le")
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
    head += struct.pack("<III", _FREE, _FREE, child) + bytes(36)
    return head + struct.pack("<IQ", start, size)


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _begin(kind: int) -> bytes:
    return _record(_BOF, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _write_labels(cells: Iterable[tuple[int, int, str]]) -> Iterable[bytes]:
    for row, column, text in cells:
        letters = text.encode("utf-16-le")
        head = struct.pack("<HHHHB", row, column, 0, len(letters) // 2, 1)
        yield _record(_LABEL, head + letters)
