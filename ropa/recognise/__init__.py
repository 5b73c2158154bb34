"""Cells to layout: finding the tables of a workbook and what each heading means.

A template is one file in ``layouts/``. A heading is mapped only where it is known; the others are
reported as unmapped and never guessed.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from ropa.phrases.matching import fold
from ropa.recognise.recognition import Block, Heading, Ignored, Recognition
from ropa.schema import read_fields
from ropa.workbook.cells import Sheet, Workbook

__all__ = ["Block", "Heading", "Ignored", "Recognition", "recognise"]

_HEADER_ROWS = 20
_HEADINGS_ENOUGH = 3


@cache
def _read_layout(name: str) -> Mapping[str, Any]:
    text = files(__name__).joinpath(f"layouts/{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _known_headings(table: str) -> Mapping[str, str]:
    return {fold(field.heading): field.name for field in read_fields(table)}


def recognise(workbook: Workbook) -> Recognition:
    """Find the tables of a workbook.

    Parameters
    ----------
    workbook : Workbook
        The cells as found.

    Returns
    -------
    Recognition
        ``is_register`` is false, and ``why`` says why, where no filled-in activity was found.
    """
    layout = _read_layout("house")
    wanted = {fold(sheet["name"]): sheet for sheet in layout["sheet"]}
    unread = {fold(sheet["name"]): sheet["why"] for sheet in layout["ignored"]}
    blocks: list[Block] = []
    headings: list[Heading] = []
    ignored: list[Ignored] = []
    for sheet in workbook.sheets:
        found = wanted.get(fold(sheet.name))
        if found is None:
            why = unread.get(fold(sheet.name), "no sheet of the house workbook bears this name")
            ignored.append(Ignored(sheet.name, why))
            continue
        find = _find_grid if found["orientation"] == "grid" else _find_form
        sheet_headings = find(sheet, found["table"])
        headings += sheet_headings
        mapped = tuple(heading for heading in sheet_headings if heading.status == "mapped")
        if not mapped:
            ignored.append(Ignored(sheet.name, "no heading of the house workbook was found"))
            continue
        first = mapped[0].row + 1 if found["orientation"] == "grid" else mapped[0].row
        blocks.append(Block(found["table"], sheet, found["orientation"], mapped, first, sheet.rows))
    why = _refuse(workbook, blocks)
    name = "" if why else layout["name"]
    return Recognition(workbook, name, tuple(blocks), tuple(headings), tuple(ignored), why)


def _refuse(workbook: Workbook, blocks: list[Block]) -> str:
    grids = [block for block in blocks if block.table == "activities"]
    if not grids:
        sheets = ", ".join(repr(sheet.name) for sheet in workbook.sheets[:5])
        return f"no sheet 'Activities' with the headings of the house workbook (sheets: {sheets})"
    if not any(_has_records(block) for block in grids):
        return "the sheet 'Activities' holds headings and no record: an empty template"
    return ""


def _has_records(block: Block) -> bool:
    texts = block.sheet.texts
    for heading in block.headings:
        if heading.column <= texts.num_columns:
            below = texts.column(heading.column - 1).slice(block.first_row - 1)
            if below.null_count < len(below):
                return True
    columns = {heading.column for heading in block.headings}
    return any(row >= block.first_row and column in columns for row, column in block.sheet.errors)


def _text(sheet: Sheet, row: int, column: int) -> str:
    error = sheet.errors.get((row, column))
    if error:
        return error
    if row > sheet.texts.num_rows or column > sheet.texts.num_columns:
        return ""
    return sheet.texts.column(column - 1)[row - 1].as_py() or ""


def _find_grid(sheet: Sheet, table: str) -> list[Heading]:
    """Return the headings of the row, among the first ones, that holds most known headings."""
    best: list[Heading] = []
    for row in range(1, min(sheet.rows, _HEADER_ROWS) + 1):
        cells = [(row, column) for column in range(1, sheet.columns + 1)]
        found = _map_cells(sheet, cells, table)
        if _count(found) > _count(best):
            best = found
    return best if _count(best) >= _HEADINGS_ENOUGH else []


def _find_form(sheet: Sheet, table: str) -> list[Heading]:
    """Return the labels in the first column."""
    cells = [(row, 1) for row in range(1, sheet.rows + 1)]
    return _map_cells(sheet, cells, table)


def _count(headings: list[Heading]) -> int:
    return sum(heading.status == "mapped" for heading in headings)


def _map_cells(sheet: Sheet, cells: list[tuple[int, int]], table: str) -> list[Heading]:
    known = _known_headings(table)
    found: list[Heading] = []
    taken: set[str] = set()
    for row, column in cells:
        text = _text(sheet, row, column)
        if not text.strip():
            continue
        field = known.get(fold(text), "")
        if not field:
            found.append(Heading(sheet.name, row, column, text, "", "", 0.0, "unmapped"))
        elif field in taken:
            found.append(Heading(sheet.name, row, column, text, table, field, 0.5, "ambiguous"))
        else:
            taken.add(field)
            found.append(Heading(sheet.name, row, column, text, table, field, 1.0, "mapped"))
    return found
