"""The columns of a sheet: the fast reader's texts, with those of the preflight laid over them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ropa.errors import InputError
from ropa.workbook import limits, streaming
from ropa.workbook.addresses import column_letter
from ropa.workbook.preflight import Preflight, SheetScan
from ropa.workbook.repacking import sheet_member
from ropa.workbook.scans import DAMAGED, Tally, check_area

if TYPE_CHECKING:
    import fastexcel
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Masks = dict[int, npt.NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Cells:
    """The texts of a sheet with the marks that lie on visible cells."""

    texts: pa.RecordBatch
    errors: dict[tuple[int, int], str]
    uncached: frozenset[tuple[int, int]]


def open_reader(archive: bytes) -> fastexcel.ExcelReader | None:
    """Open the archive that is made for the fast reader; None where that cannot read it.

    The reader parses the shared strings of a workbook when it is opened: once for all sheets.
    """
    import fastexcel

    try:
        return fastexcel.read_excel(archive) if archive else None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # noqa: BLE001 - a panic in the Rust reader is no Exception
        return None


def read_cells(
    found: Preflight, scan: SheetScan, reader: fastexcel.ExcelReader | None, *, used: int = 0
) -> Cells:
    """Read the cells of one sheet that the preflight has passed.

    Parameters
    ----------
    found : Preflight
        The workbook.
    scan : SheetScan
        One of its sheets.
    reader : ExcelReader or None
        What `open_reader` gives for the workbook's archive.
    used : int
        Cells of the sheets read before, which count towards the limit.

    Raises
    ------
    InputError
        If the sheet is damaged or too large.
    """
    base: dict[int, pa.Array] = {}
    tally = scan.tally
    if scan.reader_index is not None:
        try:
            base = _read_fast(reader, scan.reader_index)
        except (KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException:  # noqa: BLE001 - a panic in the Rust reader is no Exception
            # Either the sheet is damaged, which the thorough pass says, or it reads it.
            tally = _read_again(found.archive, scan)
    height = max((len(column) for column in base.values()), default=0)
    height = max(height, tally.last_row)
    width = max(max(base, default=-1) + 1, tally.last_column)
    check_area(height, width, used=used)
    covered = _find_covered(tally.merged, height, width)
    columns = _lay_over(base, tally, height, width, covered)

    def is_visible(place: tuple[int, int]) -> bool:
        mask = covered.get(place[1] - 1)
        return mask is None or not mask[place[0] - 1]

    errors = {place: error for place, error in tally.errors.items() if is_visible(place)}
    uncached = frozenset(filter(is_visible, tally.uncached))
    return Cells(trim(columns, height, [*errors, *uncached]), errors, uncached)


def trim(
    columns: Sequence[pa.Array], height: int, marked: Sequence[tuple[int, int]]
) -> pa.RecordBatch:
    """Return columns as a batch, cut after the last row and column with a text or a mark."""
    import numpy as np
    import pyarrow as pa

    rows = max((row for row, _ in marked), default=0)
    width = max((column for _, column in marked), default=0)
    for number, column in enumerate(columns, start=1):
        if column.null_count == len(column):
            continue
        width = max(width, number)
        if rows < height:
            valid = column.is_valid().to_numpy(zero_copy_only=False)
            rows = max(rows, height - int(np.argmax(valid[::-1])))
    kept = [_lengthen(column.slice(0, rows), rows) for column in columns[:width]]
    kept += [pa.nulls(rows, pa.string()) for _ in range(width - len(kept))]
    names = [column_letter(number) for number in range(1, width + 1)]
    return pa.RecordBatch.from_arrays(kept, names=names)


def _read_fast(reader: fastexcel.ExcelReader | None, index: int) -> dict[int, pa.Array]:
    """Return the sheet's columns by place from 0, each from row 1 on."""
    import pyarrow as pa
    import pyarrow.compute as pc

    # Rows from the first on, no header: otherwise leading blank rows vanish.
    if reader is None:
        raise InputError(DAMAGED)
    sheet = reader.load_sheet(index, header_row=None, skip_rows=0, dtypes="string")
    batch = sheet.to_arrow()
    columns = {}
    for place, column in zip(sheet.selected_columns, batch.columns, strict=True):
        texts = column.cast(pa.string())
        empty = pc.equal(texts, "")
        if pc.any(empty).as_py():
            texts = pc.if_else(empty, pa.scalar(None, pa.string()), texts)
        columns[place.absolute_index] = texts
    return columns


def _read_again(archive: bytes, scan: SheetScan) -> Tally:
    tally = Tally(scan.tally.context, merged=scan.tally.merged)
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        streaming.scan_sheet(file.read(sheet_member(scan.reader_index or 0)), tally)
    return tally


def _lay_over(
    base: dict[int, pa.Array], tally: Tally, height: int, width: int, covered: Masks
) -> list[pa.Array]:
    """Return every column at full height, with the tally's texts in it and no covered ones."""
    import numpy as np
    import pyarrow as pa

    rows = np.frombuffer(tally.rows, dtype=np.uint32).astype(np.int64) - 1
    places = np.frombuffer(tally.columns, dtype=np.uint32).astype(np.int64) - 1
    codes = np.frombuffer(tally.codes, dtype=np.uint32)
    order = np.argsort(places, kind="stable")
    bounds = np.searchsorted(places[order], np.arange(width + 1))
    distinct = pa.array([text or None for text in tally.texts], type=pa.string())
    columns = []
    for place in range(width):
        column = _lengthen(base.get(place, pa.nulls(0, pa.string())), height)
        cells = order[bounds[place] : bounds[place + 1]]
        if len(cells) or place in covered:
            # Of two cells at one address the later one counts.
            source = np.arange(height)
            source[rows[cells]] = height + np.arange(len(cells))
            laid = pa.concat_arrays([column, distinct.take(pa.array(codes[cells]))])
            column = laid.take(pa.array(source, mask=covered.get(place)))
        columns.append(column)
    return columns


def _lengthen(column: pa.Array, height: int) -> pa.Array:
    import pyarrow as pa

    missing = height - len(column)
    return pa.concat_arrays([column, pa.nulls(missing, pa.string())]) if missing else column


def _find_covered(merged: Sequence[tuple[int, int, int, int]], height: int, width: int) -> Masks:
    """Return, by column from 0, the rows that a merged range covers with its first cell."""
    import numpy as np

    masks: Masks = {}
    total = 0
    for first_row, first_column, last_row, last_column in merged:
        low, high = min(last_row, height), min(last_column, width)
        if low < first_row:  # below the last row with a text
            continue
        total += max(low - first_row + 1, 0) * max(high - first_column + 1, 0)
        if total > limits.MAX_AREA:
            raise InputError(DAMAGED)  # ranges that overlap many times over
        for place in range(first_column - 1, high):
            if place not in masks:
                masks[place] = np.zeros(height, dtype=np.bool_)
            mask = masks[place]
            start = first_row if place == first_column - 1 else first_row - 1
            mask[start:low] = True
    return masks
