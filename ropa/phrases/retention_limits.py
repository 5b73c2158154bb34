"""The definite periods of a statement: how long, from what event, for what."""

from dataclasses import dataclass, replace

from ropa.phrases.retention_events import PLAIN, Event, names_unknown_event
from ropa.phrases.retention_periods import read_length
from ropa.phrases.retention_tokens import Token

_PLUS = ("+", "plus")
_COUNTS = range(101)  # "CY+6": a higher number is no count of years
_BORN = ("DOB", "+", "25")
_BARRIERS = ("period", "or", "unless")
_GENERIC = ("data", "personal data", "record", "records", "information", "files", "retention")
_SUBJECT = PLAIN - {"legal", "need"}
_MAX_SUBJECT = 8  # tokens; more is a sentence, not a subject


@dataclass(frozen=True, slots=True)
class Period:
    """One definite period.

    Attributes
    ----------
    duration : str
        ISO 8601, in the units typed: ``P6Y``, ``P26M``, ``PT24H``.
    days : int
        Its length in days: a year 365, a month 365/12 (rounded over the whole), part of a day 1.
    trigger : str
        Code of the event from which it runs, "" where none is stated.
    subject : str
        What it is for, as folded words ("tax"), "" where the text does not say.
    """

    duration: str
    days: int
    trigger: str
    subject: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The definite periods of one statement.

    Attributes
    ----------
    periods, reviews : tuple of Period
        Periods after which data go, and periods after which they are looked at again.
    minimum : bool
        A period is only a minimum, and no maximum is stated.
    """

    periods: tuple[Period, ...]
    reviews: tuple[Period, ...]
    minimum: bool


def mark_year_counts(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Read "CY+6" and "6 + current": beside the current year a bare number counts years.

    So it does after a birth ("DOB + 25"); after another event it may count days.
    """
    born = len(tokens) == len(_BORN) and (tokens[0].kind, tokens[0].code) == ("trigger", "age")
    if not born and not any(token.code == "year_end" for token in tokens):
        return tokens
    texts = ["", *(token.text for token in tokens), ""]
    return tuple(
        replace(token, kind="period", code=f"P{int(token.number)}Y", number=None)
        if token.number in _COUNTS
        and token.number is not None
        and (texts[place].endswith(_PLUS) or texts[place + 2].startswith(_PLUS))
        else token
        for place, token in enumerate(tokens)
    )


def read_limits(tokens: tuple[Token, ...], events: tuple[Event, ...], earlier: str) -> Limits:
    """Read the periods of a statement with their triggers and subjects.

    Parameters
    ----------
    tokens : tuple of Token
        With the periods marked.
    events : tuple of Event
        The events among them.
    earlier : str
        Code of the last event of an earlier statement, for "then 6 years".
    """
    kinds = frozenset(token.kind for token in tokens)
    names = _mark_events(tokens, events)
    begins = {event.start: event for event in events}
    ends = {event.end: event for event in events}
    periods, reviews, minimum, start = [], [], False, 0
    for place in _find_places(tokens, events, kinds):
        duration = tokens[place].code
        days = read_length(duration).count_days()
        if _is_review(tokens, place):
            reviews.append(Period(duration, days, "review", ""))
        elif not _is_rate(tokens, place, kinds):
            trigger = _find_after(tokens, begins, place) or _find_before(
                tokens, ends, place, earlier
            )
            subject = _find_subject(names, start, place)
            periods.append(Period(duration, days, trigger, subject))
            minimum = minimum or _is_minimum(tokens, place)
        start = place + 1
    return Limits(tuple(periods), tuple(reviews), minimum and "at_most" not in kinds)


def _find_places(
    tokens: tuple[Token, ...], events: tuple[Event, ...], kinds: frozenset[str]
) -> list[int]:
    """Return the places of periods and, where data are erased or reviewed so often, of rates."""
    ages = {
        place
        for event in events
        if event.code == "age"
        for place in range(event.start, event.end + 1)
    }
    places = [i for i, token in enumerate(tokens) if token.kind == "period" and i not in ages]
    rates = [i for i, token in enumerate(tokens) if token.kind == "rate"]
    if places:
        # "6 years, reviewed annually"; but "backed up daily, kept 30 days" is no daily erasure.
        return sorted([*places, *(place for place in rates if _is_review(tokens, place))])
    return rates if kinds & {"erase", "review"} else []


