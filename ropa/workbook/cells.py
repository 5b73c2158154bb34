"""Workbooks as found: each sheet's cells as text, at the addresses that a reader of it sees.

This is the one door through which spreadsheets come in. A cell's text is what ``str(value)``
gives in openpyxl: ``42``, ``0.5``, ``True``, ``2024-02-29 00:00:00``; nothing is trimmed, no
header is taken, and ``NA``, ``None`` or ``007`` stay as typed. Three things are told apart that
look alike in a table: a blank cell, an error value, and a formula that no program has calculated.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ropa.errors import InputError
from ropa.workbook import limits
from ropa.workbook.addresses import cell_address
from ropa.workbook.assembly import open_reader, read_cells, trim
from ropa.workbook.binary import read_binary
from ropa.workbook.delimited import read_delimited
from ropa.workbook.files import make_text, read_bytes, shown
from ropa.workbook.kinds import Kind, find_kind
from ropa.workbook.open_documents import scan_open_document
from ropa.workbook.preflight import Preflight, preflight

if TYPE_CHECKING:
    import pyarrow as pa

Place = tuple[int, int]
Range = tuple[int, int, int, int]

_EXPANSION = 6
"""Characters that a byte of text may stand for, at most: U+FDFA is three bytes and a sentence of 18
letters (Unicode Standard Annex 15, compatibility decompositions)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its cells as text, and what a text cannot say.

    Attributes
    ----------
    name : str
        As on its tab.
    index : int
        Its place among the worksheets, from 0.
    hidden : bool
        Whether its tab is hidden. Hidden sheets, rows and columns are read like others.
    rows, columns : int
        The last row and column with a value: a text, an error or an uncalculated formula.
    texts : pyarrow.RecordBatch
        Column ``i`` is the sheet's column ``i + 1``, named by its letters; row ``j`` is the
        sheet's row ``j + 1``. All columns are strings; null is a cell without text. In a merged
        range only the first cell has one, as on the screen.
    errors : mapping of (row, column) to str
        Cells with an error value such as ``#REF!``; their text is null. Rows and columns count
        from 1 here and below. A number that is no date under a date format is ``#VALUE!``.
    uncached : frozenset of (row, column)
        Cells with a formula and no stored result; their text is null.
    hidden_rows, hidden_columns : frozenset of int
        Marked as hidden in the sheet.
    merged : tuple of (first row, first column, last row, last column)
        Merged ranges, as the sheet lists them.
    """

    name: str
    index: int
    hidden: bool
    rows: int
    columns: int
    texts: pa.RecordBatch
    errors: Mapping[Place, str]
    uncached: frozenset[Place]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    merged: tuple[Range, ...]

    def text(self, row: int, column: int) -> str | None:
        """Return the text of one cell, None if it has none. Both numbers count from 1."""
        if not (1 <= row <= self.rows and 1 <= column <= self.columns):
            return None
        value: str | None = self.texts.column(column - 1)[row - 1].as_py()
        return value


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook: the file's name as findings show it, its SHA-256, its worksheets in order."""

    file: str
    sha256: str
    sheets: tuple[Sheet, ...]


def read_workbook(path: Path, *, file: str = "", data: bytes | None = None) -> Workbook:
    """Read the cells of a workbook.

    Parameters
    ----------
    path : Path
        An ``.xlsx``, ``.xlsm``, ``.xls``, ``.xlsb``, ``.ods``, ``.csv`` or ``.tsv`` file. What it
        holds decides, where that is plain, over its extension. Macros are never run, formulas
        never calculated, links never followed, and nothing is written to disk.
    file : str, optional
        The name that findings and errors show, e.g. the path relative to the inputs' common
        parent; by default the file's name.
    data : bytes, optional
        What the file holds, where that is in memory already: the path is its name alone then.

    Raises
    ------
    InputError
        If it is missing, no regular file, not permitted, empty, no workbook, encrypted, damaged,
        too large or not safe to read. One line: what, where, what to do.

    Notes
    -----
    Texts are those of openpyxl, escapes such as ``_x000D_`` included, but for what it refuses: a
    stored number that is none, or a date that is none, stays as it is stored; strict workbooks
    are read. The empty text is no text. The same register reads the same from each kind of file,
    as far as the kind keeps it: delimited text has no types, so that a date is there as typed.
    """
    path = Path(path)
    name = file or make_text(path.name)
    line = shown(name or str(path))
    data = read_bytes(path, line) if data is None else data
    suffix = path.suffix.lower()
    try:
        kind = find_kind(data, suffix)
        if kind is Kind.DELIMITED:
            sheets = [_read_delimited(data, make_text(path.stem), tabs=suffix == ".tsv")]
        elif kind is Kind.BINARY:
            sheets = _read_binary(data)
        else:
            scan = scan_open_document if kind is Kind.OPEN_DOCUMENT else preflight
            sheets = list(_read_sheets(scan(data)))
        for sheet in sheets:
            _check_lengths(sheet)
    except InputError as error:
        raise InputError(f"{line}: {error}") from None
    except MemoryError:
        raise InputError(
            f"{line}: the memory of this machine does not suffice; split the workbook"
        ) from None
    return Workbook(name, hashlib.sha256(data).hexdigest(), tuple(sheets))


