"""Layout to tables: the cells of registers as tidy frames, with the issues found on the way."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from ropa.normalise.arrays import categorise
from ropa.normalise.cells import Groups, RawTable, complete, number_rows, read_table
from ropa.normalise.children import add_cell_items, list_transfers
from ropa.normalise.extras import list_extras
from ropa.normalise.fields import Fields, Known, read_all_fields
from ropa.normalise.identity import identify_activities
from ropa.normalise.items import add_parents, merge_sheets, settle_limits, tidy_items
from ropa.normalise.joining import join_activities
from ropa.normalise.listed import tell_own_roles
from ropa.normalise.merging import index_offsets, merge_rows
from ropa.normalise.organisation import find_regimes
from ropa.normalise.records import join_records, list_places, tell_roles
from ropa.recognise import Recognition
from ropa.register import Input, Register, build_register, locate
from ropa.schema import CELL_ITEMS, DATA_TABLES, list_columns, make_frame, read_fields
from ropa.workbook.addresses import cell_address

__all__ = ["normalise", "normalise_registers"]

_BESIDE = ("data_items", "recipients", "controllers")


def normalise(recognitions: Sequence[Recognition], *, register: str) -> Register:
    """Return the Register that some recognised workbooks hold together.

    Parameters
    ----------
    recognitions : sequence of Recognition
        One a file; each is a register or part of one.
    register : str
        Name of the register: the partition key of every frame.

    Returns
    -------
    Register
        Its frames have been checked against the data dictionary.
    """
    return normalise_registers({register: recognitions})


def normalise_registers(groups: Groups) -> Register:
    """Return several registers in one Register, read in one pass.

    Parameters
    ----------
    groups : mapping
        Name of each register to the recognised workbooks that hold it together.

    Returns
    -------
    Register
        The same rows that each register has alone, with the register's name as partition key.
    """
    raw = {table: read_table(groups, table) for table in DATA_TABLES}
    raw["organisation"] = _keep_one_organisation(raw["organisation"], groups)
    raw["activities"], places = join_records(raw["activities"])
    for table in _BESIDE:
        raw[table] = tidy_items(add_parents(raw[table], places))
    raw["activities"], raw["data_items"] = settle_limits(raw["activities"], raw["data_items"])
    raw["activities"] = complete(tell_roles(raw["activities"]))
    known: Known = {}
    read = {"activities": read_all_fields(raw["activities"], known)}
    activities = _complete_activities(raw["activities"], read["activities"])
    orphans = []
    for table, copied in CELL_ITEMS.items():
        own, unknown = _join_parents(raw[table], activities)
        raw[table] = add_cell_items(own, raw["activities"], activities, copied)
        orphans.append(unknown)
    others = [table for table in DATA_TABLES if table != "activities"]
    raw |= {table: complete(raw[table]) for table in others}
    read |= {table: read_all_fields(raw[table], known) for table in others}
    tables = {table: _make_table(raw[table], read[table]) for table in others}
    tables["recipients"] = tell_own_roles(tables["recipients"])
    tables["activities"] = activities
    tables["organisation"] = find_regimes(tables["organisation"], _list_regimes(groups))
    tables["transfers"] = list_transfers(activities, tables["recipients"])
    tables["places"] = _list_places(raw)
    tables["extras"] = list_extras(groups, pd.concat([places, *_list_rows(raw)]))
    tables["offsets"] = pd.concat([raw[table].offsets for table in DATA_TABLES], ignore_index=True)
    tables["terms"] = _collect_terms(raw, read)
    tables["mapping"] = _list_mapping(groups)
    issues = _collect_issues(raw, read, orphans)
    del raw, read  # of a large register they fill as much memory as its frames
    frames = {table: make_frame(table, frame) for table, frame in tables.items()}
    located = build_register(frames, validate=False)
    frames["issues"] = _locate_issues(located, issues)
    return build_register(frames, _list_inputs(groups, activities))


def _keep_one_organisation(raw: RawTable, groups: Groups) -> RawTable:
    """Keep a row a register: of each field the first text; without any, a row of absent fields."""
    rows = raw.rows
    names = [field.name for field in read_fields(raw.table) if field.name in rows]
    if rows["register"].duplicated().any():
        empty = ~rows[names].fillna("").map(lambda text: bool(text.strip())).any(axis=1)
        rows = rows.loc[empty.sort_values(kind="stable").index].reset_index(drop=True)
        rows = merge_rows(rows, rows["register"], names, index_offsets(raw.offsets), first=True)
    rows = rows.set_index("register")
    rows = rows.reindex(pd.Index(list(groups), name="register")).reset_index()
    nowhere: dict[str, object] = {
        "file": "",
        "sheet": "",
        "block": -1,
        "row": 0,
        "column": 0,
        "parent_block": -1,
        "parent_row": -1,
    }
    return RawTable(raw.table, number_rows(rows.fillna(nowhere)), raw.offsets)


def _list_regimes(groups: Groups) -> Mapping[str, str]:
    """Return the regime that each register's template belongs to, where they agree."""
    found = {
        register: {one.regime for one in recognitions if one.regime}
        for register, recognitions in groups.items()
    }
    return {register: next(iter(one)) for register, one in found.items() if len(one) == 1}


