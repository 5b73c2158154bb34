"""What changed between two audits: for a terminal and as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from rich.text import Text

from ropa.findings import STATUSES
from ropa.previous import Previous
from ropa.report.console import SEVERITY_STYLES, clean_line
from ropa.report.findings_json import dump_document, list_rows

SHOWN = 15
"""Findings of one status that are shown; all of them stand in the JSON."""

_TITLES: Mapping[str, str] = {
    "new": "New",
    "reopened": "Reopened",
    "fixed": "Fixed",
    "pending": "Cannot be compared",
}


def list_comparison(
    now: Previous, earlier: Sequence[Previous], frames: Mapping[str, pd.DataFrame]
) -> Iterable[Text]:
    """Return the lines that say what changed.

    Parameters
    ----------
    now : Previous
        The later audit.
    earlier : sequence of Previous
        The earlier ones.
    frames : mapping
        From `ropa.comparison.compare_snapshots`.
    """
    last = max(one.as_of for one in earlier)
    yield Text(f"From {last.isoformat()} to {now.as_of.isoformat()}", style="bold")
    yield Text(", ".join(list_counts(frames)))
    yield from list_changes(frames["changes"])
    findings = frames["findings"]
    for status, title in _TITLES.items():
        own = findings[findings["status"] == status]
        yield from _list_findings(title, frames.get(status, own))
    for one in (*earlier, now):
        yield from list_problems(one.file, one.problems)


def list_counts(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return how many findings have each status, such as ``"3 new"``."""
    counts = frames["findings"]["status"].value_counts()
    told = [f"{counts.get(one, 0)} {one}" for one in STATUSES]
    told.append(f"{len(frames['fixed'])} fixed")
    lost = len(frames["pending"])
    return [*told, f"{lost} that cannot be compared"] if lost else told


def list_changes(changes: pd.DataFrame) -> Iterable[Text]:
    """Return a line for each kind of change among the activities."""
    for change in ("added", "removed", "renamed"):
        rows = changes[changes["change"] == change]
        if len(rows):
            names = clean_line("; ".join(_name(row) for row in rows.head(SHOWN).to_dict("records")))
            more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
            yield Text(f"Activities {change}: {names}{more}")


def list_problems(file: str, problems: pd.DataFrame) -> Iterable[Text]:
    """Return a line for each cell of an earlier audit's file that could not be used."""
    for row in problems.to_dict("records"):
        where = f"{row['sheet']}!{row['cell']}" if row["sheet"] else row["cell"]
        line = f"{row['file'] or file}: {where}: {row['what']}"
        yield Text(clean_line(line), style="yellow")


def format_comparison(
    now: Previous, earlier: Sequence[Previous], frames: Mapping[str, pd.DataFrame]
) -> str:
    """Return a comparison as JSON text: the frames, and the counts of each status."""
    counts = frames["findings"]["status"].value_counts()
    document: dict[str, Any] = {
        "as_of": now.as_of.isoformat(),
        "sha256": now.sha256,
        "previous": [{"sha256": one.sha256, "as_of": one.as_of.isoformat()} for one in earlier],
        "summary": {one: int(counts.get(one, 0)) for one in STATUSES}
        | {"fixed": len(frames["fixed"]), "pending": len(frames["pending"])},
    }
    names = ("findings", "fixed", "pending", "changes")
    return dump_document(document | {name: list_rows(frames[name]) for name in names})


def _name(row: Mapping[Any, Any]) -> str:
    now = " ".join(part for part in (row["activity_id"], row["activity"]) if part)
    before = " ".join(part for part in (row["earlier_id"], row["earlier_activity"]) if part)
    return f"{before} -> {now}" if now and before else now or before


def _list_findings(title: str, rows: pd.DataFrame) -> Iterable[Text]:
    if rows.empty:
        return
    yield Text(f"\n{title} ({len(rows)})", style="bold")
    for row in rows.head(SHOWN).to_dict("records"):
        line = Text("   ")
        line.append(f"{row['severity']:<8} ", style=SEVERITY_STYLES[row["severity"]])
        who = f"{row['activity_id']}: " if row["activity_id"] else ""
        line.append(clean_line(f"{row['rule']} {who}{row['message']}"))
        line.append(clean_line(f"  {row['sheet']}!{row['cell']}"), style="dim")
        if row.get("why"):
            line.append(clean_line(f"  ({row['why']})"))
        yield line
    if len(rows) > SHOWN:
        yield Text(f"   and {len(rows) - SHOWN} more")
