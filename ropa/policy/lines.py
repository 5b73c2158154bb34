"""Words for the errors of a policy: one printable line, with a suggestion where one is close."""

import difflib
from collections.abc import Iterable

_CLOSE = 0.6
_LONGEST = 60


def suggest(stated: str, known: Iterable[str]) -> str:
    """Return ``": did you mean ...?"`` where a known name is close to what was typed."""
    close = difflib.get_close_matches(stated, list(known), n=1, cutoff=_CLOSE)
    return f": did you mean {close[0]}?" if close else ""


def show(text: str) -> str:
    """Return a text as one printable line."""
    return "".join(one if one.isprintable() else "?" for one in " ".join(text.split()))


def quote(text: str) -> str:
    """Return a text in quotes, as much of it as a line can bear."""
    line = show(text)
    return repr(line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}")
