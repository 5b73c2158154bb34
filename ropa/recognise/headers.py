"""Header rows: where in a sheet a table begins, under titles, bands and second header rows."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from ropa.recognise.pages import TOP, Page
from ropa.recognise.parties import read_label
from ropa.recognise.terms import find_term, is_term

LEAST = 3
"""Distinct fields that a row of headings names at least."""

_LONGEST = 250
_BANDS_ABOVE = 3
_PLAIN_LEAST = 2.5
_CLOSE_LEAST = 4


@dataclass(frozen=True, slots=True)
class Header:
    """A row of headings, or two.

    Attributes
    ----------
    first_row, last_row : int
        The rows, from 1.
    cells : tuple of (int, int, str, str)
        Row, column and text of each heading, and the band above it.
    known : int
        Distinct fields that its texts name word for word.
    """

    first_row: int
    last_row: int
    cells: tuple[tuple[int, int, str, str], ...]
    known: int


def find_headers(page: Page, tables: tuple[str, ...]) -> list[Header]:
    """Return the header rows of a sheet, from the top, without what they mean.

    Parameters
    ----------
    page : Page
        The top of the sheet.
    tables : tuple of str
        Tables whose headings count.
    """
    rows = {
        row: cells
        for row, cells in enumerate(page.rows, start=1)
        if row <= TOP or not any(page.rows[row - 2])
    }
    texts = (text for text in set().union(*rows.values()) if len(text) <= _LONGEST)
    known = {text for text in texts if _knows(text, tables)}
    counts = [0.0] * len(page.rows)
    for row, cells in rows.items():
        if len(known.intersection(cells)) >= LEAST:
            counts[row - 1] = _count(page, row, tables)
    found: list[Header] = []
    row = 1
    while row <= len(counts):
        if counts[row - 1] and (not found or _begins_anew(page, row, found[-1], known)):
            best = max(range(row, min(row + 2, len(counts)) + 1), key=lambda one: counts[one - 1])
            best = best if counts[best - 1] > counts[row - 1] else row
            header = _read_header(page, best, tables)
            found.append(header)
            row = header.last_row + 1
        else:
            row += 1
    return _drop_contacts(found)


def _count(page: Page, row: int, tables: tuple[str, ...]) -> float:
    """Return how many fields a row's texts name, a generic word half; 0 where it is no header."""
    texts = [text for _, text in page.cells(row) if len(text) <= _LONGEST]
    if len(texts) < LEAST:
        return 0
    best = 0.0
    for table in tables:
        terms = {
            f"{one.table}.{one.field}": one for text in texts if (one := find_term(text, table))
        }
        plain = sum(not one.weak for one in terms.values())
        score = plain + (len(terms) - plain) / 2
        if len(terms) >= LEAST and plain and score * 2 >= min(len(texts), 2 * _PLAIN_LEAST):
            best = max(best, score)
    return best


def _begins_anew(page: Page, row: int, header: Header, terms: AbstractSet[str]) -> bool:
    """Tell whether a row below a header is another one: cells may hold the words of headings.

    It is where nearly all its cells are headings; after a blank row most of them are enough.
    """
    texts = [text for _, text in page.cells(row)]
    known = sum(text in terms for text in texts)
    apart = not any(True for _ in page.cells(row - 1))
    if row <= header.last_row + 1:
        return False
    return known * 3 >= len(texts) * 2 if apart else known >= max(_CLOSE_LEAST, 0.8 * len(texts))


def _drop_contacts(headers: list[Header]) -> list[Header]:
    """Leave out rows of contact labels that stand above the header of a table."""
    best = max((one.known for one in headers), default=0)
    return [
        one
        for one in headers
        if one.known == best or not all(read_label(text) for _, _, text, _ in one.cells)
    ]


@lru_cache(maxsize=65536)
def _knows(text: str, tables: tuple[str, ...]) -> bool:
    return any(is_term(text, table) for table in tables)


def _read_header(page: Page, row: int, tables: tuple[str, ...]) -> Header:
    """Return the header whose best row this is, with the row above or below where it has two."""
    first = last = row
    cells = {column: (row, text) for column, text in page.cells(row)}
    for column, text in page.cells(row - 1):
        span = page.span(row - 1, column)
        under = [one for one, _ in page.cells(row) if column <= one < column + span]
        tall = page.covers.get((row, column)) == (row - 1, column) or (span > 1 and not under)
        if len(under) > 1 or len(text) > _LONGEST:
            continue  # a band
        lower = cells.get(column)
        if (lower is None and tall) or (
            _knows(text, tables) and (lower is None or not _knows(lower[1], tables))
        ):
            cells[column] = (row - 1, text)
            first = row - 1
    below = dict(page.cells(row + 1))
    if _is_second_row(below, cells, tables, page, row):
        for column, text in below.items():
            if (
                column not in cells
                or not _knows(cells[column][1], tables)
                or (page.span(row, column) > 1)
            ):
                cells[column] = (row + 1, text)
        last = row + 1
    known = max(len({is_term(text, one) for _, text in cells.values()} - {""}) for one in tables)
    headings = tuple(
        (place, column, text, _find_band(page, first, place, column))
        for column, (place, text) in sorted(cells.items())
    )
    return Header(first, last, headings, known)


def _is_second_row(
    below: dict[int, str],
    cells: dict[int, tuple[int, str]],
    tables: tuple[str, ...],
    page: Page,
    row: int,
) -> bool:
    """Tell whether the next row holds sub-headings: where this one is blank, or under its bands."""
    under = [
        text
        for column, text in below.items()
        if column not in cells
        or page.covers.get((row, column), (row, column)) != (row, column)
        or page.span(row, column) > 1
    ]
    known = sum(_knows(text, tables) for text in under if len(text) <= _LONGEST)
    return known > 0 and known * 2 >= len(under)


def _find_band(page: Page, first_row: int, row: int, column: int) -> str:
    """Return what stands above a heading, as far as it is a band over several columns."""
    texts = []
    for above in range(row - 1, max(first_row - _BANDS_ABOVE, 1) - 1, -1):
        text = _band_at(page, above, column)
        if text:
            texts.append(text)
    return "\n".join(texts)


def _band_at(page: Page, row: int, column: int) -> str:
    merged = page.covers.get((row, column))
    if merged is not None:
        return page.text(*merged)
    cells = [one for one, _ in page.cells(row) if one <= column]
    if not cells:
        return ""
    left = cells[-1]
    # A merged range ends where it ends; a plain cell is taken to reach as far as the next one.
    return page.text(row, left) if page.span(row, left) == 1 else ""
