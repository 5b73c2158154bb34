"""One rule on a case: its hits, and where it could not be judged, with why.

A rule is not judged where its provision was not law on the date, where a register's layout lacks
what it needs, and where the rule itself breaks off: a fault of this package, which must neither
end an audit nor pass unseen.
"""

import warnings

import pandas as pd

from ropa.attribution import REGIMES, find_provisions
from ropa.errors import RuleFailedWarning, describe_fault
from ropa.rules.case import Case
from ropa.rules.catalogue import Rule
from ropa.rules.hits import HIT_COLUMNS, join_hits
from ropa.schema import read_fields

FAILED = "the rule broke off by a fault of ropa"
"""How the reason begins where a rule broke off."""

_ORGANISATION = "organisation"


def evaluate_rule(rule: Rule, case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a rule's hits, and the registers in which it could not be evaluated.

    Returns
    -------
    hits : DataFrame
        The columns of `ropa.rules.hits.HIT_COLUMNS`.
    unjudged : DataFrame
        One row a register: ``register``, ``activity_id`` (empty) and ``why``.

    Warns
    -----
    RuleFailedWarning
        The rule broke off: a mistake of this package.
    """
    provisions = find_provisions([rule], case)
    in_force = [one for one in REGIMES if provisions[rule.code, one, ""]]
    scope = _list_scope(rule, case)
    if not in_force:
        return join_hits([]), _list_before_law(rule, case, scope)
    applied = scope[scope[in_force].any(axis=1)]
    if applied.empty:
        return join_hits([]), _make_unjudged([], "")
    hits, why = find_hits(rule, case)
    if why:
        return hits, _make_unjudged(applied["register"], why)
    lacking = list_lacking(rule, case, applied)
    judged = applied.loc[~applied["register"].isin(lacking.index), "register"]
    hits = hits[hits["register"].isin(judged)]
    if rule.duty == "record":
        return join_hits([hits, _hit_lacking(rule, lacking)]), _make_unjudged([], "")
    return hits, _make_unjudged(lacking.index, lacking.to_numpy())


def find_hits(rule: Rule, case: Case) -> tuple[pd.DataFrame, str]:
    """Return a rule's hits; none and the reason where the rule broke off."""
    try:
        return case.once(rule.evaluate), ""
    except Exception as error:  # noqa: BLE001 - whatever it is, the other rules go on
        why = f"{FAILED} ({describe_fault(error)})"
    warnings.warn(f"{rule.code}: {why}: please report it", RuleFailedWarning, stacklevel=2)
    return join_hits([]), f"{why}: please report it"


def _make_unjudged(registers: object, why: object) -> pd.DataFrame:
    return pd.DataFrame({"register": registers, "activity_id": "", "why": why}, dtype="str")


def _list_scope(rule: Rule, case: Case) -> pd.DataFrame:
    """Return the registers that hold records a rule is about: ``register``, ``uk``, ``eu``."""
    rows = case.organisation[["register", "uk", "eu"]]
    if "R" in rule.roles:
        return rows
    held = {"C": case.controller_registers, "P": case.processor_registers}
    registers = frozenset().union(*(held[role] for role in rule.roles))
    return rows[rows["register"].isin(registers)]


def _list_before_law(rule: Rule, case: Case, scope: pd.DataFrame) -> pd.DataFrame:
    """Say that a rule's provision was not law on the date, where it is law on another."""
    rows = [row for row in case.law.rows("provisions") if row["rule"] == rule.code]
    regimes = [one for one in REGIMES if any(row["regime"] == one for row in rows)]
    registers = scope[scope[regimes].any(axis=1)]["register"]
    return _make_unjudged(registers, f"no such provision was in force on {case.as_of.isoformat()}")


def list_lacking(rule: Rule, case: Case, scope: pd.DataFrame) -> pd.Series:
    """Return the registers whose layout lacks a field that the rule needs: register to why."""
    offsets = case.register.frames["offsets"]
    labels = {(field.table, field.name): field.heading for field in read_fields()}
    lacking: dict[str, str] = {}
    for table, field in rule.needs:
        has = offsets[(offsets["table"] == table) & (offsets["field"] == field)]["register"]
        missing = scope.loc[~scope["register"].isin(has), "register"]
        why = f"the layout has no column for {labels[(table, field)]!r}"
        lacking |= dict.fromkeys(missing, why)
    return pd.Series(lacking, dtype="object")


def _hit_lacking(rule: Rule, lacking: pd.Series) -> pd.DataFrame:
    table, field = rule.needs[0] if rule.needs else (_ORGANISATION, "")
    return pd.DataFrame(
        {
            "register": lacking.index,
            "table": table,
            "key": -1,
            "field": field,
            "subject": "",
            "message": [f"{why[0].upper()}{why[1:]}." for why in lacking],
            "severity": "",
            "duty": "",
            "regime": "",
        },
        columns=list(HIT_COLUMNS),
    )
