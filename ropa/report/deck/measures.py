"""How much room a text takes on a slide, before any program draws it.

Measured in a wide font, so that what fits here fits in the fonts of usual house styles as well.
"""

import unicodedata
from functools import lru_cache

from ropa.charts.canvas import clean, measure

_POINTS = 72.0
_LEADING = 1.22
_REFERENCE = 10.0
_ELLIPSIS = "…"
_WIDE = ("W", "F")
_SAFETY = 1.04  # programs round and break lines each in its own way


def line_height(size: float) -> float:
    """Return the height of a line in inches."""
    return size * _LEADING / _POINTS


def measure_text(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in inches."""
    return sum(_measure_sign(sign, bold) for sign in text) * size


@lru_cache(maxsize=4096)
def _measure_sign(sign: str, bold: bool) -> float:  # noqa: FBT001 - cached by place
    width = measure(sign, _REFERENCE, bold=bold) / _REFERENCE
    # The font that measures lacks these; their fonts draw them as wide as high.
    wide = unicodedata.east_asian_width(sign) in _WIDE
    return _SAFETY * (max(width, 1 / _POINTS) if wide else width)


def cut(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return a text, cut with an ellipsis where it is wider than some inches."""
    if measure_text(text, size, bold=bold) <= width:
        return text
    room = width - measure_text(_ELLIPSIS, size, bold=bold)
    kept = 0
    for sign in text:
        room -= _measure_sign(sign, bold) * size
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip(" ,;:.-") + _ELLIPSIS


def break_lines(
    text: str, width: float, size: float, *, most: int = 99, bold: bool = False
) -> list[str]:
    """Return a text in lines no wider than some inches, at most so many; the last may be cut."""
    lines: list[str] = []
    words = clean(text).split(" ")
    for at, word in enumerate(words):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure_text(longer, size, bold=bold) <= width:
            lines[-1] = longer
        elif len(lines) == most:
            rest = " ".join([lines[-1], *words[at:]])
            return [*lines[:-1], cut(rest, width, size, bold=bold)]
        else:
            lines.append(cut(word, width, size, bold=bold))
    return lines


def shorten(text: str, width: float, size: float, *, most: int, bold: bool = False) -> str:
    """Return a text that takes at most so many lines, cut with an ellipsis."""
    return " ".join(break_lines(text, width, size, most=most, bold=bold))
