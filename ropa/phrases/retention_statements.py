"""One statement of a retention text: its periods with their triggers, its events, its manner."""

from dataclasses import dataclass
from datetime import date

from ropa.phrases.dates import date_articles, read_date
from ropa.phrases.retention_events import Event, find_events, names_unknown_event, points
from ropa.phrases.retention_limits import Limits, mark_year_counts, read_limits
from ropa.phrases.retention_manners import read_manners
from ropa.phrases.retention_periods import mark_periods
from ropa.phrases.retention_references import (
    is_identifier,
    names_archiving,
    names_law,
    read_reference,
    strip_lead,
)
from ropa.phrases.retention_tokens import Token, read_tokens

_DATE_TOKENS = 10  # a date typed with its signs: "31 / 12 / 2027"
_LEADS_EVENT = ("until", "while", "during")
_BEFORE_EVENT = frozenset(("filler", "keep", "noun", "erase", "mark"))
_LEADS_NUMBER = frozenset(
    ("at_most", "at_least", "after", "then", "every", "keep", "between", "until", "from")
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one statement says.

    Attributes
    ----------
    limits : Limits
        Its definite periods.
    events : tuple of Event
        Events that end the retention.
    manners : frozenset of str
        As `read_manners` returns them, and ``archiving`` (Article 89).
    until : datetime.date or None
        A fixed last day.
    reference : str
        By which a schedule or a law can be followed.
    stray : bool
        A number stands where a period belongs and no known unit follows it.
    """

    limits: Limits
    events: tuple[Event, ...]
    manners: frozenset[str]
    until: date | None
    reference: str
    stray: bool


def read_statement(statement: str, earlier: str = "") -> Statement:
    """Read one statement.

    Parameters
    ----------
    statement : str
        One of the parts that `split_statements` returns.
    earlier : str
        Code of the last event stated before, for "then 6 years".
    """
    tokens = mark_year_counts(mark_periods(read_tokens(statement)))
    events = find_events(tokens)
    limits = read_limits(tokens, events, earlier)
    until = _read_until(tokens, statement)
    if not (events or limits.periods):
        events = _find_unnamed_events(tokens)
    manners = read_manners(tokens, events, has_period=bool(limits.periods))
    if is_identifier(statement):
        manners |= {"elsewhere"}
    if names_archiving(statement):
        manners |= {"archiving"}
    reference = read_reference(statement) if "elsewhere" in manners else ""
    return Statement(
        limits,
        () if until else events,
        manners,
        until,
        strip_lead(statement) if names_law(statement) else reference,
        _has_stray_number(tokens, events),
    )


def _has_stray_number(tokens: tuple[Token, ...], events: tuple[Event, ...]) -> bool:
    """Tell whether a number stands where a period belongs and has no known unit."""
    known = {place for event in events for place in range(event.start, event.end + 1)}
    for place, token in enumerate(tokens):
        if token.number is None or place in known or not token.text.isascii():
            continue
        before = [
            other
            for other in tokens[max(0, place - 3) : place]
            if other.text not in ("a", "the", "of")
        ]
        leads = not before or before[-1].kind in _LEADS_NUMBER or before[-1].text in ("for", "in")
        year = len(token.text) == len("2024") and token.text.isdigit()
        if leads and not year:
            return True
    return False


def _find_unnamed_events(tokens: tuple[Token, ...]) -> tuple[Event, ...]:
    """Find an event that no vocabulary knows ("until the parcel arrives"), or none ("live")."""
    kinds = [token.kind for token in tokens]
    alone = set(kinds) <= {"live", "filler"}
    for place, token in enumerate(tokens):
        if token.code == "session_end":  # "the browsing session" needs no other word
            return (Event("session_end", place, place, open_ended=False, lasting=True),)
        if token.kind == "live" and (alone or points(tokens, place, ("while",)) is not None):
            return (Event("other_event", place, place, open_ended=True, lasting=True),)
    before: set[str] = set()
    for place, kind in enumerate(kinds):
        leads = kind in _LEADS_EVENT and before <= _BEFORE_EVENT
        erased = kind in ("on", "after") and "erase" in before
        if (leads or erased) and names_unknown_event(tokens, place + 1):
            return (Event("other_event", place, place, open_ended=False, lasting=leads),)
        before.add(kind)
    return ()


def _read_until(tokens: tuple[Token, ...], statement: str) -> date | None:
    """Read a fixed day: "until 31 December 2027", "deleted by 1 March 2026", "review: 1/3/2026"."""
    whole = read_date(statement)
    if whole.last and not statement.strip(" .").isdigit():
        return whole.last
    acts = any(token.kind in ("erase", "review") for token in tokens)
    for place, token in enumerate(tokens):
        leads = token.kind in ("until", "at_most") or token.text == "to"
        dated = token.kind in ("near", "on") or token.text == ":" or token.text in date_articles()
        if leads or (acts and dated):
            parts = tokens[place + 1 : place + 1 + _DATE_TOKENS]
            for stop in range(len(parts), 0, -1):
                reading = read_date(_spell(parts[:stop]))
                if reading.last and (stop > 1 or token.kind == "until"):
                    return reading.last
    return None


def _spell(tokens: tuple[Token, ...]) -> str:
    """Write tokens back as they stood: signs of a date close together."""
    text = ""
    for token, before in zip(tokens, (None, *tokens), strict=False):
        text += (" " if before is not None and before.end < token.start else "") + token.text
    return text
