"""The wording of headings: the same heading however it was numbered, bracketed or cased."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ropa.phrases.matching import fold
from ropa.vocabulary import read_vocabulary

_NUMBERED = re.compile(
    r"^(?:\(?(?:[0-9]{1,2}(?:\.[0-9]{1,2})*|[a-z]|[ivx]{1,4})\)|(?:[0-9]{1,2}\.)+[0-9]{0,2}"
    r"|[0-9]{1,2}(?=\s*[-:]\s)|[0-9]{1,2}(?=\s+[^\W\d])|[a-z]\.(?=\s))[\s.:-]*"
)
_BULLET = re.compile(r"^[\s*\u2022\u25ba\u25b6>\u00b7#-]+")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_TAIL = re.compile(r"[\s:?*.;,!\u2026>-]+$")
_COUNTER = re.compile(
    r"^(?P<head>.*[^\W\d_].*?)[\s_#-]*(?:n[o\u00b0\u00ba]?\.?\s*)?(?P<number>[0-9]{1,2})$"
)
_WORD = re.compile(r"[^\W_]+")
_DIGITS = frozenset("0123456789")
_PLURAL_LENGTH = 4
_LONGEST_LABEL = 200
"""Letters of a numbered label, at most: the time that its pattern takes grows with their square."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of reading a heading, and how much surer the plain reading is.

    Attributes
    ----------
    key : str
        Its words without accents and plural endings, in order.
    words : frozenset of str
        The words that carry meaning.
    share : float
        From 0 to 1: less where part of the heading was left out.
    """

    key: str
    words: frozenset[str]
    share: float


@lru_cache(maxsize=8192)
def read_wordings(text: str) -> tuple[Wording, ...]:
    """Return the ways of reading a heading, the plainest first.

    The whole; without remarks in brackets; the first line; what stands before a colon or dash.
    """
    if "\n" not in text and " " not in text.strip():
        text = _CAMEL.sub(" ", text.strip())
    lines = [line for line in text.splitlines() if line.strip()]
    whole = _tidy(" ".join(lines))
    bare = _tidy(_REMARK.sub(" ", " ".join(lines)))
    first = _tidy(_REMARK.sub(" ", lines[0])) if lines else ""
    head = _tidy(re.split(r"\s[-\u2013\u2014:]\s|:\s", bare, maxsplit=1)[0])
    parts: dict[str, float] = {}
    for part, share in ((whole, 1.0), (bare, 0.99), (first, 0.97), (head, 0.95)):
        parts.setdefault(part, share)
    found: dict[str, Wording] = {}
    for part, share in parts.items():
        key = make_key(part)
        if key and key not in found:
            found[key] = Wording(key, list_words(key), share)
    return tuple(found.values())


def read_counter(text: str) -> tuple[str, int]:
    """Return a numbered label without its number: "Recipient 2" is ("Recipient", 2)."""
    folded = fold(text).rstrip(" :")
    counted = folded[-1:] in _DIGITS and len(folded) <= _LONGEST_LABEL
    found = _COUNTER.match(folded) if counted else None
    return (found["head"], int(found["number"])) if found else (text, 0)


def _tidy(text: str) -> str:
    folded = _BULLET.sub("", fold(text.replace("_", " ")))
    folded = _NUMBERED.sub("", folded, count=1)
    return _TAIL.sub("", _BULLET.sub("", folded))


def make_key(text: str) -> str:
    """Return folded words without accents and plural endings, joined by a space."""
    plain = fold(text)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_singular(word) for word in _WORD.findall(plain.replace("\u00f8", "o")))


def list_words(key: str) -> frozenset[str]:
    """Return the words of a key that carry meaning."""
    words = frozenset(key.split())
    return words - _small_words() or words


def read_code(text: str, vocabulary: str) -> str:
    """Return the code of the term of a vocabulary that a text is, word for word; else empty."""
    codes = _load_codes(vocabulary)
    return next((codes[one.key] for one in read_wordings(text) if one.key in codes), "")


@cache
def _load_codes(vocabulary: str) -> Mapping[str, str]:
    return {make_key(row["term"]): row["code"] for row in read_vocabulary(vocabulary)}


@cache
def _small_words() -> frozenset[str]:
    """Words that carry no meaning of their own in a heading."""
    return frozenset(row["term"] for row in read_vocabulary("small_words"))


def _singular(word: str) -> str:
    if len(word) > _PLURAL_LENGTH and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) >= _PLURAL_LENGTH and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
