"""What a chart shows, read back from it."""

from itertools import combinations
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ropa.charts.palette import house_style


def list_texts(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def list_clashes(figure: Figure) -> list[object]:
    """Return the texts that overlap, and those that leave the chart."""
    canvas: Any = FigureCanvasAgg(figure)
    with house_style():
        canvas.draw()
        renderer = canvas.get_renderer()
        boxes = [
            (text.get_text(), text.get_window_extent(renderer))
            for text in figure.axes[0].texts
            if text.get_text()
        ]
    whole = figure.bbox
    outside = [t for t, b in boxes if b.x0 < whole.x0 or b.x1 > whole.x1 or b.y0 < 0]
    return outside + [
        (one, other)
        for (one, box), (other, its) in combinations(boxes, 2)
        if box.padded(-0.5).overlaps(its.padded(-0.5))
    ]


def read_parts(figure: Figure) -> dict[str, int]:
    """Return the number of each part that is drawn, by its label."""
    found = {}
    for one in figure.axes[0].patches:
        label, _, number = str(one.get_label()).rpartition("|")
        if label and isinstance(one, Rectangle) and int(number):
            found[label] = int(number)
    return found
