"""Templates as data: the known layouts (``layouts/*.toml``), and which one a sheet follows.

A template says what its headings mean beyond doubt, what its records' role and regime are, and by
how many of its headings it is known. Headings that it does not list are read like any other.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from ropa.phrases.matching import fold
from ropa.recognise.mapping import joined_fields
from ropa.recognise.wording import list_words, make_key, read_wordings
from ropa.schema import read_fields
from ropa.workbook.cells import Place

_NAMED_LEAST = 3


@dataclass(frozen=True, slots=True)
class TemplateHeading:
    """A heading of a template: its key, the words of its band, ``table.field`` or empty."""

    key: str
    band: frozenset[str]
    name: str


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    """A sheet of a template.

    Attributes
    ----------
    sheet : str
        Its folded name; empty where any sheet may be it.
    table, orientation : str
        What it holds and how.
    headings : tuple of TemplateHeading
        What its headings mean.
    enough : int
        Headings by which it is known.
    completes : bool
        Its rows complete those of the activities' sheet.
    constants : mapping
        Field to what the sheet itself says of it.
    """

    sheet: str
    table: str
    orientation: str
    headings: tuple[TemplateHeading, ...]
    enough: int
    completes: bool
    constants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """A layout: its name, the role and regime that it fixes, its sheets, those it ignores.

    ``sheets_enough`` of its sheets must be there where they are known by their names. Where it is
    ``plain`` each filled row is a record: its items have sheets of their own.
    """

    name: str
    role: str
    regime: str
    sheets: tuple[TemplateSheet, ...]
    ignored: Mapping[str, str]
    sheets_enough: int
    plain: bool

    @property
    def is_named(self) -> bool:
        """Whether its sheets are known by their names."""
        return all(one.sheet for one in self.sheets)


@cache
def load_templates() -> tuple[Template, ...]:
    """Return every template, in the order of their file names."""
    folder = files("ropa.recognise").joinpath("layouts")
    found = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    return tuple(_read(folder.joinpath(name).read_text(encoding="utf-8")) for name in found)


def _read(text: str) -> Template:
    data = tomllib.loads(text)
    return Template(
        data["name"],
        data.get("role", ""),
        data.get("regime", ""),
        tuple(_read_sheet(one) for one in data["sheet"]),
        MappingProxyType({fold(one["name"]): one["why"] for one in data.get("ignored", ())}),
        data.get("sheets_enough", 1),
        data.get("plain", False),
    )


def _read_sheet(data: Mapping[str, Any]) -> TemplateSheet:
    table = data["table"]
    if data["headings"] == "dictionary":
        rows = [{"text": one.heading, "field": one.name} for one in read_fields(table)]
    else:
        rows = data["headings"]
    headings = tuple(
        TemplateHeading(
            make_key(one["text"]),
            list_words(make_key(one["band"])) if "band" in one else frozenset(),
            _complete(one["field"], table),
        )
        for one in rows
    )
    return TemplateSheet(
        fold(data.get("name", "")),
        table,
        data["orientation"],
        headings,
        data.get("enough", _NAMED_LEAST),
        data.get("completes", False),
        MappingProxyType(data.get("constants", {})),
    )


def _complete(field: str, table: str) -> str:
    return field if not field or "." in field else f"{table}.{field}"


def fix_headings(
    cells: Sequence[tuple[int, int, str, str]], sheet: TemplateSheet
) -> dict[Place, str]:
    """Return what a template says of some headings: cell to ``table.field``, empty for no field.

    Parameters
    ----------
    cells : sequence of (int, int, str, str)
        Row, column and text of each heading, and the band above it.
    sheet : TemplateSheet
        The template's sheet.
    """
    found: dict[Place, str] = {}
    taken: set[str] = set()
    for row, column, text, band in cells:
        above = list_words(make_key(band)) if band else frozenset()
        keys = {one.key for one in read_wordings(text)} | {make_key(text)}
        fitting = [one for one in sheet.headings if one.key in keys and one.band <= above]
        fitting.sort(key=lambda one: -len(one.band))
        for one in fitting:
            if one.name not in taken or not one.name or _may_repeat(one.name):
                found[row, column] = one.name
                taken.add(one.name)
                break
    return found


def _may_repeat(name: str) -> bool:
    table, _, field = name.partition(".")
    return (table, field) in joined_fields()


def choose_template(
    cells: Sequence[tuple[int, int, str, str]], orientation: str
) -> tuple[Template, TemplateSheet, dict[Place, str]] | None:
    """Return the unnamed template that most of some headings belong to, with what it says."""
    best: tuple[Template, TemplateSheet, dict[Place, str]] | None = None
    share = 0.0
    for template in load_templates():
        for sheet in template.sheets:
            if not sheet.sheet and sheet.orientation == orientation:
                found = fix_headings(cells, sheet)
                if len(found) >= sheet.enough and len(found) / len(sheet.headings) > share:
                    best, share = (template, sheet, found), len(found) / len(sheet.headings)
    return best
