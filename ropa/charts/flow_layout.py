"""Where the slots and ribbons of a flow picture stand, in inches from its top left corner.

Columns are ordered by sweeps of barycentres, those before with the fewest crossings kept; then each
slot moves towards the slots that it is joined with, as far as its column leaves room. Ribbons that
pass a column on their way to one target share a slot in it, so that they never run behind a box.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ropa.charts.flow_columns import Slot
from ropa.charts.flow_folding import Picture, Ribbon
from ropa.charts.safeguard_groups import rank_group

THROUGH = "through"
_GAP = 0.1
_SWEEPS = 6
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a slot: left and top edge, width and height."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """The way of a ribbon: its middle line's points, two a box that it leaves, passes or enters."""

    group: str
    thickness: float
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of a picture's slots and ribbons, the worst ribbons last, and its height."""

    boxes: Mapping[Slot, Box]
    bands: tuple[Band, ...]
    height: float


@dataclass(frozen=True, slots=True)
class _Lane:
    """A ribbon with the slots that it goes by, from its source to its target."""

    ribbon: Ribbon
    slots: tuple[Slot, ...]


def lay_out(
    picture: Picture,
    edges: Sequence[tuple[float, float]],
    unit: float,
    heights: Mapping[Slot, float],
) -> Layout:
    """Return where everything stands.

    Parameters
    ----------
    picture : Picture
        What is drawn.
    edges : sequence of (float, float)
        Left and right edge of each column.
    unit : float
        Thickness of one activity.
    heights : mapping
        Least height of each slot.
    """
    lanes = [_Lane(one, _find_way(one)) for one in picture.ribbons]
    columns = _order_columns([list(one) for one in picture.columns], lanes)
    sizes = _measure_slots(lanes, unit, heights)
    tops = _place_slots(columns, lanes, sizes)
    boxes = {
        slot: Box(left, tops[slot], right - left, sizes[slot])
        for column, (left, right) in zip(columns, edges, strict=True)
        for slot in column
    }
    height = max((box.top + box.height for box in boxes.values()), default=0.0)
    shown = {slot: box for slot, box in boxes.items() if slot.kind != THROUGH}
    return Layout(shown, _join_bands(lanes, boxes, unit), height)


def _find_way(ribbon: Ribbon) -> tuple[Slot, ...]:
    source, target = ribbon.source, ribbon.target
    name = f"{ribbon.group} {target.kind} {target.name}"
    between = range(source.column + 1, target.column)
    return (source, *(Slot(column, THROUGH, name) for column in between), target)


def _order_columns(columns: list[list[Slot]], lanes: Sequence[_Lane]) -> list[list[Slot]]:
    for slot in dict.fromkeys(slot for lane in lanes for slot in lane.slots):
        if slot.kind == THROUGH:
            columns[slot.column].append(slot)
    pairs = _list_pairs(lanes)
    best, fewest = columns, _count_crossings(columns, pairs)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        columns = _sweep(columns, pairs, forward=forward)
        crossings = _count_crossings(columns, pairs)
        if crossings < fewest:
            best, fewest = columns, crossings
    return best


def _list_pairs(lanes: Sequence[_Lane]) -> dict[tuple[Slot, Slot], int]:
    """Return the neighbours that ribbons join, with the number of activities."""
    pairs: dict[tuple[Slot, Slot], int] = defaultdict(int)
    for lane in lanes:
        for pair in pairwise(lane.slots):
            pairs[pair] += lane.ribbon.activities
    return pairs


def _sweep(
    columns: Sequence[list[Slot]], pairs: Mapping[tuple[Slot, Slot], int], *, forward: bool
) -> list[list[Slot]]:
    place = {slot: at for column in columns for at, slot in enumerate(column)}
    ordered = [list(column) for column in columns]
    steps = range(len(columns))
    for at in steps if forward else steps[::-1]:
        pulls: dict[Slot, list[tuple[int, int]]] = defaultdict(list)
        for (source, target), weight in pairs.items():
            for near, far in _list_ends_pulled(source, target, forward=forward):
                if near.column == at:
                    pulls[near].append((place[far], weight))
        centres = {slot: _average(pulls[slot], place[slot]) for slot in ordered[at]}
        ordered[at].sort(key=centres.__getitem__)
        place |= {slot: rank for rank, slot in enumerate(ordered[at])}
    return ordered


def _list_ends_pulled(source: Slot, target: Slot, *, forward: bool) -> list[tuple[Slot, Slot]]:
    """Return which end of a pair is pulled by which.

    A ribbon that passes a column is pulled to where it goes, never to where it comes from: ribbons
    then fan out as they leave a box, and run level into their country.
    """
    if source.kind == THROUGH:
        both = target.kind != THROUGH and forward
        return [(source, target), (target, source)] if both else [(source, target)]
    if target.kind == THROUGH and forward:
        return []
    return [(target, source)] if forward else [(source, target)]


def _average(pulls: Sequence[tuple[float, float]], default: float) -> float:
    weight = sum(one for _, one in pulls)
    return sum(place * one for place, one in pulls) / weight if weight else default


def _count_crossings(
    columns: Sequence[Sequence[Slot]], pairs: Mapping[tuple[Slot, Slot], int]
) -> int:
    place = {slot: at for column in columns for at, slot in enumerate(column)}
    ends: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for source, target in pairs:
        ends[source.column].append((place[source], place[target]))
    crossings = 0
    for found in ends.values():
        seen: list[int] = []
        for _, end in sorted(found):
            crossings += len(seen) - bisect_right(seen, end)
            insort(seen, end)
    return crossings


