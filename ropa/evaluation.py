"""One rule on a case: its hits, and where it could not be judged, with why.

A rule is not judged where its provision was not law on the date, where a register's layout lacks
what it needs, and where the rule itself breaks off: a fault of this package, which must neither
end an audit nor pass unseen.
"""

import warnings
from collections.abc import Mapping, Sequence

import pandas as pd

from ropa.attribution import REGIMES, find_provisions
from ropa.errors import RuleFailedWarning, describe_fault
from ropa.rules.case import Case
from ropa.rules.catalogue import Rule
from ropa.rules.hits import HIT_COLUMNS, join_hits, skip_rows
from ropa.schema import CELL_ITEMS, read_fields

FAILED = "the rule broke off by a fault of ropa"
"""How the reason begins where a rule broke off."""

UNSETTLED = "the heading"
"""How the reason begins where a heading may be the column that a rule needs."""

_MOST_CELLS = 3

_ORGANISATION = "organisation"
_EITHERS = frozenset({("controllers", "dpo"), ("controllers", "representative")})
"""Contacts of a controller; of the organisation itself, perhaps, as long as that is left open."""


def evaluate_rule(rule: Rule, case: Case) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a rule's hits, and the registers in which it could not be evaluated.

    Returns
    -------
    hits : DataFrame
        The columns of `ropa.rules.hits.HIT_COLUMNS`.
    unjudged : dict
        The name of each such register, and why.

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
    applied = [name for name, regimes in scope.items() if not regimes.isdisjoint(in_force)]
    if not applied:
        return join_hits([]), {}
    hits, why = find_hits(rule, case)
    if why:
        return hits, dict.fromkeys(applied, why)
    known = list_lacking(rule, case)
    lacking = {name: known[name] for name in applied if name in known}
    judged = [name for name in applied if name not in lacking]
    if len(judged) < len(case.organisation):
        hits = hits[hits["register"].isin(judged)]
    hits = join_hits([hits, _skip_unjoined(rule, case, judged)])
    if rule.duty == "record" and lacking:
        return join_hits([hits, _hit_lacking(rule, lacking)]), {}
    return hits, lacking


def find_hits(rule: Rule, case: Case) -> tuple[pd.DataFrame, str]:
    """Return a rule's hits; none and the reason where the rule broke off."""
    try:
        return case.once(rule.evaluate), ""
    except Exception as error:  # noqa: BLE001 - whatever it is, the other rules go on
        why = f"{FAILED} ({describe_fault(error)})"
    warnings.warn(f"{rule.code}: {why}: please report it", RuleFailedWarning, stacklevel=2)
    return join_hits([]), f"{why}: please report it"


def _list_scope(rule: Rule, case: Case) -> dict[str, frozenset[str]]:
    """Return the registers that hold records a rule is about, with their regimes."""
    regimes = case.once(_list_regimes)
    if "R" in rule.roles:
        return regimes
    held = {"C": case.controller_registers, "P": case.processor_registers}
    registers = frozenset[str]().union(*(held[role] for role in rule.roles))
    return {name: under for name, under in regimes.items() if name in registers}


def _list_regimes(case: Case) -> dict[str, frozenset[str]]:
    """Return the regimes under which each register is judged."""
    rows = case.organisation[["register", *REGIMES]].itertuples(index=False, name=None)
    return {
        name: frozenset(one for one, judged in zip(REGIMES, flags, strict=True) if judged)
        for name, *flags in rows
    }


