"""What goes into a verdict on one transfer, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

SAFEGUARDS: Mapping[str, str] = MappingProxyType(
    {
        "home": "stays inside the regime's own area",
        "adequacy": "adequate in full",
        "adequacy_conditional": "adequate for this recipient, as the record shows",
        "clauses": "standard contractual clauses, Addendum or IDTA",
        "bcr": "binding corporate rules",
        "code": "approved code of conduct",
        "certification": "approved certification",
        "public": "instrument between public bodies",
        "adhoc": "clauses authorised by the regulator",
        "derogation": "derogation of Article 49",
        "adequacy_open": "adequacy on a condition that the record does not show",
        "claimed_adequacy": "adequacy claimed that does not exist",
        "lapsed": "instrument that no longer works",
        "other_regime": "instrument that is none under this regime",
        "clauses_unidentified": "standard contractual clauses of no stated version",
        "words_only": "words that name no instrument",
        "none": "nothing stated",
        "unidentified": "country not identified",
        "unreadable": "cannot be read or is not recorded",
    }
)
"""On what a transfer rests: the closed list of words, each with its meaning."""

ARTICLE_46 = frozenset({"clauses", "bcr", "code", "certification", "public", "adhoc"})
"""Safeguards that are tools of Article 46."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a register says of one transfer, as far as a verdict depends on it.

    Attributes
    ----------
    country : str
        ISO 3166-1 alpha-2 code, ``EU`` or ``EEA``, or an organisation's code; empty for none.
    kind : str
        What the place is, as in the table ``transfers``: ``country``, ``group``, ``organisation``,
        ``worldwide``, ``unplaced``, ``unknown`` (cannot be read) or empty (none stated).
    mechanisms : frozenset of str
        Codes of the instruments that the mechanism and its evidence name.
    state : str
        State of the mechanism cell; ``absent`` where the layout has none.
    vague : bool
        The mechanism cell holds general words only.
    evidence : bool
        Evidence is recorded that says more than yes.
    conditions : frozenset of str
        Countries whose condition of adequacy is named (``CA`` by "PIPEDA").
    occasional : bool
        The transfer is said not to be routine.
    concluded : date or None
        Date of the instrument.
    """

    country: str = ""
    kind: str = "country"
    mechanisms: frozenset[str] = frozenset()
    state: str = "stated"
    vague: bool = False
    evidence: bool = False
    conditions: frozenset[str] = frozenset()
    occasional: bool = False
    concluded: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided on one transfer under one regime.

    Attributes
    ----------
    destination : str
        ``home``, ``adequate``, ``conditional`` (adequate for some recipients only), ``third``,
        ``unidentified`` or ``unreadable``.
    safeguard : str
        One of `SAFEGUARDS`.
    rule : str
        Code of the rule that the safeguard breaks; empty where it breaks none.
    message : str
        What is wrong, in one sentence; empty where nothing is.
    severity : str
        Milder or worse than the rule's own; else empty.
    instrument : str
        Ids of the law's rows on which the transfer rests, joined by a space.
    assessable : bool
        It rests on a tool of Article 46 that asks for an assessment of the transfer.
    compelling : bool
        It rests on compelling legitimate interests, whose safeguards belong in the record.
    """

    destination: str
    safeguard: str
    rule: str = ""
    message: str = ""
    severity: str = ""
    instrument: str = ""
    assessable: bool = False
    compelling: bool = False
