"""An archive whose one member is the archive itself, as often as it is unpacked.

Its deflate stream writes itself: a stored block quotes what follows it, and a block of five bytes
repeats what was written last. What is quoted once and repeated once stands there twice (the idea
is Russ Cox's, "Zip Files All The Way Down", 2010). The checksum that the archive names is part of
what it is a checksum of; a CRC is linear, so that it can be solved for.
"""

import struct
import zlib
from collections.abc import Callable

NAME = b"xl/worksheets/sheet1.xml"
_EXTRA = struct.pack("<HHH", 0x7A7A, 2, 0)
"""Makes the header as long as a repetition must be that five bytes hold (`_repeat`)."""

_BITS = 32
_LENGTHS = ((3, 8, 0), (11, 4, 1), (19, 4, 2), (35, 4, 3), (67, 4, 4), (131, 4, 5))
"""First length of some codes, how many there are, and their extra bits (RFC 1951, 3.2.5)."""


def build_quine() -> bytes:
    """Return the archive."""
    return _solve(_build)


def _build(checksum: int) -> bytes:
    """Return an archive that names a checksum, and else contains itself."""
    packed = whole = 0
    for _ in range(2):  # the first round tells the sizes
        facts = (20, 0, 8, 0, 0x21, checksum, packed, whole, len(NAME))
        header = struct.pack("<4s5H3I2H", b"PK\3\4", *facts, len(_EXTRA)) + NAME + _EXTRA
        entry = struct.pack("<4sH5H3I5H2I", b"PK\1\2", 20, *facts, 0, 0, 0, 0, 0, 0) + NAME
        counts = (0, 0, 1, 1, len(entry), len(header) + packed, 0)
        footer = entry + struct.pack("<4s4H2IH", b"PK\5\6", *counts)
        stream = _write_stream(header, footer)
        packed, whole = len(stream), len(header) + len(stream) + len(footer)
    return header + stream + footer


def _write_stream(header: bytes, footer: bytes) -> bytes:
    """Return the stream that writes the header, itself and the footer."""
    last = _repeat(len(footer) + 4, len(footer) + 4, final=True)
    first = _repeat(len(header) + 5, len(header) + 5)
    again = _repeat(20, 10, 10)
    begin, end = _quote(len(header) + 5), _quote(len(footer) + len(last))
    none, one, four = _quote(0), _quote(5), _quote(20)
    parts = (
        *(begin, header, begin),
        first,
        *(one, first),
        *(one, one),
        *(four, first, one, one, four),
        again,
        *(four, again, four, again, four),
        again,
        *(four, again, none, none, end),
        again,
        *(none, none, end, last, footer),
        last,
    )
    return b"".join(parts)


def _quote(length: int) -> bytes:
    """Return the start of a stored block."""
    return struct.pack("<BHH", 0, length, length ^ 0xFFFF)


def _repeat(distance: int, *lengths: int, final: bool = False) -> bytes:
    """Return a block that copies what was written so far back, in pieces of these lengths.

    It ends where a byte does: a block without anything in it fills what is missing.
    """
    bits = [int(final), 1, 0]
    for length in lengths:
        bits += [*_code_length(length), *_code_distance(distance)]
    bits += [0] * 7
    if not final and len(bits) % 8:
        bits += [0, 1, *[0] * 8]
    bits += [0] * (-len(bits) % 8 if final else 0)
    assert len(bits) % 8 == 0
    number = sum(bit << place for place, bit in enumerate(bits))
    return number.to_bytes(len(bits) // 8, "little")


def _code_length(length: int) -> list[int]:
    code = 257
    for first, count, extra in _LENGTHS:
        if length < first + (count << extra):
            step, rest = divmod(length - first, 1 << extra)
            code += step
            break
        code += count
    short = code < 280
    shown = code - 256 if short else code - 280 + 0b11000000
    return [*_high_first(shown, 7 if short else 8), *_low_first(rest, extra)]


def _code_distance(distance: int) -> list[int]:
    extra = max(0, (distance - 1).bit_length() - 2)
    code = 2 * extra + ((distance - 1) >> extra)
    return [*_high_first(code, 5), *_low_first((distance - 1) & ((1 << extra) - 1), extra)]


def _low_first(number: int, count: int) -> list[int]:
    return [number >> place & 1 for place in range(count)]


def _high_first(number: int, count: int) -> list[int]:
    return _low_first(number, count)[::-1]


def _solve(build: Callable[[int], bytes]) -> bytes:
    """Return what is built with its own checksum.

    Each bit of the number turns the same bits of the checksum, whatever the others are: 32
    equations between bits, which are solved one by one.
    """
    base = zlib.crc32(build(0))
    turned = [zlib.crc32(build(1 << one)) ^ base for one in range(_BITS)]
    rows = []
    for bit in range(_BITS):
        row = sum((turned[one] >> bit & 1) << one for one in range(_BITS)) ^ 1 << bit
        rows.append(row | (base >> bit & 1) << _BITS)
    for bit in range(_BITS):
        found = next(at for at in range(bit, _BITS) if rows[at] >> bit & 1)
        rows[bit], rows[found] = rows[found], rows[bit]
        for at in range(_BITS):
            if at != bit and rows[at] >> bit & 1:
                rows[at] ^= rows[bit]
    return build(sum((row >> _BITS) << bit for bit, row in enumerate(rows)))
