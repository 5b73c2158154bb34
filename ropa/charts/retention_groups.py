"""The time limits of a register, counted by what they say."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from ropa.results import Result
from ropa.rules.case import Case
from ropa.rules.retention_cells import is_given, list_cells

BINS: Mapping[int, str] = MappingProxyType(
    {
        0: "not kept",
        7: "1 week",
        31: "1 month",
        93: "3 months",
        184: "6 months",
        366: "1 year",
        731: "2 years",
        1096: "3 years",
        1827: "5 years",
        2192: "6 years",
        2557: "7 years",
        3653: "10 years",
        10958: "30 years",
    }
)
"""The longest time limit of a bin in days, to its name. Leap days are allowed for."""

LONGER = "over 30 years"
"""The bin of what is longer than the last of `BINS`."""

STARTS: Mapping[str, str] = MappingProxyType(
    {"fixed": "no event named", "event_period": "runs from an event that is named"}
)
"""Kind of a time limit of a stated length, to its words in a legend."""

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "until_day": "until a day that is named",
        "event": "until an event, no length stated",
        "minimum": "a minimum alone",
        "elsewhere": "a document or a law that is named",
        "unnamed": "a document that is not identified",
        "open": "open-ended: the end may never come",
        "circular": "as long as necessary",
        "unlimited": "without limit",
        "unreadable": "not readable",
        "missing": "not stated",
        "not_asked": "not stated in a processor's record",
    }
)
"""Time limits without a length on the axis, to their words."""

_LENGTHS = "length"


def count_retention(audit: Result) -> tuple[pd.DataFrame, pd.Series]:
    """Return the time limits of the live activities, counted.

    A cell counts once: a data category's own, and an activity's where a category relies on it or
    there is none.

    Returns
    -------
    (DataFrame, Series)
        Those of a stated length: one row a bin, by the names of `BINS` and `LONGER`, one column a
        kind of `STARTS`. The others by `GROUPS`; "not stated" counts activities.
    """
    case = audit.case
    cells = list_cells(case)
    days = _find_days(case, cells)
    group = cells["retention_kind"].mask(cells["retention_kind"] == "none", "missing")
    group = group.mask(group.isin(tuple(STARTS)) & days.isna(), "until_day")
    group = group.mask(group.isin(tuple(STARTS)), _LENGTHS)
    open_ended = cells["retention_open_ended"]
    group = group.mask(open_ended & group.isin((_LENGTHS, "until_day")), "minimum")
    group = group.mask(open_ended & (group == "event"), "open")
    unnamed = (group == "elsewhere") & (cells["retention_reference"] == "")
    group = group.mask(unnamed, "unnamed")
    sized = group == _LENGTHS
    names = [*BINS.values(), LONGER]
    bins = pd.cut(days[sized].astype("float64"), [-1, *BINS, float("inf")], labels=names)
    kinds = cells.loc[sized, "retention_kind"]
    lengths = pd.crosstab(bins.astype("str"), kinds)
    lengths = lengths.reindex(index=names, columns=list(STARTS), fill_value=0).astype("int64")
    others = pd.concat([group[~sized], _find_missing(case, cells)]).value_counts()
    return lengths, others.reindex(list(GROUPS), fill_value=0).astype("int64")


def _find_days(case: Case, cells: pd.DataFrame) -> pd.Series:
    found = pd.Series(pd.NA, index=cells.index, dtype="Int64")
    for table in ("activities", "data_items"):
        frame = case.register.frames[table].set_index("key")
        own = cells["table"] == table
        found = found.mask(own, cells["key"].map(frame["retention_days"]).astype("Int64"))
    return found


def _find_missing(case: Case, cells: pd.DataFrame) -> pd.Series:
    """Return the group of each activity that gives no time limit where one is relied on."""
    items, activities = case.data_items, case.activities
    own = cells[cells["table"] == "data_items"]
    relying = items.loc[~items["key"].isin(own["key"]), "activity_key"]
    counts = activities["key"].isin(relying) | ~activities["key"].isin(own["activity_key"])
    missing = activities[counts & ~is_given(activities)]
    return missing["processor"].map({True: "not_asked", False: "missing"}).astype("str")