def make_sheet(  # noqa: PLR0913 - a sheet has these parts, and all but two have a default
    name: str,
    rows: Sequence[Sequence[str | None]],
    *,
    index: int = 0,
    hidden: bool = False,
    errors: Mapping[Place, str] | None = None,
    uncached: AbstractSet[Place] = frozenset(),
    hidden_rows: AbstractSet[int] = frozenset(),
    hidden_columns: AbstractSet[int] = frozenset(),
    merged: Sequence[Range] = (),
) -> Sheet:
    """Make a sheet from plain rows, without a file.

    Parameters
    ----------
    name : str
        The sheet's name.
    rows : sequence of sequences of str
        Texts from cell A1 on; rows may differ in length; ``""`` and None are blank cells.
    index, hidden, errors, uncached, hidden_rows, hidden_columns, merged
        As in `Sheet`.
    """
    import pyarrow as pa

    width = max(map(len, rows), default=0)
    columns = [
        pa.array([(row[i] or None) if i < len(row) else None for row in rows], type=pa.string())
        for i in range(width)
    ]
    texts = trim(columns, len(rows), [*(errors or {}), *uncached])
    return Sheet(
        name=name,
        index=index,
        hidden=hidden,
        rows=texts.num_rows,
        columns=texts.num_columns,
        texts=texts,
        errors=dict(errors or {}),
        uncached=frozenset(uncached),
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        merged=tuple(merged),
    )


def _read_sheets(found: Preflight) -> Iterator[Sheet]:
    used = 0
    reader = open_reader(found.archive)
    for scan in found.sheets:
        try:
            cells = read_cells(found, scan, reader, used=used)
        except InputError as error:
            raise InputError(f"sheet '{shown(scan.name)}': {error}") from None
        texts = cells.texts
        used += texts.num_rows * texts.num_columns
        yield Sheet(
            name=scan.name,
            index=scan.index,
            hidden=scan.hidden,
            rows=texts.num_rows,
            columns=texts.num_columns,
            texts=texts,
            errors=cells.errors,
            uncached=cells.uncached,
            hidden_rows=frozenset(scan.tally.hidden_rows),
            hidden_columns=frozenset(scan.tally.hidden_columns),
            merged=tuple(scan.tally.merged),
        )


def _check_lengths(sheet: Sheet) -> None:
    """Refuse a sheet with a cell that holds more than any program shows, or does written out."""
    import pyarrow.compute as pc

    for number, column in enumerate(sheet.texts.columns, start=1):
        sizes = pc.binary_length(column)
        if (pc.max(sizes).as_py() or 0) * _EXPANSION <= limits.MAX_CELL:
            continue
        long = pc.greater(pc.multiply(sizes, _EXPANSION), limits.MAX_CELL)
        for row in pc.indices_nonzero(long).to_pylist():
            if _count_letters(column[row].as_py()) > limits.MAX_CELL:
                raise InputError(
                    f"sheet '{shown(sheet.name)}': cell {cell_address(row + 1, number)} holds more "
                    f"than {limits.MAX_CELL:,} characters; shorten it or move it to a document of "
                    "its own"
                )


def _count_letters(text: str) -> int:
    """Return how many characters a text has, its ligatures written out, as they are compared."""
    if len(text) > limits.MAX_CELL or text.isascii():
        return len(text)
    return len(unicodedata.normalize("NFKC", text))


def _read_delimited(data: bytes, name: str, *, tabs: bool) -> Sheet:
    found = read_delimited(data, tabs=tabs)
    return make_sheet(name, found.rows, errors=found.errors)


def _read_binary(data: bytes) -> list[Sheet]:
    return [
        Sheet(
            name=found.name,
            index=index,
            hidden=found.hidden,
            rows=found.texts.num_rows,
            columns=found.texts.num_columns,
            texts=found.texts,
            errors=found.errors,
            uncached=frozenset(),
            hidden_rows=frozenset(),
            hidden_columns=frozenset(),
            merged=(),
        )
        for index, found in enumerate(read_binary(data))
    ]
