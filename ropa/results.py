"""What an audit found, as one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import pandas as pd

from ropa.attribution import REGIMES
from ropa.findings import COLUMNS, join_regimes
from ropa.lawbook import Law
from ropa.policy import Policy
from ropa.register import Register
from ropa.rules.case import Case
from ropa.rules.catalogue import Rule

NOT_EVALUATED_COLUMNS = ("rule", "activity_id", "why")
PENDING_COLUMNS = (*COLUMNS, "why")
WAIVER_COLUMNS = (
    "finding",
    "rule",
    "activity_id",
    "reason",
    "approver",
    "expiry",
    "source",
    "state",
)
CHANGE_COLUMNS = ("change", "activity_id", "activity", "earlier_id", "earlier_activity")
HISTORY_COLUMNS = ("id", "as_of", "status")

_ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An audit that another one is compared with.

    Attributes
    ----------
    as_of : date
        Its date.
    file, sha256 : str
        Its file and the hash of its bytes; empty for one that was not read from a file.
    problems : DataFrame
        What could not be used of it (`ropa.previous.Previous`).
    """

    as_of: date
    file: str
    sha256: str
    problems: pd.DataFrame


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
        ``register``, ``row`` and ``column``. ``"not_evaluated"``: one row a rule, and activity
        where it is about one, that could not be judged: ``register``, ``rule``, ``activity_id``,
        ``why``. What a comparison with earlier audits fills: ``"fixed"``, ``"pending"``,
        ``"waivers"``, ``"changes"`` and ``"history"``.
    policy : Policy
        What the organisation has settled for its audits.
    earlier : tuple of Earlier
        The audits that this one was compared with.
    seen : Case, optional
        What the rules saw. See `case`.
    """

    register: Register
    as_of: date
    law: Law
    rules: tuple[Rule, ...]
    frames: Mapping[str, pd.DataFrame]
    policy: Policy = field(default_factory=Policy)
    earlier: tuple[Earlier, ...] = ()
    seen: Case | None = field(default=None, compare=False)

    @property
    def case(self) -> Case:
        """What the rules saw, with what was made of it: nothing is judged twice for the reports."""
        return self.seen or Case(self.register, self.as_of, self.law, self.policy)

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
        """Findings of the previous audit that were evaluated now and are no more."""
        return self.frames["fixed"][list(COLUMNS)].copy(deep=False)

    @property
    def pending(self) -> pd.DataFrame:
        """Findings of earlier audits that could not be evaluated now, with ``why``.

        They are neither found nor fixed: the rule is off or was not law, the activity is gone.
        """
        return self.frames["pending"][list(PENDING_COLUMNS)].copy(deep=False)

    @property
    def waivers(self) -> pd.DataFrame:
        """Accepted risks, one row a waiver.

        ``finding`` (an id) or ``rule`` and ``activity_id``; ``reason``, ``approver``, ``expiry``
        (ISO); ``source``: policy, or the earlier audit by its date; ``state``: in force, expired,
        matches no finding, or what is missing.
        """
        return self.frames["waivers"][list(WAIVER_COLUMNS)].copy(deep=False)

    @property
    def changes(self) -> pd.DataFrame:
        """Activities that came, went or were renamed since the previous audit, one row each.

        ``change``: added, removed or renamed; ``activity_id`` and ``activity`` as they now are,
        ``earlier_id`` and ``earlier_activity`` as they were; empty where there is none.
        """
        return self.frames["changes"][list(CHANGE_COLUMNS)].copy(deep=False)

    @property
    def history(self) -> pd.DataFrame:
        """Status of each finding at each audit, this one included: ``id``, ``as_of``, ``status``.

        One row a finding and date. The last status of a finding that is gone is ``fixed``; one
        that could not be evaluated has ``not evaluated``.
        """
        return self.frames["history"][list(HISTORY_COLUMNS)].copy(deep=False)

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


def make_frames(findings: pd.DataFrame, not_evaluated: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    """Return the frames of an audit that was compared with nothing."""
    empty = {
        "pending": PENDING_COLUMNS,
        "waivers": WAIVER_COLUMNS,
        "changes": CHANGE_COLUMNS,
        "history": HISTORY_COLUMNS,
    }
    frames = {
        name: pd.DataFrame(columns=list(columns), dtype="str") for name, columns in empty.items()
    }
    return MappingProxyType(
        {
            "findings": findings,
            "not_evaluated": not_evaluated,
            "fixed": findings.iloc[:0],
            **frames,
        }
    )
