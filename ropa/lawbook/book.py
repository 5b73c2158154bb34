"""The law as one frozen value, and every question that depends on a regime and a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from ropa.errors import UsageError
from ropa.lawbook.endings import find_last_days, read_day
from ropa.lawbook.periods import digest, find_lender, list_lasting, list_own, list_rows
from ropa.lawbook.tables import (
    DATES,
    KEYS,
    Row,
    find_key,
    format_day,
    is_applicable,
    list_changes,
    read_table,
    read_version,
)
from ropa.lawbook.values import (
    Adequacy,
    Mechanism,
    MechanismCode,
    read_adequacy,
    read_code,
    read_mechanism,
)

if TYPE_CHECKING:
    import pandas as pd

_EEA = "EEA"


@dataclass(frozen=True, slots=True)
class Law:
    """The dated law tables as they stand, or as they would stand if an instrument ended.

    Two laws are equal when they hold the same facts. A regime is ``"uk"`` or ``"eu"``; a day is a
    `datetime.date`. Every look-up answers for that one day.

    Attributes
    ----------
    ended : tuple of (str, str)
        Instruments that are taken to end, with their last day. Empty in the law as it stands.
    """

    ended: tuple[tuple[str, str], ...] = ()

    @property
    def version(self) -> str:
        """Day on which the tables were last brought up to date, as ISO text."""
        return read_version()

    @property
    def sha256(self) -> str:
        """SHA-256 of the facts as they now are, in hexadecimal; the same on every machine."""
        return digest(self.ended)

    def rows(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table: read-only mappings of column to text.

        Raises
        ------
        KeyError
            There is no such table.
        """
        return list_rows(self.ended, table)

    def table(self, name: str) -> "pd.DataFrame":
        """Return a table as a frame: one row a fact, text columns, days as ``datetime64``.

        Raises
        ------
        KeyError
            There is no such table.
        """
        return _to_frame([dict(row) for row in self.rows(name)])

    def ending(self, instrument: str, *, on: date | str) -> "Law":
        """Return the law as it would be if an instrument ended.

        Parameters
        ----------
        instrument : str
            Id of a row of ``adequacy`` or ``transfer_mechanisms``. What depends on it falls too.
        on : date or str
            First day on which it cannot be relied on; its last day is the one before.

        Raises
        ------
        UsageError
            There is no such instrument or date, or it is not in force on the day before.

        Examples
        --------
        >>> law = load_law().ending("EUADQ-US-DPF", on="2026-12-01")
        >>> law.find_adequacy("uk", "US", date(2026, 12, 1)) is None
        True
        """
        rows = (*self.rows("adequacy"), *self.rows("transfer_mechanisms"))
        last_days = find_last_days(rows, instrument, read_day(on, f"the end of {instrument}"))
        return Law(tuple(sorted({**dict(self.ended), **last_days}.items())))

    def instruments(self, as_of: date | str) -> "pd.DataFrame":
        """Return the instruments on which a transfer can rest on a day.

        Returns
        -------
        DataFrame
            One row an instrument: id, regime, kind (``adequacy`` or the mechanism's), name,
            instrument, valid_from, valid_to, condition, source, address. The United Kingdom's
            reading of the EU rows until the end of 2020 is not repeated.
        """
        day = format_day(read_day(as_of, "the day"))
        found = []
        for table in ("adequacy", "transfer_mechanisms"):
            for row in self.rows(table):
                if is_applicable(row, day):
                    kind, name = row.get("kind", "adequacy"), row.get("name", "")
                    shown = {"kind": kind, "name": name or row["destination"]}
                    shown |= {"condition": row.get("condition", "")}
                    found.append({**row, **shown})
        columns = ["id", "regime", "kind", "name", "instrument", "valid_from", "valid_to"]
        return _to_frame(found)[[*columns, "condition", "source", "address"]]

    def change_dates(self) -> tuple[date, ...]:
        """Return the days on which any table says something else than on the day before."""
        changes = set[date]()
        for table in KEYS:
            changes |= list_changes(self.rows(table))
        return tuple(sorted(changes))

    def find_rows(self, table: str, regime: str, on: date) -> tuple[Row, ...]:
        """Return the rows of a table that apply under a regime on a day.

        Until the end of 2020 the United Kingdom reads, besides its own rows, those of the Union
        whose key it has no row for.
        """
        day = format_day(on)
        own = list_own(self.ended, table, _check(regime), day)
        lender, until = find_lender(regime)
        if not lender or day > until:
            return own
        taken = {find_key(table, row) for row in own}
        lent = list_own(self.ended, table, lender, day)
        return own + tuple(row for row in lent if find_key(table, row) not in taken)

    def is_regime_in_force(self, regime: str, on: date) -> bool:
        """Tell whether a regime asks for a record (Article 30) on a day.

        Before that only adequacy and transfer mechanisms are judged.
        """
        periods = list_own(self.ended, "regime_periods", _check(regime), format_day(on))
        return any(row["record_duty"] == "Y" for row in periods)

    def find_members(self, on: date) -> frozenset[str]:
        """Return the countries of the European Economic Area on a day.

        Territories with a country code of their own are included, and the United Kingdom until
        the end of its transition period.
        """
        day = format_day(on)
        rows = self.rows("eea_membership")
        return frozenset(row["country"] for row in rows if is_applicable(row, day))

    def domestic(self, regime: str, country: str, on: date) -> bool:
        """Tell whether data that go to a country stay inside the regime's own area."""
        for row in list_own(self.ended, "regime_periods", _check(regime), format_day(on)):
            home = row["home"].split(";")
            if country in home or (_EEA in home and country in self.find_members(on)):
                return True
        return False

    def find_adequacy(self, regime: str, country: str, on: date) -> Adequacy | None:
        """Return the one instrument by which a country is adequate, if there is any.

        Parameters
        ----------
        country : str
            ISO 3166-1 alpha-2 code, or the code of an organisation (``"EPO"``, ``"EUI"``).
        """
        codes = (country, _EEA) if country in self.find_members(on) else (country,)
        rows = self.find_rows("adequacy", regime, on)
        found = sorted((row for row in rows if row["iso2"] in codes), key=_prefer_own_code)
        return read_adequacy(found[0]) if found else None

    def find_adequacy_history(self, regime: str, country: str) -> tuple[Adequacy, ...]:
        """Return every instrument by which a country was or is adequate, the earliest first.

        Under ``uk`` the instruments of the Union count until the end of 2020.
        """
        spans = [row for row in self.rows("eea_membership") if row["country"] == country]
        rows = [
            row
            for row in list_lasting(self.ended, "adequacy", _check(regime))
            if row["iso2"] == country
            or (row["iso2"] == _EEA and any(_is_overlapping(row, span) for span in spans))
        ]
        return tuple(read_adequacy(row) for row in sorted(rows, key=lambda row: row["valid_from"]))

    def find_code(self, regime: str, code: str) -> MechanismCode:
        """Return what a mechanism code can stand for under a regime.

        Raises
        ------
        KeyError
            There is no such code.
        """
        return _index_codes()[_check(regime), code]

    def find_mechanisms(self, regime: str, code: str, on: date) -> tuple[Mechanism, ...]:
        """Return the mechanisms that a code can stand for and that work on a day.

        Adequacy is no mechanism: compare ``find_adequacy(...).id`` with
        ``find_code(...).instruments``.
        """
        instruments, day = self.find_code(regime, code).instruments, format_day(on)
        return tuple(
            read_mechanism(row)
            for row in list_lasting(self.ended, "transfer_mechanisms", regime)
            if row["id"] in instruments and is_applicable(row, day)
        )

    def mechanism_end(self, regime: str, code: str) -> date | None:
        """Return the last day on which anything that a code stands for can be relied on.

        None where something has no known end, and where the code stands for nothing.
        """
        instruments = self.find_code(regime, code).instruments
        ends = [
            row["valid_to"]
            for table in ("adequacy", "transfer_mechanisms")
            for row in list_lasting(self.ended, table, regime)
            if row["id"] in instruments
        ]
        return date.fromisoformat(max(ends)) if ends and all(ends) else None

    def is_basis_available(self, regime: str, point: str, on: date) -> bool:
        """Tell whether a lawful basis such as ``"6(1)(ea)"`` exists on a day."""
        return any(row["point"] == point for row in self.find_rows("lawful_bases", regime, on))

    def find_provision(self, rule: str, regime: str, on: date, *, party: str = "") -> str:
        """Return the provision that a rule rests on, such as ``"UK GDPR Art 30(1)(f)"``.

        Parameters
        ----------
        rule : str
            Code of the rule, such as ``"RET-01"``.
        party : str
            ``"processor"`` for a processor's record, where another provision may apply.

        Returns
        -------
        str
            Empty where the rule does not apply under that regime on that day.
        """
        day, index = format_day(on), _index_provisions()
        for one in dict.fromkeys((party, "")):
            for row in index.get((_check(regime), rule, one), ()):
                if is_applicable(row, day):
                    return row["provision"]
        return ""

    def find_assessment(self, regime: str, on: date) -> str:
        """Return what the assessment of a transfer is called; empty before there was one."""
        rows = self.find_rows("transfer_assessments", regime, on)
        return "; ".join(row["name"] for row in rows)

    def find_authority(self, regime: str, on: date) -> str:
        """Return the name of the supervisory authority; empty where none is known."""
        rows = self.find_rows("authority_names", regime, on)
        return "; ".join(row["name"] for row in rows)

    def find_stale_citations(self, regime: str, on: date) -> tuple[Row, ...]:
        """Return the terms that cite law which is repealed or replaced on a day."""
        day = format_day(on)
        rows = self.find_rows("stale_citations", regime, on)
        return tuple(row for row in rows if row["repealed_from"] <= day)

    def _repr_html_(self) -> str:
        counts = "".join(
            f"<tr><td>{name}</td><td>{len(self.rows(name))}</td></tr>" for name in KEYS
        )
        ended = "".join(f"<p>Taken to end: {one}, last day {day}.</p>" for one, day in self.ended)
        head = f"<p><b>Law tables</b>, brought up to date on {self.version}.</p>{ended}"
        return f"{head}<table><tr><th>table</th><th>rows</th></tr>{counts}</table>"


