"""Headings to fields: which field each heading of one table means, and how sure that is.

By wording first, then by company (generic words count only beside plain ones) and by what the
cells below say. Two columns that claim one field with equal right are both ambiguous: a heading is
reported rather than guessed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from ropa.phrases.matching import fold
from ropa.recognise.claims import AMBIGUOUS, MAPPED, Claim, Label
from ropa.recognise.contents import (
    holds_ticks,
    is_distinctive,
    judge_contents,
    suggest_field,
)
from ropa.recognise.doubts import (
    KIND,
    doubt_controllers,
    doubt_owners,
    doubt_roles,
    find_ticked,
    find_ticked_items,
)
from ropa.recognise.recognition import Heading
from ropa.recognise.rows import is_type_word
from ropa.recognise.terms import WEAK, Candidate, find_candidates, is_term
from ropa.recognise.wording import read_counter
from ropa.schema import read_fields
from ropa.workbook.cells import Place

_PLAIN = 0.9
_COMPANY = 3
_BESIDE_OTHERS = 0.8
_CONFIRMED, _CONTRADICTED = 0.6, 0.15
_GAIN, _LOSS = 0.25, 0.25
_MARGIN = 0.04
_LEAST_TEXTS = 3
_MOST_CLAIMS = 5
_JOINED_KINDS = ("subjects", "data", "recipients", "rights", "transfers")
_JOINED = frozenset(
    {"purpose", "security_measures", "location", "source", "notes", "law_cited", "statements"}
)


def map_labels(
    labels: Sequence[Label],
    table: str,
    *,
    fixed: Mapping[Place, str] | None = None,
) -> list[Heading]:
    """Return the headings of one grid or form with what each means.

    Parameters
    ----------
    labels : sequence of Label
        In order.
    table : str
        Table of the grid or form.
    fixed : mapping, optional
        Cell to ``table.field`` (empty for no field) where that is settled beforehand.
    """
    fixed = fixed or {}
    open_labels = [one for one in labels if (one.row, one.column) not in fixed]
    claims = {(one.row, one.column): _claim(one, table) for one in open_labels}
    company = sum(
        bool(found) and found[0].confidence >= _PLAIN and bool(found[0].field)
        for found in claims.values()
    ) + sum(bool(name) for name in fixed.values())
    if table == "activities":
        ticked = find_ticked_items(open_labels, claims) | find_ticked(open_labels)
        claims = _prefer_clients(claims | ticked)
    claims = {place: _weigh(found, company) for place, found in claims.items()}
    taken = frozenset(tuple(name.split(".")) for name in fixed.values() if name)
    settled = doubt_owners(doubt_controllers(_settle(claims, taken)))
    settled = doubt_roles(settled)
    found = []
    for label in labels:
        place = (label.row, label.column)
        if place in fixed:
            found.append(_make_fixed(label, fixed[place]))
        else:
            found.append(_make_heading(label, claims[place], settled.get(place)))
    if table == "activities":
        found = _tell_roles(found, labels)
    return _suggest(found, labels, table, fixed)


def _tell_roles(found: list[Heading], labels: Sequence[Label]) -> list[Heading]:
    """Read "recipient category" as the recipient's role where another column names it.

    Where its cells name other kinds than roles ("pension provider") it is left open.
    """
    recipients = [one for one in found if (one.table, one.field) == ("activities", "recipients")]
    kinds = [one for one in recipients if is_term(one.text, "recipients") == "recipients.role"]
    if not 0 < len(kinds) < len(recipients):
        return found
    result = []
    for one, label in zip(found, labels, strict=True):
        held = one
        if one in kinds:
            share = judge_contents(label.sample(), *KIND)
            held = replace(one, table=KIND[0], field=KIND[1])
            if share is not None and share < 1:
                held = replace(held, confidence=AMBIGUOUS, status="ambiguous")
        result.append(held)
    return result


def _claim(label: Label, table: str) -> list[Claim]:
    if is_type_word(label.text) and not is_term(label.text, table):
        return []
    candidates = _find(label, table)
    return [
        Claim(label, one.table, one.field, _look_below(label, one), one.weak)
        for one in candidates[:_MOST_CLAIMS]
    ]


def _find(label: Label, table: str) -> tuple[Candidate, ...]:
    found = find_candidates(label.text, label.band, table)
    head, number = read_counter(label.text)
    if number and (not found or found[0].confidence < _PLAIN):
        found = find_candidates(head, label.band, table) or found
    return found


def _look_below(label: Label, one: Candidate) -> float:
    """Return the confidence in the light of the cells below."""
    sure = one.confidence
    if not one.field or sure < AMBIGUOUS - _GAIN:
        return sure
    texts = label.sample()
    if holds_ticks(texts, one.table, one.field):
        return min(sure, AMBIGUOUS)
    share = judge_contents(texts, one.table, one.field)
    if share is None:
        return sure
    if share >= _CONFIRMED and is_distinctive(one.table, one.field):
        sure = max(sure, min(sure + _GAIN, 0.97))
    elif share <= _CONTRADICTED and len(texts) >= _LEAST_TEXTS:
        # A plain heading stays what it says: what stands below is then unreadable.
        least = MAPPED + _MARGIN if sure >= _PLAIN and not one.weak else 0.0
        sure = max(sure - _LOSS, least)
    return sure


def _weigh(claims: list[Claim], company: int) -> list[Claim]:
    """Believe a generic word beside enough plain headings; order by confidence."""
    weighed = []
    for one in claims:
        sure = one.confidence
        if company >= _COMPANY and one.weak and WEAK <= sure < _BESIDE_OTHERS:
            sure = _BESIDE_OTHERS
        weighed.append(replace(one, confidence=round(sure, 2)))
    return sorted(weighed, key=lambda one: (-one.confidence, one.table, one.field))


def _prefer_clients(claims: Mapping[Place, list[Claim]]) -> dict[Place, list[Claim]]:
    """Read contacts as those of the clients in a processor's record, and only there."""
    clients = any(
        one.field == "on_behalf_of" and one.confidence >= WEAK
        for found in claims.values()
        for one in found
    )
    gain = _MARGIN if clients else -1.0
    return {
        place: [
            replace(one, confidence=one.confidence + gain) if one.table == "controllers" else one
            for one in found
            if clients or one.table != "controllers"
        ]
        for place, found in claims.items()
    }


