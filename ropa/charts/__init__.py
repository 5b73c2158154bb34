"""The charts: each is drawn from an audit or a flow graph, and told in words as well.

A chart is a `matplotlib.figure.Figure` that shows itself as SVG in a notebook. Its ``description``
is its alternative text; the ``describe_`` functions give the same text without drawing.
"""

from ropa.charts.canvas import Chart
from ropa.charts.completeness import describe_completeness, draw_completeness
from ropa.charts.destinations import describe_destinations, draw_destinations
from ropa.charts.families import describe_families, draw_families
from ropa.charts.flow_picture import draw_flows
from ropa.charts.flow_words import describe_flows
from ropa.charts.law_timeline import describe_timeline, draw_timeline
from ropa.charts.palette import (
    ITEM_STATE_COLOURS,
    RETENTION_COLOURS,
    SAFEGUARD_COLOURS,
    SEVERITY_COLOURS,
    STATUS_COLOURS,
)
from ropa.charts.retention import describe_retention, draw_retention
from ropa.charts.saving import figure_png, figure_svg, save_figure
from ropa.charts.trend import describe_trend, draw_trend

__all__ = [
    "ITEM_STATE_COLOURS",
    "RETENTION_COLOURS",
    "SAFEGUARD_COLOURS",
    "SEVERITY_COLOURS",
    "STATUS_COLOURS",
    "Chart",
    "describe_completeness",
    "describe_destinations",
    "describe_families",
    "describe_flows",
    "describe_retention",
    "describe_timeline",
    "describe_trend",
    "draw_completeness",
    "draw_destinations",
    "draw_families",
    "draw_flows",
    "draw_retention",
    "draw_timeline",
    "draw_trend",
    "figure_png",
    "figure_svg",
    "save_figure",
]
