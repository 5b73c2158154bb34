"""What a time limit says of one statutory record: for how long, and from which event.

Only what is plain is measured. A text with an exception ("longer if"), a fixed day, another branch
("or as the law requires", "then archived") or an end without a period says nothing that can be
compared.
"""

import re
from dataclasses import dataclass

from ropa.phrases.retention import Period
from ropa.phrases.retention_tokens import Token, read_tokens, split_statements
from ropa.rules.record_kinds import find_record, name_kinds, name_parts, names_event
from ropa.rules.retention_cells import read_limit

UNSTATED = "unstated"
UNLIMITED = 365 * 1000
"""Days that stand for no limit at all."""

_CASE_END, _MADE, _REVIEW = "case_end", "collection", "review"
_DEFINITE = ("fixed", "event_period")
_HARMLESS = ("circular", "unreadable")  # beside a period: "destroyed securely", "anonymised then"
_EXTENDING = frozenset(
    ("until", "while", "during", "unless", "or", "elsewhere", "legal", "need", "unlimited", "keep")
) | frozenset(("live", "trigger", "thing", "number", "ordinal", "at_least", "circular"))
_BRANCHING = frozenset(
    ("until", "while", "during", "unless", "elsewhere", "legal", "need", "circular", "number")
)
_DURATION = re.compile(r"P([0-9]+)([YMWD])")
_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day"}


@dataclass(frozen=True, slots=True)
class Measure:
    """How long a time limit keeps one record.

    Attributes
    ----------
    shortest, total : int
        The shortest of the periods stated for it, and all of them one after the other, in days.
    events : frozenset of str
        Codes of the events from which they run, `UNSTATED` for none.
    minimum : bool
        The period is a minimum only.
    words : str
        The same in words.
    """

    shortest: int
    total: int
    events: frozenset[str]
    minimum: bool
    words: str


def measure(text: str, record: str) -> Measure | None:
    """Measure what a time limit says of a record, None where that cannot be compared.

    Parameters
    ----------
    text : str
        The time limit as typed.
    record : str
        A record of the law table ``statutory_retention``. A period stated for it by name goes
        before one that is stated for everything; one stated for something else does not count.
    """
    whole = read_limit(text)
    if whole.kind == "unlimited":
        return Measure(UNLIMITED, UNLIMITED, frozenset(), minimum=False, words="without limit")
    if whole.kind not in _DEFINITE or whole.qualified or whole.until:
        return None
    parts = _assign(text, whole.periods)
    periods = _choose(parts, record) if parts else ()
    if not periods:
        return None
    events = frozenset(_name_event(one, text, record) for one in periods)
    days = [one.days for one in periods]
    words = " and ".join(dict.fromkeys(_spell(one) for one in periods))
    return Measure(min(days), sum(days), events, whole.open_ended, words)


def name_stated(text: str) -> frozenset[str]:
    """Return the records for which a time limit states a period by name: "Payroll: 2 years"."""
    parts = _assign(text, read_limit(text).periods)
    single = (periods[0].subject for _, periods in parts if len(periods) == 1)
    return frozenset().union(*(name_kinds(subject) for subject in single))


def count_kept(text: str, record: str) -> int:
    """Return for how many days a time limit may keep a record, counting in its favour."""
    measured = measure(text, record)
    if measured:
        return measured.total
    return sum(one.days for one in read_limit(text).periods if one.trigger != _REVIEW)


_Part = tuple[tuple[Token, ...], tuple[Period, ...]]


def _assign(text: str, periods: tuple[Period, ...]) -> tuple[_Part, ...]:
    """Return the statements that hold periods; none where another statement may keep data longer.

    The periods are those read from the whole text: "then 6 years" has its event in a statement
    before.
    """
    parts: list[_Part] = []
    place = 0
    for statement in split_statements(text):
        reading, tokens = read_limit(statement), read_tokens(statement)
        count = sum(one.trigger != _REVIEW for one in reading.periods)
        if count:
            parts.append((tokens, periods[place : place + count]))
            place += count
        elif not reading.periods and (
            reading.kind not in _HARMLESS or any(one.kind in _EXTENDING for one in tokens)
        ):
            return ()
    own = all(one.trigger != _REVIEW for one in periods)
    return tuple(parts) if own and place == len(periods) else ()


def _choose(parts: tuple[_Part, ...], record: str) -> tuple[Period, ...]:
    named = [
        part for part in parts if len(part[1]) == 1 and record in _name_subject(part[1][0].subject)
    ]
    if not named and any(
        len(periods) > 1 and any(one.subject for one in periods) for _, periods in parts
    ):
        return ()  # which period is for what cannot be told
    chosen = named or [part for part in parts if not any(one.subject for one in part[1])]
    if any(_branches(tokens, periods) for tokens, periods in chosen):
        return ()
    return tuple(one for _, periods in chosen for one in periods)


def _name_subject(subject: str) -> frozenset[str]:
    return frozenset(map(find_record, name_kinds(subject) | name_parts(subject)))


def _branches(tokens: tuple[Token, ...], periods: tuple[Period, ...]) -> bool:
    """Tell whether a statement goes on beyond its period: "2 years or as HMRC requires"."""
    kinds = [one.kind for one in tokens]
    if "then" in kinds and "keep" in kinds[kinds.index("then") :]:
        return True
    if "or" not in kinds:
        return False
    beyond = _BRANCHING.intersection(kinds[kinds.index("or") :])
    return bool(beyond) or any(not one.trigger for one in periods)


def _name_event(period: Period, text: str, record: str) -> str:
    if period.trigger != _CASE_END:
        return period.trigger or UNSTATED
    # The event itself, such as an accident, comes before its record is made; a claim may last.
    words = [one.text for one in read_tokens(text) if one.code == _CASE_END]
    happened = bool(words) and all(names_event(word, record) for word in words)
    return _MADE if happened else _CASE_END


def _spell(period: Period) -> str:
    found = _DURATION.fullmatch(period.duration)
    number, unit = (int(found[1]), _UNITS[found[2]]) if found else (period.days, "day")
    length = f"{number} {unit}" + ("" if number == 1 else "s")
    if period.trigger in ("", _CASE_END):
        return length
    return f"{length} from {period.trigger.replace('_', ' ')}"