def _is_review(tokens: tuple[Token, ...], place: int) -> bool:
    """Tell whether a period is one of review: "review every 2 years", "2-year review".

    "6 years, then reviewed" is not: the six years are the period, the review is what follows.
    """
    for other in range(max(0, place - 4), min(len(tokens), place + 3)):
        between = tokens[min(place, other) + 1 : max(place, other)]
        if tokens[other].kind == "review" and not any(
            token.kind in ("then", "and", "period") or token.text == "," for token in between
        ):
            return True
    return False


def _is_rate(tokens: tuple[Token, ...], place: int, kinds: frozenset[str]) -> bool:
    """Tell whether a period says how often: "backed up every 24 hours" keeps nothing for a day."""
    before = [token for token in tokens[max(0, place - 3) : place] if token.kind != "filler"]
    repeated = bool(before) and before[-1].kind == "every"
    return repeated and "erase" not in kinds and bool(kinds & {"word", "thing", "keep", "noun"})


def _is_minimum(tokens: tuple[Token, ...], place: int) -> bool:
    near = tokens[max(0, place - 3) : place + 2]
    return any(token.kind == "at_least" for token in near)


# -- triggers -----------------------------------------------------------------------------------


def _find_after(tokens: tuple[Token, ...], begins: dict[int, Event], place: int) -> str:
    """Find the event from which a period runs to its right: "6 years after the contract ends"."""
    unknown = False
    for other in range(place + 1, len(tokens)):
        token = tokens[other]
        if token.kind in _BARRIERS:
            break
        if other in begins:
            if _leads_to_period(tokens, begins[other].end + 1):
                break
            return begins[other].code
        if token.kind in ("after", "from"):
            unknown = unknown or names_unknown_event(tokens, other + 1)
    return "other_event" if unknown else ""


def _find_before(
    tokens: tuple[Token, ...], ends: dict[int, Event], place: int, earlier: str
) -> str:
    """Find the event to the left of a period: "end of contract + 6 years".

    "Then 6 years" and "6 years thereafter" run from an event of an earlier statement.
    """
    bounded = joined = False
    for other in range(place - 1, -1, -1):
        kind = tokens[other].kind
        if kind in _BARRIERS:
            return ""
        if other in ends:
            # "until the contract ends, 6 years at most": the period bounds the event.
            return "" if bounded and ends[other].lasting and not joined else ends[other].code
        bounded = bounded or kind == "at_most"
        joined = joined or kind == "then"
    following = tokens[place + 1].kind if place + 1 < len(tokens) else ""
    dangling = following == "then" or (following == "after" and place + 2 == len(tokens))
    return earlier if joined or dangling else ""


def _leads_to_period(tokens: tuple[Token, ...], place: int) -> bool:
    """Tell whether a plus and a period follow: the event before it belongs to that one."""
    following = [token.kind for token in tokens[place : place + 3] if token.kind != "filler"]
    return following[:2] == ["then", "period"]


# -- subjects -----------------------------------------------------------------------------------


def _mark_events(tokens: tuple[Token, ...], events: tuple[Event, ...]) -> tuple[Token, ...]:
    """Set the words of events apart: what a period runs from is not what it is for."""
    places = {place for event in events for place in range(event.start, event.end + 1)}
    return tuple(
        replace(token, kind="event") if place in places else token
        for place, token in enumerate(tokens)
    )


def _find_subject(tokens: tuple[Token, ...], start: int, place: int) -> str:
    """Find what a period is for: "(tax)" after it, "Tax:" before it, "for tax" after it."""
    after = tokens[place + 1 : place + 3 + _MAX_SUBJECT]
    inside = _take(after[1:]) if after and after[0].text == "(" else ()
    if inside and len(inside) + 1 < len(after) and after[len(inside) + 1].text == ")":
        return _join(inside)
    before = tokens[start:place]
    head = _take(before)
    if len(head) > _MAX_SUBJECT:
        head = ()
    if head and len(head) < len(before) and before[len(head)].text == ":":
        return _name(head)
    if any(token.kind in ("word", "thing", "neutral", "noun") for token in head):
        text = _name(_trim(head))
        if text:
            return text
    return _name(_trim(_take(after[1:]))) if after and after[0].text == "for" else ""


def _take(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return the leading tokens that can name a subject."""
    for place, token in enumerate(tokens):
        if token.kind not in _SUBJECT and token.text not in ("/", "&"):
            return tokens[:place]
    return tokens


def _trim(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    loose = ("filler", "keep", "measure", "one", "and")
    places = [place for place, token in enumerate(tokens) if token.kind not in loose]
    return tokens[places[0] : places[-1] + 1] if places else ()


def _name(tokens: tuple[Token, ...]) -> str:
    text = _join(tokens)
    return "" if text in _GENERIC else text


def _join(tokens: tuple[Token, ...]) -> str:
    return " ".join(token.text for token in tokens)
