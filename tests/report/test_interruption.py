"""Reports that are killed while they are written: whole or not there, and finished next time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "tests/support/interrupted_writing.py"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork to kill")
def test_a_kill_at_any_step_or_time_leaves_no_partial_report(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["kills"] > 100
