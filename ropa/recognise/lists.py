"""Lists beside forms: the grids of a sheet that holds forms as well.

Such a grid stands above the forms or below them, with no label of a form in its rows. One whose
rows hold such labels, as at a form's side, cannot be told from it for certain: it is reported.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from ropa.recognise.grids import TABLES, Found, count_core, read_grid
from ropa.recognise.headers import Header, find_headers
from ropa.recognise.pages import Page
from ropa.recognise.recognition import Ignored
from ropa.workbook.cells import Place

_CORE = 3
_LABELS = 2


@dataclass(frozen=True, slots=True)
class List:
    """A grid on a sheet of forms.

    Attributes
    ----------
    header : Header
        Its headings.
    last_row : int
        Its last row.
    apart : bool
        A blank row parts it from the forms, and no label of theirs stands in its rows.
    """

    header: Header
    last_row: int
    apart: bool


def find_lists(page: Page, labels: Collection[Place]) -> tuple[List, ...]:
    """Return the grids of a sheet that holds forms, from the top.

    Parameters
    ----------
    page : Page
        The sheet.
    labels : collection of (int, int)
        Cells of the forms' labels. Words of a grid's cells may be among them ("Consent").
    """
    return tuple(_find(page, labels))


def cut_lists(page: Page, lists: tuple[List, ...]) -> Page:
    """Return the sheet without its lists: a form would take their headings for its labels."""
    gone = {row for one in lists for row in range(one.header.first_row, one.last_row + 1)}
    rows = tuple(
        ("",) * len(texts) if row in gone else texts for row, texts in enumerate(page.rows, start=1)
    )
    return replace(page, rows=rows)


def ignore_list(page: Page, one: List) -> Ignored:
    """Return that a list is left out, and why."""
    rows = f"rows {one.header.first_row}-{one.last_row}"
    return Ignored(page.sheet.name, f"{rows}: a table that no blank row parts from a form")


def _find(page: Page, labels: Collection[Place]) -> Iterator[List]:
    ends = {row for row, _ in labels}
    for header in find_headers(page, TABLES):
        last = _find_end(page, header, ends)
        counts = Counter(column for row, column in labels if header.last_row < row <= last)
        beside = {column for column, count in counts.items() if count >= _LABELS}
        own = tuple(one for one in header.cells if one[1] not in beside)
        found = read_grid(page, replace(header, cells=own), last, fixed={})
        if _is_list(found):
            yield List(header, last, not beside and _is_parted(page, header))


def _is_list(found: Found) -> bool:
    """Tell whether a grid holds activities: the small tables of a form do not."""
    named = sum(one.status == "mapped" for one in found.headings)
    return (
        any(block.table == "activities" and len(block.rows) for block in found.blocks)
        and count_core(found.headings) >= _CORE
        and named * 5 >= len(found.headings) * 4
    )


def _is_parted(page: Page, header: Header) -> bool:
    """Tell whether nothing stands above a header but a title, and above that a blank row."""
    above = header.first_row - 1
    if _count(page, above) == 1:
        above -= 1
    return not _count(page, above)


def _find_end(page: Page, header: Header, ends: Collection[int]) -> int:
    """Return the last row: the sheet's, or the one above the form that follows and its title."""
    last = header.last_row
    while _count(page, last + 1):
        last += 1
    row = min((one for one in ends if one > last), default=0)
    if not row:
        return page.sheet.rows
    while _count(page, row - 1):
        row -= 1
    while row - 1 > last and _count(page, row - 1) <= 1:
        row -= 1
    return max(last, row - 1)


def _count(page: Page, row: int) -> int:
    return len(list(page.cells(row)))
