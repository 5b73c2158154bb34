"""The data dictionary: the Register's tables as pandera models.

The fields a register can hold stand in ``vocabulary/fields.csv``: one row a field. A field
becomes ``<field>`` (the text as typed), ``<field>_state`` and, by its kind, parsed columns. The
models guard what normalising produced: a failure here is a mistake of this package, never of a
register.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ropa.column import Column
from ropa.vocabulary import read_vocabulary

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

STATES = ("stated", "none", "blank", "placeholder", "unreadable", "absent")
"""What a cell can be: never merged, and a blank is never filled with a default."""

GAPS = ("blank", "placeholder")
"""States that are a gap under every field."""

GAPS_WITH_NONE = ("blank", "placeholder", "none")
"""States that are a gap where "None" is no answer, e.g. under purpose or retention."""

NOT_LIVE = ("ended", "proposed")
"""Codes of a status whose activities are not audited as live."""

ENGAGED = ("processor", "sub-processor")
"""Codes of the roles of recipients who process on somebody's behalf (Article 28 GDPR)."""

OF_TRANSFERS = (
    *("country", "transfer_mechanism", "mechanism_evidence", "mechanism_date"),
    "transfer_assessment",
)
"""Fields of a recipient that say where data go and under which instrument."""

DATA_TABLES = ("organisation", "activities", "data_items", "recipients", "controllers")
"""Tables whose fields stand in the dictionary."""


CELL_ITEMS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "data_items": MappingProxyType(
            {"data_categories": "data_category", "retention": "retention", "source": "source"}
        ),
        "recipients": MappingProxyType({"recipients": "recipient"}),
    }
)
"""Child table to the activity's own fields that list its items (the first) and go with them."""

CONTACT_FIELDS = frozenset(
    {
        ("organisation", "address"),
        ("organisation", "email"),
        ("organisation", "telephone"),
        ("organisation", "dpo"),
        ("organisation", "representative"),
        ("activities", "joint_controller"),
        ("controllers", "contact"),
        ("controllers", "representative"),
        ("controllers", "dpo"),
    }
)
"""Fields that hold contact details: a finding never quotes them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the data dictionary.

    Attributes
    ----------
    table, name : str
        Where it belongs and what its column is called.
    heading : str
        Its heading in the house workbook.
    kind : str
        How its text is read; the parsed columns follow from it (`PARSED`).
    values : str
        Name of the vocabulary of the terms it may hold; empty for free text.
    provision : str
        The Article 30 item, or other provision, that it serves; empty for none.
    width : int
        Width in the house workbook, in characters.
    meaning, note : str
        What it means, and what a person filling it in is told.
    """

    table: str
    name: str
    heading: str
    kind: str
    values: str
    provision: str
    width: int
    meaning: str
    note: str


PARSED: Mapping[str, Mapping[str, Column]] = MappingProxyType(
    {
        "date": {
            "on": Column("datetime64[s]", "Latest day that the text can mean.", nullable=True),
            "problem": Column("str", "Why no day could be read; empty where one was."),
        },
        "yes_no": {"answer": Column("str", "The answer.", allowed=("yes", "no", ""))},
        "role": {
            "code": Column(
                "str",
                "Role judged by; empty where unknown (judged as controller).",
                allowed=("controller", "joint controller", "processor", ""),
            ),
            "assumed": Column("bool", "The cell names no role or several."),
            "several": Column("bool", "The cell names two roles at once."),
        },
        "status": {
            "code": Column(
                "str", "State of the activity.", allowed=("live", "ended", "proposed", "")
            )
        },
        "recipient_role": {
            "code": Column(
                "str",
                "Capacity of the recipient; empty where not stated.",
                allowed=(
                    "processor",
                    "sub-processor",
                    "joint controller",
                    "controller",
                    "authority",
                    "internal",
                    "other",
                    "",
                ),
            )
        },
        "retention": {
            "kind": Column(
                "str",
                "Kind of time limit; empty where the cell holds none.",
                allowed=(
                    "fixed",
                    "event",
                    "event_period",
                    "circular",
                    "unlimited",
                    "elsewhere",
                    "none",
                    "unreadable",
                    "",
                ),
            ),
            "duration": Column("str", "Longest definite period (ISO 8601), or empty."),
            "days": Column("Int64", "The same in days (a year is 365).", nullable=True),
            "trigger": Column("str", "Event from which the period runs, or empty."),
            "open_ended": Column("bool", "The event may never come and there is no maximum."),
            "reference": Column("str", "Schedule or policy that can be followed, or empty."),
            "archiving": Column("bool", "Archiving in the public interest is stated."),
        },
        "bases": {
            "implied": Column("bool", "Consent is said to lie in use, silence or a ticked box."),
            "statute": Column("bool", "A statute or regulation is cited."),
            "outside": Column(
                "str",
                "Other law that governs the activity.",
                allowed=("eudpr", "law_enforcement", ""),
            ),
            "tied": Column("bool", "Each of several bases is tied to its own purpose or data."),
        },
        "mechanisms": {"vague": Column("bool", "Only words that name no instrument.")},
        "regimes": {
            "uk": Column("bool", "Judged under the UK GDPR."),
            "eu": Column("bool", "Judged under the EU GDPR."),
            "from": Column(
                "str",
                "Where the regimes come from.",
                allowed=("regimes", "layout", "establishments", "address", "assumed"),
            ),
        },
    }
)
"""Parsed columns by kind of field: ``<field>_<suffix>``."""

