"""What an earlier audit found, read back with what the owners wrote since.

>>> from ropa.previous import read_previous
>>> previous = read_previous("reports/2026-Q2")              # doctest: +SKIP
>>> previous.problems                                        # doctest: +SKIP

A file that is read back is trusted no more than a register: it is checked against the form in which
it was written, its texts stay texts, and what cannot be used is reported with its cell.
"""

from ropa.previous.reading import read_previous
from ropa.previous.values import (
    ACTIVITY_COLUMNS,
    ACTIVITY_HEADINGS,
    HISTORY_HEADINGS,
    OWNED,
    PROBLEM_COLUMNS,
    WHY,
    Previous,
    ReadInput,
    decisions,
    headings,
    make_frames,
)

__all__ = [
    "ACTIVITY_COLUMNS",
    "ACTIVITY_HEADINGS",
    "HISTORY_HEADINGS",
    "OWNED",
    "PROBLEM_COLUMNS",
    "WHY",
    "Previous",
    "ReadInput",
    "decisions",
    "headings",
    "make_frames",
    "read_previous",
]
