"""Trials of made files: each batch in a forked process with limits, so that aborts count too.

What is a fault: an exception that is none of ours, a rule that broke off, a process that ended, too
much time or memory, an error that is more than one line or holds a cell's text, findings whose
cells are not in their sheet or whose ids are not unique, two audits that differ.
"""

from __future__ import annotations

import json
import mmap
import os
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from fuzz_cells import CANARY

from ropa.auditing import audit_register
from ropa.cli import main
from ropa.errors import RopaError
from ropa.normalise import normalise_registers
from ropa.recognise import Recognition, recognise
from ropa.results import Result
from ropa.workbook import Sheet, Workbook, read_workbook
from ropa.workbook.addresses import column_number

AS_OF = date(2026, 9, 30)
MOST_SECONDS = 10
MOST_MEMORY = 300 * 2**20
"""Beyond what the process began with; one that has read a register holds some 210 MB."""
MOST_WALL = 240
_SPACE = 8 * 2**30
_AUDIT = "audit: "

Tell = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Attributes
    ----------
    kind : str
        ``refused``, ``audited`` or ``fault``.
    told : str
        The error's line, or what is wrong.
    marks : frozenset of str
        What was met on the way: a mark not met before is worth following.
    """

    kind: str
    told: str = ""
    marks: frozenset[str] = frozenset()


def warm_up(path: Path) -> None:
    """Read and audit a register, so that the processes to come find the vocabularies loaded."""
    audit_register(normalise_registers({"": [recognise(read_workbook(path))]}), as_of=AS_OF)


def try_files(files: Sequence[Path], *, thorough: bool = False) -> list[Outcome]:
    """Read and audit some files in one process; those of a failing batch again, in halves."""
    outcomes, whole = _run(files, thorough=thorough)
    if not whole:
        return outcomes
    if len(files) == 1:
        return [Outcome("fault", whole)]
    thorough = thorough and not whole.startswith(_AUDIT)
    middle = len(files) // 2
    halves = files[:middle], files[middle:]
    outcomes = [one for half in halves for one in try_files(half, thorough=thorough)]
    if not any(one.kind == "fault" for one in outcomes):
        outcomes[0] = Outcome("fault", f"only together: {whole}")
    return outcomes


def _run(files: Sequence[Path], *, thorough: bool) -> tuple[list[Outcome], str]:
    """Return each file's outcome, and what was wrong with the batch as a whole."""
    reader, writer = os.pipe()
    written = files[0].parent / "stderr"
    taken = _read_taken()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _work(files, writer, written, thorough=thorough)
    os.close(writer)
    lines = _listen(reader, child)
    _, status, usage = os.wait4(child, 0)
    told = {int(one["file"]): one for one in lines if "kind" in one}
    wrong = next((str(one["wrong"]) for one in lines if "wrong" in one), "")
    grown = usage.ru_maxrss * 1024 - taken
    if os.WIFSIGNALED(status) or status:
        at = next((one.get("at") for one in reversed(lines) if "at" in one), None)
        wrong = f"the process ended with status {status} at {at}: {_tail(written)}"
    elif grown > MOST_MEMORY and not wrong:
        wrong = f"{grown // 2**20} MB of memory"
    elif not wrong and (text := written.read_text(errors="replace")):
        wrong = f"wrote on stderr: {text[:500]}"
    outcomes = [
        Outcome(one["kind"], one["told"], frozenset(one["marks"]))
        for number in range(len(files))
        if (one := told.get(number, {"kind": "audited", "told": "", "marks": ()}))
    ]
    return outcomes, wrong


def _read_taken() -> int:
    """Return the bytes that this process holds, which a fork of it is born with."""
    if not (told := Path("/proc/self/statm")).exists():
        return 0
    return int(told.read_text(encoding="ascii").split()[1]) * mmap.PAGESIZE


def _tail(path: Path) -> str:
    return path.read_text(errors="replace")[-800:] if path.exists() else ""


def _listen(reader: int, child: int) -> list[dict[str, Any]]:
    end, data = time.monotonic() + MOST_WALL, b""
    while True:
        ready, _, _ = select.select([reader], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            os.kill(child, signal.SIGKILL)
            break
        if not (some := os.read(reader, 2**16)):
            break
        data += some
    os.close(reader)
    return [json.loads(line) for line in data.split(b"\n") if line.endswith(b"}")]


def _work(files: Sequence[Path], writer: int, written: Path, *, thorough: bool) -> None:
    """Do a batch in the child, which never returns."""
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_SPACE, _SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, 2)
        sys.stderr = os.fdopen(2, "w", closefd=False)  # a test runner may have another
        with os.fdopen(writer, "w", encoding="utf-8") as out:

            def tell(line: Mapping[str, Any]) -> None:
                out.write(json.dumps(line) + "\n")
                out.flush()

            _try_all(files, tell, thorough=thorough)
        code = 0
    except BaseException:  # noqa: BLE001 - told by the parent
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _try_all(files: Sequence[Path], tell: Tell, *, thorough: bool) -> None:
    warnings.simplefilter("error")
    good: dict[str, tuple[Workbook, Recognition]] = {}
    for number, path in enumerate(files):
        tell({"at": f"reading {path.name}"})
        start = time.process_time()
        try:
            workbook = read_workbook(path)
            found = recognise(workbook)
        except RopaError as error:
            _tell_refusal(tell, number, path.name, str(error))
        except Exception:  # noqa: BLE001 - a fault, whatever it is
            _tell_fault(tell, number, traceback.format_exc())
        else:
            if found.is_register:
                good[str(number)] = (workbook, found)
            else:
                _tell_refusal(tell, number, path.name, f"{path.name}: {found.why}")
        if (seconds := time.process_time() - start) > MOST_SECONDS:
            _tell_fault(tell, number, f"reading took {seconds:.1f} s")
    tell({"at": "auditing"})
    if good:
        start = time.process_time()
        _audit(good, tell, thorough=thorough)
        if len(good) == 1 and (seconds := time.process_time() - start) > 3 * MOST_SECONDS:
            tell({"wrong": f"the audit took {seconds:.1f} s"})
    if thorough and good:
        _run_commands(files[int(next(iter(good)))], tell)


