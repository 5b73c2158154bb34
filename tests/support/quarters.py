"""Audits of one register, quarter by quarter, by few rules, for tests of comparisons."""

from collections.abc import Mapping, Sequence

from registers import clean_source, patch_source, to_register

import ropa
from ropa.api import Earlier
from ropa.policy import Policy

RULES = ("LAW-01", "PUR-01", "RET-01", "GOV-03")
Q1, Q2, Q3, Q4 = "2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"

NO_BASIS = {"K16.Lawful basis": ""}
NO_PURPOSE = {"K05.Purpose": ""}
BOTH = NO_BASIS | NO_PURPOSE


def audit(
    as_of: str,
    patch: Mapping[str, object] | None = None,
    *,
    previous: "Earlier | Sequence[Earlier] | None" = None,
    rules: Sequence[str] = RULES,
    regime: str | None = None,
    policy: Policy | None = None,
) -> ropa.Audit:
    """Audit the clean register with a patch."""
    register = to_register(patch_source(clean_source(), patch or {}), "clean")
    return ropa.audit(
        register, as_of=as_of, rules=rules, regime=regime, policy=policy, previous=previous
    )


def statuses(one: ropa.Audit) -> dict[str, str]:
    """Return rule and activity of each finding with its status."""
    rows = one.findings
    names = rows["rule"] + " " + rows["activity_id"]
    return dict(zip(names, rows["status"], strict=True))


def pending(one: ropa.Audit) -> dict[str, str]:
    """Return rule and activity of each finding that cannot be compared, with the reason."""
    rows = one.pending
    return dict(zip(rows["rule"] + " " + rows["activity_id"], rows["why"], strict=True))


def fixed(one: ropa.Audit) -> list[str]:
    """Return rule and activity of each finding that is fixed."""
    return sorted(one.fixed["rule"] + " " + one.fixed["activity_id"])