_ANCHOR: Mapping[str, Column] = {
    "register": Column("str", "Register that the row belongs to: the partition key."),
    "file": Column("str", "File that the row was read from."),
    "key": Column("int64", "Unique number of the row within its table."),
    "block": Column("int64", "Grid or form that the row stands in."),
    "sheet": Column("str", "Sheet of the row's anchor."),
    "row": Column("int64", "Row of the anchor, from 1."),
    "column": Column("int64", "Column of the anchor, from 1."),
}
_PARENT = {"activity_key": Column("int64", "Key of the activity; -1 where its id is not known.")}
_ORIGIN = {
    "origin": Column(
        "str",
        "A row of its own sheet, or an item of a cell of the activity.",
        allowed=("sheet", "cell"),
    ),
    "part": Column(
        "int64", "Of the cells that the activity's list is joined from, the item's, from 0."
    ),
}
_EXTRA: Mapping[str, Mapping[str, Column]] = {
    "organisation": {},
    "activities": {
        "identity": Column("str", "What identifies the activity from one audit to the next."),
        "label": Column("str", "Its stated id, or ~ and six hexadecimal digits."),
    },
    "data_items": {**_PARENT, **_ORIGIN},
    "recipients": {**_PARENT, **_ORIGIN},
    "controllers": {},
}
_TRANSFERS: Mapping[str, Column] = {
    **_ANCHOR,
    **_PARENT,
    "recipient_key": Column("int64", "Key of the recipient; -1 where none is paired."),
    "recipient": Column("str", "The recipient as typed; empty where none is paired."),
    "country": Column("str", "The place as typed; empty where none is stated."),
    "country_code": Column("str", "ISO 3166-1 alpha-2 code, or code of a group; empty for none."),
    "country_kind": Column(
        "str",
        "What the place is.",
        allowed=("country", "group", "worldwide", "unplaced", "organisation", "unknown", ""),
    ),
    "origin": Column("str", "Where the transfer is stated.", allowed=("recipients", "activities")),
}
_TERMS: Mapping[str, Column] = {
    "register": _ANCHOR["register"],
    "table": Column("category", "Table of the row that holds the cell.", allowed=DATA_TABLES),
    "key": Column("int64", "Key of that row."),
    "field": Column("category", "Field that holds the words."),
    "code": Column("str", "What the words mean."),
    "text": Column("str", "The words."),
}
_CELL: Mapping[str, Column] = {
    "register": _ANCHOR["register"],
    "file": _ANCHOR["file"],
    "sheet": Column("str", "Sheet of the cell."),
    "cell": Column("str", "Address of the cell."),
}
_ISSUES: Mapping[str, Column] = {
    **_CELL,
    "table": Column("str", "Table that the cell belongs to."),
    "key": Column("int64", "Key of the row."),
    "field": Column("str", "Field that the cell holds."),
    "part": Column("int64", "Of the cells that the field's text is joined from, which, from 0."),
    "problem": Column("str", "What cannot be read, without the cell's text."),
    "hint": Column("str", "What may have been meant, or empty."),
}
_MAPPING: Mapping[str, Column] = {
    **_CELL,
    "heading": Column("str", "The heading as typed."),
    "table": Column("str", "Table it was mapped to; empty where it was not."),
    "field": Column("str", "Field it was mapped to; empty where it was not."),
    "confidence": Column("float64", "From 0 to 1."),
    "status": Column("str", "What became of it.", allowed=("mapped", "unmapped", "ambiguous")),
}
_OFFSETS: Mapping[str, Column] = {
    "register": _ANCHOR["register"],
    "file": _ANCHOR["file"],
    "sheet": Column("str", "Sheet of the block."),
    "block": _ANCHOR["block"],
    "table": Column("str", "Table whose rows the block holds."),
    "field": Column("str", "Field of the dictionary."),
    "rows": Column("int64", "Rows from the anchor down to the cell."),
    "columns": Column("int64", "Columns from the anchor across to the cell."),
    "heading_row": Column("int64", "Row of the heading, from 1."),
    "heading_column": Column("int64", "Column of the heading, from 1."),
}
_POINT: Mapping[str, Column] = {
    "file": Column("str", "File of the cell."),
    "sheet": Column("str", "Sheet of the cell."),
    "row": Column("int64", "Row of the cell, from 1."),
    "column": Column("int64", "Column of the cell, from 1."),
}
_ROW: Mapping[str, Column] = {
    "register": _ANCHOR["register"],
    "table": Column("str", "Table of the row.", allowed=DATA_TABLES),
    "key": Column("int64", "Key of the row."),
}
_PLACES: Mapping[str, Column] = {
    **_ROW,
    "field": Column(
        "str", "Field whose cell does not stand, or does not say, what its block's offsets tell."
    ),
    "part": Column("int64", "Of the cells that the field's text is joined from, which, from 0."),
    **_POINT,
    "text": Column("str", "The cell's own text, where the field's is joined from several."),
}
_EXTRAS: Mapping[str, Column] = {
    **_ROW,
    "heading": Column("str", "Heading as typed, which no field of the dictionary holds."),
    "text": Column("str", "The cell's text."),
    **_POINT,
}
_MORE: Mapping[str, Mapping[str, Column]] = {
    "transfers": _TRANSFERS,
    "terms": _TERMS,
    "issues": _ISSUES,
    "mapping": _MAPPING,
    "offsets": _OFFSETS,
    "places": _PLACES,
    "extras": _EXTRAS,
}
_POINTING = ("terms", "issues", "places", "extras")
"""Tables whose ``key`` is that of a row of another table."""

