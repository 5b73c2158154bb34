"""Terms that a text denies: "no SCCs in place", "consent is not required".

The words of denial are ``vocabulary/negations.csv``. ``before`` denies the term that follows,
``after`` the one it follows, ``either`` the one it follows and else the next; ``past`` says that a
term no longer counts; ``none`` are words that look like a denial ("not only").
"""

import re
from bisect import bisect_right
from collections.abc import Iterable

from ropa.phrases.matching import Term, fold, load_matcher
from ropa.phrases.spans import order_of

_BOUNDARY = re.compile(
    r"[;,.:()!?|]| - |\b(?:but|although|though|however|so|therefore|hence|mais|cependant|donc|aber|"
    r"sondern|jedoch|daher|maar|echter|tuttavia|quindi|pero|sino|dog|derfor)\b"
)
_BEFORE_GAP = 4  # words between a denial and the term that it denies
_WIDTH = 80  # characters that such words take at most
_NEXT_ANSWER = re.compile(r"[^:;,.()]{1,60}:\s*(?:yes|no)\b")  # lines that were "Contract: yes"
_OR = re.compile(r"\W*(?:or|nor|and/or|ou|oder|eller|et/ou|und/oder|en/of)\W*|\s*/\s*")
_COPULA = re.compile(
    r"[\s(:\"-]*(?:(?:is|are|was|were|has|have|had|been|be|being|currently|still|yet|of|the|"
    r"individual|person|data|subject|in|place|est|sont|ist|sind|wird|werden|wurde|wurden|ha|wordt|"
    r"worden|zijn|viene|sono|son|fue|er|blev|bliver|encore|noch|ancora|todav\u00eda|a\u00fan|endnu)\b"
    r"[\s\"]*)*"
)


def find_denied(text: str, terms: Iterable[Term]) -> frozenset[Term]:
    """Return those of the terms that the text denies.

    Parameters
    ----------
    text : str
        The text, folded or not.
    terms : iterable of Term
        Terms found in it, with their places in the folded text.
    """
    return _find(text, terms, frozenset({"before", "after", "either"}))


def find_denied_before(text: str, terms: Iterable[Term]) -> frozenset[Term]:
    """Return the terms denied by a word before them: "not the Privacy Shield"."""
    return _find(text, terms, frozenset({"before"}))


def find_past(text: str, terms: Iterable[Term]) -> frozenset[Term]:
    """Return those of the terms of which the text says that they counted once."""
    return _find(text, terms, frozenset({"past"}))


def _find(text: str, terms: Iterable[Term], codes: frozenset[str]) -> frozenset[Term]:
    folded = fold(text)
    ordered = sorted(terms, key=order_of)
    starts = [term.start for term in ordered]
    denied: set[Term] = set()
    for word in load_matcher("negations").find(folded) if ordered else ():
        if word.code not in codes:
            continue
        ahead = bisect_right(starts, word.start)
        hit: list[Term] = []
        if word.code in {"either", "after"}:
            hit = _preceding(folded, word, ordered, ahead)
        if "after" in codes and _closes(folded, word):
            hit = _preceding(folded, word, ordered, ahead)
        elif not hit and word.code != "after":
            hit = _following(folded, word, ordered, ahead)
        denied.update(hit)
    return frozenset(denied)


def _following(folded: str, word: Term, terms: list[Term], ahead: int) -> list[Term]:
    while ahead < len(terms) and terms[ahead].end <= word.end:
        ahead += 1
    if ahead == len(terms):
        return []
    gap = folded[word.end : max(terms[ahead].start, word.end)]
    if len(gap) > _WIDTH or _BOUNDARY.search(gap) or len(gap.split()) > _BEFORE_GAP:
        return []
    hit = [terms[ahead]]
    for term in terms[ahead + 1 :]:
        if term.start >= hit[-1].end and not _OR.fullmatch(folded[hit[-1].end : term.start]):
            break
        hit.append(term)
    return hit


def _preceding(folded: str, word: Term, terms: list[Term], ahead: int) -> list[Term]:
    behind = terms[:ahead]
    while behind and behind[-1].end > word.start:
        behind.pop()
    if not behind:
        return []
    gap = folded[behind[-1].end : word.start]
    if len(gap) > _WIDTH or not _COPULA.fullmatch(gap):
        return []
    hit = [behind.pop()]
    while behind and (
        behind[-1].end > hit[-1].start or _OR.fullmatch(folded[behind[-1].end : hit[-1].start])
    ):
        hit.append(behind.pop())
    return hit


def _closes(folded: str, word: Term) -> bool:
    """Tell "Consent: no" from "legitimate interests - no objection"."""
    rest = folded[word.end : word.end + _WIDTH].lstrip(' "')
    ends = not rest or rest[0] in ";,.)" or _NEXT_ANSWER.match(rest) is not None
    return word.text == "no" and ends
