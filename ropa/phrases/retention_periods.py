"""Lengths of time in a statement's tokens: "six (6) years", "1 year 6 months", "3-6 months".

A length keeps the units that it was typed in, so that "12 months" is written back as P12M. Its
days compare lengths in different units: a month is 365/12 days, so 12 months equal one year.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import ceil, floor

from ropa.phrases.matching import fold
from ropa.phrases.retention_tokens import Token
from ropa.vocabulary import read_vocabulary

_DAYS_OF_YEAR = 365
_MONTHS_OF_YEAR = 12
_MINUTES_OF_DAY = 24 * 60
_HUNDRED = 100
_TENS = range(20, 100, 10)
_DIGITS = range(1, 10)
_ISO_PART = re.compile(r"([0-9.]+)([ymwdh])")
_SETTLED = ("since", "after_own", "until_age")
_AGE = re.compile(r"P(?:1[2-9]|[2-9][0-9])Y")  # a child's first years are no age to wait for
_ZERO = Fraction(0)
_NOTHING = Token("", "", "", 0, 0)


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in the units in which it was typed."""

    years: Fraction = _ZERO
    months: Fraction = _ZERO
    weeks: Fraction = _ZERO
    days: Fraction = _ZERO
    minutes: Fraction = _ZERO

    def scale(self, number: Fraction) -> "Length":
        """Return this length so many times."""
        return Length(
            self.years * number,
            self.months * number,
            self.weeks * number,
            self.days * number,
            self.minutes * number,
        )

    def add(self, other: "Length") -> "Length":
        """Return the sum of both lengths."""
        return Length(
            self.years + other.years,
            self.months + other.months,
            self.weeks + other.weeks,
            self.days + other.days,
            self.minutes + other.minutes,
        )

    @property
    def rank(self) -> int:
        """The largest unit used: 4 for years down to 0 for hours and minutes."""
        units = (self.minutes, self.days, self.weeks, self.months, self.years)
        return max((place for place, amount in enumerate(units) if amount), default=0)

    def count_days(self) -> int:
        """Return the length in days: months as 365/12 days rounded, part of a day as a day."""
        months = self.years * _MONTHS_OF_YEAR + self.months
        whole = floor(months * _DAYS_OF_YEAR / _MONTHS_OF_YEAR + Fraction(1, 2))
        return whole + ceil(self.weeks * 7 + self.days + self.minutes / _MINUTES_OF_DAY)

    def format(self) -> str:
        """Return the length as an ISO 8601 duration; "P0D" for none."""
        years, months = self.years, self.months
        if years.denominator != 1:
            years, months = _ZERO, months + years * _MONTHS_OF_YEAR
        if months.denominator != 1:  # no whole months: only days can say it
            return f"P{self.count_days()}D"
        weeks, days, minutes = self.weeks, self.days, self.minutes
        if weeks and (years or months or days or minutes or weeks.denominator != 1):
            weeks, days = _ZERO, days + weeks * 7
        date = ((years, "Y"), (months, "M"), (weeks, "W"), (Fraction(ceil(days)), "D"))
        hours = Fraction(minutes // 60)
        time = ((hours, "H"), (Fraction(ceil(minutes - hours * 60)), "M"))
        text = "P" + _join(date) + (f"T{_join(time)}" if minutes else "")
        return text if len(text) > 1 else "P0D"


def _join(parts: tuple[tuple[Fraction, str], ...]) -> str:
    return "".join(f"{int(amount)}{unit}" for amount, unit in parts if amount)


def read_length(duration: str) -> Length:
    """Read an ISO 8601 duration such as ``P1Y6M`` or ``PT24H``; case does not matter."""
    date, _, time = duration.lower().removeprefix("p").partition("t")
    amounts = {unit: Fraction(number) for number, unit in _ISO_PART.findall(date)}
    clock = {unit: Fraction(number) for number, unit in _ISO_PART.findall(time)}
    return Length(
        amounts.get("y", _ZERO),
        amounts.get("m", _ZERO),
        amounts.get("w", _ZERO),
        amounts.get("d", _ZERO),
        clock.get("h", _ZERO) * 60 + clock.get("m", _ZERO),
    )


def mark_periods(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Replace the tokens of each length of time by one token of kind ``period``.

    The code of such a token is the ISO 8601 duration. A range is read as its longer end, lengths
    joined by "and" in falling units or by a plus are added up.
    """
    marked: list[Token] = []
    place = 0
    while place < len(tokens):
        found = _read_period(tokens, place)
        if found is None:
            marked.append(tokens[place])
            place += 1
            continue
        length, stop = found
        first, last = tokens[place], tokens[stop - 1]
        text = " ".join(token.text for token in tokens[place:stop])
        languages = last.languages or tokens[stop - 2].languages
        period = Token("period", length.format(), text, first.start, last.end, None, languages)
        marked.append(period)
        place = stop
    return _settle_since(tuple(marked))


def _settle_since(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Read "7 jaar na", "10 anni dal" and "na einde contract" as what leads to an event.

    These words do straight after a period of their language. Elsewhere "dal" says by whom, and
    "na" (``after_own``) leads only to a term of its language: "NA" is none.
    """
    pairs = zip((_NOTHING, *tokens), tokens, (*tokens[1:], _NOTHING), strict=False)
    return tuple(
        replace(token, kind=_settle(before, token, after), code=token.kind)
        if token.kind in _SETTLED
        else token
        for before, token, after in pairs
    )


def _settle(before: Token, token: Token, after: Token) -> str:
    if token.kind == "until_age":  # "jusqu'aux 18 ans" is an age, "fino ai 6 mesi" a period
        return "age" if after.kind == "period" and _AGE.fullmatch(after.code) else "until"
    if before.kind == "period" and before.languages & token.languages:
        return "from"
    return "after" if token.kind == "after_own" and after.languages & token.languages else "word"


def _read_period(tokens: tuple[Token, ...], place: int) -> tuple[Length, int] | None:
    """Read the longest length that begins here; return it and the place after it."""
    found = _read_amount(tokens, place)
    while found:
        length, stop = found
        joint, following = _read_joint(tokens, stop)
        more = _read_amount(tokens, following)
        if more is None:
            return found
        falling = more[0].rank < length.rank
        if joint == "to":
            longer = max(length, more[0], key=Length.count_days)
            found = longer, more[1]
        elif joint == "plus" or (joint in ("", "and") and falling):
            found = length.add(more[0]), more[1]
        else:
            return found
    return None


def _read_joint(tokens: tuple[Token, ...], place: int) -> tuple[str, int]:
    """Read what joins two lengths: "" for nothing, "and", "plus" or "to"."""
    joint = _joints().get(tokens[place].text, "") if place < len(tokens) else ""
    return (joint, place + 1) if joint in ("and", "plus", "to") else ("", place)


@cache
def _joints() -> Mapping[str, str]:
    """Return what joins two numbers or lengths: ``and``, ``or``, ``to`` and ``plus``."""
    return {fold(row["term"]): row["code"] for row in read_vocabulary("retention_joints")}


def _read_amount(tokens: tuple[Token, ...], place: int) -> tuple[Length, int] | None:
    """Read one number with its unit, a named span or an ISO duration."""
    if place >= len(tokens) or _is_ambiguous(tokens, place):
        return None
    token = tokens[place]
    if token.kind in ("iso", "span"):
        return read_length(token.code or token.text), place + 1
    read = _read_count(tokens, place)
    if read is None:
        return None
    number, stop = _read_range(tokens, read[0], _skip_repetition(tokens, read[1]))
    number, stop = _add_half(tokens, number, stop)
    while stop < len(tokens) and (tokens[stop].kind == "measure" or tokens[stop].text == "-"):
        stop += 1
    if stop >= len(tokens) or tokens[stop].kind not in ("unit", "span"):
        return None
    unit = tokens[stop]
    number, stop = _add_half(tokens, number, stop + 1)
    return read_length(unit.code).scale(number), stop


def _read_count(tokens: tuple[Token, ...], place: int) -> tuple[Fraction, int] | None:
    """Read a number, the "a" of "a year", or the "een half" of "een half jaar"."""
    if tokens[place].kind == "half":
        return _ZERO, place
    return (Fraction(1), place + 1) if tokens[place].kind == "one" else _read_number(tokens, place)


def _add_half(tokens: tuple[Token, ...], number: Fraction, place: int) -> tuple[Fraction, int]:
    """Add the half of "2 en een half jaar" or "2 ans et demi"."""
    if place < len(tokens) and tokens[place].kind == "half":
        return number + Fraction(1, 2), place + 1
    return number, place


def _is_ambiguous(tokens: tuple[Token, ...], place: int) -> bool:
    """Tell whether a number can be read in two ways: "6/12 months", "2 x 6 months"."""
    return (
        place > 1
        and tokens[place - 1].text in ("/", "x")
        and tokens[place - 2].number is not None
        and tokens[place].number is not None
    )


def _read_number(tokens: tuple[Token, ...], place: int) -> tuple[Fraction, int] | None:
    """Read digits or number words: "twenty-four", "one hundred and twenty"."""
    if place >= len(tokens) or (number := tokens[place].number) is None:
        return None
    stop = place + 1
    if not tokens[place].text.isalpha():
        return number, stop
    if number in _TENS:
        number, stop = _add_word(tokens, number, stop, _DIGITS, "-")
    elif number in _DIGITS and stop < len(tokens) and tokens[stop].number == _HUNDRED:
        number, stop = number * _HUNDRED, stop + 1
    if number >= _HUNDRED:
        number, stop = _add_word(tokens, number, stop, range(1, _HUNDRED), "and")
    return number, stop


def _add_word(
    tokens: tuple[Token, ...], number: Fraction, place: int, allowed: range, joint: str
) -> tuple[Fraction, int]:
    """Add the number word that follows, with or without the joint, if it is in the range."""
    stop = place + (place < len(tokens) and tokens[place].text == joint)
    if stop < len(tokens) and tokens[stop].text.isalpha() and tokens[stop].number in allowed:
        tail = tokens[stop].number or _ZERO
        if tail in _TENS and allowed is not _DIGITS:
            tail, after = _add_word(tokens, tail, stop + 1, _DIGITS, "-")
            return number + tail, after
        return number + tail, stop + 1
    return number, place


def _skip_repetition(tokens: tuple[Token, ...], place: int) -> int:
    """Skip the number's repetition in brackets: "six (6) years"."""
    if place + 2 < len(tokens) and tokens[place].text == "(" and tokens[place + 1].number:
        inner = _read_number(tokens, place + 1)
        if inner and inner[1] < len(tokens) and tokens[inner[1]].text == ")":
            return inner[1] + 1
    return place


def _read_range(tokens: tuple[Token, ...], number: Fraction, place: int) -> tuple[Fraction, int]:
    """Read "3-6", "3 to 6", "between 3 and 6" as the higher number and "6 + 1" as the sum."""
    if place >= len(tokens):
        return number, place
    joint = _joints().get(tokens[place].text, "")
    other = _read_number(tokens, place + 1)
    if other is None or not joint or tokens[place].text == ",":
        return number, place
    after = other[1]
    if after < len(tokens) and tokens[after].kind in ("unit", "measure", "span", "half"):
        return (number + other[0] if joint == "plus" else max(number, other[0])), after
    return number, place
