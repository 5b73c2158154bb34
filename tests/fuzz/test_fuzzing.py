"""A short run of the fuzzing, the same each time; ``make fuzz`` runs it for longer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SUPPORT = ROOT / "tests/support"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def run_fuzzing(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "data", SUPPORT)))
    return subprocess.run(
        [sys.executable, str(SUPPORT / "fuzzing.py"), "--save", str(folder), *arguments],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_made_files_are_refused_or_audited(tmp_path: Path) -> None:
    done = run_fuzzing(tmp_path, "--batches", "1", "--size", "14", "--seed", "slice")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "fault" not in done.stdout
    for word in ("bytes", "cells", "markup", "refused", "audited"):
        assert word in done.stdout
    assert list(tmp_path.iterdir()) == []
