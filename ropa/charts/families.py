"""Findings by family of rules."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ropa.charts.canvas import (
    MARGIN,
    SMALL_SIZE,
    Chart,
    clean,
    measure,
    open_chart,
    write,
    write_head,
    write_legend,
)
from ropa.charts.headings import name_audited
from ropa.charts.palette import LINE, QUIET_INK, SEVERITY_COLOURS, choose_ink, house_style
from ropa.findings import SEVERITIES
from ropa.phrases.sentences import count_words
from ropa.results import Result
from ropa.rules.catalogue import FAMILY_NAMES

_WIDTH = 10.0
_LABELS = 2.6
_ROW = 0.34
_HEAD = 1.3


def draw_families(audit: Result) -> Chart:
    """Draw the findings by family of rules, stacked by severity, the longest bar on top.

    Parameters
    ----------
    audit : Result
        The audit. Findings that are waived are left out, as in its summary.

    Returns
    -------
    Chart
        One bar a family of the rules that were run; each part bears its number where it fits, each
        bar its sum. A family without a finding has a row with 0. Where no rule was run the chart
        says so.
    """
    counts = count_families(audit)
    total = int(counts.to_numpy().sum())
    title = f"{count_words(total, 'finding', 'findings')} by family of rules"
    subtitle = f"{name_audited(audit)}, as of {audit.as_of.isoformat()}"
    height = _HEAD + max(len(counts), 1) * _ROW + 0.25
    with house_style():
        chart, axes = open_chart(title, describe_families(audit), _WIDTH, height)
        write_head(axes, title, subtitle, _WIDTH)
        sums = counts.sum()
        entries = [
            (f"{one} {sums[one]}", {"facecolor": SEVERITY_COLOURS[one]}) for one in SEVERITIES
        ]
        write_legend(axes, 0.98, entries)
        longest = max(int(counts.sum(axis=1).max()) if len(counts) else 0, 1)
        unit = (_WIDTH - _LABELS - MARGIN - 0.6) / longest
        for row, (family, parts) in enumerate(counts.iterrows()):
            _draw_bar(axes, str(family), parts, _HEAD + (row + 0.5) * _ROW, unit)
        if not len(counts):
            write(axes, (MARGIN, _HEAD + _ROW / 2), "No rule was run.")
    return chart


def _draw_bar(axes: Axes, family: str, parts: pd.Series, y: float, unit: float) -> None:
    write(axes, (MARGIN, y), family, size=SMALL_SIZE, color=QUIET_INK)
    room = _LABELS - MARGIN - 0.5
    write(axes, (MARGIN + 0.45, y), FAMILY_NAMES.get(family, family), width=room)
    x = _LABELS
    axes.plot([x, x], [y - _ROW / 2, y + _ROW / 2], color=LINE, linewidth=0.8)
    for severity in SEVERITIES:
        number = int(parts[severity])
        if not number:
            continue
        colour = SEVERITY_COLOURS[severity]
        bar = Rectangle((x, y - 0.12), number * unit, 0.24, facecolor=colour, edgecolor="white")
        bar.set_label(f"{family} {severity} {number}")
        axes.add_patch(bar)
        if measure(str(number), SMALL_SIZE) + 0.06 <= number * unit:
            place = (x + number * unit / 2, y)
            write(axes, place, str(number), size=SMALL_SIZE, ha="center", color=choose_ink(colour))
        x += number * unit
    write(axes, (x + 0.08, y), str(int(parts.sum())), bold=True)


def count_families(audit: Result) -> pd.DataFrame:
    """Return the findings that are not waived, counted.

    Returns
    -------
    DataFrame
        One row a family of the rules that were run, most findings first, where equal the more
        severe, then by code; one column a severity.
    """
    findings = audit.frames["findings"]
    findings = findings[findings["status"] != "waived"]
    counts = pd.crosstab(findings["rule"].str.slice(0, 3), findings["severity"])
    families = sorted({one.code[:3] for one in audit.rules} | set(counts.index))
    counts = counts.reindex(index=families, columns=list(SEVERITIES), fill_value=0).astype("int64")
    order = counts.assign(sum=counts.sum(axis=1)).sort_values(
        ["sum", *SEVERITIES], ascending=False, kind="stable"
    )
    return counts.loc[order.index]


def describe_families(audit: Result) -> str:
    """Return in words what `draw_families` shows."""
    counts = count_families(audit)
    total = int(counts.to_numpy().sum())
    rows = [
        f"{FAMILY_NAMES.get(str(family), str(family))} {parts.sum()}"
        f" ({', '.join(f'{parts[one]} {one}' for one in SEVERITIES if parts[one])})"
        for family, parts in counts.iterrows()
        if parts.sum()
    ]
    head = (
        f"Bar chart of {count_words(total, 'finding', 'findings')} by family of rules,"
        f" {name_audited(audit)}, as of {audit.as_of.isoformat()}."
    )
    return clean(f"{head} {'; '.join(rows)}." if rows else head)
