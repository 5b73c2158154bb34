"""DPI: processing likely to result in a high risk, and whether it was assessed.

The criteria are those of `ropa.rules.risk_criteria`. One defect is one finding: where an assessment
is missing by the criteria or by the record's own word, DPI-01 says so and DPI-02 is silent. Where
the record contradicts itself and the criteria do not settle it, DPI-02 speaks alone.
"""

import re

import pandas as pd

from ropa.phrases.matching import fold, load_matcher
from ropa.phrases.negation import find_denied
from ropa.phrases.retention_references import read_reference
from ropa.rules.case import Case, is_gap, is_stated, mentions, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.rules.risk_criteria import (
    NEEDED,
    NOT_NEEDED,
    is_assessed,
    is_done,
    judge_criteria,
    list_met,
    raise_criteria,
)

_RISK_IN = ("dpia_required", "dpia_status", "scale", "notes", "purpose", "activity")
_RISK_ALONE = ("dpia_required", "dpia_status")
"""Cells about the assessment: "high risk" without another word is about the activity there."""

_YEAR = re.compile(r"(?<![\w-])(?:19|20)[0-9]{2}(?:-[0-9]{2}){0,2}(?![\w-])")


@rule("DPI-01", roles="C", severity="high", duty="law", needs=("dpia_required",))
def no_dpia(case: Case) -> pd.DataFrame:
    """Processing that needs a data protection impact assessment, and none is done or referenced.

    Needed by Article 35(3), by an item of the authority's list, or by two criteria of WP248 of
    which one is other than sensitive data or vulnerable subjects; or the record itself says that
    it is required. "Not required" with a reason or a screening reference is good to know only,
    unless the record itself speaks of a high risk.

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
    return case.once(_find_missing)


@rule("DPI-02", roles="C", severity="medium", duty="guidance", needs=("dpia_status",))
def dpia_contradiction(case: Case) -> pd.DataFrame:
    """Find records that contradict themselves about the impact assessment.

    It is required and its state is "not required"; it is done and there is no reference; or the
    record speaks of a high risk and says that no assessment is required, or records none. Not where
    the missing assessment is itself the finding (DPI-01).

    Why it matters
    --------------
    An assessment is evidence only if it can be found, and a record that says both yes and no shows
    that nobody has decided. The supervisory authority will ask for the document.

    Remedy
    ------
    Decide whether the assessment is required and say so in every cell; give the reference of the
    assessment or of the screening.

    References
    ----------
    GDPR Art 5(2), 35(1), 35(7); WP248 rev.01.
    """
    rows = case.controller_rows
    rows = rows[~_is_spoken_for(case, rows)]
    done = is_done(rows)
    unneeded = _is_unneeded(rows)
    torn = (rows["dpia_required_answer"] == "yes") & unneeded
    lost = done & is_gap(rows, "dpia_reference", none_is_gap=True) & ~_has_reference(rows)
    denied = (rows["dpia_required_answer"] == "no") | unneeded
    risky = _find_high_risk(rows)
    unsafe = (risky != "") & ~done & ~torn & (denied | ~is_stated(rows, "dpia_reference"))
    place = risky.mask(unneeded, "dpia_status").mask(
        rows["dpia_required_answer"] == "no", "dpia_required"
    )
    message = pd.Series(
        "The record speaks of a high risk and no assessment is recorded.", rows.index
    )
    message = message.mask(
        denied, "The record speaks of a high risk and says that no assessment is required."
    )
    return join_hits(
        [
            make_hits(
                rows[torn],
                "dpia_status",
                "The record says both that an assessment is required and that it is not.",
            ),
            make_hits(
                rows[lost],
                "dpia_reference",
                "The assessment is said to be done, without reference.",
            ),
            make_hits(rows[unsafe], place[unsafe], message[unsafe]),
        ]
    )


def _find_missing(case: Case) -> pd.DataFrame:
    """Return the hits of DPI-01, each under a regime of its register."""
    rows = case.controller_rows
    rows = rows[~is_assessed(rows)]
    required = rows["dpia_required_answer"] == "yes"
    led = required & satisfies(read_column(rows, "dpia_required"), _leads_to_assessment)
    rows, required = rows[~led], required[~led]
    # "Required: yes" with the state "not required" is nobody's word; only the criteria count.
    required &= ~_is_unneeded(rows)
    reasoned = (rows["dpia_required_answer"] == "no") & is_stated(rows, "dpia_required")
    reasoned &= _find_high_risk(rows) == ""
    met = list_met(raise_criteria(case), rows["key"])
    parts = [
        _make_hits(rows[required], "The record says that an assessment is required.", "high", "law")
    ]
    for regime in ("uk", "eu"):
        found = judge_criteria(case, met, regime)
        found = found[(found["verdict"] != NOT_NEEDED) & ~required & rows[regime]]
        needed = found["verdict"] == NEEDED
        severity = needed.map({True: "high", False: "medium"}).mask(reasoned, "info")
        duty = needed.map({True: "law", False: "guidance"})
        message = "A high risk is likely and no assessment is recorded: " + found["named"] + "."
        parts.append(_make_hits(rows.loc[found.index], message, severity, duty, regime))
    return join_hits(parts)


def _make_hits(
    rows: pd.DataFrame,
    message: "str | pd.Series",
    severity: "str | pd.Series",
    duty: "str | pd.Series",
    regime: str = "",
) -> pd.DataFrame:
    field = pd.Series("dpia_required", index=rows.index)
    for asked in ("dpia_status", "dpia_reference"):  # the last of the cells that the layout has
        has = rows[f"{asked}_state"] != "absent"
        field = field.mask((rows["dpia_required_answer"] == "yes") & has, asked)
    return make_hits(rows, field, message, severity=severity, duty=duty, regime=regime)


def _is_spoken_for(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether DPI-01 speaks of it: not where its layout has no column."""
    hit = rows["key"].isin(case.once(_find_missing)["key"])
    return hit & (rows["dpia_required_state"] != "absent")