def _settle(
    claims: Mapping[Place, list[Claim]],
    taken: frozenset[tuple[str, ...]],
) -> dict[Place, Claim]:
    """Give each field to the heading that claims it best; to none where two claim it alike."""
    by_field: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for found in claims.values():
        if found and found[0].field and found[0].confidence >= MAPPED:
            by_field[found[0].table, found[0].field].append(found[0])
    settled: dict[Place, Claim] = {}
    for name, rivals in by_field.items():
        if name in taken and name not in joined_fields():
            continue
        for winner in _choose(name, rivals):
            settled[winner.label.row, winner.label.column] = winner
    return settled


def _choose(name: tuple[str, str], rivals: list[Claim]) -> list[Claim]:
    if len(rivals) == 1 or name in joined_fields() or _are_counted(rivals):
        return rivals
    best = max(one.confidence for one in rivals)
    first = [one for one in rivals if one.confidence > best - _MARGIN]
    if len(first) == 1:
        return first
    filled = [one for one in first if one.label.sample()]
    if not filled:
        return first[:1]
    return filled[:1] if all(_repeats(one.label, filled[0].label) for one in filled[1:]) else []


def _repeats(label: Label, other: Label) -> bool:
    """Tell whether a column is another's copy: its heading and each of its cells."""
    same = (fold(label.text), fold(label.band)) == (fold(other.text), fold(other.band))
    return same and label.cells() == other.cells()


def _are_counted(rivals: list[Claim]) -> bool:
    """Tell whether the headings are "Period 1", "Period 2" and so on."""
    heads = {read_counter(one.label.text) for one in rivals}
    return len({head for head, _ in heads}) == 1 and len(heads) == len(rivals)


@cache
def joined_fields() -> frozenset[tuple[str, str]]:
    """Return the fields (table, name) of which several columns are read as one."""
    return frozenset(
        (one.table, one.name)
        for one in read_fields()
        if one.kind in _JOINED_KINDS or one.name in _JOINED
    )


def _make_fixed(label: Label, name: str) -> Heading:
    table, _, field = name.partition(".")
    status = "mapped" if field else "unmapped"
    return Heading(label.sheet, label.row, label.column, label.text, table, field, 1.0, status)


def _make_heading(label: Label, claims: list[Claim], settled: Claim | None) -> Heading:
    where = (label.sheet, label.row, label.column, label.text)
    if settled is not None:
        sure = min(settled.confidence, 1.0)
        return Heading(*where, settled.table, settled.field, sure, "mapped")
    if claims and claims[0].field and claims[0].confidence >= AMBIGUOUS:
        best = claims[0]
        sure = min(best.confidence, round(MAPPED - _MARGIN, 2))
        return Heading(*where, best.table, best.field, sure, "ambiguous")
    sure = claims[0].confidence if claims and not claims[0].field else 0.0
    return Heading(*where, "", "", sure, "unmapped")


def _suggest(
    found: list[Heading],
    labels: Sequence[Label],
    table: str,
    fixed: Mapping[Place, str],
) -> list[Heading]:
    """Report as ambiguous an unknown heading whose cells speak of a field that is missing."""
    taken = [one.field for one in found]
    result = []
    for one, label in zip(found, labels, strict=True):
        held = one
        if one.status == "unmapped" and not one.confidence and (one.row, one.column) not in fixed:
            field = suggest_field(label.sample(), table, taken)
            if field:
                held = replace(
                    one, table=table, field=field, confidence=AMBIGUOUS, status="ambiguous"
                )
        result.append(held)
    return result
