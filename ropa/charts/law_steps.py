"""The steps of a timeline that the law made, and where their marks stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

TRANSFERS = "transfers"
OTHERS = "others"
_FAMILY = "TRF"


@dataclass(frozen=True, slots=True)
class LawStep:
    """A change of the law that made findings come, go or change.

    Attributes
    ----------
    as_of : pandas.Timestamp
        The day of the timeline on which it shows.
    day : pandas.Timestamp
        The day on which the law changed.
    event : str
        What changed the law.
    transfers, others : tuple of int
        Findings on transfers, and others, that it made new, gone and changed.
    """

    as_of: pd.Timestamp
    day: pd.Timestamp
    event: str
    transfers: tuple[int, int, int]
    others: tuple[int, int, int]

    @property
    def moved(self) -> int:
        """How many findings it moved."""
        return sum(self.transfers) + sum(self.others)


def count_standing(timeline: pd.DataFrame, days: Sequence[object] = ()) -> pd.DataFrame:
    """Return the findings that stand on each day of a timeline.

    Returns
    -------
    DataFrame
        One row a day; the columns ``transfers`` (rules of the family TRF) and ``others``.
    """
    index = pd.DatetimeIndex(list(days), dtype="datetime64[s]")
    index = index.union(pd.DatetimeIndex(timeline["as_of"].unique())).rename("as_of")
    stands = timeline[timeline["change"] != "gone"]
    counts = pd.crosstab(stands["as_of"], _name_kind(stands))
    counts = counts.reindex(index=index, columns=[TRANSFERS, OTHERS], fill_value=0)
    return counts.astype("int64").rename_axis(columns=None)


def list_law_steps(timeline: pd.DataFrame) -> list[LawStep]:
    """Return the changes of the law that moved a finding, by their day."""
    rows = timeline[timeline["because"] == "law"]
    rows = rows.assign(kind=_name_kind(rows))
    steps = []
    for (as_of, day), group in rows.groupby(["as_of", "law_day"], sort=True):
        events = dict.fromkeys(event for event in group["event"] if event)
        moves = {kind: _count_moves(group[group["kind"] == kind]) for kind in (TRANSFERS, OTHERS)}
        days = pd.Timestamp(str(as_of)), pd.Timestamp(str(day))
        steps.append(LawStep(*days, "; ".join(events), moves[TRANSFERS], moves[OTHERS]))
    return steps


def _count_moves(rows: pd.DataFrame) -> tuple[int, int, int]:
    new, gone, changed = (
        int((rows["change"] == change).sum()) for change in ("new", "gone", "changed")
    )
    return new, gone, changed


def _name_kind(rows: pd.DataFrame) -> pd.Series:
    kinds = rows["rule"].str.startswith(_FAMILY).map({True: TRANSFERS, False: OTHERS})
    return kinds.astype("str")


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return places moved apart by at least a gap, in their order, between two ends."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + gap if found else low))
    edge = high
    for at in reversed(range(len(found))):
        found[at] = min(found[at], edge)
        edge = found[at] - gap
    return found


def word_moves(moves: tuple[int, int, int]) -> str:
    """Return what a step did to some findings: "+3, 2 changed"; a dash where nothing."""
    new, gone, changed = moves
    signs = [f"+{new}"] * bool(new) + [f"\N{MINUS SIGN}{gone}"] * bool(gone)
    told = [" ".join(signs)] * bool(signs) + [f"{changed} changed"] * bool(changed)
    return ", ".join(told) or "\N{EN DASH}"