def _tell_fault(tell: Tell, number: int, told: str) -> None:
    tell({"file": number, "kind": "fault", "told": told, "marks": []})


def _tell_refusal(tell: Tell, number: int, name: str, line: str) -> None:
    wrong = judge_line(line, name)
    if wrong:
        _tell_fault(tell, number, f"{wrong}: {line}")
    else:
        tell({"file": number, "kind": "refused", "told": line, "marks": [line.removeprefix(name)]})


def judge_line(line: str, name: str) -> str:
    """Return what is wrong with an error's line; empty if nothing is."""
    if not line.isprintable():
        return "not one line of letters"
    if CANARY in line.lower():
        return "it holds a cell's text"
    return "" if line.startswith(f"{name}: ") else "it does not name the file"


def _audit(good: Mapping[str, tuple[Workbook, Recognition]], tell: Tell, *, thorough: bool) -> None:
    """Audit the registers of a batch in one pass; each has its own file's findings."""
    try:
        groups = {name: [found] for name, (_, found) in good.items()}
        result = audit_register(normalise_registers(groups), as_of=AS_OF)
        again = thorough and audit_register(normalise_registers(groups), as_of=AS_OF)
    except BaseException:  # noqa: BLE001 - a fault, whatever it is
        tell({"wrong": _AUDIT + traceback.format_exc()})
        return
    books = {workbook.file: workbook for workbook, _ in good.values()}
    wrong = judge_findings(result, books)
    if isinstance(again, Result) and not again.findings.equals(result.findings):
        wrong = "two audits of the same differ"
    if wrong:
        tell({"wrong": _AUDIT + wrong})
        return
    for name, (workbook, found) in good.items():
        marks = list_marks(result, name, workbook.file) | {f"layout {found.layout}"}
        tell({"file": int(name), "kind": "audited", "told": "", "marks": sorted(marks)})


def judge_findings(result: Result, books: Mapping[str, Workbook]) -> str:
    """Return what is wrong with findings; empty if nothing is."""
    findings = result.findings
    if findings.duplicated(["file", "id"]).any():
        return f"ids are not unique: {findings['id'].tolist()[:20]}"
    places = findings[["file", "sheet", "cell"]].drop_duplicates()
    for file, name, cell in places.itertuples(index=False):
        if not cell:
            continue
        sheets = [one for one in books[file].sheets if one.name == name]
        if not sheets:
            return f"no sheet {name!r}"
        last = cell.rpartition(":")[2]
        letters = last.rstrip("0123456789")
        row, column = int(last[len(letters) :]), column_number(letters)
        if not any(_lies_in(one, row, column) for one in sheets):
            return f"{cell} lies outside of {name!r}"
    return ""


def _lies_in(sheet: Sheet, row: int, column: int) -> bool:
    """Tell whether a cell lies in a sheet; a blank one beside a label may be one further.

    A label may be a merged range that reaches beyond the last text.
    """
    rows = [sheet.rows, *(bottom for _, _, bottom, _ in sheet.merged)]
    columns = [sheet.columns, *(right for _, _, _, right in sheet.merged)]
    return row <= max(rows) + 1 and column <= max(columns) + 1


def list_marks(result: Result, register: str, file: str) -> set[str]:
    """Return what was met in a register: hits by field, what could not be read or judged."""
    findings = result.findings[result.findings["file"] == file]
    issues = result.register.frames["issues"]
    issues = issues[issues["register"] == register]
    unjudged = result.not_evaluated
    return {
        *("hit " + findings["rule"] + " " + findings["field"]),
        *("issue " + issues["table"] + " " + issues["field"] + " " + issues["problem"]),
        *("open " + unjudged["rule"]),
    }


def _run_commands(path: Path, tell: Tell) -> None:
    """Run commands on a file that is a register, as a user does."""
    out = path.parent / f"{path.stem}-out"
    house = out.with_suffix(".xlsx")
    day = ("--as-of", AS_OF.isoformat())
    commands: tuple[tuple[str, ...], ...] = (
        ("inspect", str(path)),
        ("inspect", str(path), "--json", "-"),
        ("audit", str(path), *day, "--out", str(out)),
        ("verify", str(out)),
        ("audit", str(path), *day, "--previous", str(out), "--json", "-"),
        ("compare", str(out / "findings.json"), str(out / "findings.xlsx"), "--json", "-"),
        ("convert", str(path), str(house)),
        ("inspect", str(house)),
    )
    os.dup2(os.open(path.parent / "stdout", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    os.environ["ROPA_DEBUG"] = "1"
    for command in commands:
        tell({"at": command[0]})
        if house.exists() and command[0] == "convert":
            house.unlink()
        if main(command):
            tell({"wrong": f"{command[0]} did not end with 0: {_tail(path.parent / 'stderr')}"})
            return
        sys.stdout.flush()
