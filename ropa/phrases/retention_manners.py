"""The manner in which a statement limits retention without naming a period."""

from ropa.phrases.retention_events import Event, points
from ropa.phrases.retention_terms import ENGLISH
from ropa.phrases.retention_tokens import Token

_STATED = frozenset(
    ("circular", "legal", "elsewhere", "zero", "erase", "undetermined", "at_most", "review")
)
_ALONE = frozenset(("unlimited_alone", "keep", "filler", "noun", "mark"))
_NEED_LEADS = ("while", "until", "at_most", "on", "during")
_NEGATIONS = ("not", "zero", "not_erased")
_PERMANENT = ("contract_end", "employment_end")  # contracts that may be made without a term
_REACH = 4  # words between "not" and "indefinitely"


def read_manners(
    tokens: tuple[Token, ...], events: tuple[Event, ...], *, has_period: bool
) -> frozenset[str]:
    """Return the manners of a statement.

    Parameters
    ----------
    tokens : tuple of Token
        The statement.
    events : tuple of Event
        Its events.
    has_period : bool
        It states a definite period.

    Returns
    -------
    frozenset of str
        ``circular`` (the need is the limit), ``legal`` (words on law that name none),
        ``unlimited``, ``elsewhere``, ``zero`` (not kept), ``unless_zero`` (not kept unless),
        ``erase``, ``review``, ``undetermined``, ``at_most``, ``qualified`` (an exception is made).
    """
    tokens = _drop_qualifiers(tokens)
    kinds = frozenset(token.kind for token in tokens)
    zero = "zero" in kinds or {"erase", "immediate"} <= kinds
    negated = _is_negated_unlimited(tokens)
    unlimited = _is_unlimited(kinds, events, has_period=has_period) and not negated
    circular = negated or _needs(tokens) or any(event.code == "purpose_end" for event in events)
    manners = {
        "circular": circular,
        "unlimited": unlimited,
        "zero": zero,
        "unless_zero": zero and "unless" in kinds,
        "qualified": "unless" in kinds,
    }
    return (kinds & _STATED) | {manner for manner, holds in manners.items() if holds}


def _drop_qualifiers(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Drop what makes a contract permanent, not the data: "contratto a tempo indeterminato"."""
    pairs = zip((None, *tokens), tokens, strict=False)
    return tuple(
        token
        for before, token in pairs
        if not (
            token.kind == "unlimited"
            and before is not None
            and before.kind in ("trigger", "thing")
            and before.code in _PERMANENT
            and ENGLISH not in before.languages
        )
    )


def _needs(tokens: tuple[Token, ...]) -> bool:
    """Tell whether the need itself is the limit: "as long as we reasonably need it"."""
    return any(
        token.kind == "need" and points(tokens, place, _NEED_LEADS) is not None
        for place, token in enumerate(tokens)
    )


def _is_negated_unlimited(tokens: tuple[Token, ...]) -> bool:
    """Find "not kept indefinitely", which says nothing of how long."""
    return any(
        token.kind == "unlimited" and points(tokens, place, _NEGATIONS, _REACH) is not None
        for place, token in enumerate(tokens)
    )


def _is_unlimited(kinds: frozenset[str], events: tuple[Event, ...], *, has_period: bool) -> bool:
    """Tell whether data are kept without end.

    Anonymous data are no personal data. "Indefinitely, until you object" ends with the objection,
    and "not deleted until" or "not deleted for 6 years" only begins a period.
    """
    if "anonymous" in kinds:
        return False
    if "unlimited" in kinds:
        return not (events and kinds & {"until", "unless"})
    if "not_erased" in kinds:
        return not (has_period or events or kinds & {"until", "unless"})
    return "unlimited_alone" in kinds and kinds <= _ALONE
