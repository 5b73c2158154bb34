"""The cases of the rules, which are data, and their audit in one batch."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from registers import Source, clean_source, patch_source, to_registers

CASES = Path(__file__).parents[1] / "rules" / "cases"
AS_OF = date(2026, 9, 30)
KEYS = {"rule", "name", "as_of", "regime", "patch", "expect"}
REGIMES = (None, "uk", "eu", "both")

Place = tuple[str, str, str]
"""Rule, activity (empty for the register) and field of a finding."""


@dataclass(frozen=True, slots=True)
class RuleCase:
    """One case: a patch on the clean register and every finding that it must give.

    Attributes
    ----------
    rule, name : str
        The rule that it is about, and what it shows.
    patch : mapping
        See `registers`.
    expect : frozenset of Place
        Every finding of the patched register, of whatever rule; none for a case that must not
        fire.
    as_of : date
        Date of the audit.
    regime : str or None
        Regime of the audit; ``None`` for the register's own.
    """

    rule: str
    name: str
    patch: Mapping[str, object] = field(hash=False)
    expect: frozenset[Place]
    as_of: date = AS_OF
    regime: str | None = None

    @property
    def title(self) -> str:
        """What the case is called in the list of tests: unique."""
        return f"{self.rule}: {self.name}"

    @property
    def fires(self) -> bool:
        """Whether the rule that it is about gives a finding."""
        return any(rule == self.rule for rule, _, _ in self.expect)


@cache
def read_cases() -> tuple[RuleCase, ...]:
    """Return the cases of every file, by file and place in it.

    Raises
    ------
    ValueError
        A case lacks a key, has one too many, or has a title that another one bears.
    """
    cases = tuple(
        _make_case(path, block)
        for path in sorted(CASES.glob("*.toml"))
        for block in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    )
    titles = [case.title for case in cases]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        raise ValueError(f"two cases are called {twice[0]!r}")
    return cases


def _make_case(path: Path, block: Mapping[str, object]) -> RuleCase:
    where = f"{path.name}: {block.get('rule')}: {block.get('name')}"
    missing = {"rule", "name", "patch", "expect"} - block.keys()
    surplus = block.keys() - KEYS
    if missing or surplus:
        raise ValueError(f"{where}: missing {sorted(missing)}, unknown {sorted(surplus)}")
    patch, expect = block["patch"], block["expect"]
    as_of, regime = block.get("as_of", AS_OF), block.get("regime")
    if not isinstance(patch, dict) or not isinstance(expect, list):
        raise TypeError(f"{where}: patch is a table and expect a list")
    if regime not in REGIMES:
        raise ValueError(f"{where}: no regime {regime}")
    return RuleCase(
        str(block["rule"]),
        str(block["name"]),
        patch,
        frozenset(_read_place(where, text) for text in expect),
        as_of if isinstance(as_of, date) else date.fromisoformat(str(as_of)),
        None if regime is None else str(regime),
    )


def _read_place(where: str, text: str) -> Place:
    parts = text.split()
    if len(parts) != 3:
        raise ValueError(f"{where}: {text!r} is not rule, activity (or -) and field")
    rule, activity, column = parts
    return rule, "" if activity == "-" else activity, column


def audit_cases(cases: Sequence[RuleCase]) -> list[frozenset[Place] | ValueError]:
    """Return the findings of each case, or why its patch does not fit.

    One Register holds the registers of all cases of one date and regime, and is audited once:
    what holds for each must hold for all together.
    """
    from ropa.auditing import audit_register

    outcomes: dict[str, frozenset[Place] | ValueError] = {}
    batches: dict[tuple[date, str | None], dict[str, Source]] = {}
    for case in cases:
        try:
            source = patch_source(clean_source(), case.patch)
        except ValueError as error:
            outcomes[case.title] = error
        else:
            batches.setdefault((case.as_of, case.regime), {})[case.title] = source
    for (as_of, regime), batch in batches.items():
        register = to_registers(batch)
        findings = audit_register(register, as_of=as_of, regime=regime).frames["findings"]
        outcomes |= {title: frozenset[Place]() for title in batch}
        for title, rows in findings.groupby("register"):
            places = zip(rows["rule"], rows["activity_id"], rows["field"], strict=True)
            outcomes[str(title)] = frozenset(places)
    return [outcomes[case.title] for case in cases]
