"""The names of places: the look-up of ``places``, and the text cut into words that can be found.

A name is looked up as a whole sequence of words, the longest first. So South Africa is found in
"South Africa", nothing in "South Atlantic", and Niger never in Nigeria.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from ropa.phrases.matching import fold
from ropa.vocabulary import read_vocabulary

CODES = frozenset({"alpha2", "alpha3", "code"})
LINK = "and"
MARKS = frozenset(",;:()/.-")
_SOFT = frozenset(".-")
_ARTICLE = "the"
_LINKS = frozenset({"&", "+", "and", "und", "et", "e", "y", "og", "en"})
_DOTTED = re.compile(r"(?<![\w.])(?:[A-Za-z]\.){1,3}[A-Za-z](?!\w)\.?")
_ABBREVIATIONS = frozenset({"US", "USA", "UK", "EU", "EEA", "UAE", "GB", "DC", "PRC", "UE", "EEE"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\ufeff]")
_APOSTROPHES = "'\u2018\u2019\u02bc`\u00b4"
# An article or preposition that lost its vowel stands by itself: "l'Irlande", "dell'UE".
_ELIDED = ("l", "all", "dall", "dell", "nell", "sull")
_TOKEN = re.compile(
    rf"(?<![^\W_])(?i:{'|'.join(_ELIDED)})[{_APOSTROPHES}](?=[^\W_])|[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*|[&+,;:()\[\]/\\|\n\r\u2022\u00b7.\-\u2010-\u2015\u2212]"
)
_SPACED_DASH = re.compile(r"\w+\s+[-\u2013\u2014]\s+")
_HYPHENS = frozenset("-\u2010\u2011\u2212")
_AS_MARK = {
    "[": "(", "]": ")", "\\": "/", "|": ";", "\n": ";", "\r": ";", "\u2022": ";", "\u00b7": ";",
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-",
    "\u2212": "-",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """One row of the place vocabularies.

    ``kind`` is the row's part in a text: a sort of place, a prefix ("outside"), or words that hold
    a name and mean no place ("UK GDPR"). ``prose`` says how the name counts in running text:
    anywhere (""), in capitals ("upper"), after a preposition, or never.
    """

    term: str
    codes: tuple[str, ...]
    kind: str
    is_code: bool
    prose: str
    hint: str


@dataclass(frozen=True, slots=True)
class Part:
    """A name, a single word, a link ("and") or a mark; ``start`` and ``end`` in the plain text."""

    kind: str
    key: str
    start: int
    end: int
    names: tuple[Name, ...] = ()

    @property
    def name(self) -> Name | None:
        """The first meaning of a name, None for the rest."""
        return self.names[0] if self.names else None


def plain(text: str) -> str:
    """Return the text in compatibility form, dotted abbreviations joined ("U.S." as "US")."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _DOTTED.sub(_join_dotted, visible)


def _join_dotted(match: re.Match[str]) -> str:
    letters = match[0].replace(".", "").upper()
    return letters if letters in _ABBREVIATIONS else match[0]


