"""Contact blocks: the cells above a register that say who keeps it and whom to ask."""

from collections import defaultdict
from types import MappingProxyType

from ropa.recognise.directories import find_directories
from ropa.recognise.grids import Found
from ropa.recognise.pages import Page
from ropa.recognise.parties import (
    ORGANISATION,
    PARTY,
    WHOLE,
    name_field,
    read_label,
    read_parties,
)
from ropa.recognise.recognition import Block, Heading, Ignored
from ropa.recognise.terms import is_term
from ropa.workbook.cells import Place

_LEAST = 2
_LONGEST = 120
_LISTED = "a list of several names or addresses: none of them is said to be the organisation's"
# What only the organisation's own sheet asks for, by labels of their own.
_FACTS = frozenset(
    {"register_date", "regimes", "establishments", "public_authority", "headcount", "sectors"}
)


def find_contacts(page: Page, top: int) -> Found:
    """Return the organisation that the cells above a table name.

    Parameters
    ----------
    page : Page
        The top of the sheet.
    top : int
        First row of the table; the rows above are looked at.
    """
    labels = {
        (row, column): code
        for row in range(1, min(top, len(page.rows) + 1))
        for column, text in page.cells(row)
        if len(text) <= _LONGEST and (code := read_label(text))
    }
    found: dict[str, list[Place]] = defaultdict(list)
    headings: dict[str, Place] = {}
    ignored: list[Ignored] = []
    for one in find_directories(page, labels, top):
        inside = range(one.row, one.last_row + 1)
        labels = {place: code for place, code in labels.items() if place[0] not in inside}
        held = read_parties(page, one.parties, one.columns, inside) if one.parties else {}
        for name, places in held.items():
            found[name] += places
            headings.setdefault(name, (places[0][0], one.parties))
        if not held:
            ignored.append(Ignored(page.sheet.name, f"rows {one.row}-{one.last_row}: {_LISTED}"))
    labels = {place: code for place, code in labels.items() if not _is_value(place, labels)}
    for place, code in labels.items():
        party, part = _assign(page, place, code, labels)
        name = name_field(party, part)
        value = _find_value(page, place, labels, is_party=code.startswith(PARTY))
        if name and value is not None:
            found[name].append(value)
            headings.setdefault(name, place)
    for name, (place, value) in _find_facts(page, top, labels).items():
        found[name].append(value)
        headings[name] = place
    if len(found) < _LEAST or not any(page.text(*one) for held in found.values() for one in held):
        return Found(ignored=tuple(ignored))
    mapped = tuple(
        Heading(
            page.sheet.name,
            row,
            column,
            page.text(row, column),
            "organisation",
            name,
            1.0,
            "mapped",
        )
        for name, (row, column) in headings.items()
    )
    rows = [row for places in found.values() for row, _ in places]
    cells = {name: tuple(dict.fromkeys(places)) for name, places in found.items()}
    block = Block(
        "organisation",
        page.sheet,
        "form",
        mapped,
        min(rows),
        max(rows),
        cells=MappingProxyType(cells),
    )
    return Found((block,), mapped, tuple(ignored))


def _is_value(place: Place, labels: dict[Place, str]) -> bool:
    """Tell whether a party's word is itself the value of the label at its left ("Name: DPO")."""
    left = labels.get((place[0], place[1] - 1), PARTY)
    return labels[place].startswith(PARTY) and not left.startswith(PARTY)


def _assign(page: Page, place: Place, code: str, labels: dict[Place, str]) -> tuple[str, str]:
    """Return whose contact details a label asks for, and which part of them."""
    if code.startswith(PARTY):
        return code, WHOLE
    row, column = place
    beside = [
        (-one[1], labels[one])
        for one in labels
        if labels[one].startswith(PARTY) and one[1] < column and _reaches(page, one, row)
    ]
    if beside:
        return min(beside)[1], code
    above = [
        (-one[0], abs(column - one[1]), labels[one])
        for one in labels
        if labels[one].startswith(PARTY) and one[0] < row and _covers(page, one, column)
    ]
    return (min(above)[2] if above else ORGANISATION), code


def _reaches(page: Page, label: Place, row: int) -> bool:
    """Tell whether a label at the left stands for a row: its own, or those it is merged over.

    A label whose next rows are blank in its column stands for them as well.
    """
    top, column = label
    if top == row:
        return True
    merged = page.ranges.get(label)
    if merged is not None:
        return merged[0] <= row <= merged[2]
    return top < row and not any(page.text(one, column) for one in range(top + 1, row + 1))


def _covers(page: Page, label: Place, column: int) -> bool:
    """Tell whether a label above stands over a column: its own, or those it is merged over."""
    row, left = label
    return left <= column < left + max(page.span(row, left), 1) or left == column


def _find_value(
    page: Page, place: Place, labels: dict[Place, str], *, is_party: bool
) -> Place | None:
    """Return the cell of a label's value: to the right, or below where the label is a heading."""
    row, column = place
    right = (row, column + page.span(row, column))
    if right in labels:
        below = (row + 1, column)
        return None if below in labels or not page.text(*below) else below
    if is_party and not page.text(*right):
        below = (row + 1, column)
        return None if below in labels or not page.text(*below) else below
    return right


def _find_facts(page: Page, top: int, labels: dict[Place, str]) -> dict[str, tuple[Place, Place]]:
    found: dict[str, tuple[Place, Place]] = {}
    for row in range(1, min(top, len(page.rows) + 1)):
        for column, text in page.cells(row):
            name = is_term(text, "organisation").partition(".")[2] if len(text) <= _LONGEST else ""
            value = (row, column + page.span(row, column))
            if name in _FACTS and (row, column) not in labels and page.text(*value):
                found.setdefault(name, ((row, column), value))
    return found