def _list_before_law(rule: Rule, case: Case, scope: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Say where a rule's provision was not law on the date, but is on another."""
    rows = (row for row in case.law.rows("provisions") if row["rule"] == rule.code)
    regimes = frozenset(row["regime"] for row in rows)
    registers = [name for name, under in scope.items() if not under.isdisjoint(regimes)]
    why = f"no such provision was in force on {case.as_of.isoformat()}"
    return dict.fromkeys(registers, why)


def list_lacking(rule: Rule, case: Case) -> dict[str, str]:
    """Return the registers whose layout lacks a field that the rule needs, with the reason."""
    labels = {(field.table, field.name): field.heading for field in read_fields()}
    headed, unsettled = case.once(_list_headed), case.once(list_unsettled)
    lacking: dict[str, str] = {}
    for need in rule.needs:
        why = f"the layout has no column for {labels[need]!r}"
        having = headed.get(need, frozenset())
        missing = [one for one in case.once(_list_regimes) if one not in having]
        lacking |= {one: unsettled.get((one, *need), why) for one in missing}
    return lacking


def list_unsettled(case: Case) -> dict[tuple[str, str, str], str]:
    """Say by register, table and field which headings may be it, as long as nobody settled that."""
    rows = case.register.frames["mapping"]
    rows = rows[rows["status"] == "ambiguous"]
    cells: dict[tuple[str, str, str], list[str]] = {}
    columns = rows[["register", "table", "field", "cell"]].itertuples(index=False, name=None)
    for register, table, field, cell in columns:
        cells.setdefault((register, table, field), []).append(cell)
        if (table, field) in _EITHERS:
            cells.setdefault((register, _ORGANISATION, field), []).append(cell)
    labels = {(field.table, field.name): field.heading for field in read_fields()}
    return {place: _say_unsettled(found, labels[place[1:]]) for place, found in cells.items()}


def _say_unsettled(cells: Sequence[str], label: str) -> str:
    if len(cells) == 1:
        return f"{UNSETTLED} in {cells[0]} may be {label!r}: settle what it means"
    more = len(cells) - _MOST_CELLS
    *first, last = (*cells[:_MOST_CELLS], f"{more} more") if more > 0 else cells
    named = f"{', '.join(first)} and {last}"
    return f"{UNSETTLED}s in {named} may each be {label!r}: settle what they mean"


def _skip_unjoined(rule: Rule, case: Case, judged: Sequence[str]) -> pd.DataFrame:
    """Say where rows that a rule needs belong to no activity that is known: they are not judged."""
    tables = {table for table, _ in rule.needs}
    unjoined = case.once(_list_unjoined) if tables & {*CELL_ITEMS} else {}
    said = [
        (register, why)
        for (register, table), why in unjoined.items()
        if table in tables and register in judged
    ]
    rows = pd.DataFrame(said, columns=["register", "why"]).assign(key=-1)
    return skip_rows(rows, rows["why"])


def _list_unjoined(case: Case) -> dict[tuple[str, str], str]:
    """Say by register and table how many rows name no activity that is known, and where."""
    issues = case.register.frames["issues"]
    issues = issues[issues["field"] == "activity_id"]
    found: dict[tuple[str, str], str] = {}
    for table in CELL_ITEMS:
        rows = case.register.frames[table]
        lost = rows.loc[rows["activity_key"] < 0, "key"]
        held = issues[(issues["table"] == table) & issues["key"].isin(lost)]
        for register, group in held.groupby("register", sort=False):
            first, count = group.iloc[0], len(group)
            where = f"{first['sheet']}!{first['cell']}"
            one = f"the row of {where} names no known activity and is not judged"
            many = f"{count} rows name no known activity and are not judged, the first in {where}"
            found[str(register), table] = one if count == 1 else many
    return found


def _list_headed(case: Case) -> dict[tuple[str, str], frozenset[str]]:
    """Return by table and field the registers whose layout has a column for it."""
    rows = case.register.frames["offsets"][["table", "field", "register"]].drop_duplicates()
    found: dict[tuple[str, str], set[str]] = {}
    for table, field, register in rows.itertuples(index=False, name=None):
        found.setdefault((table, field), set()).add(register)
    return {need: frozenset(registers) for need, registers in found.items()}


def _hit_lacking(rule: Rule, lacking: Mapping[str, str]) -> pd.DataFrame:
    table, field = rule.needs[0] if rule.needs else (_ORGANISATION, "")
    return pd.DataFrame(
        {
            "register": list(lacking),
            "table": table,
            "key": -1,
            "field": field,
            "part": 0,
            "subject": "",
            "message": [f"{why[0].upper()}{why[1:]}." for why in lacking.values()],
            "severity": "",
            "duty": "",
            "regime": "",
        },
        columns=list(HIT_COLUMNS),
    )
