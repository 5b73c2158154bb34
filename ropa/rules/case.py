"""The case: what a rule sees of a register on the date of the audit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

import pandas as pd

from ropa.phrases.columns import map_texts
from ropa.phrases.matching import Matcher, load_matcher
from ropa.policy import Policy
from ropa.register import Register
from ropa.schema import GAPS, GAPS_WITH_NONE, NOT_LIVE
from ropa.transfers import judge_transfers

if TYPE_CHECKING:
    from ropa.lawbook import Law

__all__ = [
    "Case",
    "consists_of",
    "is_gap",
    "is_none",
    "is_stated",
    "map_texts",
    "mentions",
]

T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """One or many registers on a date, under a law.

    Each view is a frame of live activities, or of rows that belong to them, in the register's
    order, with the columns of its table and ``uk`` and ``eu``: whether the register is judged
    under that regime. Nothing may cross ``register``.

    Attributes
    ----------
    register : Register
        The registers.
    as_of : date
        The date on which everything is judged.
    law : Law
        The law tables.
    policy : Policy
        What the organisation has settled for its audits.
    """

    register: Register
    as_of: date
    law: "Law"
    policy: Policy = field(default_factory=Policy)

    @property
    def review_months(self) -> int:
        """Months after which a review is overdue."""
        return self.policy.review_months

    @cached_property
    def _kept(self) -> "dict[Callable[[Case], object], object]":
        return {}

    def once(self, compute: "Callable[[Case], T]") -> T:
        """Return what a function makes of the case; it is asked once, whoever asks."""
        if compute not in self._kept:
            self._kept[compute] = compute(self)
        return cast("T", self._kept[compute])

    @cached_property
    def organisation(self) -> pd.DataFrame:
        """One row a register."""
        frame = self.register.organisation
        return frame.assign(uk=frame["regimes_uk"], eu=frame["regimes_eu"])

    @cached_property
    def activities(self) -> pd.DataFrame:
        """Live activities of every role. ``processor`` is true for processor records."""
        frame = self.register.activities
        live = frame[~frame["status_code"].isin(NOT_LIVE)]
        regimes = self.organisation.set_index("register")[["uk", "eu"]]
        return live.join(regimes, on="register").assign(
            processor=lambda one: one["role_code"] == "processor"
        )

    @cached_property
    def controller_rows(self) -> pd.DataFrame:
        """Live activities judged as a controller's: joint controllers and unknown roles too."""
        return self.activities[~self.activities["processor"]]

    @cached_property
    def processor_rows(self) -> pd.DataFrame:
        """Live activities of a processor."""
        return self.activities[self.activities["processor"]]

    @cached_property
    def controller_registers(self) -> frozenset[str]:
        """Registers that hold live activities judged as a controller's."""
        return frozenset(self.controller_rows["register"].unique())

    @cached_property
    def processor_registers(self) -> frozenset[str]:
        """Registers that hold live activities of a processor."""
        return frozenset(self.processor_rows["register"].unique())

    def _children(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of live activities, with ``activity_label``, ``activity_activity``, ``processor``.

        The parent's columns come with the prefix ``activity_`` but ``uk``, ``eu``, ``processor``.
        """
        parents = self.activities.set_index("key")[["label", "activity", "role_code"]]
        flags = self.activities.set_index("key")[["uk", "eu", "processor"]]
        kept = frame[frame["activity_key"].isin(parents.index)]
        return kept.join(parents.add_prefix("activity_"), on="activity_key").join(
            flags, on="activity_key"
        )

    @cached_property
    def data_items(self) -> pd.DataFrame:
        """Data items of live activities, one row an activity and category."""
        return self._children(self.register.data_items)

    @cached_property
    def recipients(self) -> pd.DataFrame:
        """Recipients of live activities, one row an activity and recipient."""
        return self._children(self.register.recipients)

    @cached_property
    def transfers(self) -> pd.DataFrame:
        """Transfers of live activities, one row an activity, recipient and country."""
        return self._children(self.register.transfers)

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """The verdicts on the transfers, one row a transfer and regime, judged once."""
        return judge_transfers(self.register, self.as_of, self.law)

    def has_rows(self, rows: pd.DataFrame, table: str) -> pd.Series:
        """Tell for each activity whether a child table's own sheet has rows for it.

        Items read from the activity's own cell do not count.
        """
        children = self.register.frames[table]
        own = children.loc[children["origin"] == "sheet", "activity_key"]
        return rows["key"].isin(own)

    def has_term(
        self,
        rows: pd.DataFrame,
        field: str,
        codes: "str | Iterable[str]" = "",
        *,
        table: str = "activities",
    ) -> pd.Series:
        """Tell for each row whether its field was read as one of these codes; "" for any.

        A code that ends with ``:`` or ``(`` stands for every code that begins with it.
        """
        terms = self.register.frames["terms"]
        terms = terms[(terms["table"] == table) & (terms["field"] == field)]
        wanted = (codes,) if isinstance(codes, str) else tuple(codes)
        prefixes = tuple(code for code in wanted if code == "" or code.endswith((":", "(")))
        chosen = terms["code"].isin(wanted)
        if prefixes:
            chosen |= terms["code"].str.startswith(prefixes)
        return rows["key"].isin(terms.loc[chosen, "key"])

    def count_terms(
        self, rows: pd.DataFrame, field: str, prefix: str = "", *, table: str = "activities"
    ) -> pd.Series:
        """Count for each row the distinct codes, beginning with a prefix, that its field holds."""
        terms = self.register.frames["terms"]
        chosen = terms[(terms["table"] == table) & (terms["field"] == field)]
        chosen = chosen[chosen["code"].str.startswith(prefix)]
        counts = chosen.groupby("key")["code"].nunique()
        return rows["key"].map(counts).fillna(0).astype("int64")


def is_gap(rows: pd.DataFrame, field: str, *, none_is_gap: bool = False) -> pd.Series:
    """Tell for each row whether a field is blank or a placeholder (or "None" where that is a gap).

    A field that the layout does not have is no gap of the row.
    """
    return rows[f"{field}_state"].isin(GAPS_WITH_NONE if none_is_gap else GAPS)


def is_stated(rows: pd.DataFrame, field: str) -> pd.Series:
    """Tell for each row whether a field says something other than "None"."""
    return rows[f"{field}_state"] == "stated"


def is_none(rows: pd.DataFrame, field: str) -> pd.Series:
    """Tell for each row whether a field says "None"."""
    return rows[f"{field}_state"] == "none"


def mentions(texts: pd.Series, *vocabularies: str, codes: "Iterable[str]" = ()) -> pd.Series:
    """Tell for each text whether it holds a term of these vocabularies (of these codes)."""
    matcher = load_matcher(*vocabularies)
    wanted = frozenset(codes)

    def read(text: str) -> bool:
        found = matcher.find_codes(text)
        return bool(found & wanted) if wanted else bool(found)

    return map_texts(texts, read).astype(bool)


def consists_of(texts: pd.Series, *vocabularies: str) -> pd.Series:
    """Tell for each text whether it says nothing but terms of these vocabularies."""
    matcher: Matcher = load_matcher(*vocabularies)
    return map_texts(texts, matcher.covers).astype(bool)
