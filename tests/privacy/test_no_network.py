"""Reading, judging and writing ask nothing of any network."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
from commands import AS_OF, CALLS, FEW
from old_workbooks import write_old_workbook

import ropa

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests/support/unconnected_commands.py"
UNSHARE = ("unshare", "--map-root-user", "--net")
"""Starts a program in a network of its own, in which there is nothing, not even this machine."""


def run_unconnected(*arguments: str | Path, prefix: tuple[str, ...] = ()) -> dict[str, Any]:
    done = subprocess.run(
        [*prefix, sys.executable, str(PROGRAM), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stderr == ""
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def can_unshare() -> bool:
    if shutil.which(UNSHARE[0]) is None:
        return False
    return subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def test_no_command_asks_for_a_socket(tmp_path: Path) -> None:
    """Where the system allows it, in a network of its own: then nothing could have answered."""
    prefix = UNSHARE if can_unshare() else ()
    told = run_unconnected(CALLS, tmp_path, prefix=prefix)
    assert told["asked"] == []
    assert set(told["codes"].values()) == {0}
    assert len(told["codes"]) == 8


def test_a_network_of_its_own_holds_nothing() -> None:
    """The audit above would have failed in it, had it needed any."""
    if not can_unshare():
        pytest.skip("this system lets no user make a network namespace, or has no unshare")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        ask = f"import socket; socket.create_connection({address!r}, timeout=5)"
        here = subprocess.run([sys.executable, "-c", ask], check=False)
        there = subprocess.run(
            [*UNSHARE, sys.executable, "-c", ask], capture_output=True, check=False
        )
    assert (here.returncode, there.returncode) == (0, 1)


def test_a_socket_that_is_asked_for_is_told(tmp_path: Path) -> None:
    told = run_unconnected(CALLS, tmp_path, "probe")
    assert {"socket.__new__", "socket.connect"} <= set(told["asked"])


@pytest.fixture
def blocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no socket be made and no name be looked up."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the network was asked for")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname", "socketpair"):
        monkeypatch.setattr(socket, name, refuse)


@pytest.mark.usefixtures("blocked")
def test_the_library_works_without_any_socket(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="asked for"):
        socket.create_connection(("127.0.0.1", 9))
    found = ropa.audit(ropa.load(CALLS), as_of=AS_OF[1], rules=FEW)
    assert not found.findings.empty
    found.write(tmp_path / "out")
    assert (tmp_path / "out" / "report.html").is_file()


ROWS = [
    ["Purpose", "Data subjects", "Personal data", "Retention", "Recipients", "Lawful basis"],
    ["Sesame", "Employees", "Bank details", "6 years", "HM Revenue and Customs", "Contract"],
]


def test_another_process_is_told_neither_the_file_nor_its_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a binary workbook, which another process reads: its arguments are seen by all users."""
    (path := tmp_path / "private name.xls").write_bytes(write_old_workbook(ROWS))
    started: list[tuple[list[str], dict[str, str]]] = []
    run = subprocess.run

    def watch(command: list[str], **options: Any) -> object:  # noqa: ANN401 - as those of run
        started.append((command, options["env"]))
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", watch)
    assert ropa.inspect(path).is_register
    ((command, environment),) = started
    known = {*os.environ.values(), environment["PYTHONPATH"]}
    for text in (*command, *(one for one in environment.values() if one not in known)):
        assert "private" not in text
        assert "Sesame" not in text
    assert command[1:3] == ["-P", "-m"]
