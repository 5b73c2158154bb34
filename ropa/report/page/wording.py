"""How the page words dates, counts and names."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from ropa.phrases.sentences import spell_day

_SLUG = re.compile(r"[^a-z0-9]+")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SLUG_LENGTH = 40

DUTY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "record": "Article 30 content",
        "law": "other statutory duty",
        "guidance": "good practice",
    }
)
REGIMES: Mapping[str, str] = MappingProxyType({"uk": "UK", "eu": "EU", "uk+eu": "UK and EU"})


def format_date(day: "date | str") -> str:
    """Return a day as it is written out, ``30 September 2026``; a text that is no day as it is."""
    if isinstance(day, str):
        try:
            found = date.fromisoformat(day) if _ISO.fullmatch(day) else None
        except ValueError:
            found = None
        return format_date(found) if found else day
    return spell_day(day)


def count(number: int, singular: str, plural: str = "") -> str:
    """Return a number with the word that fits it, thousands set apart."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def make_slug(text: str) -> str:
    """Return the letters and digits of a text, fit for an anchor; empty where it has none."""
    return _SLUG.sub("-", text.lower())[:_SLUG_LENGTH].strip("-")


def name_place(row: Mapping[Any, Any], *, files: bool) -> str:
    """Return a cell as it is cited: ``Activities!G5``, the file before it where there are several.

    Parameters
    ----------
    row : mapping
        With ``file``, ``sheet`` and ``cell``.
    files : bool
        Whether the register has several files.
    """
    place = "!".join(part for part in (str(row["sheet"]), str(row["cell"])) if part)
    return f"{row['file']}: {place}" if files and row["file"] and place else place
