"""A workbook with its findings written into it: fills and notes, and nothing else changed."""

import posixpath
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ropa.errors import InputError
from ropa.report.annotated.links import (
    OFFICE,
    STRICT_OFFICE,
    add_links,
    add_types,
    read_links,
)
from ropa.report.annotated.marks import (
    Finding,
    Mark,
    Place,
    Run,
    group_findings,
    make_mark,
)
from ropa.report.annotated.markup import STRICT, UnusualError, find_space, to_utf8
from ropa.report.annotated.notes import Notes
from ropa.report.annotated.packages import Package
from ropa.report.annotated.shapes import Grid, check_drawing, draw_notes, list_blocks
from ropa.report.annotated.sheets import SheetPart
from ropa.report.annotated.styles import Styles, make_empty_styles
from ropa.workbook.archive import resolve
from ropa.workbook.markup import Relationship, read_workbook_part

MOST_NOTES = 5_000
"""Notes in a workbook: each is a drawn box, and past some thousands Excel takes minutes to open."""

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with its cells marked, before its notes are written."""

    part: str
    sheet: SheetPart
    data: bytes
    grid: Grid
    comments: str
    drawing: str
    notes: Notes
    marks: Mapping[Place, Mark]

    @property
    def office(self) -> str:
        return STRICT_OFFICE if self.sheet.space == STRICT else OFFICE


def annotate_workbook(data: bytes, findings: pd.DataFrame) -> bytes:
    """Write findings into a workbook.

    Each cell with a finding is filled in the colour of its worst and gets a note that says what
    is wrong and what to do. A note that was there stays, and the text is put below it. All else
    stays as it is; the parts that need no change are copied byte for byte.

    Parameters
    ----------
    data : bytes
        An ``.xlsx`` or ``.xlsm`` file.
    findings : DataFrame
        Findings of this file, with the columns of `ropa.findings.COLUMNS`. Of a range of cells
        the first is marked; a finding without a cell is left out.

    Returns
    -------
    bytes
        The workbook; the bytes given where there is nothing to mark.

    Raises
    ------
    InputError
        It is damaged, or no workbook.
    UnusualError
        Not one of the sheets with findings can be edited safely.
    """
    package = Package(data)
    workbook = _find_workbook(package)
    styles_part, styles = _open_styles(package, workbook)
    sheets, unmarked = _mark_sheets(package, workbook, group_findings(findings), styles)
    if unmarked and not sheets:
        raise UnusualError
    if not sheets:
        return data
    texts = _choose_notes(sheets, unmarked)
    block = 1 + max(
        (
            number
            for name in package.names
            if name.endswith(".vml")
            for number in list_blocks(package.require(name))
        ),
        default=0,
    )
    for sheet, notes in zip(sheets, texts, strict=True):
        block = _write_sheet(package, sheet, notes, block)
    package.write(styles_part, styles.build())
    return package.pack()


def _find_part(part: str, links: Mapping[str, Relationship], kind: str) -> str:
    folder = posixpath.dirname(part)
    return next((resolve(one.target, folder) for one in links.values() if one.kind == kind), "")


def _find_workbook(package: Package) -> str:
    return _find_part("", read_links(package, ""), "officeDocument")


def _mark_sheets(
    package: Package,
    workbook: str,
    grouped: Mapping[str, Mapping[Place, Sequence[Finding]]],
    styles: Styles,
) -> tuple[list[_Sheet], list[str]]:
    """Return the sheets with marks in tab order, and the names of those that cannot be edited."""
    links = read_links(package, workbook)
    sheets, unmarked = [], []
    for entry in read_workbook_part(package.require(workbook)).sheets:
        link = links.get(entry.relationship)
        if entry.name not in grouped or link is None or link.kind != "worksheet":
            continue
        part = resolve(link.target, posixpath.dirname(workbook))
        try:
            sheets.append(_mark_sheet(package, part, grouped[entry.name], styles))
        except UnusualError:
            unmarked.append(entry.name)
    return sheets, unmarked


def _mark_sheet(
    package: Package, part: str, found: Mapping[Place, Sequence[Finding]], styles: Styles
) -> _Sheet:
    sheet = SheetPart(package.require(part))
    links = read_links(package, part)
    comments = _find_part(part, links, "comments")
    drawing = _find_drawing(package, part, sheet, links)
    notes = Notes(package.read(comments) if comments else None, sheet.space)
    settled: dict[Place, list[Finding]] = {}
    for place, shown in sheet.settle(found).items():
        settled.setdefault(shown, []).extend(found[place])
    marks = {place: make_mark(settled[place]) for place in sorted(settled)}

    def restyle(row: int, column: int, style: int) -> int:
        return styles.add(style, marks[row, column].severity)

    data, grid = sheet.mark(list(marks), restyle)
    return _Sheet(part, sheet, data, grid, comments, drawing, notes, marks)


def _find_drawing(
    package: Package, part: str, sheet: SheetPart, links: Mapping[str, Relationship]
) -> str:
    """Return the drawing to which boxes are added; empty where the sheet has none."""
    if not sheet.drawing:
        return ""
    link = links.get(sheet.drawing)
    if link is None:
        raise UnusualError
    drawing = resolve(link.target, posixpath.dirname(part))
    check_drawing(package.require(drawing))
    return drawing


def _choose_notes(
    sheets: Sequence[_Sheet], unmarked: Collection[str]
) -> list[dict[Place, tuple[Run, ...]]]:
    """Return the notes of each sheet: the most severe where they are too many.

    What is to be said of the whole workbook stands in the first note.
    """
    free = [
        (mark.rank, number, place)
        for number, sheet in enumerate(sheets)
        for place, mark in sheet.marks.items()
        if place not in sheet.notes.threads
    ]
    total = sum(len(sheet.marks) for sheet in sheets)
    first = min(free, key=lambda one: one[1:], default=None)
    chosen = set(sorted(free)[:MOST_NOTES])
    if first is not None and first not in chosen:
        chosen = {*sorted(free)[: MOST_NOTES - 1], first}
    texts: list[dict[Place, tuple[Run, ...]]] = [{} for _ in sheets]
    for _, number, place in sorted(chosen):
        texts[number][place] = sheets[number].marks[place].runs
    if first is not None:
        _, number, place = first
        said = _write_remarks(total - len(free), len(free) - len(chosen), len(unmarked))
        texts[number][place] = (*texts[number][place], *said)
    return texts


def _write_remarks(threads: int, dropped: int, unmarked: int) -> Iterable[Run]:
    """Yield what must be said of the workbook as a whole."""
    said = (
        (dropped, f"less severe cells, coloured without a note (at most {MOST_NOTES:,} have one)"),
        (threads, "cells with a conversation, coloured without a note"),
        (unmarked, "sheets of an unusual form, not marked"),
    )
    for count, what in said:
        if count:
            yield Run(f"\n\nThis workbook: {what}: {count:,}. findings.xlsx has the words.")


def _open_styles(package: Package, workbook: str) -> tuple[str, Styles]:
    """Return the styles part, made where there is none."""
    found = _find_part(workbook, read_links(package, workbook), "styles")
    data = package.read(found) if found else None
    try:
        if data is not None:
            return found, Styles(data)
        name = posixpath.join(posixpath.dirname(workbook), "styles.xml")
        space = find_space(to_utf8(package.require(workbook)))
        styles = Styles(make_empty_styles(space))
    except UnusualError:
        raise InputError(
            "its cell styles are damaged; open it in Excel and save it again"
        ) from None
    office = STRICT_OFFICE if space == STRICT else OFFICE
    add_links(package, workbook, [("styles", name)], office)
    add_types(package, {}, {name: f"{_SHEET_TYPE}.styles+xml"})
    return name, styles


def _write_sheet(
    package: Package,
    one: _Sheet,
    texts: Mapping[Place, Sequence[Run]],
    block: int,
) -> int:
    """Write a sheet with its notes; return the first block of numbers that is still free."""
    data = one.data
    if texts:
        old = one.notes.old if one.drawing else frozenset()
        picture = package.read(one.drawing) if one.drawing else None
        picture = draw_notes(picture, texts, old, one.grid, block)
        block = 1 + max([block - 1, *list_blocks(picture)])
        data = _write_notes(package, one, texts, data, picture)
    package.write(one.part, data)
    return block


def _write_notes(
    package: Package,
    one: _Sheet,
    texts: Mapping[Place, Sequence[Run]],
    data: bytes,
    boxes: bytes,
) -> bytes:
    """Write the notes and their boxes; return the sheet's part, which refers to them."""
    comments, picture = one.comments, one.drawing
    links, defaults, overrides = [], {}, {}
    if not comments:
        comments = _find_name(package, "xl/comments", ".xml")
        links.append(("comments", comments))
        overrides[comments] = f"{_SHEET_TYPE}.comments+xml"
    package.write(comments, one.notes.build(texts))
    is_new = not picture
    if is_new:
        picture = _find_name(package, "xl/drawings/vmlDrawing", ".vml")
        links.append(("vmlDrawing", picture))
        defaults["vml"] = _DRAWING_TYPE
    package.write(picture, boxes)
    if not links:
        return data
    ids = add_links(package, one.part, links, one.office)
    add_types(package, defaults, overrides)
    return one.sheet.add_drawing(data, ids[-1], one.office) if is_new else data


def _find_name(package: Package, stem: str, ending: str) -> str:
    """Return a part's name that is not taken."""
    taken, number = set(package.names), 1
    while f"{stem}{number}{ending}".lower() in taken:
        number += 1
    return f"{stem}{number}{ending}"
