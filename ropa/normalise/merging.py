"""Several raw rows to one: the texts joined, each once, and the cells that they came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import is_object_dtype

from ropa.normalise.blocks import Spot, list_parts

Place = tuple[str, str, int, int]
"""File, sheet, row and column of a cell."""

Offsets = Mapping[tuple[int, str], tuple[int, int]]
"""Block and field to the rows and columns from a row's anchor to its cell."""

_ROLE = "role_fixed"

_MOST_APART = 80
"""Columns of objects beside each other, below the hundred from which pandas warns."""


def index_offsets(offsets: pd.DataFrame) -> Offsets:
    """Return where each block's fields stand, for looking up many cells one by one."""
    columns = ("block", "field", "rows", "columns")
    rows = zip(*(offsets[name].tolist() for name in columns), strict=True)
    return {(int(block), name): (int(down), int(across)) for block, name, down, across in rows}


def list_cells(rows: pd.DataFrame, name: str, offsets: Offsets) -> Iterator[Place | None]:
    """Return the cell of a field in each row; None where the row's block does not hold it."""
    at = list(rows[f"{name}_at"]) if f"{name}_at" in rows else [None] * len(rows)
    anchors = zip(
        rows["file"], rows["sheet"], rows["row"], rows["column"], rows["block"], strict=True
    )
    for moved, (file, sheet, row, column, block) in zip(at, anchors, strict=True):
        step = offsets.get((int(block), name))
        if isinstance(moved, tuple):
            yield moved
        elif step is None:
            yield None
        else:
            yield (str(file), str(sheet), int(row) + step[0], int(column) + step[1])


def set_values(rows: pd.DataFrame, name: str, values: Mapping[Any, object]) -> pd.DataFrame:
    """Return the rows with a column's values at some places of the index."""
    held = list(rows[name]) if name in rows else [None] * len(rows)
    column = pd.Series(
        [values.get(place, old) for place, old in zip(rows.index, held, strict=True)],
        index=rows.index,
        dtype=object,
    )
    if name not in rows and len(rows.columns[rows.dtypes.map(is_object_dtype)]) > _MOST_APART:
        rows = rows.copy()  # pandas warns of columns that were added one by one; a copy joins them
    return rows.assign(**{name: column})


def merge_rows(
    rows: pd.DataFrame,
    groups: pd.Series,
    names: Sequence[str],
    offsets: Offsets,
    *,
    first: bool = False,
) -> pd.DataFrame:
    """Return one row a group, its anchor that of the group's first row.

    Parameters
    ----------
    rows : DataFrame
        Raw rows.
    groups : Series
        What the rows of a group share.
    names : sequence of str
        The fields.
    offsets : mapping
        Where each block's fields stand.
    first : bool
        Keep of each field the first text; by default they are joined.
    """
    kept = rows[~groups.duplicated()]
    several = groups.duplicated(keep=False)
    if not several.any():
        return kept
    parts = rows[several]
    codes, _ = pd.factorize(groups[several])
    members = _list_members(codes)
    anchors = [parts.index[one[0]] for one in members]
    fills = (parts["completes"] == "fills").to_list()
    if _ROLE in parts:
        roles = parts[_ROLE].to_list()
        told = [next((roles[row] for row in one if roles[row]), "") for one in members]
        kept = set_values(kept, _ROLE, dict(zip(anchors, told, strict=True)))
    for name in names:
        merged = _merge_field(parts, name, members, fills, first=first)
        cells = list(list_cells(parts, name, offsets))
        moved = {
            anchor: cells[source]
            for anchor, one, source in zip(anchors, members, merged.sources, strict=True)
            if cells[source] is not None and cells[source] != cells[one[0]]
        }
        columns: dict[str, Mapping[Any, object]] = {
            name: dict(zip(anchors, merged.texts, strict=True)),
            f"{name}_broken": dict(zip(anchors, merged.broken, strict=True)),
            f"{name}_at": dict.fromkeys(anchors) | moved,
            f"{name}_cell": dict(zip(anchors, merged.cells, strict=True)),
            f"{name}_spots": dict(
                zip(anchors, _list_spots(parts, name, merged, cells), strict=True)
            ),
        }
        for column, values in columns.items():
            if column in kept or any(value for value in values.values()):
                kept = set_values(kept, column, values)
    return kept


@dataclass(slots=True)
class _Merged:
    """A field of each group: its text, whether it is broken, the row it came from.

    ``cells`` holds the text of the one cell that is named, where the text is joined from several,
    ``rows`` those whose texts are joined.
    """

    texts: list[object] = field(default_factory=list)
    broken: list[bool] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    cells: list[str | None] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)


def _list_spots(
    parts: pd.DataFrame, name: str, merged: _Merged, cells: Sequence[Place | None]
) -> list[tuple[Spot, ...] | None]:
    """Return of each group the cells from which its text is joined; None where it is one cell."""
    texts = [text if isinstance(text, str) else "" for text in parts[name]]
    held, flags = (
        parts[f"{name}_{one}"].tolist() if f"{name}_{one}" in parts else [None] * len(texts)
        for one in ("spots", "broken")
    )
    found: list[tuple[Spot, ...] | None] = []
    for rows in merged.rows:
        spots: list[Spot] = []
        for row in rows:
            place, joined = cells[row], held[row]
            alone = [] if place is None else [Spot(texts[row], place, flags[row] is True)]
            spots += joined if isinstance(joined, tuple) else alone
        found.append(tuple(spots) if len(spots) > 1 else None)
    return found


def _list_members(codes: npt.NDArray[np.intp]) -> list[list[int]]:
    """Return the rows of each group, in order."""
    members: list[list[int]] = [[] for _ in range(int(codes.max()) + 1)]
    for row, code in enumerate(codes.tolist()):
        members[code].append(row)
    return members


def _merge_field(
    parts: pd.DataFrame,
    name: str,
    members: Sequence[Sequence[int]],
    fills: Sequence[bool],
    *,
    first: bool,
) -> _Merged:
    texts = [text if isinstance(text, str) else None for text in parts[name]]
    flags = parts[f"{name}_broken"].eq(other=True).to_list() if f"{name}_broken" in parts else []
    cells = list(parts[f"{name}_cell"]) if f"{name}_cell" in parts else [None] * len(parts)
    merged = _Merged()
    for rows in members:
        held = [row for row in rows if texts[row] is not None]
        says = [row for row in held if (texts[row] or "").strip() or (flags and flags[row])]
        # What only fills gaps counts where nothing else says anything.
        own = [row for row in says if not fills[row]] or says
        found = list_parts([texts[row] or "" for row in own])
        source = (own or held or rows)[0]
        joined = texts[source] if first or len(found) <= 1 else "\n".join(found)
        merged.texts.append(joined)
        bad = [row for row in own if flags and flags[row]]
        merged.broken.append(bool(flags) and flags[source] if first else bool(bad))
        merged.sources.append(source)
        merged.rows.append(own if (len(found) > 1 or bad) and not first else own[:1])
        single = cells[source] if isinstance(cells[source], str) else texts[source]
        merged.cells.append(single if single != joined else None)
    return merged
