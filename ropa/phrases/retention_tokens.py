"""A retention text cut into statements, and a statement into tokens.

The words and what they mean are data: ``retention_triggers`` (events), ``retention_things`` (what
begins or ends), ``retention_words`` (grammar), ``time_units``, ``time_spans``, ``time_rates`` and
``numbers``. Every pattern here is linear in the length of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ropa.phrases.matching import fold, load_matcher
from ropa.vocabulary import read_vocabulary

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
    r"|(?P<filler>'s?(?!\w))|(?P<word>[^\W_]+(?:'(?!s\b)[^\W_]+)?)|(?P<mark>[^\w\s])"
)
_ISO = re.compile(
    r"p(?=[0-9t])(?:[0-9]{1,4}y)?(?:[0-9]{1,5}m)?(?:[0-9]{1,5}w)?(?:[0-9]{1,6}d)?"
    r"(?:t(?=[0-9])(?:[0-9]{1,6}h)?(?:[0-9]{1,6}m)?)?"
)
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
    """

    kind: str
    code: str
    text: str
    start: int
    end: int
    number: Fraction | None = None


def split_statements(text: str) -> tuple[str, ...]:
    """Split a text into statements: lines, sentences and parts between strong separators."""
    return tuple(part.strip() for part in _STATEMENT.split(text) if part.strip())


def read_tokens(statement: str) -> tuple[Token, ...]:
    """Return the tokens of one statement from left to right."""
    text = _prepare(statement)
    tokens: list[Token] = []
    place = 0
    for term in _find_terms(text):
        if term.start < place:
            continue
        tokens.extend(_read_lexemes(text, place, term.start))
        place = term.start
        if term.kind != "unit" or _follows_number(tokens, term):
            tokens.append(term)
            place = term.end
    tokens.extend(_read_lexemes(text, place, len(text)))
    return tuple(tokens)


@cache
def open_codes(kind: str) -> frozenset[str]:
    """Return the codes of the triggers or things whose end may never come."""
    name = {"trigger": "retention_triggers", "thing": "retention_things"}[kind]
    rows = read_vocabulary(name)
    return frozenset(row["code"] for row in rows if row["open_ended"] == "yes")


def _prepare(statement: str) -> str:
    """Fold the statement and set numbers, units and signs apart: "CY+6y" is "cy + 6 y"."""
    text = _FRACTION.sub(lambda match: (match[1] or "0") + _FRACTIONS[match[2]], statement)
    text = _GLUED.sub(r"\1 ", fold(text))
    return fold(_SIGN.sub(r" \1 ", text))


def _find_terms(text: str) -> list[Token]:
    """Return the terms of all vocabularies by place, the longest first, then by vocabulary."""
    ranked = [
        (term.start, -term.end, rank, kind or term.code, term)
        for rank, (name, kind) in enumerate(_VOCABULARIES)
        for term in load_matcher(name).find(text)
    ]
    ranked.sort(key=lambda entry: entry[:3])
    return [
        Token(
            kind,
            "" if kind in ("number", term.code) else term.code,
            term.text,
            term.start,
            term.end,
            Fraction(term.code) if kind == "number" else None,
        )
        for _, _, _, kind, term in ranked
    ]


def _follows_number(tokens: list[Token], unit: Token) -> bool:
    """Tell whether the unit measures: "6 years", "six (6) full years", "a year"."""
    for token in reversed(tokens[-4:]):
        if token.kind == "number":
            return True
        if token.kind == "one":
            before = tokens[-2].text if len(tokens) > 1 else ""
            return token is tokens[-1] and before != "of" and " " not in unit.text
        if token.kind != "measure" and token.text not in ("-", "(", ")"):
            return False
    return False


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
