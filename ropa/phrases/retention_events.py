"""Events in a statement's tokens: what a retention period runs from or ends with.

An event is a phrase of its own ("consent is withdrawn"), or a thing with a word that ends it
("the contract ends"), that lasts ("while the enquiry is live") or that points at it ("after the
interview"). An event that no vocabulary knows is read as ``other_event`` where the grammar leaves
no doubt that one is named.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ropa.phrases.retention_tokens import Token, open_codes

PLAIN = frozenset(
    ("word", "filler", "keep", "neutral", "measure", "noun", "one", "and")
) | frozenset(("live", "need", "thing", "legal"))
_PLAIN_AGES = ("age", "age of", "birthday")
_TO_END = 4  # words between a thing and its ending: "contract with the client ends"
_TO_EXPIRY = 3  # words between "after" and a bare ending: "after its expiry"
_TO_POINT = 5  # words between "after" and its thing
_TO_LAST = 9  # words between "as long as" and its thing


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a statement.

    Attributes
    ----------
    code : str
        Trigger code.
    start, end : int
        First and last token.
    open_ended : bool
        The event may never come.
    lasting : bool
        The text says how long something lasts or until when data are kept, not from when a
        period runs.
    """

    code: str
    start: int
    end: int
    open_ended: bool
    lasting: bool


def find_events(tokens: tuple[Token, ...]) -> tuple[Event, ...]:
    """Return the events from left to right."""
    events: dict[int, Event] = {}
    claimed: set[int] = set()
    for place, token in enumerate(tokens):
        if token.kind == "trigger":
            lasting = points(tokens, place, ("while", "during", "until"), _TO_LAST) is not None
            is_open = token.code in open_codes("trigger")
            events[place] = Event(token.code, place, place, is_open, lasting)
        elif token.kind == "thing" and (event := _read_thing(tokens, place, claimed)):
            events[place] = event
    before = ""
    for place, token in enumerate(tokens):
        if place in events:
            before = events[place].code
        elif token.kind == "end" and place not in claimed:
            event = _read_bare_end(tokens, place, before)
        elif token.kind == "age":
            event = _read_age(tokens, place)
        else:
            continue
        if place not in events and event:
            events[place] = event
    return tuple(sorted(events.values(), key=lambda event: event.start))


def _read_thing(tokens: tuple[Token, ...], place: int, claimed: set[int]) -> Event | None:
    code = tokens[place].code
    is_open = code in open_codes("thing")
    lasting = points(tokens, place, ("while", "during", "until"), _TO_LAST) is not None
    end = _find_end(tokens, place)
    if end is not None:
        claimed.add(end)
        return Event(code, min(place, end), max(place, end), open_ended=False, lasting=lasting)
    following = tokens[place + 1].kind if place + 1 < len(tokens) else ""
    pointed = (
        points(tokens, place, ("while", "during"), _TO_LAST) is not None
        or points(tokens, place, ("after", "until"), _TO_POINT) is not None
        or _points_from_period(tokens, place)
        or _is_within(tokens, place)
        or _is_erased_on(tokens, place)
    )
    joined = following == "then" and tokens[place + 1].text in ("+", "plus")
    if following in ("trigger", "thing") and not joined:
        return None  # the first half of a name: "after account inactivity"
    if pointed or joined or following == "stretch":
        return Event(code, place, place, is_open, lasting or following == "stretch")
    return None


def _find_end(tokens: tuple[Token, ...], place: int) -> int | None:
    """Return the nearest ending word that belongs to the thing: "end of the X", "X has ended"."""
    for step in range(1, _TO_END + 2):
        for sign in (-1, 1):
            other = place + sign * step
            if 0 <= other < len(tokens) and tokens[other].kind == "end":
                low, high = sorted((place, other))
                between = tokens[low + 1 : high]
                if all(token.kind in PLAIN for token in between):
                    return other
    return None


def _walk_left(tokens: tuple[Token, ...], place: int, reach: int) -> Iterator[int]:
    """Walk left over plain words, and yield the places passed and the one that stops."""
    for other in range(place - 1, max(-1, place - 1 - reach), -1):
        yield other
        if tokens[other].kind not in PLAIN and tokens[other].text != "/":
            return


