"""What is aimed at, each beside what was measured."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.bench.timing import Taken

_MEMORY_MB = 1_200
_PROPORTION = 1.1
"""The most that the time of ten times as many rows may grow by, as a power of their number."""


@dataclass(frozen=True, slots=True)
class Target:
    """A figure, its limit, and whether it is met."""

    what: str
    value: float
    limit: float
    unit: str

    @property
    def met(self) -> bool:
        """Tell whether the figure stays within the limit."""
        return self.value <= self.limit

    def to_plain(self) -> dict[str, Any]:
        """Return it as a mapping."""
        return asdict(self) | {"value": round(self.value, 3), "met": self.met}


def list_targets(
    sizes: Mapping[str, Taken], starts: Mapping[str, float], heavy: Sequence[str]
) -> list[Target]:
    """Return each target with its figure, at the largest size that was measured."""
    largest = max(int(name) for name in sizes if name.isdigit())
    return [
        *_judge_size(f"{largest:,} activities", sizes[str(largest)]),
        *_judge_growth(sizes, largest),
        *_judge_starts(starts, heavy),
    ]


def measure_growth(sizes: Mapping[str, Taken], step: str, largest: int) -> float:
    """Return the power of the number of rows with which the time of a step grows."""
    before, after = (sizes[str(one)][step]["seconds"] for one in (largest // 10, largest))
    return math.log10(after / before)


def _judge_size(size: str, taken: Taken) -> Iterator[Target]:
    raw = taken["raw"]["seconds"]
    both = taken["load"]["seconds"] + taken["audit"]["seconds"]
    yield Target(f"load + audit, {size}", both / raw, 2, "x raw parse")
    if "openpyxl" in taken:
        ratio = both / taken["openpyxl"]["seconds"]
        yield Target(f"load + audit, {size}", ratio, 0.2, "x pandas with openpyxl")
    yield Target(f"memory of load + audit, {size}", taken["audit"]["peak_mb"], _MEMORY_MB, "MB")
    yield Target(f"the reports on top, {size}", taken["write"]["seconds"] / raw, 3, "x raw parse")
    yield Target(f"memory with reports, {size}", taken["write"]["peak_mb"], _MEMORY_MB, "MB")
    yield Target(f"memory of the graph, {size}", taken["measures"]["peak_mb"], _MEMORY_MB, "MB")


def _judge_growth(sizes: Mapping[str, Taken], largest: int) -> Iterator[Target]:
    for step in ("load", "audit", "write", "graph", "measures"):
        power = measure_growth(sizes, step, largest)
        yield Target(f"growth of {step} with the rows", power, _PROPORTION, "power")


def _judge_starts(starts: Mapping[str, float], heavy: Sequence[str]) -> Iterator[Target]:
    yield Target("ropa --help", starts["help"] / starts["argparse"], 3, "x bare start")
    beyond = starts["small audit"] - starts["pandas, pandera"]
    yield Target("ropa audit of 50 rows, beyond import pandas, pandera", beyond, 2, "s")
    yield Target("import ropa, libraries it loads", len(heavy), 0, "libraries")
