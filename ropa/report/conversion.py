"""A register of any layout as a house workbook, or as a folder of tidy frames.

The house workbook says what the original says, cell by cell as typed, and no more: a column that
the original's layout lacks is left out, so that an audit finds the same in both.
"""

import re
import shutil
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from ropa.errors import OutputError, UsageError
from ropa.normalise.children import find_parents
from ropa.normalise.fields import BROKEN
from ropa.normalise.identity import make_labels
from ropa.phrases.matching import fold, load_matcher
from ropa.phrases.retention import read_retention
from ropa.register import Register
from ropa.report.archive import write_bytes
from ropa.report.house_extras import list_extras
from ropa.report.house_layout import SHEETS, ErrorValue, Shape
from ropa.report.house_workbook import write_house_workbook
from ropa.schema import CELL_ITEMS, TABLES, Field, read_fields

WORKBOOK, FRAMES = ".xlsx", ".parquet"
"""Endings of what a register can be written as; a folder of frames may have none."""

_REGIMES = MappingProxyType({(True, False): "UK GDPR", (False, True): "EU GDPR"})
_OPTIONAL = " (if applicable)"
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2}) 00:00:00")
_FIRST_YEAR = 1901  # a workbook's dates begin in 1900, and that year's are off by one
_NUMBER = re.compile(r"\s*[0-9]{1,4}(?:[.,][0-9]{1,2})?\s*")
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_UNITS = ("year", "month", "week", "day")
_ERROR = re.compile(r"#[A-Z0-9_/]+[!?]?")
_SILENT = ("absent", "blank")

Row = dict[str, object]


def check_target(target: Path) -> None:
    """Refuse a target that cannot be written, before anything is read.

    Raises
    ------
    UsageError
        It is the name of neither a workbook nor a folder of frames.
    OutputError
        It exists already.
    """
    if target.suffix.lower() not in (WORKBOOK, FRAMES, "") or not target.name:
        raise UsageError(
            f"{target}: a register is written as a workbook ({WORKBOOK}) or as a folder of frames "
            f"({FRAMES}): end the name so"
        )
    if target.exists() or target.is_symlink():
        raise OutputError(f"{target} exists already: choose another name or remove it")


def convert_register(register: Register, target: Path) -> None:
    """Write a register.

    Parameters
    ----------
    register : Register
        One register, of any layout.
    target : Path
        ``.xlsx``: a house workbook. ``.parquet`` or no ending: a folder with one Parquet file a
        frame. It must not exist yet.

    Raises
    ------
    UsageError, OutputError
        As `check_target`; or it cannot be written, or a text is too long for a cell.
    """
    check_target(target)
    if target.suffix.lower() == WORKBOOK:
        tables, shape = build_house_tables(register)
        data = BytesIO()
        write_house_workbook(data, tables, shape=shape)
        write_bytes(target, data.getvalue())
    else:
        _write_frames(register, target)


def _write_frames(register: Register, target: Path) -> None:
    """Write each frame into a folder beside the wanted one, then move that into place."""
    new = target.with_name(f".{target.name}.new")
    try:
        if new.exists():
            shutil.rmtree(new)
        new.mkdir()
        for table in TABLES:
            register.frames[table].to_parquet(new / f"{table}{FRAMES}", index=False)
        new.rename(target)
    except BaseException as error:  # also where it is interrupted
        with suppress(OSError):
            shutil.rmtree(new)
        if isinstance(error, OSError):
            raise OutputError(f"{target} cannot be written: {error.strerror or error}") from None
        raise


def build_house_tables(register: Register) -> tuple[Mapping[str, list[Row]], Shape]:
    """Return what a house workbook of a register holds: its rows, and which columns it has.

    Rows that were read from a cell of an activity are left out: they come again from that cell.
    """
    if len(register.frames["organisation"]) != 1:
        raise UsageError("a house workbook holds one register: convert each by itself")
    fields = {table: _list_fields(register, table) for table in SHEETS}
    tables = {table: _build_rows(register, table) for table in SHEETS}
    _settle_roles(register, tables["activities"], fields)
    _settle_regimes(register, tables["organisation"], fields["organisation"])
    for table in CELL_ITEMS:
        _name_parents(register, table, tables[table])
        if fields[table]:
            fields[table].add("activity_id")
    shape = Shape(
        fields,
        _list_headings(register),
        {
            table: list_extras(register, table, _own_rows(register, table), sorted(fields[table]))
            for table in ("activities", *CELL_ITEMS)
            if fields[table]
        },
    )
    kept = {
        table: [
            {name: value for name, value in row.items() if name in fields[table]}
            for row in tables[table]
        ]
        for table in SHEETS
        if fields[table]
    }
    return kept, shape


def _own_rows(register: Register, table: str) -> pd.DataFrame:
    """Return the rows of a table that stand in a sheet of their own."""
    rows = register.frames[table]
    return rows[rows["origin"] == "sheet"] if table in CELL_ITEMS else rows


