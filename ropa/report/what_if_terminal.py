"""What would fall if an instrument ended, on a terminal: activities, vendors, cells."""

from collections.abc import Iterator

import pandas as pd
from rich.padding import Padding
from rich.text import Text

from ropa.findings import SEVERITIES
from ropa.lawbook import Law
from ropa.report.console import REGIME_NAMES, clean_line
from ropa.results import Result
from ropa.transfers import SAFEGUARDS
from ropa.what_if import list_endings

TOP = 20
"""Transfers shown; all of them stand in the frame."""


def list_fallen_lines(fallen: pd.DataFrame, after: Result) -> list[Text | Padding]:
    """Return the lines that say which transfers would fall.

    Parameters
    ----------
    fallen : DataFrame
        From `ropa.what_if.find_fallen`.
    after : Result
        The audit under the changed law.

    Returns
    -------
    list of Text or Padding
        What is taken to end, how many transfers lose their safeguard, then for each activity and
        recipient the regimes, the safeguard before and after, and the cell. Nothing that a
        terminal would obey.
    """
    lines: list[Text | Padding] = [Text(line) for line in _list_assumed(after.law)]
    day = after.as_of.isoformat()
    if fallen.empty and all(day <= one.last_day for one in list_endings(after.law)):
        return [*lines, Text(f"On {day} nothing has ended yet: judge a later day (--as-of).")]
    if fallen.empty:
        return [*lines, Text(f"No transfer would lose its safeguard on {day}.", style="green")]
    # One line a transfer, whatever the number of regimes under which it falls.
    same = ["register", "activity_id", "recipient", "country", "file", "sheet", "cell"]
    groups = [rows for _, rows in fallen.groupby(same, sort=False)]
    activities = len(fallen.drop_duplicates(["register", "activity_id"]))
    vendors = fallen.loc[fallen["recipient"] != "", "recipient"].str.casefold().nunique()
    counts = [_count(len(groups), "transfer"), _count(activities, "activity", "activities")]
    counts += [_count(vendors, "recipient")] if vendors else []
    loses = "loses its safeguard" if len(groups) == 1 else "lose their safeguard"
    head = f"{counts[0]} ({', '.join(counts[1:])}) {loses} on {day}:"
    lines += [Text(head, style="bold"), *(line for one in groups[:TOP] for line in _show(one))]
    more = len(groups) - TOP
    return [*lines, Text(f"and {more} more")] if more > 0 else lines


def _list_assumed(law: Law) -> Iterator[str]:
    for ending in list_endings(law):
        beside = f", as {ending.support} ends" if ending.support else ""
        yield f"What if     {ending.id} ended ({ending.name}): last day {ending.last_day}{beside}"


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"


def _show(rows: pd.DataFrame) -> Iterator[Padding]:
    """Yield the line of a transfer, and one more for each regime under which it falls."""
    first = rows.iloc[0]
    where = first["country"] or "country not stated"
    whom = f"{first['recipient']} ({where})" if first["recipient"] else where
    what = " ".join(part for part in (first["activity_id"], first["activity"]) if part)
    head = Text()
    found = [one for one in SEVERITIES if one in set(rows["severity"])]
    if found:
        head.append(f"{found[0]} ", style="bold red")
    head.append(clean_line(f"{what}: {whom}"), style="bold")
    place = f"{first['sheet']}!{first['cell']}" if first["cell"] else ""
    head.append(clean_line(f"  {place}"), style="dim")
    yield Padding(head, (0, 0, 0, 3), expand=False)
    for row in rows.to_dict("records"):
        rule = f" ({row['rule']})" if row["rule"] else ""
        before, after = (SAFEGUARDS[row[f"safeguard_{one}"]] for one in ("before", "after"))
        line = Text(f"{REGIME_NAMES[row['regime']]}: {before} -> {after}{rule}")
        yield Padding(line, (0, 0, 0, 6), expand=False)