def _word_key(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", fold(word))
    key = "".join(c for c in decomposed if c not in _APOSTROPHES and not unicodedata.combining(c))
    if key in _LINKS:
        return LINK
    if key in _ELIDED and key != word.casefold():
        return _ARTICLE
    return "saint" if key == "st" else key


def _tokens(text: str) -> list[Part]:
    tokens = []
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign[0].isalnum():
            key = _word_key(sign)
            tokens.append(Part("link" if key == LINK else "word", key, *match.span()))
        elif sign in "&+":
            tokens.append(Part("link", LINK, *match.span()))
        elif sign in _HYPHENS and _joins(text, *match.span()):
            continue
        else:
            tokens.append(Part("mark", _AS_MARK.get(sign, sign), *match.span()))
    return tokens


def _joins(text: str, start: int, end: int) -> bool:
    return start > 0 and text[start - 1].isalnum() and text[end : end + 1].isalnum()


def _key(term: str) -> str:
    return " ".join(
        token.key
        for token in _tokens(plain(term))
        if token.key != _ARTICLE and token.key not in _SOFT
    )


@cache
def _names() -> dict[str, tuple[Name, ...]]:
    found: dict[str, list[Name]] = {}
    for name in _rows():
        found.setdefault(_key(name.term), []).append(name)
    return {key: tuple(names) for key, names in found.items()}


def _rows() -> list[Name]:
    countries = [
        Name(row["term"], (row["code"],), "country", row["kind"] in CODES, row["prose"], hint="")
        for row in read_vocabulary("countries")
    ]
    groups = [
        Name(
            term=row["term"],
            codes=tuple(row["code"].split()),
            kind=row["kind"],
            is_code=False,
            prose=row["prose"],
            hint=row["hint"],
        )
        for row in read_vocabulary("country_groups")
    ]
    localities = [
        Name(row["term"], (row["code"],), "locality", row["kind"] in CODES, "never", hint="")
        for row in read_vocabulary("localities")
    ]
    # What has two meanings comes first; then a code in capitals: "NO" before "no".
    doubtful = [name for name in groups if name.kind == "ambiguous"]
    codes = [name for name in countries if name.is_code]
    rest = [name for name in groups if name.kind != "ambiguous"]
    return doubtful + codes + rest + [name for name in countries if not name.is_code] + localities


@cache
def _longest() -> int:
    return max(len(key.split()) for key in _names())


def cut(text: str) -> tuple[Part, ...]:
    """Cut a plain text into names, words, links and marks, from left to right."""
    tokens = _tokens(text)
    parts: list[Part] = []
    i = 0
    while i < len(tokens):
        names, end = _match(text, tokens, i)
        if names:
            span = (tokens[i].start, tokens[end - 1].end)
            parts.append(Part("name", tokens[i].key, *span, names))
            i = end
        else:
            parts.append(tokens[i])
            i += 1
    return tuple(parts)


def _match(text: str, tokens: list[Part], i: int) -> tuple[tuple[Name, ...], int]:
    best: tuple[tuple[Name, ...], int] = ((), i + 1)
    if tokens[i].kind == "mark" or tokens[i].key == _ARTICLE:
        return best
    if tokens[i].kind == "link" and not _alone(tokens, i):
        return best
    words: list[str] = []
    for j in range(i, len(tokens)):
        if tokens[j].key in _SOFT or tokens[j].key == _ARTICLE:
            continue
        words.append(tokens[j].key)
        if len(words) > _longest():
            break
        typed = text[tokens[i].start : tokens[j].end]
        rows = _names().get(" ".join(words), ())
        names = tuple(name for name in rows if not name.is_code or typed == name.term)
        if names and not (names[0].kind == "nothing" and _parts_words(typed)):
            best = (names, j + 1)
    return best


def _parts_words(typed: str) -> bool:
    """Tell whether a spaced dash parts a place from what is said of it: "EU \u2013 adequacy"."""
    dash = _SPACED_DASH.match(typed)
    return dash is not None and not any(
        name.kind in ("country", "group")
        for word in typed[dash.end() :].split()
        for name in _names().get(_word_key(word), ())
    )


def _alone(tokens: list[Part], i: int) -> bool:
    neighbours = tokens[max(i - 1, 0) : i] + tokens[i + 1 : i + 2]
    return all(token.kind == "mark" for token in neighbours)


def _beside(code: str) -> frozenset[str]:
    rows = read_vocabulary("place_filler")
    return frozenset(_word_key(row["term"]) for row in rows if row["code"] == code)


@cache
def filler() -> frozenset[str]:
    """Return the words that stand beside a place's name without changing it ("servers in")."""
    words = frozenset(_word_key(row["term"]) for row in read_vocabulary("filler"))
    return words | _beside("filler") | {_ARTICLE}


@cache
def articles() -> frozenset[str]:
    """Return articles and the like of other languages, many of which are codes as well ("de")."""
    return _beside("article")


@cache
def limits() -> frozenset[str]:
    """Return the words that turn a denial round: "not only"."""
    return _beside("only")


@cache
def country_name(code: str) -> str:
    """Return the first, English name of a country code; the code itself where there is none."""
    for row in read_vocabulary("countries"):
        if row["code"] == code and row["kind"] == "name":
            return row["term"]
    return code


_LIKENESS = 80.0


@cache
def _suggestions() -> tuple[dict[str, str], dict[str, str]]:
    """Return what to suggest for a name, and for a code typed in small letters."""
    named: dict[str, str] = {}
    coded: dict[str, str] = {}
    for key, names in _names().items():
        name = names[0]
        if name.kind in {"country", "group", "organisation", "region"}:
            own = name.kind == "country" and len(name.codes) == 1
            meant = coded if name.is_code else named
            meant[key] = country_name(name.codes[0]) if own else name.term
    return named, coded


def suggest(words: tuple[str, ...]) -> str:
    """Return the known name that is spelt nearly so, "" where none is near enough."""
    # Loaded here, for unreadable names only: the command's help stays light.
    from rapidfuzz import fuzz, process

    named, coded = _suggestions()
    if len(words) > _longest():
        return ""
    key = " ".join(words)
    if key in coded:
        return coded[key]
    near = process.extractOne(key, named.keys(), scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    return named[near[0]] if near else ""
