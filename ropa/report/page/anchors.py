"""Where on the page each finding and each activity stands, so that one leads to the other."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ropa.attribution import name_activities
from ropa.report.page.wording import make_slug
from ropa.results import Result
from ropa.rules.case import Case

MOST_FINDINGS = 5_000
"""Findings that the page holds at most, the most severe; all of them stand in the JSON."""

MOST_ACTIVITIES = 1_000
"""Activities that have a section of their own at most, the first of the register."""

_NAMED = ("register", "label", "activity")

Activity = tuple[str, str, str]
"""What tells one activity from another in a finding: register, label and name."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """The ids of the page's elements.

    Attributes
    ----------
    findings : tuple of str
        One for each finding that the page holds, in their order: the most severe.
    activities : mapping
        One for each activity that has a section. Records that bear the same id and the same name
        share one.
    records : DataFrame
        One row a record: ``key``, ``register``, ``label``, ``activity``.
    """

    findings: tuple[str, ...]
    activities: Mapping[Activity, str]
    records: pd.DataFrame

    def count_left(self) -> int:
        """Return how many activities have no section."""
        return len(self.records.drop_duplicates(list(_NAMED))) - len(self.activities)


def name_anchors(result: Result, case: Case) -> Anchors:
    """Return the ids for an audit: the same on every run, whatever the texts hold."""
    registers = list(dict.fromkeys(result.register.frames["organisation"]["register"]))
    rows = result.frames["findings"][["register", "id"]].head(MOST_FINDINGS)
    several = len(registers) > 1
    ids = [
        f"finding-{registers.index(register) + 1}-{one}" if several else f"finding-{one}"
        for register, one in rows.itertuples(index=False, name=None)
    ]
    records = _name_records(result, case)
    activities: dict[Activity, str] = {}
    taken: set[str] = set()
    named = records[list(_NAMED)].drop_duplicates().head(MOST_ACTIVITIES)
    for register, label, activity in named.itertuples(index=False, name=None):
        slug = f"activity-{make_slug(label) or 'record'}"
        number = 2
        anchor = slug
        while anchor in taken:
            anchor, number = f"{slug}--{number}", number + 1
        taken.add(anchor)
        activities[register, label, activity] = anchor
    return Anchors(tuple(ids), activities, records)


def _name_records(result: Result, case: Case) -> pd.DataFrame:
    frame = result.register.frames["activities"]
    rows = frame[["register", "key"]].assign(table="activities", field="activity")
    named = name_activities(case, rows[["table", "key", "field"]])
    return rows[["register", "key"]].join(named[["label", "activity"]]).reset_index(drop=True)
