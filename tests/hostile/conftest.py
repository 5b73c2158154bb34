"""The processes in which hostile input is tried, and a table of how each case fared."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pytest
from hostile_runs import Case, Run, Worker, judge, run_case

# Where pytest runs in a process a core, each tries its cases in one process.
_AT_ONCE = 1 if "PYTEST_XDIST_WORKER" in os.environ else 2
_FARED: list[tuple[str, str, float, float]] = []


@pytest.fixture(scope="session")
def free_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleQueue[Worker]]:
    """Return the processes in which cases are tried; who needs one takes it and puts it back."""
    _need_linux()
    workers = [Worker(tmp_path_factory.mktemp("home")) for _ in range(_AT_ONCE)]
    free: SimpleQueue[Worker] = SimpleQueue()
    for one in workers:
        free.put(one)
    yield free
    for one in workers:
        one.close()


@pytest.fixture(scope="module")
def worker(free_workers: SimpleQueue[Worker]) -> Iterator[Worker]:
    """Return a process that runs commands."""
    process = free_workers.get()
    yield process
    free_workers.put(process)


@pytest.fixture(scope="module")
def runs(
    request: pytest.FixtureRequest,
    free_workers: SimpleQueue[Worker],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[str, Future[Run]]]:
    """Return the runs of a file's chosen cases by name: they begin at once, some at a time."""
    here = [one for one in request.session.items if one.path == request.path]
    params = [one.callspec.params for one in here if hasattr(one, "callspec")]
    cases: list[Case] = [one["case"] for one in params if isinstance(one.get("case"), Case)]
    assert len({case.name for case in cases}) == len(cases), "two cases have one name"
    folders = [tmp_path_factory.mktemp("case") for _ in cases]
    free = free_workers

    def run_one(case: Case, folder: Path) -> Run:
        chosen = free.get()
        try:
            return run_case(chosen, case, folder)
        finally:
            free.put(chosen)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        pairs = zip(cases, folders, strict=True)
        yield {case.name: pool.submit(run_one, case, folder) for case, folder in pairs}
        pool.shutdown(cancel_futures=True)


@pytest.fixture
def try_case(runs: Mapping[str, Future[Run]]) -> Callable[[Case], Run]:
    """Return what judges the run of a case."""

    def try_one(case: Case) -> Run:
        _FARED.append((case.name, "FAILED", 0, 0))
        run = runs[case.name].result()
        _FARED[-1] = (case.name, "FAILED", run.seconds, run.megabytes)
        told = judge(case, run)
        _FARED[-1] = (case.name, told, run.seconds, run.megabytes)
        return run

    return try_one


def _need_linux() -> None:
    if sys.platform != "linux":
        pytest.skip("limits and figures of processes are those of Linux")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how the cases fared: all of them with ``-v``, else the dearest."""
    if not _FARED:
        return
    slowest = max(_FARED, key=lambda one: one[2])
    largest = max(_FARED, key=lambda one: one[3])
    terminalreporter.section("hostile input")
    if terminalreporter.verbosity > 0:
        for name, told, seconds, megabytes in _FARED:
            line = f"{name!a:<54} {seconds:5.1f} s {megabytes:4.0f} MB  {told}"
            terminalreporter.write_line(line)
    terminalreporter.write_line(
        f"{len(_FARED)} cases; most time {slowest[2]:.1f} s ({slowest[0]!a}), "
        f"most memory {largest[3]:.0f} MB ({largest[0]!a})"
    )
