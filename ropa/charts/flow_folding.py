"""The flows of a register as ribbons between at most so many slots a column."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ropa.charts.flow_columns import ACTIVITY, COUNTRY, PARTY, Flows, Slot
from ropa.charts.safeguard_groups import find_group, rank_safeguard

_OTHER = "\uffff"
_OTHERS = {ACTIVITY: "other activities", PARTY: "other recipients", COUNTRY: "other countries"}


@dataclass(frozen=True, slots=True, order=True)
class Ribbon:
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
    activities, folded : int
        Activities that flow at all; slots that stand for others beyond the limit.
    """

    title: str
    columns: tuple[tuple[Slot, ...], ...]
    ribbons: tuple[Ribbon, ...]
    labels: Mapping[Slot, str]
    verdicts: Mapping[Slot, Mapping[str, int]]
    activities: int
    folded: int


def fold_flows(flows: Flows, limit: int | None = None) -> Picture:
    """Return the picture of some flows; nothing is folded without a limit.

    Of a column with more slots than the limit, those with the worst safeguards are kept, then
    those of most activities; the rest goes into one last slot "other ... (n)".
    """
    weights: Counter[Slot] = Counter()
    ranks: dict[Slot, int] = {}
    verdicts: dict[Slot, Counter[str]] = defaultdict(Counter)
    for group in flows.groups:
        weights[group.slot] += group.activities
        for step in group.steps:
            for slot in (step.source, step.target):
                rank = rank_safeguard(step.safeguard)
                ranks[slot] = min(rank, ranks.get(slot, rank))
            if step.target.kind == COUNTRY:
                verdicts[step.target][step.safeguard] += group.activities
        for slot in {step.target for step in group.steps}:
            weights[slot] += group.activities
    order = sorted(ranks, key=lambda one: (ranks[one], -weights[one], flows.labels[one], one))
    columns = [[one for one in order if one.column == at] for at in range(flows.columns)]
    moved = {
        slot: Slot(slot.column, slot.kind, _OTHER)
        for slots in columns
        if limit and len(slots) > limit
        for slot in slots[limit - 1 :]
    }
    ribbons: Counter[tuple[Slot, Slot, str]] = Counter()
    tallies: dict[Slot, Counter[str]] = defaultdict(Counter)
    for group in flows.groups:
        ways = {
            (moved.get(one.source, one.source), moved.get(one.target, one.target), one.safeguard)
            for one in group.steps
        }
        for way in {(source, target, find_group(word)) for source, target, word in ways}:
            ribbons[way] += group.activities
    for slot, counts in verdicts.items():
        tallies[moved.get(slot, slot)].update(counts)
    return Picture(
        flows.title,
        tuple(_list_column(flows, at, moved) for at in range(flows.columns)),
        tuple(sorted(Ribbon(*way, number) for way, number in ribbons.items())),
        {**flows.labels, **_label_others(moved, weights)},
        tallies,
        sum(group.activities for group in flows.groups),
        len(set(moved.values())),
    )


def _list_column(flows: Flows, column: int, moved: Mapping[Slot, Slot]) -> tuple[Slot, ...]:
    """Return a column's slots in the order of the register, the one for others last."""
    found: dict[Slot, None] = {}
    others: dict[Slot, None] = {}
    for group in flows.groups:
        for slot in (group.slot, *sorted(step.target for step in group.steps)):
            if slot.column == column:
                kept = moved.get(slot, slot)
                (others if slot in moved else found)[kept] = None
    return (*found, *others)


def _label_others(moved: Mapping[Slot, Slot], weights: Mapping[Slot, int]) -> dict[Slot, str]:
    numbers: Counter[Slot] = Counter()
    for slot, other in moved.items():
        numbers[other] += weights[slot] if slot.kind == ACTIVITY else 1
    return {other: f"{_OTHERS[other.kind]} ({number})" for other, number in numbers.items()}
