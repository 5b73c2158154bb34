"""Findings by status from audit to audit."""

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
from ropa.charts.palette import INK, QUIET_INK, STATUS_COLOURS, choose_ink, house_style
from ropa.phrases.sentences import count_words
from ropa.results import Result

_WIDTH, _HEIGHT = 10.0, 4.9
_TOP, _BOTTOM = 1.45, 4.3
_LEFT = 1.15
_WIDEST, _STEP = 1.1, 2.9
_DIGIT = 0.17
_ROOMY, _TINY_SIZE = 9, 7.2
_MOST = 12
_OPEN = ("persisting", "reopened", "new")
_ABOVE = (*_OPEN, "waived", "not evaluated")
_BELOW = "fixed"
_HATCHED = "new"
_ONLY = "open"
_WORDS = {
    _ONLY: "open",
    "persisting": "open since an earlier audit",
    "reopened": "reopened",
    "new": "new",
    "waived": "accepted risk",
    "not evaluated": "not judged this time",
    _BELOW: "fixed",
}


def draw_trend(audit: Result, *, limit: int = _MOST) -> Chart:
    """Draw the findings by status at each audit that is known, this one last.

    Parameters
    ----------
    audit : Result
        The audit; what it was compared with is in its ``history``.
    limit : int
        Audits at most, the latest, twelve in any case; a line says how many earlier ones are left
        out.

    Returns
    -------
    Chart
        One column an audit. Above the line what stands: open since an earlier audit, reopened,
        new; accepted risks and what could not be judged this time, apart. Below the line what was
        fixed since the audit before. The number on top counts what is open, without accepted
        risks. Columns stand at equal distances, whatever the time between. Of the first audit of
        all it cannot be told what was new: its findings are drawn as open. An audit that was
        compared with nothing says so.
    """
    counts = count_statuses(audit)
    shown = counts.iloc[-min(max(limit, 1), _MOST) :]
    title, subtitle = _word_head(audit, counts)
    with house_style():
        chart, axes = open_chart(title, describe_trend(audit), _WIDTH, _HEIGHT)
        write_head(axes, title, subtitle, _WIDTH)
        listed = [one for one in _WORDS if one in (*_OPEN[::2], _BELOW) or shown[one].any()]
        if len(counts) == 1:
            listed = [one for one in listed if shown[one].any()]
        words = dict(_WORDS)
        if shown[_ONLY].any() and len(counts) > 1:
            words["persisting"] = f"{_WORDS['persisting']}, or at the first"
            listed.remove(_ONLY)
        write_legend(axes, 0.98, [(words[one], _paint(one)) for one in listed])
        _draw_columns(axes, shown)
        note = _note(counts, len(shown))
        write(axes, (MARGIN, _HEIGHT - 0.2), note, width=_WIDTH - 2 * MARGIN, color=QUIET_INK)
    return chart


def _note(counts: pd.DataFrame, shown: int) -> str:
    left_out = len(counts) - shown
    if left_out:
        return f"{count_words(left_out, 'earlier audit is', 'earlier audits are')} not shown."
    told = f"{counts.index[0]} is the first audit known: what was new then cannot be told."
    return told if len(counts) > 1 else ""


def _paint(status: str) -> dict[str, Any]:
    colour = STATUS_COLOURS["persisting" if status == _ONLY else status]
    look = paint_part(colour, hatched=status == _HATCHED)
    if status == "not evaluated":
        look |= {"edgecolor": QUIET_INK, "linewidth": 0.8, "linestyle": (0, (3, 2))}
    return look


