"""The audit: every rule on a register, as the law stood on a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import pandas as pd

from ropa.attribution import REGIMES, find_provisions, make_findings, name_activities
from ropa.findings import COLUMNS, join_regimes
from ropa.lawbook import Law, load_law
from ropa.register import Register
from ropa.rules.case import Case
from ropa.rules.catalogue import Rule, list_rules
from ropa.rules.hits import HIT_COLUMNS, NOT_EVALUATED, join_hits
from ropa.schema import read_fields

NOT_EVALUATED_COLUMNS = ("rule", "activity_id", "why")

_ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """What an audit found.

    Attributes
    ----------
    register : Register
        The register, or several, with the regimes that it was judged under.
    as_of : date
        The date on which everything was judged.
    law : Law
        The law tables.
    rules : tuple of Rule
        The rules that were run.
    frames : mapping
        ``"findings"``: one row a defect, the columns of `ropa.findings.COLUMNS` after
        ``register``, ``row`` and ``column``. ``"fixed"``: findings of an earlier audit that are
        no more. ``"not_evaluated"``: one row a rule, and activity where it is about one, that
        could not be judged: ``register``, ``rule``, ``activity_id``, ``why``.
    """

    register: Register
    as_of: date
    law: Law
    rules: tuple[Rule, ...]
    frames: Mapping[str, pd.DataFrame]

    def __repr__(self) -> str:
        """Say what was judged and how much was found, without any cell's text."""
        count = len(self.frames["findings"])
        return f"<{type(self).__name__} as of {self.as_of.isoformat()}: {count} findings>"

    @property
    def findings(self) -> pd.DataFrame:
        """One row a defect, with the columns of `ropa.findings.COLUMNS`."""
        return self.frames["findings"][list(COLUMNS)].copy(deep=False)

    @property
    def fixed(self) -> pd.DataFrame:
        """Findings of the previous audit that were evaluated and are no more."""
        return self.frames["fixed"][list(COLUMNS)].copy(deep=False)

    @property
    def not_evaluated(self) -> pd.DataFrame:
        """Rules that could not be judged: ``rule``, ``activity_id`` (empty: all) and ``why``."""
        return self.frames["not_evaluated"][list(NOT_EVALUATED_COLUMNS)].copy(deep=False)

    @property
    def regime(self) -> str:
        """``"uk"``, ``"eu"`` or ``"both"``: the regimes that any register was judged under."""
        rows = self.register.frames[_ORGANISATION]
        found = join_regimes(one for one in REGIMES if rows[f"regimes_{one}"].any())
        return "both" if "+" in found else found


def audit_register(
    register: Register,
    *,
    as_of: date,
    regime: str | None = None,
    rules: Sequence[Rule] | None = None,
    law: Law | None = None,
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

    Returns
    -------
    Result
        Findings sorted by severity, rule, file, sheet, row and column.
    """
    register = _set_regime(register, regime)
    law = law or load_law()
    chosen = tuple(rules) if rules is not None else list_rules()
    case = Case(register, as_of, law)
    hits: list[pd.DataFrame] = []
    skipped: list[pd.DataFrame] = []
    for one in chosen:
        found, unjudged = _evaluate(one, case)
        hits.append(found.assign(rule=one.code))
        skipped.append(unjudged.assign(rule=one.code))
    found = pd.concat(hits or [join_hits([]).assign(rule="")], ignore_index=True)
    found = _spare_ambiguous(register, found)
    open_rows = found["severity"] == NOT_EVALUATED
    skipped.append(_list_unjudged(case, found[open_rows]))
    findings = make_findings(found[~open_rows].reset_index(drop=True), case, chosen)
    frames = {
        "findings": findings,
        "fixed": findings.iloc[:0],
        "not_evaluated": _sort_unjudged(pd.concat(skipped, ignore_index=True)),
    }
    return Result(register, as_of, law, chosen, MappingProxyType(frames))


def _spare_ambiguous(register: Register, found: pd.DataFrame) -> pd.DataFrame:
    """Turn hits on a missing column into what could not be judged, where a heading may be it."""
    headings = register.frames["mapping"]
    same = ["register", "table", "field"]
    headings = headings[headings["status"] == "ambiguous"].drop_duplicates(same)
    if headings.empty:
        return found
    said = "the heading in " + headings["cell"] + " may be this column: settle what it means"
    why = found.join(headings[same].assign(why=said).set_index(same), on=same)["why"]
    lacking = (found["key"] < 0) & why.notna()
    return found.assign(
        severity=found["severity"].mask(lacking, NOT_EVALUATED),
        message=found["message"].mask(lacking, why),
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


def _evaluate(rule: Rule, case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a rule's hits, and the registers in which it could not be evaluated, with why."""
    provisions = find_provisions([rule], case)
    in_force = [one for one in REGIMES if provisions[rule.code, one, ""]]
    scope = _list_scope(rule, case)
    if not in_force:
        return join_hits([]), _list_before_law(rule, case, scope)
    applied = scope[scope[in_force].any(axis=1)]
    if applied.empty:
        return join_hits([]), _make_unjudged([], "")
    lacking = _list_lacking(rule, case, applied)
    judged = applied.loc[~applied["register"].isin(lacking.index), "register"]
    hits = rule.evaluate(case)
    hits = hits[hits["register"].isin(judged)]
    if rule.duty == "record":
        return join_hits([hits, _hit_lacking(rule, lacking)]), _make_unjudged([], "")
    return hits, _make_unjudged(lacking.index, lacking.to_numpy())


def _make_unjudged(registers: object, why: object) -> pd.DataFrame:
    return pd.DataFrame({"register": registers, "activity_id": "", "why": why}, dtype="str")


def _sort_unjudged(rows: pd.DataFrame) -> pd.DataFrame:
    order = ["rule", "register", "activity_id", "why"]
    rows = rows[["register", *NOT_EVALUATED_COLUMNS]].drop_duplicates()
    return rows.sort_values(order, kind="stable", ignore_index=True).astype("str")


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


def _list_lacking(rule: Rule, case: Case, scope: pd.DataFrame) -> pd.Series:
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


def _list_unjudged(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    labels = name_activities(case, rows)["label"]
    return rows[["register", "rule"]].assign(activity_id=labels, why=rows["message"])
