"""What was recognised in some workbooks, for a person to check: the reading before the audit."""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ropa.phrases.matching import fold
from ropa.recognise import Block, Recognition
from ropa.register import Register, locate
from ropa.workbook.addresses import cell_address

KNOWN = 0.75
"""From this confidence on an unmapped heading is known to be no field, not merely unknown."""

_UNKNOWN_ROLE = "unknown"


@dataclass(frozen=True, slots=True)
class FoundActivity:
    """A processing activity as it was read: its label, name, role and the cell of its name."""

    activity_id: str
    activity: str
    role: str
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A grid or a form.

    Attributes
    ----------
    sheet : str
        Where it stands.
    header_cells : str
        Range of its headings, e.g. ``"A9:AD9"``; of a form that of its labels.
    orientation : str
        ``"grid"`` or ``"form"``.
    records : int
        Records in it; a record may take several rows.
    table : str
        Table of the register that it holds.
    """

    sheet: str
    header_cells: str
    orientation: str
    records: int
    table: str


@dataclass(frozen=True, slots=True)
class FoundHeading:
    """A heading with the field (``table.field``) that it was taken for.

    ``status`` is ``"mapped"``, ``"unmapped"`` or ``"ambiguous"``, ``confidence`` from 0 to 1.
    ``field`` is what an ambiguous one may mean, and empty for an unmapped one. ``repeated`` tells
    that another heading of the sheet has the same text; ``place`` is the cell as a policy names it.
    """

    sheet: str
    cell: str
    heading: str
    field: str
    confidence: float
    status: str
    repeated: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sheet, or rows of one, that was ignored, and why."""

    sheet: str
    why: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was recognised in one or several files: it is shown, and nothing is judged.

    Of several files the sheets are named ``file: sheet``.

    Attributes
    ----------
    file : str
        The file's name; of several files their register's name.
    is_register : bool
        Whether each of them is a register, or part of one.
    layout : str
        Template that it follows, ``"other"`` for none that is known; empty for no register.
    records : int
        Activities read.
    why : str
        Why it is no register; empty where it is one.
    activities, tables, mapping, ignored : tuple
        Of `FoundActivity`, `FoundTable`, `FoundHeading` and `LeftOut`.
    hidden : tuple of str
        What was read although a reader of the workbook does not see it.
    organisation : str
        Name of the organisation that the register is of; empty where none was found.
    regimes : str
        Regimes that it is judged under: ``"uk"``, ``"eu"``, ``"both"``, or empty for no register.
    regimes_from : str
        Where they come from, as in the organisation's frame.
    unused : tuple of str
        Lines of the policy that fit no heading.
    """

    file: str
    is_register: bool
    layout: str
    records: int
    why: str
    activities: tuple[FoundActivity, ...]
    tables: tuple[FoundTable, ...]
    mapping: tuple[FoundHeading, ...]
    ignored: tuple[LeftOut, ...]
    hidden: tuple[str, ...] = ()
    organisation: str = ""
    regimes: str = ""
    regimes_from: str = ""
    unused: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say what was read, without any cell's text."""
        what = f"{self.records} activities, layout {self.layout}" if self.is_register else "none"
        return f"<Inspection: register: {what}; {len(self.tables)} tables>"

    def _repr_html_(self) -> str:
        """Show what was recognised in a notebook."""
        return "".join(_list_html(self))


def build_inspection(
    recognitions: Sequence[Recognition],
    register: Register | None,
    *,
    file: str,
    fixes: Mapping[str, str] | None = None,
) -> Inspection:
    """Return what was recognised in the files of one register.

    Parameters
    ----------
    recognitions : sequence of Recognition
        One a file.
    register : Register or None
        What those that are registers give together; None where none is.
    file : str
        Name of the whole.
    fixes : mapping, optional
        What headings mean, settled by hand: those that fit none are told.
    """
    named = len(recognitions) > 1
    wrong = [one for one in recognitions if not one.is_register]
    why = wrong[0].why if wrong else ""
    layouts = list(dict.fromkeys(one.layout for one in recognitions if one.layout))
    organisation = None if register is None or wrong else register.frames["organisation"].iloc[0]
    activities = () if register is None else tuple(_list_activities(register, named=named))
    parts = [(one, f"{one.workbook.file}: " if named else "") for one in recognitions]
    return Inspection(
        file=file,
        is_register=not wrong,
        layout="" if wrong else " + ".join(layouts),
        records=len(activities),
        why=f"{wrong[0].workbook.file}: {why}" if named and wrong else why,
        activities=activities,
        tables=tuple(one for part, prefix in parts for one in _list_tables(part, prefix)),
        mapping=tuple(one for part, prefix in parts for one in _list_headings(part, prefix)),
        ignored=tuple(
            LeftOut(prefix + one.sheet, one.why) for part, prefix in parts for one in part.ignored
        ),
        hidden=tuple(one for part, prefix in parts for one in _list_hidden(part, prefix)),
        organisation="" if organisation is None else str(organisation["name"]).strip(),
        regimes="" if organisation is None else _name_regimes(organisation),
        regimes_from="" if organisation is None else str(organisation["regimes_from"]),
        unused=tuple(_list_unused(recognitions, fixes or {})),
    )


