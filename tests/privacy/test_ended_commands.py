"""Commands that are ended meanwhile: an exit code and one line, and nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import AS_OF, CALLS

import ropa.cli
from ropa.cli.signals import EndedError, raise_endings

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests/support/ended_commands.py"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "data", ROOT / "tests/support"))),
}

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def test_commands_that_are_ended_at_any_step_leave_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["ends"] > 20


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_command_is_ended_from_outside(number: int, code: int, tmp_path: Path) -> None:
    """Once it has the register's bytes, and so long before it is done."""
    os.mkfifo(pipe := tmp_path / "policy.toml")
    (temporary := tmp_path / "temporary").mkdir()
    program = (
        "import sys, os; from ropa.cli import main; import ropa.api; load = ropa.api.load\n"
        f"def told(*a): register = load(*a); open({str(pipe)!r}, 'w').close(); return register\n"
        "ropa.api.load = told; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "audit", str(CALLS), *AS_OF]
    with subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")],
        env={**ENVIRONMENT, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        pipe.read_bytes()
        time.sleep(0.2)
        process.send_signal(number)
        out, told = process.communicate(timeout=120)
    assert process.returncode == code
    assert (out, told.count(b"\n")) == (b"", 1)
    assert told.startswith(b"ropa: ")
    assert {path.name for path in tmp_path.iterdir()} == {"policy.toml", "temporary"}
    assert list(temporary.iterdir()) == []


def test_endings_are_raised_and_then_left_as_they_were() -> None:
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    with pytest.raises(EndedError) as caught, raise_endings():
        signal.raise_signal(signal.SIGTERM)
    assert caught.value.number == signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_signal_that_is_ignored_stays_so() -> None:
    """As of a command that is started with nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raise_endings():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_exit_code_of_a_request_to_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def end(*_: object) -> None:
        raise EndedError(signal.SIGTERM)

    monkeypatch.setattr("ropa.api.load", end)
    assert ropa.cli.main(["audit", str(CALLS), *AS_OF]) == 143
    assert capsys.readouterr() == ("", "ropa: ended by the system\n")
