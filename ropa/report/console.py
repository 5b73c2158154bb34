"""What everything on a terminal shares: colours, names, and texts made harmless.

Text from a register is shown as text: control characters and the terminal's own commands in it
are replaced.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import MappingProxyType

from rich.console import Console, RenderableType

SEVERITY_STYLES = MappingProxyType(
    {
        "critical": "bold white on red",
        "high": "bold red",
        "medium": "yellow",
        "low": "cyan",
        "info": "dim",
    }
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
REGIME_NAMES = MappingProxyType({"uk": "UK GDPR", "eu": "EU GDPR", "both": "UK GDPR and EU GDPR"})
REGIME_SOURCES = MappingProxyType(
    {
        "regimes": "",
        "layout": ", as its template says",
        "establishments": ", from the countries of establishment",
        "address": ", from the country of the address",
        "assumed": ", assumed: neither regime nor establishment is stated",
    }
)


@contextmanager
def show_progress() -> Iterator[Callable[[str], None]]:
    """Show on stderr what is being done, where that is a terminal; else nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status("starting") as status:
        yield status.update


def print_lines(lines: Iterable[RenderableType], *, console: Console | None = None) -> None:
    """Print lines on stdout, or on another console."""
    console = console or Console(highlight=False, soft_wrap=False)
    for line in lines:
        console.print(line)


def clean_text(text: str) -> str:
    """Return a text without anything that a terminal would obey."""
    return _CONTROL.sub("\ufffd", text)


def clean_line(text: str) -> str:
    """Return a text as `clean_text`, in one line: a name with line breaks is no line of ours."""
    return " ".join(clean_text(text).split("\n"))
