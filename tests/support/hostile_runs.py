"""Running the command on hostile input, and judging how it fared.

A case is data: its name, what writes its files, and what must come. Each run has a folder of its
own for what is read, and empty ones as working folder, home and place of temporary files: these
must be empty afterwards, and what is read must be as it was.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from build_samples import SAMPLES

import ropa

CLEAN = SAMPLES / "clean.xlsx"
SECRET = "Sesame-7731"  # noqa: S105 - a text of a cell, which no error may show
MOST_SECONDS = 10.0
"""Of processor time: the machine may be busy with other things."""

MOST_MEGABYTES = 512.0
AS_OF = ("--as-of", "2026-09-30")

Arguments = Sequence[str | Path]
Write = Callable[[Path], "Arguments | None"]


@dataclass(frozen=True, slots=True)
class Refused:
    """The command stops with one line that holds these words, and writes nothing."""

    words: str


@dataclass(frozen=True, slots=True)
class Audited:
    """The register is read: so many activities, and exactly these findings (rule and cell)."""

    activities: int
    findings: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Done:
    """Another command does its work with this exit code; its output holds these words."""

    words: str = ""
    code: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """What is tried.

    Attributes
    ----------
    name : str
        What is hostile.
    write : callable
        Writes into a folder; returns the arguments of the command, or the path of one file to be
        audited.
    expected : Refused, Audited or Done
        What must come.
    limits : mapping
        Limits of the process, such as that of the size of files.
    stdin : str
        What the process has as its standard input.
    plain_user : bool
        Whether it runs without the privileges that root has.
    """

    name: str
    write: Callable[[Path], Arguments | Path]
    expected: Refused | Audited | Done
    limits: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    stdin: str = os.devnull
    plain_user: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """How a command ended, what it said, and what it took."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    megabytes: float


class Worker:
    """The process that runs commands in forks of itself."""

    def __init__(self, home: Path) -> None:
        here = Path(__file__).parent
        paths = [str(Path(ropa.__file__).parents[1]), str(here), os.environ.get("PYTHONPATH", "")]
        self._process = subprocess.Popen(
            [sys.executable, str(here / "hostile_worker.py"), str(CLEAN)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "HOME": str(home),
                "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
        )

    def ask(self, request: Mapping[str, object]) -> dict[str, Any]:
        """Have one command run."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def run_case(worker: Worker, case: Case, folder: Path) -> Run:
    """Write a case's files, run its command, and check that nothing else was touched."""
    (given := folder / "given").mkdir()
    found = case.write(given)
    audit: Sequence[str | Path] = ["audit", str(found), *AS_OF, "--json", "-"]
    arguments = audit if isinstance(found, Path) else found
    return run(
        worker,
        arguments,
        folder,
        limits=case.limits,
        stdin=case.stdin,
        plain_user=case.plain_user,
        few=True,
    )


def run(
    worker: Worker,
    arguments: Arguments,
    folder: Path,
    *,
    limits: Mapping[str, int] = MappingProxyType({}),
    stdin: str = os.devnull,
    plain_user: bool = False,
    few: bool = False,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Run:
    """Run a command; what it reads lies in ``folder / "given"``, what it may write in ``out``."""
    empty = {one: folder / one for one in ("cwd", "home", "temporary")}
    for one in empty.values():
        one.mkdir()
        one.chmod(0o777)
    given = folder / "given"
    before = list_entries(given)
    answer = worker.ask(
        {
            "arguments": [str(one) for one in arguments],
            "cwd": str(empty["cwd"]),
            "environment": {
                "HOME": str(empty["home"]),
                "TMPDIR": str(empty["temporary"]),
                "XDG_CACHE_HOME": str(empty["home"] / "cache"),
                "XDG_CONFIG_HOME": str(empty["home"] / "config"),
                **environment,
            },
            "stdin": stdin,
            "stdout": str(folder / "stdout"),
            "stderr": str(folder / "stderr"),
            "limits": dict(limits),
            "few_rules": few,
            "plain_user": plain_user,
        }
    )
    for one in empty.values():
        assert list_entries(one) == {}, f"something was left in {one.name}"
    assert list_entries(given) == before, "what was read is no longer as it was"
    texts = [(folder / one).read_bytes().decode() for one in ("stdout", "stderr")]
    return Run(answer["code"], texts[0], texts[1], answer["seconds"], answer["megabytes"])


def list_entries(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return what lies below a folder, by name: its kind, size and time of change."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(parent, name)  # noqa: PTH118 - any bytes may be a name
            told = os.lstat(path)
            size = 0 if stat.S_ISDIR(told.st_mode) else told.st_size
            found[os.path.relpath(path, folder)] = (
                stat.S_IFMT(told.st_mode),
                size,
                told.st_mtime_ns,
            )
    return found


def judge(case: Case, run: Run) -> str:
    """Check that a run ended as the case says; return how in a few words."""
    assert SECRET not in run.stderr, "an error shows the text of a cell"
    assert "Traceback" not in run.stderr
    if isinstance(case.expected, Refused):
        told = judge_refusal(case.expected, run)
    elif isinstance(case.expected, Audited):
        told = judge_audit(case.expected, run)
    else:
        assert (run.code, run.stderr) == (case.expected.code, "")
        assert case.expected.words in run.stdout
        told = f"done, exit {run.code}"
    assert run.seconds <= MOST_SECONDS, f"it took {run.seconds:.1f} s of processor time"
    assert run.megabytes <= MOST_MEGABYTES, f"it took {run.megabytes:.0f} MB"
    return told


def judge_refusal(expected: Refused, run: Run) -> str:
    """Check that a run stopped with one line; return the line."""
    assert (run.code, run.stdout) == (2, ""), run.stderr[:1000]
    assert run.stderr.count("\n") == 1
    line = run.stderr.removesuffix("\n")
    assert line.isprintable()
    assert line.startswith("ropa: ")
    assert len(line) < 1000
    assert "a fault of ropa itself" not in line
    assert expected.words in line
    return line.removeprefix("ropa: ")


def judge_audit(expected: Audited, run: Run) -> str:
    """Check what an audit found; return it in a few words."""
    assert (run.code, run.stderr) == (0, "")
    document = json.loads(run.stdout)
    found = {(one["rule"], one["cell"]) for one in document["findings"]}
    assert found == expected.findings
    assert len(document["activities"]) == expected.activities
    told = ", ".join(f"{rule} {cell}" for rule, cell in sorted(found))
    return f"audited: {expected.activities} activities, {told or 'no finding'}"
