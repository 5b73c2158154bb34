"""The benchmark: load, audit, reports and graph of registers of 1,000 to 100,000 activities.

Prints a table and writes ``reports/bench.json``. Nothing fails where a target is missed: it says
so. ``QUICK=1`` stops at 10,000 activities.
"""

import json
import os
import platform
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench.baselines import UNIT
from tests.bench.targets import Target, list_targets
from tests.bench.timing import (
    Taken,
    keep_best,
    list_heavy_imports,
    make_register,
    measure_job,
    measure_starts,
)

_OUT = Path("reports/bench.json")
_SIZES = (1_000, 10_000, 100_000)
_QUICK_SIZES = _SIZES[:-1]
_ROUNDS, _START_ROUNDS = 3, 5
_SMALL = 50
_ONCE = ("openpyxl", "reports", "graph")
_LIBRARIES = (
    *("fastexcel", "networkx", "numpy", "openpyxl", "pandas", "pandera", "pyarrow"),
    "python-calamine",
)


def main() -> None:
    """Measure, print and write."""
    quick = bool(os.environ.get("QUICK"))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        make_register(small := made / "small.xlsx", _SMALL, distinct=False)
        starts = measure_starts(small, _START_ROUNDS)
        sizes = _measure_sizes(made, small, _QUICK_SIZES if quick else _SIZES)
    targets = list_targets(sizes, starts, list_heavy_imports())
    for line in _write_table(sizes, starts, targets):
        print(line)  # noqa: T201 - the table is the result
    _OUT.parent.mkdir(exist_ok=True)
    _OUT.write_text(json.dumps(_build_document(sizes, starts, targets), indent=2) + "\n")


def _measure_sizes(folder: Path, small: Path, sizes: tuple[int, ...]) -> dict[str, Taken]:
    """Measure each size, and the largest again with texts of which none occurs twice."""
    found = {}
    for size, distinct in (*((one, False) for one in sizes), (sizes[-1], True)):
        name = f"{size} distinct" if distinct else str(size)
        path = folder / f"{name.replace(' ', '-')}.xlsx"
        print(f"measuring {name} activities ...", flush=True)  # noqa: T201 - it takes minutes
        make_register(path, size, distinct=distinct)
        runs = []
        for _ in range(_ROUNDS):  # in turn: a slow minute falls on all
            runs += [measure_job(job, path, small) for job in ("raw", "audit")]
        runs += [measure_job(job, path, small) for job in ("reports", "graph") if not distinct]
        if not distinct:
            runs.append(measure_job("openpyxl", path, small))
        found[name] = keep_best(runs)
        path.unlink()
    return found


def _write_table(
    sizes: Mapping[str, Taken], starts: Mapping[str, float], targets: list[Target]
) -> Iterator[str]:
    yield f"\nThe unit is the raw parse of the same file: {UNIT}."
    yield f"{'activities':>16} {'step':<10} {'seconds':>9} {'x raw':>7} {'x loop':>7} {'MB':>6}"
    for size, taken in sizes.items():
        raw, plain = (taken[one]["seconds"] for one in ("raw", "plain"))
        for step, figures in taken.items():
            if step != "counts":
                seconds = figures["seconds"]
                times = f"{seconds:>9.3f} {seconds / raw:>7.2f} {seconds / plain:>7.1f}"
                yield f"{size:>16} {step:<10} {times} {figures['peak_mb']:>6.0f}"
    yield ""
    for name, seconds in starts.items():
        yield f"start: {name:<20} {seconds:>7.3f} s"
    yield ""
    for one in targets:
        said = "met   " if one.met else "MISSED"
        yield f"{said} {one.what:<55} {one.value:>9.2f} of {one.limit:g} {one.unit}"


def _build_document(
    sizes: Mapping[str, Taken], starts: Mapping[str, float], targets: list[Target]
) -> dict[str, Any]:
    """Return what was measured, and on what: nothing that names the machine or the day."""
    return {
        "unit": UNIT,
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "sizes": {
            size: {
                step: figures
                if step == "counts"
                else figures
                | {"ratio_to_raw": round(figures["seconds"] / taken["raw"]["seconds"], 3)}
                for step, figures in taken.items()
            }
            for size, taken in sizes.items()
        },
        "starts": dict(starts),
        "targets": [one.to_plain() for one in targets],
    }


if __name__ == "__main__":
    main()
