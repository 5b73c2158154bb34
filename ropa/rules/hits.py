"""Hits: what a rule returns before it becomes findings.

A hit names a row, a field and what is wrong there. Which cell that is, which activity, which
provision and which id follow from the row and the rule, once for all rules (`ropa.auditing`).
"""

from collections.abc import Iterable
from types import MappingProxyType

import pandas as pd

from ropa.column import make_empty

HIT_COLUMNS = (
    "register",
    "table",
    "key",
    "field",
    "part",
    "subject",
    "message",
    "severity",
    "duty",
    "regime",
)

_TYPES = MappingProxyType(dict.fromkeys(HIT_COLUMNS, "str") | {"key": "int64", "part": "int64"})

NOT_EVALUATED = "not evaluated"
"""Severity of a row that a rule could not judge (`skip_rows`)."""


def make_hits(
    rows: pd.DataFrame,
    field: "str | pd.Series",
    message: "str | pd.Series",
    *,
    table: str = "activities",
    subject: "str | pd.Series" = "",
    severity: "str | pd.Series" = "",
    duty: "str | pd.Series" = "",
    regime: "str | pd.Series" = "",
) -> pd.DataFrame:
    """Return one hit a row.

    Parameters
    ----------
    rows : DataFrame
        The rows of `table` that break the rule, with ``register`` and ``key``.
    field : str or Series
        Field whose cell is named.
    message : str or Series
        What is wrong, in one sentence that a data protection officer understands.
    table : str
        Table of the rows.
    subject : str or Series
        The recipient, country or data category where the rule is about one, else empty.
    severity : str or Series
        Milder or worse than the rule's own; empty for its own.
    duty : str or Series
        Another duty than the rule's own; empty for its own.
    regime : str or Series
        ``"uk"`` or ``"eu"`` where the verdict depends on it; empty for each regime of the register
        in which the rule has a provision on the date.

    Returns
    -------
    DataFrame
        Columns `HIT_COLUMNS`. ``part`` is 0: of a text that is joined from several cells the first.
    """
    if rows.empty:
        return join_hits(())
    return pd.DataFrame(
        {
            "register": rows["register"],
            "table": table,
            "key": rows["key"],
            "field": field,
            "part": 0,
            "subject": subject,
            "message": message,
            "severity": severity,
            "duty": duty,
            "regime": regime,
        },
        columns=list(HIT_COLUMNS),
    ).reset_index(drop=True)


def join_hits(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the hits of several parts of one rule as one frame."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return make_empty(**_TYPES)
    if len(filled) == 1:
        return filled[0].reset_index(drop=True)
    return pd.concat(filled, ignore_index=True)


def skip_rows(
    rows: pd.DataFrame, why: "str | pd.Series", *, table: str = "activities"
) -> pd.DataFrame:
    """Return rows on which the rule was not evaluated, and why: to be joined with its hits."""
    return make_hits(rows, "", why, table=table, severity=NOT_EVALUATED)