def _is_unneeded(rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether the state of its assessment is "not required"."""
    unneeded = mentions(read_column(rows, "dpia_status"), "dpia_done", codes=("unneeded",))
    return unneeded & ~is_done(rows)


def _has_reference(rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether a reference stands in a cell beside the one for it."""
    found = pd.Series(data=False, index=rows.index)
    for field in ("dpia_status", "dpia_required"):
        found |= satisfies(read_column(rows, field), _names_reference)
    return found


def _names_reference(text: str) -> bool:
    # The year in which an assessment was made does not lead to it.
    return bool(read_reference(_YEAR.sub(" ", text)))


def _leads_to_assessment(text: str) -> bool:
    """Tell whether an answer leads to an assessment by its number ("Yes, see DPIA-12")."""
    reference = read_reference(_YEAR.sub(" ", text))
    numbered = any(letter.isdigit() for letter in reference)
    return numbered and not load_matcher("undone").find(text)


def _find_high_risk(rows: pd.DataFrame) -> pd.Series:
    """Return for each activity the field that speaks of its high risk; empty where none does."""
    found = pd.Series("", index=rows.index)
    for field in _RISK_IN:
        read = _states_risk if field in _RISK_ALONE else _states_risk_in_full
        said = satisfies(read_column(rows, field), read, holding=[load_matcher("high_risk")])
        found = found.mask((found == "") & said, field)
    return found


def _states_risk(text: str) -> bool:
    return _affirms_risk(text, {"high", "bare"})


def _states_risk_in_full(text: str) -> bool:
    return _affirms_risk(text, {"high"})


def _affirms_risk(text: str, codes: set[str]) -> bool:
    folded = fold(text)
    terms = [term for term in load_matcher("high_risk").find(folded) if term.code in codes]
    asked = {term for term in terms if folded[term.end :].lstrip().startswith("?")}
    return bool(set(terms) - asked - find_denied(folded, terms))
