"""A portfolio of many registers, measured: python tests/bench/bench_portfolio.py --help.

Reading alone, on two threads, is the unit. Beside it stand the portfolio on one process and on two
(results and partitions included), a plain loop of single audits (a sample, scaled up), and a run
that was killed half-way and gone on with. One workbook in fifty is broken on purpose.
"""

import argparse
import json
import os
import platform
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

SUPPORT = Path(__file__).parents[1] / "support"
sys.path[:0] = [str(SUPPORT), str(Path(__file__).parents[2])]

AS_OF = "2026-09-30"
BROKEN = 50
SAMPLE = 10
LIMIT = 3.0
THREADS = 2


def main() -> None:
    """Measure, and print a table; with ``--json`` write the figures into a file."""
    options = _parse()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "in"
        from made_portfolios import write_portfolio

        write_portfolio(
            folder, registers=options.registers, activities=options.activities, broken=BROKEN
        )
        figures = measure(folder, Path(place), options.rounds)
    told = {
        "registers": options.registers,
        "activities": options.activities,
        "broken": options.registers // BROKEN,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **figures,
    }
    for name, value in told.items():
        shown = f"{value:10.2f}" if isinstance(value, float) else f"{value!s:>10}"
        print(f"{name:36} {shown}")  # noqa: T201 - the table
    if options.json:
        Path(options.json).write_text(json.dumps(told, indent=2) + "\n")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure a portfolio.")
    parser.add_argument("--registers", type=int, default=2000)
    parser.add_argument("--activities", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=1, help="the best of so many is taken")
    parser.add_argument("--json", metavar="FILE", help="write the figures into this file")
    return parser.parse_args()


def measure(folder: Path, place: Path, rounds: int) -> dict[str, object]:
    """Return the figures: seconds, ratios, and what was found."""
    files = sorted(folder.rglob("*.xlsx"))
    seconds: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}
    for number in range(rounds):  # interleaved: the machine may be busy with other things
        works: dict[str, Callable[[], object]] = {"read": lambda: _read_all(files)}
        for workers in (1, 2):
            out = place / f"out-{workers}-{number}"
            works[f"workers {workers}"] = partial(_run, folder, out, workers)
        for name, work in works.items():
            before = _processor()
            seconds.setdefault(name, []).append(_time(work))
            processor.setdefault(name, []).append(_processor() - before)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sample = [one for one in files if one.stat().st_size > 2**10][:SAMPLE]
    loop = _time(lambda: _audit_each(sample)) / len(sample) * len(files)
    best = {name: min(each) for name, each in seconds.items()}
    killed, again, repeated = _interrupt(folder, place / "killed")
    first = _read_folder(place / "out-1-0")
    document = json.loads(first["portfolio.json"])
    cpu = {name: min(each) for name, each in processor.items()}
    return {
        "read, 2 threads (s)": best["read"],
        "portfolio, 1 worker (s)": best["workers 1"],
        "portfolio, 2 workers (s)": best["workers 2"],
        "against reading": best["workers 2"] / best["read"],
        "the same in processor time": cpu["workers 2"] / cpu["read"],
        "within three times the reading": best["workers 2"] <= LIMIT * best["read"],
        "speed-up of 2 workers": best["workers 1"] / best["workers 2"],
        f"loop of audits, {len(sample)} scaled (s)": loop,
        "loop against portfolio": loop / best["workers 2"],
        "largest process (MB)": peak // 1024,
        "findings": document["findings"],
        "refused": document["registers"]["refused"],
        "killed after (s)": killed,
        "gone on with (s)": again,
        "registers done before the kill": repeated,
        "same bytes, 1 and 2 workers": first == _read_folder(place / "out-2-0"),
        "same bytes after the kill": first == _read_folder(place / "killed"),
    }


def _processor() -> float:
    """Return the processor seconds of this process and of those that it began and that ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _read_all(files: Sequence[Path]) -> None:
    """Read the first sheet of each workbook with the reader alone: no preflight, no texts."""
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(_read, files):
            pass


def _read(file: Path) -> None:
    import fastexcel

    try:
        book = fastexcel.read_excel(file.read_bytes())
        book.load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_arrow()
    except fastexcel.FastExcelError:
        return


def _command(folder: Path, out: Path, workers: int) -> list[str]:
    names = ["portfolio", str(folder), "--out", str(out), "--as-of", AS_OF]
    return [sys.executable, "-m", "ropa", *names, "--workers", str(workers)]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path[:2])}


def _run(folder: Path, out: Path, workers: int) -> None:
    subprocess.run(
        _command(folder, out, workers), check=True, stdout=subprocess.DEVNULL, env=_environment()
    )


def _interrupt(folder: Path, out: Path) -> tuple[float, float, int]:
    """Kill a run when a third of its partitions are written, and go on with it."""
    from pyarrow import dataset

    start = time.perf_counter()
    wanted = max(1, len(list((out.parent / "out-2-0" / "registers").iterdir())) // 3)
    with subprocess.Popen(
        _command(folder, out, THREADS), stdout=subprocess.DEVNULL, env=_environment()
    ) as process:
        while process.poll() is None and len(list(out.glob("registers/*.parquet"))) < wanted:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
    killed = time.perf_counter() - start
    done = dataset.dataset(sorted(out.glob("registers/*.parquet"))).count_rows()
    return killed, _time(lambda: _run(folder, out, THREADS)), done


def _audit_each(files: Sequence[Path]) -> None:
    import ropa

    for file in files:
        ropa.audit(ropa.load(file), as_of=AS_OF)


def _read_folder(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


if __name__ == "__main__":
    main()