def points(
    tokens: tuple[Token, ...], place: int, kinds: tuple[str, ...], reach: int = _TO_LAST
) -> int | None:
    """Return the place of a word of these kinds that leads to this token over plain words.

    One ending may stand between the two: "until the end of the contract".
    """
    for _ in range(2):
        for other in _walk_left(tokens, place, reach):
            if tokens[other].kind in kinds:
                return other
            place = other
        if tokens[place].kind != "end":
            return None
    return None


def _points_from_period(tokens: tuple[Token, ...], place: int) -> bool:
    """Tell whether "from" leads here straight from a period: "6 years from collection"."""
    other = points(tokens, place, ("from",), _TO_POINT)
    if other is None:
        return False
    before = [token for token in tokens[max(0, other - 3) : other] if token.kind != "filler"]
    return bool(before) and before[-1].kind in ("period", "rate", "measure", "at_least", "at_most")


def _is_within(tokens: tuple[Token, ...], place: int) -> bool:
    """Tell whether a period leads here by "of": "within 28 days of the decision"."""
    period = points(tokens, place, ("period",), _TO_POINT)
    if not period or tokens[period - 1].kind != "at_most":
        return False
    return tokens[period + 1].text == "of"


def _is_erased_on(tokens: tuple[Token, ...], place: int) -> bool:
    """Tell whether something is erased on this: "deleted on receipt"."""
    other = points(tokens, place, ("on", "near"), _TO_POINT)
    if other is None:
        return False
    return any(
        token.kind in ("erase", "period") for token in tokens[max(0, other - _TO_LAST) : other]
    )


def _read_bare_end(tokens: tuple[Token, ...], place: int, before: str) -> Event | None:
    """Read an ending whose thing is not named: "6 years following termination".

    It ends what the statement has named before, if anything: "the contract and 6 years after its
    expiry".
    """
    lasting = points(tokens, place, ("until",), _TO_POINT) is not None
    pointed = lasting or any(
        points(tokens, place, (kind,), _TO_EXPIRY) is not None for kind in ("after", "on", "near")
    )
    joined = place + 1 < len(tokens) and tokens[place + 1].text in ("+", "plus")
    if not (pointed or joined or _points_from_period(tokens, place) or _is_alone(tokens)):
        return None
    return Event(before or "other_event", place, place, open_ended=False, lasting=lasting)


def _is_alone(tokens: tuple[Token, ...]) -> bool:
    """Tell whether the statement is an ending alone: "Termination", "End date"."""
    return len(tokens) <= _TO_END and all(
        token.kind in ("end", "filler", "mark", "stretch") for token in tokens
    )


def _read_age(tokens: tuple[Token, ...], place: int) -> Event | None:
    """Read an age as an event: "until age 21", "25th birthday", "21 years of age"."""
    token = tokens[place]
    plain = token.text in _PLAIN_AGES or token.code == "until_age"
    stop = 2 if place > 1 and tokens[place - 1].text == "." else 0  # "bis zum 18. Lebensjahr"
    if not plain and points(tokens, place - stop, ("until", "after")) is None:
        return None  # "the system is 6 years old"
    near = [other for other in (place - (stop or 1), place + 1) if 0 <= other < len(tokens)]
    for other in near:
        number = tokens[other]
        ordinal = number.kind == "ordinal" and tokens[place].text == "birthday"
        if ordinal or number.kind == "number" or (number.kind == "period" and "Y" in number.code):
            low, high = sorted((place, other))
            return Event("age", low, high, open_ended=False, lasting=True)
    return None


def names_unknown_event(tokens: tuple[Token, ...], start: int) -> bool:
    """Tell whether unknown words follow from here on: "after" the parcel is delivered."""
    for token in tokens[start:]:
        if token.kind in ("word", "thing", "end", "live"):
            return True
        if token.kind not in ("filler", "one", "keep", "measure", "noun", "neutral"):
            return False
    return False
