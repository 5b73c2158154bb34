"""What identifies an activity from one audit to the next, and what it is called meanwhile."""

import hashlib

import pandas as pd

from ropa.normalise.arrays import fold_column
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
    stated = rows["activity_id_state"] == "stated"
    identity = fold_column(rows["activity_id"])
    ids = pd.DataFrame({"register": rows["register"], "id": identity})
    repeated = stated & ids.duplicated(keep=False)
    named = repeated | ~stated
    if named.any():
        words = {
            name: fold_column(rows.loc[named, name]) for name in ("function", "activity", "purpose")
        }
        name = words["activity"].where(words["activity"] != "", words["purpose"])
        told = "|" + words["function"] + "|" + name
        told = told.where(~repeated[named], identity[named] + "|" + words["function"])
        identity = identity.where(~named, told)
    held = pd.DataFrame({"register": rows["register"], "identity": identity})
    equal = held.duplicated(keep=False)
    if equal.any():
        names = dict.fromkeys((*_CONTENT, *(one.name for one in read_fields("activities"))))
        content = pd.DataFrame({name: fold_column(rows.loc[equal, name]) for name in names})
        same = list(held.columns)
        ordered = pd.concat([held[equal], content], axis=1)
        ordered = ordered.sort_values([*same, *content.columns], kind="stable")
        number = ordered.groupby(same).cumcount() + 1
        suffix = ("~" + number.astype("str")).where(number > 1, "")
        identity = identity.where(~equal, identity + suffix.reindex(identity.index).fillna(""))
    label = rows["activity_id"].str.strip()
    if not stated.all():
        label = label.where(stated, identity[~stated].map(_make_label))
    return pd.DataFrame({"identity": identity.astype("str"), "label": label.astype("str")})


def make_labels(activities: pd.DataFrame) -> pd.Series:
    """Return ``~`` and six digits of the identity of each activity, whether it has an id or not."""
    return activities["identity"].map(_make_label)


def _make_label(identity: str) -> str:
    return "~" + hashlib.sha256(identity.encode()).hexdigest()[:_HASH_LENGTH]
