"""Findings by the law of the day: one register over the days on which the law changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from ropa.charts.canvas import (
    MARGIN,
    SMALL_SIZE,
    Chart,
    clean,
    open_chart,
    write,
    write_head,
)
from ropa.charts.law_steps import (
    OTHERS,
    TRANSFERS,
    LawStep,
    count_standing,
    list_law_steps,
    spread,
    word_moves,
)
from ropa.charts.palette import ALARM, INK, LINE, PAPER, QUIET_INK, house_style
from ropa.phrases.sentences import count_words

_WIDTH = 10.0
_LEFT, _RIGHT = 2.0, 9.35
_MARKS = 1.12
_PANELS = {TRANSFERS: (1.55, 2.45), OTHERS: (2.85, 3.95)}
_COLOURS = {TRANSFERS: ALARM, OTHERS: "#2F78B7"}
_NAMES = {TRANSFERS: ("Findings on", "transfers"), OTHERS: ("All other", "findings")}
_YEARS = 4.15
_LIST, _ROW = 4.6, 0.24
_RADIUS = 0.1
_MOST = 12
_DAYS_IN_YEAR = 366


def draw_timeline(timeline: pd.DataFrame, *, days: Sequence[object] = ()) -> Chart:
    """Draw how many findings the law of each day makes of a register that stays as it is.

    Parameters
    ----------
    timeline : DataFrame
        From `ropa.timeline`.
    days : sequence of date
        Its days, such as `ropa.chronology.list_timeline_days`, where one may be without findings:
        such a day has no row in the timeline.

    Returns
    -------
    Chart
        Two step lines on one axis of time, each with its own scale from zero: findings on
        transfers, and all others. A numbered mark stands where a change of the law made findings
        come, go or change; the list below names it, twelve at most: of more, those that moved most
        findings. What came or went by time passing moves the lines and has no mark.
    """
    counts = count_standing(timeline, days)
    steps = list_law_steps(timeline)
    named = sorted(sorted(steps, key=lambda one: -one.moved)[:_MOST], key=steps.index)
    title, subtitle = _word_head(timeline, counts)
    height = _LIST + (len(named) + 1 + (len(steps) > len(named))) * _ROW + 0.15
    with house_style():
        chart, axes = open_chart(title, describe_timeline(timeline, days=days), _WIDTH, height)
        write_head(axes, title, subtitle, _WIDTH)
        if len(counts):
            scale = _make_scale(counts.index)
            for kind in (TRANSFERS, OTHERS):
                _draw_line(axes, counts[kind], scale)
            _draw_years(axes, scale)
            _draw_marks(axes, named, scale)
        _write_list(axes, named, len(steps))
    return chart


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days to inches."""

    first: pd.Timestamp
    last: pd.Timestamp

    def place(self, day: pd.Timestamp) -> float:
        share = (day - self.first) / (self.last - self.first)
        return _LEFT + float(share) * (_RIGHT - _LEFT)


def _make_scale(days: pd.Index) -> _Scale:
    """Return a scale on which the last day has some room: what stands then holds for a while."""
    first, last = pd.Timestamp(str(days[0])), pd.Timestamp(str(days[-1]))
    return _Scale(first, max(last + pd.Timedelta(days=120), first + pd.Timedelta(days=240)))


def _draw_line(axes: Axes, counts: pd.Series, scale: _Scale) -> None:
    kind = str(counts.name)
    top, base = _PANELS[kind]
    colour = _COLOURS[kind]
    unit = (base - top) / max(int(counts.max()), 1)
    for number, word in enumerate(_NAMES[kind]):
        write(axes, (MARGIN, base - 0.32 + number * 0.17), word, bold=True, color=colour)
    xs: list[float] = []
    ys: list[float] = []
    for day, number in counts.items():
        xs += [scale.place(pd.Timestamp(str(day)))] * 2
        ys += [ys[-1] if ys else base - number * unit, base - number * unit]
    axes.fill_between([*xs, _RIGHT], [*ys, ys[-1]], base, color=colour, alpha=0.13, linewidth=0)
    line = axes.plot([*xs, _RIGHT], [*ys, ys[-1]], color=colour, linewidth=1.8)
    line[0].set_label(f"{kind}|{','.join(str(number) for number in counts)}")
    axes.plot([_LEFT, _RIGHT], [base, base], color=LINE, linewidth=0.8)
    ends: dict[str, Any] = {"size": SMALL_SIZE, "color": QUIET_INK, "ha": "right"}
    write(axes, (_LEFT - 0.08, base), "0", **ends)
    if counts.max():
        write(axes, (_LEFT - 0.08, top), str(int(counts.max())), **ends)
    if not counts.max():  # which is no zero where rules of that kind were not run
        quiet: dict[str, Any] = {"size": SMALL_SIZE, "color": QUIET_INK}
        write(axes, (_LEFT + 0.1, base - 0.12), "no such finding in this timeline", **quiet)
        return
    write(axes, (_RIGHT + 0.08, ys[-1]), str(int(counts.iloc[-1])), bold=True, color=colour)


