"""The audit on a terminal: what was read, what is missing, and what matters most."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ropa.evaluation import UNSETTLED
from ropa.phrases.sentences import count_words
from ropa.report.comparison import list_changes, list_counts, list_problems
from ropa.report.console import (
    REGIME_NAMES,
    REGIME_SOURCES,
    SEVERITY_STYLES,
    clean_line,
    print_lines,
)
from ropa.report.defects import Defect, list_defects
from ropa.report.verdict_words import word_verdict
from ropa.results import Result
from ropa.schema import NOT_LIVE
from ropa.summaries import ITEM_NAMES, Summary, summarise

TOP = 10
"""Defects shown with their reason and remedy; all of them stand in the reports."""

_NAMED = 12


def print_audit(result: Result, *, out: Path | None = None, console: Console | None = None) -> None:
    """Print the summary of an audit.

    Parameters
    ----------
    result : Result
        The audit.
    out : Path, optional
        Where the reports were written.
    console : Console, optional
        Where to print; stdout by default.
    """
    console = console or Console(highlight=False, soft_wrap=False)
    summary = summarise(result)
    console.print(_build_head(result))
    if len(summary.completeness):
        console.print(_build_completeness(summary))
    console.print(_build_severities(result, summary))
    print_lines(_list_since(result), console=console)
    print_lines(_list_top(result), console=console)
    console.print(_build_foot(result, out))


def _build_head(result: Result) -> Group:
    register = result.register
    organisation = register.organisation
    counts = register.activities["status_code"].isin(NOT_LIVE)
    lines = []
    for row in organisation[["register", "name", "regimes_from"]].itertuples(index=False):
        name = clean_line(str(row.name) or str(row.register))
        lines.append(Text(name, style="bold"))
    total = len(counts)
    ended = int(counts.sum())
    files = ", ".join(clean_line(one.file) for one in register.inputs)
    read = f"{files}: {total} activities"
    read += f", of which {ended} ended or proposed (not audited)" if ended else ""
    source = REGIME_SOURCES[str(organisation["regimes_from"].iloc[0])]
    unread = len(register.issues)
    lines += [
        Text(f"Read        {read}"),
        Text(
            f"Judged      as of {result.as_of.isoformat()}, {REGIME_NAMES[result.regime]}{source}"
        ),
        Text(f"Law tables  {result.law.version}; {len(result.rules)} rules"),
    ]
    if unread:
        cells = "cell" if unread == 1 else "cells"
        lines.append(Text(f"Unreadable  {unread} {cells} (see rule GOV-08)", style="yellow"))
    return Group(*lines, Text())


def _build_completeness(summary: Summary) -> Table:
    table = Table(
        title="Complete under Article 30?", title_justify="left", box=None, pad_edge=False
    )
    table.add_column("Item", no_wrap=True)
    table.add_column("", no_wrap=True)
    for name in ("stated", "none", "gap", "of"):
        table.add_column(name, justify="right")
    for row in summary.completeness.itertuples(index=False):
        if row.total:
            gap = Text(str(row.gap), style="bold red" if row.gap else "green")
            table.add_row(
                str(row.item),
                ITEM_NAMES[str(row.item)],
                str(row.stated),
                str(row.none) if row.none else "",
                gap,
                str(row.total),
            )
    return table


def _build_severities(result: Result, summary: Summary) -> Group:
    verdict = Text(word_verdict(result, summary), style="bold")
    parts = [(one, count) for one, count in summary.severity.items() if count]
    if not parts:
        return Group(Text(), verdict)
    total = sum(summary.severity.values())
    line = Text(f"{count_words(total, 'finding', 'findings')}: ", style="bold")
    for number, (severity, count) in enumerate(parts):
        line.append(", " if number else "")
        line.append(f"{count} {severity}", style=SEVERITY_STYLES[severity])
    return Group(Text(), verdict, line)


def _list_since(result: Result) -> Iterator[Text]:
    """Return what changed since the earlier audit, and what was accepted."""
    if result.earlier:
        last = max(one.as_of for one in result.earlier)
        yield Text(f"\nSince {last.isoformat()}: {', '.join(list_counts(result.frames))}")
        yield from list_changes(result.changes)
    for one in result.earlier:
        yield from list_problems(one.file, one.problems)
    states = result.waivers["state"].value_counts()
    if len(states):
        told = ", ".join(f"{count} {state}" for state, count in states.items())
        yield Text(f"Waivers: {told}")


def _list_top(result: Result) -> Iterator[Padding | Text]:
    """Return the first defects, after a line that says whether there are more."""
    defects = list_defects(result, TOP)
    if defects:
        live = result.findings.loc[result.findings["status"] != "waived", "rule"]
        more = live.nunique() > TOP
        shown = f"The {TOP} that matter most" if more else "What matters, worst first"
        yield Text(f"\n{shown}", style="bold")
    for one in defects:
        yield _build_defect(one)


def _build_defect(one: Defect) -> Padding:
    head = Text()
    head.append(f" {one.severity} ", style=SEVERITY_STYLES[one.severity])
    head.append(f" {one.rule} {one.name}", style="bold")
    head.append(f"  {one.provision}", style="dim")
    cells = _list_cells(one.rows)
    where = f"{one.activities}: {cells}" if one.activities else cells
    body = Table.grid(padding=(0, 1))
    body.add_column(style="dim", no_wrap=True)
    body.add_column(overflow="fold")
    body.add_row("where", Text(clean_line(where)))
    body.add_row("why", Text(clean_line(one.message)))
    body.add_row("remedy", Text(one.remedy))
    return Padding(Group(head, Padding(body, (0, 0, 0, 3))), (1, 0, 0, 0))


def _list_cells(rows: pd.DataFrame) -> str:
    """Return the cells of some findings, the sheet's name before its first one.

    Where they stand in several files the file's name comes before the sheet's.
    """
    places = rows[["file", "sheet", "cell"]].drop_duplicates()
    shown = places.head(_NAMED)
    sheet = shown["sheet"] + "!"
    if len(set(places["file"])) > 1:
        sheet = shown["file"] + " " + sheet
    cells = sheet.where(~sheet.duplicated(), "") + shown["cell"]
    more = len(places) - len(shown)
    return ", ".join(cells) + (f" and {more} more" if more else "")


def _build_foot(result: Result, out: Path | None) -> Group:
    lines = [Text()]
    skipped = result.not_evaluated
    if len(skipped):
        rules = skipped["rule"].nunique()
        # What can be settled is told before what the layout lacks.
        first = skipped.iloc[int(skipped["why"].str.startswith(UNSETTLED).to_numpy().argmax())]
        why = f"{first['rule']}: {clean_line(str(first['why']))}"
        lines.append(Text(f"Not evaluated: {rules} rules ({why}{' ...' if rules > 1 else ''})"))
    if out is not None:
        lines.append(
            Text(
                f"Reports in {clean_line(str(out))}: report.html to read, findings.xlsx to work on"
            )
        )
    return Group(*lines)
