"""One thing measured in a process of its own: its seconds, and the most memory it held.

    python -m tests.bench.jobs audit register.xlsx small.xlsx

Memory is looked after as the command does it. A first round on a small register loads the libraries
and the tables of words beforehand: what they cost is measured apart, as the start of the command.
The last line is JSON.
"""

import gc
import json
import re
import resource
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

from ropa.cli import settle_memory

AS_OF = "2026-09-30"
_STATUS = Path("/proc/self/status")
_KIB = 1024


class Meter:
    """Takes the time of one step after another, with the peak of memory up to its end."""

    def __init__(self) -> None:
        self.taken: dict[str, dict[str, float]] = {}

    def time(self, name: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it gives
        gc.collect()
        begun = perf_counter()
        result = work()
        seconds = perf_counter() - begun
        self.taken[name] = {"seconds": round(seconds, 4), "peak_mb": round(read_peak())}
        return result

    def count(self, **counts: int) -> None:
        self.taken["counts"] = {name: float(number) for name, number in counts.items()}


def read_peak() -> float:
    """Return the most memory that this process and one of its children held, in MB.

    Linux tells it of this program alone; `getrusage` counts what stood in its place before.
    """
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if _STATUS.exists() and (peak := re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text())):
        own = int(peak[1])
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    unit = _KIB * _KIB if sys.platform == "darwin" else _KIB
    return (own + children) / unit


def measure_raw(meter: Meter, path: Path) -> None:
    from tests.bench.baselines import judge_plainly, parse_raw

    rows = meter.time("raw", lambda: parse_raw(path))
    found = meter.time("plain", lambda: judge_plainly(rows))
    meter.count(plain_findings=len(found))


def measure_openpyxl(meter: Meter, path: Path) -> None:
    from tests.bench.baselines import read_by_openpyxl

    meter.time("openpyxl", lambda: read_by_openpyxl(path))


def measure_audit(meter: Meter, path: Path) -> None:
    import ropa

    register = meter.time("load", lambda: ropa.load(path))
    audit = meter.time("audit", lambda: ropa.audit(register, as_of=AS_OF))
    meter.count(activities=len(register.activities), findings=len(audit.findings))


def measure_reports(meter: Meter, path: Path) -> None:
    import ropa

    audit = ropa.audit(ropa.load(path), as_of=AS_OF)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "reports"
        meter.time("write", lambda: audit.write(target))
        sizes = {one.name: one.stat().st_size for one in sorted(target.iterdir())}
    meter.count(**sizes)


def measure_graph(meter: Meter, path: Path) -> None:
    import ropa
    from ropa import flows

    register = ropa.load(path)
    graph = meter.time("graph", lambda: ropa.flow_graph(register, as_of=AS_OF))

    def measure() -> None:
        flows.list_vendors(graph)
        flows.measure_concentration(graph)
        flows.list_single_points(graph)
        flows.measure_countries(graph)
        flows.measure_safeguards(graph)
        flows.list_onward_chains(graph)

    meter.time("measures", measure)
    meter.count(nodes=graph.number_of_nodes(), edges=graph.number_of_edges())


JOBS: Mapping[str, Callable[[Meter, Path], None]] = MappingProxyType(
    {
        "raw": measure_raw,
        "openpyxl": measure_openpyxl,
        "audit": measure_audit,
        "reports": measure_reports,
        "graph": measure_graph,
    }
)


def run_job(job: str, path: Path, small: Path) -> dict[str, dict[str, float]]:
    """Measure a job on a file, after a round on a small one."""
    settle_memory()
    JOBS[job](Meter(), small)
    JOBS[job](meter := Meter(), path)
    return meter.taken


if __name__ == "__main__":
    print(json.dumps(run_job(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))  # noqa: T201
