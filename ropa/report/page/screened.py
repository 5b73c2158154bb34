"""Screening for impact assessments, activity by activity."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ropa.report.findings_json import list_rows
from ropa.report.page.history import MOST_ROWS
from ropa.screening import VERDICTS, WEIGHTS

_SAME = ("register", "activity_id", "activity")
"""What tells one activity from another."""


@dataclass(frozen=True, slots=True)
class Screened:
    """The activities that meet criteria.

    Attributes
    ----------
    rows : tuple of mapping
        One an activity, the gravest verdict first, with its ``regimes``: each with its verdict and
        criteria.
    left : int
        Activities that are left out.
    counts : tuple of (str, int, int)
        Each verdict that occurs, the activities that have it as their gravest, and those of them
        with no assessment recorded.
    """

    rows: tuple[dict[str, Any], ...]
    left: int
    counts: tuple[tuple[str, int, int], ...]


def list_screened(screening: pd.DataFrame) -> Screened:
    """Return the activities that meet criteria for an impact assessment.

    Parameters
    ----------
    screening : DataFrame
        From `ropa.screening.list_criteria`.
    """
    numbers = screening.groupby(list(_SAME), sort=False).ngroup()
    judged = _judge_groups(screening, numbers)
    shown = judged.sort_values(["grave", "assessed"], kind="stable").head(MOST_ROWS)
    told = _tell_groups(screening, numbers, shown)
    counts = [
        (verdict, int(alike.sum()), int((alike & ~judged["assessed"]).sum()))
        for grave, verdict in enumerate(VERDICTS)
        for alike in [judged["grave"] == grave]
    ]
    return Screened(
        tuple(told),
        max(len(judged) - MOST_ROWS, 0),
        tuple(one for one in counts if one[1]),
    )


def _judge_groups(screening: pd.DataFrame, numbers: pd.Series) -> pd.DataFrame:
    """Return of each activity its gravest verdict (``grave``) and whether it was assessed."""
    each = screening.assign(
        group=numbers,
        grave=screening["verdict"].map(VERDICTS.index).astype("int64"),
        assessed=screening["assessed"].astype(bool),
    )
    each = each.drop_duplicates(["group", "regime"])
    judged = each.groupby("group", sort=True)
    return judged.agg(grave=("grave", "min"), assessed=("assessed", "all"))


def _tell_groups(
    screening: pd.DataFrame, numbers: pd.Series, shown: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return what is told of the activities that are shown, each with its regimes."""
    kept = numbers.isin(shown.index)
    rows = screening[kept]
    rows = rows.assign(weight=rows["counts"].map(WEIGHTS))
    found: dict[int, dict[str, Any]] = {}
    for number, row in zip(numbers[kept].tolist(), list_rows(rows), strict=True):
        if number not in found:
            found[number] = {**{name: row[name] for name in _SAME}, "regimes": {}}
        regimes = found[number]["regimes"]
        if row["regime"] not in regimes:
            regimes[row["regime"]] = {
                "regime": row["regime"],
                "verdict": row["verdict"],
                "assessed": bool(row["assessed"]),
                "criteria": [],
            }
        regimes[row["regime"]]["criteria"].append(row)
    return [
        {
            **found[number],
            "regimes": list(found[number]["regimes"].values()),
            "verdict": VERDICTS[grave],
            "assessed": assessed,
        }
        for number, grave, assessed in zip(
            shown.index.tolist(), shown["grave"].tolist(), shown["assessed"].tolist(), strict=True
        )
    ]
