"""The days on which the law changed under a regime, and what changed it."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ropa.lawbook.book import Law
from ropa.lawbook.tables import KEYS, Row, format_day, list_changes

_DAY = timedelta(days=1)
_NAMED = 2


def list_change_days(law: Law, regimes: Iterable[str], since: date) -> tuple[date, ...]:
    """Return the days on which a regime reads something else in the law than on the day before.

    Parameters
    ----------
    law : Law
        The law tables; of "what if", the days on which instruments are taken to end as well.
    regimes : iterable of str
        ``"uk"``, ``"eu"`` or both.
    since : date
        The first day that counts.
    """
    chosen = tuple(regimes)
    return tuple(
        day
        for day in law.change_dates()
        if day >= since and any(any(_find_changed(law, one, day)) for one in chosen)
    )


def describe_change(law: Law, regimes: Iterable[str], day: date) -> str:
    """Return what changed the law under some regimes on a day, in words for a chart.

    Parameters
    ----------
    law : Law
        The law tables.
    regimes : iterable of str
        ``"uk"``, ``"eu"`` or both.
    day : date
        The day.

    Returns
    -------
    str
        Of a "what if" the instruments that are taken to end; then the events of ``law_events``.
        What happened late on a day is judged from the next one, which then bears its event. A day
        without any event names the first instruments that begin, else that end; empty where
        nothing changes.
    """
    chosen = tuple(regimes)
    eve = day - _DAY
    ended = [one for one, last in law.ended if last == format_day(eve)]
    said = [f"{', '.join(ended)} taken to end"] if ended else []
    said += _list_events(law, chosen, day)
    changed = [row for one in chosen for row in _find_changed(law, one, day)]
    if changed and not said and not any(any(_find_changed(law, one, eve)) for one in chosen):
        said = _list_events(law, chosen, eve)
    begun = [row for row in changed if row.get("valid_from") == format_day(day)]
    named = {row.get("instrument") or row["source"] for row in begun or changed}
    shown = sorted(named)[:_NAMED]
    more = [f"{len(named) - len(shown)} more"] if len(named) > len(shown) else []
    return "; ".join(said or [*shown, *more])


def _list_events(law: Law, regimes: tuple[str, ...], day: date) -> list[str]:
    return [
        row["event"]
        for row in law.rows("law_events")
        if row["date"] == format_day(day) and not set(regimes).isdisjoint(row["regime"].split("+"))
    ]


def _find_changed(law: Law, regime: str, day: date) -> Iterator[Row]:
    """Yield the rows that a regime reads on the day or on the one before, and that change on it."""
    for table in KEYS:
        for on in (day - _DAY, day):
            for row in law.find_rows(table, regime, on):
                if day in list_changes([row]):
                    yield row
