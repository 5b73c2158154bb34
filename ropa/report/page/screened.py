"""Screening for impact assessments, activity by activity."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ropa.report.findings_json import list_rows
from ropa.report.page.history import MOST_ROWS
from ropa.screening import VERDICTS, WEIGHTS


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
    same = ["register", "activity_id", "activity"]
    groups = []
    for key, rows in screening.groupby(same, sort=False):
        regimes = [
            {
                "regime": regime,
                "verdict": found["verdict"].iloc[0],
                "assessed": bool(found["assessed"].iloc[0]),
                "criteria": _describe(found),
            }
            for regime, found in rows.groupby("regime", sort=False)
        ]
        gravest = min((one["verdict"] for one in regimes), key=VERDICTS.index)
        assessed = all(one["assessed"] for one in regimes)
        named = dict(zip(same, key, strict=True))
        groups.append({**named, "regimes": regimes, "verdict": gravest, "assessed": assessed})
    groups.sort(key=lambda one: (VERDICTS.index(one["verdict"]), one["assessed"]))
    counts = [
        (
            verdict,
            sum(one["verdict"] == verdict for one in groups),
            sum(one["verdict"] == verdict and not one["assessed"] for one in groups),
        )
        for verdict in VERDICTS
    ]
    return Screened(
        tuple(groups[:MOST_ROWS]),
        max(len(groups) - MOST_ROWS, 0),
        tuple(one for one in counts if one[1]),
    )


def _describe(found: pd.DataFrame) -> list[dict[str, Any]]:
    weights = found["counts"].map(WEIGHTS)
    return list_rows(found.assign(weight=weights))
