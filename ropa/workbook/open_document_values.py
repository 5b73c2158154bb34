"""What a stored value of an OpenDocument cell reads as: the text the same value has in a workbook.

Sources: OpenDocument 1.3 Part 3, 19.367 to 19.389 (``office:value-type`` and the values), 16.29
(data styles); XML Schema Part 2, 3.2.6 (durations) and 3.2.7 (dates).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from enum import Enum

from ropa.workbook import open_document_names as od
from ropa.workbook.values import OUT_OF_RANGE, Moment, moment_text, number_text, truth_text


class Mark(Enum):
    """What a cell holds."""

    TEXT = "text"
    ERROR = "error"
    UNCACHED = "a formula without a result"


Format = tuple[Moment | None, bool]
"""What a cell's format makes of a time, and whether it may show a number as a word."""

UNNAMED_ERROR = "#VALUE!"
"""What a cell that holds an error without a name reads as."""

_STORED = {
    **dict.fromkeys(od.NUMBERS, od.VALUE),
    "boolean": od.BOOLEAN_VALUE,
    "date": od.DATE_VALUE,
    "time": od.TIME_VALUE,
}
_DATE = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:T(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d+)?))?)?Z?"
)
_DURATION = re.compile(
    r"(-)?P(?:(\d{1,7})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d+)?)S)?)?"
)
_DAY_ZERO = dt.date(1899, 12, 30)
_DAY_LENGTH = dt.timedelta(days=1)
# How errors are shown. Office programs say by ``calcext:value-type`` that a cell holds one; others
# leave only the shown text.
_ERROR = re.compile(r"#(?:REF!|DIV/0!|NAME\?|N/A|VALUE!|NUM!|NULL!|SPILL!|CALC!)|Err:\d{3}")


def read_value(
    attributes: Mapping[str, str], shown: str | None, find_format: Callable[[], Format]
) -> tuple[Mark, str] | None:
    """Return what a cell holds and its text, None if it is blank.

    Parameters
    ----------
    attributes : mapping of str to str
        Those of the cell.
    shown : str or None
        The text in the cell, as the program showed the value; None if the cell has no paragraph.
    find_format : callable
        Gives the cell's format; called only where that matters.
    """
    kind = attributes.get(od.VALUE_TYPE, "")
    if _is_error(kind, attributes, shown or ""):
        return Mark.ERROR, shown or UNNAMED_ERROR
    if not kind and shown is None:
        return (Mark.UNCACHED, "") if od.FORMULA in attributes else None
    text = _convert(kind, attributes, shown or "", find_format)
    if text is None:
        return Mark.ERROR, OUT_OF_RANGE
    return (Mark.TEXT, text) if text else None


def _is_error(kind: str, attributes: Mapping[str, str], shown: str) -> bool:
    told = attributes.get(od.CALC_TYPE)
    if told is not None:
        return told == "error"
    # No number format shows a number so. A typed text may look so, a formula's hardly.
    return (kind in od.NUMBERS or od.FORMULA in attributes) and bool(_ERROR.fullmatch(shown))


def _convert(
    kind: str, attributes: Mapping[str, str], shown: str, find_format: Callable[[], Format]
) -> str | None:
    """Return a value's text; None if it is a time that its format cannot show."""
    if kind == "string":
        return attributes.get(od.STRING_VALUE, shown)
    stored = attributes.get(_STORED.get(kind, ""), "")
    if not stored:
        return shown
    if kind == "time":
        return duration_text(stored, find_format()[0])
    if kind in ("date", "boolean"):
        return date_text(stored) if kind == "date" else truth_text(stored)
    if od.FORMULA in attributes and (truth := _read_truth(stored, shown)) and not find_format()[1]:
        return truth
    return number_text(stored)


def date_text(stored: str) -> str:
    """Return the text of a stored date: ``2024-02-29 00:00:00``.

    On the day from which dates count, 1899-12-30, it is a time of day, as a workbook's number
    below 1 is. What is no date stays as it is stored.
    """
    found = _DATE.fullmatch(stored.strip())
    if found is None:
        return stored
    try:
        day = dt.date.fromisoformat(found["day"])
        time = dt.timedelta(
            hours=int(found["hour"] or 0),
            minutes=int(found["minute"] or 0),
            milliseconds=_milliseconds(found["second"]),
        )
        moment = dt.datetime.combine(day, dt.time()) + time
    except (ValueError, OverflowError):
        return stored
    return str(moment.time() if day == _DAY_ZERO and time < _DAY_LENGTH else moment)


def duration_text(stored: str, moment: Moment | None) -> str | None:
    """Return the text of a stored time, None if its format cannot show it.

    Parameters
    ----------
    stored : str
        A duration such as ``PT08H30M00S``: programs store times of day so, and elapsed times.
    moment : Moment or None
        What the cell's format makes of it; None where no format is known: then it is a time of
        day if it is shorter than a day.
    """
    found = _DURATION.fullmatch(stored.strip())
    if found is None or not any(found.groups()[1:]):
        return stored
    minus, days, hours, minutes, seconds = found.groups()
    try:
        length = dt.timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            milliseconds=_milliseconds(seconds),
        )
    except OverflowError:
        return None
    length = -length if minus else length
    is_time_of_day = dt.timedelta() <= length < _DAY_LENGTH
    if moment is Moment.ELAPSED or (moment is None and not is_time_of_day):
        return str(length)
    return moment_text(repr(length / _DAY_LENGTH), Moment.DATE, from_1904=False)


def _read_truth(stored: str, shown: str) -> str:
    """Return ``True`` or ``False`` for a formula's number that is shown as a word, else nothing.

    LibreOffice stores a truth value as the number 0 or 1; what it shows of it, in its own
    language, has no digit.
    """
    if stored not in ("0", "1") or not shown or any(letter.isdecimal() for letter in shown):
        return ""
    return str(stored == "1")


def _milliseconds(seconds: str | None) -> int:
    return round(float((seconds or "0").replace(",", ".")) * 1000)
