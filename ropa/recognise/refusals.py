"""What is no register: the reason, and what the workbook looks like instead."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from ropa.recognise.form_sections import name_label
from ropa.recognise.grids import CORE
from ropa.recognise.pages import TOP, Page, open_page
from ropa.recognise.recognition import Block, Heading
from ropa.recognise.wording import read_code
from ropa.workbook.cells import Workbook

_LEAST = 3
_LONGEST = 200
_SHEETS_NAMED = 5
_FACTS = frozenset({"purpose", "data_subjects", "lawful_basis", "on_behalf_of", "activity"})


def find_near_miss(headings: Sequence[str]) -> str:
    """Return what kind of table some headings are typical of; empty for none.

    Headings of three or more kinds of information must speak for it.
    """
    codes = (read_code(text, "near_misses") for text in headings)
    best = Counter(code for code in codes if code).most_common(1)
    return best[0][0] if best and best[0][1] >= _LEAST else ""


def is_misread(headings: Sequence[Heading]) -> str:
    """Return what a grid that was taken for one of activities is instead; empty where it is one."""
    held = {one.field for one in headings if one.status == "mapped" and one.table == "activities"}
    core = held & (CORE | {"activity", "special_category_condition"})
    near = find_near_miss([one.text for one in headings])
    if near and (len(core) < _LEAST + 2 or not held & {"purpose", "lawful_basis"}):
        return near
    return ""


def refuse(
    workbook: Workbook,
    blocks: Sequence[Block],
    headings: Sequence[Heading],
    near: Sequence[tuple[str, str]],
) -> str:
    """Return why a workbook is no register, in one line; empty where it is one.

    Parameters
    ----------
    workbook : Workbook
        The cells as found.
    blocks : sequence of Block
        What was recognised.
    headings : sequence of Heading
        Every heading found.
    near : sequence of (str, str)
        Sheets that are something else, with what they are.
    """
    grids = [one for one in blocks if one.table == "activities"]
    if any(one.orientation == "form" or len(one.rows) for one in grids):
        return ""
    if near:
        sheet, kind = near[0]
        return f"sheet {sheet!r} looks like {_name_kind(kind)}, not a record of processing"
    if grids:
        sheet = grids[0].sheet.name
        return f"sheet {sheet!r} holds headings and no record: an empty template"
    mapped = {one.field for one in headings if one.status == "mapped"}
    if mapped & _FACTS:
        names = ", ".join(sorted(mapped)[:_SHEETS_NAMED])
        return f"too few of the headings of Article 30 were found (only: {names})"
    above = next((one.name for one in workbook.sheets if _has_labels_above(open_page(one))), "")
    if above:
        return (
            f"the labels of a form in sheet {above!r} stand above their values: put each value "
            "beside its label"
        )
    sheets = ", ".join(repr(sheet.name) for sheet in workbook.sheets[:_SHEETS_NAMED])
    return f"no table with headings of Article 30 was found (sheets: {sheets})"


def _has_labels_above(page: Page) -> bool:
    """Tell whether a column holds labels of the fields of Article 30, each above a text."""
    known: dict[int, set[str]] = defaultdict(set)
    for row in range(1, min(len(page.rows), TOP) + 1):
        for column, text in page.cells(row):
            name = name_label(text) if len(text) <= _LONGEST else ""
            below = page.text(row + 1, column)
            if name and below and not name_label(below) and not page.text(row, column + 1):
                known[column].add(name.rpartition(".")[2])
    return any(len(names & CORE) >= _LEAST for names in known.values())


def _name_kind(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"
