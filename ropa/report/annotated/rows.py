"""The cells of a sheet: each marked cell gets another style, and is made where there is none.

The rows are read as text, tag by tag, from top to bottom, so that the time is in proportion to the
sheet and nothing is lost. Only the rows with a mark are looked into.
"""

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise

from ropa.report.annotated.markup import (
    UnusualError,
    read_attributes,
    read_float,
    set_attributes,
)
from ropa.workbook.addresses import cell_address, column_number

Restyle = Callable[[int, int, int], int]
"""From a cell's row, column and style to its new style."""

_SKIPPED = rb"!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>"
_REST = rb"(?=[\s/>])((?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+)>"
_REFERENCE = re.compile(rb"([A-Za-z]{1,3})([0-9]{1,7})")
_FOREIGN = re.compile(rb"<[\w.\-]+:?row[\s/>]")
_SPAN = re.compile(rb"([0-9]{1,7}):([0-9]{1,7})")
_NUMBER = re.compile(rb"[0-9]{1,7}")
_PLAIN_TAG = re.compile(rb'(<[^\s<>"]+ r="[A-Z]+[0-9]+")((?: [a-z]+="[^"<>]*")*)(/?>)')
_STYLE = re.compile(rb' s="([^"]*)"')
_MOST_DIGITS = 7


@dataclass(slots=True)
class Rows:
    """The rows with their marks.

    Attributes
    ----------
    pieces : list of bytes
        The new content of ``sheetData``.
    heights : dict
        Row to its height in points, where the sheet says one; 0 for a hidden row.
    """

    pieces: list[bytes]
    heights: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: its start tag (as one that is not empty), and where it and its content stand."""

    number: int
    tag: bytes
    values: Mapping[bytes, bytes]
    start: int
    inside: int
    close: int
    end: int


def mark_rows(
    data: bytes,
    prefix: bytes,
    marked: Mapping[int, Mapping[int, int]],
    restyle: Restyle,
) -> Rows:
    """Mark cells.

    Parameters
    ----------
    data : bytes
        What ``sheetData`` holds.
    prefix : bytes
        What stands before the names of its elements, with the colon.
    marked : mapping
        Row to column to the style of that column, which a cell without one of its own has.
    restyle : callable
        Gives a cell's new style.

    Raises
    ------
    UnusualError
        The rows are not in order, or not of this form.
    """
    found = Rows([])
    left = deque(sorted(marked))
    at = 0
    for one in _walk_rows(data, prefix):
        _note_height(found.heights, one)
        if not left or left[0] > one.number:
            continue
        found.pieces.append(data[at : one.start])
        at = one.start
        while left and left[0] < one.number:
            row = left.popleft()
            found.pieces.append(_make_row(prefix, row, marked[row], restyle))
        if left and left[0] == one.number:
            row = left.popleft()
            inside = data[one.inside : one.close]
            found.pieces += _mark_row(one, inside, prefix, marked[row], restyle)
            found.pieces.append(data[one.close : one.end] or b"</" + prefix + b"row>")
            at = one.end
    found.pieces.append(data[at:])
    found.pieces += [_make_row(prefix, row, marked[row], restyle) for row in left]
    return found


def _walk_rows(data: bytes, prefix: bytes) -> Iterator[_Row]:
    """Yield the rows in their order, which must be from top to bottom."""
    number = 0
    is_plain = b"<!" not in data and b"<?" not in data
    for place in (_find_rows if is_plain else _find_rows_among_comments)(data, prefix):
        tag = data[place[0] : place[1]]
        values = read_attributes(tag)
        earlier, number = number, _read_number(values.get(b"r"), number + 1)
        if number <= earlier:
            raise UnusualError
        if tag.endswith(b"/>"):
            tag = tag[:-2].rstrip() + b">"
        yield _Row(number, tag, values, *place)
    if number == 0 and _FOREIGN.search(data):
        raise UnusualError


def _find_rows(data: bytes, prefix: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield where each row, its content, its end tag and what follows begin."""
    opening = re.compile(b"<" + re.escape(prefix) + b"row" + _REST)
    closing = b"</" + prefix + b"row"
    at = 0
    while one := opening.search(data, at):
        close = at = one.end()
        if not one[1].endswith(b"/"):
            close = data.find(closing, at)
            if close < 0:
                raise UnusualError
            at = data.index(b">", close) + 1
        yield one.start(), one.end(), close, at


