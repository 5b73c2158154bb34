"""Crews for tests of portfolios: in this process, counting, in odd orders; and jobs that die."""

import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ropa.policy import Policy
from ropa.portfolio.batches import audit_batch, join_tables, refuse_entry
from ropa.portfolio.entries import Entry, hash_entry
from ropa.portfolio.portfolios import run_portfolio
from ropa.portfolio.settings import Settings, make_settings
from ropa.portfolio.tables import SCHEMAS, make_table
from ropa.portfolio.value import Portfolio
from ropa.portfolio.workers import start_processes
from ropa.rules.catalogue import list_rules

AS_OF = date(2026, 9, 30)
FEW = frozenset({"LAW-01", "TRF-03", "SEC-01", "RET-01"})
FEW_RULES = Policy(off=frozenset(one.code for one in list_rules()) - FEW)
"""A policy under which little is judged, where it does not matter what."""

DEADLY = "deadly"

Work = Callable[[Sequence[Entry], Settings], dict[str, pa.Table]]


class Inline:
    """Does the work in this process: the last batch that was handed out ends first.

    ``seen`` holds the registers of each batch.
    """

    def __init__(self, size: int = 1, work: Work = audit_batch) -> None:
        self.size = size
        self.work = work
        self.seen: list[list[str]] = []
        self._given: dict[int, tuple[tuple[Entry, ...], Settings]] = {}

    def start(self, job: tuple[Entry, ...], settings: Settings) -> int:
        self.seen.append([one.register for one in job])
        self._given[len(self.seen)] = job, settings
        return len(self.seen)

    def wait(self, running: Collection[int]) -> Sequence[int]:
        return [max(running)]

    def take(self, ticket: int) -> dict[str, pa.Table] | None:
        return self.work(*self._given.pop(ticket))

    @property
    def registers(self) -> list[str]:
        """All registers that were worked on."""
        return sorted(one for job in self.seen for one in job)


@contextmanager
def use(crew: Inline) -> Iterator[Inline]:
    yield crew


def run(
    folder: Path, out: Path, crew: Inline | None = None, policy: Policy = FEW_RULES
) -> Portfolio:
    """Audit a portfolio in this process, by few rules."""
    settings = make_settings(AS_OF, "", policy)
    return run_portfolio(folder, out, settings, use(crew or Inline()), lambda *_: None)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def look_at(entries: Sequence[Entry], settings: Settings) -> dict[str, pa.Table]:
    """Stand in for `audit_batch` where it does not matter what is found: a finding a register."""
    parts = []
    for one in entries:
        rows = pd.DataFrame({"register": [one.register], "message": [settings.key]})
        found = {
            name: make_table(rows.reindex(columns=SCHEMAS[name].names), SCHEMAS[name])
            for name in ("findings", "flows")
        }
        parts.append(refuse_entry(one, "was looked at", hash_entry(one)) | found)
    return join_tables(parts)


def look_slowly(entries: Sequence[Entry], settings: Settings) -> dict[str, pa.Table]:
    """Do what `look_at` does, so slowly that one can be killed before the end."""
    time.sleep(0.2)
    return look_at(entries, settings)


def die_or_refuse(entries: Sequence[Entry], _: Settings) -> dict[str, pa.Table]:
    """Stand in for `audit_batch`: the whole process dies of a register that is named so."""
    if any(DEADLY in one.register for one in entries):
        os.kill(os.getpid(), signal.SIGKILL)
    return join_tables([refuse_entry(one, "was looked at", "0") for one in entries])


def main() -> None:
    """Audit a portfolio with one process beside this one: to be killed from outside."""
    settings = make_settings(AS_OF, "", FEW_RULES)
    run_portfolio(
        Path(sys.argv[1]), Path(sys.argv[2]), settings, start_processes(1), lambda *_: None
    )


if __name__ == "__main__":
    from ropa.portfolio import partitions, workers

    partitions.MOST = 2
    vars(workers)["audit_batch"] = look_slowly
    main()
