"""Screening for impact assessments as a result of its own: which cell raises which criterion.

It judges nothing anew: the criteria and their verdict are those on which DPI-01 rests
(`ropa.rules.risk_criteria`). What it adds is the way back to the cells, so that each criterion can
be agreed with or contested where it was read.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from ropa.attribution import REGIMES, name_activities, quote_cells
from ropa.register import locate, read_cells
from ropa.rules.case import Case
from ropa.rules.risk_criteria import (
    CRITERIA,
    NEEDED,
    NOT_NEEDED,
    SUGGESTED,
    is_assessed,
    judge_criteria,
    list_met,
    raise_criteria,
)

COLUMNS = (
    "register",
    "activity_id",
    "activity",
    "regime",
    "verdict",
    "assessed",
    "criterion",
    "trigger",
    "counts",
    "source",
    "field",
    "value",
    "file",
    "sheet",
    "cell",
)
VERDICTS = (NEEDED, SUGGESTED, NOT_NEEDED)
"""What the criteria of an activity together amount to, the gravest first."""

WEIGHTS: Mapping[str, str] = MappingProxyType(
    {
        "alone": "enough by itself",
        "two": "one of the two that are needed",
        "with another": "counts together with another",
    }
)
"""What a criterion counts, in words."""

_TEXTS = [name for name in COLUMNS if name != "assessed"]


def list_criteria(case: Case) -> pd.DataFrame:
    """Return the criteria for an impact assessment that live controller activities meet.

    Parameters
    ----------
    case : Case
        The register, the date and the law.

    Returns
    -------
    DataFrame
        One row an activity, regime, criterion and cell that raised it. A criterion that needs
        several things (special category data, on a large scale) has a row for each of their cells.

        - ``register``, ``activity_id``, ``activity``: as in the findings.
        - ``regime``: ``"uk"`` or ``"eu"``, each judged alone.
        - ``verdict``: what the criteria of that activity together amount to under that regime
          (`VERDICTS`), whatever the record itself says.
        - ``assessed``: whether an assessment or a screening is recorded as done or referenced.
        - ``criterion``, ``trigger``, ``counts``, ``source``: its code, words, weight (``alone``,
          ``two``, ``with another``) and source, from the law table ``dpia_triggers``.
        - ``field``, ``value``, ``file``, ``sheet``, ``cell``: the cell, quoted as findings do.

        Sorted by register, place of the activity and regime (the UK's first), then in the order of
        the law table.
        Empty where nothing was raised or no such law is in force.
    """
    rows = case.controller_rows
    raised = raise_criteria(case)
    met = list_met(raised, rows["key"])
    known = rows[["register", "key", "uk", "eu"]].assign(
        assessed=is_assessed(rows), place=range(len(rows))
    )
    parts = []
    for rank, regime in enumerate(REGIMES):
        verdicts = known.assign(verdict=judge_criteria(case, met, regime)["verdict"])
        verdicts = verdicts[verdicts[regime]].drop(columns=list(REGIMES))
        found = raised.merge(verdicts.rename(columns={"key": "activity_key"}), on="activity_key")
        found = found.merge(_read_table(case, regime), on="criterion")
        parts.append(found.assign(regime=regime, rank=rank))
    return _arrange(case, pd.concat(parts, ignore_index=True))


def _read_table(case: Case, regime: str) -> pd.DataFrame:
    """Return the law table's rows on the criteria that can be read, with their order."""
    names = ["criterion", "trigger", "counts", "source"]
    table = case.law.find_rows("dpia_triggers", regime, case.as_of)
    kept = [[row[name] for name in names] for row in table if row["criterion"] in CRITERIA]
    frame = pd.DataFrame(kept, columns=names, dtype="str")
    return frame.assign(order=range(len(frame)))


def _arrange(case: Case, found: pd.DataFrame) -> pd.DataFrame:
    """Add the activity's name and the cell, and put the rows in order."""
    cells = found[["table", "key", "field", "part"]]
    named = name_activities(case, cells).rename(columns={"label": "activity_id"})
    places = locate(case.register, cells)
    value = quote_cells(read_cells(case.register, cells), cells)
    frame = found.join(named[["activity_id", "activity"]]).join(places).assign(value=value)
    order = ["register", "place", "rank", "order", "file", "sheet", "row", "column"]
    frame = frame.sort_values(order, kind="stable", ignore_index=True)
    return frame[list(COLUMNS)].astype({**dict.fromkeys(_TEXTS, "str"), "assessed": "bool"})
