"""Every cell that somebody wrote: for rules that look at all fields of all sheets."""

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropa.phrases.columns import Distinct, Texts
from ropa.rules.case import Case, is_stated, read_column
from ropa.schema import DATA_TABLES, read_fields

COLUMNS = (
    *("register", "table", "key", "field", "part"),
    *("activity_key", "state", "subject", "found"),
)

_NAMED_BY = {"data_items": "data_category", "recipients": "recipient"}


def list_written_rows(case: Case) -> dict[str, pd.DataFrame]:
    """Return by table the rows that stand in a sheet and belong to no activity that is not live.

    Items that were read from a cell of an activity are that cell's.
    """
    rows = {
        "organisation": case.organisation,
        "activities": case.activities,
        "data_items": case.data_items,
        "recipients": case.recipients,
        "controllers": case.register.frames["controllers"],
    }
    for table in _NAMED_BY:
        rows[table] = rows[table][rows[table]["origin"] == "sheet"]
    return {table: rows[table] for table in DATA_TABLES}


def name_subjects(table: str, rows: pd.DataFrame, field: str = "") -> pd.Series:
    """Return the recipient or the data category that each row is about, empty for other tables."""
    name = _NAMED_BY.get(table, "")
    if name in ("", field):
        return pd.Series("", index=rows.index, dtype="str")
    return rows[name].where(is_stated(rows, name), "")


def find_texts(
    case: Case,
    read: Callable[[str], object],
    narrow: Callable[[Distinct], npt.NDArray[np.bool_]],
) -> pd.DataFrame:
    """Return the cells in whose text a reader finds something.

    Parameters
    ----------
    case : Case
        The case.
    read : callable
        From a text to what was found, something false for nothing. It sees each distinct text
        once.
    narrow : callable
        From many texts to those in which it may find something at all.

    Returns
    -------
    DataFrame
        One row a cell: `COLUMNS`. ``part`` tells which of the cells that a field's text is joined
        from. ``activity_key`` is -1 where the row belongs to no activity. The ids by which a sheet
        refers to an activity are left out.
    """
    read_once = cache(read)
    parts = []
    for table, rows in list_written_rows(case).items():
        for field in read_fields(table):
            if field.kind == "id" and table != "activities":
                continue
            found = read_column(rows, field.name).find(read_once, narrow)
            if len(found):
                parts.append(_make_cells(table, field.name, rows.loc[found.index], found))
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})
    return _find_parts(case, pd.concat(parts, ignore_index=True), read_once, narrow)


def _find_parts(
    case: Case,
    cells: pd.DataFrame,
    read: Callable[[str], object],
    narrow: Callable[[Distinct], npt.NDArray[np.bool_]],
) -> pd.DataFrame:
    """Return a row for each cell of a joined text in which the reader finds something."""
    places = case.register.frames["places"]
    same = ["table", "key", "field"]
    further = places.loc[places["part"] > 0, same].drop_duplicates()
    if further.empty:
        return cells
    joined = cells.drop(columns=["part", "found"]).merge(further, on=same)
    joined = joined.merge(places[[*same, "part", "text"]], on=same)
    found = Texts.of(joined["text"]).find(read, narrow)
    told = joined.loc[found.index].assign(found=found)[list(COLUMNS)]
    if told.empty:
        return cells
    names = pd.MultiIndex.from_frame(cells[same])
    whole = ~names.isin(pd.MultiIndex.from_frame(told[same]))
    return pd.concat([cells[whole], told], ignore_index=True)


def _make_cells(table: str, field: str, rows: pd.DataFrame, found: pd.Series) -> pd.DataFrame:
    own = rows["key"] if table == "activities" else pd.Series(-1, index=rows.index)
    return pd.DataFrame(
        {
            "register": rows["register"],
            "table": table,
            "key": rows["key"],
            "field": field,
            "part": 0,
            "activity_key": rows.get("activity_key", own),
            "state": rows[f"{field}_state"],
            "subject": name_subjects(table, rows, field),
            "found": found,
        },
        columns=list(COLUMNS),
    )
