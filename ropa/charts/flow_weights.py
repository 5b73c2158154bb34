"""What the slots of some flows weigh, and the steps between them as numbers.

Told once of all flows; what is folded from it, to how few slots ever, is a matter of numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ropa.charts.flow_columns import COUNTRY, Flows, Slot
from ropa.charts.safeguard_groups import find_group, rank_group


@dataclass(frozen=True, slots=True)
class Weights:
    """What is known of all slots of some flows.

    Attributes
    ----------
    slots : sequence of Slot
        Those that are drawn, in the order of the register.
    ranked : sequence of Slot
        The worst first, then those of most activities.
    ranks : mapping
        Slot to the rank of the worst group of safeguards of its steps.
    activities : mapping
        Slot to the number of activities that it stands for or receives data from.
    verdicts : mapping
        Country's slot to safeguard to the number of transfers.
    numbered : sequence of Slot
        What the numbers of the steps stand for.
    steps : DataFrame
        One row a step of a group: ``of`` (the group's number), ``source`` and ``target`` (numbers),
        ``group`` (the rank of its group of safeguards), ``activities`` (those of ``of``).
    """

    slots: Sequence[Slot]
    ranked: Sequence[Slot]
    ranks: Mapping[Slot, int]
    activities: Mapping[Slot, int]
    verdicts: Mapping[Slot, Mapping[str, int]]
    numbered: Sequence[Slot]
    steps: pd.DataFrame


def weigh_flows(flows: Flows) -> Weights:
    """Return what is known of the slots of some flows."""
    slots: dict[Slot, None] = {}
    weights: Counter[Slot] = Counter()
    ranks: dict[Slot, int] = {}
    verdicts: dict[Slot, Counter[str]] = defaultdict(Counter)
    numbers: dict[Slot, int] = {}
    rows: list[tuple[int, ...]] = []
    places = {
        word: rank_group(find_group(word))
        for word in {step.safeguard for group in flows.groups for step in group.steps}
    }
    for of, group in enumerate(flows.groups):
        targets = {step.target for step in group.steps}
        slots |= dict.fromkeys((group.slot, *sorted(targets)))
        for slot in (group.slot, *targets):
            weights[slot] += group.activities
        for source, target, word in group.steps:
            rank = places[word]
            for slot in (source, target):
                ranks[slot] = min(rank, ranks.get(slot, rank))
            ends = (numbers.setdefault(slot, len(numbers)) for slot in (source, target))
            if target.kind == COUNTRY:
                verdicts[target][word] += group.activities
            rows.append((of, *ends, rank, group.activities))
    ranked = sorted(ranks, key=lambda one: (ranks[one], -weights[one], flows.labels[one], one))
    names = ["of", "source", "target", "group", "activities"]
    steps = pd.DataFrame(np.array(rows, dtype=np.int64).reshape(-1, len(names)), columns=names)
    return Weights(list(slots), ranked, ranks, weights, verdicts, list(numbers), steps)
