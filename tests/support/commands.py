"""Running the command in tests: in this process, and in one of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from build_samples import SAMPLES

import ropa
from ropa.cli import main
from ropa.rules.catalogue import Rule, select_rules

AS_OF = ("--as-of", "2026-09-30")
CALLS = SAMPLES / "telephone-answering-service.xlsx"
CLEAN = SAMPLES / "clean.xlsx"
REPORTS = {
    *("annotated.xlsx", "board.pptx", "findings.json", "findings.parquet", "findings.xlsx"),
    *("flows.graphml", "flows.svg", "manifest.json", "report.html"),
}
FEW = ("TRF-03", "TRF-04", "LAW-07", "IDN-02")


def choose_few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the command audit by a few rules only, where it does not matter which."""

    def select(codes: Sequence[str] | None) -> tuple[Rule, ...]:
        return select_rules(FEW if codes is None else codes)

    monkeypatch.setattr("ropa.api.select_rules", select)


def copy_calls(folder: Path) -> Path:
    """Copy a sample into a new folder."""
    folder.mkdir()
    target = folder / "calls.xlsx"
    target.write_bytes(CALLS.read_bytes())
    return target


def stop(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """Run what cannot be done and return the line that says why, after checking its form."""
    code = main([str(one) for one in arguments])
    captured = capsys.readouterr()
    assert code == 2
    assert captured.out == ""
    line = captured.err.removesuffix("\n")
    assert line.startswith("ropa: ")
    assert line.isprintable()
    assert "Traceback" not in line
    assert "a fault of ropa itself" not in line
    return line.removeprefix("ropa: ")


def start(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    paths = os.pathsep.join([str(Path(ropa.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "ropa", *map(str, arguments)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths, **(environment or {})},
        cwd=cwd,
        timeout=300,
    )


def list_tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too, with its bytes; folders are empty."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }
