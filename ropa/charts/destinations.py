"""Where personal data go: flows by country, and what they rest on."""

from collections import Counter, defaultdict
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ropa.charts.audit_flows import read_case
from ropa.charts.canvas import (
    LEGEND_ROW,
    MARGIN,
    SMALL_SIZE,
    Chart,
    clean,
    count_legend_rows,
    measure,
    open_chart,
    paint_part,
    write,
    write_head,
    write_legend,
)
from ropa.charts.flow_columns import COUNTRY, read_graph
from ropa.charts.headings import name_audited
from ropa.charts.palette import LINE, SAFEGUARD_COLOURS, choose_ink, house_style
from ropa.charts.safeguard_groups import GROUPS, find_group
from ropa.evaluation import FAILED
from ropa.flows import build_graph
from ropa.phrases.place_names import country_name
from ropa.phrases.sentences import count_words
from ropa.results import Result

_WIDTH = 10.0
_LABELS = 2.7
_ROW = 0.34
_HEAD = 1.3
_CALLED_OUT = "US"
_VERDICT_RULE = "TRF-03"
_NOTHING = "No country is stated for any recipient."


def draw_destinations(audit: Result, *, limit: int = 20) -> Chart:
    """Draw the flows into each country, split by what they rest on, the longest bar on top.

    Parameters
    ----------
    audit : Result
        The audit.
    limit : int
        Bars at most, at least two. The last one, "other countries (n)", stands for the rest. The
        United States keep their own.

    Returns
    -------
    Chart
        One bar a country. A flow is one activity's data in the hands of one recipient, as in the
        flow picture; of two verdicts under two regimes the worse counts. Each part bears its
        number where it fits, each bar its sum. The United States are set in bold, and the line
        under the title says what flows into them, or that none is stated.
    """
    counts = fold_destinations(count_destinations(audit), max(limit, 2))
    title, subtitle = _word_head(audit, count_destinations(audit))
    sums = counts.sum()
    legend = [(f"{GROUPS[one]} ({sums[one]})", _paint(one)) for one in GROUPS if sums[one]]
    head = _HEAD + (count_legend_rows([word for word, _ in legend], _WIDTH) - 1) * LEGEND_ROW
    height = head + max(len(counts), 1) * _ROW + 0.25
    with house_style():
        chart, axes = open_chart(title, describe_destinations(audit), _WIDTH, height)
        write_head(axes, title, subtitle, _WIDTH)
        write_legend(axes, 0.98, legend)
        unit = (_WIDTH - _LABELS - MARGIN - 0.6) / max(counts.sum(axis=1), default=1)
        for row, (country, parts) in enumerate(counts.iterrows()):
            _draw_bar(axes, str(country), parts, head + (row + 0.5) * _ROW, unit)
        if not len(counts):
            write(axes, (MARGIN, head + _ROW / 2), _NOTHING)
    return chart


def _paint(group: str) -> dict[str, Any]:
    """Return a part's look; a failing one is hatched, as in the flow picture."""
    return paint_part(SAFEGUARD_COLOURS[group], hatched=group == "failing")


def _draw_bar(axes: Axes, country: str, parts: pd.Series, y: float, unit: float) -> None:
    called_out = country == country_name(_CALLED_OUT)
    write(axes, (MARGIN, y), country, width=_LABELS - MARGIN - 0.12, bold=called_out)
    x = _LABELS
    axes.plot([x, x], [y - _ROW / 2, y + _ROW / 2], color=LINE, linewidth=0.8)
    for group in GROUPS:
        number = int(parts[group])
        if not number:
            continue
        bar = Rectangle((x, y - 0.12), number * unit, 0.24, **_paint(group))
        bar.set_label(f"{country}|{group}|{number}")
        axes.add_patch(bar)
        if measure(str(number), SMALL_SIZE) + 0.1 <= number * unit:
            _write_number(axes, (x + number * unit / 2, y), number, group)
        x += number * unit
    write(axes, (x + 0.08, y), str(int(parts.sum())), bold=True)