def _draw_columns(axes: Axes, counts: pd.DataFrame) -> None:
    above = counts[[_ONLY, *_ABOVE]].sum(axis=1)
    room = _BOTTOM - _TOP - 0.3
    unit = room / max(int(above.max() + counts[_BELOW].max()), 1)
    base = _TOP + 0.2 + int(above.max()) * unit
    right = _WIDTH - MARGIN
    step = min(_STEP, (right - _LEFT) / len(counts))
    width = min(_WIDEST, 0.6 * step)
    size = TEXT_SIZE if len(counts) <= _ROOMY else _TINY_SIZE
    small: dict[str, Any] = {"size": SMALL_SIZE, "ha": "center"}
    write(axes, (MARGIN, base - 0.12), "standing", size=SMALL_SIZE, color=QUIET_INK)
    if len(counts) > 1:
        write(axes, (MARGIN, base + 0.12), "fixed", size=SMALL_SIZE, color=QUIET_INK)
    for place, (day, parts) in enumerate(counts.iterrows()):
        middle = _LEFT + (place + 0.5) * step
        last = place == len(counts) - 1
        top = base
        for status in (_ONLY, *_ABOVE):
            number = int(parts[status])
            place_of_part = (middle, top - number * unit)
            _draw_part(axes, place_of_part, (width, unit), number, f"{day}|{status}")
            top -= number * unit
        opened = int(parts[[_ONLY, *_OPEN]].sum())
        write(axes, (middle, top - 0.11), f"{opened} open", bold=True, size=size, ha="center")
        _draw_part(axes, (middle, base), (width, unit), int(parts[_BELOW]), f"{day}|{_BELOW}")
        fixed = int(parts[_BELOW])
        if fixed and fixed * unit < _DIGIT:
            write(axes, (middle, base + fixed * unit + 0.09), str(fixed), **small)
        write(axes, (middle, _BOTTOM + 0.1), str(day), bold=last, size=size, ha="center")
    axes.plot([_LEFT, right], [base, base], color=INK, linewidth=0.8)


def _draw_part(
    axes: Axes, place: tuple[float, float], size: tuple[float, float], number: int, label: str
) -> None:
    """Draw a part of a column by the middle of its top edge, with its number where it fits."""
    if not number:
        return
    width, unit = size
    status = label.partition("|")[2]
    middle, top = place
    bar = Rectangle((middle - width / 2, top), width, number * unit, **_paint(status))
    bar.set_label(f"{label}|{number}")
    axes.add_patch(bar)
    if number * unit < _DIGIT:
        return
    colour = str(_paint(status)["facecolor"])
    y = top + number * unit / 2
    if status == _HATCHED:
        half = measure(str(number), SMALL_SIZE) / 2 + 0.05
        axes.add_patch(
            Rectangle((middle - half, y - 0.085), 2 * half, 0.17, facecolor=colour, linewidth=0)
        )
    write(axes, (middle, y), str(number), size=SMALL_SIZE, ha="center", color=choose_ink(colour))


def count_statuses(audit: Result) -> pd.DataFrame:
    """Return the findings by status at each audit.

    Returns
    -------
    DataFrame
        One row an audit by its date, the latest last; one column a status of the history, and
        ``open`` for all findings of the first audit that are not waived: there "new" says nothing.
    """
    history = audit.history
    now = audit.as_of.isoformat()
    if history.empty:
        history = audit.findings.assign(as_of=now)
    days = sorted({now, *history["as_of"], *(one.as_of.isoformat() for one in audit.earlier)})
    counts = pd.crosstab(history["as_of"], history["status"])
    counts = counts.reindex(index=days, columns=[*_ABOVE, _BELOW], fill_value=0)
    counts.insert(0, _ONLY, 0)
    first = days[0]
    counts.loc[first, _ONLY] = counts.loc[first, list(_OPEN)].sum()
    counts.loc[first, list(_OPEN)] = 0
    return counts.astype("int64").rename_axis(index=None, columns=None)


def describe_trend(audit: Result) -> str:
    """Return in words what `draw_trend` shows, every audit included."""
    counts = count_statuses(audit)
    title, subtitle = _word_head(audit, counts)
    days = []
    for day, parts in counts.iterrows():
        told = [f"{number} {_WORDS[str(one)]}" for one, number in parts.items() if number]
        days.append(f"{day}: {', '.join(told) or 'no findings'}")
    return clean(f"Column chart. {title}. {subtitle} {'; '.join(days)}.")


def _word_head(audit: Result, counts: pd.DataFrame) -> tuple[str, str]:
    now = counts.iloc[-1]
    opened = int(now[[_ONLY, *_OPEN]].sum())
    title = f"{count_words(opened, 'finding', 'findings')} open on {audit.as_of.isoformat()}"
    if len(counts) == 1:
        told = "The only audit: there is no earlier one to compare it with."
    else:
        title += f": {now['new']} new, {now[_BELOW]} fixed since {counts.index[-2]}"
        told = f"{len(counts)} audits, from {counts.index[0]}."
    return title, f"{name_audited(audit)}. {told}"
