"""GOV: whether the record is kept up: reviewed, and without cells that nobody can read."""

import pandas as pd

from ropa.phrases.states import find_placeholder
from ropa.register import read_cells
from ropa.rules.case import Case, is_gap, map_texts
from ropa.rules.catalogue import rule
from ropa.rules.citations import stale_citation
from ropa.rules.copied_texts import copied_text
from ropa.rules.duplicates import duplicate_activity, find_same_ids
from ropa.rules.event_dates import FIRST_DAY, impossible_date
from ropa.rules.hits import join_hits, make_hits, skip_rows
from ropa.rules.placeholders import placeholder_left
from ropa.rules.written_cells import list_written_rows, name_subjects

__all__ = [
    "copied_text",
    "duplicate_activity",
    "impossible_date",
    "no_owner",
    "placeholder_left",
    "review_overdue",
    "stale_citation",
    "unreadable_cell",
]

_TABLE = "organisation"
_ABSENT = "absent"


@rule("GOV-01", roles="CPR", severity="medium", duty="guidance")
def review_overdue(case: Case) -> pd.DataFrame:
    """Find activities and registers whose last review is longer ago than the review period.

    The date of the register stands for activities without a date of their own. Where there is no
    date at all, this is said once for the register. A date that cannot be read, that has a
    placeholder in it or that lies before 1995 is no missing review: the cell itself is reported.

    Why it matters
    --------------
    Processing changes faster than records. A record that nobody has confirmed within the year
    cannot show that the organisation complies.

    Remedy
    ------
    Review the activity with its owner, correct the record, and write the date of the review.

    References
    ----------
    GDPR Art 5(2), 24(1), 30(4).
    """
    since = pd.Timestamp(case.as_of) - pd.DateOffset(months=case.review_months)
    limit = f"more than {case.review_months} months before {case.as_of.isoformat()}"
    organisation, rows = case.organisation, case.activities
    missing = _is_missing(rows, "last_reviewed")
    overdue = rows[_is_before(rows["last_reviewed_on"], since)]
    days = overdue["last_reviewed_on"].dt.strftime("%Y-%m-%d")
    hits = [make_hits(overdue, "last_reviewed", "Last reviewed on " + days + f", {limit}.")]

    undated = organisation[_is_missing(organisation, "register_date")]
    silent = ~undated["register"].isin(rows.loc[~missing, "register"].unique())
    silent &= undated["register"].isin(rows["register"].unique())
    loose = rows[is_gap(rows, "last_reviewed", none_is_gap=True)]
    loose = loose[loose["register"].isin(undated.loc[~silent, "register"])]
    message = "No review is recorded, neither of this activity nor of the whole register."
    hits += [make_hits(loose, "last_reviewed", message), _hit_silent(undated[silent], rows)]

    old = organisation[_is_before(organisation["register_date_on"], since)]
    stands = old["register"].isin(rows.loc[missing, "register"].unique())
    old = old[stands | ~old["register"].isin(rows["register"].unique())]
    days = old["register_date_on"].dt.strftime("%Y-%m-%d")
    message = "The register was last confirmed on " + days + f", {limit}."
    return join_hits([*hits, make_hits(old, "register_date", message, table=_TABLE)])


def _is_before(days: pd.Series, since: pd.Timestamp) -> pd.Series:
    return (days < since) & (days >= FIRST_DAY)


def _is_missing(rows: pd.DataFrame, field: str) -> pd.Series:
    return is_gap(rows, field, none_is_gap=True) | (rows[f"{field}_state"] == _ABSENT)


def _hit_silent(registers: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return one hit for each register without any date, where its layout asks for one."""
    asked = rows.loc[rows["last_reviewed_state"] != _ABSENT, "register"].unique()
    open_ones = registers["register"].isin(asked) | (registers["register_date_state"] != _ABSENT)
    message = "No review is recorded, neither of any activity nor of the whole register."
    return join_hits(
        [
            make_hits(registers[open_ones], "register_date", message, table=_TABLE),
            skip_rows(registers[~open_ones], "the layout has no column for reviews", table=_TABLE),
        ]
    )


@rule("GOV-04", roles="CP", severity="low", duty="guidance", needs=("owner",))
def no_owner(case: Case) -> pd.DataFrame:
    """Find activities without an owner: the cell is blank, a placeholder or "None".

    Why it matters
    --------------
    Nobody answers for the activity. Its record is not reviewed, and requests, breaches and changes
    reach nobody who knows it.

    Remedy
    ------
    Name the role that answers for the activity, such as Head of human resources.

    References
    ----------
    GDPR Art 5(2), 24(1).
    """
    rows = case.activities
    rows = rows[is_gap(rows, "owner", none_is_gap=True)]
    return make_hits(rows, "owner", "No owner of the activity is recorded.")


@rule("GOV-08", roles="CPR", severity="medium", duty="guidance")
def unreadable_cell(case: Case) -> pd.DataFrame:
    """Find cells that hold an error value, or text that cannot be read where a value is needed.

    Not where a placeholder was left in the cell (GOV-02). Dates that cannot be read are reported
    by GOV-06, unless the cell holds an error value. Rows under an ID that several activities bear
    are not reported where the activities themselves are (GOV-05).

    Why it matters
    --------------
    What cannot be read cannot be judged: other rules leave such a cell alone, so that a defect may
    hide behind it.

    Remedy
    ------
    Mend the formula or write the value in plain words, as the sheet Vocabulary offers them.

    References
    ----------
    GDPR Art 5(2), 30(3), 30(4).
    """
    issues = case.register.frames["issues"]
    tables = list_written_rows(case)
    parts = []
    for table, found in issues.groupby("table", sort=True):
        rows = tables[str(table)].set_index("key")
        kept = found[found["key"].isin(rows.index) | _is_orphan(case, found)]
        texts = read_cells(case.register, kept)
        kept = kept[(map_texts(texts, find_placeholder) == "") & ~_is_doubled(case, kept)]
        hint = kept["hint"].where(kept["hint"] == "", " (" + kept["hint"] + ")")
        message = "The cell cannot be read: " + kept["problem"] + hint + "."
        subjects = name_subjects(str(table), rows).reindex(kept["key"]).fillna("").array
        hits = make_hits(kept, kept["field"], message, table=str(table), subject=subjects)
        parts.append(hits.assign(part=kept["part"].to_numpy()))
    return join_hits(parts)


def _is_doubled(case: Case, issues: pd.DataFrame) -> pd.Series:
    """Tell for each issue whether it is about an ID that several activities bear by mistake."""
    first = find_same_ids(case)
    doubled = pd.Series(data=False, index=issues.index)
    for table in ("data_items", "recipients"):
        rows = case.register.frames[table]
        keys = rows.loc[rows["activity_key"].isin(first), "key"]
        doubled |= (issues["table"] == table) & issues["key"].isin(keys)
    return doubled & (issues["field"] == "activity_id")


def _is_orphan(case: Case, issues: pd.DataFrame) -> pd.Series:
    """Tell for each issue whether its row refers to an activity that does not exist."""
    orphans = pd.Series(data=False, index=issues.index)
    for table in ("data_items", "recipients"):
        rows = case.register.frames[table]
        keys = rows.loc[rows["activity_key"] < 0, "key"]
        orphans |= (issues["table"] == table) & issues["key"].isin(keys)
    return orphans