def _list_rows(raw: Mapping[str, RawTable]) -> Iterator[pd.DataFrame]:
    """Yield of the tables of items the rows that stand in a sheet: block, row and key."""
    for table in CELL_ITEMS:
        rows = raw[table].rows
        own = rows[(rows["origin"] == "sheet") & (rows["parent_block"] < 0)]
        yield own[["block", "row", "key"]].drop_duplicates(["block", "row"])


def _list_places(raw: Mapping[str, RawTable]) -> pd.DataFrame:
    parts = [list_places(one) for one in raw.values()]
    return pd.concat(parts, ignore_index=True)


def _make_table(raw: RawTable, read: Fields) -> pd.DataFrame:
    wanted = list_columns(raw.table)
    kept = [name for name in raw.rows if name in wanted and name not in read.columns]
    return pd.concat([raw.rows[kept], pd.DataFrame(read.columns)], axis=1)


def _complete_activities(raw: RawTable, read: Fields) -> pd.DataFrame:
    rows = _make_table(raw, read)
    names = identify_activities(rows)
    fixed = raw.rows["role_fixed"].astype("str").to_numpy()
    code = rows["role_code"].where(rows["role_code"] != "", fixed)
    return rows.assign(
        role_code=code.where(~rows["role_several"], rows["role_code"]),
        role_assumed=code == "",
        identity=names["identity"],
        label=names["label"],
    )


def _join_parents(raw: RawTable, activities: pd.DataFrame) -> tuple[RawTable, pd.DataFrame]:
    """Find the activity of each row; return also the rows whose stated id is of no use."""
    rows = raw.rows
    if "activity_id" not in rows:
        rows = rows.assign(activity_id=pd.Series(index=rows.index, dtype="str"))
    beside = rows.loc[rows["parent_key"] >= 0, "parent_key"].rename("activity_key")
    parents = join_activities(rows.drop(index=beside.index), activities)
    found = pd.concat([beside.to_frame().assign(problem=""), parents]).sort_index(kind="stable")
    rows = rows.loc[found.index].assign(
        activity_key=found["activity_key"].astype("int64"), problem=found["problem"].astype("str")
    )
    joined = RawTable(raw.table, number_rows(rows), raw.offsets)
    if raw.table == "recipients":
        joined = merge_sheets(joined)
    rows = joined.rows
    issues = rows[["register", "key", "problem"]].assign(
        table=raw.table, field="activity_id", part=0, hint=""
    )
    return joined, issues[issues["problem"] != ""]


def _collect_terms(raw: Mapping[str, RawTable], read: Mapping[str, Fields]) -> pd.DataFrame:
    parts = []
    for table, one in read.items():
        keys = one.terms["key"].to_numpy()  # rows are numbered by their keys
        registers = raw[table].rows["register"].array.take(keys)
        tables = categorise(DATA_TABLES, np.full(len(keys), DATA_TABLES.index(table)))
        parts.append(one.terms.assign(table=tables, register=registers))
    return pd.concat(parts, ignore_index=True)


def _collect_issues(
    raw: Mapping[str, RawTable], read: Mapping[str, Fields], orphans: Sequence[pd.DataFrame]
) -> pd.DataFrame:
    """Return the cells that cannot be read; an activity's own cell is not repeated by its items."""
    parts = list(orphans)
    for table, one in read.items():
        rows = raw[table].rows.set_index("key")
        issues = one.issues.assign(table=table, register=one.issues["key"].map(rows["register"]))
        if table in CELL_ITEMS:
            issues = issues[issues["key"].map(rows["origin"]) == "sheet"]
        parts.append(issues)
    return pd.concat(parts, ignore_index=True)


def _locate_issues(located: Register, issues: pd.DataFrame) -> pd.DataFrame:
    cells = locate(located, issues)
    placed = pd.concat([issues, cells], axis=1).assign(
        order=issues["table"].map(DATA_TABLES.index),
        number=issues["register"].map(list(located.frames["organisation"]["register"]).index),
    )
    order = ["number", "order", "row", "column"]
    return make_frame("issues", placed.sort_values(order, kind="stable", ignore_index=True))


def _list_mapping(groups: Groups) -> pd.DataFrame:
    headings = [
        (register, one.workbook.file, heading)
        for register, recognitions in groups.items()
        for one in recognitions
        for heading in one.headings
    ]
    return pd.DataFrame(
        {
            "register": [register for register, _, _ in headings],
            "file": [file for _, file, _ in headings],
            "sheet": [one.sheet for _, _, one in headings],
            "cell": [cell_address(one.row, one.column) for _, _, one in headings],
            "heading": [one.text for _, _, one in headings],
            "table": [one.table for _, _, one in headings],
            "field": [one.field for _, _, one in headings],
            "confidence": [one.confidence for _, _, one in headings],
            "status": [one.status for _, _, one in headings],
        }
    )


def _list_inputs(groups: Groups, activities: pd.DataFrame) -> list[Input]:
    records = activities.groupby(["register", "file"]).size().to_dict()
    return [
        Input(
            register,
            one.workbook.file,
            one.workbook.sha256,
            one.layout,
            int(records.get((register, one.workbook.file), 0)),
        )
        for register, recognitions in groups.items()
        for one in recognitions
    ]
