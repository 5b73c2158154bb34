"""The run: what is to be done, by whom, and its results into the partitions."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from ropa.portfolio.batches import join_tables, refuse_entry
from ropa.portfolio.entries import Entry, hash_entry
from ropa.portfolio.partitions import (
    MOST,
    Partition,
    keep_rows,
    read_kept,
    write_partition,
)
from ropa.portfolio.settings import Settings
from ropa.portfolio.tables import REFUSED
from ropa.portfolio.workers import Crew, Job, Ticket

LOST = "reading it ended the process that read it: the file is damaged or needs more memory"
"""Why a register was refused of which a worker died, whenever it was tried."""

_FEWEST = 8
"""Registers that a batch holds at least, where there are so many: each has its own costs."""

_LARGEST = 32 * 2**20
"""Bytes of workbooks that a batch holds at most, unless one is larger."""

Report = Callable[[int, int, int], None]
"""Is told how many registers are done, how many there are, and how many of them were refused."""


@dataclass(slots=True)
class _Progress:
    """A partition at work: what is known of it, and how many registers are still to come."""

    partition: Partition
    tables: dict[str, pa.Table]
    waiting: int


@dataclass(slots=True)
class _Tally:
    total: int
    report: Report
    done: int = 0
    refused: int = 0

    def add(self, tables: dict[str, pa.Table]) -> None:
        states = tables["registers"]["state"].to_pylist()
        self.done += len(states)
        self.refused += states.count(REFUSED)
        self.report(self.done, self.total, self.refused)


@dataclass(slots=True)
class _Work:
    """A batch, and the partition that it belongs to."""

    job: Job
    progress: _Progress = field(repr=False)


def run_batches(
    partitions: Sequence[Partition],
    folder: Path,
    settings: Settings,
    crew: Crew,
    report: Report,
) -> None:
    """Bring the partitions of a folder up to date.

    Registers whose bytes are as they were when they were judged by the same settings are kept. A
    partition is written when one of its batches is done, so that a run that is killed loses only
    the batches that were at work. A batch of which a worker died is split and tried again.

    Parameters
    ----------
    partitions : sequence of Partition
        All the registers.
    folder : Path
        Of the results.
    settings : Settings
        By what the registers are judged.
    crew : Crew
        Who does the work.
    report : callable
        Is told of the progress.
    """
    tally = _Tally(sum(len(one.entries) for one in partitions), report)
    share = tally.total // (2 * crew.size) + 1
    planned = _plan(partitions, folder, settings, tally, max(_FEWEST, min(MOST, share)))
    again: deque[_Work] = deque()
    running: dict[Ticket, _Work] = {}
    while True:
        _hand_out(crew, settings, again, planned, running)
        if not running:
            return
        ended = [(running.pop(one), crew.take(one)) for one in crew.wait(running)]
        again += [half for work, found in ended if found is None for half in _halve(work)]
        _hand_out(crew, settings, again, planned, running)  # before the results are written
        for work, found in ended:
            if found is None and len(work.job) > 1:
                continue
            tables = refuse_entry(work.job[0], LOST) if found is None else found
            _save(work, tables, folder, settings)
            tally.add(tables)


def _hand_out(
    crew: Crew,
    settings: Settings,
    again: deque[_Work],
    planned: Iterator[_Work],
    running: dict[Ticket, _Work],
) -> None:
    while len(running) < crew.size:
        work = again.popleft() if again else next(planned, None)
        if work is None:
            return
        running[crew.start(work.job, settings)] = work


def _halve(work: _Work) -> list[_Work]:
    half = len(work.job) // 2
    parts = (work.job[:half], work.job[half:])
    return [_Work(part, work.progress) for part in parts] if half else []


def _plan(
    partitions: Sequence[Partition],
    folder: Path,
    settings: Settings,
    tally: _Tally,
    share: int,
) -> Iterator[_Work]:
    """Yield the batches that are to be done; a partition's files are looked at when it is due."""
    for partition in partitions:
        kept = read_kept(folder, partition, settings.key)
        registers = kept["registers"]
        hashes = dict(
            zip(registers["register"].to_pylist(), registers["sha256"].to_pylist(), strict=True)
        )
        known = {
            one.register
            for one in partition.entries
            if hashes.get(one.register) and hashes[one.register] == hash_entry(one)
        }
        tables = join_tables([keep_rows(kept, sorted(known))])
        due = [one for one in partition.entries if one.register not in known]
        if known or not due:
            write_partition(folder, partition, tables, settings.key)
            tally.add(tables)
        progress = _Progress(partition, tables, len(due))
        for job in _cut(due, share):
            yield _Work(job, progress)


def _cut(entries: Sequence[Entry], share: int) -> Iterator[Job]:
    """Yield batches of at most so many registers and bytes."""
    job: list[Entry] = []
    size = 0
    for one in entries:
        weight = sum(_weigh(path) for path, _ in one.files)
        if job and (len(job) == share or size + weight > _LARGEST):
            yield tuple(job)
            job, size = [], 0
        job.append(one)
        size += weight
    if job:
        yield tuple(job)


def _weigh(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _save(work: _Work, tables: dict[str, pa.Table], folder: Path, settings: Settings) -> None:
    progress = work.progress
    progress.tables = join_tables([progress.tables, tables])
    write_partition(folder, progress.partition, progress.tables, settings.key)
    progress.waiting -= tables["registers"].num_rows
    if not progress.waiting:
        progress.tables = {}  # written: nothing of it is held any longer
