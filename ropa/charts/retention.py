"""How long data are kept: the spread of the time limits that a register states."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ropa.charts.canvas import (
    MARGIN,
    SMALL_SIZE,
    TEXT_SIZE,
    Chart,
    clean,
    measure,
    open_chart,
    paint_part,
    write,
    write_head,
    write_legend,
)
from ropa.charts.headings import name_audited
from ropa.charts.palette import LINE, QUIET_INK, RETENTION_COLOURS, choose_ink, house_style
from ropa.charts.retention_groups import GROUPS, LONGER, STARTS, count_retention
from ropa.phrases.sentences import count_words
from ropa.results import Result

_WIDTH, _HEIGHT = 10.0, 4.9
_LEFT, _RIGHT = 0.35, 5.7
_TOP, _BASE = 1.75, 4.2
_LABELS = 2.65
_LIST = 6.0
_DEFECTS = ("unnamed", "open", "circular", "unlimited", "unreadable", "missing")


def draw_retention(audit: Result) -> Chart:
    """Draw how long data are kept.

    Parameters
    ----------
    audit : Result
        The audit.

    Returns
    -------
    Chart
        On the left the time limits of a stated length, in columns that grow wider in time, as the
        lengths do; on the right, counted, those without one: open-ended, without limit, not stated
        and others. A cell of the register counts once. A column is dark where the time limit names
        the event from which it runs. What the record fails to say is hatched.
    """
    lengths, others = count_retention(audit)
    title, subtitle = _word_head(audit, lengths, others)
    with house_style():
        chart, axes = open_chart(title, describe_retention(audit), _WIDTH, _HEIGHT)
        write_head(axes, title, subtitle, _WIDTH)
        sums = lengths.sum()
        entries = [(f"{words} ({sums[one]})", _paint(one)) for one, words in STARTS.items()]
        write_legend(axes, 0.98, [*entries, ("says too little", _paint("defect"))])
        _draw_lengths(axes, lengths)
        _draw_others(axes, others)
    return chart


def _paint(kind: str) -> dict[str, Any]:
    return paint_part(RETENTION_COLOURS[kind], hatched=kind == "defect")


def _draw_lengths(axes: Axes, lengths: pd.DataFrame) -> None:
    write(axes, (_LEFT - 0.1, 1.4), "Length stated, at most", bold=True, color=QUIET_INK)
    unit = (_BASE - _TOP) / max(int(lengths.sum(axis=1).max()), 1)
    step = (_RIGHT - _LEFT) / len(lengths)
    for place, (name, parts) in enumerate(lengths.iterrows()):
        middle = _LEFT + (place + 0.5) * step
        y = _BASE
        for kind in [*STARTS][::-1]:
            number = int(parts[kind])
            if not number:
                continue
            y -= number * unit
            bar = Rectangle((middle - 0.15, y), 0.3, number * unit, **_paint(kind))
            bar.set_label(f"{name}|{kind}|{number}")
            axes.add_patch(bar)
            if number * unit > 0.2 and number < parts.sum():  # noqa: PLR2004 - height of a digit
                colour = choose_ink(RETENTION_COLOURS[kind])
                inside = (middle, y + number * unit / 2)
                write(axes, inside, str(number), size=SMALL_SIZE, ha="center", color=colour)
        if parts.sum():
            write(axes, (middle, y - 0.1), str(int(parts.sum())), bold=True, ha="center")
    axes.plot([_LEFT, _RIGHT], [_BASE, _BASE], color=LINE, linewidth=0.8)
    _write_scale(axes, [str(one) for one in lengths.index], step)
    if not lengths.to_numpy().any():
        write(axes, (_LEFT, (_TOP + _BASE) / 2), "No time limit states a length.")


def _write_scale(axes: Axes, names: list[str], step: float) -> None:
    """Write the numbers under the columns and, once for its columns, their unit."""
    ink: dict[str, Any] = {"size": SMALL_SIZE, "ha": "center", "color": QUIET_INK}
    units: dict[str, list[float]] = {}
    for place, name in enumerate(names):
        number, unit = name.removeprefix("over ").split()
        sign = "+" if name == LONGER else ""
        middle = _LEFT + (place + 0.5) * step
        write(axes, (middle, _BASE + 0.14), number + sign, **ink)
        units.setdefault(unit.removesuffix("s"), []).append(middle)
    for unit, middles in units.items():
        several = len(middles) > 1
        y = _BASE + 0.31
        if several:
            ends = (middles[0] - 0.12, middles[-1] + 0.12)
            axes.plot(ends, [_BASE + 0.23] * 2, color=LINE, linewidth=0.8)
        word = unit + "s" if several else unit
        write(axes, ((middles[0] + middles[-1]) / 2, y), word, **ink)


def _draw_others(axes: Axes, others: pd.Series) -> None:
    write(axes, (_LIST, 1.4), "Not on that scale", bold=True, color=QUIET_INK)
    start = _LIST + _LABELS
    row = (_BASE - _TOP + 0.1) / len(others)
    widest = measure(str(int(others.max())), TEXT_SIZE, bold=True) + 0.12
    unit = (_WIDTH - MARGIN - start - widest) / max(int(others.max()), 1)
    for place, (group, number) in enumerate(others.items()):
        y = _TOP - 0.05 + (place + 0.5) * row
        write(axes, (_LIST, y), GROUPS[str(group)], width=_LABELS - 0.1)
        bar = Rectangle((start, y - 0.09), int(number) * unit, 0.18, **_paint(_judge(str(group))))
        bar.set_label(f"{group}|{number}")
        axes.add_patch(bar)
        place_of_number = (start + int(number) * unit + 0.06, y)
        write(axes, place_of_number, str(number), bold=bool(number))
    axes.plot([start, start], [_TOP, _BASE], color=LINE, linewidth=0.8)


def _judge(group: str) -> str:
    return "defect" if group in _DEFECTS else "other"


def describe_retention(audit: Result) -> str:
    """Return in words what `draw_retention` shows."""
    lengths, others = count_retention(audit)
    title, subtitle = _word_head(audit, lengths, others)
    sums = lengths.sum(axis=1)
    told = [
        f"{number} {name}"
        if name in (lengths.index[0], lengths.index[-1])
        else f"{number} at most {name}"
        for name, number in sums.items()
        if number
    ]
    rest = [f"{number} {GROUPS[str(group)]}" for group, number in others.items() if number]
    parts = [f"Lengths: {', '.join(told)}." if told else "", f"{'; '.join(rest)}." if rest else ""]
    return clean(f"Column chart. {title}. {subtitle}. {' '.join(parts)}")


def _word_head(audit: Result, lengths: pd.DataFrame, others: pd.Series) -> tuple[str, str]:
    stated, missing = int(lengths.to_numpy().sum()), int(others[["missing", "not_asked"]].sum())
    total = stated + int(others.sum()) - missing
    title = f"{stated} of {count_words(total, 'time limit', 'time limits')} state a length"
    if missing:
        title += f"; {count_words(missing, 'activity states', 'activities state')} none"
    return title, f"{name_audited(audit)}, as of {audit.as_of.isoformat()}"
