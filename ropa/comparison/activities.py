"""Activities between two audits: which came, which went, which bear another name or id now."""

from typing import Final

import pandas as pd

from ropa.phrases.columns import map_texts
from ropa.phrases.matching import fold
from ropa.results import CHANGE_COLUMNS

_KEY: Final = ["activity_id", "name"]


def match_activities(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Pair the activities of an earlier audit with those of this one.

    An id that stands once in both audits is the same activity, whatever its name; where an id is
    repeated the name decides as well. Of those left over, one that says the same in its other
    fields, and alone does so, is the same activity under another id or name.

    Parameters
    ----------
    before, now : DataFrame
        One row an activity: ``activity_id``, ``activity`` and ``content``.

    Returns
    -------
    DataFrame
        One row an activity of either: `ropa.results.CHANGE_COLUMNS`. ``change`` is added, removed,
        renamed, or empty for one that stayed as it was.
    """
    before, now = (
        rows.drop_duplicates(["activity_id", "activity", "content"]).assign(
            name=map_texts(rows["activity"], fold)
        )
        for rows in (before, now)
    )
    repeated = {
        one
        for rows in (before, now)
        for one in rows.loc[rows["activity_id"].duplicated(), "activity_id"]
    }
    parts = []
    for plain in (True, False):
        columns = ["activity_id"] if plain else _KEY
        chosen = [rows[rows["activity_id"].isin(repeated) != plain] for rows in (before, now)]
        pairs = chosen[0].merge(chosen[1], how="outer", on=columns, suffixes=("_old", "_new"))
        if plain:
            pairs["renamed"] = pairs["name_old"] != pairs["name_new"]
        parts.append(pairs.assign(renamed=pairs.get("renamed", default=False)))
    pairs = pd.concat(parts, ignore_index=True)
    gone, come = pairs["activity_new"].isna(), pairs["activity_old"].isna()
    stayed = pairs[~gone & ~come]
    removed, added = pairs[gone], pairs[come]
    moved = _match_contents(removed, added)
    removed = removed[~removed["activity_id"].isin(moved["earlier_id"])]
    added = added[~added["activity_id"].isin(moved["activity_id"])]
    rows = [
        _make(
            stayed["renamed"].map({True: "renamed", False: ""}),
            (stayed["activity_id"], stayed["activity_new"]),
            (stayed["activity_id"], stayed["activity_old"]),
        ),
        _make("removed", ("", ""), (removed["activity_id"], removed["activity_old"])),
        _make("added", (added["activity_id"], added["activity_new"]), ("", "")),
        moved,
    ]
    found = pd.concat([one for one in rows if len(one)] or rows[:1], ignore_index=True)
    order = ["change", "activity_id", "earlier_id", "activity", "earlier_activity"]
    return found.sort_values(order, kind="stable", ignore_index=True).astype("str")


def _match_contents(removed: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    """Pair what went with what came where both say the same, and nothing else says it."""
    old = removed[(removed["content_old"] != "") & ~removed["content_old"].duplicated(keep=False)]
    new = added[(added["content_new"] != "") & ~added["content_new"].duplicated(keep=False)]
    pairs = old[["activity_id", "activity_old", "content_old"]].merge(
        new[["activity_id", "activity_new", "content_new"]],
        left_on="content_old",
        right_on="content_new",
        suffixes=("_old", "_new"),
    )
    return _make(
        "renamed",
        (pairs["activity_id_new"], pairs["activity_new"]),
        (pairs["activity_id_old"], pairs["activity_old"]),
    )


_Side = tuple["str | pd.Series", "str | pd.Series"]


def _make(change: "str | pd.Series", now: _Side, before: _Side) -> pd.DataFrame:
    given = dict(zip(CHANGE_COLUMNS, (change, *now, *before), strict=True))
    index = next((one.index for one in given.values() if isinstance(one, pd.Series)), None)
    return pd.DataFrame(given, index=index, columns=list(CHANGE_COLUMNS))
