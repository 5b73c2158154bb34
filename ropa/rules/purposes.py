"""PUR: the purpose of each activity."""

import re
from itertools import combinations

import pandas as pd

from ropa.phrases.lists import split_list
from ropa.phrases.matching import load_matcher
from ropa.rules.case import Case, is_gap, is_stated, map_texts, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.hits import make_hits

_PARTS = re.compile(r"[;|\n]")
# Where a layout has no column for ids people write them into the purpose: "B7: ...", "... (B7)".
_CODE = r"[A-Za-z]{1,4}[-./]?[0-9]{1,4}"
_REFERENCE = re.compile(
    rf"^\s*[(\[]?{_CODE}[)\]]?\s*(?:[:.)\]\u2013\u2014-]\s*|$)|(?<!\s)\s*[(\[]{_CODE}[)\]]\s*$"
)
_AND = re.compile(r"(?<!\s)\s+(?:and|&|et|und)\s+", re.IGNORECASE)


@rule("PUR-01", roles="C", severity="high", duty="record", needs=("purpose",))
def no_purpose(case: Case) -> pd.DataFrame:
    """Find activities of a controller without a purpose.

    A bare reference such as "A13" is none.

    Why it matters
    --------------
    Everything else is measured by the purpose: whether the data are needed, how long they are kept,
    whether the basis fits. The record must state it.

    Remedy
    ------
    Write why the data are used, in words that a person concerned would understand.

    References
    ----------
    GDPR Art 5(1)(b), 30(1)(b).
    """
    rows = case.controller_rows
    numbered = satisfies(read_column(rows, "purpose"), _is_reference)
    numbered &= is_stated(rows, "purpose")
    rows = rows[is_gap(rows, "purpose", none_is_gap=True) | numbered]
    return make_hits(rows, "purpose", "No purpose is stated.")


@rule("PUR-02", roles="C", severity="medium", duty="record")
def vague_purpose(case: Case) -> pd.DataFrame:
    """Find purposes that hold only words which would fit any organisation.

    Why it matters
    --------------
    A purpose must be specified. "Business purposes" or "improve our services" tells neither the
    people concerned nor an authority what is done, and sets no limit to it.

    Remedy
    ------
    Say what is done for whom and to what end, such as "answer complaints about our service".

    References
    ----------
    GDPR Art 5(1)(b), 30(1)(b). Article 29 Working Party, Opinion 03/2013 on purpose limitation,
    WP 203.
    """
    rows = case.controller_rows
    rows = rows[is_stated(rows, "purpose")]
    matcher = load_matcher("vague_purpose")
    vague = satisfies(
        read_column(rows, "purpose"),
        lambda text: matcher.covers(_drop_reference(text)),
        holding=[matcher],
    )
    rows = rows[vague]
    return make_hits(rows, "purpose", "The purpose holds only general words and specifies nothing.")


@rule("PUR-03", roles="C", severity="low", duty="guidance", needs=("purpose",))
def several_purposes_in_one_record(case: Case) -> pd.DataFrame:
    """Find records that list purposes of unlike kinds, such as security beside marketing.

    Only purposes that stand as items of a list and whose kind is plain are compared. Where a
    purpose stands before a colon, what follows is taken for its details.

    Why it matters
    --------------
    Unlike purposes seldom share a lawful basis, a retention period or a set of recipients. In one
    record nobody can tell which belongs to which.

    Remedy
    ------
    Give each purpose a row of its own, with its own basis and retention.

    References
    ----------
    GDPR Art 5(1)(b), recital 32. Article 29 Working Party, WP 203, section III.1.1.
    """
    rows = case.controller_rows
    rows = rows[is_stated(rows, "purpose")]
    kinds = map_texts(
        read_column(rows, "purpose"),
        _name_unlike,
        holding=[load_matcher("purpose_kind")],
        default="",
    )
    unlike = kinds != ""
    message = "Purposes of unlike kinds stand in one record: " + kinds.astype("str") + "."
    return make_hits(rows[unlike], "purpose", message[unlike])


_NAMES = {
    "marketing": "marketing",
    "security": "security and prevention of fraud or crime",
    "improvement": "improvement and statistics",
    "service": "service to customers",
    "internal": "staff and accounts",
}


def _drop_reference(text: str) -> str:
    """Return the text without a reference code at the beginning or in brackets at the end."""
    return _REFERENCE.sub("", text).strip()


def _is_reference(text: str) -> bool:
    return not _drop_reference(text)


def _name_unlike(text: str) -> str:
    """Return two kinds of purpose that share nothing, "" where there are none."""
    groups = [kinds for part in _PARTS.split(text) for kinds in _read_part(part)]
    for one, other in combinations(groups, 2):
        if not one & other:
            return f"{_NAMES[min(one)]}, and {_NAMES[min(other)]}"
    return ""


def _read_part(part: str) -> list[frozenset[str]]:
    """Return the kinds of each item whose kind is plain."""
    head, _, tail = part.partition(":")
    return _read_items(head) or _read_items(tail)


def _read_items(text: str) -> list[frozenset[str]]:
    matcher = load_matcher("purpose_kind")
    groups = []
    for item in split_list(text):
        # "Payroll and marketing" is two purposes; "report tax and insurance on pay" is one.
        pieces = _AND.split(item) if matcher.covers(item) else [item]
        groups += [matcher.find_codes(piece) for piece in pieces]
    return [kinds for kinds in groups if kinds]
