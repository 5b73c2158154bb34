"""Values back to words: lists and days as a sentence says them, whatever the machine's language."""

from collections.abc import Sequence
from datetime import date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Not `strftime`'s, which follow the machine's language."""


def join_words(words: Sequence[str], word: str = "and") -> str:
    """Return words as a sentence lists them: "Ireland, Japan and India"; empty for none."""
    return f" {word} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def spell_day(day: date) -> str:
    """Return a day as it is written out: 30 September 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def count_words(number: int, singular: str, plural: str) -> str:
    """Return a number with the word that fits it."""
    return f"{number} {singular if number == 1 else plural}"
