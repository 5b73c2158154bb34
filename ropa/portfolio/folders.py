"""The folder of results: which files may be in it, and the last ones that are written into it."""

import json
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from ropa.errors import OutputError
from ropa.lawbook import load_law
from ropa.portfolio import questions
from ropa.portfolio.partitions import FOLDERS, NEW, Partition, is_partition, write_file
from ropa.portfolio.settings import Settings
from ropa.portfolio.sheets import write_workbook
from ropa.portfolio.summary import build_summary, hash_file, name_instruments
from ropa.portfolio.tables import REGISTERS, make_frame
from ropa.portfolio.value import DOCUMENT, ROWS, WORKBOOK, Portfolio
from ropa.report.findings_json import dump_document
from ropa.report.manifest import list_files
from ropa.report.parquet_bytes import dump_table

_FILES = (DOCUMENT, ROWS, WORKBOOK)
_OUTPUTS = "outputs"


def check_folder(folder: Path) -> None:
    """Refuse a folder into which the results cannot be written without a loss.

    Raises
    ------
    OutputError
        It holds what no audit of a portfolio wrote, or a workbook that somebody has worked on.
    """
    if not folder.exists():
        return
    for name in list_files(folder):
        place, _, file = name.rpartition("/")
        ours = is_partition(file) if place in FOLDERS.values() else name.removesuffix(NEW) in _FILES
        if not ours or not stat.S_ISREG((folder / name).lstat().st_mode):
            raise OutputError(
                f"{folder}: holds {name!r}, which ropa portfolio did not write: name an empty or "
                "a new folder"
            )
    if (folder / WORKBOOK).exists() and hash_file(folder / WORKBOOK) != _read_hash(folder):
        raise OutputError(
            f"{folder}: {WORKBOOK} was changed since it was written and would be lost: move it or "
            "choose another folder"
        )


def _read_hash(folder: Path) -> str:
    """Return the hash of the workbook that the summary beside it names."""
    try:
        found = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
        return str(found[_OUTPUTS][WORKBOOK])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return ""


def open_folder(folder: Path) -> None:
    """Make the folder, and take away what says that its results are finished."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*_FILES, *(f"{one}{NEW}" for one in _FILES)):
        (folder / name).unlink(missing_ok=True)


def finish_folder(folder: Path, partitions: Sequence[Partition], settings: Settings) -> Portfolio:
    """Write the files over all registers, and return what can be asked of them."""
    registers = _read_registers(folder, partitions)
    metadata = {"as_of": settings.as_of.isoformat(), "ropa": str(settings.facts["ropa"])}
    write_file(folder / ROWS, dump_table(registers, metadata))
    rows = make_frame(registers)
    counts = {
        "rules": questions.list_rules(folder, rows),
        "vendors": questions.list_vendors(folder, rows),
        "instruments": name_instruments(questions.list_instruments(folder, rows), load_law()),
    }
    summary = build_summary(settings, rows, counts)
    write_file(folder / WORKBOOK, write_workbook(summary, rows, counts))
    document = summary | {_OUTPUTS: _hash_outputs(folder, (ROWS, WORKBOOK))}
    write_file(folder / DOCUMENT, dump_document(document).encode())
    return Portfolio(folder, document)


def _read_registers(folder: Path, partitions: Iterable[Partition]) -> pa.Table:
    """Return the rows of all registers, by name: the one table that is held as a whole."""
    place = folder / FOLDERS["registers"]
    parts = [parquet.read_table(place / one.file, partitioning=None) for one in partitions]
    plain = [part.replace_schema_metadata() for part in parts]
    return pa.concat_tables([REGISTERS.empty_table(), *plain]).sort_by("register")


def _hash_outputs(folder: Path, names: Iterable[str]) -> Mapping[str, Any]:
    return {name: hash_file(folder / name) for name in names}
