"""A chart and what is drawn on it, in inches from the top left corner.

Every text goes through `write`: it stands as it is, never read as a formula, and is cut with an
ellipsis where its room ends.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

from ropa.charts.palette import FONT, INK, LINE, PAPER, QUIET_INK, quiet_glyphs
from ropa.charts.saving import figure_svg

MARGIN = 0.25
TITLE_SIZE = 13.0
TEXT_SIZE = 9.0
SMALL_SIZE = 8.0
LEGEND_ROW = 0.24
_POINTS = 72.0
_ELLIPSIS = "…"


class Chart(Figure):
    """A figure that shows itself as SVG in a notebook and says in words what it shows.

    Attributes
    ----------
    description : str
        The alternative text.
    """

    description: str = ""

    def _repr_svg_(self) -> str:
        """Show the chart in a notebook, alike on every run."""
        text = figure_svg(self).decode()
        return text[text.index("<svg") :]

    def __repr__(self) -> str:
        """Say what the chart shows."""
        return f"<Chart: {self.get_label()}>"


def open_chart(title: str, description: str, width: float, height: float) -> tuple[Chart, Axes]:
    """Return an empty chart of a size in inches, and its axes in inches from the top left."""
    chart = Chart(figsize=(width, height), facecolor=PAPER)
    chart.set_label(clean(title))
    chart.description = description
    axes = chart.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0.0, width)
    axes.set_ylim(height, 0.0)
    axes.set_axis_off()
    return chart, axes


def clean(text: str) -> str:
    """Return a text in one line, without the signs that no font prints."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


@lru_cache(maxsize=4096)
def measure(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text in inches."""
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    with quiet_glyphs():
        width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / _POINTS


def fit(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return a text cut with an ellipsis so that it is no wider than some inches."""
    text = clean(text)
    if measure(text, size, bold=bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle].rstrip() + _ELLIPSIS, size, bold=bold) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip(" ,;:.-") + _ELLIPSIS


def wrap(text: str, width: float, size: float, *, most: int = 99, bold: bool = False) -> list[str]:
    """Return a text in lines no wider than some inches, at most so many; the last may be cut."""
    lines: list[str] = []
    words = clean(text).split(" ")
    for at, word in enumerate(words):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size, bold=bold) <= width:
            lines[-1] = longer
        elif len(lines) == most:
            return [*lines[:-1], fit(" ".join([lines[-1], *words[at:]]), width, size, bold=bold)]
        else:
            lines.append(fit(word, width, size, bold=bold))
    return lines


def write(
    axes: Axes,
    place: tuple[float, float],
    text: str,
    *,
    width: float = float("inf"),
    size: float = TEXT_SIZE,
    bold: bool = False,
    **settings: Any,  # noqa: ANN401 - matplotlib's own text settings
) -> None:
    """Write a text at a place, cut to a width in inches; centred on its height by default."""
    x, y = place
    axes.text(
        x,
        y,
        fit(text, width, size, bold=bold),
        fontsize=size,
        parse_math=False,
        **{"color": INK, "va": "center_baseline", "fontweight": "bold" if bold else "normal"}
        | settings,
    )


def write_head(axes: Axes, title: str, subtitle: str, width: float) -> None:
    """Write a chart's title and the line under it; they end 0.8 inches from the top."""
    room = width - 2 * MARGIN
    write(axes, (MARGIN, 0.32), title, width=room, size=TITLE_SIZE, bold=True)
    write(axes, (MARGIN, 0.6), subtitle, width=room, color=QUIET_INK)


def paint_part(colour: str, *, hatched: bool) -> dict[str, Any]:
    """Return the look of a bar's part and of its swatch; hatched where it calls for work."""
    hatch = "////" if hatched else None
    return {"facecolor": colour, "edgecolor": "white", "linewidth": 0.6, "hatch": hatch}


def count_legend_rows(words: Sequence[str], width: float) -> int:
    """Return how many rows a legend takes on a chart of a width in inches; at least one."""
    return max((row for row, _ in _place_entries(words, width)), default=0) + 1


def write_legend(axes: Axes, y: float, entries: list[tuple[str, dict[str, Any]]]) -> None:
    """Write swatches, each with its settings and its word, in rows of `LEGEND_ROW` inches."""
    places = _place_entries([word for word, _ in entries], axes.get_xlim()[1])
    for (word, settings), (row, x) in zip(entries, places, strict=True):
        look: dict[str, Any] = {"edgecolor": LINE, "linewidth": 0.6} | settings
        middle = y + row * LEGEND_ROW
        axes.add_patch(Rectangle((x, middle - 0.07), 0.22, 0.14, **look))
        write(axes, (x + 0.3, middle), word, size=SMALL_SIZE)


def _place_entries(words: Sequence[str], width: float) -> list[tuple[int, float]]:
    """Return the row and the left edge of each entry of a legend."""
    places = []
    row, x = 0, MARGIN
    for word in words:
        room = 0.3 + measure(clean(word), SMALL_SIZE)
        if x > MARGIN and x + room > width - MARGIN:
            row, x = row + 1, MARGIN
        places.append((row, x))
        x += room + 0.25
    return places
