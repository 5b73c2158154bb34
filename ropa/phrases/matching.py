"""Finding the terms of a vocabulary in a text.

A vocabulary file has the columns ``term`` and ``code`` (others are notes). A term matches whole
words only, whatever the case, the quotes, the dashes and the white space; where two terms could
match at one place the longer one wins. In a term, ``*`` at the end of a word stands for any
ending of that word (``subscri*``), and ``(s)`` for an optional letter or group of letters
(``interest(s)``). Nothing else is special. A term with accents is also found where the text was
typed without them ("neant", "ETAT", "fuer"), unless it is so short that it becomes another word
("s\u00ed", "si"); a term without accents is never found in a text that has them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import prod

from ropa.phrases.concordance import Lead, Leads, read_lead
from ropa.vocabulary import read_vocabulary

_LOOKALIKES = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u02bc": "'", "\u0060": "'", "\u00b4": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None,
    }
)  # fmt: skip
_SPACE = re.compile(r"\s+")
_UNEVEN = r"[\t-\r\x1c-\x1f]|^ |  | $"  # white space that is no single space between words
_MANY = 1_000
_HEAD = re.compile(r"[^\W_]{1,4}")
_OPTIONAL = re.compile(r"\\\((\w+)\\\)")
_WORD = re.compile(r"\w+")
_WORD_OR_SIGN = re.compile(r"\w+|\W")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_MOST_WAYS = 32  # to type a word that are told apart
_MOST_WORDS = 50_000  # that a matcher remembers
_SHORT = 4  # a term of fewer letters is read as it is spelt
# Letters that are typed as other ones than their bare form.
_TYPED = {
    "\u00e4": ("ae", "a"), "\u00f6": ("oe", "o"), "\u00fc": ("ue", "u"), "\u00e6": ("ae",),
    "\u00f8": ("oe", "o"), "\u00e5": ("aa", "a"), "\u0153": ("oe",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One term found in a text.

    Attributes
    ----------
    code : str
        What the term means, e.g. ``"6(1)(f)"``.
    text : str
        The folded words that were recognised.
    start, end : int
        Their place in the folded text.
    """

    code: str
    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return the text as it is compared: one case, plain quotes and dashes, single spaces.

    Compatibility forms are unified (NFKC), so that full-width letters and ligatures compare equal.
    """
    if text.isascii():  # most are, and of the steps below these alone change them
        return " ".join(text.replace("`", "'").lower().split())
    plain = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
    return _SPACE.sub(" ", plain).strip().casefold()


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return many texts folded: as `fold` does, sooner."""
    if len(texts) < _MANY:
        return [fold(text) for text in texts]
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    held = pa.array(texts, type=pa.large_string())
    others = pc.or_(pc.invert(pc.string_is_ascii(held)), pc.match_substring_regex(held, _UNEVEN))
    folded: list[str] = pc.replace_substring(pc.ascii_lower(held), "`", "'").to_pylist()
    for place in np.flatnonzero(others.to_numpy(zero_copy_only=False)).tolist():
        folded[place] = fold(texts[place])
    return folded


def _ways(letter: str) -> tuple[str, ...]:
    """Return how a letter is typed: itself, then what stands for it where accents are lost."""
    if letter.isascii():
        return (letter,)
    bare = unicodedata.normalize("NFD", letter)[0]
    return (letter, *_TYPED.get(letter, () if bare == letter else (bare,)))


def loosen(pattern: str) -> str:
    """Return a pattern that also matches the text typed without its accents."""
    return "".join(
        letter if len(ways := _ways(letter)) == 1 else f"(?:{'|'.join(ways)})" for letter in pattern
    )


