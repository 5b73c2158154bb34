"""A program that ends commands by a signal at each of their changes of the disk.

Usage: ``python ended_commands.py FOLDER``. It prints, as JSON, how often a command was ended and
what was not as it must be after that: the exit code, one line, no partial result, nothing beside
it, nothing among the temporary files. It forks, and therefore runs in a process of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from commands import AS_OF, CALLS, FEW, list_tree

import ropa.api
import ropa.cli
from ropa.report import folder as report_folder
from ropa.report.replacement import replace_folder
from ropa.schema import TABLES

CHANGING = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir"})
MOST_STEPS = 200
FILES = {"findings.json": b"a" * 5_000, "annotated/a.xlsx": b"b" * 5_000, "manifest.json": b"{}"}


def build_few(*_: object, **__: object) -> dict[str, bytes]:
    """Return short reports: the steps in writing them are those of long ones."""
    files = {name: data for name, data in FILES.items() if name != "manifest.json"}
    outputs = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return files | {"manifest.json": json.dumps({"outputs": outputs}).encode()}


def end_at(step: int, number: int) -> None:
    """Make this process send itself a signal at its n-th change of the disk."""
    count = 0

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        writes = event == "open" and isinstance(arguments[1], str) and set("wx") & set(arguments[1])
        if event in CHANGING or writes:
            count += 1
            if count == step:
                os.kill(os.getpid(), number)

    sys.addaudithook(watch)


def run_ended(arguments: list[str], step: int, number: int, told: Path) -> int:
    """Run a command in a process of its own; return its exit code."""
    child = os.fork()
    if child == 0:
        handle = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        end_at(step, number)
        code = ropa.cli.main(arguments)
        sys.stderr.flush()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def try_steps(
    base: Path, arguments: list[str], number: int, *, earlier: bool
) -> Iterator[tuple[str, list[str]]]:
    """Yield, for each step at which a command was ended, what is wrong after that."""
    place, temporary, told = base / "place", base / "temporary", base / "told"
    tempfile.tempdir = str(temporary)
    target = place / "out"
    for step in range(1, MOST_STEPS):
        for one in (place, temporary):
            shutil.rmtree(one, ignore_errors=True)
            one.mkdir()
        if earlier:
            replace_folder(target, build_few())
        before = list_tree(place)
        code = run_ended([*arguments, str(target)], step, number, told)
        if code == 0:  # it was done before this step came
            return
        after, wrong = list_tree(place), []
        if code != (130 if number == signal.SIGINT else 128 + number):
            wrong.append(f"exit code {code}")
        if told.read_bytes().count(b"\n") != 1 or not told.read_bytes().startswith(b"ropa: "):
            wrong.append(f"told {told.read_text()[-500:]}")
        if after != before and not _is_whole(target, after):
            wrong.append(f"left {sorted(after)}")
        if any(temporary.iterdir()):
            wrong.append(f"temporary {sorted(map(str, temporary.rglob('*')))}")
        yield f"{arguments[0]} {step=} {number=} {earlier=}", wrong


def _is_whole(target: Path, found: dict[str, bytes]) -> bool:
    """Say whether the whole result is in place, and nothing beside it."""
    names = {name for name in found if not name.startswith(target.name)}
    if names:
        return False
    held = [path for path in target.rglob("*") if path.is_file()]
    frames = [path for path in held if path.suffix == ".parquet"]
    return len(held) == len(FILES) or len(frames) == len(TABLES)


def main() -> None:
    """Try each command and signal."""
    base = Path(sys.argv[1])
    vars(os)["fsync"] = lambda _: None
    register = ropa.api.load(CALLS)
    vars(report_folder)["build_files"] = build_few
    result = ropa.api.audit(register, as_of=AS_OF[1], rules=FEW)
    vars(ropa.api)["load"] = lambda *_: register
    vars(ropa.api)["audit"] = lambda *_, **__: result
    audit = ["audit", str(CALLS), *AS_OF, "--json", "-", "--out"]
    found = [
        *try_steps(base, audit, signal.SIGINT, earlier=True),
        *try_steps(base, audit, signal.SIGTERM, earlier=False),
        *try_steps(base, ["convert", str(CALLS)], signal.SIGTERM, earlier=False),
    ]
    wrong = [[where, what] for where, what in found if what]
    json.dump({"ends": len(found), "wrong": wrong}, sys.stdout)


if __name__ == "__main__":
    main()
