"""One form: what its labels mean, and which of its cells hold which field."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

import numpy as np

from ropa.phrases.states import read_state
from ropa.recognise.contents import judge_contents
from ropa.recognise.grids import CORE
from ropa.recognise.mapping import Label, map_labels
from ropa.recognise.pages import Page
from ropa.recognise.parties import read_label, read_parties
from ropa.recognise.readings import find_fixes
from ropa.recognise.recognition import Block, Heading
from ropa.recognise.rows import NAMES, is_example, is_type_word
from ropa.recognise.templates import Template, choose_template
from ropa.recognise.terms import is_term
from ropa.recognise.wording import read_code, read_counter
from ropa.workbook.cells import Place

LISTED = "a list of fields"
"""Why a form is none whose values only say which fields are mandatory, or of what type."""

FAR = 3
"""Columns to the right of a label in which its value is looked for."""

_TABLE = "activities"
_SIDE_LEAST = 3
_CORE_LEAST = 3
_PARTS = frozenset(
    {"name", "first_name", "company", "address", "postcode", "city", "telephone", "email"}
)

# What the rows of a section are: by the field that its title names, the table and its columns.
_SECTIONS: Mapping[str, tuple[str, Mapping[str, str]]] = MappingProxyType(
    {
        "data_categories": (
            "data_items",
            {"description": "data_category", "retention": "retention"},
        ),
        "special_category": (
            "data_items",
            {"description": "data_category", "retention": "retention"},
        ),
        "recipients": (
            "recipients",
            {"detail": "recipient", "type": "role", "recipient": "recipient"},
        ),
        "transfers": (
            "recipients",
            {
                "recipient": "recipient",
                "country": "country",
                "mechanism": "transfer_mechanism",
                "reference": "mechanism_evidence",
            },
        ),
        "security_measures": ("", {}),
        "data_subjects": ("", {}),
        "purpose": ("", {}),
    }
)


@dataclass(slots=True)
class Form:
    """Where a form stands: the column of its labels, the last of its columns, its rows.

    ``value`` is the column of its values where it is one of several records side by side.
    """

    column: int
    right: int
    rows: list[int] = field(default_factory=list)
    value: int = 0


def name_label(text: str) -> str:
    """Return the field that a label names, numbered or not ("Recipient 2"); empty for none."""
    head, number = read_counter(text)
    return is_term(text, _TABLE) or (is_term(head, _TABLE) if number else "")


class FormReader:
    """One form: what its labels mean, and which cells hold what."""

    def __init__(self, page: Page, form: Form, fixes: Mapping[str, str]) -> None:
        self.page, self.form = page, form
        self.value_column = form.value or self._find_value_column()
        self.sections = self._find_sections()
        inside = {row for _, _, rows in self.sections for row in rows}
        cells = [
            (row, form.column, page.text(row, form.column), "")
            for row in form.rows
            if page.text(row, form.column) and row not in inside
        ]
        chosen = choose_template(cells, "form")
        self.template: Template | None = chosen[0] if chosen else None
        fixed = (chosen[2] if chosen else {}) | find_fixes(page.sheet.name, cells, fixes)
        labels = [
            Label(page.sheet.name, row, column, text, "", self._sampler(row))
            for row, column, text, _ in cells
        ]
        self.headings = self._drop_titles(map_labels(labels, _TABLE, fixed=fixed))
        self.fields = {one.row: one for one in self.headings if one.status == "mapped"}
        self.cells = self._find_cells()

    def take_titles(self) -> None:
        """Let the cell above a record of a register turned on its side be the activity's name."""
        above = (self.form.rows[0] - 1, self.value_column)
        if not self.cells.get("activity") and self.page.text(*above):
            self.cells["activity"] = (above,)

    def list_records(self) -> list[int]:
        """Return the further columns that hold a record each: a register turned on its side.

        A column of guidance or remarks is none: each record has a name, says as much as the first,
        and what it says of a time limit or a lawful basis can be read.
        """
        labels = [row for row, one in self.fields.items() if one.table == _TABLE]
        first = {row for row in labels if self.page.text(row, self.value_column)}
        names = [row for row in labels if self.fields[row].field in NAMES]
        found: list[int] = []
        if self.sections or len(first) < _SIDE_LEAST:
            return found
        for column in range(self.value_column + 1, self.form.right + 1):
            filled = {row for row in labels if self.page.text(row, column)}
            named = any(row in filled for row in names)
            if named and len(filled) * 2 >= len(first) and self._reads_alike(column, filled):
                found.append(column)
        return found

    def _reads_alike(self, column: int, rows: set[int]) -> bool:
        shares = [
            judge_contents([self.page.text(row, column)], one.table, one.field)
            for row, one in self.fields.items()
            if row in rows
        ]
        read = [share for share in shares if share is not None]
        return bool(read) and sum(read) * 2 >= len(read)

    def _sampler(self, row: int) -> Callable[[], Sequence[str]]:
        text = self.page.text(row, self.value_column)
        return partial(tuple, (text,) if text else ())

    def _drop_titles(self, headings: list[Heading]) -> list[Heading]:
        """Leave out texts that are no labels: nothing stands beside them, and no field is meant."""
        titles = {row for row, _, _ in self.sections}
        return [
            one
            for one in headings
            if one.status != "unmapped"
            or (self.page.text(one.row, self.value_column) and one.row not in titles)
        ]

    def _find_value_column(self) -> int:
        """Return the column of the values: the first to the right with a text beside a label."""
        page, form = self.page, self.form
        for column in range(form.column + 1, min(form.right, form.column + FAR) + 1):
            if any(page.text(row, column) and page.text(row, form.column) for row in form.rows):
                return column
        return form.column + 1

    def _find_sections(self) -> list[tuple[int, Mapping[str, int], list[int]]]:
        """Return the small tables: the row of their headings, their columns, their rows."""
        page, form = self.page, self.form
        found: list[tuple[int, Mapping[str, int], list[int]]] = []
        for row in form.rows:
            columns: dict[str, int] = {}
            for column, text in page.cells(row):
                if form.column < column <= form.right and (code := read_code(text, "form_columns")):
                    columns.setdefault(code, column)
            label = page.text(row, form.column)
            filled = [one for one, _ in page.cells(row) if form.column < one <= form.right]
            inside = bool(found) and row == (found[-1][2] or [found[-1][0]])[-1] + 1
            if inside and label and not self._is_title(label, len(columns)):
                found[-1][2].append(row)
            elif label and self._heads_table(row, label, columns, len(filled)):
                found.append((row, columns, []))
        return found

    def _heads_table(self, row: int, label: str, columns: Mapping[str, int], filled: int) -> bool:
        """Tell whether a row holds the headings of a small table: two of them, or items below one.

        A value may be the word of a heading too ("Data: e-mail address").
        """
        if len(columns) * 2 < max(filled, 1):
            return False
        if len(columns) > 1:
            return True
        below = self.page.text(row + 1, self.form.column)
        items = bool(below) and (read_counter(below)[1] > 0 or not name_label(below))
        return (
            name_label(label).partition(".")[2] in _SECTIONS
            and items
            and not columns.keys() & _PARTS
        )

    def _is_title(self, label: str, columns: int) -> bool:
        """Tell whether a row within a small table begins the next one instead."""
        field_name = name_label(label).partition(".")[2]
        special = is_term(label, "data_items") == "data_items.special_category"
        counted = read_counter(label)[1] > 0
        return columns > 0 and not counted and (special or field_name in _SECTIONS)

    def _find_cells(self) -> dict[str, tuple[Place, ...]]:
        cells: dict[str, list[Place]] = defaultdict(list)
        for row, heading in self.fields.items():
            if heading.table == _TABLE and not self._is_section(row):
                cells[heading.field].append((row, self.value_column))
        for row, columns, rows in self.sections:
            name = self._section_field(row)
            if name in ("special_category", ""):
                name = "data_categories" if name else ""
            if name and name in _SECTIONS:
                cells[name] += self._list_section(name, columns, rows)
                if "retention" in columns:
                    cells.setdefault("retention", [])
        return {name: tuple(dict.fromkeys(places)) for name, places in cells.items()}

    def _is_section(self, row: int) -> bool:
        return any(row == one for one, _, _ in self.sections)

    def _section_field(self, row: int) -> str:
        heading = self.fields.get(row)
        if heading is not None and heading.field not in ("data_categories", ""):
            return heading.field
        text = self.page.text(row, self.form.column)
        special = is_term(text, "data_items").partition(".")[2]
        return special if special == "special_category" else name_label(text).partition(".")[2]

    def _list_section(
        self, name: str, columns: Mapping[str, int], rows: Sequence[int]
    ) -> list[Place]:
        """Return the cells of a section that the activity's own field is made of."""
        wanted = {
            "transfers": ("country",),
            "recipients": ("detail", "type", "recipient"),
            "data_categories": ("description",),
        }.get(name, ("type", "description", "detail"))
        held = [columns[code] for code in wanted if code in columns] or [self.value_column]
        places: list[Place] = []
        for row in rows:
            filled = [(row, one) for one in held if self._is_stated(row, one)]
            several = name in ("security_measures", "data_subjects", "purpose")
            places += filled if several else filled[:1]
        return places

    def _is_stated(self, row: int, column: int) -> bool:
        text = self.page.text(row, column)
        return bool(text) and read_state(text) != "placeholder"

    def is_form(self) -> bool:
        """Tell whether the labels are those of an activity: its name, and three fields of Art 30.

        A list of drop-down choices has labels in a column, too.
        """
        fields = set(self.cells)
        return bool(fields & {"activity", "purpose"}) and len(fields & CORE) >= _CORE_LEAST

    def refuse(self) -> str:
        """Return why the form is no record; empty where it is one."""
        names = [self.page.text(*place) for name in NAMES for place in self.cells.get(name, ())]
        if any(is_example(text) for text in names if text):
            return "an example"
        stated = [
            self.page.text(*place)
            for name, places in self.cells.items()
            for place in places
            if name != "activity_id" and self._is_stated(*place)
        ]
        stated += [
            self.page.text(row, column)
            for _, columns, rows in self.sections
            for row in rows
            for column in columns.values()
            if self._is_stated(row, column)
            and not read_label(self.page.text(row, self.form.column))
        ]
        if not stated:
            beside = [self.page.text(one.row, self.value_column) for one in self.headings]
            ticked = [text for text in beside if text and read_state(text) != "placeholder"]
            listed = ticked and all(is_type_word(text) for text in ticked)
            return LISTED if listed else "a form that is not filled in"
        return LISTED if all(is_type_word(text) for text in stated) else ""

    def make_blocks(self, first: int) -> list[Block]:
        """Return the form's blocks, the activity's first; `first` is its number in the sheet."""
        page, form = self.page, self.form
        top, bottom = form.rows[0], form.rows[-1]
        headings = self._list_headings()
        main = Block(
            _TABLE,
            page.sheet,
            "form",
            headings,
            top,
            bottom,
            cells=MappingProxyType({one.field: self.cells[one.field] for one in headings}),
            extras=tuple(
                (one.text, (one.row, self.value_column))
                for one in self.headings
                if one.status != "mapped" and not self._is_section(one.row)
            ),
            role=self.template.role if self.template else "",
        )
        children = [
            block
            for row, columns, rows in self.sections
            for block in self._make_children(row, columns, rows, first, top)
        ]
        return [main, *children, *self._make_organisation()]

    def _list_headings(self) -> tuple[Heading, ...]:
        """Return a heading for each field: its label, or the title of its section."""
        found: dict[str, Heading] = {}
        for one in self.fields.values():
            if one.field in self.cells:
                found.setdefault(one.field, one)
        if "activity" in self.cells and "activity" not in found:
            row = self.form.rows[0] - 1
            found["activity"] = self._make_heading(row, self.form.column, _TABLE, "activity")
        for row, columns, _ in self.sections:
            name = self._section_field(row)
            name = "data_categories" if name == "special_category" else name
            more = {name: self.form.column}
            if "retention" in columns:
                more["retention"] = columns["retention"]
            for field_name, column in more.items():
                if field_name in self.cells and field_name not in found:
                    found[field_name] = self._make_heading(row, column, _TABLE, field_name)
        return tuple(found.values())

    def _make_heading(self, row: int, column: int, table: str, name: str) -> Heading:
        text = self.page.text(row, column)
        return Heading(self.page.sheet.name, row, column, text, table, name, 1.0, "mapped")

    def _make_children(
        self, row: int, columns: Mapping[str, int], rows: Sequence[int], parent: int, top: int
    ) -> Iterator[Block]:
        name = self._section_field(row)
        table, codes = _SECTIONS.get(name, ("", {}))
        if not table:
            return
        naming = {"data_items": "data_category", "recipients": "recipient"}[table]
        groups: dict[tuple[tuple[str, int], ...], list[int]] = defaultdict(list)
        for one in rows:
            held = {
                codes[code]: column
                for code, column in columns.items()
                if code in codes and (codes[code] != naming or self._is_stated(one, column))
            }
            if not any(self._is_stated(one, column) for column in held.values()):
                continue
            if naming not in held and table == "data_items":
                held[naming] = self.form.column
            elif naming not in held and "role" in held:
                held[naming] = held["role"]
            groups[tuple(sorted(held.items()))].append(one)
        if not groups:  # the columns are there, and blank
            groups[
                tuple(sorted((codes[code], at) for code, at in columns.items() if code in codes))
            ] = []
        for found, chosen in groups.items():
            numbers = np.array(chosen, dtype=np.int64)
            constants = {"special_category": "Yes"} if name == "special_category" else {}
            yield Block(
                table,
                self.page.sheet,
                "grid",
                tuple(self._make_heading(row, column, table, one) for one, column in found),
                row,
                (chosen or [row])[-1],
                rows=numbers,
                starts=numbers,
                constants=constants,
                parent=parent,
                parent_rows=np.full(len(numbers), top, dtype=np.int64),
            )

    def _make_organisation(self) -> Iterator[Block]:
        """Return who keeps the record, where a section of the form says so."""
        for row, columns, rows in self.sections:
            found = read_parties(self.page, self.form.column, columns, rows)
            if found:
                headings = tuple(
                    self._make_heading(places[0][0], self.form.column, "organisation", name)
                    for name, places in found.items()
                )
                yield Block(
                    "organisation",
                    self.page.sheet,
                    "form",
                    headings,
                    row,
                    rows[-1],
                    cells=MappingProxyType(found),
                )
