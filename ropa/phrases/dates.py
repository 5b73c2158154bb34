"""Dates as people type them, read day before month.

Months, weekdays and the small words of a date are data (``vocabulary/months.csv``,
``weekdays.csv``, ``time_dates.csv``). Nothing is completed by a guess: a text that holds more than
one date, or a date with a hole, is no date.
"""

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from ropa.phrases.matching import fold, spell
from ropa.vocabulary import read_vocabulary

NOT_A_DATE = "not a date"
_MONTHS = 12
_CENTURY = 100
_PIVOT = 69  # "68" is 2068 and "69" is 1969, as in POSIX strptime
_YEARS = range(1900, 2101)  # a bare number outside is no year


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a text says as a date.

    Attributes
    ----------
    first, last : datetime.date or None
        The earliest and the latest day that the text can mean: the same day for a full date, the
        first and the last of the month for "March 2024". None where there is a problem.
    problem : str
        Why the text is no date; "" where it is one.
    """

    first: date | None
    last: date | None
    problem: str


def read_date(text: str) -> DateReading:
    """Read a whole text as one date, month, quarter, half-year or year.

    The day stands before the month: 05/06/2026 is 5 June, and 05/15/2026 has no month 15 rather
    than being turned round. A two-digit year below 69 is 20xx. A bare number other than a year
    from 1900 to 2100 is not a date: a spreadsheet's serial number does not say its epoch.

    Parameters
    ----------
    text : str
        The cell as typed; a time of day after the date is ignored.

    Returns
    -------
    DateReading
        With ``problem`` one of "not a date", "a number, not a date", "no month 15", "no such day"
        and "no year", or "".
    """
    folded = fold(text).strip(" .,;")
    for pattern, build in _forms():
        if match := pattern.fullmatch(folded):
            return build({name: value or "" for name, value in match.groupdict().items()})
    return _fail(NOT_A_DATE)


def _fail(problem: str) -> DateReading:
    return DateReading(None, None, problem)


def _build_day(parts: dict[str, str]) -> DateReading:
    month = _read_month(parts["month"])
    year = _read_year(parts["year"])
    if not 1 <= month <= _MONTHS:
        return _fail(f"no month {month}")
    if year < 1 or not 1 <= int(parts["day"]) <= calendar.monthrange(year, month)[1]:
        return _fail("no such day")
    day = date(year, month, int(parts["day"]))
    return DateReading(day, day, "")


def _build_months(year: int, first: int, count: int) -> DateReading:
    if not 1 <= first <= _MONTHS:
        return _fail(f"no month {first}")
    if year < 1:
        return _fail("no such day")
    last = first + count - 1
    return DateReading(
        date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), ""
    )


def _build_month(parts: dict[str, str]) -> DateReading:
    return _build_months(_read_year(parts["year"]), _read_month(parts["month"]), 1)


def _build_part(parts: dict[str, str]) -> DateReading:
    months = 3 if parts["kind"] == "q" else 6
    number = int(parts["number"])
    if not 1 <= number <= _MONTHS // months:
        return _fail(NOT_A_DATE)
    return _build_months(_read_year(parts["year"]), (number - 1) * months + 1, months)


def _build_number(parts: dict[str, str]) -> DateReading:
    number = parts["number"]
    if number.isdigit() and len(number) == len("2024") and int(number) in _YEARS:
        return _build_months(int(number), 1, _MONTHS)
    return _fail("a number, not a date")


def _build_yearless(_: dict[str, str]) -> DateReading:
    return _fail("no year")


def _read_month(text: str) -> int:
    return int(text) if text.isdigit() else _month_names()[text]


def _read_year(text: str) -> int:
    year = int(text.lstrip("'"))
    if len(text.lstrip("'")) > len("24"):
        return year
    return year + (1900 if year >= _PIVOT else 2000)


@cache
def _month_names() -> dict[str, int]:
    rows = read_vocabulary("months")
    return {name: int(row["code"]) for row in rows for name in spell(row["term"])}


def _join_names(*, with_day: bool) -> str:
    """Join the names of months; some are words elsewhere ("set 2024") and need a day before."""
    rows = read_vocabulary("months")
    return _join(row["term"] for row in rows if with_day or not row["with_day"])


@cache
def date_articles() -> frozenset[str]:
    """Return the words that may stand before a day: "the", "le", "den"."""
    return _date_words("article")


def _date_words(code: str) -> frozenset[str]:
    rows = read_vocabulary("time_dates")
    return frozenset(fold(row["term"]) for row in rows if row["code"] == code)


def _join(terms: Iterable[str]) -> str:
    spelled = {re.escape(name) for term in terms for name in spell(term)}
    return "|".join(sorted(spelled, key=lambda name: (-len(name), name)))


@cache
def _forms() -> tuple[tuple[re.Pattern[str], Callable[[dict[str, str]], DateReading]], ...]:
    """Return every form of a date with its reader; the first form that fits the text counts."""
    name = rf"(?P<month>{_join_names(with_day=False)})\.?"
    named = rf"(?P<month>{_join_names(with_day=True)})\.?"
    weekdays = _join(row["term"] for row in read_vocabulary("weekdays"))
    article, of = rf"(?:(?:{_join(date_articles())}) )?", rf"(?:(?:{_join(_date_words('of'))}) )?"
    weekday = rf"{article}(?:(?:{weekdays})\.?,? )?{article}"
    day, month = r"(?P<day>[0-9]{1,2})", r"(?P<month>[0-9]{1,2})"
    nth = day + "(?:st|nd|rd|th|er|e|o|\u00b0|\\.)?"
    full, short = r"(?P<year>[0-9]{4})", r"(?P<year>[0-9]{4}|'?[0-9]{2})"
    time = r"(?:,?[t ]? ?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?[ap]m)?"
    time += r"(?: ?z| ?utc| ?gmt| ?[+-][0-9]{2}:?[0-9]{2})?)?"
    gap = "[ .,-]{0,2}"
    sources: tuple[tuple[str, Callable[[dict[str, str]], DateReading]], ...] = (
        (rf"{full}(?P<mark>[-/.]){month}(?P=mark){day}{time}", _build_day),
        (r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})", _build_day),
        (rf"{article}{day} ?(?P<mark>[-/.]) ?{month} ?(?P=mark) ?{short}{time}", _build_day),
        (rf"{day} {month} {full}{time}", _build_day),
        (rf"{weekday}{nth}{gap}{of}{named}{gap}{of}{short}{time}", _build_day),
        (rf"{weekday}{name}[ .-]{{0,2}}{nth}(?:, ?| ){short}{time}", _build_day),
        (rf"{full}[ -]{name}[ -]{day}", _build_day),
        (rf"{name}[ ,./-]{{1,2}}{of}{full}", _build_month),
        (rf"{name}(?: ?- ?| ?(?='))(?P<year>'?[0-9]{{2}})", _build_month),
        (rf"{full}[ -]{name}", _build_month),
        (rf"{month} ?[-/.] ?{full}", _build_month),
        (rf"{full}[-/]{month}", _build_month),
        (rf"(?P<kind>[qh])(?P<number>[0-9])(?: |/|-| of ){full}", _build_part),
        (rf"{full}(?: |/|-)?(?P<kind>[qh])(?P<number>[0-9])", _build_part),
        (r"[-+]?(?P<number>[0-9][0-9.,]*)", _build_number),
        (rf"{weekday}{nth}{gap}{of}{named}", _build_yearless),
        (rf"{name}{gap}{nth}", _build_yearless),
    )  # fmt: skip
    return tuple((re.compile(source), build) for source, build in sources)
