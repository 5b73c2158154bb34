"""What the fuzzing takes for a fault: each kind is seen, and nothing else."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import fuzz_trials
import pytest
from build_samples import SAMPLES
from fuzz_cells import CANARY
from fuzz_plans import list_sources, make_file
from fuzz_trials import Outcome, judge_line, try_files

from ropa.errors import InputError

CALLS = SAMPLES / "telephone-answering-service.xlsx"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def fail(error: BaseException) -> Callable[[Path], NoReturn]:
    def read(_: Path) -> NoReturn:
        raise error

    return read


def end(_: Path) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def fill(_: Path) -> NoReturn:
    held = bytearray(700 * 2**20)
    held[::4096] = b"x" * len(held[::4096])
    raise InputError("calls.xlsx: too much")


def write(_: Path) -> NoReturn:
    sys.stderr.write("a warning")
    raise InputError("calls.xlsx: no workbook")


def dawdle(_: Path) -> NoReturn:
    begun = time.process_time()
    while time.process_time() < begun + 0.3:
        pass
    raise InputError("calls.xlsx: slow")


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (fail(KeyError("a")), "KeyError"),
        (fail(InputError("calls.xlsx: a\nb")), "not one line"),
        (fail(InputError("no workbook")), "does not name the file"),
        (fail(InputError(f"calls.xlsx: {CANARY.upper()}")), "holds a cell's text"),
        (end, "ended with status"),
        (fill, "MB of memory"),
        (write, "wrote on stderr"),
        (dawdle, "reading took"),
    ],
)
def test_each_fault_is_seen(
    read: Callable[[Path], NoReturn], told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (path := tmp_path / "calls.xlsx").write_bytes(b"")
    monkeypatch.setattr(fuzz_trials, "read_workbook", read)
    monkeypatch.setattr(fuzz_trials, "MOST_SECONDS", 0.2)
    (outcome,) = try_files([path])
    assert outcome.kind == "fault"
    assert told in outcome.told


def test_a_refusal_is_no_fault(tmp_path: Path) -> None:
    (path := tmp_path / "calls.xlsx").write_bytes(b"")
    line = "calls.xlsx: the file is empty (0 bytes); export or copy it again"
    expected = Outcome("refused", line, frozenset({line.removeprefix("calls.xlsx")}))
    assert try_files([path]) == [expected]
    assert judge_line(line, "calls.xlsx") == ""


def test_a_fault_is_told_of_the_file_that_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.xlsx" for number in range(3)]
    for path in paths:
        path.write_bytes(b"")

    def read(path: Path) -> NoReturn:
        if path == paths[1]:
            end(path)
        raise InputError(f"{path.name}: no workbook")

    monkeypatch.setattr(fuzz_trials, "read_workbook", read)
    assert [one.kind for one in try_files(paths)] == ["refused", "fault", "refused"]


def test_a_plan_gives_the_same_file_each_time() -> None:
    plans = [f"{name}|1|{number}" for number, name in enumerate(list_sources())]
    files = [make_file(plan) for plan in plans]
    assert files == [make_file(plan) for plan in plans]
    assert len({file.data for file in files}) == len(files)
    assert {"cells", "markup"} <= {file.level for file in files}
