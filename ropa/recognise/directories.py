"""Lists of contacts or of vendors: a heading row over several rows is no contact block."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ropa.recognise.pages import Page
from ropa.recognise.parties import PARTY, read_label
from ropa.recognise.terms import is_term
from ropa.workbook.cells import Place

_LEAST = 2


@dataclass(frozen=True, slots=True)
class Directory:
    """A list whose rows are one name or address each.

    Attributes
    ----------
    row, last_row : int
        The row of its headings, and the last of its rows.
    columns : mapping
        What a heading asks for ("email") to its column.
    parties : int
        Column that says whose each row is ("Controller", "DPO"); 0 where none does.
    """

    row: int
    last_row: int
    columns: Mapping[str, int]
    parties: int


def find_directories(page: Page, labels: Mapping[Place, str], top: int) -> Iterator[Directory]:
    """Yield the lists above a row: labels side by side over rows that fill their columns.

    Over one row alone they are a list where another column is one of a list of recipients
    ("Contract", "Role"); else they may be the organisation's own.

    Parameters
    ----------
    page : Page
        The top of the sheet.
    labels : mapping
        Cell of a contact label to what it asks for.
    top : int
        Row above which they stand.
    """
    done = 0
    for row in sorted({row for row, _ in labels}):
        columns: dict[str, int] = {}
        for column, _ in page.cells(row):
            code = labels.get((row, column), "")
            if code and not code.startswith(PARTY) and _has_neighbour(page, labels, row, column):
                columns.setdefault(code, column)
        if row <= done or len(columns) < _LEAST:
            continue
        last = _find_last(page, labels, row, sorted(columns.values()), top)
        several = last - row >= _LEAST
        if several or (last > row and _names_recipients(page, labels, row)):
            done = last
            yield Directory(row, last, columns, _find_parties(page, columns, row, last))


def _has_neighbour(page: Page, labels: Mapping[Place, str], row: int, column: int) -> bool:
    """Tell whether another label stands beside a label, where its value would be, or before it."""
    beside = (row, column + page.span(row, column)) in labels
    return beside or any(
        (row, left) in labels and left + page.span(row, left) == column for left in range(1, column)
    )


def _find_last(
    page: Page, labels: Mapping[Place, str], row: int, columns: list[int], top: int
) -> int:
    """Return the last row that fills two of the columns at least, and holds none of the labels."""
    last = row
    while last + 1 < top:
        filled = [one for one in columns if page.text(last + 1, one)]
        if len(filled) < _LEAST or any((last + 1, one) in labels for one in filled):
            break
        last += 1
    return last


def _names_recipients(page: Page, labels: Mapping[Place, str], row: int) -> bool:
    """Tell whether a heading row has a column that only a list of recipients has."""
    return any(
        (row, column) not in labels and is_term(text, "recipients")
        for column, text in page.cells(row)
    )


def _find_parties(page: Page, columns: Mapping[str, int], row: int, last: int) -> int:
    """Return the column, at the left of the others, that says whose each row is; 0 for none."""
    for column in range(min(columns.values()) - 1, 0, -1):
        texts = [page.text(one, column) for one in range(row + 1, last + 1)]
        if any(read_label(text).startswith(PARTY) for text in texts):
            return column
    return 0