def _measure_slots(
    lanes: Sequence[_Lane], unit: float, heights: Mapping[Slot, float]
) -> dict[Slot, float]:
    comes: dict[Slot, int] = defaultdict(int)
    goes: dict[Slot, int] = defaultdict(int)
    for lane in lanes:
        for source, target in pairwise(lane.slots):
            goes[source] += lane.ribbon.activities
            comes[target] += lane.ribbon.activities
    slots = [*heights, *(slot for slot in comes if slot.kind == THROUGH)]
    return {one: max(comes[one] * unit, goes[one] * unit, heights.get(one, 0.0)) for one in slots}


def _place_slots(
    columns: Sequence[Sequence[Slot]], lanes: Sequence[_Lane], sizes: Mapping[Slot, float]
) -> dict[Slot, float]:
    """Return the top edge of each slot."""
    room = max(sum(sizes[slot] + _GAP for slot in column) for column in columns) - _GAP
    tops: dict[Slot, float] = {}
    for column in columns:
        spare = room - sum(sizes[slot] + _GAP for slot in column) + _GAP
        y = spare / 2
        for slot in column:
            tops[slot] = y
            y += sizes[slot] + _GAP
    pairs = _list_pairs(lanes)
    for number in range(_ROUNDS):
        forward = number % 2 == 0
        for column in columns if forward else reversed(columns):
            _pull(column, tops, sizes, pairs, forward=forward)
            _part(column, tops, sizes, room)
    return tops


def _pull(
    column: Sequence[Slot],
    tops: dict[Slot, float],
    sizes: Mapping[Slot, float],
    pairs: Mapping[tuple[Slot, Slot], int],
    *,
    forward: bool,
) -> None:
    pulls: dict[Slot, list[tuple[float, float]]] = defaultdict(list)
    for (source, target), weight in pairs.items():
        for near, far in _list_ends_pulled(source, target, forward=forward):
            pulls[near].append((tops[far] + sizes[far] / 2, weight))
    for slot in column:
        middle = tops[slot] + sizes[slot] / 2
        tops[slot] += _average(pulls[slot], middle) - middle


def _part(
    column: Sequence[Slot], tops: dict[Slot, float], sizes: Mapping[Slot, float], room: float
) -> None:
    """Part the slots of a column that overlap, within its height."""
    y = 0.0
    for slot in column:
        tops[slot] = max(tops[slot], y)
        y = tops[slot] + sizes[slot] + _GAP
    y = room
    for slot in reversed(column):
        tops[slot] = min(tops[slot], y - sizes[slot])
        y = tops[slot] - _GAP


def _join_bands(lanes: Sequence[_Lane], boxes: Mapping[Slot, Box], unit: float) -> tuple[Band, ...]:
    """Return the ribbons, side by side where they leave and enter a box."""
    enter: dict[tuple[int, Slot], float] = {}
    leave: dict[tuple[int, Slot], float] = {}
    for slot, arrive, depart in _list_ends(lanes):
        box = boxes[slot]
        arrive.sort(key=lambda end: (_middle(boxes[end[1]]), leave[end], end[0]))
        enter |= _stack([number for number, _ in arrive], lanes, slot, box, unit)
        if slot.kind == THROUGH:
            leave |= {(number, slot): enter[number, slot] for number, _ in depart}
            continue
        depart.sort(
            key=lambda end: (_middle(boxes[end[1]]), rank_group(lanes[end[0]].ribbon.group))
        )
        leave |= _stack([number for number, _ in depart], lanes, slot, box, unit)
    bands = []
    for number, lane in enumerate(lanes):
        points: list[tuple[float, float]] = []
        for slot in lane.slots:
            box = boxes[slot]
            if (number, slot) in enter:
                points.append((box.left, enter[number, slot]))
            if (number, slot) in leave:
                points.append((box.left + box.width, leave[number, slot]))
        thickness = lane.ribbon.activities * unit
        bands.append(Band(lane.ribbon.group, thickness, tuple(points)))
    return tuple(sorted(bands, key=lambda one: -rank_group(one.group)))


_End = tuple[int, Slot]
"""Number of a ribbon's lane, and the slot that it comes from or goes to."""


def _list_ends(lanes: Sequence[_Lane]) -> list[tuple[Slot, list[_End], list[_End]]]:
    """Return each slot, from left to right, with the ends that arrive at it and depart from it."""
    arrive: dict[Slot, list[_End]] = defaultdict(list)
    depart: dict[Slot, list[_End]] = defaultdict(list)
    for number, lane in enumerate(lanes):
        for source, target in pairwise(lane.slots):
            arrive[target].append((number, source))
            depart[source].append((number, target))
    slots = sorted({*arrive, *depart})
    return [(slot, arrive[slot], depart[slot]) for slot in slots]


def _middle(box: Box) -> float:
    return box.top + box.height / 2


def _stack(
    numbers: Sequence[int], lanes: Sequence[_Lane], slot: Slot, box: Box, unit: float
) -> dict[_End, float]:
    """Return the height of each ribbon's middle line on a side of a box, from top to bottom."""
    total = sum(lanes[number].ribbon.activities for number in numbers) * unit
    y = _middle(box) - total / 2
    found: dict[_End, float] = {}
    for number in numbers:
        thickness = lanes[number].ribbon.activities * unit
        found[number, slot] = y + thickness / 2
        y += thickness
    return found