def _list_fields(register: Register, table: str) -> set[str]:
    """Return the fields that the layout has, or that its place tells."""
    offsets = register.frames["offsets"]
    held = set(offsets.loc[offsets["table"] == table, "field"])
    rows = _own_rows(register, table)
    told = {
        field.name
        for field in read_fields(table)
        if (rows[f"{field.name}_state"] != "absent").any()
    }
    return held | told


def _build_rows(register: Register, table: str) -> list[Row]:
    issues = register.frames["issues"]
    broken = issues[(issues["table"] == table) & (issues["problem"] == BROKEN)]
    marked = set(zip(broken["key"], broken["field"], strict=True))
    rows = _own_rows(register, table)
    columns = {
        field.name: [
            _make_error(text) if (key, field.name) in marked else _make_value(field, text)
            for key, text in zip(rows["key"], rows[field.name], strict=True)
        ]
        for field in read_fields(table)
    }
    if "retention" in columns:
        columns["retention"] = [
            _add_unit(value, duration)
            for value, duration in zip(
                columns["retention"], rows["retention_duration"], strict=True
            )
        ]
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _make_error(text: str) -> ErrorValue:
    """Return the error value that a broken cell shows; where others are joined to it, it alone."""
    found = (line.strip() for line in text.splitlines())
    return ErrorValue(next((line for line in found if _ERROR.fullmatch(line)), ""))


def _make_value(field: Field, text: str) -> object:
    """Return a text as typed; the text that a date cell gives becomes a date cell again."""
    day = _DAY.fullmatch(text) if field.kind == "date" else None
    if day is None or int(day[1]) < _FIRST_YEAR:
        return text
    try:
        return date(int(day[1]), int(day[2]), int(day[3]))
    except ValueError:
        return text


def _add_unit(value: object, duration: str) -> object:
    """Return a bare number with the unit that its heading gave, where that reads as it did."""
    found = _DURATION.fullmatch(duration)
    if not isinstance(value, str) or not _NUMBER.fullmatch(value) or not found:
        return value
    parts = [
        f"{int(count)} {unit}{'' if int(count) == 1 else 's'}"
        for count, unit in zip(found.groups(), _UNITS, strict=True)
        if count
    ]
    words = " ".join(parts)
    return words if read_retention(words).duration == duration else value


def _settle_roles(register: Register, rows: list[Row], fields: Mapping[str, set[str]]) -> None:
    """Write the role that the layout or the words of a row fixed, where no cell says it.

    Without a column for the role, one is added only where the role of every activity is known:
    else its blanks would be gaps that the original has not. The words tell it again.
    """
    activities = register.frames["activities"]
    codes = activities["role_code"]
    if "role" not in fields["activities"]:
        if codes.eq("").any():
            offsets = register.frames["offsets"]
            held = offsets.loc[offsets["table"] == "activities", "field"]
            fields["activities"] -= {"on_behalf_of"} - set(held)
            return
        fields["activities"].add("role")
    silent = activities["role_state"].isin(_SILENT) & codes.ne("")
    for row, code, chosen in zip(rows, codes, silent, strict=True):
        if chosen:
            row["role"] = str(code).capitalize()


def _settle_regimes(register: Register, rows: list[Row], fields: set[str]) -> None:
    """Write the regime that the layout fixed, where no cell says it."""
    organisation = register.frames["organisation"].iloc[0]
    if organisation["regimes_from"] == "layout" and organisation["regimes_state"] in _SILENT:
        held = bool(organisation["regimes_uk"]), bool(organisation["regimes_eu"])
        rows[0]["regimes"] = _REGIMES[held]
        fields.add("regimes")


def _name_parents(register: Register, table: str, rows: list[Row]) -> None:
    """Let each row name its activity by what leads to it again: its id, or ``~`` and its hash."""
    children = _own_rows(register, table)
    activities = register.frames["activities"]
    typed = find_parents(children, activities)["activity_key"]
    stated = activities["activity_id_state"] == "stated"
    repeated = activities["activity_id"].map(fold).duplicated(keep=False)
    names = activities["activity_id"].where(stated & ~repeated, make_labels(activities))
    by_key = dict(zip(activities["key"], names, strict=True))
    for row, key, found in zip(rows, children["activity_key"], typed, strict=True):
        if key >= 0 and key != found:
            row["activity_id"] = by_key[key]


def _list_headings(register: Register) -> Mapping[tuple[str, str], str]:
    """Return the headings that ask "if applicable", as those of the original do."""
    matcher = load_matcher("optional_headings")
    mapping = register.frames["mapping"]
    asked = mapping[
        (mapping["status"] == "mapped")
        & mapping["heading"].map(lambda one: bool(matcher.find(one)))
    ]
    wanted: Collection[tuple[str, str]] = set(zip(asked["table"], asked["field"], strict=True))
    return {
        (one.table, one.name): f"{one.heading}{_OPTIONAL}"
        for one in read_fields()
        if (one.table, one.name) in wanted
    }
