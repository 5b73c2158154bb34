"""Charts that can be edited in the deck: bars and columns with their numbers written on them."""

from collections.abc import Mapping, Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml.ns import qn
from pptx.util import Pt

from ropa.charts.palette import LINE, choose_ink
from ropa.report.deck.pages import Page, make_colour
from ropa.report.deck.template import Box

_SIZE, _SMALL, _WIDE = 12, 9, 6.2
_NUMBERS = "#,##0;;;"  # a nought has no label


def add_stack(
    page: Page,
    box: Box,
    categories: Sequence[str],
    series: Mapping[str, Sequence[int]],
    colours: Mapping[str, str],
    spoken: str,
    *,
    upright: bool = False,
) -> None:
    """Add stacked bars, or columns, one colour a series, with a legend."""
    kind = XL_CHART_TYPE.COLUMN_STACKED if upright else XL_CHART_TYPE.BAR_STACKED
    chart = page.add_chart(box, kind, _make_data(categories, series), spoken)
    _set_axes(chart, box, upright=upright)
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = (60 if upright else 35), 100
    for one in plot.series:
        _paint(one.format, colours[one.name])
        _label(one, choose_ink(colours[one.name]))


def add_bars(
    page: Page,
    box: Box,
    name: str,
    bars: Sequence[tuple[str, int, str]],
    spoken: str,
) -> None:
    """Add plain bars, each with its word, number and colour."""
    data = _make_data([word for word, _, _ in bars], {name: [number for _, number, _ in bars]})
    chart = page.add_chart(box, XL_CHART_TYPE.BAR_CLUSTERED, data, spoken)
    _set_axes(chart, box, upright=False)
    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width = 45
    plot.vary_by_categories = False
    series = plot.series[0]
    for at, (_, _, colour) in enumerate(bars):
        _paint(series.points[at].format, colour)
    _label(series, "", XL_LABEL_POSITION.OUTSIDE_END)


def _make_data(categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> Any:  # noqa: ANN401 - python-pptx has no types
    data: Any = CategoryChartData(number_format="0")  # type: ignore[no-untyped-call]  # half typed
    data.categories = list(categories)
    for name, numbers in series.items():
        data.add_series(name, list(numbers))
    return data


def _set_axes(chart: Any, box: Box, *, upright: bool) -> None:  # noqa: ANN401 - as above
    chart.has_title = False
    chart.font.size = Pt(_SIZE if box.width > _WIDE else _SMALL)
    chart.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    words, numbers = chart.category_axis, chart.value_axis
    words.reverse_order = not upright  # the first bar on top
    words.major_tick_mark = XL_TICK_MARK.NONE
    words.format.line.color.rgb = make_colour(LINE)
    words.has_major_gridlines = False
    skip = words._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})  # noqa: SLF001 - no public way
    words._element.insert_element_before(  # noqa: SLF001 - as above
        skip, "c:tickMarkSkip", "c:noMultiLvlLbl", "c:extLst"
    )
    numbers.has_major_gridlines = False
    numbers.visible = False
    numbers.minimum_scale = 0


def _paint(shape: Any, colour: str) -> None:  # noqa: ANN401 - as above
    shape.fill.solid()
    shape.fill.fore_color.rgb = make_colour(colour)
    shape.line.color.rgb = make_colour(LINE)
    shape.line.width = Pt(0.75)


def _label(series: Any, ink: str, position: Any = None) -> None:  # noqa: ANN401 - as above
    labels = series.data_labels
    labels.show_value = True
    labels.number_format, labels.number_format_is_linked = _NUMBERS, False
    labels.font.size = Pt(_SIZE)
    labels.font.bold = True
    if ink:
        labels.font.color.rgb = make_colour(ink)
    else:
        labels.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    if position is not None:
        labels.position = position
