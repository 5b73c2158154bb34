"""Lawful bases: what a cell says about Article 6(1) GDPR.

Words and citations are read; a negated basis ("consent is not required") is none. The words are in
``vocabulary/lawful_basis.csv``; implied consent, statutes and the like in files of their own.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import zip_longest

from ropa.phrases.matching import Term, fold, load_matcher
from ropa.phrases.negation import find_denied
from ropa.phrases.provisions import find_points, read_letters
from ropa.phrases.spans import drop_overlapping, once, order_of
from ropa.phrases.ties import are_tied

_POINTS = "ea|a|b|c|d|e|f"
_CONDITIONS = "a|b|c|d|e|f|g|h|i|j"
_CONSENT = "6(1)(a)"
_EXPLICIT = "9(2)(a)"
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# A section of an Act, a German paragraph, an EU regulation or directive by number, a UK instrument.
_CITATION = re.compile(
    r"(?<!\w)(?:(?:sections?|sec\.|ss?\.)\s*\d+\w*(?:\(\w+\))*\s+of\s+"
    r"(?!(?:this|our|the|your)\s+(?:policy|notice|register|record|document|contract|agreement))"
    r"|(?<!\d)(?<!\d\s)§{1,2}\s*\d+\w*"
    r"|(?:regulation|directive|decision)\s+(?:\((?:eu|ec|eec|euratom)[^)]*\)\s*)?(?:no\.?\s*)?"
    r"(?P<number>\d{1,4}/\d{1,4})"
    r"|s\.?i\.?\s+\d{4}/\d+)"
)

_BETWEEN = re.compile(r"[\s,(]*(?:(?:of|to|the|and|under|sections?|ss?\.?|\d+\w*)(?!\w)[\s,]*)*")
_WIDTH = 80  # characters between a law and its section at most


@dataclass(frozen=True, slots=True)
class Bases:
    """What a text says about the lawful basis.

    Attributes
    ----------
    terms : tuple of Term
        The Article 6 bases (``6(1)(a)`` ... ``6(1)(f)``, ``6(1)(ea)``), each once, in the order
        of the text.
    implied_consent : bool
        Consent is inferred from use, silence or a pre-ticked box (Article 4(11) GDPR excludes it).
    article_9 : frozenset of str
        Article 9(2) conditions named beside the basis.
    statute : bool
        A statute or regulation other than data protection law is cited.
    outside : str
        ``eudpr`` where Regulation (EU) 2018/1725 is cited, ``law_enforcement`` for Part 3 of the
        Data Protection Act 2018 or Directive (EU) 2016/680; else "".
    tied : bool
        Several bases, each tied to its own purpose, data or channel.
    """

    terms: tuple[Term, ...]
    implied_consent: bool
    article_9: frozenset[str]
    statute: bool
    outside: str
    tied: bool


def read_bases(text: str) -> Bases:
    """Read a lawful-basis cell.

    Parameters
    ----------
    text : str
        Any text, e.g. ``"Art. 6(1)(f)"`` or ``"consent where given, or legitimate interests"``.

    Returns
    -------
    Bases
        Without any basis where the text names none; nothing is guessed.
    """
    words = fold(_CAMEL.sub(" ", text).replace("_", " "))
    implied = _find_implied(words)
    found = _find_all(words)
    conditions = {term.code for term in found if term.code.startswith("9")}
    bases = [term for term in found if term.code.startswith("6")]
    # Explicit consent in words is a consent too; "Art. 9(2)(a)" alone names no Article 6 basis.
    explicit = [term for term in found if term.code == _EXPLICIT and "9" not in term.text]
    bases += [_as_consent(term) for term in explicit]
    bases += [_as_consent(term) for term in implied]
    bases.sort(key=order_of)
    law = load_matcher("statutes").find_codes(words)
    outside = next((code for code in ("eudpr", "law_enforcement") if code in law), "")
    return Bases(
        terms=once(bases),
        implied_consent=bool(implied),
        article_9=frozenset(conditions),
        statute=cites_statute(words),
        outside=outside,
        tied=are_tied(words, tuple(bases)),
    )


def cites_statute(text: str) -> bool:
    """Tell whether a text cites a statute or regulation other than data protection law."""
    folded = fold(text)
    found = load_matcher("statutes").find(folded)
    if any(term.code == "statute" for term in found):
        return True
    ends = [term.end for term in found]
    starts = [term.start for term in found]
    for match in _CITATION.finditer(folded):
        before = bisect_right(ends, match.start()) - 1
        after = bisect_left(starts, match.start())
        gaps = [folded[ends[before] : match.start()]] if before >= 0 else []
        if after < len(found):
            gaps.append(folded[match.end() : max(starts[after], match.end())])
        # The section of a data protection law is none of another: "DPA 2018 s.8".
        if not any(len(gap) <= _WIDTH and _BETWEEN.fullmatch(gap) for gap in gaps):
            return True
    return False


def _find_all(words: str) -> list[Term]:
    cited = find_points(words, "6", "1", _POINTS) or read_letters(words, "6", "1", _POINTS)
    cited += find_points(words, "9", "2", _CONDITIONS)
    matcher = load_matcher("lawful_basis", "basis_article_9", "not_basis")
    named = [term for term in matcher.find(words) if term.code != "none"]
    found = [*cited, *drop_overlapping(named, cited)]
    denied = find_denied(words, found)
    return [term for term in found if term not in denied]


def find_implied_consent(text: str) -> tuple[Term, ...]:
    """Find consent that is inferred from silence, a pre-ticked box or the use of a site.

    Returns
    -------
    tuple of Term
        With the codes ``implied``, or ``use`` for words such as "by using this website", which
        say something of consent only beside it.
    """
    folded = fold(text)
    found = load_matcher("implied_consent").find(folded)
    kept = [
        term
        for term, after in zip_longest(found, found[1:])
        if term.code == "implied" or (term.code == "use" and _is_site(folded, term, after))
    ]
    denied = find_denied(folded, kept)
    return tuple(term for term in kept if term not in denied)


def _is_site(folded: str, use: Term, after: Term | None) -> bool:
    if after is None or after.code != "site":
        return False
    return bool(
        re.fullmatch(r"\s*(?:(?:this|the|our|its|any of our)\s+)?", folded[use.end : after.start])
    )


def _find_implied(words: str) -> list[Term]:
    found = find_implied_consent(words)
    # To use a site is no consent: the text must say that it is taken for one.
    if any(term.code == _CONSENT for term in load_matcher("lawful_basis").find(words)):
        return list(found)
    return [term for term in found if term.code == "implied"]


def _as_consent(term: Term) -> Term:
    return Term(_CONSENT, term.text, term.start, term.end)
