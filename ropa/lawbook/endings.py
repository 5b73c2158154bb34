"""What would fall if an instrument ended: the question "what if" put to the law tables."""

import difflib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from ropa.errors import UsageError
from ropa.lawbook.tables import Row, format_day


def read_day(day: date | str, what: str) -> date:
    """Return a day given as a date or as ISO text.

    Raises
    ------
    UsageError
        It is no day written ``2026-12-01``.
    """
    if isinstance(day, date):
        return date(day.year, day.month, day.day)  # also of a time
    try:
        read = date.fromisoformat(day)
    except ValueError:
        read = None
    if read is None or format_day(read) != day:
        raise UsageError(f"{what}: {day!r} is no date: write it as 2026-12-01")
    return read


def find_last_days(rows: Sequence[Row], instrument: str, on: date) -> Mapping[str, str]:
    """Return the new last day of an instrument that ends, and of all that depends on it.

    Parameters
    ----------
    rows : sequence of mapping
        Adequacy and mechanism rows as they now are.
    instrument : str
        Id of the row that ends.
    on : date
        First day on which it cannot be relied on.

    Returns
    -------
    mapping
        Id to ISO day, the day before ``on`` or an earlier end that stood already.

    Raises
    ------
    UsageError
        There is no such instrument, it begins only then, or it had ended before.
    """
    by_id = {row["id"]: row for row in rows}
    if instrument not in by_id:
        nearest = difflib.get_close_matches(instrument.upper(), by_id, n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(nearest)}" if nearest else "see the law tables"
        raise UsageError(f"there is no instrument {instrument!r}: {hint}")
    row, last = by_id[instrument], format_day(on - timedelta(days=1))
    if last < row["valid_from"]:
        raise UsageError(f"{instrument} cannot end on {on}: it begins on {row['valid_from']}")
    if row["valid_to"] and row["valid_to"] < last:
        raise UsageError(f"{instrument} cannot end on {on}: its last day is {row['valid_to']}")
    falling, queue = set[str](), [instrument]
    while queue:
        fallen = queue.pop()
        falling.add(fallen)
        queue += [
            one["id"]
            for one in rows
            if one.get("depends_on") == fallen and one["id"] not in falling
        ]
    return {one: min(by_id[one]["valid_to"] or last, last) for one in sorted(falling)}
