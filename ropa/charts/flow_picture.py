"""The picture of the flows: which activities give data to whom, and into which countries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from ropa.charts.canvas import (
    LEGEND_ROW,
    MARGIN,
    SMALL_SIZE,
    TEXT_SIZE,
    Chart,
    count_legend_rows,
    open_chart,
    wrap,
    write,
    write_head,
    write_legend,
)
from ropa.charts.flow_columns import ACTIVITY, COUNTRY, PARTY, FlowSet, Slot, read_graph
from ropa.charts.flow_folding import Picture, fold_flows
from ropa.charts.flow_layout import Band, Box, Layout, lay_out
from ropa.charts.flow_words import describe_flows, list_lines, word_folded, word_head
from ropa.charts.palette import (
    ALARM,
    LINE,
    OPACITY,
    PANEL,
    PAPER,
    QUIET_INK,
    SAFEGUARD_COLOURS,
    house_style,
)
from ropa.charts.safeguard_groups import GROUPS, find_group

if TYPE_CHECKING:
    import networkx as nx

_WIDTHS: Mapping[str, float] = MappingProxyType({ACTIVITY: 2.8, PARTY: 2.15, COUNTRY: 2.15})
_WIDTH = 10.0
_LEAST_GAP = 0.9
_HEAD = 1.2
_NAME = 0.25
_HEADINGS = 0.4
_BETWEEN = 0.35
_FOOT = 0.1
_BOX = 0.27
_LINE = 0.155
_THICKEST, _THICKNESSES = 0.16, 3.2
_THINNEST = 0.012
_MOST_REGISTERS = 6


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where everything of one register stands, the edges of its columns, and its height."""

    picture: Picture
    layout: Layout
    edges: tuple[tuple[float, float], ...]
    height: float


def draw_flows(graph: "nx.MultiDiGraph | FlowSet", *, limit: int = 24) -> Chart:
    """Draw the flows of a register: activities, recipients, countries, from left to right.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `ropa.flow_graph`; with its ``as_of`` the ribbons show the verdicts on that day. Flows
        that were read already will do (`ropa.charts.flow_columns.read_table`).
    limit : int
        Boxes that a column shows at most, at least two. The worst safeguards and the most
        activities come first; the last boxes, "other ... (n)", stand for the rest, one for each
        group of safeguards where there is room. A line below says how many are not named.

    Returns
    -------
    Chart
        A ribbon is as thick as the number of activities whose data take that way, and never too
        thin to be seen. Its colour is
        the worst safeguard of the flows into countries that it leads to, under either regime; a
        failing one is hatched, and each country says in words what the flows into it rest on.
        Activities whose flows are all the same share a box. Recipients of recipients have columns
        of their own. Several registers stand one below the other, six at most; the last line says
        how many are left out. An empty graph gives a chart that says that nothing is stated.
    """
    flows = read_graph(graph)
    one = _compose(flows, limit)
    title, subtitle = word_head(flows.as_of, one.pictures)
    with house_style():
        chart, axes = open_chart(title, describe_flows(flows), one.width, one.height)
        write_head(axes, title, subtitle, one.width)
        write_legend(axes, 0.95, one.legend)
        top = one.head
        for plan in one.plans:
            _draw_register(axes, plan, top, named=len(one.pictures) > 1)
            top += plan.height
        if left_out := len(one.pictures) - len(one.plans):
            words = f"Not drawn: {left_out} more registers."
            write(axes, (MARGIN, one.height - 0.2), words, bold=True)
    return chart


def measure_flows(graph: "nx.MultiDiGraph | FlowSet", *, limit: int = 24) -> tuple[float, float]:
    """Return the width and height in inches that the chart would have (`draw_flows`)."""
    one = _compose(read_graph(graph), limit)
    return one.width, one.height


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What a chart of several registers shows: those drawn have a plan each."""

    pictures: list[Picture]
    plans: list[_Plan]
    legend: list[tuple[str, dict[str, Any]]]
    head: float
    width: float
    height: float


def _compose(flows: FlowSet, limit: int) -> _Sheet:
    """Settle where everything stands."""
    pictures = [fold_flows(one, max(limit, 2)) for one in flows.flows]
    shown = pictures[:_MOST_REGISTERS]
    width = max([_WIDTH, *(_measure_columns(one) for one in shown)])
    plans = [_plan(one, width, named=len(pictures) > 1) for one in shown]
    legend = _list_legend(shown)
    head = _HEAD + (count_legend_rows([word for word, _ in legend], width) - 1) * LEGEND_ROW
    height = head + sum(plan.height for plan in plans) + _FOOT
    return _Sheet(pictures, plans, legend, head, width, height)


def _list_legend(pictures: Sequence[Picture]) -> list[tuple[str, dict[str, Any]]]:
    shown = {ribbon.group for one in pictures for ribbon in one.ribbons}
    if shown == {"unplaced"}:
        return []
    return [(words, _paint(group)) for group, words in GROUPS.items() if group in shown]


def _paint(group: str) -> dict[str, Any]:
    """Return the settings that a ribbon and its swatch in the legend share."""
    failing = group == "failing"
    return {
        "facecolor": SAFEGUARD_COLOURS[group],
        "edgecolor": PAPER,
        "linewidth": 0.0,
        "hatch": "////" if failing else None,
        "alpha": OPACITY,
    }


def _measure_columns(picture: Picture) -> float:
    """Return the width that the columns need at least."""
    widths = _list_widths(picture)
    return 2 * MARGIN + sum(widths) + _LEAST_GAP * (len(widths) - 1)


def _list_widths(picture: Picture) -> list[float]:
    inner = len(picture.columns) - 2
    return [_WIDTHS[ACTIVITY], *(_WIDTHS[PARTY] for _ in range(inner)), _WIDTHS[COUNTRY]]


def _plan(picture: Picture, width: float, *, named: bool) -> _Plan:
    widths = _list_widths(picture)
    gap = (width - 2 * MARGIN - sum(widths)) / (len(widths) - 1)
    edges = []
    left = MARGIN
    for one in widths:
        edges.append((left, left + one))
        left += one + gap
    most = max(
        sum(
            one.activities for one in picture.ribbons if one.source.column <= at < one.target.column
        )
        for at in range(len(widths) - 1)
    )
    unit = min(_THICKEST, _THICKNESSES / most)
    heights = {slot: _measure_box(picture, slot) for column in picture.columns for slot in column}
    layout = lay_out(picture, edges, unit, heights)
    height = (_NAME if named else 0.0) + _HEADINGS + layout.height + _BETWEEN
    height += _NAME if picture.folded else 0.0
    return _Plan(picture, layout, tuple(edges), height)


def _measure_box(picture: Picture, slot: Slot) -> float:
    """Return the height that a box needs: a label of two lines, and a country's words."""
    failing = _is_failing(picture, slot)
    label = wrap(picture.labels[slot], _WIDTHS[slot.kind] - 0.2, TEXT_SIZE, most=2, bold=failing)
    words = len(list_lines(picture, slot)) if slot.kind == COUNTRY else 0
    return _BOX + (len(label) - 1 + words) * _LINE + (0.03 if words else 0.0)


