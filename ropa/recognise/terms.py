"""What a heading may mean: the terms of the vocabulary that its wording comes near to."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ropa.recognise.wording import Wording, list_words, make_key, read_wordings
from ropa.schema import read_fields
from ropa.vocabulary import read_vocabulary

WEAK = 0.6
"""How sure a generic word ("title", "notes") makes one by itself."""

_EXACT, _SAME_WORDS, _NEAR = 1.0, 0.93, 0.93
_NEAR_RATIO = 88
_NEAR_LENGTH = 7
_SHORT_WORD = 4
_PART, _PART_SPAN = 0.4, 0.3
_WEAK_PART = 0.7
# From a grid of activities, the other tables whose columns may stand in it.
_SHARED = {"activities": ("recipients", "data_items", "controllers")}


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the vocabulary of headings."""

    key: str
    words: frozenset[str]
    table: str
    field: str
    weak: bool
    band: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field that a heading may mean; without a table one that no field holds.

    Attributes
    ----------
    table, field : str
        The field; both empty where the heading is known to be none of the dictionary.
    confidence : float
        From 0 to 1, by the wording alone.
    weak : bool
        The wording is generic.
    """

    table: str
    field: str
    confidence: float
    weak: bool


@dataclass(frozen=True, slots=True)
class Index:
    """The terms of one table, by their words; ``by_word`` gives the places of terms."""

    by_key: Mapping[str, tuple[Term, ...]]
    by_words: Mapping[frozenset[str], tuple[Term, ...]]
    by_word: Mapping[str, tuple[int, ...]]
    terms: tuple[Term, ...]


@cache
def load_terms(table: str) -> Index:
    """Return the terms that a heading of this table may be."""
    rows = [*_read_own(table), *_read_house(table)]
    taken = {(term.key, term.band) for term in rows}
    for other in _SHARED.get(table, ()):
        # What a client's contact is called is also the word for an owner's, and "sensitive data?"
        # is answered by yes or by a list: both meanings are kept, and the cells decide.
        kept = ("contact", "representative", "dpo", "special_category")
        rows += [
            term
            for term in _read_own(other)
            if (term.key, term.band) not in taken or term.field in kept
        ]
        taken |= {(term.key, term.band) for term in rows}
    rows += [term for term in _read_own("") if (term.key, term.band) not in taken]
    by_key: dict[str, list[Term]] = defaultdict(list)
    by_words: dict[frozenset[str], list[Term]] = defaultdict(list)
    by_word: dict[str, list[int]] = defaultdict(list)
    for place, term in enumerate(rows):
        by_key[term.key].append(term)
        by_words[term.words].append(term)
        for word in term.words:
            by_word[word].append(place)
    return Index(
        {key: tuple(found) for key, found in by_key.items()},
        {words: tuple(found) for words, found in by_words.items()},
        {word: tuple(found) for word, found in by_word.items()},
        tuple(rows),
    )


@cache
def _read_own(table: str) -> tuple[Term, ...]:
    return tuple(
        _make_term(row["term"], row["table"], row["field"], row["weight"] == "weak", row["band"])
        for row in read_vocabulary("headings")
        if row["table"] == table
    )


def _read_house(table: str) -> list[Term]:
    return [
        _make_term(one.heading, table, one.name, weak=False, band="") for one in read_fields(table)
    ]


def _make_term(text: str, table: str, field: str, weak: bool, band: str) -> Term:  # noqa: FBT001
    key = make_key(text)
    words = list_words(make_key(band)) if band else frozenset()
    return Term(key, list_words(key), table, field, weak, words)


@lru_cache(maxsize=65536)
def is_term(text: str, table: str) -> str:
    """Return the field that a text is a heading of, word for word; empty for none.

    Quick: for looking through many cells for headings.
    """
    term = find_term(text, table)
    return f"{term.table}.{term.field}" if term else ""


@lru_cache(maxsize=65536)
def find_term(text: str, table: str) -> Term | None:
    """Return the term that a text is, word for word, whatever stands above it."""
    index = load_terms(table)
    for wording in read_wordings(text):
        for term in index.by_key.get(wording.key, ()) or index.by_words.get(wording.words, ()):
            if not term.band and term.field:
                return term
    return None


@lru_cache(maxsize=8192)
def find_candidates(text: str, band: str, table: str) -> tuple[Candidate, ...]:
    """Return what a heading may mean, the surest first.

    Parameters
    ----------
    text : str
        The heading as typed.
    band : str
        What stands above it.
    table : str
        Table of the grid or form that it stands in.
    """
    index = load_terms(table)
    above = list_words(make_key(band))
    found: dict[tuple[str, str], Candidate] = {}
    for wording in read_wordings(text):
        for term, confidence in _match(index, wording, above):
            sure = confidence * wording.share
            if term.weak:
                sure = min(sure, WEAK) if confidence >= _SAME_WORDS else sure * _WEAK_PART
            one = Candidate(term.table, term.field, round(min(sure, 1.0), 2), term.weak)
            held = found.get((one.table, one.field))
            if held is None or held.confidence < one.confidence:
                found[one.table, one.field] = one
        if any(one.confidence >= _SAME_WORDS for one in found.values()):
            break
    return tuple(sorted(found.values(), key=lambda one: (-one.confidence, one.table, one.field)))


def _match(index: Index, wording: Wording, above: frozenset[str]) -> list[tuple[Term, float]]:
    def fits(term: Term) -> bool:
        return term.band <= above

    exact = [term for term in index.by_key.get(wording.key, ()) if fits(term)]
    banded = [term for term in exact if term.band]
    if exact:
        return [(term, _EXACT) for term in banded or exact]
    same = [term for term in index.by_words.get(wording.words, ()) if fits(term)]
    if same:
        return [(term, _SAME_WORDS) for term in same]
    found = [*_match_near(index, wording), *_match_parts(index, wording)]
    return [(term, sure) for term, sure in found if fits(term)]


def _match_near(index: Index, wording: Wording) -> list[tuple[Term, float]]:
    """Return the terms that differ by a slip of the pen."""
    if len(wording.key) < _NEAR_LENGTH:
        return []
    from rapidfuzz import fuzz, process

    near = process.extract(
        wording.key, list(index.by_key), scorer=fuzz.ratio, score_cutoff=_NEAR_RATIO, limit=5
    )
    return [
        (term, score / 100 * _NEAR)
        for key, score, _ in near
        if not _swaps_word(wording.key, key)
        for term in index.by_key[key]
    ]


def _swaps_word(one: str, other: str) -> bool:
    """Tell whether two keys differ by a short word in place of another: "LIA" is no "DPIA".

    A slip of the pen that turns two letters round leaves the same letters.
    """
    left, right = set(one.split()) - set(other.split()), set(other.split()) - set(one.split())
    if len(left) != 1 or len(right) != 1:
        return False
    (mine,), (theirs,) = left, right
    return max(len(mine), len(theirs)) <= _SHORT_WORD and sorted(mine) != sorted(theirs)


def _match_parts(index: Index, wording: Wording) -> list[tuple[Term, float]]:
    """Return the terms all of whose words the heading has, or the other way round."""
    found = []
    # Those that share a word: of thousands of terms a few, and of headings there may be thousands.
    shared = {place for word in wording.words for place in index.by_word.get(word, ())}
    for place in sorted(shared):
        term = index.terms[place]
        if term.words <= wording.words or wording.words <= term.words:
            shorter, longer = sorted((len(term.words), len(wording.words)))
            found.append((term, _PART + _PART_SPAN * shorter / longer))
    return found
