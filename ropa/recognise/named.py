"""Workbooks whose sheets are known by their names: the house workbook, relational ones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ropa.phrases.matching import fold
from ropa.recognise.claims import Label
from ropa.recognise.grids import Found, read_grid
from ropa.recognise.headers import Header
from ropa.recognise.mapping import map_labels
from ropa.recognise.pages import Page, open_page
from ropa.recognise.readings import Reading, find_fixes, join_found
from ropa.recognise.recognition import Block, Ignored
from ropa.recognise.templates import Template, TemplateSheet, fix_headings, load_templates
from ropa.workbook.cells import Sheet, Workbook

_HEADER_ROWS = 20
_LEAST = 3
_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Match:
    """A sheet of a template in the workbook: its page, and its headings where they were found."""

    sheet: TemplateSheet
    page: Page
    header: Header | None


def read_named(workbook: Workbook, fixes: Mapping[str, str]) -> Reading | None:
    """Read a workbook by the template whose sheets' names it has; None where there is none.

    The template's sheet of activities must be there with three of its headings, and another of
    its sheets where that one's headings are not distinctive (the template says how many).
    """
    for template in load_templates():
        if template.is_named:
            matches = _match_sheets(workbook, template)
            beside = any(fold(sheet.name) in template.ignored for sheet in workbook.sheets)
            if _fits(template, matches, beside=beside):
                return _read(workbook, template, matches, fixes)
    return None


def _match_sheets(workbook: Workbook, template: Template) -> dict[str, _Match]:
    """Return the sheets of a template that a workbook has, by their folded names."""
    matches = {}
    for sheet in workbook.sheets:
        for one in template.sheets:
            if one.sheet == fold(sheet.name):
                page = open_page(sheet)
                matches[one.sheet] = _Match(one, page, _find_header(page, one))
    return matches


def _fits(template: Template, matches: Mapping[str, _Match], *, beside: bool) -> bool:
    shares: list[float] = []
    found = 0
    for match in matches.values():
        one, header = match.sheet, match.header
        known = len(fix_headings(header.cells, one)) if header else 0
        if header and known >= one.enough:
            found += 1
            if one.table == "activities" and not one.completes:
                shares.append(known / len(header.cells))
    # Any register may have a sheet "Activities": without another of the template's sheets it must
    # be the template's through and through.
    alone = found == 1 and not beside and max(shares, default=0.0) < _SHARE
    return bool(shares) and found >= template.sheets_enough and not alone


def _find_header(page: Page, sheet: TemplateSheet) -> Header | None:
    """Return the row, among the first ones, that holds most of the template's headings."""
    if sheet.orientation == "form":
        return Header(1, 1, tuple((row, 1, page.text(row, 1), "") for row in _labels(page)), 0)
    best: Header | None = None
    for row in range(1, min(len(page.rows), _HEADER_ROWS) + 1):
        cells = tuple((row, column, text, "") for column, text in page.cells(row))
        known = len(fix_headings(cells, sheet))
        if known and (best is None or known > best.known):
            best = Header(row, row, cells, known)
    return best


def _labels(page: Page) -> list[int]:
    return [row for row in range(1, len(page.rows) + 1) if page.text(row, 1)]


def _read(
    workbook: Workbook,
    template: Template,
    matches: Mapping[str, _Match],
    fixes: Mapping[str, str],
) -> Reading:
    parts: list[Found] = []
    for sheet in workbook.sheets:
        match = matches.get(fold(sheet.name))
        if match is None:
            why = template.ignored.get(
                fold(sheet.name), f"no sheet of the layout {template.name!r} bears this name"
            )
            parts.append(Found(ignored=(Ignored(sheet.name, why),)))
            continue
        one, header = match.sheet, match.header
        if header is None or (one.orientation == "grid" and header.known < min(one.enough, _LEAST)):
            why = f"no heading of the layout {template.name!r} was found"
            parts.append(Found(ignored=(Ignored(sheet.name, why),)))
            continue
        parts.append(_read_one(match.page, one, header, template, fixes))
    found = join_found(parts)
    return Reading(template.name, template.regime, found.blocks, found.headings, found.ignored)


def _read_one(
    page: Page,
    one: TemplateSheet,
    header: Header,
    template: Template,
    fixes: Mapping[str, str],
) -> Found:
    sheet = page.sheet
    settled = fix_headings(header.cells, one) | find_fixes(sheet.name, header.cells, fixes)
    if one.orientation == "form":
        return _read_form(sheet, one, header, settled)
    found = read_grid(
        page,
        header,
        sheet.rows,
        fixed=settled,
        table=one.table,
        role=template.role,
        plain=template.plain,
    )
    if one.constants:
        blocks = tuple(replace(block, constants=one.constants) for block in found.blocks)
        found = replace(found, blocks=blocks)
    if not one.completes:
        return found
    named = {heading.field for heading in found.headings if heading.status == "mapped"}
    if not named & {"activity_id", "activity"}:
        why = "no column names the activity that each row belongs to"
        return Found(headings=found.headings, ignored=(Ignored(sheet.name, why),))
    blocks = tuple(
        replace(block, completes="adds") if block.table == "activities" else block
        for block in found.blocks
    )
    return Found(blocks, found.headings, found.ignored)


def _read_form(
    sheet: Sheet, one: TemplateSheet, header: Header, settled: Mapping[tuple[int, int], str]
) -> Found:
    labels = [Label(sheet.name, row, column, text) for row, column, text, _ in header.cells]
    headings = map_labels(labels, one.table, fixed=settled)
    mapped = tuple(heading for heading in headings if heading.status == "mapped")
    if not mapped:
        return Found(headings=tuple(headings))
    cells = {heading.field: ((heading.row, heading.column + 1),) for heading in mapped}
    block = Block(one.table, sheet, "form", mapped, mapped[0].row, sheet.rows, cells=cells)
    return Found((block,), tuple(headings))
