"""Registers for tests: the clean sample, patched in memory, read, and audited many at a time.

A patch says in one line what makes a register defective. Its keys are, with the headings of the
house workbook:

====================================== ======================================================
``"K07.Lawful basis"``                 a cell of an activity; ``"*.Owner"`` that of each of them
``"organisation.Email"``               a cell of the organisation
``"recipients.K07.Some Ltd.Country"``  a cell of a recipient; ``*`` for any activity or recipient
``"data_items.K03.Payslips.From"``     a cell of a data item, likewise
``"controllers.Some plc.Contact"``     a cell of a controller, likewise
``"-K09"``                             the activity goes, with its recipients and data items
``"-recipients.K07.Some Ltd"``         the row goes; so with data items and controllers
``"+activities"``                      a list of new rows (heading to value) at the end; the key
                                       ``like`` names an activity to begin from. So with
                                       ``"+recipients"``, ``"+data_items"``, ``"+controllers"``
``"-column.Activities.Lawful basis"``  the layout has no such column (or label)
``"-sheet.Recipients"``                the workbook has no such sheet
====================================== ======================================================

A patch that fits nothing, or changes nothing, is an error.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from build_samples import SOURCES, read_source

from ropa.report.house_layout import SHEETS
from ropa.schema import read_fields

if TYPE_CHECKING:
    from ropa.recognise import Recognition
    from ropa.register import Register
    from ropa.workbook.cells import Workbook

Row = Mapping[str, object]

CLEAN = "clean"
NAMED_BY = {"recipients": "recipient", "data_items": "data_category", "controllers": "name"}
ANY = "*"


@dataclass(frozen=True, slots=True)
class Source:
    """The cells of a register, as a house workbook would hold them.

    Attributes
    ----------
    tables : mapping
        Table to rows; a row maps field names to values.
    absent : frozenset of (str, str)
        Table and field of the columns that the workbook lacks; an empty field is the whole sheet.
    """

    tables: Mapping[str, Sequence[Row]]
    absent: frozenset[tuple[str, str]] = field(default_factory=frozenset)


@cache
def clean_source(name: str = CLEAN) -> Source:
    """Return the cells of a sample, the one without any defect by default."""
    return Source(read_source(SOURCES / f"{name}.toml"))


def patch_source(source: Source, patches: Mapping[str, object]) -> Source:
    """Return a changed copy of a source; see the head of this module for the keys.

    Raises
    ------
    ValueError
        A patch fits nothing or changes nothing.
    """
    for key, value in patches.items():
        patched = _patch(source, key, value)
        if patched == source:
            raise ValueError(f"the patch {key!r} changes nothing")
        source = patched
    return source


def _patch(source: Source, key: str, value: object) -> Source:
    if key.startswith("-column."):
        _, sheet, heading = key.split(".", 2)
        return _drop(source, _find_table(sheet), heading)
    if key.startswith("-sheet."):
        return _drop(source, _find_table(key.partition(".")[2]), "")
    if key.startswith("+"):
        return _add_rows(source, key[1:], value)
    if key.startswith("-"):
        return _remove(source, key[1:])
    return _set_cells(source, key, value)


def _find_table(sheet: str) -> str:
    for table, name in SHEETS.items():
        if sheet in (name, table):
            return table
    raise ValueError(f"the house workbook has no sheet {sheet!r}")


def _find_field(table: str, heading: str) -> str:
    for one in read_fields(table):
        if one.heading == heading:
            return one.name
    raise ValueError(f"{table} has no heading {heading!r}")


def _drop(source: Source, table: str, heading: str) -> Source:
    name = _find_field(table, heading) if heading else ""
    return replace(source, absent=source.absent | {(table, name)})


def _add_rows(source: Source, table: str, blocks: object) -> Source:
    if table not in source.tables or not isinstance(blocks, list):
        raise ValueError(f"the patch '+{table}' takes a list of rows of a table")
    added = [_make_row(source, table, block) for block in blocks]
    return _with_rows(source, table, [*source.tables[table], *added])


def _make_row(source: Source, table: str, block: Mapping[str, object]) -> Row:
    row: dict[str, object] = {}
    for heading, value in block.items():
        if heading == "like":
            row |= _find_row(source, table, value)
        else:
            row[_find_field(table, heading)] = value
    return row


def _find_row(source: Source, table: str, one: object) -> Row:
    for row in source.tables[table]:
        if row.get("activity_id") == one:
            return row
    raise ValueError(f"there is no activity {one}")


def _with_rows(source: Source, table: str, rows: Sequence[Row]) -> Source:
    return replace(source, tables={**source.tables, table: rows})


def _remove(source: Source, key: str) -> Source:
    table, chosen = _choose(key)
    kept = [row for row in source.tables[table] if not chosen(row)]
    if len(kept) == len(source.tables[table]):
        raise ValueError(f"the patch '-{key}' fits no row")
    source = _with_rows(source, table, kept)
    if table == "activities":
        for child in ("data_items", "recipients"):
            rows = [row for row in source.tables[child] if not chosen(row)]
            source = _with_rows(source, child, rows)
    return source


def _set_cells(source: Source, key: str, value: object) -> Source:
    place, _, heading = key.rpartition(".")
    table, chosen = _choose(place)
    name = _find_field(table, heading)
    rows = source.tables[table]
    if not any(chosen(row) for row in rows):
        raise ValueError(f"the patch {key!r} fits no row")
    return _with_rows(source, table, [{**row, name: value} if chosen(row) else row for row in rows])


def _choose(place: str) -> tuple[str, Callable[[Row], bool]]:
    """Return the table that a place is in, and what tells its rows."""
    table, _, rest = place.partition(".")
    if table == "organisation":
        return table, lambda _: True
    if table == "controllers":
        return table, lambda row: rest in (ANY, row["name"])
    if table not in NAMED_BY:
        return "activities", lambda row: place in (ANY, row["activity_id"])
    one, _, name = rest.partition(".")
    column = NAMED_BY[table]
    return table, lambda row: one in (ANY, row["activity_id"]) and name in (ANY, row[column])


def list_texts(source: Source) -> dict[str, list[list[str]]]:
    """Return the texts of each sheet, as a reader of the workbook would find them."""
    return {
        sheet: _list_form(source, table) if table == "organisation" else _list_grid(source, table)
        for table, sheet in SHEETS.items()
        if (table, "") not in source.absent
    }


def _list_form(source: Source, table: str) -> list[list[str]]:
    row = next(iter(source.tables.get(table, ())), {})
    return [[heading, _write_text(row.get(name))] for name, heading in _headings(source, table)]


def _list_grid(source: Source, table: str) -> list[list[str]]:
    headings = _headings(source, table)
    rows = [
        [_write_text(row.get(name)) for name, _ in headings] for row in source.tables.get(table, ())
    ]
    return [[heading for _, heading in headings], *rows]


def _headings(source: Source, table: str) -> list[tuple[str, str]]:
    return [
        (one.name, one.heading)
        for one in read_fields(table)
        if (table, one.name) not in source.absent
    ]


def _write_text(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value.isoformat()} 00:00:00"
    return "" if value is None else str(value)


def to_workbook(source: Source, file: str = "clean.xlsx") -> "Workbook":
    """Return the workbook that reading the source's house workbook would give; no disk is used."""
    from ropa.workbook.cells import Workbook, make_sheet

    texts = enumerate(list_texts(source).items())
    sheets = tuple(make_sheet(name, rows, index=index) for index, (name, rows) in texts)
    return Workbook(file=file, sha256="0" * 64, sheets=sheets)


def to_registers(sources: Mapping[str, Source]) -> "Register":
    """Return one Register that holds several registers, by their names."""
    from ropa.normalise import normalise_registers

    return normalise_registers({name: [_recognise(one, name)] for name, one in sources.items()})


def to_register(source: Source, name: str) -> "Register":
    """Return the Register that the source's house workbook would give."""
    return to_registers({name: source})


def _recognise(source: Source, name: str) -> "Recognition":
    from ropa.recognise import recognise

    return recognise(to_workbook(source, f"{name}.xlsx"))
