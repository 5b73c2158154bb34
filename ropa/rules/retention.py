"""Retention: until when data are kept, and whether that can be known.

Each cell that holds a time limit is judged once (`ropa.rules.retention_cells`). What it says was
read with the register (`ropa.phrases.retention`); a text that could not be read is GOV-08's.
"""

import pandas as pd

from ropa.rules.case import Case, mentions, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.rules.retention_cells import FIELD, is_given, is_missing, list_cells
from ropa.rules.retention_comparisons import blanket_retention, conflicting_retention
from ropa.rules.statutory_periods import above_statutory_ceiling, below_statutory_floor

__all__ = [
    "above_statutory_ceiling",
    "below_statutory_floor",
    "blanket_retention",
    "circular_retention",
    "conflicting_retention",
    "no_retention_period",
    "open_ended_retention",
    "retention_elsewhere",
    "unlimited_retention",
]


@rule("RET-01", roles="CP", severity="high", duty="record", processor_duty="guidance")
def no_retention_period(case: Case) -> pd.DataFrame:
    """No time limit for erasure is stated, neither for the activity nor for its data categories.

    A processor's record need not hold one: there it is for information.

    Why it matters
    --------------
    A controller records, where possible, until when each category of data is kept. Without a
    time limit nobody erases anything, and people cannot be told how long their data are held.

    Remedy
    ------
    State for each data category a period and the event from which it runs, such as "6 years after
    the contract ends".

    References
    ----------
    GDPR Art 30(1)(f), 5(1)(e) and, for processors, 28(3)(g); recital 39.
    """
    # No field is needed: a register may state all its time limits in the sheet of data items.
    activities, items = case.activities, case.data_items
    owning = items.loc[(items["origin"] == "sheet") & is_given(items), "activity_key"]
    bare = activities[~activities["key"].isin(owning)]
    lacking = bare[(bare["retention_state"] == "absent") & ~bare["processor"]]
    lacking = lacking.drop_duplicates("register").assign(key=-1)
    bare = bare[is_missing(bare)]
    return join_hits(
        (
            make_hits(lacking, FIELD, "The layout has no column for 'Retention'."),
            make_hits(bare, FIELD, "No time limit is stated.", severity=_grade(bare)),
            _hit_items(case, owning),
        )
    )


def _hit_items(case: Case, owning: pd.Series) -> pd.DataFrame:
    """Return hits on the data items that are left without a limit where something else has one."""
    activities, items = case.activities, case.data_items
    filled = activities.loc[is_given(activities), "key"]
    missing = items[(items["origin"] == "sheet") & is_missing(items)]
    fallback = missing["activity_key"].isin(filled)
    # A blank cell falls back on the activity's; "None" and "TBC" are said of the category itself.
    explicit = (missing["retention_state"] != "blank") & fallback
    left = missing[explicit | (missing["activity_key"].isin(owning) & ~fallback)]
    return make_hits(
        left,
        FIELD,
        "No time limit is stated for this data category.",
        table="data_items",
        subject=left["data_category"],
        severity=_grade(left),
    )


def _grade(rows: pd.DataFrame) -> pd.Series:
    return rows["processor"].map({True: "info", False: ""})


def _hit_cells(cells: pd.DataFrame, message: str, severity: "str | pd.Series" = "") -> pd.DataFrame:
    cells = cells.assign(severity=severity)
    return join_hits(
        make_hits(
            rows,
            FIELD,
            message,
            table=str(table),
            subject=rows["subject"],
            severity=rows["severity"],
        )
        for table, rows in cells.groupby("table", sort=False)
    )


@rule("RET-02", roles="CP", severity="medium", duty="record")
def circular_retention(case: Case) -> pd.DataFrame:
    """The time limit is circular: it names no period, no event and no law.

    "As long as necessary", "business need", "as required by law". Such words beside a period do no
    harm.

    Why it matters
    --------------
    Keeping data no longer than necessary is the rule itself. The record must say how long that
    is, so that somebody can tell on a given day whether the data should be gone.

    Remedy
    ------
    Replace the words with a period and the event from which it runs, or with the section of the
    law that fixes the period.

    References
    ----------
    GDPR Art 30(1)(f) and 5(1)(e); recital 39; Guidelines on transparency WP260 rev.01, annex.
    """
    cells = list_cells(case)
    message = "The words set no time limit that can be checked on a given day."
    return _hit_cells(cells[cells["retention_kind"] == "circular"], message)


@rule("RET-03", roles="CP", severity="medium", duty="record")
def open_ended_retention(case: Case) -> pd.DataFrame:
    """The time limit waits for an event that may never come, and there is no maximum.

    "While the enquiry is live"; "not kept unless you enquire", which leaves open how long after an
    enquiry. An end that comes for certain, such as the end of a contract or unsubscribing, is a
    time limit.

    Why it matters
    --------------
    Where nothing happens, the data stay for ever, and nobody is prompted to look.

    Remedy
    ------
    Add a maximum that applies when the event does not come, such as "at the latest 12 months after
    the last contact".

    References
    ----------
    GDPR Art 30(1)(f) and 5(1)(e); recital 39.
    """
    cells = list_cells(case)
    chosen = (cells["retention_kind"] == "event") & cells["retention_open_ended"]
    message = "The event that ends the retention may never come, and no maximum is stated."
    return _hit_cells(cells[chosen], message)


@rule("RET-04", roles="CP", severity="high", duty="record")
def unlimited_retention(case: Case) -> pd.DataFrame:
    """The data are kept without any limit.

    "Indefinitely", "for ever", "never deleted". Milder where archiving in the public interest is
    stated, which allows longer storage with safeguards.

    Why it matters
    --------------
    Personal data that identify people may be kept no longer than the purpose needs. Only
    archiving in the public interest, research and statistics may go on longer.

    Remedy
    ------
    State a period, or anonymise the data at a stated time; for archiving name the task and the
    safeguards under Article 89(1).

    References
    ----------
    GDPR Art 5(1)(e), 30(1)(f) and 89(1).
    """
    cells = list_cells(case)
    cells = cells[cells["retention_kind"] == "unlimited"]
    milder = cells["retention_archiving"].map({True: "low", False: ""})
    return _hit_cells(cells, "The data are kept without any limit.", milder)


@rule("RET-05", roles="CP", severity="medium", duty="record")
def retention_elsewhere(case: Case) -> pd.DataFrame:
    """The time limit is said to stand in another document that cannot be followed.

    "In accordance with our retention schedule" without an identifier, a section or a link. That a
    processor keeps data as the controller instructs is an answer.

    Why it matters
    --------------
    The record may point to a schedule, but whoever reads it must find the line that applies.

    Remedy
    ------
    Give the identifier and the line of the schedule or a link to it, or copy the period into the
    record.

    References
    ----------
    GDPR Art 30(1)(f) and 30(3); ICO, How do we document our processing activities.
    """
    cells = list_cells(case)
    cells = cells[(cells["retention_kind"] == "elsewhere") & (cells["retention_reference"] == "")]
    instructed = cells["processor"] & mentions(
        read_column(cells, "retention"), "controller_decides"
    )
    message = "The time limit is said to stand elsewhere, without an identifier or a link."
    return _hit_cells(cells[~instructed], message)