def _find_rows_among_comments(data: bytes, prefix: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield the same, tag by tag, where comments may hold what looks like a row."""
    opened: tuple[int, int] | None = None
    for one in _compile_token(prefix, b"row").finditer(data):
        if one[1] is None:
            continue
        if bool(one[1]) != (opened is not None):  # an end without a start, a row within a row
            raise UnusualError
        if opened is not None:
            yield *opened, one.start(), one.end()
            opened = None
        elif one[2].endswith(b"/"):
            yield one.start(), one.end(), one.end(), one.end()
        else:
            opened = one.start(), one.end()
    if opened is not None:
        raise UnusualError


@cache
def _compile_token(prefix: bytes, name: bytes) -> re.Pattern[bytes]:
    """Return what finds the tags of an element, and steps over what is no markup."""
    tag = rb"(/?)" + re.escape(prefix) + name + _REST
    return re.compile(rb"<(?:" + _SKIPPED + rb"|" + tag + rb")", re.DOTALL)


def _read_number(text: bytes | None, following: int) -> int:
    if text is None:
        return following
    if not (text.isascii() and text.isdigit()) or len(text) > _MOST_DIGITS:
        raise UnusualError
    return int(text)


def _note_height(heights: dict[int, float], row: _Row) -> None:
    if row.values.get(b"hidden") in (b"1", b"true"):
        heights[row.number] = 0.0
    elif b"ht" in row.values:
        height = read_float(row.values[b"ht"].decode("ascii", "replace"))
        if height is not None:
            heights[row.number] = height


def _make_row(prefix: bytes, row: int, columns: Mapping[int, int], restyle: Restyle) -> bytes:
    """Return a row that the sheet lacks."""
    cells = b"".join(
        _make_cell(prefix, row, column, restyle(row, column, columns[column]))
        for column in sorted(columns)
    )
    name = prefix + b"row"
    return b'<%b r="%d">%b</%b>' % (name, row, cells, name)


def _make_cell(prefix: bytes, row: int, column: int, style: int) -> bytes:
    return b'<%bc r="%b" s="%d"/>' % (prefix, cell_address(row, column).encode(), style)


def _mark_row(
    one: _Row,
    inside: bytes,
    prefix: bytes,
    columns: Mapping[int, int],
    restyle: Restyle,
) -> list[bytes]:
    """Return a row's start tag and content with its marks."""
    tag, values, row = one.tag, one.values, one.number
    own = values.get(b"customFormat") in (b"1", b"true") and _NUMBER.fullmatch(
        values.get(b"s", b"")
    )
    styles = {column: int(values[b"s"]) if own else style for column, style in columns.items()}
    cells, end = _find_plain_cells(inside, prefix) or _find_cells(inside, prefix)
    numbers = [column for column, *_ in cells]
    missing = sorted(set(columns).difference(numbers))
    if missing:
        tag = _widen_spans(tag, values, missing)
    pieces, at = [tag], 0
    for column in sorted(columns):
        place = bisect_left(numbers, column)
        present = place < len(cells) and numbers[place] == column
        start = cells[place][1] if place < len(cells) else end
        pieces.append(inside[at:start])
        if present:
            at = cells[place][2]
            pieces.append(_restyle_cell(inside[start:at], row, column, restyle))
        else:
            at = start
            pieces.append(_make_cell(prefix, row, column, restyle(row, column, styles[column])))
    pieces.append(inside[at:])
    return pieces


def _restyle_cell(tag: bytes, row: int, column: int, restyle: Restyle) -> bytes:
    """Return a cell's start tag with its new style."""
    plain = _PLAIN_TAG.fullmatch(tag)
    if plain is None:
        style = _read_number(read_attributes(tag).get(b"s"), 0)
        return set_attributes(tag, {b"s": b"%d" % restyle(row, column, style)})
    before, style, after = _cut_style(plain[2])
    new = restyle(row, column, style)
    return b'%b%b s="%d"%b%b' % (plain[1], before, new, after, plain[3])


@lru_cache(maxsize=1_024)
def _cut_style(attributes: bytes) -> tuple[bytes, int, bytes]:
    """Return attributes as what stands before a cell's style, the style, and what follows."""
    found = _STYLE.search(attributes)
    if found is None:
        return attributes, 0, b""
    return attributes[: found.start()], _read_number(found[1], 0), attributes[found.end() :]


def _find_plain_cells(
    inside: bytes, prefix: bytes
) -> tuple[list[tuple[int, int, int]], int] | None:
    """Return what `_find_cells` does, of cells as Excel writes them; None where one is not so."""
    plain, opening = _compile_plain(prefix)
    found = list(plain.finditer(inside))
    if not found or len(found) != len(opening.findall(inside)):
        return None
    if b"<!" in inside or b"<?" in inside:
        return None
    columns = [_read_letters(one[1]) for one in found]
    if 0 in columns or any(after <= before for before, after in pairwise(columns)):
        return None
    ends = inside.count(b"</" + prefix + b"c>")
    if ends != sum(one[2] == b"" for one in found):
        return None
    last = found[-1]
    close = b"</" + prefix + b"c>"
    end = last.end() if last[2] else inside.index(close, last.end()) + len(close)
    return [(column, *one.span()) for column, one in zip(columns, found, strict=True)], end


@cache
def _compile_plain(prefix: bytes) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Return what finds the start tags of cells that begin with their address, and of all cells."""
    name = re.escape(prefix)
    plain = re.compile(rb"<" + name + rb'c r="([A-Z]{1,3})[0-9]{1,7}"(?: [a-z]+="[^"<>]*")*(/?)>')
    return plain, re.compile(rb"<" + name + rb"c(?=[\s/>])")


@cache
def _read_letters(letters: bytes) -> int:
    """Return the number of a column; 0 where there is none."""
    try:
        return column_number(letters.decode())
    except ValueError:
        return 0


def _find_cells(inside: bytes, prefix: bytes) -> tuple[list[tuple[int, int, int]], int]:
    """Return each cell's column with the place of its start tag, and where the last cell ends."""
    cells: list[tuple[int, int, int]] = []
    column = end = 0
    for one in _compile_token(prefix, b"c").finditer(inside):
        if one[1] is None:
            continue
        if one[1]:
            end = one.end()
            continue
        reference = read_attributes(one[0]).get(b"r")
        earlier, column = column, column + 1
        if reference is not None:
            found = _REFERENCE.fullmatch(reference)
            if found is None:
                raise UnusualError
            try:
                column = column_number(found[1].decode().upper())
            except ValueError:
                raise UnusualError from None
        if column <= earlier:
            raise UnusualError
        cells.append((column, one.start(), one.end()))
        end = one.end() if one[2].endswith(b"/") else end
    return cells, end


def _widen_spans(tag: bytes, values: Mapping[bytes, bytes], columns: list[int]) -> bytes:
    """Let a row's hint of its filled columns take in new ones."""
    span = _SPAN.fullmatch(values.get(b"spans", b""))
    if span is None:
        return tag
    first, last = min(int(span[1]), columns[0]), max(int(span[2]), columns[-1])
    return set_attributes(tag, {b"spans": b"%d:%d" % (first, last)})
