"""What is to be marked: which cells, how badly, and the words beside each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from ropa.findings import SEVERITIES
from ropa.flows.building import share_texts
from ropa.report.annotated.colours import ACCEPTED
from ropa.workbook.addresses import MAX_COLUMN, MAX_ROW, column_number

Place = tuple[int, int]
"""A cell's row and column, from 1."""

RANKS = (*SEVERITIES, ACCEPTED)

MOST_TEXT = 6_000
"""Characters of a note, about: Excel holds 32,767, and nobody reads on."""

_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?[A-Z]{1,3}\$?[0-9]{1,7})?")
_COLUMNS = ("rule", "name", "severity", "status", "sheet", "cell", "message", "remedy")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a note's text."""

    text: str
    bold: bool = False


class Finding(NamedTuple):
    """What a note says of one finding."""

    rank: int
    rule: str
    name: str
    severity: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell that is marked.

    Attributes
    ----------
    rank : int
        That of the worst of its findings, 0 for the most severe.
    findings : sequence of Finding
        What its note is about.
    """

    rank: int
    findings: Sequence[Finding]

    @property
    def severity(self) -> str:
        """The worst of its findings, or `ACCEPTED`."""
        return RANKS[self.rank]

    @property
    def runs(self) -> tuple[Run, ...]:
        """Its note, worded when it is asked for: of many cells only some have one."""
        ordered = sorted(self.findings, key=lambda one: (one.rank, one.rule, one.message))
        return tuple(_write_runs(ordered))


def parse_place(cell: str) -> Place | None:
    """Return the cell that an address names, of a range the first; None for what is none."""
    found = _CELL.fullmatch(cell)
    if found is None:
        return None
    try:
        row, column = int(found[2]), column_number(found[1])
    except ValueError:
        return None
    return (row, column) if 1 <= row <= MAX_ROW and column <= MAX_COLUMN else None


def group_findings(findings: pd.DataFrame) -> Mapping[str, Mapping[Place, Sequence[Finding]]]:
    """Return the findings of each cell, by sheet; what names no cell is left out."""
    grouped: dict[str, dict[Place, list[Finding]]] = {}
    columns = (findings[one].astype("str") for one in _COLUMNS)
    places: dict[str, Place | None] = {}
    ranks = {one: rank for rank, one in enumerate(RANKS)}
    for rule, name, severity, status, sheet, cell, message, remedy in zip(
        *(share_texts(one) for one in columns), strict=True
    ):
        if cell not in places:
            places[cell] = parse_place(cell)
        place = places[cell]
        if place is not None:
            rank = ranks[ACCEPTED if status == "waived" else severity]
            one = Finding(rank, rule, name, severity, message, remedy)
            grouped.setdefault(sheet, {}).setdefault(place, []).append(one)
    return grouped


def make_mark(findings: Sequence[Finding]) -> Mark:
    """Return the mark of a cell with these findings."""
    return Mark(min(one.rank for one in findings), findings)


def _write_runs(findings: Sequence[Finding]) -> Iterator[Run]:
    """Yield the words: of each finding its severity and rule, what is wrong and what to write."""
    length = 0
    for number, one in enumerate(findings):
        if length > MOST_TEXT:
            yield Run(f"\n\nand {len(findings) - number} more, listed in findings.xlsx")
            return
        accepted = ", accepted risk" if one.rank == RANKS.index(ACCEPTED) else ""
        name = one.name.replace("_", " ")
        title = f"{one.severity.upper()}{accepted}  {one.rule} {name}"
        body = f"\n{one.message}\n"
        yield Run(title if number == 0 else f"\n\n{title}", bold=True)
        yield Run(body)
        yield Run("To do: ", bold=True)
        yield Run(one.remedy)
        length += len(title) + len(body) + len(one.remedy)