def _write_number(axes: Axes, place: tuple[float, float], number: int, group: str) -> None:
    """Write a number on its part; on hatching it stands on a plain plate."""
    colour = SAFEGUARD_COLOURS[group]
    if group == "failing":
        half = measure(str(number), SMALL_SIZE) / 2 + 0.03
        plate = Rectangle((place[0] - half, place[1] - 0.08), 2 * half, 0.16, facecolor=colour)
        plate.set_linewidth(0.0)
        axes.add_patch(plate)
    write(axes, place, str(number), size=SMALL_SIZE, ha="center", color=choose_ink(colour))


def count_destinations(audit: Result) -> pd.DataFrame:
    """Return the flows into each country, counted by what they rest on.

    Returns
    -------
    DataFrame
        One row a country by its name, most flows first, where equal the more without a working
        safeguard, then by name; one column a group of safeguards
        (`ropa.charts.safeguard_groups.GROUPS`). Where the verdicts broke off, all are ``unjudged``.
    """
    missing = audit.not_evaluated
    broken = missing["why"].str.startswith(FAILED) & (missing["rule"] == _VERDICT_RULE)
    judged = not broken.any()
    found = (
        audit.case.once(read_case)
        if judged
        else read_graph(build_graph(audit.register, law=audit.law))
    )
    tallies: dict[str, Counter[str]] = defaultdict(Counter)
    for flows in found.flows:
        for group in flows.groups:
            for step in group.steps:
                if step.target.kind == COUNTRY:
                    country = clean(flows.labels[step.target])
                    tallies[country][find_group(step.safeguard)] += group.activities
    ranked = sorted(tallies, key=lambda one: (-tallies[one].total(), -tallies[one]["failing"], one))
    rows = [[tallies[country][group] for group in GROUPS] for country in ranked]
    return pd.DataFrame(rows, index=ranked, columns=list(GROUPS), dtype="int64")


def fold_destinations(counts: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Return the counts with at most so many rows; the United States are never folded."""
    if len(counts) <= limit:
        return counts
    called_out = counts.index == country_name(_CALLED_OUT)
    own = limit - 1
    kept = called_out | (pd.Series(~called_out).cumsum() <= own - called_out.any()).to_numpy()
    rest = counts[~kept]
    other = rest.sum().to_frame(f"other countries ({len(rest)})").T
    return pd.concat([counts[kept], other])


def describe_destinations(audit: Result) -> str:
    """Return in words what `draw_destinations` shows, each country by its name."""
    counts = count_destinations(audit)
    title, subtitle = _word_head(audit, counts)
    rows = [
        f"{country} {parts.sum()}"
        f" ({', '.join(f'{parts[one]} {GROUPS[one]}' for one in GROUPS if parts[one])})"
        for country, parts in counts.iterrows()
    ]
    return clean(f"Bar chart. {title}. {subtitle} {'; '.join(rows) or _NOTHING.rstrip('.')}.")


def _word_head(audit: Result, counts: pd.DataFrame) -> tuple[str, str]:
    total = int(counts.to_numpy().sum())
    places = count_words(len(counts), "destination", "destinations")
    title = f"{count_words(total, 'flow', 'flows')} of personal data into {places}"
    country = country_name(_CALLED_OUT)
    if country not in counts.index:
        told = f"{country}: no flow is stated"
    else:
        parts = counts.loc[country]
        number = int(counts.loc[[country]].to_numpy().sum())
        told = f"{country}: {count_words(number, 'flow', 'flows')}"
        if not parts["unjudged"]:
            told += f", {parts['failing']} without a working safeguard"
        if parts["unclear"]:
            told += f", {parts['unclear']} not clear"
    if counts["unjudged"].any():
        told += "; safeguards were not judged"
    return title, f"{told}. {name_audited(audit)}, as of {audit.as_of.isoformat()}."
