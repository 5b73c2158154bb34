"""Headings that stay open although their words are known: their company makes them doubtful.

A column that is ticked says something together with its neighbours; "controller", "role" and
"entity" say it of the organisation or of somebody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ropa.phrases.matching import fold, load_matcher
from ropa.phrases.roles import read_recipient_role
from ropa.recognise.claims import AMBIGUOUS, MAPPED, Claim, Label
from ropa.recognise.contents import asks_yes_no, holds_mark, is_tick
from ropa.recognise.terms import is_term
from ropa.workbook.cells import Place

KIND = ("recipients", "role")
"""Field of a recipient's role."""

_TICKED_ITEMS = (("data_category", "data_categories"), ("data_subject", "data_subjects"))


def find_ticked(labels: Sequence[Label]) -> dict[Place, list[Claim]]:
    """Return the columns that tick a lawful basis each: what they mean together is not read."""
    named = [
        one
        for one in labels
        if load_matcher("lawful_basis").covers(one.text)
        and all(is_tick(text) for text in one.sample())
    ]
    if len(named) <= 1 or not any(one.sample() for one in named):
        return {}
    return _leave_open(named, "lawful_basis")


def find_ticked_items(
    labels: Sequence[Label], claims: Mapping[Place, list[Claim]]
) -> dict[Place, list[Claim]]:
    """Return the columns that tick a category of data each, or of people: left open as well.

    A heading that is plainly a field's own ("Special category data?") asks for no more than yes.
    """
    found: dict[Place, list[Claim]] = {}
    for vocabulary, field in _TICKED_ITEMS:
        named = [
            one
            for one in labels
            if load_matcher(vocabulary).covers(one.text)
            and all(is_tick(text) for text in one.sample())
            and not any(_is_own(claim) for claim in claims[one.row, one.column])
        ]
        ticked = [number for number, one in enumerate(named) if holds_mark(one.sample())]
        if len(ticked) > 1:
            found |= _leave_open(named[ticked[0] : ticked[-1] + 1], field)
    return found


def _is_own(claim: Claim) -> bool:
    if not claim.field or claim.confidence < AMBIGUOUS:
        return False
    plain = not claim.weak and claim.confidence >= MAPPED
    return plain or asks_yes_no(claim.table, claim.field)


def _leave_open(labels: Sequence[Label], field: str) -> dict[Place, list[Claim]]:
    return {
        (one.row, one.column): [Claim(one, "activities", field, AMBIGUOUS, weak=False)]
        for one in labels
    }


def doubt_controllers(settled: dict[Place, Claim]) -> dict[Place, Claim]:
    """Leave open whom "controller" means beside a lawful basis: perhaps the organisation itself.

    Whose the contacts beside it are is open as well then.
    """
    if not any(one.field == "lawful_basis" for one in settled.values()):
        return settled
    clients = {place for place, one in settled.items() if one.field == "on_behalf_of"}
    doubted = {place for place in clients if settled[place].weak}
    if doubted and doubted == clients:
        doubted |= {place for place, one in settled.items() if one.table == "controllers"}
    return {place: one for place, one in settled.items() if place not in doubted}


def doubt_owners(settled: dict[Place, Claim]) -> dict[Place, Claim]:
    """Leave open whom "entity" or "company" means before the activity's name.

    In a group's register it is whose activity it is. Beside a recipient's columns it is theirs.
    """
    named = [place[1] for place, one in settled.items() if one.field in ("activity", "purpose")]
    return {
        (row, column): one
        for (row, column), one in settled.items()
        if not named
        or column > min(named)
        or not one.weak
        or _names(one) != ("recipients", "recipient")
        or is_term(one.label.text, "organisation") != "organisation.name"
        or read_recipient_role(one.label.text)
        or any(_is_of_recipients(settled.get((row, column + step))) for step in (-1, 1))
    }


def doubt_roles(settled: dict[Place, Claim]) -> dict[Place, Claim]:
    """Leave open whose role "role" is beside the recipients; it is theirs between their columns."""
    told = dict(settled)
    for (row, column), one in settled.items():
        left, right = (settled.get((row, column + step)) for step in (-1, 1))
        bare = one.weak or fold(one.label.text) == one.field
        if bare and _names(one) == ("activities", "role") and _is_of_recipients(left):
            del told[row, column]
            if _is_of_recipients(right) and KIND not in map(_names, settled.values()):
                told[row, column] = replace(one, table="recipients")
    return told


def _names(claim: Claim) -> tuple[str, str]:
    return claim.table, claim.field


def _is_of_recipients(claim: Claim | None) -> bool:
    return claim is not None and "recipients" in _names(claim)
