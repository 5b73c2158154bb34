"""Workbooks of any layout, sheet by sheet: forms, grids, and the contact blocks above them."""

from collections.abc import Mapping
from dataclasses import replace

from ropa.recognise.contacts import find_contacts
from ropa.recognise.form_reader import LISTED
from ropa.recognise.forms import find_forms
from ropa.recognise.grids import TABLES, Found, count_core, read_grid
from ropa.recognise.headers import Header, find_headers
from ropa.recognise.lists import cut_lists, find_lists, ignore_list
from ropa.recognise.pages import Page, open_page
from ropa.recognise.readings import Reading, find_fixes, join_found
from ropa.recognise.recognition import Block, Ignored
from ropa.recognise.refusals import find_near_miss, is_misread
from ropa.recognise.templates import Template, choose_template
from ropa.workbook.cells import Workbook

OTHER = "other"
"""Layout of a register that follows no known template."""

_LIST_CORE = 4


def read_sheets(workbook: Workbook, fixes: Mapping[str, str]) -> Reading:
    """Read a workbook of any layout."""
    parts: list[Found] = []
    templates: list[Template] = []
    near: list[tuple[str, str]] = []
    for sheet in workbook.sheets:
        page = open_page(sheet)
        found, used, kind = _read_page(page, fixes)
        if kind:
            near.append((sheet.name, kind))
        templates += used
        if not found.blocks:
            why = f"looks like: {kind}" if kind else "no table of a register was found"
            empty = "an empty sheet" if not sheet.rows else why
            if not found.ignored:
                found = Found(headings=found.headings, ignored=(Ignored(sheet.name, empty),))
        parts.append(found)
    if any(block.table == "activities" for part in parts for block in part.blocks):
        # Of a register, what other sheets mention is no heading.
        parts = [part if part.blocks else replace(part, headings=()) for part in parts]
    joined = _join_lists(join_found(parts))
    names = list(dict.fromkeys(one.name for one in templates))
    regimes = {one.regime for one in templates}
    return Reading(
        " + ".join(names) if names else OTHER,
        next(iter(regimes)) if len(regimes) == 1 else "",
        joined.blocks,
        joined.headings,
        joined.ignored,
        tuple(near),
    )


def _read_page(page: Page, fixes: Mapping[str, str]) -> tuple[Found, list[Template], str]:
    forms, templates = find_forms(page, fixes)
    if forms.blocks or forms.ignored:
        return _read_forms(page, forms, templates, fixes)
    headers = find_headers(page, TABLES)
    parts: list[Found] = []
    kind = ""
    for number, header in enumerate(headers):
        last = page.sheet.rows
        if number + 1 < len(headers):
            last = _end_above(page, headers[number + 1].first_row)
        found, template = _read_one(page, header, last, fixes)
        wrong = is_misread(found.headings) if template is None else ""
        if wrong:
            kind = wrong
            found = Found()
        elif template is not None:
            templates.append(template)
        parts.append(found)
    top = headers[0].first_row if headers else len(page.rows) + 1
    contacts = find_contacts(page, top)
    if not kind and not any(part.blocks for part in parts):
        kind = find_near_miss([text for row in page.rows for text in row if text])
    joined = join_found([contacts, *parts])
    return joined, templates, kind


def _read_forms(
    page: Page, forms: Found, templates: list[Template], fixes: Mapping[str, str]
) -> tuple[Found, list[Template], str]:
    """Return the forms of a sheet with the lists that stand above or below them."""
    labels = {(one.row, one.column) for one in forms.headings if one.status == "mapped"}
    lists = find_lists(page, labels)
    apart = tuple(one for one in lists if one.apart)
    if apart:
        forms, templates = find_forms(cut_lists(page, apart), fixes)
    listed = not forms.blocks and any(LISTED in one.why for one in forms.ignored)
    parts = [forms]
    for one in lists:
        if one.apart:
            found, template = _read_one(page, one.header, one.last_row, fixes)
            parts.append(found)
            templates += [template] if template else []
        else:
            parts.append(Found(ignored=(ignore_list(page, one),)))
    return join_found(parts), templates, "field list" if listed else ""


def _end_above(page: Page, row: int) -> int:
    """Return the last row of a table above the header of the next: without that one's title."""
    last = row - 1
    while last > 0 and len(list(page.cells(last))) <= 1:
        last -= 1
    return last


def _read_one(
    page: Page, header: Header, last: int, fixes: Mapping[str, str]
) -> tuple[Found, Template | None]:
    chosen = choose_template(header.cells, "grid")
    settled = find_fixes(page.sheet.name, header.cells, fixes)
    if chosen is None:
        return read_grid(page, header, last, fixed=settled), None
    template, sheet, fixed = chosen
    found = read_grid(
        page, header, last, fixed=fixed | settled, table=sheet.table, role=template.role
    )
    return found, template


def _join_lists(found: Found) -> Found:
    """Let a list of activities complete the forms that stand beside it."""
    forms = [one for one in found.blocks if one.table == "activities" and one.orientation == "form"]
    if not forms:
        return found
    blocks = tuple(
        replace(one, completes="fills") if _is_list(one) else one for one in found.blocks
    )
    return Found(blocks, found.headings, found.ignored)


def _is_list(block: Block) -> bool:
    if block.table != "activities" or block.orientation != "grid":
        return False
    return count_core(block.headings) <= _LIST_CORE
