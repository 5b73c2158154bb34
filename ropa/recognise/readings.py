"""What was read from a workbook on the way to a recognition, and how parts are put together."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ropa.phrases.matching import fold
from ropa.recognise.grids import Found
from ropa.recognise.recognition import Block, Heading, Ignored
from ropa.workbook.addresses import cell_address
from ropa.workbook.cells import Place


@dataclass(frozen=True, slots=True)
class Reading:
    """What the sheets of a workbook hold.

    Attributes
    ----------
    layout, regime : str
        The template, and the regime that it belongs to.
    blocks : tuple of Block
        With ``parent`` as a place within this tuple.
    headings : tuple of Heading
        All of them.
    ignored : tuple of Ignored
        Sheets and rows left out.
    near : tuple of (str, str)
        Sheets that are something else than a register, with what they are.
    """

    layout: str
    regime: str
    blocks: tuple[Block, ...]
    headings: tuple[Heading, ...]
    ignored: tuple[Ignored, ...]
    near: tuple[tuple[str, str], ...] = ()


def join_found(parts: Iterable[Found]) -> Found:
    """Return several findings as one, the numbers of parents shifted."""
    blocks: list[Block] = []
    headings: list[Heading] = []
    ignored: list[Ignored] = []
    for part in parts:
        shift = len(blocks)
        blocks += [
            replace(one, parent=one.parent + shift) if one.parent >= 0 else one
            for one in part.blocks
        ]
        headings += part.headings
        ignored += part.ignored
    return Found(tuple(blocks), tuple(headings), tuple(ignored))


_CELL = re.compile(r"(?:(?P<sheet>.+)!)?(?P<cell>[A-Z]{1,3}[0-9]{1,7})")


def find_fixes(
    sheet: str, cells: Sequence[tuple[int, int, str, str]], fixes: Mapping[str, str]
) -> dict[Place, str]:
    """Return what was settled by hand of some headings: cell to ``table.field``, or to nothing.

    Parameters
    ----------
    sheet : str
        The sheet's name.
    cells : sequence of (int, int, str, str)
        Row, column and text of each heading, and the band above it.
    fixes : mapping
        Heading or cell to field, as `ropa.recognise.recognise` takes them.
    """
    if not fixes:
        return {}
    by_text = {fold(key): field for key, field in fixes.items()}
    by_cell = {
        (found["sheet"] or sheet, found["cell"]): field
        for key, field in fixes.items()
        if (found := _CELL.fullmatch(key))
    }
    settled: dict[Place, str] = {}
    for row, column, text, _ in cells:
        named = by_cell.get((sheet, cell_address(row, column)), by_text.get(fold(text)))
        if named is not None:
            settled[row, column] = named
    return settled
