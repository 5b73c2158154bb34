"""The terms of the retention vocabularies in a text, each with its language.

There are thousands of terms in seven languages, and a text is looked through for those of seven
vocabularies. Terms are therefore kept by their first letters: at each word only the few that can
begin there are tried.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ropa.phrases.matching import Matcher, build_matcher, fold, spell
from ropa.vocabulary import read_vocabulary

ENGLISH = "en"

# Where two vocabularies hold the same words, the first one counts. A unit counts only after a
# number ("2 years"), else "year" may be a thing that ends.
_VOCABULARIES = (
    ("time_units", "unit"),
    ("retention_triggers", "trigger"),
    ("retention_things", "thing"),
    ("retention_words", ""),
    ("time_spans", "span"),
    ("time_rates", "rate"),
    ("numbers", "number"),
)
_LETTERS = 3
_HEAD = 4  # as many plain letters say how a term begins
_START = re.compile(rf"(?<!\w)(?:\w{{1,{_LETTERS}}}|[^\w\s])")
_KEY = re.compile(rf"\w{{1,{_LETTERS}}}|.")
_OPTIONAL = re.compile(r"\((\w+)\)")
_AHEAD = re.compile(r"[\w ()/-]{0,60}")  # as far as a number's unit can stand
_WORDS_AHEAD = 6


@dataclass(frozen=True, slots=True)
class Found:
    """One term found.

    Attributes
    ----------
    kind, code : str
        As of a `ropa.phrases.retention_tokens.Token`.
    languages : frozenset of str
        The languages of the term: "en", or those in which it means the same.
    start, end : int
        Its place in the text.
    """

    kind: str
    code: str
    languages: frozenset[str]
    start: int
    end: int


def find_terms(text: str) -> tuple[Found, ...]:
    """Return the terms of all vocabularies by place, the longest first, then by vocabulary.

    A number word of another language counts only before a unit of that language: "due" and "to"
    are numbers in "due anni" and "to dage" alone. A term that lost its accents does not count
    where it reads as an English word: "revision" is no "r\u00e9vision".

    Parameters
    ----------
    text : str
        Folded.
    """
    ranked: list[tuple[int, int, int, Found]] = []
    for match in _START.finditer(text):
        start = match.start()
        if match[0] not in _index():
            continue  # only keys of the vocabularies are kept in memory
        for rank, matcher in _load_matchers(match[0]):
            if not (term := matcher.find_at(text, start)):
                continue
            name, code, languages = _read_label(term.code)
            if term.text != name and term.text in _english():
                continue
            kind = _VOCABULARIES[rank][1] or code
            foreign = kind == "number" and ENGLISH not in languages
            if foreign and not _is_measured(text, term.end, languages):
                continue
            found = Found(kind, code, languages, start, term.end)
            ranked.append((start, -term.end, -1 if foreign else rank, found))
    ranked.sort(key=lambda entry: entry[:3])
    return tuple(entry[3] for entry in ranked)


@cache
def _load_matchers(key: str) -> tuple[tuple[int, Matcher], ...]:
    """Return the matchers, each with its rank, for what begins so; made when first asked for."""
    ranks: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for rank, term, label in _index().get(key, ()):
        ranks[rank].append((term, label))
    return tuple((rank, build_matcher(rows)) for rank, rows in sorted(ranks.items()))


@cache
def _index() -> Mapping[str, tuple[tuple[int, str, str], ...]]:
    """Return all terms by their first letters: rank of the vocabulary, term and label."""
    terms: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for rank, (name, _) in enumerate(_VOCABULARIES):
        for row in read_vocabulary(name):
            term = row["term"]
            if not _is_capital(term):
                label = f"{fold(term)}\t{row['code']}\t{row['language']}"
                for key in _list_keys(term):
                    terms[key].append((rank, term, label))
    return {key: tuple(rows) for key, rows in terms.items()}


def _list_keys(term: str) -> frozenset[str]:
    """Return the first letters with which a text of this term can begin."""
    head = term[:_HEAD]
    if head.isascii() and head.isalpha():
        return frozenset((head[:_LETTERS].casefold(),))
    plain = {_OPTIONAL.sub("", term), _OPTIONAL.sub(r"\1", term)}
    joined = {way for one in plain for way in (one, one.replace("-", ""))}
    spelled = (spelling for one in joined for spelling in spell(one))
    return frozenset(match[0] for one in spelled if (match := _KEY.match(one)))


@cache
def _read_label(label: str) -> tuple[str, str, frozenset[str]]:
    term, code, languages = label.split("\t")
    return term, code, frozenset(languages.split())


@cache
def _english() -> frozenset[str]:
    return frozenset(row["term"] for row in read_vocabulary("retention_english"))


# -- number words of other languages --------------------------------------------------------------


def _is_measured(text: str, place: int, languages: frozenset[str]) -> bool:
    """Tell whether a unit of one of these languages follows, over other numbers at most."""
    ahead = _AHEAD.match(text, place)
    words = re.findall(r"\w+", ahead[0] if ahead else "")[:_WORDS_AHEAD]
    return any(_leads_to_unit(words, language) for language in languages)


def _leads_to_unit(words: list[str], language: str) -> bool:
    units, others = _measures(language)
    for word in words:
        if word in units:
            return True
        if word not in others and not word.isdigit():
            return False
    return False


@cache
def _measures(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the first words of a language's units, and the words between number and unit."""
    units = {word for term in _list_terms("time_units", language) for word in _split(term)[:1]}
    others = {
        word
        for name, codes in (
            ("numbers", ()),
            ("retention_joints", ()),
            ("retention_words", ("measure", "half")),
        )
        for term in _list_terms(name, language, codes)
        for word in _split(term)
    }
    return frozenset(units), frozenset(others - units)


def _list_terms(name: str, language: str, codes: tuple[str, ...] = ()) -> Iterator[str]:
    for row in read_vocabulary(name):
        if language in row["language"].split() and (not codes or row["code"] in codes):
            plain = {_OPTIONAL.sub("", row["term"]), _OPTIONAL.sub(r"\1", row["term"])}
            yield from (spelling for one in plain for spelling in spell(one))


def _split(term: str) -> list[str]:
    return re.findall(r"\w+", term)


# -- abbreviations that only their capital tells apart --------------------------------------------


def _is_capital(term: str) -> bool:
    return term != fold(term) and fold(term) == term.lower() and len(term) == len("J.")


@cache
def _capitals() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = read_vocabulary("time_units")
    return tuple(
        (
            re.compile(rf"(?<=[0-9]) ?{re.escape(row['term'])}(?!\w)"),
            next(
                f" {other['term']} "
                for other in rows
                if (other["code"], other["language"]) == (row["code"], row["language"])
                and not _is_capital(other["term"])
            ),
        )
        for row in rows
        if _is_capital(row["term"])
    )


def spell_out(text: str) -> str:
    """Write out the units that are known by a capital: "10 J." are years, "10 j" may be days."""
    for pattern, unit in _capitals():
        text = pattern.sub(unit, text)
    return text
