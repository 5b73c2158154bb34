"""What identifies an activity from one audit to the next, and what it is called meanwhile."""

import hashlib

import pandas as pd

from ropa.phrases.matching import fold
from ropa.schema import read_fields

_HASH_LENGTH = 6
_CONTENT = (
    "activity",
    "role",
    "purpose",
    "lawful_basis",
    "data_subjects",
    "data_categories",
    "retention",
)


def identify_activities(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the identity and the label of each activity.

    Parameters
    ----------
    rows : DataFrame
        The activities' texts: ``activity_id``, ``function``, ``activity``, ``purpose``, ...; of one
        or more registers, each by itself.

    Returns
    -------
    DataFrame
        ``identity``: the folded stated id, with the function where ids repeat; without an id the
        folded function and name, the purpose serving as name; equal ones get ``~2`` and so on by
        order of content. Sheet, row and layout are not in it. ``label``: the stated id, or ``~``
        and six hexadecimal digits of the identity.
    """
    folded = rows[["activity_id", "function", "activity", "purpose"]].map(fold)
    folded["register"] = rows["register"]
    stated = rows["activity_id_state"] == "stated"
    name = folded["activity"].where(folded["activity"] != "", folded["purpose"])
    repeated = stated & folded.duplicated(["register", "activity_id"], keep=False)
    identity = folded["activity_id"].where(
        ~repeated, folded["activity_id"] + "|" + folded["function"]
    )
    identity = identity.where(stated, "|" + folded["function"] + "|" + name)
    held = pd.DataFrame({"register": rows["register"], "identity": identity})
    equal = held.duplicated(keep=False)
    if equal.any():
        names = dict.fromkeys((*_CONTENT, *(one.name for one in read_fields("activities"))))
        content = rows.loc[equal, list(names)].map(fold)
        same = list(held.columns)
        ordered = pd.concat([held[equal], content], axis=1)
        ordered = ordered.sort_values([*same, *content.columns], kind="stable")
        number = ordered.groupby(same).cumcount() + 1
        suffix = ("~" + number.astype("str")).where(number > 1, "")
        identity = identity.where(~equal, identity + suffix.reindex(identity.index).fillna(""))
    label = rows["activity_id"].str.strip().where(stated, identity.map(_make_label))
    return pd.DataFrame({"identity": identity.astype("str"), "label": label.astype("str")})


def make_labels(activities: pd.DataFrame) -> pd.Series:
    """Return ``~`` and six digits of the identity of each activity, whether it has an id or not."""
    return activities["identity"].map(_make_label)


def _make_label(identity: str) -> str:
    return "~" + hashlib.sha256(identity.encode()).hexdigest()[:_HASH_LENGTH]
