"""Completeness of the record, activity by activity and item by item of Article 30."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from ropa.charts.canvas import (
    MARGIN,
    SMALL_SIZE,
    Chart,
    clean,
    open_chart,
    wrap,
    write,
    write_head,
    write_legend,
)
from ropa.charts.headings import name_audited
from ropa.charts.palette import INK, ITEM_STATE_COLOURS, PAPER, QUIET_INK, house_style
from ropa.phrases.sentences import count_words
from ropa.results import Result
from ropa.summaries import ITEM_NAMES, Summary, summarise

_WIDTH = 10.0
_LABELS = 3.3
_HEAD = 1.25
_COLUMNS = 7
_HEADING_LINE = 0.155
_ROOMY, _DENSE, _MOST_ROOMY = 0.28, 0.23, 30
_RECORDS = (
    ("30(1)", "Controller records, Article 30(1)"),
    ("30(2)", "Processor records, Article 30(2)"),
)
_WORDS = {"stated": "stated", "none": "“none”, which is an answer", "gap": "gap"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a grid: its label and what it shows under each item."""

    label: str
    cells: tuple[str, ...]
    texts: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class _Grid:
    """The records of one kind: their items, a row each, and the gaps counted under each item."""

    title: str
    items: tuple[str, ...]
    rows: tuple[_Row, ...]
    sums: tuple[str, ...]


def draw_completeness(audit: Result, *, limit: int = 60) -> Chart:
    """Draw which items of Article 30 each activity states, answers with none, or leaves open.

    Parameters
    ----------
    audit : Result
        The audit; its summary tells the states.
    limit : int
        Rows that a grid shows at most. Of more activities those with the most gaps are shown, in
        the register's order, and a last row "other (n)" counts the gaps of the rest.

    Returns
    -------
    Chart
        One grid for controllers' records and one for processors', each only where there are such
        records. Gaps bear the word "gap", answers the word "none". The controller's own details,
        item (a), belong to the register as a whole and stand in a row of their own. Under each
        item the gaps are counted. A register without a live activity gives a chart that says so.
    """
    summary = summarise(audit)
    grids = _list_grids(audit, summary, limit)
    gaps = sum(gap for _, gap, _ in _count_items(summary).values())
    entries = sum(total for _, _, total in _count_items(summary).values())
    told = f"{gaps} of {entries} entries are missing" if grids else "no live activity"
    title = f"Article 30 record: {told}"
    number = count_words(summary.activities["key"].nunique(), "live activity", "live activities")
    subtitle = f"{name_audited(audit)}, {number}, as of {audit.as_of.isoformat()}"
    heights = [_measure_grid(grid) for grid in grids]
    with house_style():
        chart, axes = open_chart(
            title, describe_completeness(audit), _WIDTH, _HEAD + max(sum(heights), 0.5) + 0.1
        )
        write_head(axes, title, subtitle, _WIDTH)
        entries_shown = [
            (_WORDS[state], {"facecolor": colour}) for state, colour in ITEM_STATE_COLOURS.items()
        ]
        write_legend(axes, 0.98, entries_shown)
        top = _HEAD
        for grid, height in zip(grids, heights, strict=True):
            _draw_grid(axes, grid, top)
            top += height
        if not grids:
            write(axes, (MARGIN, top + 0.2), "The register holds no live activity.")
    return chart


def describe_completeness(audit: Result) -> str:
    """Return in words what `draw_completeness` shows: the gaps and answers under each item."""
    summary = summarise(audit)
    rows = [
        f"{ITEM_NAMES[item]}, Article {item}: {gap} of {total} missing"
        + (f", {none} “none”" if none else "")
        for item, (none, gap, total) in _count_items(summary).items()
        if total
    ]
    head = (
        f"Heat map of completeness under Article 30, {name_audited(audit)},"
        f" as of {audit.as_of.isoformat()}."
    )
    if summary.activities.empty:
        return f"{head} The register holds no live activity."
    return clean(f"{head} {'; '.join(rows)}.")


def _count_items(summary: Summary) -> dict[str, tuple[int, int, int]]:
    """Return for each item how many records answer none, how many have a gap, and how many are."""
    rows = summary.completeness[["item", "none", "gap", "total"]]
    return {
        str(item): (int(none), int(gap), int(total))
        for item, none, gap, total in rows.itertuples(index=False, name=None)
    }


def _list_grids(audit: Result, summary: Summary, limit: int) -> list[_Grid]:
    names = _name_activities(audit)
    grids = []
    for prefix, title in _RECORDS:
        chosen = summary.activities[summary.activities["item"].str.startswith(prefix)]
        if chosen.empty:
            continue
        states = chosen.pivot_table(index="key", columns="item", values="state", aggfunc="first")
        whole = f"{prefix}(a)" not in states
        items = ((f"{prefix}(a)",) if whole else ()) + tuple(states.columns)
        rows = _list_rows(states, names, limit)
        if whole:
            rows = [replace(one, cells=("", *one.cells), texts=("", *one.texts)) for one in rows]
            rows.insert(0, _row_of_whole(summary, items))
        counts = _count_items(summary)
        sums = tuple(f"{counts[one][1]} of {counts[one][2]}" for one in items)
        grids.append(_Grid(title, items, tuple(rows), sums))
    return grids


