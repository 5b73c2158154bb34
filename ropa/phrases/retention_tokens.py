"""A retention text cut into statements, and a statement into tokens.

The words and what they mean are data: ``retention_triggers`` (events), ``retention_things`` (what
begins or ends), ``retention_words`` (grammar), ``time_units``, ``time_spans``, ``time_rates`` and
``numbers``, in seven languages that one text may mix. No language is guessed: a word that means
something else in English stands in the vocabulary only with the words that make it clear. Every
pattern here is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ropa.phrases.matching import fold
from ropa.phrases.retention_terms import ENGLISH, Found, find_terms, spell_out
from ropa.vocabulary import read_vocabulary

_STATEMENT = re.compile(
    r"[\n\r;|\u2022\u25cf\u25aa\u00b7\u2028\u2029]|\s/\s|(?<=[\w)\"'\u201d])[.!?]\s+(?=[A-Z\"'\u201c])"
)
_FRACTIONS = {"\u00bd": ".5", "\u00bc": ".25", "\u00be": ".75"}
_FRACTION = re.compile(r"([0-9]?)([\u00bd\u00bc\u00be])")
_GLUED = re.compile(
    r"(?<![\w.,])([0-9]{1,6}(?:[.,][0-9]{1,2})?)(?=[^\W\d_])(?!(?:st|nd|rd|th|er)\b)"
)
_SIGN = re.compile(r"([+<>=\u2264\u2265~])")
_LEXEME = re.compile(
    r"(?P<ordinal>[0-9]{1,3}(?:st|nd|rd|th)(?!\w))"
    r"|(?P<number>(?<![\w.,])[0-9]{1,6}(?:[.,][0-9]{1,3})?(?![\w]))"
    r"|(?P<filler>'s?(?!\w)|(?<=\w)'(?=\w)|(?:d|dell|all|l|nell|qu|s|un)'(?=\w|\Z))|(?P<word>[^\W_]+(?:'(?!s\b)[^\W_]+)?)|(?P<mark>[^\w\s])"
)
_ISO = re.compile(
    r"p(?=[0-9t])(?:[0-9]{1,4}y)?(?:[0-9]{1,5}m)?(?:[0-9]{1,5}w)?(?:[0-9]{1,6}d)?"
    r"(?:t(?=[0-9])(?:[0-9]{1,6}h)?(?:[0-9]{1,6}m)?)?"
)
_DAY = re.compile(r"(?<![\w.,])[0-9]{1,2}\Z")
_BEFORE_STOP = 16  # letters of the longest abbreviation, and more
_THOUSANDS = 3  # digits after a comma that groups: "1,000"


@dataclass(frozen=True, slots=True)
class Token:
    """One word, sign or recognised term of a statement.

    Attributes
    ----------
    kind : str
        ``word`` (unknown), ``filler``, ``mark``, ``ordinal``, ``number``, ``iso``, ``unit``,
        ``span``, ``rate``, ``trigger``, ``thing``, ``period``, or a code of ``retention_words``.
    code : str
        What it means: a trigger code, an ISO 8601 duration; else "".
    text : str
        The folded words.
    start, end : int
        Its place in the folded statement.
    number : fractions.Fraction or None
        The value of a number.
    languages : frozenset of str
        The languages of a recognised term, none for other words.
    """

    kind: str
    code: str
    text: str
    start: int
    end: int
    number: Fraction | None = None
    languages: frozenset[str] = frozenset()


def split_statements(text: str) -> tuple[str, ...]:
    """Split a text into statements: lines, sentences and parts between strong separators."""
    parts: list[str] = []
    start = 0
    for match in _STATEMENT.finditer(text):
        if not _is_inside(text, match):
            parts.append(text[start : match.start()])
            start = match.end()
    parts.append(text[start:])
    return tuple(part.strip() for part in parts if part.strip())


def _is_inside(text: str, stop: re.Match[str]) -> bool:
    """Tell whether a stop ends no sentence: "gem. HGB", "31. Dezember", "18. Lebensjahr"."""
    if stop[0][0] != ".":
        return False
    before, after = text[max(0, stop.start() - _BEFORE_STOP) : stop.start()], stop.end()
    numbered = _DAY.search(before) and _numbered().match(text, after)
    return bool(numbered or _abbreviation().search(before))


def read_tokens(statement: str) -> tuple[Token, ...]:
    """Return the tokens of one statement from left to right."""
    text = _prepare(statement)
    tokens: list[Token] = []
    place = 0
    for term in find_terms(text):
        if term.start < place:
            continue
        tokens.extend(_read_lexemes(text, place, term.start))
        place = term.start
        if term.kind != "unit" or _follows_number(tokens, term, text[term.start : term.end]):
            tokens.append(_make_token(term, text))
            place = term.end
    tokens.extend(_read_lexemes(text, place, len(text)))
    return tuple(tokens)


def _make_token(term: Found, text: str) -> Token:
    counts = term.kind == "number"
    return Token(
        term.kind,
        "" if counts or term.code == term.kind else term.code,
        text[term.start : term.end],
        term.start,
        term.end,
        Fraction(term.code) if counts else None,
        term.languages,
    )


@cache
def open_codes(kind: str) -> frozenset[str]:
    """Return the codes of the triggers or things whose end may never come."""
    name = {"trigger": "retention_triggers", "thing": "retention_things"}[kind]
    rows = read_vocabulary(name)
    return frozenset(row["code"] for row in rows if row["open_ended"] == "yes")


def _prepare(statement: str) -> str:
    """Fold the statement and set numbers, units and signs apart: "CY+6y" is "cy + 6 y"."""
    text = _FRACTION.sub(
        lambda match: (match[1] or "0") + _FRACTIONS[match[2]], spell_out(statement)
    )
    text = _GLUED.sub(r"\1 ", fold(text))
    return fold(_SIGN.sub(r" \1 ", text))


def _follows_number(tokens: list[Token], unit: Found, text: str) -> bool:
    """Tell whether the unit measures: "6 years", "six (6) full years", "a year".

    A number word measures in units of its language: "a tag" is no day.
    """
    for token in reversed(tokens[-4:]):
        if token.kind == "number":
            return not token.languages or _shares_language(token, unit)
        if token.kind == "half":
            return True
        if token.kind == "one":
            before = tokens[-2].text if len(tokens) > 1 else ""
            last = token is tokens[-1] and before != "of" and " " not in text
            return last and _shares_language(token, unit)
        if token.kind != "measure" and token.text not in ("-", "(", ")"):
            return False
    return False


def _shares_language(word: Token, unit: Found) -> bool:
    """Tell whether two words are both English or both not."""
    english = {ENGLISH in word.languages, ENGLISH in unit.languages}
    return len(english) == 1 or bool(word.languages & unit.languages)


def _read_lexemes(text: str, start: int, end: int) -> Iterator[Token]:
    for match in _LEXEME.finditer(text, start, end):
        kind, word = match.lastgroup or "mark", match[0]
        number = None
        if kind == "number":
            number = _read_number(word)
            kind = "word" if number is None else kind
        elif kind == "word" and word in _filler():
            kind = "filler"
        elif kind == "word" and _ISO.fullmatch(word):
            kind = "iso"
        elif kind == "word" and word.endswith(_law_endings()):
            kind = "legal"
        yield Token(kind, "", word, match.start(), match.end(), number)


def _read_number(text: str) -> Fraction | None:
    """Read digits; "1,000" is a thousand, "1,5" one and a half, "1.000" could be either."""
    whole, comma, decimals = text.partition("," if "," in text else ".")
    if len(decimals) < _THOUSANDS:
        return Fraction(f"{whole}.{decimals or 0}")
    return Fraction(whole + decimals) if comma == "," else None


@cache
def _filler() -> frozenset[str]:
    return frozenset(fold(row["term"]) for row in read_vocabulary("filler"))


@cache
def _abbreviation() -> re.Pattern[str]:
    terms = "|".join(re.escape(row["term"]) for row in read_vocabulary("retention_abbreviations"))
    return re.compile(rf"(?<!\w)(?:{terms})\Z", re.IGNORECASE)


@cache
def _numbered() -> re.Pattern[str]:
    """Match what is counted with a stop: a month with its year, and the words of an age."""
    rows = read_vocabulary("retention_words")
    ages = "|".join(re.escape(row["term"]) for row in rows if row["code"] == "age")
    months = "|".join(re.escape(row["term"]) for row in read_vocabulary("months"))
    return re.compile(rf"(?:(?:{months})\.? [0-9]{{4}}|{ages})(?!\w)", re.IGNORECASE)


@cache
def _law_endings() -> tuple[str, ...]:
    """Return the endings of the names of statutes: "...gesetz", "...loven"."""
    rows = read_vocabulary("retention_laws")
    return tuple(fold(row["term"]) for row in rows if row["code"] == "law_ending")
