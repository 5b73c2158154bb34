"""The unit of work: some registers, read side by side and audited in one pass.

`audit_batch` is one plain function of values that can be sent: it runs the same in this process, in
another one and on another machine that sees the same files.
"""

import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from ropa.auditing import audit_register
from ropa.errors import InputError, RuleFailedWarning, describe_fault
from ropa.evaluation import FAILED
from ropa.flows.activities import list_live
from ropa.normalise import normalise_registers
from ropa.portfolio.entries import Entry, hash_entry, join_hashes
from ropa.portfolio.flow_rows import list_flows
from ropa.portfolio.register_rows import list_registers, refuse_register
from ropa.portfolio.settings import Settings
from ropa.portfolio.tables import SCHEMAS, make_table
from ropa.recognise import Recognition, recognise
from ropa.results import Result
from ropa.workbook import Workbook, read_workbook
from ropa.workbook.files import shown

_THREADS = 2
"""Workbooks that are read at a time: the reader itself lets go of the interpreter."""

_NO_MEMORY = "the memory of this machine does not suffice; split the workbook"

Tables = Mapping[str, pa.Table]
"""Name of a table (`ropa.portfolio.tables.SCHEMAS`) to its rows."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A register on its way: its cells, then what was recognised in them; or why it ends here."""

    entry: Entry
    books: tuple[Workbook, ...] = ()
    found: tuple[Recognition, ...] = ()
    sha256: str = ""
    reason: str = ""


def audit_batch(entries: Sequence[Entry], settings: Settings) -> dict[str, pa.Table]:
    """Return what is found in some registers.

    Parameters
    ----------
    entries : sequence of Entry
        The registers. What is found in one does not depend on the others.
    settings : Settings
        By what they are judged.

    Returns
    -------
    dict of str to Table
        The tables of `ropa.portfolio.tables.SCHEMAS`, in the order of the registers' names. A
        register that cannot be read, or breaks off what judges it, is a row with its reason.
    """
    ordered = sorted(entries, key=lambda one: one.register)
    with ThreadPoolExecutor(_THREADS) as pool:
        read = [*pool.map(_read, ordered)]
    known = [_recognise(one, settings) for one in read]
    del read  # the cells of what was refused
    refused = [refuse_entry(one.entry, one.reason, one.sha256) for one in known if one.reason]
    return join_tables(refused + _judge([one for one in known if not one.reason], settings))


def join_tables(parts: Sequence[Tables]) -> dict[str, pa.Table]:
    """Return the rows of several batches in the order of the registers' names.

    The rows of a register are in one part and keep their order.
    """
    tables = {}
    for name, schema in SCHEMAS.items():
        whole = pa.concat_tables([schema.empty_table(), *(part[name] for part in parts)])
        tables[name] = whole.sort_by("register")  # a stable sort
    return tables


def refuse_entry(entry: Entry, reason: str, sha256: str = "") -> dict[str, pa.Table]:
    """Return the tables of a register of which nothing is known but why."""
    row = refuse_register(entry.register, sha256, reason)
    tables = {name: schema.empty_table() for name, schema in SCHEMAS.items()}
    return tables | {"registers": make_table(row, SCHEMAS["registers"])}


def _read(entry: Entry) -> _Read:
    try:
        books = tuple(read_workbook(Path(path), file=name) for path, name in entry.files)
    except Exception as error:  # noqa: BLE001 - one bad workbook must not end the others
        return _Read(entry, sha256=hash_entry(entry), reason=_explain(error, entry))
    return _Read(entry, books, sha256=join_hashes(entry, [one.sha256 for one in books]))


def _recognise(one: _Read, settings: Settings) -> _Read:
    if one.reason:
        return one
    try:
        found = tuple(recognise(book, settings.policy.mapping) for book in one.books)
    except Exception as error:  # noqa: BLE001 - one bad workbook must not end the others
        return replace(one, books=(), reason=_explain(error, one.entry))
    unknown = next((each for each in found if not each.is_register), None)
    if unknown is not None:
        said = f"{shown(unknown.workbook.file)}: not a register: {unknown.why}"
        return replace(one, books=(), reason=_explain(InputError(said), one.entry))
    return replace(one, books=(), found=found)


def _explain(error: Exception, entry: Entry) -> str:
    """Return in one line, without any cell's text, why a register cannot be read."""
    if isinstance(error, MemoryError):
        return _NO_MEMORY
    if not isinstance(error, InputError):
        return f"a fault of ropa itself ({describe_fault(error)}): please report it"
    # The row names the register: a workbook's own name says it twice.
    return str(error).removeprefix(f"{shown(entry.register)}: ")


def _judge(read: Sequence[_Read], settings: Settings) -> list[dict[str, pa.Table]]:
    """Judge registers in one pass; where that breaks off, each half by itself, to the last one."""
    if not read:
        return []
    alone = len(read) == 1
    try:
        result = _audit(read, settings)
        if alone or not result.frames["not_evaluated"]["why"].str.startswith(FAILED).any():
            return [_make_tables(result, read)]
    except Exception as error:  # noqa: BLE001 - one register must not end the others
        if alone:
            return [refuse_entry(read[0].entry, _explain(error, read[0].entry), read[0].sha256)]
    half = len(read) // 2
    return _judge(read[:half], settings) + _judge(read[half:], settings)


def _audit(read: Sequence[_Read], settings: Settings) -> Result:
    register = normalise_registers({one.entry.register: one.found for one in read})
    with warnings.catch_warnings():
        # A rule that broke off stands among what was not evaluated.
        warnings.simplefilter("ignore", RuleFailedWarning)
        return audit_register(
            register,
            as_of=settings.as_of,
            regime=settings.regime or None,
            policy=settings.policy,
        )


def _make_tables(result: Result, read: Sequence[_Read]) -> dict[str, pa.Table]:
    live = list_live(result.register)
    flows = list_flows(result.case, live)
    hashes = {one.entry.register: one.sha256 for one in read}
    rows = list_registers(result, live, flows)
    frames = {
        "registers": rows.assign(sha256=rows["register"].map(hashes)),
        "findings": result.frames["findings"],
        "flows": flows,
    }
    return {name: make_table(frame, SCHEMAS[name]) for name, frame in frames.items()}