def _name_activities(audit: Result) -> pd.Series:
    """Return what each activity is called, by key."""
    rows = audit.register.frames["activities"].set_index("key")
    name = rows["activity"].where(rows["activity_state"] == "stated", rows["purpose"])
    names = rows["label"] + "  " + name
    several = len(audit.register.frames["organisation"]) > 1
    return rows["register"] + ": " + names if several else names


def _list_rows(states: pd.DataFrame, names: pd.Series, limit: int) -> list[_Row]:
    gaps = (states == "gap").sum(axis=1)
    shown = states
    if len(states) > limit:
        most = gaps.sort_values(ascending=False, kind="stable").index[: limit - 1]
        shown = states[states.index.isin(most)]
    rows = [
        _Row(str(names[key]), cells, tuple(_write_state(cell) for cell in cells))
        for key, *cells_of in shown.itertuples(name=None)
        for cells in [tuple(str(cell) for cell in cells_of)]
    ]
    folded = states[~states.index.isin(shown.index)]
    if len(folded):
        numbers = [int((folded[item] == "gap").sum()) for item in states.columns]
        rows.append(
            _Row(
                f"other ({len(folded)})",
                tuple("gap" if number else "stated" for number in numbers),
                tuple(count_words(one, "gap", "gaps") if one else "no gap" for one in numbers),
                strong=True,
            )
        )
    return rows


def _write_state(state: str) -> str:
    return "" if state == "stated" else state


def _row_of_whole(summary: Summary, items: Sequence[str]) -> _Row:
    """Return the row of item (a), which is counted by register."""
    _, gap, total = _count_items(summary)[items[0]]
    label = "Register as a whole" if total == 1 else f"{total} registers, each as a whole"
    state = "gap" if gap else "stated"
    text = _write_state(state) if total == 1 or not gap else f"{gap} of {total}"
    empty = ("",) * (len(items) - 1)
    return _Row(label, (state, *empty), (text, *empty), strong=True)


def _row_height(grid: _Grid) -> float:
    return _ROOMY if len(grid.rows) <= _MOST_ROOMY else _DENSE


def _measure_grid(grid: _Grid) -> float:
    return 0.3 + _measure_headings(grid) + (len(grid.rows) + 1) * _row_height(grid) + 0.3


def _measure_headings(grid: _Grid) -> float:
    return 0.2 + max(len(_list_lines(item)) for item in grid.items) * _HEADING_LINE


def _cell_width() -> float:
    return (_WIDTH - _LABELS - MARGIN) / _COLUMNS


def _list_lines(item: str) -> list[str]:
    """Return an item's heading in lines: its name, and its letter in Article 30."""
    name = ITEM_NAMES[item].removesuffix(" (processor)")
    return [*wrap(name, _cell_width() - 0.06, SMALL_SIZE), f"({item.rpartition('(')[2]}"]


def _draw_grid(axes: Axes, grid: _Grid, top: float) -> None:
    height = _row_height(grid)
    width = _cell_width()
    write(axes, (MARGIN, top + 0.15), grid.title, size=10, bold=True)
    first = top + 0.3 + _measure_headings(grid)
    for column, item in enumerate(grid.items):
        _write_heading(axes, item, (_LABELS + (column + 0.5) * width, first - 0.08))
    boxes: dict[str, list[list[tuple[float, float]]]] = {one: [] for one in ITEM_STATE_COLOURS}
    for number, row in enumerate(grid.rows):
        y = first + number * height
        room = _LABELS - MARGIN - 0.15
        write(axes, (MARGIN, y + height / 2), row.label, width=room, bold=row.strong)
        for column, (state, text) in enumerate(zip(row.cells, row.texts, strict=True)):
            if state:
                x = _LABELS + column * width
                boxes[state].append(_make_box(x, y, width, height))
                _write_cell(axes, (x + width / 2, y + height / 2), width, text, state)
    for state, found in boxes.items():
        if found:
            cells = PolyCollection(found, facecolors=ITEM_STATE_COLOURS[state], label=state)
            axes.add_collection(cells, autolim=False)
    y = first + (len(grid.rows) + 0.5) * height
    write(axes, (MARGIN, y), "Missing", bold=True)
    for column, text in enumerate(grid.sums):
        place = (_LABELS + (column + 0.5) * width, y)
        write(axes, place, text, ha="center", bold=not text.startswith("0 "))


def _write_heading(axes: Axes, item: str, foot: tuple[float, float]) -> None:
    x, y = foot
    for number, line in enumerate(reversed(_list_lines(item))):
        place = (x, y - 0.06 - number * _HEADING_LINE)
        colour = INK if number else QUIET_INK
        write(axes, place, line, size=SMALL_SIZE, ha="center", color=colour)


def _make_box(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    left, right, upper, lower = x + 0.02, x + width - 0.02, y + 0.015, y + height - 0.015
    return [(left, upper), (right, upper), (right, lower), (left, lower)]


def _write_cell(
    axes: Axes, place: tuple[float, float], width: float, text: str, state: str
) -> None:
    if text:
        gap = state == "gap"
        colour = PAPER if gap else QUIET_INK
        room = width - 0.06
        write(axes, place, text, width=room, size=SMALL_SIZE, ha="center", color=colour, bold=gap)
