"""The small tables of a form: "Recipients" over "Recipient 1", "Recipient 2" and their columns."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from ropa.phrases.states import read_state
from ropa.recognise.beside import find_capacity, find_units
from ropa.recognise.pages import Page
from ropa.recognise.recognition import Block, Heading
from ropa.recognise.terms import is_term
from ropa.recognise.wording import read_code, read_counter

SPECIAL = "special_category"
"""Field of a section whose rows are special category data."""

FAR = 3
"""Columns to the right of a label in which its value is looked for."""

_TABLE, _LISTED = "activities", "recipients"
_NAMING = ("", "recipient", _LISTED)
"""What the label of a row names that holds a recipient: nothing, or recipients in general."""

_CODES = ("recipient", "country")
_PAIR = 2
_PARTS = frozenset(
    {"name", "first_name", "company", "address", "postcode", "city", "telephone", "email"}
)

_ITEM_COLUMNS = MappingProxyType({"description": "data_category", "retention": "retention"})
SECTIONS: Mapping[str, tuple[str, Mapping[str, str]]] = MappingProxyType(
    {
        "data_categories": ("data_items", _ITEM_COLUMNS),
        SPECIAL: ("data_items", _ITEM_COLUMNS),
        "recipients": (
            "recipients",
            MappingProxyType({"detail": "recipient", "type": "role", "recipient": "recipient"}),
        ),
        "transfers": (
            "recipients",
            MappingProxyType(
                {
                    "recipient": "recipient",
                    "country": "country",
                    "mechanism": "transfer_mechanism",
                    "reference": "mechanism_evidence",
                }
            ),
        ),
        "security_measures": ("", MappingProxyType({})),
        "data_subjects": ("", MappingProxyType({})),
        "purpose": ("", MappingProxyType({})),
    }
)
"""Field that a section's title means, to the table and the fields that its columns hold."""


@dataclass(frozen=True, slots=True)
class Form:
    """Where a form stands: the column of its labels, the last of its columns, its rows.

    ``value`` is the column of its values where it is one of several records side by side.
    """

    column: int
    right: int
    rows: list[int]
    value: int = 0

    def first_value(self, page: Page, guidance: Collection[int] = ()) -> int:
        """Return the column of the values: the first to the right with a text beside a label.

        Columns of guidance are passed over; where nothing else stands beside the labels the values
        are blank.
        """
        if self.value:
            return self.value
        columns = range(self.column + 1, min(self.right, self.column + FAR) + 1)
        open_columns = [one for one in columns if one not in guidance]
        for column in open_columns:
            if any(page.text(row, column) and page.text(row, self.column) for row in self.rows):
                return column
        return min(open_columns, default=max(guidance, default=self.column) + 1)


@dataclass(frozen=True, slots=True)
class Section:
    """A small table.

    Attributes
    ----------
    row : int
        The row of its title and of its columns' headings.
    name : str
        The field that its title means; empty where it is none of the activity's.
    columns : mapping
        What a column asks for (`vocabulary/form_columns.csv`) to the column.
    rows : list of int
        Its rows.
    fields : mapping
        Field of the recipients to the column, where the first column names them under a heading
        of its own ("Recipient", "Contract", "Country").
    title : int
        The row of its title where that stands above the headings; 0 where none does.
    """

    row: int
    name: str
    columns: Mapping[str, int]
    rows: list[int] = field(default_factory=list)
    fields: Mapping[str, int] = field(default_factory=dict)
    title: int = 0

    @property
    def own_field(self) -> str:
        """The activity's field that its rows are part of."""
        return "data_categories" if self.name == SPECIAL else self.name


@lru_cache(maxsize=65536)
def name_label(text: str) -> str:
    """Return the field that a label names, numbered or not ("Recipient 2"); empty for none."""
    head, number = read_counter(text)
    return is_term(text, _TABLE) or (is_term(head, _TABLE) if number else "")


def find_sections(page: Page, form: Form) -> list[Section]:
    """Return the small tables of a form, named by the wording of their titles."""
    found: list[Section] = []
    for row in form.rows:
        columns: dict[str, int] = {}
        for column, text in page.cells(row):
            if form.column < column <= form.right and (code := read_code(text, "form_columns")):
                columns.setdefault(code, column)
        label = page.text(row, form.column)
        filled = [one for one, _ in page.cells(row) if form.column < one <= form.right]
        inside = bool(found) and row == (found[-1].rows or [found[-1].row])[-1] + 1
        listed = read_headings(page, form, row)
        if listed is not None:
            found.append(listed)
        elif inside and found[-1].fields:
            if label and name_label(label).rpartition(".")[2] in _NAMING:
                found[-1].rows.append(row)
        elif inside and label and not _is_title(label, len(columns)):
            found[-1].rows.append(row)
        elif label and _heads_table(label, page.text(row + 1, form.column), columns, len(filled)):
            found.append(Section(row, _name_title(label), columns))
    return found


