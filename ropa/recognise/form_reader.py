"""One form: what its labels mean, and which of its cells hold which field."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from ropa.phrases.states import read_state
from ropa.recognise.beside import add_transfers, find_units
from ropa.recognise.claims import AMBIGUOUS, Label
from ropa.recognise.contents import judge_contents
from ropa.recognise.form_labels import make_label_items
from ropa.recognise.form_sections import (
    SECTIONS,
    Form,
    Section,
    find_sections,
    is_stated,
    make_heading,
    make_items,
)
from ropa.recognise.grid_cells import NAMES
from ropa.recognise.grids import CORE
from ropa.recognise.guidance import find_guidance
from ropa.recognise.mapping import map_labels
from ropa.recognise.pages import Page
from ropa.recognise.parties import read_label, read_parties
from ropa.recognise.readings import find_fixes
from ropa.recognise.recognition import Block, Heading
from ropa.recognise.rows import is_example, is_type_word
from ropa.recognise.templates import Template, choose_template
from ropa.workbook.cells import Place

LISTED = "a list of fields"
"""Why a form is none whose values only say which fields are mandatory, or of what type."""

_TABLE = "activities"
_ID = re.compile(r"[^\W\d_]+[-_./]?[0-9]{1,6}|0[0-9]{1,5}")
_ITEMS = "data_items"
_SIDE_LEAST = 3
_CORE_LEAST = 3
# Of the columns of a section, those that name its items, the first that is filled in.
_OWN_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "transfers": ("country",),
        "recipients": ("detail", "type", "recipient"),
        "data_categories": ("description",),
    }
)


class FormReader:
    """One form: what its labels mean, and which cells hold what."""

    def __init__(self, page: Page, form: Form, fixes: Mapping[str, str]) -> None:
        self.page, self.form = page, form
        self.guidance = frozenset() if form.value else find_guidance(page, form)
        self.value_column = form.first_value(page, self.guidance)
        sections = find_sections(page, form)
        listed = [one for one in sections if one.fields]
        inside = {row for one in sections for row in one.rows} | {one.row for one in listed}
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
        headings = map_labels(labels, _TABLE, fixed=fixed)
        titles = frozenset(row for one in sections for row in (one.row, one.title))
        self.headings = self._drop_titles(headings, titles)
        self.fields = {one.row: one for one in self.headings if one.status == "mapped"}
        self.sections = [self._settle_name(one) for one in sections]
        self.headings = [self._doubt(one, titles) for one in self.headings]
        self.fields = {one.row: one for one in self.headings if one.status == "mapped"}
        self.headings += [one for section in listed for one in self._name_columns(section)]
        self.labels = [one for one in self.fields.values() if one.row not in titles]
        self.cells = self._find_cells(titles)

    def _settle_name(self, section: Section) -> Section:
        """Name a section by what its title was mapped to; "data" may still be special data."""
        heading = None if section.fields else self.fields.get(section.row)
        settled = heading is not None and heading.field != "data_categories"
        return replace(section, name=heading.field) if heading and settled else section

    def _name_columns(self, section: Section) -> Iterator[Heading]:
        """Return the headings of a small table's columns, as mapped or as meaning no field."""
        names = {column: name for name, column in section.fields.items()}
        for column, _ in self.page.cells(section.row):
            if self.form.column <= column <= self.form.right:
                table = "recipients" if column in names else ""
                one = make_heading(self.page, section.row, column, table, names.get(column, ""))
                yield one if table else replace(one, confidence=0.0, status="unmapped")

    def _doubt(self, heading: Heading, titles: frozenset[int]) -> Heading:
        """Leave open of which data a label speaks where small tables name them one by one."""
        listed = any(SECTIONS.get(one.name, ("",))[0] == _ITEMS for one in self.sections)
        if heading.status != "mapped" or heading.table != _ITEMS or heading.row in titles:
            return heading
        return replace(heading, confidence=AMBIGUOUS, status="ambiguous") if listed else heading

    def take_titles(self, columns: Sequence[int]) -> None:
        """Let the cell above a record of a register turned on its side be the activity's name.

        Where the name has a row of its own it is the id, if all of them look like ids.

        Parameters
        ----------
        columns : sequence of int
            The columns of all records.
        """
        row = self.form.rows[0] - 1
        above = (row, self.value_column)
        if not self.page.text(*above):
            return
        if not self.cells.get("activity"):
            self.cells["activity"] = (above,)
        elif "activity_id" not in self.cells and not self.page.text(row, self.form.column):
            texts = [self.page.text(row, one) for one in columns]
            if len(set(texts)) == len(texts) and all(map(_ID.fullmatch, texts)):
                self.cells["activity_id"] = (above,)

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
            named = column not in self.guidance and any(row in filled for row in names)
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

    def _drop_titles(self, headings: list[Heading], titles: frozenset[int]) -> list[Heading]:
        """Leave out texts that are no labels: nothing stands beside them, and no field is meant."""
        return [
            one
            for one in headings
            if one.status != "unmapped"
            or (self.page.text(one.row, self.value_column) and one.row not in titles)
        ]

    def _find_cells(self, titles: frozenset[int]) -> dict[str, tuple[Place, ...]]:
        cells: dict[str, list[Place]] = defaultdict(list)
        for heading in self._list_own():
            if heading.row not in titles:
                cells[heading.field].append((heading.row, self.value_column))
        for section in self.sections:
            if section.own_field in SECTIONS:
                cells[section.own_field] += self._list_section(section)
                if "retention" in section.columns:
                    cells.setdefault("retention", [])
        for section in self.sections:
            # Where nothing else does, the recipients' countries state the transfers.
            column = section.fields.get("country", 0)
            if column and not cells.get("transfers"):
                places = [(row, column) for row in section.rows]
                cells["transfers"] = [place for place in places if is_stated(self.page, *place)]
        return {name: tuple(dict.fromkeys(places)) for name, places in cells.items()}

    def _list_own(self) -> tuple[Heading, ...]:
        """Return the headings of the activity's own fields."""
        own = tuple(one for one in self.fields.values() if one.table == _TABLE)
        listed = any(one.own_field == "transfers" for one in self.sections)
        return own if listed else add_transfers(own, self.labels)

    def _list_section(self, section: Section) -> list[Place]:
        """Return the cells of a section that the activity's own field is made of."""
        wanted = _OWN_COLUMNS.get(section.own_field, ("type", "description", "detail"))
        held = [section.columns[code] for code in wanted if code in section.columns]
        places: list[Place] = []
        for row in section.rows:
            filled = [
                (row, one) for one in held or [self.value_column] if is_stated(self.page, row, one)
            ]
            # What each column names is one thing where they name an item, else a thing each.
            places += filled[:1] if section.own_field in _OWN_COLUMNS else filled
        return places

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
            if name != "activity_id" and is_stated(self.page, *place)
        ]
        stated += [
            self.page.text(row, column)
            for one in self.sections
            for row in one.rows
            for column in one.columns.values()
            if is_stated(self.page, row, column)
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
        titles = {one.row for one in self.sections}
        headings = self._list_headings()
        main = Block(
            _TABLE,
            page.sheet,
            "form",
            headings,
            top,
            bottom,
            cells=MappingProxyType({one.field: self.cells[one.field] for one in headings}),
            units=find_units(headings),
            extras=tuple(
                (one.text, (one.row, self.value_column))
                for one in self.headings
                if one.status != "mapped" and one.row not in titles
            )
            + tuple(self._list_other_columns()),
            role=self.template.role if self.template else "",
        )
        items = [
            block
            for section in self.sections
            for block in make_items(page, form, section, parent=first, top=top)
        ]
        beside = make_label_items(
            page.sheet,
            self.labels,
            {name for one in self.sections for name in self._list_fields(one)},
            self.value_column,
            parent=first,
            rows=(top, bottom),
        )
        return [main, *items, *beside, *self._make_organisation()]

    def _list_other_columns(self) -> Iterator[tuple[str, Place]]:
        """Yield the cells of small tables under headings that mean no field."""
        for section in self.sections:
            for one in self._name_columns(section) if section.fields else ():
                for row in section.rows if not one.field else ():
                    if self.page.text(row, one.column):
                        yield one.text, (row, one.column)

    def _list_headings(self) -> tuple[Heading, ...]:
        """Return a heading for each field: its label, or the title of its section."""
        found: dict[str, Heading] = {}
        for one in self._list_own():
            if one.field in self.cells:
                found.setdefault(one.field, one)
        for name in ("activity", "activity_id"):
            if name in self.cells and name not in found:
                found[name] = self._name_cell(self.form.rows[0] - 1, name)
        for section in self.sections:
            for name, column in self._list_fields(section).items():
                if name in self.cells and name not in found:
                    found[name] = make_heading(self.page, section.row, column, _TABLE, name)
        return tuple(found.values())

    def _list_fields(self, section: Section) -> Mapping[str, int]:
        """Return the activity's fields that a section holds, with the columns of their headings."""
        found = {section.own_field: self.form.column}
        if "retention" in section.columns:
            found["retention"] = section.columns["retention"]
        if "country" in section.fields:
            found.setdefault("transfers", section.fields["country"])
        return found

    def _name_cell(self, row: int, name: str, table: str = _TABLE) -> Heading:
        return make_heading(self.page, row, self.form.column, table, name)

    def _make_organisation(self) -> Iterator[Block]:
        """Return who keeps the record, where a section of the form says so."""
        for section in self.sections:
            found = read_parties(self.page, self.form.column, section.columns, section.rows)
            if found:
                yield Block(
                    "organisation",
                    self.page.sheet,
                    "form",
                    tuple(
                        self._name_cell(places[0][0], name, "organisation")
                        for name, places in found.items()
                    ),
                    section.row,
                    section.rows[-1],
                    cells=MappingProxyType(found),
                )
