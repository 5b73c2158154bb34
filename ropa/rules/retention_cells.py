"""The cells in which time limits stand, each once.

A time limit stands in an activity's own cell or in the sheet of data items, where a category
without one falls back on the activity's cell.
"""

from functools import lru_cache

import pandas as pd

from ropa.phrases.retention import Retention, read_retention
from ropa.rules.case import Case, is_gap, is_stated

FIELD = "retention"

_COLUMNS = (
    "register",
    "table",
    "key",
    "activity_key",
    "subject",
    "processor",
    "retention",
    "retention_kind",
    "retention_open_ended",
    "retention_reference",
    "retention_archiving",
    "counts",
)


@lru_cache(maxsize=4096)
def read_limit(text: str) -> Retention:
    """Read a time limit, or a statement of it, of which several rules ask (`read_retention`)."""
    return read_retention(text)


def is_missing(rows: pd.DataFrame) -> pd.Series:
    """Tell whether a cell gives no time limit: blank, placeholder, "None", "not determined"."""
    undetermined = is_stated(rows, FIELD) & (rows["retention_kind"] == "none")
    return is_gap(rows, FIELD, none_is_gap=True) | undetermined


def is_given(rows: pd.DataFrame) -> pd.Series:
    """Tell whether a cell says something of a time limit, be it what cannot be read."""
    return rows["retention_state"].isin(("stated", "unreadable")) & ~is_missing(rows)


def list_cells(case: Case, *, every: bool = False) -> pd.DataFrame:
    """Return the cells that are stated and count: one row a cell.

    An activity's cell counts unless each of its data items has a time limit of its own.

    Parameters
    ----------
    case : Case
        The register.
    every : bool
        Return the cells that do not count, too.

    Returns
    -------
    DataFrame
        ``register``, ``table`` (``activities`` or ``data_items``), ``key``, ``activity_key``,
        ``subject`` (the data category, empty for an activity's cell), ``processor``,
        ``retention`` and its parsed columns, ``counts``.
    """
    cells = case.once(_list_cells)
    return cells if every else cells[cells["counts"]].reset_index(drop=True)


def _list_cells(case: Case) -> pd.DataFrame:
    items, activities = case.data_items, case.activities
    own = items[(items["origin"] == "sheet") & is_given(items)]
    relying = items.loc[~items["key"].isin(own["key"]), "activity_key"]
    counts = activities["key"].isin(relying) | ~activities["key"].isin(own["activity_key"])
    parts = (
        activities.assign(
            table="activities", activity_key=activities["key"], subject="", counts=counts
        )[is_given(activities)],
        own.assign(table="data_items", subject=own["data_category"], counts=True),
    )
    cells = pd.concat([part[list(_COLUMNS)] for part in parts], ignore_index=True)
    return cells.astype({"table": "str", "subject": "str"})
