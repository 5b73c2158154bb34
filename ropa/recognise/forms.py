"""Vertical forms: labels in a column, values beside them; stacked, side by side, with small tables.

A form is one activity. Its sections ("Recipients", with rows "Recipient 1", "Recipient 2" under
headings of their own) are its items.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ropa.recognise.form_reader import FormReader
from ropa.recognise.form_sections import FAR, Form, name_label, read_headings
from ropa.recognise.grids import Found
from ropa.recognise.pages import TOP, Page
from ropa.recognise.recognition import Block, Heading, Ignored
from ropa.recognise.templates import Template
from ropa.recognise.wording import read_counter
from ropa.workbook.addresses import column_letter

LEAST = 4
"""Distinct fields that the labels of a form name at least."""

_LONGEST = 200


def find_forms(page: Page, fixes: Mapping[str, str]) -> tuple[Found, list[Template]]:
    """Return the forms of a sheet, with the templates that they follow."""
    blocks: list[Block] = []
    headings: list[Heading] = []
    ignored: list[Ignored] = []
    templates: list[Template] = []
    for form in _list_forms(page):
        reader = FormReader(page, form, fixes)
        beside = [replace(form, value=column) for column in reader.list_records()]
        columns = [reader.value_column, *(one.value for one in beside)]
        if beside:
            reader.take_titles(columns)
        if not reader.is_form():
            continue
        headings += reader.headings
        ignored += [
            Ignored(page.sheet.name, f"column {column_letter(column)}: the guidance of a form")
            for column in sorted(reader.guidance)
        ]
        if reader.template is not None:
            templates.append(reader.template)
        for one in (reader, *(FormReader(page, more, fixes) for more in beside)):
            if beside:
                one.take_titles(columns)
            why = one.refuse()
            if why:
                first, last = form.rows[0], form.rows[-1]
                ignored.append(Ignored(page.sheet.name, f"rows {first}-{last}: {why}"))
            else:
                blocks += one.make_blocks(len(blocks))
    return Found(tuple(blocks), tuple(headings), tuple(ignored)), templates


def _list_forms(page: Page) -> Iterator[Form]:
    """Find the columns of labels and cut each into forms, where its first label comes again."""
    columns = sorted(_find_columns(page))
    for place, column in enumerate(columns):
        right = columns[place + 1] - 1 if place + 1 < len(columns) else page.sheet.columns
        rows = [row for row in range(1, len(page.rows) + 1) if page.text(row, column)]
        known = [(row, name_label(page.text(row, column))) for row in rows]
        first = next(name for _, name in known if name)
        whole = Form(column, right, rows)
        starts = [
            row
            for row, name in known
            if name == first
            and not _is_counted(page, row, column)
            and read_headings(page, whole, row) is None
        ]
        starts = _drop_close(starts)
        for number, start in enumerate(starts):
            end = starts[number + 1] - 1 if number + 1 < len(starts) else len(page.rows)
            held = [
                row
                for row in range(start, end + 1)
                if any(page.text(row, one) for one in range(column, right + 1))
            ]
            form = Form(column, right, held)
            if len(_fields_of(page, form)) >= LEAST:
                yield form


def _find_columns(page: Page) -> list[int]:
    """Return the columns whose texts are labels: four distinct fields, and few beside them."""
    names: dict[int, set[str]] = defaultdict(set)
    across: dict[int, set[str]] = defaultdict(set)
    texts = (text for text in set().union(*page.rows[:TOP]) if len(text) <= _LONGEST)
    labels = {text: name for text in texts if (name := name_label(text))}
    for row, cells in enumerate(page.rows[:TOP], start=1):
        if labels.keys().isdisjoint(cells):
            continue
        for column, text in page.cells(row):
            if text in labels:
                names[column].add(labels[text])
                across[row].add(labels[text])
    widest = max((len(found) for found in across.values()), default=0)
    kept: list[int] = []
    for column in sorted(names):
        if len(names[column]) < LEAST or len(names[column]) <= widest:
            continue
        left = [one for one in kept if _value_column(page, one) == column]
        if any(len(names[one]) >= len(names[column]) for one in left):
            continue  # the values of the labels beside it
        if _value_column(page, column):
            kept.append(column)
    return kept


def _value_column(page: Page, column: int) -> int:
    """Return the first column to the right with a text beside a label; 0 for none."""
    for beside in range(column + 1, column + 1 + FAR):
        if any(
            page.text(row, beside) and name_label(page.text(row, column))
            for row in range(1, min(len(page.rows), TOP) + 1)
        ):
            return beside
    return 0


def _is_counted(page: Page, row: int, column: int) -> bool:
    return read_counter(page.text(row, column))[1] > 1


def _drop_close(starts: Sequence[int]) -> list[int]:
    """Keep the starts that leave room for a form before the next."""
    kept: list[int] = []
    for row in starts:
        if not kept or row - kept[-1] >= LEAST:
            kept.append(row)
    return kept


def _fields_of(page: Page, form: Form) -> set[str]:
    return {name_label(page.text(row, form.column)) for row in form.rows} - {""}
