"""Finding the terms of a vocabulary in a text.

A vocabulary file has the columns ``term`` and ``code`` (others are notes). A term matches whole
words only, whatever the case, the quotes, the dashes and the white space; where two terms could
match at one place the longer one wins. In a term, ``*`` at the end of a word stands for any
ending of that word (``subscri*``), and ``(s)`` for an optional letter or group of letters
(``interest(s)``). Nothing else is special.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

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
_LETTER = re.compile(r"\w(?![?*+{])")


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
    plain = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
    return _SPACE.sub(" ", plain).strip().casefold()


def _pattern(term: str) -> str:
    words = re.escape(fold(term)).replace(r"\-", "[ -]?").replace(r"\ ", "[ -]+")
    words = words.replace(r"\*", r"\w*")
    return re.sub(r"\\\((\w+)\\\)", r"(?:\1)?", words)


def _join_by_letter(patterns: list[str]) -> str:
    """Join alternatives, those with one first letter behind a single look at that letter.

    A vocabulary of 2,000 terms is passed over some thirty times as fast. Only alternatives that
    begin with different letters change places, so what matches stays the same.
    """
    groups: dict[tuple[int, str], list[str]] = {}
    run = 0
    for place, pattern in enumerate(patterns):
        letter = pattern[0] if _LETTER.match(pattern) else ""
        run += not letter
        groups.setdefault((run, letter), []).append(f"(?P<t{place}>{pattern})")
    return "|".join(
        f"(?={letter})(?:{'|'.join(members)})" for (_, letter), members in groups.items()
    )


@dataclass(frozen=True, slots=True)
class Matcher:
    """The terms of one vocabulary, compiled once."""

    pattern: re.Pattern[str]
    codes: tuple[str, ...]

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
    alternatives = _join_by_letter([_pattern(term) for term, _ in ordered])
    compiled = re.compile(rf"(?<!\w)(?:{alternatives or '(?!)'})(?!\w)")
    return Matcher(compiled, tuple(code for _, code in ordered))
