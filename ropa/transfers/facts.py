"""One statement beside what the law says of its country and its instruments on the day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

from ropa.lawbook import Adequacy, Law, Mechanism, MechanismCode
from ropa.phrases.place_names import country_name
from ropa.transfers.values import Statement, Verdict

LAW_NAMES = MappingProxyType({"uk": "the UK GDPR", "eu": "the EU GDPR"})
NEW_CLAUSES = "SCC-2021"

_BARE_CLAUSES = "SCC"
_ADDENDUM = "UK-ADDENDUM"
# Countries whose name takes an article in a sentence.
_WITH_ARTICLE = frozenset(
    {"AE", "BS", "DO", "GB", "GM", "IM", "KM", "KY", "MV", "NL", "PH", "SC", "US", "VG", "VI"}
)
_GROUPS = frozenset({"EU", "EEA", "EUI"})
_IDENTIFIED = frozenset({"country", "group", "organisation"})


def name_place(code: str) -> str:
    """Return the name of a country as it stands inside a sentence; another code as it is."""
    article = "the " if code in _WITH_ARTICLE else ""
    return article + country_name(code)


def holds_country(codes: frozenset[str], country: str, members: frozenset[str]) -> bool:
    """Tell whether some codes hold a country, by itself or in a group (`members` of the EEA)."""
    return country in codes or bool(codes & _GROUPS and (country in members or country in _GROUPS))


@dataclass(frozen=True)
class Facts:
    """A statement under one regime on one day, and what the law says of its country and codes."""

    regime: str
    stated: Statement
    on: date
    law: Law

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Return the codes stated, each for an instrument of its own, in order."""
        return tuple(sorted(_identify_clauses(self.stated.mechanisms)))

    @cached_property
    def country(self) -> str:
        """Return the country judged: the one stated, else that of a list that is claimed."""
        if self.stated.kind in _IDENTIFIED:
            return "EEA" if self.stated.country == "EU" else self.stated.country
        listed = {
            row["iso2"]
            for row in self.law.rows("adequacy")
            for code in self.codes
            if row["coverage"] == "list" and row["id"] in self.instruments(code)
        }
        return listed.pop() if len(listed) == 1 else ""

    @cached_property
    def adequacy(self) -> Adequacy | None:
        """Return the one instrument by which the country is adequate on the day."""
        return self.law.find_adequacy(self.regime, self.country, self.on) if self.country else None

    @cached_property
    def destination(self) -> str:
        """Return the word for the destination (`Verdict`)."""
        if self.stated.kind == "unknown":
            return "unreadable"
        if self.country == "" or self.stated.kind not in _IDENTIFIED:
            return "unidentified"
        area = "EEA" if self.country in _GROUPS else self.country
        if self.law.domestic(self.regime, area, self.on):
            return "home"
        if self.adequacy is None:
            return "third"
        return "adequate" if self.adequacy.coverage == "full" else "conditional"

    @property
    def place(self) -> str:
        """Return the country's name as it stands inside a sentence."""
        return name_place(self.country)

    @property
    def law_name(self) -> str:
        """Return the name of the law in a sentence; the UK had that of the Union until 2020."""
        if not self.law.is_regime_in_force(self.regime, self.on):
            return "Directive 95/46/EC"
        shared = any(
            row["reads"]
            for row in self.law.find_rows("regime_periods", self.regime, self.on)
            if row["regime"] == self.regime
        )
        return "the GDPR" if shared else LAW_NAMES[self.regime]

    def read(self, code: str) -> MechanismCode:
        """Return what a code can stand for under the regime."""
        return self.law.find_code(self.regime, code)

    def instruments(self, code: str) -> frozenset[str]:
        """Return the ids that a code can stand for under either regime."""
        return frozenset(
            one for regime in LAW_NAMES for one in self.law.find_code(regime, code).instruments
        )

    def mechanisms(self, code: str) -> tuple[Mechanism, ...]:
        """Return the mechanisms that a code stands for and that work on the day."""
        return self.law.find_mechanisms(self.regime, code, self.on)

    @cached_property
    def claims(self) -> tuple[str, ...]:
        """Return the codes that claim adequacy."""
        known = {row["id"] for row in self.law.rows("adequacy")}
        return tuple(
            code
            for code in self.codes
            if self.read(code).reading == "adequacy" or self.instruments(code) & known
        )

    @cached_property
    def fitting_claims(self) -> tuple[str, ...]:
        """Return the claims that can mean the adequacy that the country has."""
        return tuple(code for code in self.claims if self._fits(code))

    def _fits(self, code: str) -> bool:
        if self.adequacy is None:
            return False
        if self.read(code).reading == "adequacy":
            return True
        named = self.instruments(code)
        resting = {row["depends_on"] for row in self.law.rows("adequacy") if row["id"] in named}
        return bool({self.adequacy.id, self.adequacy.depends_on} & named) or (
            self.adequacy.id in resting
        )

    def settle(self, safeguard: str, **more: object) -> Verdict:
        """Return a verdict for the destination."""
        return replace(Verdict(self.destination, safeguard), **more)  # type: ignore[arg-type]


def _identify_clauses(codes: Iterable[str]) -> frozenset[str]:
    """Drop a bare "SCCs" beside words that say which: a version, or the Addendum to the new ones.

    The UK Addendum exists for the clauses of 2021 only, so that it identifies them.
    """
    found = frozenset(codes)
    if _BARE_CLAUSES not in found:
        return found
    rest = found - {_BARE_CLAUSES}
    if any(code.startswith("SCC-") for code in rest):
        return rest
    return rest | {NEW_CLAUSES} if _ADDENDUM in rest else found
