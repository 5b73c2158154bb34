"""The house workbook as data: its sheets, what a heading tells, what a drop-down offers.

Everything follows from the data dictionary (``vocabulary/fields.csv``) and from the wording of the
drop-downs (``vocabulary/choices.csv``).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from ropa.schema import DATA_TABLES, Field, read_fields
from ropa.vocabulary import read_vocabulary

SHEETS: Mapping[str, str] = MappingProxyType(
    {
        "organisation": "Organisation",
        "activities": "Activities",
        "data_items": "Data items",
        "recipients": "Recipients",
        "controllers": "Controllers",
    }
)
"""Table to the name of its sheet, in the order of the workbook."""

VOCABULARY_SHEET = "Vocabulary"

FROZEN_COLUMNS: Mapping[str, int] = MappingProxyType(
    {"activities": 2, "data_items": 1, "recipients": 2, "controllers": 1}
)
"""Columns of each grid that stay in sight, and that every printed page repeats."""

ONE_TERM = ("role", "status", "recipient_role", "dpia_status")
"""Choices of which one is the whole answer: other wording gets a warning, and is kept."""

BANDS: Mapping[str, str] = MappingProxyType(
    {
        "record": "Content that Article 30 asks for",
        "law": "Serves another provision of data protection law",
        "guidance": "Good practice",
    }
)
"""Why a column is there: the colours of the headings, and the legend that explains them."""

_RECORD = ("30(1)", "30(2)")
_SCHEDULE = "DPA Sch 1"


@dataclass(frozen=True, slots=True)
class Extra:
    """A column that no field of the dictionary holds.

    Attributes
    ----------
    heading : str
        What is written above it.
    texts : tuple of str
        One for each row of its table.
    note : str
        What its heading tells when it is selected; empty for nothing.
    """

    heading: str
    texts: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns a house workbook has: fewer, other or more than those of a blank one.

    Attributes
    ----------
    fields : mapping
        Table to the names of its fields that are written; a table left out has no sheet.
    headings : mapping
        Table and field to a heading other than the dictionary's.
    extras : mapping
        Table to columns to the right of its own.
    """

    fields: Mapping[str, Collection[str]]
    headings: Mapping[tuple[str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    extras: Mapping[str, tuple[Extra, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def list_fields(self, table: str) -> tuple[Field, ...]:
        """Return the fields of a table that are written, in the order of the workbook."""
        wanted = self.fields.get(table, ())
        return tuple(one for one in read_fields(table) if one.name in wanted)

    def name_field(self, one: Field) -> str:
        """Return the heading of a field."""
        return self.headings.get((one.table, one.name), one.heading)


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error value such as ``#REF!``; an empty one is a formula that was saved without result."""

    text: str

    def __str__(self) -> str:
        """Return what the cell shows."""
        return self.text


WHOLE = Shape(
    MappingProxyType(
        {table: tuple(one.name for one in read_fields(table)) for table in DATA_TABLES}
    )
)
"""The shape of a blank house workbook: every field of the dictionary."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One drop-down.

    Attributes
    ----------
    name : str
        The list, as the data dictionary names it under ``values``.
    offered : str
        The columns that offer it.
    values : tuple of str
        What it offers, in order.
    """

    name: str
    offered: str
    values: tuple[str, ...]


@cache
def list_choices() -> tuple[Choice, ...]:
    """Return every drop-down, in the order in which the columns that offer them stand."""
    rows = read_vocabulary("choices")
    fields = [one for table in DATA_TABLES for one in read_fields(table) if one.values]
    present = {row["list"] for row in rows}
    names = dict.fromkeys(one.values for one in fields if one.values in present)
    return tuple(
        Choice(
            name,
            "; ".join(
                f"{SHEETS[one.table]}: {one.heading}" for one in fields if one.values == name
            ),
            tuple(
                row["value"]
                for row in sorted(rows, key=lambda row: int(row["order"]))
                if row["list"] == name
            ),
        )
        for name in names
    )


def has_choices(one: Field) -> bool:
    """Tell whether a field's column offers a drop-down."""
    return any(choice.name == one.values for choice in list_choices())


def classify_field(one: Field) -> str:
    """Return the band of a field: ``"record"``, ``"law"`` or ``"guidance"``."""
    if one.provision.startswith(_RECORD):
        return "record"
    return "law" if one.provision else "guidance"


def describe_field(one: Field) -> str:
    """Return what a person filling the field in is told: meaning, advice, provision."""
    return "\n".join(
        part for part in (one.meaning, one.note, describe_provision(one.provision)) if part
    )


def describe_provision(provision: str) -> str:
    """Return a provision of the data dictionary in words.

    Examples
    --------
    >>> describe_provision("30(1)(e); 30(2)(c)")
    'Article 30 content: 30(1)(e) for controllers; 30(2)(c) for processors.'
    >>> describe_provision("DPA Sch 1 para 39")
    'Serves paragraph 39 of Schedule 1 to the Data Protection Act 2018.'
    """
    if not provision:
        return ""
    if provision.startswith(_RECORD):
        parts = (
            f"{part} for {'controllers' if part.startswith('30(1)') else 'processors'}"
            for part in provision.split("; ")
        )
        return f"Article 30 content: {'; '.join(parts)}."
    if provision.startswith(_SCHEDULE):
        paragraph = provision.removeprefix(_SCHEDULE).replace("para", "paragraph").strip()
        where = f"{paragraph} of Schedule 1" if paragraph else "Schedule 1"
        return f"Serves {where} to the Data Protection Act 2018."
    articles = provision.split("; ")
    return f"Serves {'Article' if len(articles) == 1 else 'Articles'} {', '.join(articles)}."
