"""The flows of a register as ribbons between at most so many slots a column."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ropa.charts.flow_columns import ACTIVITY, COUNTRY, PARTY, Flows, Slot
from ropa.charts.safeguard_groups import GROUPS, find_group, rank_group

_OTHER = "\uffff"
_OTHERS = {ACTIVITY: "other activities", PARTY: "other recipients", COUNTRY: "other countries"}
_GROUP_WORDS = tuple(GROUPS.values())
_LEAST_NAMED = 3
_ONE_IN = 10


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
    if _weigh_slots not in flows.kept:
        flows.kept[_weigh_slots] = _weigh_slots(flows)
    weights, ranks, verdicts, order = flows.kept[_weigh_slots]
    columns = [[one for one in order if one.column == at] for at in range(flows.columns)]
    total = sum(group.activities for group in flows.groups)
    moved: dict[Slot, Slot] = {}
    for slots in columns:
        if limit and len(slots) > limit:
            moved |= _fold_column(slots, limit, ranks, weights, total)
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
        {**flows.labels, **_label_others(moved, weights, columns)},
        tallies,
        total,
        _count_folded(moved, weights, order),
    )


def _weigh_slots(
    flows: Flows,
) -> tuple[Counter[Slot], dict[Slot, int], dict[Slot, Counter[str]], list[Slot]]:
    """Return each slot's activities and the rank of its worst group; each country's verdicts.

    Last come the slots, the worst first.
    """
    weights: Counter[Slot] = Counter()
    ranks: dict[Slot, int] = {}
    verdicts: dict[Slot, Counter[str]] = defaultdict(Counter)
    for group in flows.groups:
        weights[group.slot] += group.activities
        for step in group.steps:
            for slot in (step.source, step.target):
                rank = rank_group(find_group(step.safeguard))
                ranks[slot] = min(rank, ranks.get(slot, rank))
            if step.target.kind == COUNTRY:
                verdicts[step.target][step.safeguard] += group.activities
        for slot in {step.target for step in group.steps}:
            weights[slot] += group.activities
    order = sorted(ranks, key=lambda one: (ranks[one], -weights[one], flows.labels[one], one))
    return weights, ranks, verdicts, order


def _fold_column(
    slots: Sequence[Slot],
    limit: int,
    ranks: Mapping[Slot, int],
    weights: Mapping[Slot, int],
    total: int,
) -> dict[Slot, Slot]:
    """Return for each slot beyond the limit, of slots in their rank, the one that stands for it."""
    kinds = {ranks[slot] for slot in slots}
    apart = 1 < len(kinds) <= limit // _LEAST_NAMED
    kept = limit - (len(kinds) if apart else 1)
    named = sum(weights[slot] for slot in slots[:kept])
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


def _list_column(flows: Flows, column: int, moved: Mapping[Slot, Slot]) -> tuple[Slot, ...]:
    """Return a column's slots in the order of the register, the one for others last."""
    found: dict[Slot, None] = {}
    others: dict[Slot, None] = {}
    for group in flows.groups:
        for slot in (group.slot, *sorted(step.target for step in group.steps)):
            if slot.column == column:
                kept = moved.get(slot, slot)
                (others if slot in moved else found)[kept] = None
    return (*found, *sorted(others))


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
