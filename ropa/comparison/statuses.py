"""The status of each finding since earlier audits, and why one that is gone may not be fixed."""

from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from ropa.previous import Previous

FIXED: Final = "fixed"
UNJUDGED: Final = "not evaluated"
WAIVED: Final = "waived"
NEW: Final = "new"
PERSISTING: Final = "persisting"
REOPENED: Final = "reopened"

GONE: Final = "the activity is no longer in the register"
DORMANT: Final = "the activity is ended or only proposed"

_REGIMES = {"uk": "UK GDPR", "eu": "EU GDPR"}


def find_statuses(ids: pd.Series, last: pd.Series, pairs: pd.DataFrame, since: str) -> pd.Series:
    """Return the status of each finding of this audit.

    Parameters
    ----------
    ids : Series
        Finding ids.
    last : Series
        Finding id to its status at the last audit that names it.
    pairs : DataFrame
        Waivers and the findings that they are about (`ropa.comparison.waivers.match_waivers`).
    since : str
        Date (ISO 8601) of the audit before this one; empty without one.

    Returns
    -------
    Series
        ``waived`` under a waiver in force. Else ``reopened`` where it was fixed or waived at the
        last audit that names it, or a waiver has run out since; ``persisting`` where such an audit
        names it; ``new`` otherwise.
    """
    places = pd.Series(range(len(ids)), index=ids.index)
    before = ids.map(last)
    lapsed = pairs[~pairs["live"]]
    recent = places.isin(lapsed.loc[lapsed["expiry"] >= since, "finding"])
    unknown = places.isin(lapsed["finding"]) & before.isna()
    status = pd.Series(NEW, index=ids.index, dtype="str").mask(before.notna(), PERSISTING)
    status = status.mask(before.isin((FIXED, WAIVED)) | recent | unknown, REOPENED)
    return status.mask(places.isin(pairs.loc[pairs["live"], "finding"]), WAIVED)


def explain_absence(lost: pd.DataFrame, now: "Previous", activities: pd.DataFrame) -> pd.Series:
    """Say of each earlier finding that is not found now why that does not mean fixed.

    Parameters
    ----------
    lost : DataFrame
        Earlier findings, the columns of `ropa.findings.COLUMNS`.
    now : Previous
        This audit.
    activities : DataFrame
        The activities of both audits (`ropa.comparison.activities.match_activities`); empty where
        they are not known.

    Returns
    -------
    Series
        Empty where the rule was evaluated on the activity: the finding is fixed.
    """
    why = pd.Series("", index=lost.index, dtype="str")
    labels = _find_labels(lost, activities)
    for regime, name in _REGIMES.items():
        if now.regime not in ("", "both", regime):
            why = why.mask(lost["regime"] == regime, f"not judged under the {name}")
    unjudged = now.not_evaluated.drop_duplicates(["rule", "activity_id"])
    reasons: pd.Series[str] = unjudged.set_index(["rule", "activity_id"])["why"]
    for wanted in (labels, pd.Series("", index=lost.index)):
        keys = pd.MultiIndex.from_arrays([lost["rule"], wanted.fillna("")])
        found = reasons.reindex(keys).set_axis(lost.index).astype("object")
        why = why.mask(found.notna(), found)
    if now.rules:
        ran = lost["rule"].isin(now.rules) | (why != "")
        why = why.mask(~ran, "the rule was not run")
    if len(activities):
        dormant = now.activities.loc[now.activities["live"] == "", "activity_id"]
        why = why.mask(labels.isin(dormant) & (lost["activity_id"] != ""), DORMANT)
        why = why.mask(labels.isna(), GONE)
    return why


def _find_labels(lost: pd.DataFrame, activities: pd.DataFrame) -> pd.Series:
    """Return the id that each finding's activity bears now; missing where it is gone."""
    here = activities[activities["change"] != "added"]
    here = here.assign(label=here["activity_id"].where(here["change"] != "removed"))
    single = here[~here["earlier_id"].duplicated(keep=False)].set_index("earlier_id")["label"]
    several = here[here["earlier_id"].duplicated(keep=False)]
    several = several.drop_duplicates(["earlier_id", "earlier_activity"])
    named = several.set_index(["earlier_id", "earlier_activity"])["label"]
    keys = pd.MultiIndex.from_arrays([lost["activity_id"], lost["activity"]])
    labels = lost["activity_id"].map(single)
    labels = labels.where(labels.notna(), named.reindex(keys).set_axis(lost.index))
    return labels.where(lost["activity_id"] != "", "")
