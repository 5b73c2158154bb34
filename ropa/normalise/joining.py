"""One row for several activities: "A1, A2", "A1-A3" or "All" beside a recipient or a data item."""

import re
from functools import cache

import pandas as pd

from ropa.normalise.children import find_parents
from ropa.phrases.columns import map_texts
from ropa.phrases.matching import fold
from ropa.vocabulary import read_vocabulary

_JOINT = re.compile(r"[,;&+\n\r]|\s/\s|\s(?:and|und|et|en|e|y|og)\s", re.IGNORECASE)
_SLASH = re.compile(r"/")
_LETTER = re.compile(r"[^\W\d_]")
_SPAN = re.compile(
    r"(?P<head>[^\W\d_]+[ ._-]?)(?P<first>\d{1,6})\s?(?:[-\u2013]|\s(?:to|bis)\s)\s?"
    r"(?P=head)(?P<last>\d{1,6})"
)
_MOST, _MOST_ROWS = 500, 200_000
_EVERY = "*"


def join_activities(rows: pd.DataFrame, activities: pd.DataFrame) -> pd.DataFrame:
    """Find the activities that each row's stated id names, several where it lists them.

    The whole text is tried first, as an id may hold a comma itself. A list counts only where each
    of its parts names one activity.

    Parameters
    ----------
    rows : DataFrame
        Rows of a child table that stand in a sheet of its own.
    activities : DataFrame
        The activities of all registers.

    Returns
    -------
    DataFrame
        ``activity_key`` and ``problem`` as of `find_parents`, with a row's index as often as there
        are activities that it names.
    """
    parents = find_parents(rows, activities)
    unknown = rows[parents["activity_key"] < 0]
    parts = map_texts(unknown["activity_id"].fillna(""), _list_ids)
    parts = parts[parts.map(len) > 0]
    parts = parts[~_is_too_much(parts, rows["register"].reindex(parts.index), activities)]
    if parts.empty:
        return parents
    named = parts.explode()
    long = pd.DataFrame(
        {
            "row": named.index,
            "register": rows["register"].reindex(named.index).to_numpy(),
            "activity_id": named.astype("str").to_numpy(),
        }
    )
    every = long["activity_id"] == _EVERY
    listed = long[~every]
    found = find_parents(listed, activities)
    sure = ((found["activity_key"] >= 0) & (found["problem"] == "")).groupby(listed["row"])
    known = listed.assign(activity_key=found["activity_key"])[sure.transform("all").astype(bool)]
    keys = activities[["register", "key"]].rename(columns={"key": "activity_key"})
    both = pd.concat([known, long[every].merge(keys, on="register")], ignore_index=True)
    both = both.drop_duplicates(["row", "activity_key"]).set_index("row")
    told = both[["activity_key"]].assign(problem="")
    left = parents.drop(index=told.index.unique())
    return pd.concat([left, told.astype(left.dtypes)]).sort_index(kind="stable")


def _is_too_much(parts: pd.Series, registers: pd.Series, activities: pd.DataFrame) -> pd.Series:
    """Tell which rows are of a register whose rows would become more than any register has."""
    every = registers.map(activities.groupby("register").size()).fillna(0)
    sizes = parts.map(len).where(parts.map(lambda one: one != (_EVERY,)), every)
    return sizes.groupby(registers).transform("sum") > _MOST_ROWS


def _list_ids(text: str) -> tuple[str, ...]:
    """Return the ids that a text lists: none where it lists none, ``"*"`` for every activity."""
    if fold(text) in _words_for_all():
        return (_EVERY,)
    parts = _cut(text, _JOINT)
    if len(parts) == 1:
        more = _cut(text, _SLASH)
        # "1/2" may be one activity of a kind of its own.
        parts = more if all(_LETTER.search(one) for one in more) else parts
    ids = [one for part in parts for one in _count(part)]
    return tuple(dict.fromkeys(ids)) if 1 < len(ids) <= _MOST else ()


def _cut(text: str, joint: re.Pattern[str]) -> list[str]:
    return [one.strip() for one in joint.split(text) if one.strip()]


def _count(part: str) -> list[str]:
    """Return the ids from "A1" to "A3" where that is what a part says, else the part."""
    span = _SPAN.fullmatch(part)
    if not span:
        return [part]
    first, last = int(span["first"]), int(span["last"])
    width = len(span["first"]) if span["first"].startswith("0") else 0
    if not first < last < first + _MOST:
        return [part]
    return [f"{span['head']}{number:0{width}d}" for number in range(first, last + 1)]


@cache
def _words_for_all() -> frozenset[str]:
    return frozenset(fold(row["term"]) for row in read_vocabulary("all_activities"))
