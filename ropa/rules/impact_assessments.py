"""Impact assessments: processing likely to result in a high risk, and whether it was assessed.

Screening finds the criteria of the law tables (``dpia_triggers``) in what the record says. Each
criterion is one mask over the activities.
"""

from collections.abc import Mapping

import pandas as pd

from ropa.phrases.states import read_answer
from ropa.rules.case import Case, is_stated, map_texts, mentions
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits

_TEXTS = ("activity", "purpose", "data_categories", "scale", "location", "notes")
_VULNERABLE = ("employee", "child", "patient", "vulnerable")
_PASSIVE = ("sensitive_data", "vulnerable_subjects")
"""Criteria that together are not enough: one other is needed."""


@rule("DPI-01", roles="C", severity="high", duty="law", needs=("dpia_required",))
def no_dpia(case: Case) -> pd.DataFrame:
    """Processing that needs a data protection impact assessment, and none is done or referenced.

    Needed by Article 35(3), by an item of the authority's list, or by two criteria of WP248 of
    which one is other than sensitive data or vulnerable subjects; or the record itself says that
    it is required. "Not required" with a reason or a screening reference is good to know only.

    Why it matters
    --------------
    Where a high risk is likely the assessment comes before the processing starts. Without it
    nobody has shown that the risk was seen and reduced.

    Remedy
    ------
    Carry out the assessment and give its reference and state; where it is not needed, give the
    screening reference and the reason.

    References
    ----------
    GDPR Art 35(1), (3) and (4); WP248 rev.01; ICO, Examples of processing likely to result in
    high risk.
    """
    rows = case.controller_rows
    done = mentions(rows["dpia_status"], "dpia_done", codes=("done",))
    rows = rows[~done & ~is_stated(rows, "dpia_reference")]
    required = rows["dpia_required_answer"] == "yes"
    reasoned = (rows["dpia_required_answer"] == "no") & is_stated(rows, "dpia_required")
    criteria = screen(case, rows)
    parts = [
        _make_hits(rows[required], "The record says that an assessment is required.", "high", "law")
    ]
    for regime in ("uk", "eu"):
        found = _judge(case, criteria, regime)
        found = found[(found["severity"] != "") & ~required]
        severity = found["severity"].mask(reasoned, "info")
        chosen = rows.loc[found.index]
        parts.append(_make_hits(chosen, found["message"], severity, found["duty"], regime))
    return join_hits(parts)


def _make_hits(
    rows: pd.DataFrame,
    message: "str | pd.Series",
    severity: "str | pd.Series",
    duty: "str | pd.Series",
    regime: str = "",
) -> pd.DataFrame:
    field = pd.Series("dpia_required", index=rows.index)
    field = field.mask(rows["dpia_required_answer"] == "yes", "dpia_reference")
    return make_hits(rows, field, message, severity=severity, duty=duty, regime=regime)


def screen(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the criteria that each activity meets.

    Returns
    -------
    DataFrame
        One column of booleans a criterion, named as in the law table ``dpia_triggers``, with the
        index of `rows`.
    """
    said = {code: _says(rows, code) for code in _SAID}
    special = case.has_term(rows, "data_categories", "special:")
    special |= _holds_special(case, rows)
    criminal = case.has_term(rows, "data_categories", "criminal")
    automated = is_stated(rows, "automated_decisions")
    automated &= map_texts(rows["automated_decisions"], read_answer) != "no"
    vulnerable = case.has_term(rows, "data_subjects", _VULNERABLE)
    vulnerable |= map_texts(rows["vulnerable_subjects"], read_answer) == "yes"
    children = case.has_term(rows, "data_subjects", "child")
    sensitive = special | criminal
    large = said["large_scale"]
    return pd.DataFrame(
        {
            "35(3)(a)": said["evaluation"] & automated,
            "35(3)(b)": sensitive & large,
            "35(3)(c)": said["monitoring"] & said["public_area"] & large,
            "evaluation": said["evaluation"],
            "automated_decision": automated,
            "monitoring": said["monitoring"] | said["tracking"],
            "sensitive_data": sensitive,
            "large_scale": large,
            "matching": said["matching"],
            "vulnerable_subjects": vulnerable,
            "innovation": said["innovation"],
            "denial": said["denial"],
            "ico_innovation": said["innovation"],
            "ico_denial": said["denial"] & (automated | special),
            "ico_profiling": said["evaluation"] & large,
            "ico_biometric": case.has_term(rows, "data_categories", "special:biometric"),
            "ico_genetic": case.has_term(rows, "data_categories", "special:genetic"),
            "ico_matching": said["matching"],
            "ico_tracking": said["tracking"],
            "ico_targeting": children & (said["evaluation"] | automated),
        }
    )


_SAID = (
    "evaluation",
    "monitoring",
    "large_scale",
    "matching",
    "innovation",
    "denial",
    "public_area",
    "tracking",
)
"""Criteria that the words of the record say (vocabulary ``dpia_criterion``)."""

_SAME: Mapping[str, tuple[str, ...]] = {
    "ico_innovation": ("innovation",),
    "ico_biometric": ("sensitive_data", "innovation"),
    "ico_genetic": ("sensitive_data",),
    "ico_tracking": ("monitoring",),
}
"""Items of the list that need another criterion, and the criteria that only repeat them."""


def _says(rows: pd.DataFrame, code: str) -> pd.Series:
    found = pd.Series(data=False, index=rows.index)
    for field in _TEXTS:
        found |= mentions(rows[field], "dpia_criterion", codes=(code,))
    return found


def _holds_special(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether one of its data items is special category data."""
    items = case.data_items
    special = case.has_term(items, "data_category", "special:", table="data_items")
    special |= items["special_category_answer"] == "yes"
    return rows["key"].isin(items.loc[special, "activity_key"])


def _judge(case: Case, criteria: pd.DataFrame, regime: str) -> pd.DataFrame:
    """Return severity, duty and message of each activity under one regime; empty where none."""
    table = case.law.find_rows("dpia_triggers", regime, case.as_of)
    names = {row["criterion"]: row["trigger"] for row in table}
    two = criteria[[row["criterion"] for row in table if row["counts"] == "two"]]
    demanded = pd.Series(data=False, index=criteria.index)
    named = pd.Series("", index=criteria.index)
    for row in table:
        name = row["criterion"]
        if name not in criteria or row["counts"] == "two":
            continue
        met = criteria[name]
        if row["counts"] != "alone":
            met = met & two.drop(columns=list(_SAME[name])).any(axis=1)
        demanded |= met
        named = named.where(~met, named + "; " + names[name])
    suggested = (two.sum(axis=1) > 1) & two.drop(columns=list(_PASSIVE)).any(axis=1) & ~demanded
    for name in two.columns:
        named = named.where(~(suggested & two[name]), named + "; " + names[name])
    severity = pd.Series("", index=criteria.index).mask(suggested, "medium").mask(demanded, "high")
    duty = pd.Series("guidance", index=criteria.index).mask(demanded, "law")
    message = "A high risk is likely and no assessment is recorded: " + named.str.removeprefix("; ")
    return pd.DataFrame({"severity": severity, "duty": duty, "message": message + "."})
