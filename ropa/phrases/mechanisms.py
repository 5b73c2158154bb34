"""Transfer mechanisms: on which instrument of Chapter V GDPR a transfer is said to rest.

The words are ``vocabulary/transfer_mechanism.csv``. Whether an instrument works on a date is law,
and no matter of this module. An instrument that the text denies ("SCCs not signed") is not
returned, except that a note never takes the Privacy Shield or Safe Harbour away.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from ropa.phrases.bases import find_implied_consent
from ropa.phrases.clauses import add_versions, find_modules
from ropa.phrases.matching import Term, fold, load_matcher
from ropa.phrases.negation import find_denied, find_denied_before, find_past
from ropa.phrases.provisions import find_points
from ropa.phrases.spans import drop_overlapping, once, order_of

_LAPSED = frozenset({"SAFE-HARBOUR", "PRIVACY-SHIELD"})
_CONSENT = "D49-A"
_SITE = "SITE-CONSENT"
_ARTICLE_46_2 = {
    "a": "PUBLIC-BODIES", "b": "BCR", "c": "SCC", "d": "SCC", "e": "CODE", "f": "CERTIFICATION",
}  # fmt: skip
_ARTICLE_46_3 = {"a": "ADHOC", "b": "PUBLIC-BODIES"}
# What may stand between an instrument's general and its exact name: "SCCs (Decision (EU) 2021/915)"
_SAME = re.compile(
    r"[\s,():\[\]\"'-]*(?:(?:commission|implementing|decision|regulation|si|no|under|eu|ec|the|of|to|by|"
    r"on|in|for|art|article|\d+|means|via|through|approved|adopted|with|de|du|des|der|des|della|van|"
    r"f\u00fcr|zum|pour|il|la|le|d\u00e9cision|beschluss|decisione|decisi\u00f3n|besluit|afg\u00f8relse)\b"
    r"[\s.,():\[\]\"'-]*)*"
)
_WIDTH = 80  # characters between two names of one instrument at most
_FEW = 3  # words between "replaced by" and what replaces: "the new"
# What may stand between an instrument and "replaced by"; with "to be" or "will be" it still stands.
_SINCE = re.compile(
    r"[\s,(:\"-]*(?:(?:is|are|was|were|has|have|been|now|since|which|and|later|then|a|ont|\u00e9t\u00e9|est|"
    r"wurde|wurden|inzwischen|werd|is|\u00e8|stato|stata|fue|ha|sido|blev|er)\b[\s,]*)*"
)
_SUBPARAGRAPH = re.compile(
    r"49\s*\(?1\)?[\s,.]*(?:second|2nd|2\.)\s+sub-?para|49\s*\(?1\)?[\s,.]*"
    r"(?:sub-?para(?:graph)?\.?|uabs\.?|unterabs\.?)\s*(?:2|two)|(?<!\d)49\s*\(6\)"
)
_ARTICLE_28_7 = re.compile(r"(?<!\d)28\s*\(7\)")
_SPECIAL = {
    "SCC": frozenset({"CP-2021"}),
    "ADEQUACY": frozenset({"DPF", "UK-EXTENSION", *_LAPSED}),
}


@dataclass(frozen=True, slots=True)
class Mechanisms:
    """What a text says about the transfer mechanism.

    Attributes
    ----------
    terms : tuple of Term
        The instruments, each once, in the order of the text; ``SCC`` where the version of the
        clauses is not stated, ``ADEQUACY`` for a general claim, ``DEROGATION`` for Article 49
        without a point.
    vague : bool
        Only words such as "appropriate safeguards", and no instrument.
    none : bool
        The text says that there is none, and names no other.
    """

    terms: tuple[Term, ...]
    vague: bool
    none: bool


def read_mechanisms(text: str) -> Mechanisms:
    """Read a transfer-mechanism cell, e.g. ``"SCCs 2021/914 Module Two with UK Addendum"``."""
    folded = fold(text)
    found = _find(folded)
    denied = _find_denied(folded, found)
    kept = [term for term in found if term not in denied]
    past = find_past(folded, kept) | _find_replaced(folded, kept)
    kept = [term for term in kept if term not in past] or kept
    terms = once(_settle(folded, kept))
    vague = not terms and bool(load_matcher("vague_safeguard").find(folded))
    stated_none = bool(denied) or bool(load_matcher("no_mechanism").find(folded))
    return Mechanisms(terms, vague, none=not terms and not vague and stated_none)


def _find(folded: str) -> list[Term]:
    cited = [
        replace(term, code=f"D49-{term.code[-2].upper()}")
        for term in find_points(folded, "49", "1", "a|b|c|d|e|f|g")
    ]
    for paragraph, codes in (("2", _ARTICLE_46_2), ("3", _ARTICLE_46_3)):
        points = find_points(folded, "46", paragraph, "|".join(codes))
        cited += [replace(term, code=codes[term.code[-2]]) for term in points]
    for pattern, code in ((_SUBPARAGRAPH, "D49-CLI"), (_ARTICLE_28_7, "CP-2021")):
        cited += [Term(code, match[0], *match.span()) for match in pattern.finditer(folded)]
    matcher = load_matcher("transfer_mechanism", "not_mechanism")
    named = [term for term in matcher.find(folded) if term.code != "none"]
    found = [*cited, *add_versions(folded, drop_overlapping(named, cited))]
    found += find_modules(folded, found)
    return _read_site_consent(folded, sorted(found, key=order_of))


def _read_site_consent(folded: str, found: list[Term]) -> list[Term]:
    """Read "by using the site you consent to the transfer" as what it is."""
    implied = find_implied_consent(folded)
    consents = [term for term in found if term.code == _CONSENT]
    if not implied or not (consents or any(term.code == "implied" for term in implied)):
        return found
    others = [term for term in found if term.code != _CONSENT or "49" in term.text]
    return sorted([*others, replace(implied[0], code=_SITE)], key=order_of)


def _find_denied(folded: str, found: list[Term]) -> frozenset[Term]:
    """Leave a lapsed scheme where it is only annotated: "Privacy Shield (no longer valid)"."""
    denied = find_denied(folded, found)
    plainly = find_denied_before(folded, found)
    return frozenset(term for term in denied if term.code not in _LAPSED or term in plainly)


def _find_replaced(folded: str, found: list[Term]) -> frozenset[Term]:
    """Find what another instrument has replaced: "Privacy Shield replaced by DPF" is history.

    What is to be replaced still stands, and what nothing named replaces.
    """
    replaced: set[Term] = set()
    for word in load_matcher("replaced_by").find(folded):
        before = [one for one in found if one.end <= word.start]
        after = [one for one in found if one.start >= word.end]
        if not before or not after:
            continue
        last = max(before, key=order_of)
        first = min(after, key=order_of)
        near = len(folded[word.end : first.start].split()) <= _FEW
        if near and _SINCE.fullmatch(folded[last.end : word.start]):
            replaced.add(last)
    return frozenset(replaced)


def _settle(folded: str, found: list[Term]) -> list[Term]:
    """Drop a general name where the exact one of the same instrument stands too."""
    codes = {term.code for term in found}
    dropped: set[Term] = set()
    for one, other in pairwise(sorted(found, key=order_of)):
        gap = folded[one.end : max(other.start, one.end)]
        if len(gap) <= _WIDTH and _SAME.fullmatch(gap):
            if other.code in _SPECIAL.get(one.code, ()):
                dropped.add(one)
            if one.code in _SPECIAL.get(other.code, ()):
                dropped.add(other)
    for term in found:
        if term.code == "SCC" and any(code.startswith("SCC-") for code in codes):
            dropped.add(term)
        if term.code == "SCC-2021" and any(code.startswith("SCC-2021-") for code in codes):
            dropped.add(term)
        if term.code == "DEROGATION" and any(code.startswith("D49-") for code in codes):
            dropped.add(term)
    return [term for term in found if term not in dropped]
