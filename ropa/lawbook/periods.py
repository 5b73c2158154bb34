"""Which rows a regime reads: its own, and those that it borrows for a time.

``ended`` is always the instruments that are taken to end, with their last day (see ``Law``).
"""

import hashlib
import json
from functools import cache
from types import MappingProxyType

from ropa.lawbook.tables import KEYS, Row, is_applicable, limit, read_table

Ended = tuple[tuple[str, str], ...]


@cache
def list_rows(ended: Ended, table: str) -> tuple[Row, ...]:
    """Return the rows of a table, with the last days of what is taken to end."""
    last_days = dict(ended)
    return tuple(
        MappingProxyType({**row, "valid_to": last_days[row["id"]]})
        if row["id"] in last_days
        else row
        for row in read_table(table)
    )


@cache
def find_lender(regime: str) -> tuple[str, str]:
    """Return whose rows a regime reads besides its own, and until which day; two blanks if none."""
    rows = [row for row in read_table("regime_periods") if row["regime"] == regime and row["reads"]]
    return max(((row["reads"], row["valid_to"]) for row in rows), default=("", ""))


def list_own(ended: Ended, table: str, regime: str, day: str) -> tuple[Row, ...]:
    """Return a regime's own rows that apply on a day."""
    return tuple(
        row
        for row in list_rows(ended, table)
        if row.get("regime", regime) == regime and is_applicable(row, day)
    )


@cache
def list_lasting(ended: Ended, table: str, regime: str) -> tuple[Row, ...]:
    """Return a regime's rows of every period; a borrowed one ends when the borrowing ends."""
    lender, until = find_lender(regime)
    rows = list_rows(ended, table)
    lent = (
        limit(row, until)
        for row in rows
        if lender and row["regime"] == lender and row["valid_from"] <= until
    )
    return tuple(row for row in rows if row["regime"] == regime) + tuple(lent)


@cache
def digest(ended: Ended) -> str:
    """Return the SHA-256 of all facts, in hexadecimal: columns and cells, in file order."""
    facts = {
        table: [list(rows[0]), *(list(row.values()) for row in rows)]
        for table in sorted(KEYS)
        if (rows := list_rows(ended, table))
    }
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
