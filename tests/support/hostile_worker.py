"""The process in which hostile input is tried: it imports once, then forks for each command.

Started by `hostile_runs`. A request is one line of JSON on standard input; the answer is one line
on standard output. The fork runs the command as a process of its own would, under limits, and what
it took is told by the system when it ends.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import io
import json
import os
import resource
import signal
import sys
import time
import traceback
from typing import Any

_ADDRESSES = 6 * 2**30
"""Bytes of address space: far above what may be resident, and below what ends the machine."""

_SECONDS_OF_CPU = 40
_SECONDS = 240
_PAUSE = 0.005
_CRASHED = 99

FEW = (
    "GOV-02",
    "GOV-06",
    "GOV-08",
    "PUR-01",
    "LAW-01",
    "DAT-01",
    "DAT-02",
    "RET-01",
    "REC-01",
    "SEC-01",
)
"""Rules of which nearly each has one field to look at: they tell which cells were read as blank."""


def warm_up(register: str) -> float:
    """Import what commands import, and audit a register, so that all tables are read.

    Returns the seconds that the imports took.
    """
    import fastexcel  # noqa: F401 - imported for the forks, as all here
    import matplotlib.pyplot  # noqa: F401, ICN001
    import openpyxl  # noqa: F401
    import pandas  # noqa: F401, ICN001
    import pptx  # noqa: F401
    import pyarrow.compute  # noqa: F401

    import ropa.api
    import ropa.cli
    import ropa.report.annotated.registers
    import ropa.report.contents
    import ropa.report.conversion
    import ropa.report.folder
    import ropa.report.graph_files
    import ropa.report.inspection_terminal
    import ropa.report.terminal
    import ropa.report.verification

    began = time.process_time()
    _choose_few_rules()
    ropa.cli.main(["audit", register, "--as-of", "2026-09-30", "--json", "-"])
    _choose_all_rules()
    return began


def serve() -> None:
    """Answer requests until there is none."""
    channel = os.fdopen(os.dup(1), "w", encoding="ascii")
    requests = os.fdopen(os.dup(0), "r", encoding="ascii")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    began = warm_up(sys.argv[1])
    gc.collect()
    gc.freeze()  # what is shared with the forks stays shared
    for line in requests:
        channel.write(json.dumps(_answer(json.loads(line), began)) + "\n")
        channel.flush()


def _answer(request: dict[str, Any], began: float) -> dict[str, Any]:
    child = os.fork()
    if not child:
        _run(request)
    deadline = time.monotonic() + _SECONDS
    ended = 0
    while not ended:
        time.sleep(_PAUSE)
        ended, status, used = os.wait4(child, os.WNOHANG)
        if not ended and time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
            deadline += _SECONDS
    return {
        "code": os.waitstatus_to_exitcode(status),
        # A process of its own would have had to begin as well.
        "seconds": began + used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
    }


def _run(request: dict[str, Any]) -> None:
    code = _CRASHED
    try:
        os.setsid()
        _redirect(request)
        for name, value in request["environment"].items():
            os.environ[name] = value
        os.chdir(request["cwd"])
        for kind, most in request["limits"].items():
            resource.setrlimit(getattr(resource, kind), (most, most))
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS_OF_CPU, _SECONDS_OF_CPU))
        if request["few_rules"]:
            _choose_few_rules()
        if request["plain_user"]:
            _give_up_privileges()
        code = _call(request["arguments"])
    except BaseException:  # noqa: BLE001 - whatever it is, this process ends here
        traceback.print_exc()
    finally:
        os._exit(code)


def _call(arguments: list[str]) -> int:
    from ropa.cli import main

    code = main(arguments)
    atexit._run_exitfuncs()  # noqa: SLF001 - libraries remove their temporary files so
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _redirect(request: dict[str, Any]) -> None:
    made = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, (name, flags) in enumerate(
        (("stdin", os.O_RDONLY), ("stdout", made), ("stderr", made))
    ):
        os.dup2(os.open(request[name], flags, 0o600), number)
    # With "strict", as a terminal of UTF-8 has it.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "w"), encoding="utf-8", write_through=False)
    sys.stderr = io.TextIOWrapper(
        io.FileIO(2, "w"), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )


def _give_up_privileges() -> None:
    """Become subject to permissions, as root is not (capset(2), version 3)."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    if libc.capset(header, (ctypes.c_uint32 * 6)()):
        raise OSError(ctypes.get_errno(), "the privileges cannot be given up")


def _choose_few_rules() -> None:
    from collections.abc import Sequence

    import ropa.api
    from ropa.rules.catalogue import Rule, select_rules

    def select(codes: Sequence[str] | None) -> tuple[Rule, ...]:
        return select_rules(FEW if codes is None else codes)

    setattr(ropa.api, "select_rules", select)  # noqa: B010 - it is not exported


def _choose_all_rules() -> None:
    import ropa.api
    from ropa.rules.catalogue import select_rules

    setattr(ropa.api, "select_rules", select_rules)  # noqa: B010 - it is not exported


if __name__ == "__main__":
    serve()
