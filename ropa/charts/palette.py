"""The colours and the type that all charts share.

Neighbours in a chart differ in lightness as well as in hue, so that they stay apart for readers who
do not tell red from green, and in print. No colour speaks alone: what it says is written as well.
"""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import matplotlib as mpl

INK = "#1F2933"
QUIET_INK = "#5B6670"
LINE = "#C3CAD1"
PAPER = "#FFFFFF"
PANEL = "#F5F7F9"
ALARM = "#B83A0B"

FONT = "DejaVu Sans"
"""Comes with matplotlib, so that texts are as wide on every machine."""

SEVERITY_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "critical": "#8C1D18",
        "high": "#C9423C",
        "medium": "#F2C14E",
        "low": "#B0D2EC",
        "info": "#D9DEE3",
    }
)
"""Severity to colour, from dark to light."""

ITEM_STATE_COLOURS: Mapping[str, str] = MappingProxyType(
    {"stated": "#C3D9EA", "none": "#F1F3F5", "gap": ALARM}
)
"""What a record says of an item of Article 30, to colour."""

SAFEGUARD_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "failing": ALARM,
        "unclear": "#EBB13D",
        "derogation": "#5A2A82",
        "tool": "#7DB9DE",
        "adequate": "#2F78B7",
        "home": "#8B96A1",
        "unjudged": "#4A5560",
        "unplaced": "#C9D0D7",
    }
)
"""Group of safeguards to colour, the worst first. ``unjudged`` is a flow into a country without a
verdict, ``unplaced`` one that ends at a recipient whose country is not named."""

RETENTION_COLOURS: Mapping[str, str] = MappingProxyType(
    {"event_period": "#2F78B7", "fixed": "#7DB9DE", "other": "#B6BEC6", "defect": ALARM}
)
"""What a time limit says, to colour. ``defect`` is what the record fails to say."""

STATUS_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "persisting": "#5B6670",
        "reopened": "#EBB13D",
        "new": ALARM,
        "waived": "#DDE2E7",
        "not evaluated": PAPER,
        "fixed": "#7DB9DE",
    }
)
"""Status of a finding to colour, in the order in which they are stacked."""

OPACITY = 0.75
"""Of ribbons, so that one shows through where another crosses it."""

_TYPE: Mapping[Any, object] = MappingProxyType(
    {
        "font.family": [FONT, "sans-serif"],
        "font.sans-serif": [FONT, "Verdana", "Arial", "Helvetica"],
        "font.size": 9.0,
        "text.color": INK,
        "hatch.linewidth": 0.9,
        "svg.fonttype": "none",
        "svg.hashsalt": "ropa",
    }
)


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in one style, whatever the reader's own settings of matplotlib are.

    Text stays text in an SVG, so that it can be read aloud, searched and compared. The ids of its
    parts come from a fixed salt.
    """
    with mpl.rc_context(), quiet_glyphs():
        mpl.rcdefaults()
        mpl.rcParams.update(_TYPE)
        yield


@contextmanager
def quiet_glyphs() -> Iterator[None]:
    """Let pass letters that the font lacks: they are no mistake, and an SVG's viewer has them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def choose_ink(colour: str) -> str:
    """Return the text colour, dark or white, that reads better on a colour."""
    return INK if luminance(colour) > 0.32 else PAPER  # noqa: PLR2004 - equal contrast to both


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour ``#RRGGBB``, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (_linearise(part) for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linearise(part: float) -> float:
    limit = 0.04045
    return part / 12.92 if part <= limit else float(((part + 0.055) / 1.055) ** 2.4)
