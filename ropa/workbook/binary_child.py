"""The process that reads a binary workbook: bytes in on its standard input, cells out.

It is started by `binary` and holds itself to a limit of memory. Whatever a hostile file does to
the reader, it is done to this process alone. What it writes: the length of a JSON head and the
head, then for each sheet the length of an Arrow stream and the stream.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ropa.workbook import limits
from ropa.workbook.values import OUT_OF_RANGE, number_text

if TYPE_CHECKING:
    import fastexcel
    import pyarrow as pa

LENGTH = 8
"""Bytes that a length takes, the lowest first."""

_DAY = 86_400
_TRUTHS = {"true": "True", "false": "False"}
_MOST_PLAIN = 10**16  # from here on a number is written with an exponent
_ERRORS = {
    "Ref": "#REF!",
    "Div0": "#DIV/0!",
    "Name": "#NAME?",
    "NA": "#N/A",
    "Value": "#VALUE!",
    "Num": "#NUM!",
    "Null": "#NULL!",
    "GettingData": "#GETTING_DATA",
}
Place = tuple[int, int]


def main() -> None:
    """Read, answer, end."""
    import fastexcel  # noqa: F401 - before memory is limited
    import pyarrow as pa  # noqa: F401

    data = sys.stdin.buffer.read()
    _limit(int(sys.argv[1]))
    head: dict[str, Any]
    streams: list[bytes] = []
    try:
        head, streams = _read(data)
    except MemoryError:
        head = {"problem": "memory"}
    except BaseException as error:  # noqa: BLE001 - a panic in the Rust reader is no Exception
        head = {"problem": "password" if "password" in str(error).lower() else "damaged"}
    for part in (json.dumps(head).encode(), *streams):
        sys.stdout.buffer.write(len(part).to_bytes(LENGTH, "little"))
        sys.stdout.buffer.write(part)


def _limit(memory: int) -> None:
    """Limit the memory from here on, and leave no image of it behind, where the system can."""
    try:
        import resource
    except ImportError:  # Windows has no such limits: the limit of time stands alone there
        return
    taken = 0
    with contextlib.suppress(OSError):  # only Linux says how much it is
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
        taken = int(pages) * mmap.PAGESIZE
    for which, most in ((resource.RLIMIT_AS, taken + memory), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(which)[1]
            least = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(which, (least, hard))


def _read(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    import fastexcel
    import pyarrow as pa

    reader = fastexcel.read_excel(data)
    sheets, streams, area = [], [], 0
    for index, name in enumerate(reader.sheet_names):
        texts, errors, hidden = _read_sheet(reader, index)
        area += texts.num_rows * texts.num_columns
        if area > limits.MAX_AREA:
            return {"problem": "area"}, []
        sheets.append({"name": name, "hidden": hidden, "errors": [[*k, v] for k, v in errors]})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, texts.schema) as writer:
            writer.write_batch(texts)
        streams.append(sink.getvalue().to_pybytes())
    return {"sheets": sheets}, streams


def _read_sheet(
    reader: fastexcel.ExcelReader, index: int
) -> tuple[pa.RecordBatch, list[tuple[Place, str]], bool]:
    """Return a sheet's columns from A on, its errors and whether it is hidden.

    The reader gives one type a column. A number, a truth value or a date that is read as text is
    rounded or loses its type, so each type is asked for: only numbers and truth values are there
    when truth values are asked for, only dates when durations are.
    """
    import pyarrow as pa

    def load(kind: Literal["string", "boolean", "float", "duration"]) -> fastexcel.ExcelSheet:
        # Rows from the first on, no header: otherwise leading blank rows vanish.
        sheet: fastexcel.ExcelSheet = reader.load_sheet(
            index, header_row=None, skip_rows=0, dtypes=kind
        )
        return sheet

    sheet = load("string")
    batch, found = sheet.to_arrow_with_errors()
    places = [column.absolute_index for column in sheet.selected_columns]
    errors = [  # the row counts from the sheet's first, the column from the first that is used
        ((one.position[0] + 1, places[one.position[1]] + 1), _name_error(one.detail))
        for one in (found.errors if found else ())
    ]
    kinds = [
        load("boolean").to_arrow().columns,
        load("float").to_arrow().columns,
        load("duration").to_arrow().columns,
    ]
    columns: dict[int, list[str | None]] = {}
    for place, texts, *typed in zip(places, batch.columns, *kinds, strict=True):
        column = columns[place] = texts.to_pylist()
        for row, text in _retype(column, *typed):
            if text is None:
                errors.append(((row + 1, place + 1), OUT_OF_RANGE))
            column[row] = text
    width = max(columns, default=-1) + 1
    arrays = [
        pa.array([text or None for text in columns.get(i) or [None] * batch.num_rows], pa.string())
        for i in range(width)
    ]
    names = [str(i) for i in range(width)]
    hidden = sheet.visible != "visible"
    return pa.RecordBatch.from_arrays(arrays, names=names), errors, hidden


def _retype(
    texts: list[str | None], truths: pa.Array, numbers: pa.Array, durations: pa.Array
) -> list[tuple[int, str | None]]:
    """Return rows, from 0, with the text that an ``.xlsx`` file's value has; None is no date."""
    found: list[tuple[int, str | None]] = []
    values = numbers.to_pylist()
    for row, truth in enumerate(truths.to_pylist()):
        if truth is not None:
            found.append((row, _TRUTHS.get(texts[row] or "") or _number_text(values[row])))
    for row, duration in enumerate(durations.to_pylist()):
        if duration is not None:
            found.append((row, _moment_text(texts[row] or "", duration.total_seconds())))
    return found


def _number_text(number: float) -> str:
    if number.is_integer() and abs(number) < _MOST_PLAIN:
        return str(int(number))
    return number_text(repr(number))


def _moment_text(text: str, seconds: float) -> str | None:
    """Return a date's text, a time of day's where it is less than a day after the first one."""
    if seconds < 0:
        return None
    whole, _, fraction = text.partition(".")
    moment = f"{whole}.{fraction:0<6}" if fraction.strip("0") else whole
    return moment.partition(" ")[2] if seconds < _DAY else moment


def _name_error(detail: str) -> str:
    """Return an error's name from the reader's words: ``Expected string but got 'Error(Ref)'``."""
    kind = detail.rpartition("Error(")[2].partition(")")[0]
    return _ERRORS.get(kind, "#VALUE!")


if __name__ == "__main__":
    main()
