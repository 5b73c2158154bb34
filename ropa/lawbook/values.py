"""What the law tables answer with: small frozen values, one a row."""

from dataclasses import dataclass
from datetime import date

from ropa.lawbook.tables import Row


def _read_last_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Adequacy:
    """One decision or regulation by which a destination is adequate.

    Attributes
    ----------
    id : str
        Such as ``"EUADQ-US-DPF"``.
    regime : str
        Whose instrument it is: ``"uk"`` or ``"eu"``.
    destination : str
        The country or organisation in words.
    iso2 : str
        ISO 3166-1 alpha-2 code; ``"EEA"``, ``"EPO"`` or ``"EUI"`` (bodies of the Union).
    instrument : str
        Title or number of the instrument.
    valid_from : date
        First day on which it can be relied on.
    valid_to : date or None
        Last such day, None where no end is known.
    coverage : str
        ``"full"``; ``"category"``: only recipients under a named statute; ``"list"``: only a
        recipient on a list, so that it counts only when claimed and evidenced.
    condition : str
        What must be true of the recipient or the data, empty where nothing is asked.
    end_reason, depends_on, note : str
        Why it ended or will end; the instrument with which it falls; anything else.
    source, address : str
        What to cite, and where it can be read.
    """

    id: str
    regime: str
    destination: str
    iso2: str
    instrument: str
    valid_from: date
    valid_to: date | None
    coverage: str
    condition: str
    end_reason: str
    depends_on: str
    note: str
    source: str
    address: str


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One safeguard or derogation on which a transfer can rest.

    Attributes
    ----------
    id : str
        Such as ``"EU-SCC-2021-M2"``.
    regime : str
        Whose instrument it is: ``"uk"`` or ``"eu"``.
    code : str
        Mechanism code of which it is the plainest case.
    name, article, instrument : str
        What it is called, the provision it rests on, the instrument.
    valid_from : date
        First day on which it can be relied on.
    new_contract_until : date or None
        Last day on which it could be concluded, where that came first.
    valid_to : date or None
        Last day on which it can be relied on, None where no end is known.
    end_reason : str
        Why it ended.
    kind : str
        clauses, bcr, code, certification, public, adhoc, derogation or compelling.
    assessment_needed : bool
        Whether the transfer must be assessed too (see ``find_assessment`` for from when).
    evidence, note : str
        What shows that it is in place; anything else.
    source, address : str
        What to cite, and where it can be read.
    """

    id: str
    regime: str
    code: str
    name: str
    article: str
    instrument: str
    valid_from: date
    new_contract_until: date | None
    valid_to: date | None
    end_reason: str
    kind: str
    assessment_needed: bool
    evidence: str
    note: str
    source: str
    address: str


@dataclass(frozen=True, slots=True)
class MechanismCode:
    """What a mechanism as stated in a register can stand for under a regime.

    Attributes
    ----------
    code, name : str
        Such as ``"SCC-2021-M2"``.
    regime : str
        ``"uk"`` or ``"eu"``.
    reading : str
        ``"instrument"``: it names the instruments listed; ``"unidentified"``: one of those listed,
        not said which; ``"adequacy"``: a claim of adequacy in general; ``"other_regime"``: it is
        an instrument of the other regime alone; ``"no_tool"``: no transfer can rest on it.
    instruments : tuple of str
        Ids of adequacy and mechanism rows, of every period.
    """

    code: str
    name: str
    regime: str
    reading: str
    instruments: tuple[str, ...]


def read_adequacy(row: Row) -> Adequacy:
    """Turn a row of the table ``adequacy`` into a value."""
    return Adequacy(
        **{
            **row,
            "valid_from": date.fromisoformat(row["valid_from"]),
            "valid_to": _read_last_day(row["valid_to"]),
        }  # type: ignore[arg-type]  # the columns are the fields, which a test compares
    )


def read_mechanism(row: Row) -> Mechanism:
    """Turn a row of the table ``transfer_mechanisms`` into a value."""
    return Mechanism(
        **{
            **row,
            "valid_from": date.fromisoformat(row["valid_from"]),
            "new_contract_until": _read_last_day(row["new_contract_until"]),
            "valid_to": _read_last_day(row["valid_to"]),
            "assessment_needed": row["assessment_needed"] == "Y",
        }  # type: ignore[arg-type]  # the columns are the fields, which a test compares
    )


def read_code(row: Row) -> MechanismCode:
    """Turn a row of the table ``mechanism_codes`` into a value."""
    instruments = tuple(row["instruments"].split(";")) if row["instruments"] else ()
    return MechanismCode(row["code"], row["name"], row["regime"], row["reading"], instruments)
