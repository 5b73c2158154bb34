"""The counts of an audit: computed once, shown by every renderer.

Completeness asks, for each item of Article 30, how many records state it, answer "None", or leave
a gap; a gap is what the rule for that item finds, so that the table and the findings agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from ropa.column import make_empty
from ropa.evaluation import FAILED, list_lacking
from ropa.findings import SEVERITIES
from ropa.phrases.matching import fold
from ropa.register import find_activities
from ropa.results import Result
from ropa.rules.case import Case
from ropa.rules.catalogue import select_rules

_GAP_RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "30(1)(a)": ("IDN-01",),
        "30(1)(b)": ("PUR-01",),
        "30(1)(c)": ("DAT-01", "DAT-02"),
        "30(1)(d)": ("REC-01",),
        "30(1)(e)": ("TRF-01", "TRF-02"),
        "30(1)(f)": ("RET-01",),
        "30(1)(g)": ("SEC-01",),
        "30(2)(a)": ("IDN-04",),
        "30(2)(b)": ("IDN-07",),
        "30(2)(c)": ("TRF-01", "TRF-02"),
        "30(2)(d)": ("SEC-01",),
    }
)
"""Item of Article 30 to the rules that find it missing. Item (a) of a controller's record is
counted by register, the others by activity."""

ITEM_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "30(1)(a)": "Controller and contact details",
        "30(1)(b)": "Purposes",
        "30(1)(c)": "Data subjects and personal data",
        "30(1)(d)": "Recipients",
        "30(1)(e)": "Third-country transfers",
        "30(1)(f)": "Time limits for erasure",
        "30(1)(g)": "Security measures",
        "30(2)(a)": "Controllers acted for",
        "30(2)(b)": "Categories of processing",
        "30(2)(c)": "Third-country transfers (processor)",
        "30(2)(d)": "Security measures (processor)",
    }
)

_NONE_FIELDS = MappingProxyType(
    {"30(1)(d)": "recipients", "30(1)(e)": "transfers", "30(2)(c)": "transfers"}
)
"""Items under which "None" is an answer, and the field that says it."""

_VERDICT_RULE = "TRF-03"
"""A rule that rests on the verdicts on transfers alone."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of an audit.

    Attributes
    ----------
    severity : mapping
        Findings that are not waived, by severity, from critical to info.
    family : mapping
        The same by family of rules.
    completeness : DataFrame
        One row an item of Article 30: ``item``, ``stated``, ``none``, ``gap`` and ``total``
        (live activities; for 30(1)(a) registers).
    transfers : DataFrame
        One row a safeguard: ``safeguard``, ``activities`` and ``recipients`` whose transfers rest
        on it, counted once each.
    activities : DataFrame
        One row a live activity and item: ``register``, ``key``, ``label``, ``item`` and ``state``
        (stated, none or gap).
    """

    severity: Mapping[str, int]
    family: Mapping[str, int]
    completeness: pd.DataFrame
    transfers: pd.DataFrame
    activities: pd.DataFrame

    def _repr_html_(self) -> str:
        """Show the counts in a notebook."""
        severity = pd.DataFrame([dict(self.severity)]).to_html(index=False)
        return severity + self.completeness.to_html(index=False)


def summarise(result: Result) -> Summary:
    """Return the counts of an audit."""
    findings = result.frames["findings"]
    live = findings[findings["status"] != "waived"]
    by_severity = live["severity"].value_counts()
    by_family = live["rule"].str.slice(0, 3).value_counts()
    case = result.case
    unjudged = result.not_evaluated
    broken = frozenset(unjudged.loc[unjudged["why"].str.startswith(FAILED), "rule"])
    items = _list_item_states(case, broken) if broken else case.once(_list_item_states)
    return Summary(
        MappingProxyType({one: int(by_severity.get(one, 0)) for one in SEVERITIES}),
        MappingProxyType({str(one): int(by_family[one]) for one in sorted(by_family.index)}),
        _count_states(items),
        _count_transfers(case, broken),
        items[items["key"] >= 0].reset_index(drop=True),
    )


def _list_item_states(case: Case, broken: frozenset[str] = frozenset()) -> pd.DataFrame:
    """Return one row an activity and item (one row a register, key -1, for 30(1)(a)).

    An item that was not law on the date, or whose rule broke off, has none.
    """
    parts = []
    for item in _GAP_RULES:
        if not _is_law(case, item) or not broken.isdisjoint(_GAP_RULES[item]):
            continue
        rows = case.controller_rows if item.startswith("30(1)") else case.processor_rows
        if item == "30(1)(a)":
            registers = case.organisation["register"]
            rows = pd.DataFrame({"register": registers, "key": -1, "label": ""})
            gap = rows["register"].isin(_find_gaps(case, item)["register"])
        else:
            gap = rows["key"].isin(find_activities(case.register, _find_gaps(case, item)))
            gap |= rows["register"].isin(_list_lacking(case, item))
        state = pd.Series("stated", index=rows.index)
        if item in _NONE_FIELDS:
            state = state.mask(rows[f"{_NONE_FIELDS[item]}_state"] == "none", "none")
        chosen = rows[["register", "key", "label"]].assign(item=item, state=state.mask(gap, "gap"))
        parts.append(chosen)
    if not parts:
        types = {"register": "str", "key": "int64", "label": "str", "item": "str", "state": "str"}
        return make_empty(**types)
    return pd.concat(parts, ignore_index=True)


def _is_law(case: Case, item: str) -> bool:
    """Tell whether Article 30 asks for an item on the date, under either regime."""
    code = _GAP_RULES[item][0]
    return any(case.law.find_provision(code, regime, case.as_of) for regime in ("uk", "eu"))


def _find_gaps(case: Case, item: str) -> pd.DataFrame:
    return pd.concat(
        [case.once(rule.evaluate) for rule in select_rules(_GAP_RULES[item])], ignore_index=True
    )


def _list_lacking(case: Case, item: str) -> frozenset[str]:
    """Return the registers whose layout has no place for an item: a gap in each record.

    Not those with a heading that may be its place, as long as nobody has settled that.
    """
    headings = case.register.frames["mapping"]
    headings = headings[headings["status"] == "ambiguous"]
    open_ones = set(zip(headings["register"], headings["table"], headings["field"], strict=True))
    return frozenset(
        str(register)
        for rule in select_rules(_GAP_RULES[item])
        for register in list_lacking(rule, case)
        if not any((register, *need) in open_ones for need in rule.needs)
    )


def _count_states(items: pd.DataFrame) -> pd.DataFrame:
    counts = pd.crosstab(items["item"], items["state"])
    counts = counts.reindex(columns=["stated", "none", "gap"], fill_value=0).sort_index()
    counts["total"] = counts.sum(axis=1)
    return counts.reset_index().rename_axis(columns=None)


def _count_transfers(case: Case, broken: frozenset[str]) -> pd.DataFrame:
    if _VERDICT_RULE in broken:
        return pd.DataFrame(columns=["safeguard", "activities", "recipients"])
    verdicts = case.verdicts
    names = case.register.frames["transfers"].set_index("key")["recipient"].map(fold)
    rows = verdicts.assign(recipient=verdicts["key"].map(names))
    rows["recipient"] = rows["recipient"].where(rows["recipient"] != "")
    counts = rows.groupby("safeguard").agg(
        activities=("activity_key", "nunique"), recipients=("recipient", "nunique")
    )
    return counts.sort_index().reset_index()
