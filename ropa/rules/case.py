"""The case: what a rule sees of a register on the date of the audit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

import pandas as pd

from ropa.phrases.columns import Texts, map_texts
from ropa.phrases.matching import Matcher, load_matcher
from ropa.policy import Policy
from ropa.register import Register
from ropa.rules.rows import find_rows, make_rows, read_column, take_places
from ropa.schema import GAPS, GAPS_WITH_NONE, NOT_LIVE
from ropa.transfers import judge_transfers
from ropa.workbook.addresses import cell_address

if TYPE_CHECKING:
    from ropa.lawbook import Law

__all__ = [
    "Case",
    "consists_of",
    "find_rows",
    "is_gap",
    "is_none",
    "is_stated",
    "map_texts",
    "mentions",
    "read_column",
    "satisfies",
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
        rows = make_rows(self.register.frames["activities"])
        live = rows[~read_column(rows, "status_code").equal(NOT_LIVE)]
        flags = self.organisation.set_index("register")
        return live.assign(
            uk=live["register"].map(flags["uk"]),
            eu=live["register"].map(flags["eu"]),
            processor=read_column(live, "role_code").equal(["processor"]),
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

    def _children(self, table: str) -> pd.DataFrame:
        """Rows of live activities, with ``activity_label``, ``activity_activity``, ``processor``.

        The parent's columns come with the prefix ``activity_`` but ``uk``, ``eu``, ``processor``.
        """
        names = {name: f"activity_{name}" for name in ("label", "activity", "role_code")}
        columns = ["key", *names, "uk", "eu", "processor"]
        parents = self.activities[columns].set_index("key").rename(columns=names)
        rows = make_rows(self.register.frames[table])
        kept = rows[rows["activity_key"].isin(parents.index)]
        beside = parents.take(parents.index.get_indexer(pd.Index(kept["activity_key"])))
        beside.index = kept.index
        return kept.assign(**{str(name): beside[name] for name in beside})

    @cached_property
    def data_items(self) -> pd.DataFrame:
        """Data items of live activities, one row an activity and category."""
        return self._children("data_items")

    @cached_property
    def recipients(self) -> pd.DataFrame:
        """Recipients of live activities, one row an activity and recipient."""
        return self._children("recipients")

    @cached_property
    def transfers(self) -> pd.DataFrame:
        """Transfers of live activities, one row an activity, recipient and country."""
        return self._children("transfers")

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

    def stands_beside(self, rows: pd.DataFrame) -> pd.Series:
        """Tell of each row of a child table whether it was read in its activity's own row.

        There is then no sheet of their own: what the row says is said of the activity. Items of a
        list in one cell do not count.
        """
        place = ["file", "sheet", "row", "column"]
        parents = self.register.frames["activities"].set_index("key")[place]
        own = parents.reindex(rows["activity_key"]).to_numpy()
        same = (rows[place].to_numpy() == own).all(axis=1)
        return pd.Series(same, index=rows.index) & (rows["origin"] == "sheet")

    def has_lent_name(self, rows: pd.DataFrame) -> pd.Series:
        """Tell of each recipient whether its name stands in the activity's own column.

        There is no second list of recipients then.
        """
        offsets = self.register.frames["offsets"]
        named = offsets[(offsets["table"] + "." + offsets["field"]) == "recipients.recipient"]
        at = zip(named["heading_row"], named["heading_column"], strict=True)
        cells = pd.Series([cell_address(*one) for one in at], named.index, dtype="str")
        # Of several columns of recipients the offsets know the first alone, the mapping all.
        mapping = self.register.frames["mapping"]
        own = (mapping["table"] + "." + mapping["field"]) == "activities.recipients"
        own &= mapping["status"] == "mapped"
        place = ["register", "file", "sheet", "cell"]
        lent = named.assign(cell=cells).merge(mapping.loc[own, place].drop_duplicates(), on=place)
        return rows["block"].isin(lent["block"])

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
        wanted = (codes,) if isinstance(codes, str) else tuple(codes)
        prefixes = tuple(code for code in wanted if code == "" or code.endswith((":", "(")))
        terms = self.list_terms(field, table=table)
        chosen = read_column(terms, "code").test(
            lambda code: code in wanted or code.startswith(prefixes)
        )
        return rows["key"].isin(terms[chosen]["key"])

    def count_terms(
        self, rows: pd.DataFrame, field: str, prefix: str = "", *, table: str = "activities"
    ) -> pd.Series:
        """Count for each row the distinct codes, beginning with a prefix, that its field holds."""
        terms = self.list_terms(field, table=table)
        chosen = terms[read_column(terms, "code").test(lambda code: code.startswith(prefix))]
        counts = chosen.drop_duplicates(["key", "code"])["key"].value_counts()
        return rows["key"].map(counts).fillna(0).astype("int64")

    @cached_property
    def _terms(self) -> "dict[tuple[str, str], pd.DataFrame]":
        """The terms by the table and the field in which they were read, in their order."""
        rows = make_rows(self.register.frames["terms"])
        named = {name: read_column(rows, name) for name in ("table", "field")}
        numbers = pd.DataFrame({name: one.numbers for name, one in named.items()})
        groups = numbers.groupby(list(named), sort=False)
        texts = [one.distinct.texts for one in named.values()]
        found = {}
        for _, part in groups:
            table, field = part.iloc[0]
            found[texts[0][table], texts[1][field]] = take_places(rows, part.index.to_numpy())
        return found

    def list_terms(self, field: str, *, table: str = "activities") -> pd.DataFrame:
        """Return what was recognised in a field: ``key`` and ``code``, in the register's order."""
        none = make_rows(self.register.frames["terms"].iloc[:0])
        return self._terms.get((table, field), none)


def is_gap(rows: pd.DataFrame, field: str, *, none_is_gap: bool = False) -> pd.Series:
    """Tell for each row whether a field is blank or a placeholder (or "None" where that is a gap).

    A field that the layout does not have is no gap of the row.
    """
    return read_column(rows, f"{field}_state").equal(GAPS_WITH_NONE if none_is_gap else GAPS)


def is_stated(rows: pd.DataFrame, field: str) -> pd.Series:
    """Tell for each row whether a field says something other than "None"."""
    return read_column(rows, f"{field}_state").equal(["stated"])


def is_none(rows: pd.DataFrame, field: str) -> pd.Series:
    """Tell for each row whether a field says "None"."""
    return read_column(rows, f"{field}_state").equal(["none"])


def mentions(
    texts: "pd.Series | Texts", *vocabularies: str, codes: "Iterable[str]" = ()
) -> pd.Series:
    """Tell for each text whether it holds a term of these vocabularies (of these codes)."""
    return _read(texts).mention(load_matcher(*vocabularies), frozenset(codes))


def consists_of(texts: "pd.Series | Texts", *vocabularies: str) -> pd.Series:
    """Tell for each text whether it says nothing but terms of these vocabularies."""
    matcher: Matcher = load_matcher(*vocabularies)
    return _read(texts).test(matcher.covers, holding=[matcher])


def satisfies(
    texts: "pd.Series | Texts", read: Callable[[str], object], *, holding: "Sequence[Matcher]" = ()
) -> pd.Series:
    """Tell for each text whether a reader says yes; each distinct text is read once.

    It says no to each text that holds no term of any of the matchers, where some are named.
    """
    return _read(texts).test(read, holding=holding)


def _read(texts: "pd.Series | Texts") -> Texts:
    return texts if isinstance(texts, Texts) else Texts.of(texts)
