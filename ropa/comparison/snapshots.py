"""An audit in the form in which earlier ones are read back, so that both are compared alike."""

from types import MappingProxyType

import pandas as pd

from ropa import __version__
from ropa.findings import VALUE_LENGTH
from ropa.phrases.columns import map_texts
from ropa.previous import PROBLEM_COLUMNS, Previous
from ropa.register import Register
from ropa.results import Result
from ropa.schema import NOT_LIVE

_CONTENT = (
    "role",
    "purpose",
    "lawful_basis",
    "data_subjects",
    "data_categories",
    "recipients",
    "retention",
    "security_measures",
    "transfers",
)
"""Fields by which an activity is known again under another id and name."""


def take_snapshot(result: Result) -> Previous:
    """Return an audit as it would be read back from its reports."""
    history = result.history.groupby("id", sort=True)
    return Previous(
        file="",
        sha256="",
        as_of=result.as_of,
        regime=result.regime,
        version=__version__,
        rules=tuple(one.code for one in result.rules),
        inputs=(),
        history=MappingProxyType(
            {
                str(one): tuple(zip(rows["as_of"], rows["status"], strict=True))
                for one, rows in history
            }
        ),
        frames=MappingProxyType(
            {
                "findings": result.findings,
                "fixed": result.fixed,
                "pending": result.pending,
                "not_evaluated": result.not_evaluated,
                "activities": list_activities(result.register),
                "problems": pd.DataFrame(columns=list(PROBLEM_COLUMNS), dtype="str"),
            }
        ),
    )


def list_activities(register: Register) -> pd.DataFrame:
    """Return the activities of a register as a comparison knows them.

    Returns
    -------
    DataFrame
        One row an activity: ``activity_id`` and ``activity`` as findings show them, ``live``
        (yes, or empty for one that is ended or only proposed) and ``content``: 16 hexadecimal
        digits that are equal where an activity says the same in its other fields, empty where it
        says nothing.
    """
    rows = register.frames["activities"]
    name = rows["activity"].where(rows["activity_state"] == "stated", "")
    texts = rows[list(_CONTENT)].astype("str").apply(_fold)
    marks = pd.util.hash_pandas_object(texts, index=False).map("{:016x}".format)
    return pd.DataFrame(
        {
            "activity_id": rows["label"],
            "activity": name.where(name != "", rows["purpose"]).str.slice(0, VALUE_LENGTH),
            "live": rows["status_code"].isin(NOT_LIVE).map({True: "", False: "yes"}),
            "content": marks.where((texts != "").any(axis=1), ""),
        },
        dtype="str",
    )


def _fold(texts: pd.Series) -> pd.Series:
    return map_texts(texts, lambda text: " ".join(text.lower().split())).astype("str")
