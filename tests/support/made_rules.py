"""Rules made for tests, and audits by them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd
from registers import clean_source, patch_source, to_register

from ropa.auditing import audit_register
from ropa.register import Register
from ropa.results import Result
from ropa.rules.case import Case
from ropa.rules.catalogue import Rule, rule
from ropa.rules.hits import join_hits, make_hits

Find = Callable[[Case], pd.DataFrame]

AS_OF = date(2026, 9, 30)
DOCUMENTATION = """Something is wrong.

Why it matters
--------------
It matters to the test.

Remedy
------
Write what is right.

References
----------
GDPR Art 5.
"""


def make_rule(
    code: str,
    find: Find,
    *,
    roles: str = "CP",
    severity: str = "medium",
    duty: str = "law",
    processor_duty: str = "",
    needs: Sequence[str] = (),
) -> Rule:
    """Make a rule; it bears the code of a real one, and so rests on its provisions."""

    def made_up(case: Case) -> pd.DataFrame:
        return find(case)

    made_up.__doc__ = DOCUMENTATION
    wrap = rule(
        code, roles=roles, severity=severity, duty=duty, processor_duty=processor_duty, needs=needs
    )
    return wrap(made_up)


def hit_all(field: str, message: str = "It is wrong.", **more: str) -> Find:
    """Return a rule's function that hits a field of every live activity."""
    return lambda case: make_hits(case.activities, field, message, **more)


def hit_one(
    label: str, field: str, message: "str | pd.Series" = "It is wrong.", **more: str
) -> Find:
    """Return a rule's function that hits a field of one activity."""
    return lambda case: make_hits(
        case.activities[case.activities["activity_id"] == label], field, message, **more
    )


def hit_several(*parts: Find) -> Find:
    return lambda case: join_hits([part(case) for part in parts])


def run(register: Register, *rules: Rule, as_of: date = AS_OF, regime: str | None = None) -> Result:
    return audit_register(register, as_of=as_of, regime=regime, rules=rules)


def make(patch: Mapping[str, object] | None = None, name: str = "made") -> Register:
    return to_register(patch_source(clean_source(), patch or {}), name)


def only(result: Result) -> dict[str, str]:
    """Return the one finding of an audit."""
    rows = result.findings.to_dict("records")
    assert len(rows) == 1, rows
    return {str(key): str(value) for key, value in rows[0].items()}
