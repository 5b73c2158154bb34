"""Runs measured in processes of their own, in turn, and the best of several kept."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from time import perf_counter

Taken = dict[str, dict[str, float]]

_LIMIT_SECONDS = 3_600
_START = (sys.executable, "-c")


def measure_job(job: str, path: Path, small: Path) -> Taken:
    """Return what a process of its own measured (`tests.bench.jobs`)."""
    command = (sys.executable, "-m", "tests.bench.jobs", job, str(path), str(small))
    return dict(json.loads(_run(command).splitlines()[-1]))


def make_register(path: Path, activities: int, *, distinct: bool) -> None:
    """Write a register in a process of its own: this one stays small."""
    how = ("distinct",) if distinct else ()
    _run((sys.executable, "-m", "tests.bench.large_registers", str(activities), str(path), *how))


def keep_best(runs: Iterable[Taken]) -> Taken:
    """Return the least seconds of each step, and the least of its peaks."""
    best: Taken = {}
    for run in runs:
        for step, figures in run.items():
            known = best.setdefault(step, {})
            for name, figure in figures.items():
                known[name] = min(known.get(name, figure), figure)
    return best


def measure_starts(small: Path, rounds: int) -> Mapping[str, float]:
    """Return the seconds of the starts that a user waits for, beside bare ones, the best of some.

    They are run in turn, so that a slow minute of the machine falls on all of them.
    """
    audit = ("-m", "ropa", "audit", str(small), "--as-of", "2026-09-30")
    commands: Mapping[str, Sequence[str]] = {
        "pass": (*_START, "pass"),
        "argparse": (*_START, "import argparse"),
        "help": (sys.executable, "-m", "ropa", "--help"),
        "import ropa": (*_START, "import ropa"),
        "pandas, pandera": (*_START, "import pandas, pandera.pandas"),
        "small audit": (sys.executable, *audit),
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            begun = perf_counter()
            _run(command, codes=(0, 1))
            taken[name].append(perf_counter() - begun)
    return {name: round(min(seconds), 4) for name, seconds in taken.items()}


def list_heavy_imports() -> Sequence[str]:
    """Return which heavy libraries `import ropa` loads; there should be none."""
    heavy = ("pandas", "numpy", "pyarrow", "openpyxl", "matplotlib", "networkx", "pandera")
    code = f"import ropa, sys; print(*[one for one in {heavy!r} if one in sys.modules])"
    return _run((*_START, code)).split()


def _run(command: Sequence[str], codes: Sequence[int] = (0,)) -> str:
    done = subprocess.run(
        command, capture_output=True, check=False, text=True, timeout=_LIMIT_SECONDS
    )
    if done.returncode not in codes:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise RuntimeError(f"a measured process ended with {done.returncode}: {last}")
    return done.stdout
