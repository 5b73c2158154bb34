"""Headings before they are mapped, what each may mean, and how sure that must be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MAPPED = 0.75
"""From this confidence on a heading is mapped."""
AMBIGUOUS = 0.5
"""From this confidence on, below `MAPPED`, a heading is reported with the field it may mean."""


@dataclass(frozen=True, slots=True)
class Label:
    """A heading before it is mapped: its cell, its text, the band above, the texts below.

    ``sample`` returns some of them, ``cells`` all: equal to another label's where they say the
    same in each row, and by default never.
    """

    sheet: str
    row: int
    column: int
    text: str
    band: str = ""
    sample: Callable[[], Sequence[str]] = tuple
    cells: Callable[[], object] = object


@dataclass(frozen=True, slots=True)
class Claim:
    """A field that a label may mean, everything considered."""

    label: Label
    table: str
    field: str
    confidence: float
    weak: bool
