"""The usual pass: a strict grammar of the XML that spreadsheet programs write.

One regular expression runs over all ordinary cells (shared strings, short numbers, plain inline
text) without stopping; it stops at the others - dates, errors, formulas, long numbers - which
are noted one by one. Every byte between the first and the last row is accounted for: what does
not fit the grammar raises `UnusualError`, and the sheet is read by the thorough pass
(`streaming`). So nothing can hide from this pass and be met by the fast reader.

The ordinary cells are those whose text the fast reader (calamine) gives as openpyxl gives it.
Not ordinary, since it would read them otherwise: numbers of more than 15 digits, with an
exponent or many decimals, escapes ``_xHHHH_``, and text with spaces at its ends that lacks
``xml:space="preserve"`` (which it trims).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import cast

from ropa.workbook import limits
from ropa.workbook.addresses import MAX_COLUMN, MAX_ROW, column_number
from ropa.workbook.markup import Start, is_true, main_names, unescape, walk
from ropa.workbook.scans import Tally, check_area
from ropa.workbook.streaming import note_outside


class UnusualError(Exception):
    """The part is not of the usual form; the thorough pass must read it."""


# Text without escapes, and without the characters that XML does not allow.
_LETTERS = rb"[^<&_\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_TEXT = _LETTERS + rb"(?:(?:_(?!x)|&(?:amp|lt|gt|quot|apos);)" + _LETTERS + rb")*+"
# At its ends no space that may be trimmed.
_BARE_TEXT = rb">(?![ \t\r\n])" + _TEXT + rb"(?<![ \t\r\n])"
_ITEM_TEXT = rb"<t(?:/>|(?:" + _BARE_TEXT + rb'| xml:space="preserve">' + _TEXT + rb")</t>)"
# Up to 15 digits a double holds them all; of longer or smaller fractions the readers' texts part.
_NUMBER = rb"-?(?:[1-9][0-9]{0,14}|(?:0|[1-9][0-9]{0,4})\.(?!000)[0-9]{0,4}[1-9])|0"
_ATTRIBUTES = rb'(?: [A-Za-z0-9:]+="[^"<>&]*+")*+'
_LAST_ROWS = (  # 1,000,000 to 1,048,576
    rb"10(?:[0-3][0-9]{4}|4(?:[0-7][0-9]{3}|8(?:[0-4][0-9]{2}|5(?:[0-6][0-9]|7[0-6]))))"
)
_MANY_STYLES = 200

_ROW_ATTRIBUTE = rb'r="[1-9][0-9]{0,6}"|(?!r=|hidden=)[A-Za-z0-9:]+="[^"<>&]*+"'
_ROW = re.compile(rb'<row((?: (?:hidden="[a-z0-9]+"|' + _ROW_ATTRIBUTE + rb"))*+)/?>")
_NUMBERED = re.compile(rb' r="([1-9][0-9]{0,6})"')
_HIDDEN = re.compile(rb' hidden="([^"]*)"')
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]{1,6})")?(?: t="([A-Za-z]+)")?'
    rb'(?: cm="[0-9]+")?(?: vm="[0-9]+")?(?: ph="[01]")?'
    rb"(?:/>|>(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?"
    rb'(?:<v(?: xml:space="preserve")?>([^<]*)</v>|<v/>'
    rb'|<is>(?:<t(?: xml:space="preserve")?>([^<]*)</t>|<t/>)?</is>|<is/>)?</c>)'
)
# Shared strings: plain or in formatted runs, with phonetic guides.
_RUN = rb"<r>(?:<rPr>(?:<[A-Za-z]+" + _ATTRIBUTES + rb"/>)*+</rPr>)?" + _ITEM_TEXT + rb"</r>"
_GUIDES = rb"(?:<rPh" + _ATTRIBUTES + rb"><t>[^<]*</t></rPh>)*+"
_GUIDES += rb"(?:<phoneticPr" + _ATTRIBUTES + rb"/>)?"
_STRINGS = re.compile(
    rb"(?:<si>(?:" + _ITEM_TEXT + rb"|(?:" + _RUN + rb")++)" + _GUIDES + rb"</si>)*+"
)
_ADDRESS = re.compile(rb'<c r="[A-Z]{1,3}([1-9][0-9]{0,6})"')
_VALUED = re.compile(rb'<c r="([A-Z]++)([0-9]++)"[^>]*+(?<!/)>(?!</c>)')

_CELL_NAMES = main_names("worksheet", "sheetData", "row", "c")
_OUTSIDE_NAMES = main_names("col", "mergeCell")
_STRING_NAMES = main_names("sst", "si")
_ALPHABET = 26

Matcher = Callable[[bytes, int, int], re.Match[bytes]]


def scan_sheet(data: bytes, tally: Tally) -> memoryview:
    """Note in a tally every cell that is not ordinary, and what is hidden or merged.

    Returns
    -------
    memoryview
        The rows, every byte of which has been looked at: what ``sheetData`` holds.

    Raises
    ------
    UnusualError
        If the sheet is not of the usual form, or too sparse for the fast reader. The tally is
        then of no use.
    InputError
        If the sheet is damaged or its box of valued cells too large.
    """

    def start(name: str, attributes: dict[str, str]) -> None:
        note_outside(tally, _OUTSIDE_NAMES.get(name, ""), attributes)

    opening, closing, path = b"<sheetData>", b"</sheetData>", ["worksheet", "sheetData"]
    begin = data.find(opening)
    if begin < 0:
        if b"<sheetData/>" not in data:
            raise UnusualError
        _check_frame(data, b"", path, _CELL_NAMES, start)
        return memoryview(b"")
    begin += len(opening)
    end = data.rfind(closing, begin)
    if end < 0:
        raise UnusualError
    outside = data[: begin - len(opening)] + b"<sheetData/>" + data[end + len(closing) :]
    _check_frame(outside, data, path, _CELL_NAMES, start)
    _check_box(data, begin, end, *_run(data, begin, end, tally))
    return memoryview(data)[begin:end]


def check_strings(data: bytes) -> memoryview:
    """Check that the shared strings are of the usual form.

    Returns
    -------
    memoryview
        The items, every byte of which has been looked at.

    Raises
    ------
    UnusualError
        If they are not.
    """
    begin = data.find(b"<si>")
    if begin < 0:
        _check_frame(data, b"", ["sst"], _STRING_NAMES)
        return memoryview(b"")
    end = data.rfind(b"</si>") + len(b"</si>")
    _check_frame(data[:begin] + data[end:], data, ["sst"], _STRING_NAMES)
    found = _STRINGS.match(data, begin, end)
    if not found or found.end() != end:
        raise UnusualError
    return memoryview(data)[begin:end]


def _check_frame(
    outside: bytes,
    inside: bytes,
    path: list[str],
    names: dict[str, str],
    start: Start | None = None,
) -> None:
    """Check by expat what stands round the cells, and the encoding of both."""
    met: list[str] = []

    def note(name: str, attributes: dict[str, str]) -> None:
        if name in names:
            met.append(names[name])
        if start:
            start(name, attributes)

    encoding = walk(outside, note)
    if encoding not in ("", "utf-8", "utf8", "us-ascii", "ascii"):
        raise UnusualError
    if met != path:
        raise UnusualError
    if not inside.isascii():
        try:
            inside.decode()
        except UnicodeDecodeError:
            raise UnusualError from None


def _run(data: bytes, begin: int, end: int, tally: Tally) -> tuple[int, int]:
    """Run over the rows; return the numbers of rows and columns that no cell exceeds.

    Both are round numbers (59,999 rows, 52 columns), so that few expressions are needed.
    """
    styles = tuple(sorted(tally.context.moments))
    last = _ADDRESS.match(data, max(data.rfind(b'<c r="', begin, end), begin), end)
    rows = _round_rows(int(last[1]) if last else 1)
    columns = _ALPHABET
    ordinary = _ordinary(rows, columns, styles)
    at = begin
    while (at := ordinary(data, at, end).end()) < end:
        cell = _CELL.match(data, at, end)
        if cell is None:
            row = _ROW.match(data, at, end)
            if row is None:
                raise UnusualError
            at = row.end()
            _note_row(row[1], tally)
            continue
        at = cell.end()
        number, column = _note_cell(cell, tally)
        if number > rows or column > columns:
            if number > MAX_ROW or column > MAX_COLUMN:
                raise UnusualError
            rows = max(rows, _round_rows(number))
            columns = max(columns, -(-column // _ALPHABET) * _ALPHABET)
            ordinary = _ordinary(rows, columns, styles)
    return rows, columns


def _round_rows(row: int) -> int:
    """Round a row number up to one digit and nines: 50003 gives 59999."""
    power: int = 10 ** (len(str(row)) - 1)
    return min((row // power + 1) * power - 1, MAX_ROW)


def _note_row(attributes: bytes, tally: Tally) -> None:
    hidden = _HIDDEN.search(attributes)
    if hidden and is_true(hidden[1].decode()):
        number = _NUMBERED.search(attributes)
        if number is None:
            raise UnusualError
        tally.hidden_rows.add(int(number[1]))


def _note_cell(cell: re.Match[bytes], tally: Tally) -> tuple[int, int]:
    letters, row, style, kind, formula, value, inline = cell.groups()
    try:
        place = int(row), column_number(letters.decode())
        text = unescape((value or inline or b"").decode())
    except ValueError:
        raise UnusualError from None
    name = kind.decode() if kind else "n"
    if (inline is not None) != (name == "inlineStr") and text:
        raise UnusualError
    if name != "s":  # shared strings are the fast reader's
        tally.add_value(*place, name, int(style or 0), text, formula=formula is not None)
    elif text:
        if not text.isdecimal():
            raise UnusualError
        tally.touch(*place)
    return place


@lru_cache(maxsize=128)
def _ordinary(rows: int, columns: int, styles: tuple[int, ...]) -> Matcher:
    """Return the matcher of a run of ordinary rows and cells.

    Parameters
    ----------
    rows : int
        A round number that their row numbers do not exceed.
    columns : int
        A multiple of 26 that their columns do not exceed; past ZZ no cell is ordinary.
    styles : tuple of int
        Styles that show dates: numbers in them are not ordinary.
    """
    number = _row_number(rows)
    first = min(columns // _ALPHABET - 1, _ALPHABET)
    column = rb"[A-%c]?[A-Z]" % (ord("A") + first - 1) if first else rb"[A-Z]"
    style = rb'(?: s="[0-9]{1,6}")?'
    dated = b"|".join(b"%d" % index for index in styles)
    plain = rb' s="(?!(?:' + dated + rb')")[0-9]{1,6}"' if dated else rb' s="[0-9]{1,6}"'
    if len(styles) > _MANY_STYLES:
        plain = rb"(?!)"  # no styled number is ordinary
    if 0 not in styles:  # a cell without a style has style 0
        plain = rb"(?:" + plain + rb")?"
    cell = (
        rb'<c r="' + column + number + rb'"(?:'
        + style + rb'(?: t="s"><v>[0-9]{1,9}</v></c>|(?: t="[a-z]+")?(?:/>|></c>)|'
        rb' t="inlineStr"><is>' + _ITEM_TEXT + rb"</is></c>)|"
        + plain + rb'(?: t="n")?><v>(?:' + _NUMBER + rb")</v></c>)"
    )  # fmt: skip
    row = rb"<row(?: (?:" + _ROW_ATTRIBUTE + rb"))*+/?>"
    # It may match nothing, but it always matches.
    return cast("Matcher", re.compile(rb"(?:" + cell + rb"|</row>|" + row + rb")*+").match)


def _row_number(rows: int) -> bytes:
    digits = len(str(rows))
    if rows == MAX_ROW:
        return rb"(?:[1-9][0-9]{0,5}|" + _LAST_ROWS + rb")"
    longest = rb"[1-%c][0-9]{%d}" % (str(rows)[0].encode(), digits - 1)
    return rb"(?:" + longest + (rb"|[1-9][0-9]{0,%d})" % (digits - 2) if digits > 1 else rb")")


def _check_box(data: bytes, begin: int, end: int, rows: int, columns: int) -> None:
    """Check the box of valued cells, which has at most so many rows and columns."""
    if rows * columns <= limits.DENSE_AREA:
        return
    valued = data.count(b"<v>", begin, end) + data.count(b"<is>", begin, end)
    allowed = min(max(limits.DENSE_AREA, valued / limits.MIN_FILL), limits.MAX_AREA)
    if rows * columns <= allowed:
        return
    rows = columns = 0
    for cell in _VALUED.finditer(data, begin, end):
        rows = max(rows, int(cell[2]))
        columns = max(columns, column_number(cell[1].decode()))
    check_area(rows, columns)
    if rows * columns > allowed:
        raise UnusualError  # too sparse for the fast reader
