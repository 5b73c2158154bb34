"""The law tables as they lie on disk, and whether a row applies on a day.

Days are compared as ISO text (``2026-02-05``), whose order is the order of time.
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

Row = Mapping[str, str]
"""One fact: column to text. Blank cells are ``""``."""

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "access_fees": (),
        "adequacy": ("iso2",),
        "annex_1": ("paragraphs",),
        "article_9": ("point",),
        "authority_names": (),
        "dpia_triggers": ("criterion",),
        "eea_membership": ("country",),
        "law_events": ("id",),
        "lawful_bases": ("point",),
        "mechanism_codes": ("code",),
        "pecr_exceptions": ("code",),
        "provisions": ("rule", "party"),
        "record_exemptions": (),
        "record_fields": ("code",),
        "regime_periods": ("territory",),
        "rights": ("basis", "right"),
        "schedule_1": ("paragraph",),
        "stale_citations": ("term",),
        "statutory_retention": ("record", "kind"),
        "transfer_assessments": (),
        "transfer_mechanisms": ("code",),
    }
)
"""Every table, and its key: in one regime, on one day, at most one row bears one key."""

DATES = frozenset({"valid_from", "valid_to", "new_contract_until", "repealed_from", "date"})
"""The columns that hold a day or nothing."""

_LAST_DAYS = frozenset({"valid_to", "new_contract_until"})


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """Return the rows of ``lawbook/<name>.csv`` in file order.

    Raises
    ------
    KeyError
        There is no such table: a mistake in the program, not in its input.
    """
    if name not in KEYS:
        raise KeyError(f"there is no law table {name!r}: choose from {', '.join(KEYS)}")
    text = files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(MappingProxyType(row) for row in csv.DictReader(text.splitlines(), strict=True))


@cache
def read_version() -> str:
    """Return the day on which the tables were last brought up to date, as ISO text."""
    return files(__package__).joinpath("version.txt").read_text(encoding="utf-8").strip()


def format_day(day: date) -> str:
    """Return a day as the tables write it. A timestamp's hour is dropped."""
    return f"{day:%Y-%m-%d}"


def is_applicable(row: Row, day: str) -> bool:
    """Tell whether a row applies on a day. A row without a period always does."""
    return row.get("valid_from", "") <= day and (not row.get("valid_to") or day <= row["valid_to"])


def find_key(table: str, row: Row) -> tuple[str, ...]:
    """Return the key that a row bears within its regime."""
    return tuple(row[column] for column in KEYS[table])


def limit(row: Row, until: str) -> Row:
    """Return the row as ending on a day at the latest."""
    if row["valid_to"] and row["valid_to"] <= until:
        return row
    return MappingProxyType({**row, "valid_to": until})


def list_changes(rows: Iterable[Row]) -> set[date]:
    """Return the days on which something is different from the day before."""
    changes = set()
    for row in rows:
        for column in DATES & row.keys() - {"date"}:
            if row[column]:
                day = date.fromisoformat(row[column])
                changes.add(day + timedelta(days=1) if column in _LAST_DAYS else day)
    return changes
