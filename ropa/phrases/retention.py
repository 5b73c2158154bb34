"""Reading a retention text: how long data are kept, from when, and whether that ever ends.

A text may hold several statements. What the whole says is decided in this order, the first that
applies:

1. ``unlimited``: some branch has no end, which is longer than any period beside it.
2. ``fixed``, ``event_period``: a definite period, even among circular words; the longest counts.
   A fixed last day and a periodic review (GDPR recital 39) are definite, too.
3. ``circular``: the need itself is the limit. It outweighs an event in another branch, because
   the longest branch decides: "as long as we provide services to you; as long as we have a
   business need". It does not where a law is named or a schedule can be followed
   (``elsewhere``), or where the event is said to be the latest (``event``). Mere words on the law
   ("until the contract ends, in line with the GDPR") outweigh nothing.
4. ``event``: an end without a period; "not kept unless" is one that may never come.
5. ``elsewhere``: a schedule, a policy, a law or the controller's instructions.
6. ``fixed`` of no days: not kept at all. ``none``: said to be undetermined. ``unlimited``:
   archiving in the public interest alone. ``circular``: words on the law alone, or a review or an
   erasure without a time ("destroyed or deleted"): they can be read, and they give no limit.

Anything else is ``unreadable``, with the reason in ``problem``.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from ropa.phrases.matching import fold
from ropa.phrases.retention_events import Event
from ropa.phrases.retention_limits import Period
from ropa.phrases.retention_references import names_law
from ropa.phrases.retention_statements import Statement, read_statement
from ropa.phrases.retention_tokens import split_statements
from ropa.phrases.states import read_state

__all__ = ["Period", "Retention", "read_retention"]

_NUMBER = re.compile(r"[0-9][0-9.,]*(?: ?- ?[0-9][0-9.,]*)?")
_NO_UNIT = "a number without a unit: say years, months or days"
_UNKNOWN = "no period, event or reference that is known"


@dataclass(frozen=True, slots=True)
class Retention:
    """What a retention text says.

    Attributes
    ----------
    kind : str
        ``fixed`` (a period, a last day, or not kept at all), ``event`` (until something happens),
        ``event_period`` (a period from an event), ``circular`` (as long as necessary),
        ``unlimited``, ``elsewhere`` (another document or a law says), ``none`` (said to be none)
        or ``unreadable``.
    duration : str
        The longest definite period as an ISO 8601 duration, "" where there is none.
    days : int or None
        Its length in days: a year 365, a month 365/12, so that 12 months equal a year.
    trigger : str
        Code of the event: see ``vocabulary/retention_triggers.csv`` and
        ``vocabulary/retention_things.csv``; ``review`` for a periodic review,
        ``other_event`` for one that is stated but not in the vocabulary, "" for none.
    open_ended : bool
        No maximum is stated and the event may never come, or only a minimum is stated.
    archiving : bool
        Archiving in the public interest or research under Article 89 is stated.
    reference : str
        With kind ``elsewhere``: what can be followed; "" where nothing can.
    periods : tuple of Period
        All definite periods in the order of the text.
    law : bool
        A statute is named, other than data protection law.
    qualified : bool
        The text makes an exception: "sooner if", "longer if", "unless".
    until : datetime.date or None
        The last day where the text gives one.
    problem : str
        Why the text is unreadable, else "".
    """

    kind: str
    duration: str = ""
    days: int | None = None
    trigger: str = ""
    open_ended: bool = False
    archiving: bool = False
    reference: str = ""
    periods: tuple[Period, ...] = ()
    law: bool = False
    qualified: bool = False
    until: date | None = None
    problem: str = ""


@lru_cache(maxsize=131072)
def read_retention(text: str) -> Retention:
    """Read a retention text.

    Nothing is guessed: a number without a unit ("2.0") and words outside the grammar are
    unreadable. A blank cell reads as ``none`` and a placeholder as ``unreadable``; tell them
    apart with `ropa.phrases.states.read_state` first.

    Parameters
    ----------
    text : str
        The cell as typed.

    Returns
    -------
    Retention
        The reading, see the precedence at the head of this module.
    """
    state = read_state(text)
    if state in ("none", "blank"):
        return Retention("none")
    if state == "placeholder":
        return Retention("unreadable", problem="a placeholder")
    if _NUMBER.fullmatch(fold(text).strip(" .")):
        return Retention("unreadable", problem=_NO_UNIT)
    statements = _read_statements(text)
    manners = frozenset().union(*(statement.manners for statement in statements))
    reading = replace(
        _decide(statements, manners),
        archiving="archiving" in manners,
        law=names_law(text),
        qualified="qualified" in manners,
        until=max((one.until for one in statements if one.until), default=None),
    )
    stray = any(one.stray for one in statements) and not (reading.periods or reading.law)
    if stray and reading.kind in ("event", "circular", "none", "unreadable"):
        return replace(reading, kind="unreadable", trigger="", open_ended=False, problem=_NO_UNIT)
    return reading


def _read_statements(text: str) -> tuple[Statement, ...]:
    statements: list[Statement] = []
    earlier = ""
    for part in split_statements(text):
        statement = read_statement(part, earlier)
        statements.append(statement)
        earlier = statement.events[-1].code if statement.events else earlier
    return tuple(statements)


@dataclass(frozen=True, slots=True)
class _Whole:
    """All statements of a text together."""

    periods: tuple[Period, ...]
    reviews: tuple[Period, ...]
    events: tuple[Event, ...]
    manners: frozenset[str]
    reference: str
    minimum: bool
    dated: bool


def _decide(statements: tuple[Statement, ...], manners: frozenset[str]) -> Retention:
    whole = _Whole(
        tuple(period for one in statements for period in one.limits.periods),
        tuple(period for one in statements for period in one.limits.reviews),
        tuple(event for one in statements for event in one.events),
        manners,
        next((one.reference for one in statements if one.reference), ""),
        any(one.limits.minimum for one in statements) and "at_most" not in manners,
        any(one.until for one in statements),
    )
    steps = (_decide_definite, _decide_circular, _decide_event, _decide_manner)
    readings = (step(whole) for step in steps)
    unknown = Retention("unreadable", problem=_UNKNOWN)
    return next((reading for reading in readings if reading is not None), unknown)


def _decide_definite(whole: _Whole) -> Retention | None:
    """Read what is unlimited or ends on a day that can be counted."""
    if "unlimited" in whole.manners:
        return Retention("unlimited", periods=whole.periods or whole.reviews)
    if whole.dated and not whole.periods:
        return Retention("fixed", trigger="review" if "review" in whole.manners else "")
    periods = whole.periods or whole.reviews
    if not periods:
        return None
    # Of equal periods the one with an event ends later.
    longest = max(periods, key=lambda period: (period.days, bool(period.trigger)))
    return Retention(
        "event_period" if longest.trigger not in ("", "review") else "fixed",
        longest.duration,
        longest.days,
        longest.trigger,
        open_ended=whole.minimum,
        periods=periods,
    )


def _decide_circular(whole: _Whole) -> Retention | None:
    if "circular" not in whole.manners:
        return None
    if whole.reference:
        return Retention("elsewhere", reference=whole.reference)
    codes = [event.code for event in whole.events]
    if codes and "at_most" in whole.manners and codes[0] != "purpose_end":
        return _decide_event(whole)
    return Retention("circular", trigger=next((c for c in codes if c != "other_event"), ""))


def _decide_event(whole: _Whole) -> Retention | None:
    """Take the first event that may never come, else the first."""
    if "unless_zero" in whole.manners:
        return Retention("event", trigger="other_event", open_ended=True)
    if not whole.events:
        return None
    event = next((one for one in whole.events if one.open_ended), whole.events[0])
    return Retention("event", trigger=event.code, open_ended=event.open_ended)


def _decide_manner(whole: _Whole) -> Retention | None:
    if "elsewhere" in whole.manners or whole.reference:
        return Retention("elsewhere", reference=whole.reference)
    return next((reading for manner, reading in _BY_MANNER if manner in whole.manners), None)


_BY_MANNER = (
    ("zero", Retention("fixed", "P0D", 0)),
    ("undetermined", Retention("none")),
    ("archiving", Retention("unlimited")),
    ("legal", Retention("circular")),
    ("erase", Retention("circular")),
    ("review", Retention("circular")),
)
