"""What the cells below a heading say of it: the share that reads as what the field holds."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from ropa.phrases.bases import read_bases
from ropa.phrases.conditions import read_conditions
from ropa.phrases.dates import read_date
from ropa.phrases.matching import fold, load_matcher
from ropa.phrases.mechanisms import read_mechanisms
from ropa.phrases.places import read_places
from ropa.phrases.retention import read_retention
from ropa.phrases.roles import read_recipient_role, read_role, read_status
from ropa.phrases.states import read_answer, read_state
from ropa.schema import Field, read_fields

SAMPLE = 40
"""Distinct texts of a column that are looked at."""

_TICKS = frozenset("x\u2713\u2714\u2705\u2611\u2717\u2718\u25cf\u2022")
_LONGEST_ANSWER = 6
# Kinds and fields that a bare yes or no says nothing of.
_WORDY = frozenset(
    {
        *("bases", "retention", "subjects", "data", "date", "places", "id", "mechanisms"),
        *("purpose", "activity", "function", "legitimate_interest", "law_cited"),
        *("security_measures", "source", "location"),
    }
)
_DISTINCTIVE = ("bases", "retention", "mechanisms", "places")
_LIMITS = frozenset({"fixed", "event", "event_period", "circular", "unlimited"})


def judge_contents(texts: Sequence[str], table: str, field: str) -> float | None:
    """Return the share of a column's texts that can be read as a field's.

    Parameters
    ----------
    texts : sequence of str
        Distinct texts of the column.
    table, field : str
        A field of the dictionary.

    Returns
    -------
    float or None
        None where the field holds free text, or no text says anything.
    """
    one = _fields()[table, field]
    reads = _readers().get(one.kind)
    stated = [text for text in texts if read_state(text) == "stated"]
    if one.kind == "yes_no":
        stated = [text for text in texts if read_state(text) in ("stated", "none")]
    if reads is None or not stated:
        return None
    return sum(reads(text) for text in stated) / len(stated)


def is_distinctive(table: str, field: str) -> bool:
    """Tell whether contents that read as a field's speak for it: dates and "yes" stand anywhere."""
    return _fields()[table, field].kind not in ("date", "yes_no", "status")


def holds_ticks(texts: Sequence[str], table: str, field: str) -> bool:
    """Tell whether a column holds ticks, or yes and no, where the field asks for something else.

    A register may have a column for each lawful basis: "x" under "Consent" is no record of consent.
    """
    one = _fields()[table, field]
    stated = [fold(text) for text in texts if fold(text)]
    if not stated or one.kind == "transfers" or asks_yes_no(table, field):
        return False
    if all(text in _TICKS for text in stated):
        return True
    wordy = one.kind in _WORDY or one.name in _WORDY
    return wordy and all(text in _TICKS or _is_answer(text) for text in stated)


def asks_yes_no(table: str, field: str) -> bool:
    """Tell whether a field may be answered by a bare yes or no."""
    one = _fields()[table, field]
    return one.kind == "yes_no" or one.values.startswith("yes_no")


def _is_answer(text: str) -> bool:
    return len(text) <= _LONGEST_ANSWER and bool(read_answer(text))


def is_tick(text: str) -> bool:
    """Tell whether a cell holds a tick, a bare yes or no, or nothing."""
    folded = fold(text)
    return folded in _TICKS or _is_answer(folded) or read_state(text) != "stated"


def holds_mark(texts: Sequence[str]) -> bool:
    """Tell whether one of some cells at least is ticked, or says yes or no."""
    return any(fold(text) in _TICKS or _is_answer(fold(text)) for text in texts)


def suggest_field(texts: Sequence[str], table: str, taken: Sequence[str]) -> str:
    """Return the field that a column's texts speak of by themselves; empty for none."""
    for one in read_fields(table):
        if one.kind in _DISTINCTIVE and one.name not in taken and len(texts) > 1:
            share = judge_contents(texts, table, one.name)
            if share is not None and share >= 0.8:  # noqa: PLR2004 - four of five
                return one.name
    return ""


@cache
def _fields() -> Mapping[tuple[str, str], Field]:
    return {(one.table, one.name): one for one in read_fields()}


@cache
def _readers() -> Mapping[str, Callable[[str], bool]]:
    return {
        "bases": lambda text: bool(read_bases(text).terms),
        "conditions": lambda text: bool(read_conditions(text)),
        "date": lambda text: not read_date(text).problem,
        "mechanisms": lambda text: bool(read_mechanisms(text).terms),
        "places": _is_place,
        "recipient_role": lambda text: bool(read_recipient_role(text)),
        "retention": lambda text: read_retention(text).kind in _LIMITS,
        "rights": lambda text: bool(load_matcher("right").find(text)),
        "role": lambda text: bool(read_role(text)),
        "status": lambda text: bool(read_status(text)),
        "yes_no": lambda text: bool(read_answer(text)) or read_state(text) == "none",
    }


def _is_place(text: str) -> bool:
    places = read_places(text)
    return bool(places) and all(place.kind != "unknown" for place in places)
