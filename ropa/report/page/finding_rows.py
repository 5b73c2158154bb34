"""The findings as the page's table shows them, and what its filters offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ropa.findings import DUTIES, SEVERITIES, STATUSES
from ropa.report.defects import name_defect
from ropa.report.findings_json import list_rows
from ropa.report.page.anchors import Anchors
from ropa.report.page.wording import DUTY_NAMES, REGIMES, format_date, name_place
from ropa.results import Result
from ropa.rules.catalogue import FAMILY_NAMES


@dataclass(frozen=True, slots=True)
class Findings:
    """The table of findings.

    Attributes
    ----------
    rows : tuple of mapping
        One a finding, the most severe first.
    left : int
        Findings that are left out, the least severe.
    choices : mapping
        Column to what its filter offers: each value with its words. A filter that could not tell
        anything apart is left out.
    """

    rows: tuple[dict[str, Any], ...]
    left: int
    choices: Mapping[str, tuple[tuple[str, str], ...]]


def list_findings(result: Result, anchors: Anchors) -> Findings:
    """Return the findings of an audit."""
    frame = result.frames["findings"]
    shown = frame.head(len(anchors.findings))
    files = len(result.register.inputs) > 1
    several = len(result.register.frames["organisation"]) > 1
    rows = tuple(
        {
            **row,
            "anchor": anchors.findings[at],
            "order": at,
            "rank": SEVERITIES.index(row["severity"]),
            "family": row["rule"][:3],
            "title": name_defect(row["name"]),
            "place": name_place(row, files=files),
            "target": anchors.activities.get((row["register"], row["activity_id"], row["activity"]))
            if row["activity_id"]
            else None,
            "register": row["register"] if several else "",
            "regime": REGIMES.get(row["regime"], row["regime"]),
            "duty_name": DUTY_NAMES[row["duty"]],
            "due": format_date(row["due"]),
        }
        for at, row in enumerate(list_rows(shown))
    )
    return Findings(rows, len(frame) - len(shown), _list_choices(rows))


def _list_choices(rows: tuple[dict[str, Any], ...]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    families = {one: f"{one} {name}" for one, name in FAMILY_NAMES.items()}
    known: dict[str, dict[str, str]] = {
        "severity": {one: one for one in SEVERITIES},
        "family": families,
        "status": {one: one for one in STATUSES},
        "duty": {one: f"{one}: {DUTY_NAMES[one]}" for one in DUTIES},
    }
    present = {column: {row[column] for row in rows} for column in known}
    return {
        column: tuple((one, words) for one, words in values.items() if one in present[column])
        for column, values in known.items()
    }