def _draw_years(axes: Axes, scale: _Scale) -> None:
    years = [
        pd.Timestamp(year=one, month=1, day=1)
        for one in range(scale.first.year, scale.last.year + 1)
    ]
    ticks = [one for one in years if scale.first <= one <= scale.last]
    base = _PANELS[OTHERS][1]
    room = (_RIGHT - _LEFT) / max((scale.last - scale.first).days / _DAYS_IN_YEAR, 1)
    every = max(int(0.45 / room) + 1, 1)
    for number, tick in enumerate(ticks):
        x = scale.place(tick)
        axes.plot([x, x], [base, base + 0.06], color=QUIET_INK, linewidth=0.8)
        if number % every == 0 and x < _RIGHT:
            words: dict[str, Any] = {"size": SMALL_SIZE, "color": QUIET_INK, "ha": "center"}
            write(axes, (x, _YEARS), str(tick.year), **words)


def _draw_marks(axes: Axes, steps: Sequence[LawStep], scale: _Scale) -> None:
    true = [scale.place(one.as_of) for one in steps]
    base = _PANELS[OTHERS][1]
    for number, (x, mark) in enumerate(zip(true, spread(true, 0.24, _LEFT, _RIGHT), strict=True)):
        elbow = _PANELS[TRANSFERS][0] - 0.12
        path = ([mark, x, x], [_MARKS + _RADIUS, elbow, base])
        axes.plot(*path, color=QUIET_INK, linewidth=0.7, linestyle=(0, (2, 2)), zorder=0.5)
        _draw_mark(axes, (mark, _MARKS), number + 1)


def _draw_mark(axes: Axes, place: tuple[float, float], number: int) -> None:
    axes.add_patch(Circle(place, _RADIUS, facecolor=INK, linewidth=0.0))
    write(axes, place, str(number), size=7.5, bold=True, ha="center", color=PAPER)


def _write_list(axes: Axes, named: Sequence[LawStep], total: int) -> None:
    columns = {"change of the law": MARGIN + 0.3, "transfers": 6.55, "others": 8.3}
    y = _LIST
    if not named:
        write(axes, (MARGIN, y), "No change of the law moved a finding.", color=QUIET_INK)
        return
    for words, x in columns.items():
        write(axes, (x, y), words, size=SMALL_SIZE, color=QUIET_INK)
    for number, step in enumerate(named):
        y += _ROW
        _draw_mark(axes, (MARGIN + _RADIUS, y), number + 1)
        left, *right = columns.values()
        write(axes, (left, y), step.day.date().isoformat(), color=QUIET_INK)
        write(axes, (left + 0.9, y), step.event, width=right[0] - left - 1.05)
        for x, moves in zip(right, (step.transfers, step.others), strict=True):
            write(axes, (x, y), word_moves(moves), bold=any(moves), width=1.65)
    if total > len(named):
        left_out = count_words(total - len(named), "smaller step has", "smaller steps have")
        write(axes, (MARGIN, y + _ROW), f"{left_out} no number.", color=QUIET_INK)


def describe_timeline(timeline: pd.DataFrame, *, days: Sequence[object] = ()) -> str:
    """Return in words what `draw_timeline` shows, every step of the law included."""
    counts = count_standing(timeline, days)
    steps = list_law_steps(timeline)
    title, subtitle = _word_head(timeline, counts)
    told = [
        f"{one.day.date().isoformat()}, {one.event or 'the law changed'}:"
        f" transfers {word_moves(one.transfers)}, others {word_moves(one.others)}"
        for one in steps
    ]
    return clean(f"Step lines. {title}. {subtitle} {'; '.join(told) or 'No step of the law'}.")


def _word_head(timeline: pd.DataFrame, counts: pd.DataFrame) -> tuple[str, str]:
    title = "The same register under the law of each day"
    if not len(counts):
        return title, "No finding on any day."
    names = sorted(timeline["register"].unique())
    name = f"{names[0]}. " if len(names) == 1 else f"{len(names)} registers. " if names else ""
    first, last = counts.iloc[0], counts.iloc[-1]
    told = (
        f"Findings: {first.sum()} on {counts.index[0].date().isoformat()},"
        f" {last.sum()} on {counts.index[-1].date().isoformat()},"
        f" {last[TRANSFERS]} of them on transfers."
    )
    return title, f"{name}{told}"
