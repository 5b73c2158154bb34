"""Binary workbooks (``.xls``, ``.xlsb``), read in a process of their own.

Their formats cannot be checked beforehand as an archive of XML can, and a file made to do harm may
end the process that reads it. So another process reads it, within limits of memory and time; what
comes back is plain text, never code or objects. How it fares is one line at worst.

What the reader does not tell is not known here: merged ranges, hidden rows and columns, formulas
without a result. A format of elapsed time reads as a date of 1900.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ropa.errors import InputError
from ropa.workbook import limits
from ropa.workbook.assembly import trim
from ropa.workbook.kinds import ENCRYPTED
from ropa.workbook.scans import check_area

if TYPE_CHECKING:
    import pyarrow as pa

_CHILD = "ropa.workbook.binary_child"
_ROOT = str(Path(__file__).resolve().parents[2])
_LENGTH = 8  # as in the child
_BROKEN = (
    "the workbook is damaged, or made to do harm: reading it ended without a result; open it in "
    "Excel and save it as .xlsx"
)
_PROBLEMS = {
    "password": ENCRYPTED,
    "damaged": "the workbook is damaged; open it in Excel and save it as .xlsx",
    "memory": "reading it takes too much memory; save it as .xlsx",
    "area": (
        f"its cells reach further than the {limits.MAX_AREA // 10**6} million that can be read; "
        "delete the stray cells far from the rest and save it as .xlsx"
    ),
}


@dataclass(frozen=True, slots=True)
class BinarySheet:
    """A sheet as the process gave it back."""

    name: str
    hidden: bool
    texts: pa.RecordBatch
    errors: dict[tuple[int, int], str]


def read_binary(data: bytes) -> tuple[BinarySheet, ...]:
    """Read the sheets of a binary workbook in another process.

    Raises
    ------
    InputError
        If it is damaged, has a password, is too large, or the process ended or took too long. The
        message lacks the file's name.
    """
    import pyarrow as pa

    parts = _split(_run(data))
    try:
        head: dict[str, Any] = json.loads(next(parts, b""))
        if "problem" in head:
            raise InputError(_PROBLEMS[head["problem"]])
        sheets = tuple(
            _make_sheet(sheet, part) for sheet, part in zip(head["sheets"], parts, strict=True)
        )
    except (ValueError, KeyError, TypeError, pa.ArrowException):
        raise InputError(_BROKEN) from None
    used = 0
    for sheet in sheets:
        check_area(sheet.texts.num_rows, sheet.texts.num_columns, used=used)
        used += sheet.texts.num_rows * sheet.texts.num_columns
    return sheets


def _run(data: bytes) -> bytes:
    """Return what the process wrote."""
    # Modules come from where this one came from, and from no current directory (-P).
    paths = [_ROOT, os.environ.get("PYTHONPATH", "")]
    memory = min(limits.MAX_MEMORY, limits.FREE_MEMORY + limits.MEMORY_A_BYTE * len(data))
    command = [sys.executable, "-P", "-m", _CHILD, str(memory)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may hold cells' texts
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            timeout=limits.MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputError(
            f"reading it took more than {limits.MAX_SECONDS} seconds; save it as .xlsx"
        ) from None
    except OSError:
        raise InputError(
            "the process that reads such workbooks cannot be started; save it as .xlsx"
        ) from None
    if done.returncode:
        raise InputError(_BROKEN)
    return done.stdout


def _split(written: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(written):
        end = at + _LENGTH + int.from_bytes(written[at : at + _LENGTH], "little")
        if end > len(written):
            raise InputError(_BROKEN)
        yield written[at + _LENGTH : end]
        at = end


def _make_sheet(sheet: dict[str, Any], part: bytes) -> BinarySheet:
    import pyarrow as pa

    with pa.ipc.open_stream(part) as stream:
        batch = stream.read_next_batch()
    batch.validate(full=True)
    errors = {(int(row), int(column)): str(error) for row, column, error in sheet["errors"]}
    columns = [column.cast(pa.string()) for column in batch.columns]
    texts = trim(columns, batch.num_rows, list(errors))
    return BinarySheet(str(sheet["name"]), bool(sheet["hidden"]), texts, errors)
