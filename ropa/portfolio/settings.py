"""By what a portfolio is audited: values that travel to other processes and machines."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ropa import __version__
from ropa.lawbook import load_law
from ropa.policy import Policy
from ropa.policy.values import REVIEW_MONTHS
from ropa.report.findings_json import hash_rules
from ropa.rules.catalogue import list_rules

FORMAT = 1
"""Number of the form of the partitions: what was written in another one is made anew."""

Pairs = tuple[tuple[str, str], ...]

_OF_POLICY = ("mapping", "severity", "off", "review_months", "required", "sha256")
_PAIRS = ("mapping", "severity")


@dataclass(frozen=True)
class Settings:
    """By what every register of a portfolio is judged.

    Attributes
    ----------
    as_of : date
        The date of the audit.
    regime : str
        ``uk``, ``eu`` or ``both`` instead of what the registers say; empty for what they say.
    mapping, severity, off, review_months, required, sha256
        Those of the policy (`ropa.policy.Policy`), as values that can be sent. Its waivers are of
        one register's findings and have no meaning for many.
    """

    as_of: date
    regime: str = ""
    mapping: Pairs = ()
    severity: Pairs = ()
    off: frozenset[str] = frozenset()
    review_months: int = REVIEW_MONTHS
    required: Pairs = ()
    sha256: str = ""

    @property
    def policy(self) -> Policy:
        """The policy."""
        told = {name: getattr(self, name) for name in _OF_POLICY}
        return Policy(**told | {name: dict(told[name]) for name in _PAIRS})

    @cached_property
    def key(self) -> str:
        """SHA-256 of all that a register's findings depend on besides its own bytes."""
        return hashlib.sha256(json.dumps(self.facts, sort_keys=True).encode()).hexdigest()

    @property
    def facts(self) -> dict[str, object]:
        """What the results say of how they were made."""
        law, rules = load_law(), list_rules()
        return {
            "ropa": __version__,
            "format": FORMAT,
            "as_of": self.as_of.isoformat(),
            "regime": self.regime,
            "law": {"version": law.version, "sha256": law.sha256},
            "rules": {"count": len(rules), "sha256": hash_rules(rules)},
            "policy": {"sha256": self.sha256 or self._hash_policy()},
        }

    def _hash_policy(self) -> str:
        """Return a hash of a policy that comes from no file; empty where it says nothing."""
        told, default = (
            [(name, getattr(one, name)) for name in _OF_POLICY if name != "off"]
            for one in (self, Settings(self.as_of))
        )
        if told == default and not self.off:
            return ""
        return hashlib.sha256(repr((told, sorted(self.off))).encode()).hexdigest()


def make_settings(as_of: date, regime: str, policy: Policy) -> Settings:
    """Return the settings of an audit."""
    told = {name: getattr(policy, name) for name in _OF_POLICY}
    return Settings(as_of, regime, **told | {name: tuple(told[name].items()) for name in _PAIRS})