def read_headings(page: Page, form: Form, row: int) -> Section | None:
    """Return the small table of recipients whose columns have their headings in a row.

    The first of them names the recipients, as the cell below does. Below a title that says so any
    other columns are a recipient's, if there are two or one is known; without a title there must
    be three known headings. Less may be a label and its value.
    """
    cells = [(at, text) for at, text in page.cells(row) if form.column <= at <= form.right]
    fields: dict[str, int] = {}
    for column, text in cells:
        table, _, name = is_term(text, _LISTED).partition(".")
        if table == _LISTED:
            fields.setdefault(name, column)
    below = page.text(row + 1, form.column)
    if fields.get("recipient") != form.column or not below or name_label(below):
        return None
    title = _find_title(page, form, row - 1)
    own = name_label(page.text(row, form.column)).rpartition(".")[2] in _NAMING[1:]
    told = len(fields) > _PAIR or (own and len(fields) == _PAIR) or len(cells) > _PAIR
    alone = own and len(fields) > _PAIR and len(fields) * 2 >= len(cells)
    if not (told if title else alone):
        return None
    name = "transfers" if title == "transfers" and "country" in fields else _LISTED
    columns: dict[str, int] = {one: fields[one] for one in _CODES if one in fields}
    return Section(row, name, columns, [], fields, row - 1 if title else 0)


def _find_title(page: Page, form: Form, row: int) -> str:
    """Return the field that the title above a small table of recipients means; empty for none."""
    label = page.text(row, form.column) if row else ""
    if not label or any(form.column < at <= form.right for at, _ in page.cells(row)):
        return ""
    table, _, name = name_label(label).partition(".")
    return name if table == _LISTED or name in (_LISTED, "transfers") else ""


def _heads_table(label: str, below: str, columns: Mapping[str, int], filled: int) -> bool:
    """Tell whether a row holds the headings of a small table: two of them, or items below one.

    A value may be the word of a heading too ("Data: e-mail address").
    """
    if len(columns) * 2 < max(filled, 1):
        return False
    if len(columns) > 1:
        return True
    items = bool(below) and (read_counter(below)[1] > 0 or not name_label(below))
    return _name_title(label) in SECTIONS and items and not columns.keys() & _PARTS


def _is_title(label: str, columns: int) -> bool:
    """Tell whether a row within a small table begins the next one instead."""
    return columns > 0 and read_counter(label)[1] == 0 and _name_title(label) in SECTIONS


def _name_title(label: str) -> str:
    """Return the field that a section's title means."""
    special = is_term(label, "data_items").partition(".")[2]
    return special if special == SPECIAL else name_label(label).partition(".")[2]


def is_stated(page: Page, row: int, column: int) -> bool:
    """Tell whether a cell says anything: a prompt of the template does not."""
    text = page.text(row, column)
    return bool(text) and read_state(text) != "placeholder"


def make_heading(page: Page, row: int, column: int, table: str, name: str) -> Heading:
    """Return a cell as the heading of a field."""
    text = page.text(row, column)
    return Heading(page.sheet.name, row, column, text, table, name, 1.0, "mapped")


def make_items(
    page: Page, form: Form, section: Section, *, parent: int, top: int
) -> Iterator[Block]:
    """Return the rows of a section as blocks of the table that they are items of.

    Parameters
    ----------
    page, form : Page, Form
        Where the form stands.
    section : Section
        The small table.
    parent, top : int
        Number of the form's own block, and its first row.
    """
    table, codes = SECTIONS.get(section.name, ("", {}))
    if not table:
        return
    asked = section.fields or {
        codes[code]: at for code, at in section.columns.items() if code in codes
    }
    naming = {"data_items": "data_category", "recipients": "recipient"}[table]
    groups: dict[tuple[tuple[str, int], ...], list[int]] = defaultdict(list)
    for row in section.rows:
        held = {
            name: at for name, at in asked.items() if name != naming or is_stated(page, row, at)
        }
        if not any(is_stated(page, row, at) for at in held.values()):
            continue
        if naming not in held and table == "data_items":
            held[naming] = form.column
        elif naming not in held and "role" in held:
            held[naming] = held["role"]
        groups[tuple(sorted(held.items()))].append(row)
    if not groups:  # the columns are there, and blank
        groups[tuple(sorted(asked.items()))] = []
    special = {SPECIAL: "Yes"} if section.name == SPECIAL else {}
    for found, chosen in groups.items():
        numbers = np.array(chosen, dtype=np.int64)
        headings = [make_heading(page, section.row, at, table, name) for name, at in found]
        yield Block(
            table,
            page.sheet,
            "grid",
            tuple(headings),
            section.row,
            (chosen or [section.row])[-1],
            rows=numbers,
            starts=numbers,
            constants=MappingProxyType(special | _find_capacity(page, form, section, headings)),
            units=find_units(headings),
            parent=parent,
            parent_rows=np.full(len(numbers), top, dtype=np.int64),
        )


def _find_capacity(
    page: Page, form: Form, section: Section, headings: list[Heading]
) -> dict[str, str]:
    """Return the role that the heading of the names, or the title above, gives the recipients."""
    if not section.fields or "role" in section.fields:
        return {}
    title = [make_heading(page, section.title, form.column, _LISTED, "recipient")]
    return {
        **find_capacity(title if section.title else [], _LISTED),
        **find_capacity(headings, _LISTED),
    }