TABLES = (*DATA_TABLES, *_MORE)
"""Every table of a Register."""


@cache
def read_fields(table: str = "") -> tuple[Field, ...]:
    """Return the fields of a table, or of every table, in the order of the house workbook."""
    fields = (
        Field(
            row["table"],
            row["field"],
            row["heading"],
            row["kind"],
            row["values"],
            row["provision"],
            int(row["width"]),
            row["meaning"],
            row["note"],
        )
        for row in read_vocabulary("fields")
    )
    return tuple(field for field in fields if table in ("", field.table))


@cache
def name_fields() -> tuple[str, ...]:
    """Return the names of the fields of all tables, each once."""
    return tuple(dict.fromkeys(field.name for field in read_fields()))


@cache
def list_columns(table: str) -> Mapping[str, Column]:
    """Return the columns of a table, in order: name to type and meaning."""
    if table == "terms":
        return MappingProxyType(
            {**_TERMS, "field": replace(_TERMS["field"], allowed=name_fields())}
        )
    if table in _MORE:
        return _MORE[table]
    columns = dict(_ANCHOR)
    for field in read_fields(table):
        columns[field.name] = Column("str", field.meaning)
        columns[f"{field.name}_state"] = Column("category", "State of the cell.", allowed=STATES)
        for suffix, column in PARSED.get(field.kind, {}).items():
            columns[f"{field.name}_{suffix}"] = column
    return MappingProxyType(columns | dict(_EXTRA[table]))


@cache
def build_model(table: str) -> "pa.DataFrameSchema":
    """Return the pandera model of a table: strict, ordered, without coercion."""
    import pandera.pandas as pa

    from ropa.text_column import TextColumn

    def build(column: Column) -> "pa.Column":
        listed = column.allowed and column.dtype != "category"
        checks = [pa.Check.isin(column.allowed)] if listed else []
        dtype = TextColumn() if column.dtype == "str" else column.type  # type: ignore[call-arg]
        return pa.Column(dtype, checks, nullable=column.nullable, description=column.meaning)

    unique = ["key"] if "key" in list_columns(table) and table not in _POINTING else None
    return pa.DataFrameSchema(
        {name: build(column) for name, column in list_columns(table).items()},
        strict=True,
        ordered=True,
        coerce=False,
        unique=unique,
        name=table,
    )


def make_frame(table: str, data: "Mapping[str, object] | pd.DataFrame") -> "pd.DataFrame":
    """Return a table's frame with its columns in order and of their types.

    Parameters
    ----------
    table : str
        One of `TABLES`.
    data : mapping or DataFrame
        Column name to values, all of one length; no column may be missing.
    """
    import pandas as pd

    columns = list_columns(table)

    def make(values: Any, dtype: Any) -> "pd.Series":  # noqa: ANN401 - whatever a column is made of
        held = pd.Series(values)
        return held if held.dtype == dtype else pd.Series(held, dtype=dtype)

    return pd.DataFrame({name: make(data[name], one.type) for name, one in columns.items()})