def spell(text: str) -> tuple[str, ...]:
    """Return the spellings of a whole text: folded as it is, then without its accents.

    Without any, without the one at its start (capitals lose theirs), and with "ue" for "\u00fc".
    """
    folded = fold(text)
    if len(folded) < _SHORT:
        return (folded,)
    ways = [_ways(letter) for letter in folded]
    spellings = (
        folded,
        "".join(way[-1] for way in ways),
        "".join(way[-1] for way in ways[:1]) + folded[1:],
        "".join(way[min(1, len(way) - 1)] for way in ways),
    )
    return tuple(dict.fromkeys(spellings))


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A way to write a term: its first letters as they are, and the term they are those of.

    ``begun`` is how many letters of the term they stand for.
    """

    head: str
    term: str
    begun: int
    loose: bool
    code: str

    @property
    def leads(self) -> Iterator[Lead]:
        """How it begins, by the ways to type the rest of its first word."""
        following = self.term[self.begun :]
        if not self.loose:
            yield read_lead(self.head, following)
            return
        word = _WORD.match(following)
        ways = [_ways(letter) for letter in word[0]] if word else []
        if prod(map(len, ways)) > _MOST_WAYS:
            yield read_lead(self.head, "*")
            return
        after = following[len(ways) :]
        for letters in product(*ways):
            yield read_lead(self.head, "".join(letters) + after)

    @property
    def rest(self) -> str:
        """The pattern of what follows the first letters."""
        words = re.escape(self.term[self.begun :])
        words = words.replace(r"\-", "[ -]?").replace(r"\ ", "[ -]+").replace(r"\*", r"\w*")
        words = _OPTIONAL.sub(r"(?:\1)?", words)
        return loosen(words) if self.loose else words


def _spellings(term: str, code: str) -> Iterator[_Spelling]:
    """Yield the ways to write a folded term, one for each way to type its first letters."""
    head = _HEAD.match(term)
    start = head[0] if head else ""
    if len(term) < _SHORT or term.isascii():
        yield _Spelling(start, term, len(start), loose=False, code=code)
        return
    for letters in product(*map(_ways, start)):
        yield _Spelling("".join(letters), term, len(start), loose=True, code=code)


def _join_by_letters(spellings: list[_Spelling]) -> tuple[str, tuple[str, ...]]:
    """Join alternatives as a tree of their first letters; return the codes of its groups with it.

    With thousands of terms most of the time would go into alternatives that fail at once; so a text
    is read some ten times as fast as by their first letter alone. Only alternatives that begin
    with different letters change places, so what matches stays the same.
    """
    codes: list[str] = []

    def join(members: list[_Spelling], depth: int) -> str:
        groups: dict[tuple[int, str], list[_Spelling]] = {}
        run = 0
        for one in members:
            letter = one.head[depth : depth + 1]
            run += not letter  # a head that is used up keeps its place among the others
            groups.setdefault((run, letter), []).append(one)
        parts = []
        for (_, letter), group in groups.items():
            if letter:
                parts.append(f"{letter}(?:{join(group, depth + 1)})")
            for one in group if not letter else ():
                parts.append(f"(?P<t{len(codes)}>{one.rest})")
                codes.append(one.code)
        return "|".join(parts)

    return join(spellings, 0), tuple(codes)


@dataclass(frozen=True, slots=True)
class _Group:
    """The terms that can begin with one word, as a pattern and the codes of its groups."""

    pattern: re.Pattern[str]
    codes: tuple[str, ...]


class Matcher:
    """The terms of one vocabulary.

    They are looked for where a word of the text can begin one of them, and compiled by that word
    when it is first met: a text holds few of the words with which thousands of terms begin.

    Parameters
    ----------
    terms : iterable of (str, str)
        Each term with its code.

    Attributes
    ----------
    leads : Leads
        How the terms begin.
    """

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        folded = [(fold(term), code) for term, code in terms]
        folded.sort(key=lambda pair: (-len(pair[0]), pair[0]))
        self._spellings = [one for term, code in folded for one in _spellings(term, code)]
        self._by_word: dict[str, list[int]] = {}
        self._by_start: dict[str, list[int]] = {}
        self._anywhere: list[int] = []
        for number, spelling in enumerate(self._spellings):
            for lead in spelling.leads:
                for word in lead.words:
                    self._by_word.setdefault(word, []).append(number)
                if lead.start:
                    self._by_start.setdefault(lead.start, []).append(number)
                elif not lead.words:
                    self._anywhere.append(number)
        self.leads = Leads(
            frozenset(self._by_word), tuple(sorted(self._by_start)), bool(self._anywhere)
        )
        self._lengths = sorted({len(start) for start in self._by_start})
        self._shortest = min(self._lengths, default=0)
        self._openings = {start[: self._shortest] for start in self._by_start}
        self._begins = _WORD_OR_SIGN if self._anywhere else _WORD
        self._groups: dict[tuple[int, ...], _Group] = {}
        self._known: dict[str, _Group | None] = {}

    def find(self, text: str) -> tuple[Term, ...]:
        """Return the terms found, from left to right, none overlapping another."""
        return tuple(self._scan(fold(text)))

    def find_codes(self, text: str) -> frozenset[str]:
        """Return the codes of the terms found."""
        return frozenset(term.code for term in self._scan(fold(text)))

    def find_at(self, folded: str, start: int) -> Term | None:
        """Return the term that begins at a place of a folded text."""
        begin = self._begins.match(folded, start)
        return self._match(folded, start, begin[0]) if begin else None

    def holds(self, text: str) -> bool:
        """Tell whether the text holds a term."""
        return next(self._scan(fold(text)), None) is not None

    def blank(self, folded: str) -> str:
        """Return a folded text with a space in the place of each term."""
        pieces, end = [], 0
        for term in self._scan(folded):
            pieces.append(folded[end : term.start])
            end = term.end
        return " ".join((*pieces, folded[end:]))

    def covers(self, text: str) -> bool:
        """Tell whether the text consists of this vocabulary's terms and of filler words alone.

        A text without any term, the empty text among them, is not covered.
        """
        folded = fold(text)
        filler = _filler()
        end, found = 0, False
        for begin in self._begins.finditer(folded):
            start = begin.start()
            if start < end:
                continue
            if term := self._match(folded, start, begin[0]):
                end, found = term.end, True
            elif any(word not in filler for word in _PLAIN_WORD.findall(begin[0])):
                return False
        return found

    def _scan(self, folded: str) -> Iterator[Term]:
        end = 0
        for begin in self._begins.finditer(folded):
            start = begin.start()
            if start >= end and (found := self._match(folded, start, begin[0])):
                end = found.end
                yield found

    def _match(self, folded: str, start: int, word: str) -> Term | None:
        """Return the term that begins with the word at a place."""
        try:
            group = self._known[word]
        except KeyError:
            group = self._learn(word)
        if group is None or not (match := group.pattern.match(folded, start)) or not match[0]:
            return None
        code = group.codes[int((match.lastgroup or "t0")[1:])]
        return Term(code, match[0], start, match.end())

    def _learn(self, word: str) -> _Group | None:
        """Return the terms that can begin with a word, and remember them."""
        found = [self._anywhere, self._by_word.get(word, [])]
        if word[: self._shortest] in self._openings:
            found += [self._by_start.get(word[:length], []) for length in self._lengths]
        chosen = tuple(sorted({number for numbers in found for number in numbers}))
        if chosen and chosen not in self._groups:
            spellings = [self._spellings[number] for number in chosen]
            alternatives, codes = _join_by_letters(spellings)
            self._groups[chosen] = _Group(re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)"), codes)
        if len(self._known) >= _MOST_WORDS:
            self._known = {}
        group = self._known[word] = self._groups.get(chosen)
        return group


@cache
def _filler() -> frozenset[str]:
    return frozenset(fold(row["term"]) for row in read_vocabulary("filler"))


@cache
def load_matcher(*names: str) -> Matcher:
    """Return the matcher for one vocabulary, or for several read as one."""
    rows = [row for name in names for row in read_vocabulary(name)]
    return build_matcher((row["term"], row["code"]) for row in rows)


def build_matcher(terms: Iterable[tuple[str, str]]) -> Matcher:
    """Return the matcher for some terms, each with its code."""
    return Matcher(terms)