def _name_regimes(organisation: pd.Series) -> str:
    if organisation["regimes_uk"] and organisation["regimes_eu"]:
        return "both"
    return "uk" if organisation["regimes_uk"] else "eu"


def _list_activities(register: Register, *, named: bool) -> Iterator[FoundActivity]:
    """Return the activities, each at the cell of its name; at its first cell where none has it."""
    rows = register.frames["activities"]
    nameless = rows["activity"].str.strip() == ""
    field = pd.Series("activity", index=rows.index).mask(nameless, "purpose")
    at = locate(register, pd.DataFrame({"table": "activities", "key": rows["key"], "field": field}))
    placed = at["cell"] != ""
    first = [cell_address(*one) for one in zip(rows["row"], rows["column"], strict=True)]
    cells = at["cell"].where(placed, first)
    sheets = at["sheet"].where(placed, rows["sheet"])
    if named:
        sheets = at["file"].where(placed, rows["file"]) + ": " + sheets
    names = rows["activity"].where(~nameless, rows["purpose"])
    roles = rows["role_code"].where(rows["role_code"] != "", _UNKNOWN_ROLE)
    for one in zip(rows["label"], names, roles, sheets, cells, strict=True):
        yield FoundActivity(*map(str, one))


def _list_tables(found: Recognition, prefix: str) -> Iterator[FoundTable]:
    """Return one table a grid or form: what stands beside its activities is part of it."""
    for number, block in enumerate(found.blocks):
        if block.parent >= 0 or _is_within_form(block, found.blocks):
            continue
        parts = [block, *(one for one in found.blocks if one.parent == number)]
        yield FoundTable(
            prefix + block.sheet.name,
            _find_header(found, block, parts),
            block.orientation,
            len(set(block.starts.tolist())) if block.orientation == "grid" else 1,
            block.table,
        )


def _is_within_form(block: Block, blocks: Sequence[Block]) -> bool:
    """Tell whether a block is the part of an activity's form that names the organisation."""
    return block.table == "organisation" and any(
        one.table == "activities"
        and one.orientation == "form"
        and one.sheet.name == block.sheet.name
        and one.first_row <= block.first_row <= one.last_row
        for one in blocks
    )


def _find_header(found: Recognition, block: Block, parts: Sequence[Block]) -> str:
    """Return the range of a table's headings; a grid's row of headings counts as a whole."""
    places = {(one.row, one.column) for part in parts for one in part.headings}
    if not places:
        return ""
    if block.orientation == "grid":
        rows = {row for row, _ in places}
        others = {
            (one.row, one.column)
            for part in found.blocks
            if part.sheet.name == block.sheet.name and all(part is not one for one in parts)
            for one in part.headings
        }
        places |= {
            (one.row, one.column)
            for one in found.headings
            if one.sheet == block.sheet.name and min(rows) <= one.row <= max(rows)
        } - others
    first = cell_address(min(row for row, _ in places), min(column for _, column in places))
    last = cell_address(max(row for row, _ in places), max(column for _, column in places))
    return first if first == last else f"{first}:{last}"


def _list_headings(found: Recognition, prefix: str) -> Iterator[FoundHeading]:
    counts: dict[tuple[str, str], int] = {}
    for one in found.headings:
        counts[one.sheet, fold(one.text)] = counts.get((one.sheet, fold(one.text)), 0) + 1
    for one in found.headings:
        yield FoundHeading(
            prefix + one.sheet,
            cell_address(one.row, one.column),
            one.text,
            f"{one.table}.{one.field}" if one.field else "",
            round(one.confidence, 2),
            one.status,
            counts[one.sheet, fold(one.text)] > 1,
            f"{one.sheet}!{cell_address(one.row, one.column)}",
        )


