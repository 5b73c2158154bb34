"""The catalogue: what a rule is, and the one list of all rules.

A rule is a function with its metadata in the decorator. It takes a `Case` and returns hits. Its
docstring opens with what it finds and has the sections *Why it matters*, *Remedy* and *References*,
from which the catalogue's pages and each finding's remedy come. Which provision it rests on, by
regime and date, stands in the law tables (``lawbook/provisions.csv``).
"""

import difflib
import importlib
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from ropa.errors import UsageError
from ropa.findings import spell_code

if TYPE_CHECKING:
    import pandas as pd

    from ropa.rules.case import Case

_FAMILIES = (
    "identity",
    "purposes",
    "lawful_bases",
    "special_categories",
    "data",
    "retention",
    "recipients",
    "transferring",
    "security",
    "impact_assessments",
    "rights",
    "marketing",
    "governance",
)
FAMILY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "IDN": "Identity and roles",
        "PUR": "Purposes",
        "LAW": "Lawful bases",
        "SPC": "Special categories",
        "DAT": "Data and data subjects",
        "RET": "Retention",
        "REC": "Recipients",
        "TRF": "Transfers",
        "SEC": "Security",
        "DPI": "Impact assessments",
        "RGT": "Rights",
        "MKT": "Marketing and cookies",
        "GOV": "Governance",
        "POL": "The organisation's own policy",
    }
)
"""First three letters of a code to what the rules of that family are about, as they are listed."""

_CLOSE = 0.75
_SECTION = re.compile(r"^(Why it matters|Remedy|References)\n-+\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue.

    Attributes
    ----------
    code : str
        Family and number, e.g. ``"TRF-04"``. Never reused.
    name : str
        The function's name, which names the defect.
    roles : str
        Whose records it judges: ``"C"`` controllers and joint controllers, ``"P"`` processors,
        ``"CP"`` both, ``"R"`` the register or organisation.
    severity : str
        Default; a hit may name a milder or worse one.
    duty : str
        ``"record"``, ``"law"`` or ``"guidance"``.
    processor_duty : str
        The duty on a processor's records; the same unless the rule says otherwise.
    needs : tuple of (str, str)
        Table and field that a layout must have for the rule to be evaluated at all.
    evaluate : callable
        From a `Case` to hits.
    summary, why, remedy, references : str
        The docstring's parts.
    """

    code: str
    name: str
    roles: str
    severity: str
    duty: str
    processor_duty: str
    needs: tuple[tuple[str, str], ...]
    evaluate: "Callable[[Case], pd.DataFrame]"
    summary: str
    why: str
    remedy: str
    references: str


def rule(
    code: str,
    *,
    roles: str,
    severity: str,
    duty: str,
    processor_duty: str = "",
    needs: Sequence[str] = (),
) -> "Callable[[Callable[[Case], pd.DataFrame]], Rule]":
    """Turn a function into a `Rule`.

    Parameters
    ----------
    code, roles, severity, duty, processor_duty : str
        See `Rule`.
    needs : sequence of str
        ``"field"`` of the activities or ``"table.field"``. Where a register's layout has no such
        column, a rule of duty *record* gives one finding for the register at the headings, any
        other rule one entry in what was not evaluated.
    """

    def wrap(function: "Callable[[Case], pd.DataFrame]") -> Rule:
        summary, sections = _read_docstring(function)
        return Rule(
            code,
            function.__name__,
            roles,
            severity,
            duty,
            processor_duty or duty,
            tuple(_split_need(need) for need in needs),
            function,
            summary,
            sections["Why it matters"],
            sections["Remedy"],
            sections["References"],
        )

    return wrap


def _split_need(need: str) -> tuple[str, str]:
    table, _, field = need.rpartition(".")
    return table or "activities", field


def _read_docstring(function: "Callable[[Case], pd.DataFrame]") -> tuple[str, dict[str, str]]:
    parts = _SECTION.split(inspect.cleandoc(function.__doc__ or ""))
    texts = [" ".join(part.split()) for part in parts]
    sections = dict(zip(texts[1::2], texts[2::2], strict=True))
    missing = {"Why it matters", "Remedy", "References"} - sections.keys()
    if missing or not texts[0]:
        raise TypeError(f"the docstring of {function.__name__} lacks {sorted(missing)}")
    return texts[0], sections


@cache
def list_rules() -> tuple[Rule, ...]:
    """Return every rule, by code.

    Raises
    ------
    TypeError
        Two rules bear one code: a mistake of this package.
    """
    modules = [importlib.import_module(f"ropa.rules.{family}") for family in _FAMILIES]
    found = [value for module in modules for value in vars(module).values() if _is_rule(value)]
    by_code = {one.code: one for one in found}
    if len(by_code) != len(found):
        raise TypeError("two rules bear one code")
    return tuple(by_code[code] for code in sorted(by_code))


def _is_rule(value: object) -> bool:
    return isinstance(value, Rule)


def select_rules(codes: Sequence[str] | None = None) -> tuple[Rule, ...]:
    """Return the rules of these codes or families (``"TRF"``); all of them without codes.

    Raises
    ------
    UsageError
        There is no such rule.
    """
    rules = list_rules()
    if codes is None:
        return rules
    known = {one.code for one in rules} | {one.code[:3] for one in rules}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise UsageError(f"there is no rule {unknown[0]}: {_suggest(unknown[0], rules)}")
    return tuple(one for one in rules if one.code in codes or one.code[:3] in codes)


def _suggest(stated: str, rules: Sequence[Rule]) -> str:
    """Return what may be meant: a code in another spelling, a rule by its name, or what is near."""
    codes = {one.code: one.code for one in rules} | {one.code[:3]: one.code[:3] for one in rules}
    names = {one.name: one.code for one in rules}
    code = spell_code(stated)
    name = re.sub(r"[-_ ]+", "_", stated.strip().lower())
    for meant, known, cutoff in ((code, codes, 1.0), (name, names, _CLOSE), (code, codes, _CLOSE)):
        close = difflib.get_close_matches(meant, list(known), n=1, cutoff=cutoff)
        if close:
            return f"did you mean {known[close[0]]}?"
    return "see the list of rules"
