"""What little in a workbook could make much work of its annotated copy."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from hostile_registers import grid, parts, save, save_sheet
from workbook_parts import MAIN, sheet_part

import ropa
from ropa.report.annotated import annotate_register
from ropa.report.annotated.lengths import Lengths
from ropa.report.annotated.markup import children, outline

DAY = "2026-09-30"


def walk(own: Mapping[int, int], usual: int, count: int, first: int, length: int) -> list[int]:
    """Go a row at a time."""
    for at in range(first, count):
        size = own.get(at + 1, usual)
        if length < size:
            return [at, length]
        length -= size
    return [count - 1, 0]


@pytest.mark.parametrize("seed", range(300))
def test_the_way_over_rows_is_the_same_in_one_step(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    count, usual = dice.choice((5, 20, 60)), dice.choice((1, 20, 64))
    own = {dice.randint(1, count): dice.choice((0, 0, 5, 20, 100)) for _ in range(count)}
    lengths = Lengths(own, usual, count)
    for first in range(count):
        length = dice.randint(0, 900)
        assert [*lengths.walk(first, length)] == walk(own, usual, count, first, length)


def test_the_way_over_a_million_hidden_rows_ends_at_the_last() -> None:
    hidden = dict.fromkeys(range(2, 1_048_577), 0)
    lengths = Lengths(hidden, 20, 1_048_576)
    assert lengths.walk(0, 5) == (0, 5)
    assert lengths.walk(0, 20) == (1_048_575, 0)


def test_children_are_those_of_one_element() -> None:
    found = outline(b"<a><b><c/><d><e/></d></b><b/><f><c/></f></a>", 9)

    def names(parent: int) -> list[str]:
        return [one.name for _, one in children(found, parent)]

    assert [one.name for one in found] == ["a", "b", "c", "d", "e", "b", "f", "c"]
    assert [names(number) for number in range(len(found))] == [
        *(["b", "b", "f"], ["c", "d"], [], ["e"]),
        *([], [], ["c"], []),
    ]


def annotate(path: Path) -> dict[str, bytes]:
    found = ropa.audit(ropa.load(path), as_of=DAY)
    assert len(found.findings)
    return annotate_register(found)


def test_columns_in_two_runs_of_widths_make_a_copy_in_the_house_layout(tmp_path: Path) -> None:
    """A column is in one run: what says otherwise is left alone, and nothing is lost."""
    once = '<cols><col min="1" max="16384" width="9"/></cols>'
    plain = save_sheet(tmp_path, sheet_part(grid(), before=once), "once.xlsx")
    assert b'<col min="1"' in read(annotate(plain))
    often = once.replace("</cols>", '<col min="1" max="16384" width="9"/></cols>')
    odd = save_sheet(tmp_path, sheet_part(grid(), before=often), "often.xlsx")
    assert b'<col min="1" max="16384"' not in read(annotate(odd))


def test_a_workbook_without_types_gives_a_copy_in_the_house_layout(tmp_path: Path) -> None:
    path = save(tmp_path, {n: part for n, part in parts().items() if n != "[Content_Types].xml"})
    assert MAIN.encode() in read(annotate(path))


def read(files: Mapping[str, bytes]) -> bytes:
    """Return the first sheet of the only copy."""

    (data,) = files.values()
    with zipfile.ZipFile(BytesIO(data)) as file:
        return file.read("xl/worksheets/sheet1.xml")