def load_law() -> Law:
    """Return the law as it stands in the tables."""
    return Law()


def _check(regime: str) -> str:
    if regime not in {"uk", "eu"}:
        raise UsageError(f"there is no regime {regime!r}: it is 'uk' or 'eu'")
    return regime


@cache
def _index_codes() -> Mapping[tuple[str, str], MechanismCode]:
    codes = (read_code(row) for row in read_table("mechanism_codes"))
    return {(code.regime, code.code): code for code in codes}


@cache
def _index_provisions() -> Mapping[tuple[str, str, str], tuple[Row, ...]]:
    index: dict[tuple[str, str, str], tuple[Row, ...]] = {}
    for row in read_table("provisions"):
        key = (row["regime"], row["rule"], row["party"])
        index[key] = (*index.get(key, ()), row)
    return index


def _prefer_own_code(row: Row) -> bool:
    return row["iso2"] == _EEA


def _is_overlapping(one: Row, other: Row) -> bool:
    first = max(one["valid_from"], other["valid_from"])
    return all(not row["valid_to"] or first <= row["valid_to"] for row in (one, other))


def _to_frame(rows: list[dict[str, str]]) -> "pd.DataFrame":
    import pandas as pd  # heavy, and only notebooks ask for frames

    frame = pd.DataFrame(rows)
    days = [column for column in frame.columns if column in DATES]
    return frame.assign(**{day: pd.to_datetime(frame[day], format="%Y-%m-%d") for day in days})
