"""Terms by their places in a text: what overlaps, and what stands first.

Everything here is a sweep over sorted places, so that a cell with thousands of terms costs no more
than its length.
"""

from collections.abc import Iterable

from ropa.phrases.matching import Term


def order_of(term: Term) -> tuple[int, int]:
    """Return the key that sorts terms by their place in the text."""
    return (term.start, term.end)


def drop_overlapping(terms: Iterable[Term], taken: Iterable[Term]) -> list[Term]:
    """Return the terms that share no character with those taken, from left to right.

    The terms overlap none of each other, and the taken ones neither.
    """
    blocks = sorted(taken, key=order_of)
    kept: list[Term] = []
    i = 0
    for term in sorted(terms, key=order_of):
        while i < len(blocks) and blocks[i].end <= term.start:
            i += 1
        if i == len(blocks) or blocks[i].start >= term.end:
            kept.append(term)
    return kept


def keep_apart(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Keep the first of overlapping terms; terms of one and the same place stay together."""
    kept: list[Term] = []
    for term in sorted(terms, key=lambda term: (term.start, -term.end, term.code)):
        last = kept[-1] if kept else None
        if last is None or term.start >= last.end or order_of(term) == order_of(last):
            kept.append(term)
    return tuple(kept)


def once(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return the first term of each code, in the order of the text."""
    first: dict[str, Term] = {}
    for term in sorted(terms, key=order_of):
        first.setdefault(term.code, term)
    return tuple(first.values())
