"""The audit: every rule on a register, as the law stood on a date."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pandas as pd

from ropa.attribution import make_findings, name_activities
from ropa.evaluation import evaluate_rule, list_unsettled
from ropa.lawbook import Law, load_law
from ropa.policy import Policy
from ropa.register import Register
from ropa.results import NOT_EVALUATED_COLUMNS, Result, make_frames
from ropa.rules.case import Case
from ropa.rules.catalogue import Rule, list_rules
from ropa.rules.hits import NOT_EVALUATED, join_hits
from ropa.rules.requirements import required_field_blank

_ORGANISATION = "organisation"


def audit_register(
    register: Register,
    *,
    as_of: date,
    regime: str | None = None,
    rules: Sequence[Rule] | None = None,
    law: Law | None = None,
    policy: Policy | None = None,
) -> Result:
    """Audit a register, or several at once, as the law stood on a date.

    Parameters
    ----------
    register : Register
        The register. Several in one give the same findings as one by one.
    as_of : date
        The date on which everything is judged.
    regime : {"uk", "eu", "both"}, optional
        Instead of what the register says.
    rules : sequence of Rule, optional
        Only these; all of the catalogue by default.
    law : Law, optional
        Other law tables.
    policy : Policy, optional
        Severities, rules that are off, months of review, required fields. Its waivers are a
        matter of `ropa.comparison`.

    Returns
    -------
    Result
        Findings sorted by severity, rule, file, sheet, row and column.
    """
    register = _set_regime(register, regime)
    law, policy = law or load_law(), policy or Policy()
    asked = tuple(rules) if rules is not None else list_rules()
    chosen = tuple(one for one in asked if one.code not in policy.off)
    if policy.required and required_field_blank.code not in policy.off:
        chosen = (*chosen, required_field_blank)
    case = Case(register, as_of, law, policy)
    hits = []
    skipped = _list_off(register, asked, policy)
    for one in chosen:
        found, unjudged = evaluate_rule(one, case)
        if len(found):
            hits.append(found.assign(rule=one.code))
        skipped += [(name, one.code, why) for name, why in unjudged.items()]
    found = pd.concat(hits or [join_hits([]).assign(rule="")], ignore_index=True)
    found = _spare_unsettled(case, _spare_repeated(found))
    open_rows = found["severity"] == NOT_EVALUATED
    unjudged_rows = _sort_unjudged(skipped, _list_unjudged(case, found[open_rows]))
    found = _set_severity(found[~open_rows].reset_index(drop=True), policy)
    frames = make_frames(make_findings(found, case, chosen), unjudged_rows)
    return Result(register, as_of, law, chosen, frames, policy, seen=case)


Skipped = list[tuple[str, str, str]]
"""A register, the rule that was not evaluated in it as a whole, and why."""


def _list_off(register: Register, rules: Sequence[Rule], policy: Policy) -> Skipped:
    """Say of each register which rules its policy has switched off."""
    why = "switched off by the policy"
    names = register.frames[_ORGANISATION]["register"]
    off = [one.code for one in rules if one.code in policy.off]
    return [(name, code, why) for name in names for code in off]


def _set_severity(found: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Replace the severities that the policy sets, whatever the rule says of a single case."""
    wanted = found["rule"].map(dict(policy.severity))
    return found.assign(severity=wanted.where(wanted.notna(), found["severity"]))


def _spare_repeated(found: pd.DataFrame) -> pd.DataFrame:
    """Drop what the policy requires of a field that a rule of the catalogue already names."""
    required = found["rule"] == required_field_blank.code
    if not required.any():
        return found
    cell = ["register", "table", "key", "field"]
    told = found.loc[~required & (found["severity"] != NOT_EVALUATED), cell].drop_duplicates()
    repeated = found[cell].merge(told, how="left", on=cell, indicator=True)["_merge"] == "both"
    return found[~(required & repeated.to_numpy())].reset_index(drop=True)


def _spare_unsettled(case: Case, found: pd.DataFrame) -> pd.DataFrame:
    """Turn hits on a missing column into what could not be judged, where a heading may be it."""
    unsettled = case.once(list_unsettled)
    if not unsettled:
        return found
    lacking = found[found["key"] < 0]
    places = zip(lacking["register"], lacking["table"], lacking["field"], strict=True)
    why = pd.Series([unsettled.get(one) for one in places], lacking.index, dtype="str").dropna()
    spared = found.index.isin(why.index)
    return found.assign(
        severity=found["severity"].mask(spared, NOT_EVALUATED),
        message=found["message"].mask(spared, why.reindex(found.index)),
    )


def _set_regime(register: Register, regime: str | None) -> Register:
    if regime is None:
        return register
    rows = register.frames[_ORGANISATION]
    fixed = rows.assign(
        regimes_uk=regime in ("uk", "both"), regimes_eu=regime in ("eu", "both")
    ).assign(regimes_from="regimes")
    frames = dict(register.frames) | {_ORGANISATION: fixed}
    return replace(register, frames=MappingProxyType(frames))


def _sort_unjudged(skipped: Skipped, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what was not evaluated in whole registers and on single activities, in order."""
    wholly = pd.DataFrame(skipped, columns=["register", "rule", "why"]).assign(activity_id="")
    both = pd.concat([wholly, rows], ignore_index=True)
    both = both[["register", *NOT_EVALUATED_COLUMNS]].drop_duplicates()
    order = ["rule", "register", "activity_id", "why"]
    return both.sort_values(order, kind="stable", ignore_index=True).astype("str")


def _list_unjudged(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    labels = name_activities(case, rows)["label"]
    return rows[["register", "rule"]].assign(activity_id=labels, why=rows["message"])
