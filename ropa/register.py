"""The Register: a frozen value of tidy frames, and the way back from a row to its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropa.schema import CELL_ITEMS, DATA_TABLES, TABLES, build_model, list_columns, make_frame
from ropa.workbook.addresses import cell_addresses

Numbers = npt.NDArray[np.int64]

_KEYED = (*DATA_TABLES, "transfers")
_PLACED = ["table", "key", "field", "part"]


@dataclass(frozen=True, slots=True)
class Input:
    """One file that was read.

    Attributes
    ----------
    register, file : str
        The register that the file is part of; its name relative to the inputs' common parent.
    sha256 : str
        Hash of its bytes.
    layout : str
        Template that it was recognised as.
    records : int
        Activities read from it.
    path : Path
        Where it was read from; no part of any report.
    """

    register: str
    file: str
    sha256: str
    layout: str
    records: int
    path: Path = field(default=Path(), repr=False, compare=False)


@dataclass(frozen=True, slots=True, repr=False)
class Register:
    """A record of processing activities, or several, as tidy frames.

    Every frame has the columns ``register`` (the partition key: one organisation's register) and,
    where its rows stand in a file, ``file``. Each attribute gives a copy: nothing can be changed
    from outside. `ropa.schema.list_columns` tells each column's type and meaning.

    Attributes
    ----------
    organisation : DataFrame
        One row a register.
    activities : DataFrame
        One row a processing activity.
    data_items : DataFrame
        One row an activity and data category.
    recipients : DataFrame
        One row an activity and recipient.
    transfers : DataFrame
        One row a stated activity, recipient and country, home countries too. Two lists are never
        crossed: a country that is not paired with a recipient has an empty one.
    controllers : DataFrame
        One row a controller on whose behalf a processor acts.
    terms : DataFrame
        One row a thing recognised in a cell that may hold several, such as a lawful basis.
    issues : DataFrame
        One row a cell that could not be read.
    mapping : DataFrame
        One row a heading: the field it was mapped to, how surely.
    offsets : DataFrame
        One row a block and field: where the cells stand relative to a row's anchor.
    places : DataFrame
        One row a cell that does not stand there: of a merged range, of a further row of its
        record, of a form that completes a list.
    extras : DataFrame
        One row a filled cell of an activity under a heading that no field holds.
    inputs : tuple of Input
        The files.
    policy : str
        SHA-256 of the policy by which headings were mapped; empty without one.
    """

    frames: Mapping[str, pd.DataFrame]
    inputs: tuple[Input, ...] = ()
    policy: str = ""

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return a copy of the table of that name."""
        if name in TABLES:
            return self.frames[name].copy()
        raise AttributeError(name)

    def __dir__(self) -> list[str]:
        """List the tables among the attributes, for those who look for them in a notebook."""
        return sorted({*object.__dir__(self), *TABLES})

    def __repr__(self) -> str:
        """Say what was read, without any cell's text."""
        counts = (f"{len(self.frames[table])} {table.replace('_', ' ')}" for table in _KEYED[1:4])
        return f"<Register of {len(self.inputs)} file(s): {', '.join(counts)}>"

    def _repr_html_(self) -> str:
        """Show the activities in a notebook."""
        shown = self.frames["activities"][
            ["label", "role", "activity", "purpose", "lawful_basis", "retention", "transfers"]
        ]
        return f"<p>{repr(self)[1:-1]}</p>{shown._repr_html_()}"  # type: ignore[operator]


def build_register(
    frames: Mapping[str, pd.DataFrame], inputs: Sequence[Input] = (), *, validate: bool = True
) -> Register:
    """Return a Register of the frames, each checked against its model.

    Parameters
    ----------
    frames : mapping
        Table name to frame; a table left out is empty.
    inputs : sequence of Input
        The files that the frames were read from.
    validate : bool
        Check the frames against the data dictionary. Off only where they come from Registers.

    Raises
    ------
    pandera.errors.SchemaErrors
        A frame breaks the data dictionary: a mistake of this package. Its text holds cells' text,
        so never log it.
    """
    complete = {
        table: frames[table] if table in frames else make_frame(table, _empty(table))
        for table in TABLES
    }
    if validate:
        for table, frame in complete.items():
            build_model(table).validate(frame, lazy=True)
    return Register(MappingProxyType(complete), tuple(inputs))


def _empty(table: str) -> dict[str, list[object]]:
    return {name: [] for name in list_columns(table)}


def concat_registers(registers: Sequence[Register]) -> Register:
    """Return one Register that holds several, their rows numbered anew.

    The registers' names must differ: they stay the partition key, and nothing crosses it.
    """
    names = [name for one in registers for name in one.frames["organisation"]["register"]]
    if len(set(names)) != len(names):
        raise ValueError("two registers of one name cannot be held together")
    parts: dict[str, list[pd.DataFrame]] = {table: [] for table in TABLES}
    shift = dict.fromkeys((*_KEYED, "block"), 0)
    for one in registers:
        for table in TABLES:
            parts[table].append(_renumber(table, one.frames[table], shift))
        for table in _KEYED:
            keys = one.frames[table]["key"]
            shift[table] += int(keys.max()) + 1 if len(keys) else 0
        blocks = one.frames["offsets"]["block"]
        shift["block"] += int(blocks.max()) + 1 if len(blocks) else 0
    frames = {table: pd.concat(part, ignore_index=True) for table, part in parts.items()}
    inputs = [item for one in registers for item in one.inputs]
    return build_register(frames, inputs, validate=False)


def _renumber(table: str, frame: pd.DataFrame, shift: Mapping[str, int]) -> pd.DataFrame:
    changed: dict[str, pd.Series] = {}
    if table in _KEYED:
        changed["key"] = frame["key"] + shift[table]
    elif "key" in frame:
        changed["key"] = frame["key"] + frame["table"].map(shift).fillna(0).astype("int64")
    for column, parent in (("activity_key", "activities"), ("recipient_key", "recipients")):
        if column in frame:
            changed[column] = frame[column].where(frame[column] < 0, frame[column] + shift[parent])
    if "block" in frame:
        changed["block"] = frame["block"] + shift["block"]
    return frame.assign(**changed)


def find_cells(register: Register, rows: pd.DataFrame) -> pd.DataFrame:
    """Return which row and field of a sheet some rows' fields come from.

    A transfer comes from its recipient's row or from its activity's; an item of an activity's own
    cell comes from that cell, or from that one of the cells which its text is joined from.

    Parameters
    ----------
    register : Register
        The register.
    rows : DataFrame
        One row a field wanted: ``table``, ``key`` and ``field``; where there is ``part``, that one
        of the cells from which the field's text is joined, from 0.

    Returns
    -------
    DataFrame
        ``table``, ``key``, ``field`` and ``part`` of the row that stands in a sheet, with the index
        of `rows`.
    """
    tables, fields = (rows[name].to_numpy(dtype=object, copy=True) for name in ("table", "field"))
    keys = rows["key"].fillna(-1).to_numpy(dtype=np.int64, copy=True)
    parts = _number_parts(rows).to_numpy(copy=True)
    held = np.flatnonzero(tables == "transfers")
    recipients = _look_up(register, "transfers", keys[held], "recipient_key")
    beside = recipients >= 0
    keys[held] = np.where(
        beside, recipients, _look_up(register, "transfers", keys[held], "activity_key")
    )
    tables[held] = np.where(beside, "recipients", "activities")
    for table, copied in CELL_ITEMS.items():
        held = np.flatnonzero(tables == table)
        items = held[~_stands_in_sheet(register, table, keys[held])]
        names = {child: parent for parent, child in copied.items()}
        listing = next(iter(copied))
        parts[items] = _look_up(register, table, keys[items], "part")
        keys[items] = _look_up(register, table, keys[items], "activity_key")
        tables[items] = "activities"
        fields[items] = [names.get(field, listing) for field in fields[items]]
        parts[items] = np.where(fields[items] == listing, parts[items], 0)
    found = {"table": tables, "key": keys, "field": fields, "part": parts}
    return pd.DataFrame(found, index=rows.index).astype({"table": "str", "field": "str"})


def _number_parts(rows: pd.DataFrame) -> pd.Series:
    """Return the part of its field that each row means; the first where it says none."""
    if "part" not in rows:
        return pd.Series(0, index=rows.index)
    return rows["part"].astype("int64")


def _look_up(register: Register, table: str, keys: Numbers, column: str) -> Numbers:
    """Return a column of keys of the rows that bear some keys; -1 where none does."""
    frame = register.frames[table]
    places = pd.Index(frame["key"]).get_indexer(pd.Index(keys))
    held = np.append(frame[column].to_numpy(), -1)  # at the place -1
    found: Numbers = held[places]
    return found


def _stands_in_sheet(register: Register, table: str, keys: Numbers) -> npt.NDArray[np.bool_]:
    """Tell of the rows with some keys whether they are a sheet's; of a key that none bears, no."""
    frame = register.frames[table]
    places = pd.Index(frame["key"]).get_indexer(pd.Index(keys))
    flags: npt.NDArray[np.bool_] = np.append(frame["origin"] == "sheet", values=False)[places]
    return flags


def find_activities(register: Register, rows: pd.DataFrame) -> pd.Series:
    """Return the key of the activity that some rows (``table``, ``key``) are of; -1 for none."""
    tables, keys = rows["table"].to_numpy(), rows["key"].fillna(-1).to_numpy(dtype=np.int64)
    found = np.where(tables == "activities", keys, -1)
    for table in (*CELL_ITEMS, "transfers"):
        held = np.flatnonzero(tables == table)
        found[held] = _look_up(register, table, keys[held], "activity_key")
    return pd.Series(found, index=rows.index, dtype="int64")


def read_cells(register: Register, cells: pd.DataFrame) -> pd.Series:
    """Return the text as typed of some cells (`find_cells`); empty where there is none.

    Of a field that is joined from several cells it is the text of the one that `locate` names.
    """
    texts = pd.Series("", index=cells.index, dtype="str")
    for (table, name), group in cells.groupby(["table", "field"]):
        frame = register.frames[str(table)]
        if name in frame:
            held = frame.set_index("key")[str(name)]
            texts.loc[group.index] = group["key"].map(held).fillna("").astype("str")
    places = register.frames["places"]
    # Of a text that is joined from several cells, also what an empty one of them says: nothing.
    joined = places.duplicated(["table", "key", "field"], keep=False)
    told = places[joined | (places["text"] != "")].drop_duplicates(_PLACED)
    own: pd.Series = told.set_index(_PLACED)["text"]
    if own.empty:
        return texts
    asked = cells.assign(part=_number_parts(cells))[_PLACED]
    named = own.reindex(pd.MultiIndex.from_frame(asked)).set_axis(cells.index)
    return texts.mask(named.notna(), named)


def locate(register: Register, cells: pd.DataFrame) -> pd.DataFrame:
    """Return where some cells (`find_cells`) stand.

    Returns
    -------
    DataFrame
        ``file``, ``sheet``, ``row``, ``column`` (from 1) and ``cell`` (e.g. ``"G5"``), with the
        index of `cells`. ``sheet`` and ``cell`` are empty and the numbers 0 where the row's block
        does not hold the field.
    """
    anchors = pd.concat(
        [
            register.frames[table][["key", "file", "block", "sheet", "row", "column"]].assign(
                table=table
            )
            for table in DATA_TABLES
        ]
    )
    found = cells.reset_index(drop=True).merge(anchors, on=["table", "key"], how="left")
    offsets = register.frames["offsets"][["block", "table", "field", "rows", "columns"]]
    found = found.merge(offsets, on=["block", "table", "field"], how="left")
    known = found["rows"].notna()
    for axis, offset in (("row", "rows"), ("column", "columns")):
        found[axis] = (found[axis] + found[offset]).where(known, 0).astype("int64")
    found, known = _move(register, found, known)
    found["cell"] = ""
    found.loc[known, "cell"] = _list_addresses(found["row"][known], found["column"][known])
    found["file"] = found["file"].fillna("")
    found["sheet"] = found["sheet"].where(known, "")
    return found[["file", "sheet", "row", "column", "cell"]].set_axis(cells.index)


def _move(
    register: Register, found: pd.DataFrame, known: pd.Series
) -> tuple[pd.DataFrame, pd.Series]:
    """Lay the sparse exceptions over the places that follow from the offsets."""
    places = register.frames["places"]
    if places.empty:
        return found, known
    exceptions = places.drop_duplicates(_PLACED)[[*_PLACED, "file", "sheet", "row", "column"]]
    asked = found.assign(part=_number_parts(found))[_PLACED]
    moved = asked.merge(exceptions, on=_PLACED, how="left")
    elsewhere = moved["row"].notna().set_axis(found.index)
    moved.index = found.index
    found = found.copy()
    for name in ("file", "sheet"):
        found.loc[elsewhere, name] = moved.loc[elsewhere, name]
    for name in ("row", "column"):
        found.loc[elsewhere, name] = moved.loc[elsewhere, name].astype("int64")
    return found, known | elsewhere


def _list_addresses(rows: pd.Series, columns: pd.Series) -> list[str]:
    addresses: list[str] = cell_addresses(rows.to_numpy(), columns.to_numpy()).to_pylist()
    return addresses


def locate_headings(register: Register, table: str, field: str = "") -> pd.DataFrame:
    """Return, for each register, where a table's headings stand, or the heading of one field.

    Returns
    -------
    DataFrame
        One row a register that has the table (and the field, where one is named): ``register``,
        ``file``, ``sheet``, ``row`` and ``column`` of the first heading, and ``cell``: one cell,
        or the range of all of them (``"A1:AM1"``).
    """
    offsets = register.frames["offsets"]
    offsets = offsets[offsets["table"] == table]
    if field:
        offsets = offsets[offsets["field"] == field]
    spans = (
        offsets.groupby(["register", "block"], sort=True)
        .agg(
            row=("heading_row", "min"),
            column=("heading_column", "min"),
            last_row=("heading_row", "max"),
            last_column=("heading_column", "max"),
            file=("file", "first"),
            sheet=("sheet", "first"),
        )
        .reset_index()
        .drop_duplicates("register")
    )
    first = _list_addresses(spans["row"], spans["column"])
    last = _list_addresses(spans["last_row"], spans["last_column"])
    spans["cell"] = [a if a == b else f"{a}:{b}" for a, b in zip(first, last, strict=True)]
    return spans[["register", "file", "sheet", "row", "column", "cell"]]
