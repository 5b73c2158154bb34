"""A program that writes reports and is killed while it does: at each step, and at any time.

Usage: ``python interrupted_writing.py FOLDER``. It prints how often it was killed and each state of
the folder that ought not to be, as JSON. It forks, and therefore runs in a process of its own.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ropa.report import folder as report_folder
from ropa.report.folder import check_folder, write_reports
from ropa.report.verification import verify_folder

Files = Mapping[str, bytes]

CHANGING = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod"})
MOST_STEPS = 200
SECOND_STEPS = (2, 9)
TIMES = 20


def make_files(content: bytes) -> Files:
    """Return reports with a manifest, large enough for a kill to hit between their bytes."""
    names = ("findings.json", "findings.xlsx", "annotated/a.xlsx", "flows.svg")
    files = {name: content * (index * 50_000 + 1) for index, name in enumerate(names)}
    outputs = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return files | {"manifest.json": json.dumps({"outputs": outputs}).encode()}


OLD, NEW = make_files(b"old"), make_files(b"new")


def write(folder: Path, files: Files) -> None:
    nothing: Any = SimpleNamespace(register=SimpleNamespace(inputs=()))
    vars(report_folder)["build_files"] = lambda *_, **__: files
    write_reports(nothing, folder)


def die_at(step: int) -> None:
    """Make this process kill itself at its n-th change of the disk; half of a file is written."""
    count = 0

    def tick(handle: int = -1) -> None:
        nonlocal count
        count += 1
        if count == step:
            if handle >= 0:
                os.ftruncate(handle, os.fstat(handle).st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in CHANGING or (event == "open" and "w" in str(arguments[1])):
            tick()

    sys.addaudithook(watch)
    vars(os)["fsync"] = tick


def run_killed(work: Callable[[], None], after: float | None = None) -> bool:
    """Do some work in a process of its own; tell whether it was killed."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and status != 0:
        raise ChildProcessError(status)
    return os.WIFSIGNALED(status)


def read(folder: Path) -> Files | None:
    """Return the files in a folder; None where there is no folder."""
    if not folder.exists():
        return None
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def judge(folder: Path, *, earlier: bool) -> Iterator[str]:
    """Yield what is wrong after a kill, and after the run that follows."""
    held = read(folder)
    if held not in (None, OLD, NEW):
        yield f"partial: {sorted(held or ())}"
    elif held is not None and verify_folder(folder).problems:
        yield "the manifest does not fit"
    check_folder(folder)
    held = read(folder)
    if held not in ((OLD, NEW) if earlier else (None, NEW)):
        yield f"not finished: {sorted(held or ())}"
    write(folder, NEW)
    if read(folder) != NEW or {path.name for path in folder.parent.iterdir()} != {folder.name}:
        yield "the next run did not tidy up"


def prepare(folder: Path, *, earlier: bool) -> None:
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.parent.mkdir()
    if earlier:
        write(folder, OLD)


def kill_at_each_step(folder: Path, *, earlier: bool) -> Iterator[tuple[str, list[str]]]:
    for step in range(1, MOST_STEPS):
        for second in (0, *SECOND_STEPS):
            prepare(folder, earlier=earlier)

            def work(step: int = step) -> None:
                die_at(step)
                write(folder, NEW)

            if not run_killed(work):
                return
            if second:
                run_killed(lambda second=second: work(second))  # type: ignore[misc]
            yield f"{earlier=} {step=} {second=}", list(judge(folder, earlier=earlier))


def kill_at_any_time(folder: Path) -> Iterator[tuple[str, list[str]]]:
    def work() -> None:
        while True:
            write(folder, NEW)
            write(folder, OLD)

    for number in range(TIMES):
        prepare(folder, earlier=True)
        after = 0.002 + 0.0037 * number
        killed = run_killed(work, after)
        yield f"{after=} {killed=}", list(judge(folder, earlier=True))


def main() -> None:
    vars(os)["fsync"] = lambda _: None  # a kill takes nothing from what the system holds
    folder = Path(sys.argv[1]) / "parent" / "out"
    found = [
        *kill_at_each_step(folder, earlier=False),
        *kill_at_each_step(folder, earlier=True),
        *kill_at_any_time(folder),
    ]
    wrong = [[where, what] for where, what in found if what]
    json.dump({"kills": len(found), "wrong": wrong}, sys.stdout)


if __name__ == "__main__":
    main()
