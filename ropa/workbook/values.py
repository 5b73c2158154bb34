"""What a stored cell value reads as: the text that ``str(value)`` gives in openpyxl.

Numbers keep their stored form (``42``, ``0.5``, ``1e+20``), truth values are ``True`` and
``False``, dates ``2024-02-29 00:00:00``, times ``08:30:00``, elapsed times ``1 day, 2:00:00``.
Sources: ECMA-376 Part 1, 18.17.4 (dates), 18.18.11 (cell types), 18.8.30 and 18.8.31 (formats).
"""

from __future__ import annotations

import datetime as dt
import re
from enum import Enum
from functools import lru_cache

OUT_OF_RANGE = "#VALUE!"
"""What a number under a date format reads as that is no date: the sheet shows ``######``."""


class Moment(Enum):
    """What a number format makes of a number."""

    DATE = "date"
    ELAPSED = "elapsed"


# Ids that need no format code in the file (ECMA-376 Part 1, 18.8.30). 27-36 and 50-58 are dates
# under East Asian settings only, and the file does not say under which it was written.
_BUILT_IN = dict.fromkeys((*range(14, 23), 45, 47), Moment.DATE) | {46: Moment.ELAPSED}

# Quoted text, and brackets (colours, currencies, conditions) other than those of elapsed time.
_ASIDE = re.compile(r'"[^"]*"|\[(?!(?:hh?|mm?|ss?)\])[^\[\]]*\]')
_ELAPSED = re.compile(r"\[(?:hh?|mm?|ss?)\]", re.IGNORECASE)
_DATE_LETTER = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)

_EPOCH_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no time zone
_EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_FALSE_LEAP_DAY = 60  # 1900-02-29, which never was: earlier serial numbers are one day off

_ISO = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})?T?"
    r"(?P<time>(?P<minute>\d{2}:\d{2})(?P<second>:\d{2}(?P<fraction>\.\d{1,3})?)?)?Z?"
)
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?")


def read_format(number: int, code: str | None) -> Moment | None:
    """Say whether a number format shows a date, an elapsed time or a plain number.

    Parameters
    ----------
    number : int
        The format's id.
    code : str or None
        Its code where the workbook defines one, e.g. ``dd/mm/yyyy;@``.
    """
    if code is None:
        return _BUILT_IN.get(number)
    first = code.split(";", 1)[0]  # positive; negative; zero; text
    if not _DATE_LETTER.search(_ASIDE.sub("", first)):
        return None
    return Moment.ELAPSED if _ELAPSED.search(first) else Moment.DATE


def number_text(stored: str) -> str:
    """Return the text of a stored number; text that is no number stays as it is stored."""
    try:
        return str(_number(stored))
    except ValueError:
        return stored


@lru_cache(maxsize=4096)
def moment_text(stored: str, moment: Moment, *, from_1904: bool) -> str | None:
    """Return the text of a stored number under a date format; None if it is no date.

    Serial numbers count days; from 0 up to 1 they are times of day (18.17.4.1).
    """
    try:
        number = _number(stored)
    except ValueError:
        return stored
    try:
        if moment is Moment.ELAPSED:
            return str(_elapsed(number))
        return str(_date(number, from_1904=from_1904))
    except (OverflowError, ValueError):
        return None


def iso_text(stored: str) -> str:
    """Return the text of a value stored as ISO 8601 (type ``d``), as it is stored if it is none."""
    found = _ISO.match(stored)
    try:
        if found and (found["date"] or found["time"]):
            return _iso_moment(found)
        found = _DURATION.match(stored)
        if found and any(found.groups()):
            hours, minutes, seconds = (float(part or 0) for part in found.groups())
            return str(dt.timedelta(hours=hours, minutes=minutes, seconds=seconds))
    except (OverflowError, ValueError):
        return stored
    return stored


def truth_text(stored: str) -> str:
    """Return ``True`` or ``False`` for a stored truth value."""
    return {"0": "False", "false": "False"}.get(stored.strip().lower(), "True")


def _number(stored: str) -> int | float:
    return float(stored) if any(mark in stored for mark in ".eE") else int(stored)


def _elapsed(days: float) -> dt.timedelta:
    exact = dt.timedelta(days=days)
    thousandths = round(exact.microseconds, -3)
    return exact - dt.timedelta(microseconds=exact.microseconds - thousandths)


def _date(days: float, *, from_1904: bool) -> dt.datetime | dt.time:
    whole, rest = divmod(days, 1)
    time = dt.timedelta(milliseconds=round(rest * 86_400 * 1000))
    if 0 <= days < 1 and time.days == 0:
        return (_EPOCH_1900 + time).time()
    if 0 < days < _FALSE_LEAP_DAY and not from_1904:
        whole += 1
    epoch = _EPOCH_1904 if from_1904 else _EPOCH_1900
    return epoch + dt.timedelta(days=whole) + time


def _iso_moment(found: re.Match[str]) -> str:
    day = dt.date.fromisoformat(found["date"]) if found["date"] else None
    if not found["time"]:
        return str(day)
    time = dt.time.fromisoformat(found["minute"] + (found["second"] or "")[:3])
    if found["fraction"]:
        time = time.replace(microsecond=int(float(found["fraction"]) * 1_000_000))
    return str(dt.datetime.combine(day, time) if day else time)
