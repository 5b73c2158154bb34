"""Time limits compared: one period for everything, and two for one thing."""

from dataclasses import dataclass

import pandas as pd

from ropa.phrases.matching import fold
from ropa.phrases.retention_tokens import read_tokens, split_statements
from ropa.rules.case import Case, map_texts, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.rules.retention_cells import FIELD, list_cells, read_limit

_MANY_ACTIVITIES = 5
_MANY_CATEGORIES = 2


@rule("RET-06", roles="R", severity="low", duty="record")
def blanket_retention(case: Case) -> pd.DataFrame:
    """One period is stated for every activity and category of the register.

    Judged where five or more live activities of a controller, with two or more data categories,
    all state the same period from the same event.

    Why it matters
    --------------
    The record holds the time limits for the different categories of data. One period for all
    shows that nobody asked how long each is needed.

    Remedy
    ------
    Set a period for each data category by what its purpose and the law need.

    References
    ----------
    GDPR Art 30(1)(f) and 5(1)(e).
    """
    activities, items = case.controller_rows, case.data_items
    cells = list_cells(case)
    cells = cells[~cells["processor"]]
    cells = cells.assign(limit=map_texts(read_column(cells, FIELD), _read_limit).astype("str"))
    held = items[items["activity_key"].isin(activities["key"])]
    facts = pd.DataFrame(
        {
            "activities": activities.groupby("register")["key"].nunique(),
            "judged": cells.groupby("register")["activity_key"].nunique(),
            "limits": cells.groupby("register")["limit"].nunique(),
            "limit": cells.groupby("register")["limit"].first(),
            "categories": map_texts(read_column(held, "data_category"), fold)
            .groupby(held["register"])
            .nunique(),
        }
    )
    blanket = facts[
        (facts["activities"] >= _MANY_ACTIVITIES)
        & (facts["judged"] == facts["activities"])
        & (facts["limits"] == 1)
        & (facts["limit"] != "")
        & (facts["categories"] >= _MANY_CATEGORIES)
    ]
    rows = pd.DataFrame({"register": blanket.index, "key": -1})
    return make_hits(rows, FIELD, "One period is stated for every activity and data category.")


def _read_limit(text: str) -> str:
    """Return the one period of a text with its event, "" where it states none or several."""
    reading = read_limit(text)
    if reading.kind not in ("fixed", "event_period") or reading.trigger == "review":
        return ""
    limits = {(one.days, one.trigger) for one in reading.periods}
    days, trigger = limits.pop() if len(limits) == 1 else (0, "")
    return f"{days} {trigger}" if days else ""


@dataclass(frozen=True, slots=True)
class _Limit:
    """One period that can be compared: for what, from what event, how many days."""

    subject: str
    event: str
    days: int


_OF_PERIODS = frozenset(("number", "unit", "iso", "span", "one", "measure"))
# Tokens that say no more of a period than that data are kept or erased after it.
_PLAIN = _OF_PERIODS | {"filler", "mark", "noun", "keep", "erase", "after", "from", "on", "at_most"}
_EVENT_NAMES = frozenset(("trigger", "thing"))
_OF_EVENTS = _EVENT_NAMES | {"end", "stretch"}


def _read_limits(text: str) -> tuple[_Limit, ...]:
    """Return the limits of a text that can be compared: those without conditions or exceptions."""
    parts = split_statements(text)
    return tuple(limit for statement in parts for limit in _read_plain(statement))


def _read_plain(statement: str) -> tuple[_Limit, ...]:
    reading = read_limit(statement)
    if not reading.periods or reading.qualified or reading.open_ended:
        return ()
    if reading.trigger == "review":
        return ()
    tokens = read_tokens(statement)
    first = reading.periods[0]
    alike = {(one.subject, one.trigger) for one in reading.periods}
    if first.trigger == "other_event":  # only the words can tell whether two events are the same
        words = (one.text for one in tokens if one.kind not in _OF_PERIODS | {"filler", "mark"})
        return (_Limit("", " ".join(words), first.days),) if len(reading.periods) == 1 else ()
    if len(reading.periods) > 1 and alike != {("", "")}:
        return ()
    allowed = _PLAIN | (_OF_EVENTS if first.trigger else frozenset())
    named = set(first.subject.split())
    beyond = (one for one in tokens if one.kind not in allowed)
    if any(not set(one.text.split()) <= named for one in beyond):
        return ()
    # One code covers several events, such as the ends of the tax year and of the financial year.
    words = (one.text for one in tokens if one.kind in _EVENT_NAMES and one.text not in named)
    bound = ("within",) if any(one.kind == "at_most" for one in tokens) else ()
    event = " ".join((*bound, first.trigger, *words))
    return tuple(_Limit(first.subject, event, one.days) for one in reading.periods)


@rule("RET-09", roles="CP", severity="medium", duty="record")
def conflicting_retention(case: Case) -> pd.DataFrame:
    """Two different periods are stated for one data category of one activity.

    Periods from different events, for different categories or with an exception ("sooner if you
    ask", "longer if the law requires") do not conflict.

    Why it matters
    --------------
    Whoever erases the data cannot tell which period holds, and the longer one will win.

    Remedy
    ------
    Keep the period that is right, or say what each of the two applies to.

    References
    ----------
    GDPR Art 30(1)(f) and 5(1)(e).
    """
    limits = _list_limits(case)
    thing = ["register", "activity_key", "subject", "event"]
    first = limits.groupby(thing)["days"].transform("first")
    found = limits[limits["days"] != first].drop_duplicates(["activity_key", "subject"])
    return join_hits(
        make_hits(
            rows,
            FIELD,
            "Two different periods are stated for the same data and the same event.",
            table=str(table),
            subject=rows["category"],
        )
        for table, rows in found.groupby("table", sort=False)
    )


def _list_limits(case: Case) -> pd.DataFrame:
    """Return one row a cell and comparable limit, the cells of activities first.

    ``subject`` is the category that the limit is for, folded; ``category`` the same as typed where
    the row is a data item's.
    """
    cells = list_cells(case, every=True).rename(columns={"subject": "category"})
    cells = cells.assign(limit=map_texts(read_column(cells, FIELD), _read_limits)).explode("limit")
    cells = cells[cells["limit"].notna()].reset_index(drop=True)
    parts = [(one.subject, one.event, one.days) for one in cells["limit"]]
    read = pd.DataFrame(parts, columns=["named", "event", "days"])
    cells = pd.concat([cells.drop(columns="limit"), read], axis=1)
    folded = map_texts(read_column(cells, "category"), fold).astype("str")
    subject = cells["named"].where(cells["named"] != "", folded)
    cells = cells.assign(subject=subject)[cells["counts"] | (subject != "")]
    return cells[~_is_listed_in_order(case, cells)]


def _is_listed_in_order(case: Case, limits: pd.DataFrame) -> pd.Series:
    """Tell whether a cell gives as many bare periods as its activity has data categories.

    Then they may stand in the order of the categories, one for each.
    """
    items = case.data_items
    categories = items.groupby("activity_key")["key"].size()
    bare = (limits["subject"] == "") & (limits["table"] == "activities")
    count = bare.groupby(limits["activity_key"]).transform("sum")
    return bare & (count > 1) & (count == limits["activity_key"].map(categories))
