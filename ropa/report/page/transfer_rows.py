"""Transfers to third countries: on what each rests, and those to the United States apart."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ropa.charts.palette import SAFEGUARD_COLOURS
from ropa.charts.safeguard_groups import GROUPS, find_group, rank_safeguard
from ropa.findings import join_regimes
from ropa.report.findings_json import list_rows
from ropa.report.page.anchors import Anchors
from ropa.report.page.wording import REGIMES
from ropa.results import Result
from ropa.rules.case import Case
from ropa.summaries import Summary
from ropa.transfers import SAFEGUARDS
from ropa.what_if import list_fallen

MOST_TRANSFERS = 2_000
"""Transfers that the page lists at most, the worst safeguards first."""

_UNITED_STATES = "US"
_HOME = "home"
_FAILING = "failing"
_UNKNOWN = ("unidentified", "unreadable")
_NAMED = ("register", "label", "activity")
_SHOWN = ("key", "safeguard", "destination", "told")


@dataclass(frozen=True, slots=True)
class Transfers:
    """What the page says of transfers.

    Attributes
    ----------
    safeguards : tuple of mapping
        One a safeguard that occurs, the worst first, with its counts from the summary.
    rows : tuple of mapping
        One a transfer, the worst first; two where the regimes judge it differently.
    left : int
        Rows that are left out.
    american : tuple of mapping
        Those of all rows that go to the United States.
    american_count, american_failing : int
        Transfers to the United States, and those of them without a working safeguard under a
        regime.
    unidentified : int
        Transfers whose country is not identified: it may be any.
    fallen : tuple of mapping
        Transfers that lose their safeguard where the law was taken to end instruments, as
        `ropa.what_if.find_fallen` gives them.
    """

    safeguards: tuple[dict[str, Any], ...]
    rows: tuple[dict[str, Any], ...]
    left: int
    american: tuple[dict[str, Any], ...]
    american_count: int
    american_failing: int
    unidentified: int
    fallen: tuple[dict[str, Any], ...]


def list_transfers(case: Case, result: Result, summary: Summary, anchors: Anchors) -> Transfers:
    """Return the transfers of an audit, each with its verdict.

    Where the verdicts could not be made there are none: "not evaluated" says so.
    """
    counted = list_rows(summary.transfers)
    safeguards = sorted(
        (
            {**row, "words": SAFEGUARDS[row["safeguard"]], **_describe(row["safeguard"])}
            for row in counted
        ),
        key=lambda row: rank_safeguard(row["safeguard"]),
    )
    rows = _name_rows(case.verdicts, result, anchors) if counted else []
    american = [row for row in rows if row["country_code"] == _UNITED_STATES]
    return Transfers(
        tuple(safeguards),
        tuple(rows[:MOST_TRANSFERS]),
        max(len(rows) - MOST_TRANSFERS, 0),
        tuple(american),
        len({row["key"] for row in american}),
        len({row["key"] for row in american if row["group"] == _FAILING}),
        len({row["key"] for row in rows if row["destination"] in _UNKNOWN}),
        tuple(_list_fallen(result)),
    )


def _list_fallen(result: Result) -> list[dict[str, Any]]:
    return [{**row, "regime": REGIMES[row["regime"]]} for row in list_rows(list_fallen(result))]


def _describe(safeguard: str) -> dict[str, str]:
    group = find_group(safeguard)
    return {"group": group, "group_words": GROUPS[group], "colour": SAFEGUARD_COLOURS[group]}


def _name_rows(verdicts: pd.DataFrame, result: Result, anchors: Anchors) -> list[dict[str, Any]]:
    """Return the transfers that leave the home area, the worst safeguards first."""
    verdicts = verdicts[verdicts["safeguard"] != _HOME]
    records = anchors.records[anchors.records["key"].isin(verdicts["activity_key"])]
    named = records[["key", *_NAMED]].itertuples(index=False, name=None)
    names = {key: (register, label, activity) for key, register, label, activity in named}
    several = len(result.register.frames["organisation"]) > 1
    rows = []
    for row in list_rows(verdicts):
        name = names[row["activity_key"]]
        register, label, activity = name
        rows.append(
            {
                **row,
                **_describe(row["safeguard"]),
                "activity_id": label,
                "activity": activity,
                "target": anchors.activities.get(name),
                "register": register if several else "",
                "words": SAFEGUARDS[row["safeguard"]],
                "told": " ".join(
                    part for part in (row["destination_message"], row["message"]) if part
                ),
            }
        )
    return sorted(_merge_regimes(rows), key=lambda row: rank_safeguard(row["safeguard"]))


def _merge_regimes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return one row for what both regimes judge alike."""
    merged: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        merged.setdefault(tuple(row[name] for name in _SHOWN), []).append(row)
    return [
        {**same[0], "regime": REGIMES[join_regimes(row["regime"] for row in same)]}
        for same in merged.values()
    ]
