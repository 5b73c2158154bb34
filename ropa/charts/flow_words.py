"""What is written in and about a flow picture."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ropa.charts.canvas import clean
from ropa.charts.flow_columns import ACTIVITY, COUNTRY, PARTY, FlowSet, Slot, list_flows
from ropa.charts.flow_folding import Picture, fold_flows
from ropa.charts.safeguard_groups import GROUPS, SHORT_WORDS, find_group, rank_safeguard
from ropa.phrases.sentences import count_words

if TYPE_CHECKING:
    import networkx as nx

_MOST_LINES = 4
_FEW = 12
_BRIEF = {"unclear": "safeguard not clear"}
_TIMES = "\N{MULTIPLICATION SIGN}"
_NOTHING = "No recipient and no country is stated."


def describe_flows(graph: "nx.MultiDiGraph | FlowSet") -> str:
    """Return in words what `draw_flows` shows: each country with what flows into it rest on."""
    pictures = [fold_flows(one) for one in list_flows(graph)]
    if not pictures:
        return f"Flow picture. {_NOTHING}"
    parts = []
    for one in pictures:
        parties = {slot.name for column in one.columns for slot in column if slot.kind == PARTY}
        told = (
            f"Flow picture of {one.title}:"
            f" {count_words(one.activities, 'activity', 'activities')},"
            f" {count_words(len(parties), 'recipient', 'recipients')}."
        )
        countries = [
            f"{one.labels[slot]}: {', '.join(_list_words(one, slot))}" for slot in one.columns[-1]
        ]
        parts.append(f"{told} {'; '.join(countries) or 'No country is named'}.")
    return clean(" ".join(parts))


def word_head(day: str, pictures: Sequence[Picture]) -> tuple[str, str]:
    """Return the title and the line under it."""
    if not pictures:
        return "Flows of personal data", _NOTHING
    name = pictures[0].title if len(pictures) == 1 else f"{len(pictures)} registers"
    counts: Counter[str] = Counter()
    for one in pictures:
        for verdicts in one.verdicts.values():
            for safeguard, number in verdicts.items():
                counts[find_group(safeguard)] += number
    flows = count_words(counts.total(), "flow", "flows")
    if not counts:
        told = "No country is named for any recipient."
    elif set(counts) == {"unjudged"}:
        told = f"{flows} into a country, not judged."
    else:
        told = f"Without a working safeguard: {counts['failing']} of {flows} into a country."
        if counts["unclear"]:
            told += f" Not clear: {counts['unclear']}."
    return f"Flows of personal data: {name}", f"{told} As of {day}." if day else told


def list_lines(picture: Picture, slot: Slot) -> list[str]:
    """Return what stands under a country's name: the worst first, a last line for the rest."""
    if len(picture.columns[-1]) > _FEW:
        return _list_groups(picture, slot)
    words = _list_words(picture, slot)
    if len(words) <= _MOST_LINES:
        return words
    rest = sum(number for _, number in _list_verdicts(picture, slot)[_MOST_LINES - 1 :])
    return [*words[: _MOST_LINES - 1], f"{rest} {_TIMES} other"]


def word_folded(picture: Picture) -> str:
    """Return what a picture does not show one by one; empty where it shows everything."""
    names = {ACTIVITY: "activities", PARTY: "recipients", COUNTRY: "countries"}
    told = [f"{part} of {whole} {names[kind]}" for kind, (part, whole) in picture.folded.items()]
    return f"Not named one by one: {', '.join(told)}." if told else ""


def _list_groups(picture: Picture, slot: Slot) -> list[str]:
    """Return two lines for a country among many: the worst group, and a count of the rest."""
    counts: Counter[str] = Counter()
    for safeguard, number in _list_verdicts(picture, slot):
        counts[find_group(safeguard)] += number
    (worst, number), *rest = counts.items()
    lines = [f"{number} {_TIMES} {_BRIEF.get(worst, GROUPS[worst])}"]
    others = sum(number for _, number in rest)
    if len(rest) == 1:
        lines.append(f"{others} {_TIMES} {_BRIEF.get(rest[0][0], GROUPS[rest[0][0]])}")
    elif rest:
        lines.append(f"{others} {_TIMES} other")
    return lines


def _list_words(picture: Picture, slot: Slot) -> list[str]:
    return [
        f"{number} {_TIMES} {SHORT_WORDS[safeguard][1]}"
        for safeguard, number in _list_verdicts(picture, slot)
    ]


def _list_verdicts(picture: Picture, slot: Slot) -> list[tuple[str, int]]:
    return sorted(picture.verdicts[slot].items(), key=lambda one: rank_safeguard(one[0]))
