"""The flows of a register as ribbons between at most so many slots a column."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ropa.charts.flow_columns import ACTIVITY, COUNTRY, PARTY, Flows, Slot
from ropa.charts.flow_weights import Weights, weigh_flows
from ropa.charts.safeguard_groups import GROUPS

_OTHER = "\uffff"
_OTHERS = {ACTIVITY: "other activities", PARTY: "other recipients", COUNTRY: "other countries"}
_GROUPS, _GROUP_WORDS = tuple(GROUPS), tuple(GROUPS.values())
_LEAST_NAMED = 3
_ONE_IN = 10


class Ribbon(NamedTuple):
    """A flow of some activities between two slots, with the group of its worst safeguard."""

    source: Slot
    target: Slot
    group: str
    activities: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn of one register.

    Attributes
    ----------
    title : str
        What the organisation is called.
    columns : tuple of tuple of Slot
        The slots from left to right, the countries last; in the order of the register.
    ribbons : tuple of Ribbon
        Their number of activities counts each activity once.
    labels : mapping
        What is written on a slot.
    verdicts : mapping
        Country's slot to safeguard to the number of transfers: an activity and a recipient each.
    activities : int
        Activities that flow at all.
    folded : mapping
        Kind of slot to how many of how many are in boxes for others; only where some are.
    """

    title: str
    columns: tuple[tuple[Slot, ...], ...]
    ribbons: tuple[Ribbon, ...]
    labels: Mapping[Slot, str]
    verdicts: Mapping[Slot, Mapping[str, int]]
    activities: int
    folded: Mapping[str, tuple[int, int]]


def fold_flows(flows: Flows, limit: int | None = None) -> Picture:
    """Return the picture of some flows; nothing is folded without a limit.

    Of a column with more slots than the limit, those with the worst safeguards are kept, then
    those of most activities; the rest goes into last slots "other ... (n)", one for each group of
    safeguards where the limit has room for them. Activities are kept by name only where those kept
    are one in ten of all at least: of thousands, a few would say nothing.
    """
    if limit not in flows.kept:
        flows.kept[limit] = _fold(flows, limit)
    picture: Picture = flows.kept[limit]
    return picture


def _fold(flows: Flows, limit: int | None) -> Picture:
    if weigh_flows not in flows.kept:
        flows.kept[weigh_flows] = weigh_flows(flows)
    known: Weights = flows.kept[weigh_flows]
    columns = [[one for one in known.ranked if one.column == at] for at in range(flows.columns)]
    total = sum(group.activities for group in flows.groups)
    moved: dict[Slot, Slot] = {}
    for slots in columns:
        if limit and len(slots) > limit:
            moved |= _fold_column(slots, limit, known, total)
    tallies: dict[Slot, Counter[str]] = defaultdict(Counter)
    for slot, counts in known.verdicts.items():
        tallies[moved.get(slot, slot)].update(counts)
    return Picture(
        flows.title,
        tuple(_list_column(known.slots, at, moved) for at in range(flows.columns)),
        _join_ribbons(known, moved),
        {**flows.labels, **_label_others(moved, known.activities, columns)},
        tallies,
        total,
        _count_folded(moved, known.activities, known.ranked),
    )


def _join_ribbons(known: Weights, moved: Mapping[Slot, Slot]) -> tuple[Ribbon, ...]:
    """Return the ribbons of the steps; each counts a group of activities once."""
    ends = list(dict.fromkeys(moved.get(slot, slot) for slot in known.numbered))
    numbers = {slot: number for number, slot in enumerate(ends)}
    renumber = np.array([numbers[moved.get(slot, slot)] for slot in known.numbered], dtype=np.intp)
    ways = pd.DataFrame(
        {
            "source": renumber[known.steps["source"]],
            "target": renumber[known.steps["target"]],
            "group": known.steps["group"],
            "of": known.steps["of"],
            "activities": known.steps["activities"],
        }
    ).drop_duplicates()
    summed = ways.groupby(["source", "target", "group"])["activities"].sum()
    return tuple(
        sorted(
            Ribbon(ends[source], ends[target], _GROUPS[group], number)
            for (source, target, group), number in zip(
                summed.index.tolist(), summed.tolist(), strict=True
            )
        )
    )


def _fold_column(
    slots: Sequence[Slot],
    limit: int,
    known: Weights,
    total: int,
) -> dict[Slot, Slot]:
    """Return for each slot beyond the limit, of slots in their rank, the one that stands for it."""
    ranks = known.ranks
    kinds = {ranks[slot] for slot in slots}
    apart = 1 < len(kinds) <= limit // _LEAST_NAMED
    kept = limit - (len(kinds) if apart else 1)
    named = sum(known.activities[slot] for slot in slots[:kept])
    if apart and slots[0].kind == ACTIVITY and named * _ONE_IN < total:
        kept = 0
    folded = {
        slot: Slot(slot.column, slot.kind, f"{_OTHER}{ranks[slot] if apart else ''}")
        for slot in slots[kept:]
    }
    sizes = Counter(folded.values())
    # A box for one other would take the room of that one.
    return {slot: other for slot, other in folded.items() if sizes[other] > 1 or not kept}


def _count_folded(
    moved: Mapping[Slot, Slot], weights: Mapping[Slot, int], slots: Sequence[Slot]
) -> dict[str, tuple[int, int]]:
    """Return the folded of all activities, recipients and countries, each counted once."""
    found = {}
    for kind in (ACTIVITY, PARTY, COUNTRY):
        chosen = [slot for slot in slots if slot.kind == kind]
        hidden = {one.name for one in chosen if one in moved}
        hidden -= {one.name for one in chosen if one not in moved}
        sizes = {one.name: weights[one] if kind == ACTIVITY else 1 for one in chosen}
        if hidden:
            found[kind] = (sum(sizes[one] for one in hidden), sum(sizes.values()))
    return found


def _list_column(
    slots: Sequence[Slot], column: int, moved: Mapping[Slot, Slot]
) -> tuple[Slot, ...]:
    """Return a column's slots in the order of the register, those for others last."""
    own = [slot for slot in slots if slot.column == column]
    others = {moved[slot] for slot in own if slot in moved}
    return (*(slot for slot in own if slot not in moved), *sorted(others))


def _label_others(
    moved: Mapping[Slot, Slot], weights: Mapping[Slot, int], columns: Sequence[Sequence[Slot]]
) -> dict[Slot, str]:
    numbers: Counter[Slot] = Counter()
    for slot, other in moved.items():
        numbers[other] += weights[slot] if slot.kind == ACTIVITY else 1
    labels = {}
    for other, number in numbers.items():
        rank = other.name.removeprefix(_OTHER)
        words = f", {_GROUP_WORDS[int(rank)]}" if rank else ""
        whole = all(slot in moved for slot in columns[other.column])
        name = _OTHERS[other.kind].removeprefix("other " if whole else "")
        labels[other] = f"{name}{words} ({number})"
    return labels
