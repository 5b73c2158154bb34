"""The partitions: which register lies in which file, what is kept from an earlier run, writing.

A register's partition follows from the hash of its name alone, and partitions split as registers
come: a changed, new or missing register touches one file of each table. A partition's three files
say the same of themselves, so that a run that was killed between two of them is noticed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from ropa.portfolio.entries import Entry
from ropa.portfolio.tables import SCHEMAS
from ropa.report.parquet_bytes import dump_table
from ropa.report.replacement import replace_file

MOST = 128
"""Registers that a partition holds at most."""

FOLDERS: Mapping[str, str] = MappingProxyType(
    {"findings": "partitions/findings", "flows": "partitions/flows", "registers": "registers"}
)
"""Table to the folder of its partitions; that of the registers is written last."""

NEW = ".new"
"""How the name of a file ends that is being written."""

_STEM, _SUFFIX = "part", ".parquet"
_STATE = b"ropa_state"
_BITS = 64


@dataclass(frozen=True, slots=True)
class Partition:
    """Some registers that are kept together.

    Attributes
    ----------
    bits : str
        With which digits the hashes of their names begin, in binary.
    entries : tuple of Entry
        The registers, by name.
    """

    bits: str
    entries: tuple[Entry, ...]

    @property
    def file(self) -> str:
        """Name of its file in each folder."""
        return name_file(self.bits)


def name_file(bits: str) -> str:
    """Return the name of a partition's files."""
    return f"{_STEM}-{bits}{_SUFFIX}" if bits else f"{_STEM}{_SUFFIX}"


def is_partition(name: str) -> bool:
    """Tell whether a file has the name of a partition, whole or half written."""
    stem = name.removesuffix(NEW).removesuffix(_SUFFIX)
    bits = stem.removeprefix(_STEM).removeprefix("-")
    return name.startswith(_STEM) and stem + _SUFFIX == name_file(bits) == name.removesuffix(NEW)


def split_entries(entries: Sequence[Entry]) -> tuple[Partition, ...]:
    """Return the partitions of some registers, by their digits; each register is in one."""
    hashed = {}
    for one in entries:
        digest = hashlib.sha256(one.register.encode("utf-8", "replace")).digest()
        hashed[one.register] = int.from_bytes(digest[: _BITS // 8], "big")
    found = []
    waiting = [("", tuple(entries))]
    while waiting:
        bits, held = waiting.pop()
        if len(held) <= MOST:
            found.append(Partition(bits, held))
            continue
        shift = _BITS - 1 - len(bits)
        for digit in (1, 0):
            part = tuple(one for one in held if hashed[one.register] >> shift & 1 == digit)
            waiting.append((f"{bits}{digit}", part))
    return tuple(one for one in found if one.entries or not one.bits)


def read_kept(folder: Path, partition: Partition, key: str) -> dict[str, pa.Table]:
    """Return what an earlier run has found in registers of a partition, whatever they now hold.

    Parameters
    ----------
    folder : Path
        Of the results.
    partition : Partition
        The registers.
    key : str
        The settings (`ropa.portfolio.settings.Settings.key`): what was found by others is left.

    Returns
    -------
    dict of str to Table
        By table; empty tables where nothing was kept.
    """
    own = folder / FOLDERS["registers"] / partition.file
    names = [partition.file] if own.exists() else _list_related(folder, partition.bits)
    tables = {name: schema.empty_table() for name, schema in SCHEMAS.items()}
    wanted = pa.array([one.register for one in partition.entries], pa.string())
    for name in names:
        paths = {table: folder / place / name for table, place in FOLDERS.items()}
        states = {_read_state(path) for path in paths.values()}
        if len(states) == 1 and next(iter(states)).startswith(f"{key} "):
            found = {table: _read_rows(path) for table, path in paths.items()}
            if any(rows.schema != tables[table].schema for table, rows in found.items()):
                continue  # whatever wrote it: its registers are audited anew
            for table, rows in found.items():
                chosen = rows.filter(pc.is_in(rows["register"], wanted))
                tables[table] = pa.concat_tables([tables[table], chosen])
    return tables


def _read_rows(path: Path) -> pa.Table:
    return parquet.read_table(path, partitioning=None).replace_schema_metadata()


def _list_related(folder: Path, bits: str) -> list[str]:
    """Return the partitions from which one was split, or into which it had been."""
    place = folder / FOLDERS["registers"]
    names = sorted(path.name for path in place.glob(f"{_STEM}*{_SUFFIX}")) if place.exists() else []
    digits = {name: name.removesuffix(_SUFFIX).removeprefix(_STEM)[1:] for name in names}
    return [
        name for name, other in digits.items() if bits.startswith(other) or other.startswith(bits)
    ]


def _read_state(path: Path) -> str:
    """Return what a partition's file says of itself; empty where it says nothing."""
    with suppress(OSError, pa.ArrowException, UnicodeDecodeError):
        metadata = parquet.read_schema(path).metadata or {}
        return str(metadata.get(_STATE, b"").decode())
    return ""


def keep_rows(tables: Mapping[str, pa.Table], registers: Sequence[str]) -> dict[str, pa.Table]:
    """Return the rows of some registers."""
    wanted = pa.array(registers, pa.string())
    return {
        name: table.filter(pc.is_in(table["register"], wanted)) for name, table in tables.items()
    }


def write_partition(
    folder: Path, partition: Partition, tables: Mapping[str, pa.Table], settings_key: str
) -> None:
    """Write the files of a partition, each beside its place and then into it.

    Files that say the same already are left as they are.
    """
    registers = tables["registers"]
    told = zip(
        registers["register"].to_pylist(),
        registers["sha256"].to_pylist(),
        registers["state"].to_pylist(),
        strict=True,
    )
    digest = hashlib.sha256(repr(list(told)).encode("utf-8", "replace")).hexdigest()
    state = f"{settings_key} {digest}"
    paths = {table: folder / place / partition.file for table, place in FOLDERS.items()}
    if {_read_state(path) for path in paths.values()} == {state}:
        return
    for table, path in paths.items():
        write_file(path, dump_table(tables[table], {_STATE.decode(): state}))


def write_file(path: Path, data: bytes) -> None:
    """Write a file beside its place, and move it there when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, data, path.with_name(path.name + NEW))


def remove_others(folder: Path, partitions: Sequence[Partition]) -> None:
    """Remove the files of partitions that there are no more, and what was half written."""
    kept = {one.file for one in partitions}
    for place in FOLDERS.values():
        for path in (folder / place).glob(f"{_STEM}*"):
            if path.name not in kept and is_partition(path.name):
                path.unlink()
