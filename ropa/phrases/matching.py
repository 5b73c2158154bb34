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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

from ropa.phrases.concordance import Leads, make_leads
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
_HEAD = re.compile(r"[^\W_]{1,4}")
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
    """A pattern of a term: its first letters as they are, the rest as a pattern; its code.

    ``after`` is what follows the first letters in the term itself, "*" where that may vary.
    """

    head: str
    rest: str
    code: str
    after: str


def _spellings(term: str, code: str) -> Iterator[_Spelling]:
    """Yield the patterns of a term, one for each way to type its first letters."""
    folded = fold(term)
    head = _HEAD.match(folded)
    start = head[0] if head else ""
    words = re.escape(folded[len(start) :]).replace(r"\-", "[ -]?").replace(r"\ ", "[ -]+")
    words = words.replace(r"\*", r"\w*")
    words = re.sub(r"\\\((\w+)\\\)", r"(?:\1)?", words)
    if len(folded) < _SHORT or folded.isascii():
        yield _Spelling(start, words, code, folded[len(start) :])
        return
    for letters in product(*map(_ways, start)):
        yield _Spelling("".join(letters), loosen(words), code, "*")


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
class Matcher:
    """The terms of one vocabulary, compiled once; ``leads`` tells how they begin."""

    pattern: re.Pattern[str]
    codes: tuple[str, ...]
    leads: Leads

    def find(self, text: str) -> tuple[Term, ...]:
        """Return the terms found, from left to right, none overlapping another."""
        folded = fold(text)
        return tuple(
            Term(self.codes[int((match.lastgroup or "t0")[1:])], match[0], *match.span())
            for match in self.pattern.finditer(folded)
        )

    def find_codes(self, text: str) -> frozenset[str]:
        """Return the codes of the terms found."""
        return frozenset(term.code for term in self.find(text))

    def covers(self, text: str) -> bool:
        """Tell whether the text consists of this vocabulary's terms and of filler words alone.

        A text without any term, the empty text among them, is not covered.
        """
        folded = fold(text)
        rest, found = self.pattern.subn(" ", folded)
        words = re.findall(r"[^\W_]+", rest)
        return found > 0 and all(word in _filler() for word in words)


@cache
def _filler() -> frozenset[str]:
    return frozenset(fold(row["term"]) for row in read_vocabulary("filler"))


@cache
def load_matcher(*names: str) -> Matcher:
    """Return the matcher for one vocabulary, or for several read as one."""
    rows = [row for name in names for row in read_vocabulary(name)]
    return build_matcher([(row["term"], row["code"]) for row in rows])


def build_matcher(terms: Iterable[tuple[str, str]]) -> Matcher:
    """Return the matcher for some terms, each with its code."""
    ordered = sorted(terms, key=lambda pair: (-len(fold(pair[0])), fold(pair[0])))
    spellings = [one for term, code in ordered for one in _spellings(term, code)]
    alternatives, codes = _join_by_letters(spellings)
    compiled = re.compile(rf"(?<!\w)(?:{alternatives or '(?!)'})(?!\w)")
    return Matcher(compiled, codes, make_leads((one.head, one.after) for one in spellings))
