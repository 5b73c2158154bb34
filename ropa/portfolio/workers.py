"""What runs the batches: processes of this machine, or a Dask cluster.

Both run `ropa.portfolio.batches.audit_batch`, and tell which batch a worker died of.
"""

import os
import signal
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread, current_thread, main_thread
from typing import Any, Protocol

import pyarrow as pa

from ropa.errors import UsageError
from ropa.portfolio.batches import audit_batch
from ropa.portfolio.entries import Entry
from ropa.portfolio.settings import Settings

Job = tuple[Entry, ...]
Ticket = Any
"""What a crew knows a running batch by: a future, of whatever kind."""


class Crew(Protocol):
    """Workers that are given batches."""

    size: int

    def start(self, job: Job, settings: Settings) -> Ticket:
        """Give a batch to a worker; only where fewer than `size` are running."""

    def wait(self, running: Collection[Ticket]) -> Sequence[Ticket]:
        """Wait until at least one batch has ended, and return those that have."""

    def take(self, ticket: Ticket) -> dict[str, pa.Table] | None:
        """Return what a batch gave; none where its worker died of it."""


class _Processes:
    """Processes of this machine, each with one batch at a time, begun when there is work.

    Each is a pool of its own: of a common one nobody could tell which batch it broke of.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._context = get_context("spawn")
        # The other end closes with this process, however it ends, and the workers go with it.
        self._lifeline, self._held = self._context.Pipe(duplex=False)
        self._idle: list[ProcessPoolExecutor] = []
        self._busy: dict[Ticket, ProcessPoolExecutor] = {}

    def start(self, job: Job, settings: Settings) -> Ticket:
        if self._idle:
            pool = self._idle.pop()
            try:
                return self._give(pool, job, settings)
            except BrokenProcessPool:  # killed while it had nothing to do
                pool.shutdown(wait=False)
        return self._give(self._open(), job, settings)

    def _give(self, pool: ProcessPoolExecutor, job: Job, settings: Settings) -> Ticket:
        ticket: Future[dict[str, pa.Table]] = pool.submit(audit_batch, job, settings)
        self._busy[ticket] = pool
        return ticket

    def _open(self) -> ProcessPoolExecutor:
        pool = ProcessPoolExecutor(
            1, mp_context=self._context, initializer=_settle, initargs=(self._lifeline,)
        )
        try:
            with _held_interrupts():
                greeting = pool.submit(os.getpid)
            greeting.result()
        except BrokenProcessPool:
            raise UsageError(
                "the worker processes cannot start: in a script, call this below "
                "if __name__ == '__main__':"
            ) from None
        return pool

    def wait(self, running: Collection[Ticket]) -> Sequence[Ticket]:
        return [*wait(running, return_when=FIRST_COMPLETED).done]

    def take(self, ticket: Ticket) -> dict[str, pa.Table] | None:
        pool = self._busy.pop(ticket)
        try:
            tables: dict[str, pa.Table] = ticket.result()
        except (BrokenProcessPool, MemoryError):
            pool.shutdown(wait=False)
            return None
        self._idle.append(pool)
        return tables

    def close(self) -> None:
        """End the workers, also where one is still at a batch."""
        self._held.close()
        for pool in [*self._idle, *self._busy.values()]:
            pool.shutdown(wait=True, cancel_futures=True)
        self._lifeline.close()


@contextmanager
def _held_interrupts() -> Iterator[None]:
    """Keep Ctrl-C and requests to end until a process has been begun in full.

    The new process inherits that no Ctrl-C reaches it. Here it may reach any thread, and is told to
    the first one alone: so what it would do is put off as well.
    """
    if not hasattr(signal, "pthread_sigmask") or current_thread() is not main_thread():
        yield
        return
    came: list[int] = []
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    asked = {one: handler for one, handler in before.items() if callable(handler)}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    for one in asked:
        signal.signal(one, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for one, handler in asked.items():
            signal.signal(one, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number in came[:1]:
            signal.raise_signal(number)


def _settle(lifeline: Connection) -> None:
    """Make a process a worker: it ends with the one that began it, and with nothing else."""
    # The first process is told of Ctrl-C, and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    try:
        lifeline.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


@contextmanager
def start_processes(size: int | None) -> Iterator[Crew]:
    """Use so many processes of this machine; by default one a core."""
    crew = _Processes(size or _count_cores())
    try:
        yield crew
    finally:
        crew.close()


def _count_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Cluster:
    """The workers of a Dask cluster."""

    def __init__(self, client: Any, size: int) -> None:  # noqa: ANN401 - the library has no types
        self._client = client
        self.size = size

    def start(self, job: Job, settings: Settings) -> Ticket:
        return self._client.submit(audit_batch, job, settings, pure=False)

    def wait(self, running: Collection[Ticket]) -> Sequence[Ticket]:
        from distributed import wait

        with self._client.as_current():  # it is nobody's default
            return [*wait([*running], return_when="FIRST_COMPLETED").done]

    def take(self, ticket: Ticket) -> dict[str, pa.Table] | None:
        from distributed import KilledWorker

        try:
            tables: dict[str, pa.Table] = ticket.result()
        except (KilledWorker, MemoryError):
            return None
        finally:
            ticket.release()
        return tables


@contextmanager
def join_cluster(address: str) -> Iterator[Crew]:
    """Use the workers of a Dask cluster that is running.

    Raises
    ------
    UsageError
        The library is not installed, nothing answers at the address, or no worker is there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "--scheduler needs Dask, which is not installed: install ropa[cluster]"
        ) from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError):
        raise UsageError(
            f"no Dask scheduler answers at {address!r}: give its address, tcp://HOST:PORT"
        ) from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise UsageError(f"the Dask scheduler at {address!r} has no workers: start some")
        # A few more than can run, so that none waits for what the next batch is.
        yield _Cluster(client, threads + threads // 2 + 1)
