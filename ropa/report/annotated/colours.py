"""The fills of marked cells: the severities' colours, made so that the text on them is readable.

A cell keeps its own letters. So dark letters get a tint of the severity's colour and light ones
(white headings on blue) a shade of it.
"""

from collections.abc import Callable
from functools import cache

from ropa.charts.palette import SEVERITY_COLOURS, luminance

ACCEPTED = "accepted"
"""Rank of a cell all of whose findings are accepted risks: it is marked, and not as a defect."""

_ACCEPTED_COLOUR = "#E8ECEF"
_LEAST_LIGHT = {"critical": 0.29, "high": 0.44}
_MOST_LIGHT = {"critical": 0.07, "high": 0.12, "medium": 0.13, "low": 0.12, "info": 0.1}
_STEPS = 100


@cache
def choose_fill(severity: str, *, is_light: bool) -> str:
    """Return the fill, as ``RRGGBB``, under letters that are dark or light."""
    colour = SEVERITY_COLOURS.get(severity, _ACCEPTED_COLOUR)
    if is_light:
        most = _MOST_LIGHT.get(severity, 0.1)
        return _mix(colour, 0, lambda light: light <= most)
    least = _LEAST_LIGHT.get(severity, 0.0)
    return _mix(colour, 255, lambda light: light >= least)


def _mix(colour: str, other: int, fits: Callable[[float], bool]) -> str:
    """Return the nearest mixture with black or white that is dark or light enough."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    for step in range(_STEPS + 1):
        mixed = [round(part + (other - part) * step / _STEPS) for part in parts]
        text = "".join(f"{part:02X}" for part in mixed)
        if fits(luminance(f"#{text}")):
            return text
    return f"{other:02X}" * 3