def _list_hidden(found: Recognition, prefix: str) -> Iterator[str]:
    """Say what was read of hidden sheets, rows and columns."""
    for sheet in dict.fromkeys(block.sheet.name for block in found.blocks):
        blocks = [one for one in found.blocks if one.sheet.name == sheet]
        page = blocks[0].sheet
        rows = {row for one in blocks for row in _list_rows(one)} & page.hidden_rows
        columns = {column for one in blocks for column in _list_columns(one)} & page.hidden_columns
        parts = [
            f"{len(numbers)} hidden {word}{'' if len(numbers) == 1 else 's'}"
            for word, numbers in (("row", rows), ("column", columns))
            if numbers
        ]
        if page.hidden:
            parts.insert(0, "the sheet is hidden")
        if parts:
            yield f"{prefix}{sheet}: {', '.join(parts)}"


def _list_rows(block: Block) -> set[int]:
    if block.orientation == "grid":
        return set(block.rows.tolist())
    return {row for places in block.cells.values() for row, _ in places}


def _list_columns(block: Block) -> set[int]:
    if block.orientation == "grid":
        return {one.column for one in block.headings}
    return {column for places in block.cells.values() for _, column in places}


def _list_unused(recognitions: Sequence[Recognition], fixes: Mapping[str, str]) -> list[str]:
    """Return the keys of a policy that fit no heading of any file."""
    known = set()
    for found in recognitions:
        for one in found.headings:
            cell = cell_address(one.row, one.column)
            known |= {fold(one.text), fold(f"{one.sheet}!{cell}"), fold(cell)}
    return [key for key in fixes if fold(key) not in known]


def list_settings(inspection: Inspection) -> list[tuple[str, str, str]]:
    """Return the lines of a policy that would settle the open headings.

    Returns
    -------
    list of (str, str, str)
        Key, field and remark: first the ambiguous headings, each with the field that it may mean,
        then the unknown ones, with no field. A heading whose text stands twice in its sheet is
        named by its cell; one that stands in several sheets is named once.
    """
    open_ones = [one for one in inspection.mapping if is_open(one)]
    open_ones.sort(key=lambda one: one.status != "ambiguous")
    settings: dict[str, tuple[str, str, str]] = {}
    fields: dict[str, set[str]] = {}
    holders: dict[tuple[str, str], str] = {}
    for one in inspection.mapping:
        fields.setdefault(fold(one.heading), set()).add(one.field)
        if one.status == "mapped":
            holders.setdefault((one.sheet, one.field), one.cell)
    for one in open_ones:
        alone = not one.repeated and len(fields[fold(one.heading)]) == 1
        key = " ".join(one.heading.split()) if alone else one.place
        sure = f"{one.confidence:.2f}" if one.status == "ambiguous" else "not a field"
        holder = holders.get((one.sheet, one.field), "")
        sure += f"; {holder} holds that field already" if one.field and holder else ""
        settings.setdefault(fold(key), (key, one.field, f"{one.cell}, {sure}"))
    return list(settings.values())


def is_open(one: FoundHeading) -> bool:
    """Tell whether a heading is still to be settled: ambiguous, or not known at all."""
    return one.status == "ambiguous" or (one.status == "unmapped" and one.confidence < KNOWN)


def _list_html(found: Inspection) -> Iterator[str]:
    file = html.escape(found.file)
    if found.is_register:
        layout = html.escape(found.layout)
        yield f"<p><b>{file}</b>: a register; {found.records} activities, layout {layout}</p>"
    else:
        yield f"<p><b>{file}</b>: not a register: {html.escape(found.why)}</p>"
    yield _make_html(
        ("sheet", "headings", "kind", "records"),
        [(one.sheet, one.header_cells, one.orientation, one.records) for one in found.tables],
    )
    order = {"ambiguous": 0, "unmapped": 1, "mapped": 2}
    yield _make_html(
        ("sheet", "cell", "heading", "field", "confidence", "status"),
        [
            (one.sheet, one.cell, one.heading, one.field, f"{one.confidence:.2f}", one.status)
            for one in sorted(found.mapping, key=lambda one: order[one.status])
        ],
    )
    yield _make_html(
        ("ignored", "why"),
        [(one.sheet, one.why) for one in found.ignored],
    )


def _make_html(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{name}</th>" for name in names)
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(str(one))}</td>' for one in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
