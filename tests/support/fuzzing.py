"""A program that fuzzes reading and auditing: ``python fuzzing.py [--minutes 3] [FOLDER]``.

Made files run in forked processes with limits (`fuzz_trials`). A file whose outcome shows something
not met before is changed further. A fault prints the plan of its file, by which ``--again PLAN``
makes and tries it anew, and saves the file.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from build_samples import SAMPLES
from fuzz_plans import File, list_sources, make_file
from fuzz_trials import Outcome, try_files, warm_up

BATCH = 40
MOST_DEPTH = 5
THOROUGH = 12
"""Of how many batches one is also audited twice, and its first register's reports are written."""


@dataclass(slots=True)
class Tally:
    """What has been tried and met."""

    levels: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    marks: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def describe(self) -> str:
        """Return the counts as one line."""
        lines = sum(1 for mark in self.marks if mark.startswith(":"))
        parts = [f"{name} {count}" for name, count in sorted(self.levels.items())]
        parts += [f"{name} {count}" for name, count in sorted(self.kinds.items())]
        return ", ".join([*parts, f"error lines {lines}", f"marks {len(self.marks)}"])


def fuzz(
    seed: str,
    *,
    seconds: float = 0,
    batches: int = 0,
    size: int = BATCH,
    folder: Path | None = None,
) -> Tally:
    """Try made files until the time or the number of batches is over."""
    if batches != 1:
        warm_up(SAMPLES / "clean.xlsx")
    random, tally = Random(seed), Tally()  # noqa: S311 - the same each time, no secret
    plans = sorted(list_sources(folder))
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end or number < batches:
        chosen = [
            f"{random.choice(plans)}|{seed}.{number}.{place}"
            if random.random() < 0.5
            else f"{random.choice(plans[-200:])}|{seed}.{number}.{place}"
            for place in range(size)
        ]
        for plan, file, outcome in try_plans(chosen, folder, thorough=number % THOROUGH == 1):
            tally.levels[file.level] += 1
            tally.kinds[outcome.kind] += 1
            marks = {re.sub(r"'[^']*'|\d+", "#", mark) for mark in outcome.marks}
            if marks - tally.marks.keys() and plan.count("|") < MOST_DEPTH:
                plans.append(plan)
            tally.marks.update(marks)
            if outcome.kind == "fault":
                tally.faults.append((plan, outcome.told))
        number += 1
    return tally


def try_plans(
    plans: list[str], folder: Path | None = None, *, thorough: bool = False
) -> list[tuple[str, File, Outcome]]:
    """Make the files of some plans and try them together."""
    with TemporaryDirectory() as made:
        files = [make_file(plan, folder) for plan in plans]
        paths = []
        for number, file in enumerate(files):
            paths.append(Path(made) / f"made-{number}{file.suffix}")
            paths[-1].write_bytes(file.data)
        return list(zip(plans, files, try_files(paths, thorough=thorough), strict=True))


def main() -> int:
    """Fuzz for some minutes; tell what was met, and save the files that showed a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="more workbooks to begin with")
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--batches", type=int, default=0, help="instead of minutes")
    parser.add_argument("--size", type=int, default=BATCH, help="files in a batch")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--again", metavar="PLAN", help="make and try one file again")
    parser.add_argument("--save", type=Path, default=Path("build/fuzz"), help="for faults' files")
    options = parser.parse_args()
    if options.again:
        ((_, file, outcome),) = try_plans([options.again], options.folder, thorough=True)
        options.save.mkdir(parents=True, exist_ok=True)
        (options.save / f"again{file.suffix}").write_bytes(file.data)
        sys.stdout.write(f"{outcome.kind}: {outcome.told}\n{sorted(outcome.marks)}\n")
        return int(outcome.kind == "fault")
    seconds = 0 if options.batches else options.minutes * 60
    tally = fuzz(
        options.seed,
        seconds=seconds,
        batches=options.batches,
        size=options.size,
        folder=options.folder,
    )
    for number, (plan, told) in enumerate(tally.faults, start=1):
        options.save.mkdir(parents=True, exist_ok=True)
        file = make_file(plan, options.folder)
        saved = options.save / f"fault-{number}{file.suffix}"
        saved.write_bytes(file.data)
        sys.stdout.write(f"{plan}\n  saved as {saved}\n  {told}\n")
    sys.stdout.write(f"{tally.describe()}\n")
    return int(bool(tally.faults))


if __name__ == "__main__":
    sys.exit(main())
