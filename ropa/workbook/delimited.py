"""Delimited text (``.csv``, ``.tsv``): one sheet of rows as a spreadsheet program shows them.

Row 1 is the first record, and a blank line is a blank row. A first line ``sep=;``, which Excel
understands, names the delimiter and is no row: the record after it is row 1. A quoted cell may
span lines; all line ends become line feeds. Nothing is trimmed or converted: ``007``, ``NA`` and
``None`` stay as typed. An error value such as ``#REF!``, which is all that a text file can keep of
a broken formula, is marked as one, as Excel does on opening it.
Sources: RFC 4180; the separator line as Excel reads it.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count, islice

from ropa.errors import InputError
from ropa.workbook.addresses import MAX_COLUMN, MAX_ROW
from ropa.workbook.charsets import decode
from ropa.workbook.scans import check_area

DELIMITERS = (",", ";", "\t", "|")

_SEPARATOR = re.compile(r'"?sep=([^\w"\n])"?[ ]*(?:\n|\Z)', re.IGNORECASE)
_ERRORS = frozenset(
    ("#REF!", "#DIV/0!", "#NAME?", "#N/A", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
)
_QUOTED = re.compile(r'"[^"]*"')
_END = "\0"  # no text holds it: twice, so that a quotation that swallows them gives one cell
_TOO_WIDE = (
    f"a row has more than {MAX_COLUMN:,} cells; check what delimits them and export the file again"
)
_SAMPLE = 2**20
_SAMPLE_RECORDS = 1000
_FEW = 2
_TABLE = 3


@dataclass(frozen=True, slots=True)
class Records:
    """The cells of a text file from A1 on, and those that hold error values (from 1)."""

    rows: list[list[str]]
    errors: dict[tuple[int, int], str]


def read_delimited(data: bytes, *, tabs: bool = False) -> Records:
    """Read the bytes of a delimited text file.

    Parameters
    ----------
    data : bytes
        The file.
    tabs : bool
        Whether its extension says that tabs delimit (``.tsv``).

    Raises
    ------
    InputError
        If it is no text, a quotation does not end or ends before more text, a cell is longer than
        any program shows, or it has more rows, columns or cells than a sheet. The message lacks
        the file's name.
    """
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    separator = _SEPARATOR.match(text)
    if separator:
        text = text[separator.end() :]
        delimiter = separator[1]
    else:
        delimiter = "\t" if tabs and "\t" in text else find_delimiter(text)
    return _parse(text, delimiter)


def find_delimiter(text: str) -> str:
    """Return the delimiter under which the text is most of a table; a comma if it is none.

    Each candidate is tried on the first records. What counts is the share of records that it
    divides, and the share that have the same number of cells: prose has commas too, but not the
    same number in each row. Then more cells count more. A candidate that divides fewer than half
    of the records, and no two into the same three or more cells, is a sign in the text.
    """
    sample = text[:_SAMPLE]
    best, delimiter = (0.0, 0), ","
    for candidate in DELIMITERS:
        score = _rate(sample, candidate, cut=len(text) > _SAMPLE)
        if score > best:
            best, delimiter = score, candidate
    return delimiter


def _rate(sample: str, delimiter: str, *, cut: bool) -> tuple[float, int]:
    try:
        records = list(
            islice(csv.reader(io.StringIO(sample), delimiter=delimiter), _SAMPLE_RECORDS)
        )
    except csv.Error:
        return 0, 0
    if cut and 1 < len(records) < _SAMPLE_RECORDS:
        records.pop()  # the sample ends somewhere in it
    widths = Counter(len(record) for record in records if record)
    divided = Counter({width: count for width, count in widths.items() if width > 1})
    if not divided:
        return 0, 0
    count, width = max((count, width) for width, count in divided.items())
    covered = divided.total()
    if _FEW * covered < widths.total() and not (count >= _FEW and width >= _TABLE):
        return 0, 0
    return covered * count / widths.total() ** 2, width


def _close_gaps(text: str, delimiter: str) -> str:
    """Return the text without blanks before a quotation that holds a delimiter.

    ``Payroll, "Name, address"`` would be three cells, and what follows in the wrong column.
    """
    if delimiter == " " or ' "' not in text:
        return text
    mark = re.escape(delimiter)
    quoted = re.compile(rf'((?:\A|\n|{mark}))[ ]+("[^"\n]*")(?=[ ]*(?:{mark}|\n|\Z))')
    return quoted.sub(
        lambda found: found[1] + found[2] if delimiter in found[2] else found[0], text
    )


def _parse(text: str, delimiter: str) -> Records:
    text = _close_gaps(text, delimiter)
    try:
        return _read_records(text, delimiter, strict=True)
    except csv.Error:
        # Blanks, or a byte that is no letter, between a quotation and the delimiter do no harm.
        closed = re.sub(rf'"[ \t\ufffd]+(?={re.escape(delimiter)}|\n|\Z)', '"', text)
    row = _find_fault(closed, delimiter, strict=True) or _find_fault(text, delimiter, strict=False)
    if row:
        why = _explain_fault(text, delimiter, row)
        raise InputError(f"{why}; correct the row and export the file again")
    return _read_records(text, delimiter, strict=False)


def _read_records(text: str, delimiter: str, *, strict: bool) -> Records:
    rows: list[list[str]] = []
    errors: dict[tuple[int, int], str] = {}
    blank: list[str] = []
    width = 0
    for number, record in enumerate(_divide(text, delimiter, strict=strict), start=1):
        while record and not record[-1]:
            record.pop()
        if not record or record[0] == _END:
            continue
        if number > MAX_ROW:
            raise InputError(f"it has more than {MAX_ROW:,} rows; split it into several files")
        if len(record) > MAX_COLUMN:
            raise InputError(_TOO_WIDE)
        width = max(width, len(record))
        check_area(number, width)
        rows.extend([blank] * (number - 1 - len(rows)))
        rows.append(record)
        _take_errors(record, number, errors)
    return Records(rows, errors)


def _divide(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    lines = _check_lines(chain(io.StringIO(text), [_END + delimiter + _END]), delimiter)
    return csv.reader(lines, delimiter=delimiter, strict=strict)


def _find_fault(text: str, delimiter: str, *, strict: bool) -> int:
    """Return the number of the record that cannot be divided into cells; 0 where all can."""
    records = _divide(text, delimiter, strict=strict)
    for number in count(1):
        try:
            if next(records, None) is None:
                break
        except csv.Error:
            return number
    return 0


def _explain_fault(text: str, delimiter: str, row: int) -> str:
    """Say why a record cannot be divided into cells.

    Where text follows the end of a quotation it can, but nobody knows where: ``"Payroll,"Pay`` is
    one cell to a spreadsheet program, and was two.
    """
    try:
        record = next(islice(_divide(text, delimiter, strict=False), row - 1, None))
    except csv.Error:
        limit = f"{csv.field_size_limit():,} characters"
        return f"a cell in row {row} is longer than {limit}, as when a quotation mark is missing"
    if _END in record[-1]:
        return f"the quotation that begins in row {row} does not end"
    return f"in row {row} text follows the quotation mark that ends a cell, so cells may be joined"


def _take_errors(record: list[str], row: int, errors: dict[tuple[int, int], str]) -> None:
    for column, text in enumerate(record, start=1):
        if text[:1] == "#" and text in _ERRORS:
            errors[row, column] = text
            record[column - 1] = ""


def _check_lines(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Pass lines on, and refuse one of more cells than a sheet has before it is divided."""
    for line in lines:
        if len(line) > MAX_COLUMN and line.count(delimiter) >= MAX_COLUMN:
            plain = _QUOTED.sub("", line)
            if plain.count(delimiter) >= MAX_COLUMN:
                raise InputError(_TOO_WIDE)
        yield line