def _is_failing(picture: Picture, slot: Slot) -> bool:
    verdicts = picture.verdicts.get(slot, {})
    return any(find_group(safeguard) == "failing" for safeguard in verdicts)


def _draw_register(axes: Axes, plan: _Plan, top: float, *, named: bool) -> None:
    picture = plan.picture
    if named:
        room = plan.edges[-1][1] - MARGIN
        write(axes, (MARGIN, top + 0.1), picture.title, width=room, size=10, bold=True)
        top += _NAME
    inner = ["Recipients", *["Passed on to"] * len(plan.edges)][: len(plan.edges) - 2]
    for (left, right), words in zip(plan.edges, ["Activities", *inner, "Countries"], strict=True):
        write(axes, (left, top + 0.2), words, width=right - left, bold=True, color=QUIET_INK)
    top += _HEADINGS
    for band in plan.layout.bands:
        _draw_band(axes, band, top)
    for slot, box in plan.layout.boxes.items():
        _draw_box(axes, picture, slot, Box(box.left, box.top + top, box.width, box.height))
    if picture.folded:
        place = (MARGIN, top + plan.layout.height + 0.25)
        write(axes, place, word_folded(picture), width=plan.edges[-1][1] - MARGIN, color=QUIET_INK)
    if not picture.columns[-1]:
        left, right = plan.edges[-1]
        place = (left, top + plan.layout.height / 2)
        write(axes, place, "No country is named.", width=right - left, color=QUIET_INK)


def _draw_band(axes: Axes, band: Band, top: float) -> None:
    """Draw a ribbon: its upper edge from left to right, its lower edge back."""
    points = [(x, y + top) for x, y in band.points]
    half = max(band.thickness, _THINNEST) / 2
    vertices, codes = _trace(points, -half)
    back, back_codes = _trace(points[::-1], half)
    path = Path(
        [*vertices, *back, vertices[0]],
        [Path.MOVETO, *codes[1:], Path.LINETO, *back_codes[1:], Path.CLOSEPOLY],
    )
    axes.add_patch(PathPatch(path, label=band.group, **_paint(band.group)))


def _trace(
    points: Sequence[tuple[float, float]], shift: float
) -> tuple[list[tuple[float, float]], list[Any]]:
    """Return one edge of a ribbon: curves between boxes, straight lines past them.

    The curve's middle moves sideways so that a steep ribbon is as thick as a level one.
    """
    vertices = [(points[0][0], points[0][1] + shift)]
    codes = [Path.MOVETO]
    for number, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        if number % 2:
            vertices.append((x1, y1 + shift))
            codes.append(Path.LINETO)
            continue
        slope = 2 * (y1 - y0) / (x1 - x0)
        sideways = -shift * (hypot(1, slope) - 1) / slope / 0.75 if slope else 0.0
        limit = abs(x1 - x0) / 2
        middle = (x0 + x1) / 2 + min(max(sideways, -limit), limit)
        vertices += [(middle, y0 + shift), (middle, y1 + shift), (x1, y1 + shift)]
        codes += [Path.CURVE4] * 3
    return vertices, codes


def _draw_box(axes: Axes, picture: Picture, slot: Slot, box: Box) -> None:
    failing = _is_failing(picture, slot)
    axes.add_patch(
        Rectangle(
            (box.left, box.top),
            box.width,
            box.height,
            facecolor=PANEL,
            edgecolor=ALARM if failing else LINE,
            linewidth=1.8 if failing else 0.8,
        )
    )
    words = list_lines(picture, slot) if slot.kind == COUNTRY else []
    room = box.width - 0.2
    most = max(int((box.height - _BOX) / _LINE + 1.001) - len(words), 1)
    label = wrap(picture.labels[slot], room, TEXT_SIZE, most=most, bold=failing)
    y = box.top + box.height / 2 - (len(label) + len(words) - 1) * _LINE / 2
    for number, line in enumerate(label):
        write(axes, (box.left + 0.1, y + number * _LINE), line, bold=failing)
    for number, line in enumerate(words):
        place = (box.left + 0.1, y + (len(label) + number + 0.05) * _LINE)
        write(axes, place, line, width=room, size=SMALL_SIZE, color=QUIET_INK)
