"""Whether several bases in one cell are each tied to a use of their own.

"Consent (newsletter); contract (orders)" says which basis carries what; "contract; legitimate
interests" does not. The reading is careful: where one basis has nothing of its own beside it, none
is tied.
"""

import re
from functools import cache
from itertools import pairwise

from ropa.phrases.matching import Term, fold, load_matcher
from ropa.vocabulary import read_vocabulary

_SEPARATOR = re.compile(r"[;,|]|\b(?:and|or|und|oder|et|ou|og|eller)\b|&|\+|\. ")
_AFTER = re.compile(
    r"[\s\"')\].]*(?:\((?P<bracket>[^()]*)\)|(?:for|to|in respect of|regarding|as regards|on|"
    r"in relation to|when|covers|pour|f\u00fcr|voor|para|[:=]|- )\s*(?P<words>.+))"
)
_BEFORE = re.compile(
    r"(?P<words>.+?)\s*(?:[:=]|-|\bby|\bunder|\bon the basis of|\bbased on)[\s(\"']*$"
)
_WORD = re.compile(r"[^\W\d_]{3,}")


@cache
def _filler() -> frozenset[str]:
    rows = (*read_vocabulary("filler"), *read_vocabulary("basis_filler"))
    return frozenset(fold(row["term"]) for row in rows)


def are_tied(text: str, terms: tuple[Term, ...]) -> bool:
    """Tell whether each basis is tied to its own purpose, data or channel.

    Parameters
    ----------
    text : str
        The text in which the terms were found, folded or not.
    terms : tuple of Term
        The bases found, from left to right, none overlapping another.

    Returns
    -------
    bool
        False with fewer than two different bases.
    """
    folded = fold(text)
    groups = _group(folded, terms)
    if len({code for code, _, _ in groups}) < len(("one", "another")):
        return False
    starts = [0, *(end for _, _, end in groups)]
    ends = [*(start for _, start, _ in groups), len(folded)]
    gaps = [folded[start:end] for start, end in zip(starts, ends, strict=True)]
    after = [_words_after(gap) for gap in gaps[1:]]
    before = [_words_before(gap) for gap in gaps[:-1]]
    return _all_different(after) or _all_different(before)


def _group(folded: str, terms: tuple[Term, ...]) -> list[tuple[str, int, int]]:
    """Join a basis with its own citation: "consent (Art. 6(1)(a))" is one."""
    groups: list[tuple[str, int, int]] = []
    for term in sorted(terms, key=lambda term: term.start):
        if (
            groups
            and groups[-1][0] == term.code
            and not _content(folded[groups[-1][2] : term.start])
        ):
            groups[-1] = (term.code, groups[-1][1], max(term.end, groups[-1][2]))
        else:
            groups.append((term.code, term.start, term.end))
    return groups


def _content(text: str) -> frozenset[str]:
    # A law that is cited says nothing of the use: "legal obligation (Companies Act 2006)".
    rest = load_matcher("statutes").blank(text)
    return frozenset(word for word in _WORD.findall(rest) if word not in _filler())


def _words_after(gap: str) -> frozenset[str]:
    position = 0
    while (match := _AFTER.match(gap, position)) is not None:
        if match["bracket"] is None:
            return _content(match["words"])
        if words := _content(match["bracket"]):
            return words
        position = match.end()  # a citation in brackets: what follows may be the use
    return frozenset()


def _words_before(gap: str) -> frozenset[str]:
    pieces = [piece for piece in _SEPARATOR.split(gap) if piece.strip(" \"')")]
    match = _BEFORE.fullmatch(pieces[-1].strip()) if pieces else None
    return _content(match["words"]) if match else frozenset()


def _all_different(words: list[frozenset[str]]) -> bool:
    return all(words) and all(one != other for one, other in pairwise(words))
