"""What the tables state of each transfer, as columns that a verdict depends on.

A transfer stands beside a recipient, whose row states the mechanism; or in the activity's own cell,
which may name it in passing. The two are never crossed row by row: a country of the activity's own
cell has the instruments of those recipients of the activity that state no country.
"""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from functools import cache

import pandas as pd

from ropa.phrases.columns import Texts, join_texts_by, map_texts
from ropa.phrases.matching import load_matcher
from ropa.phrases.mechanisms import read_mechanisms
from ropa.register import Register
from ropa.schema import GAPS, NOT_LIVE
from ropa.transfers.denying_cells import find_denying_cells
from ropa.transfers.values import Statement

STATED = (
    "country_code",
    "country_kind",
    "mechanisms",
    "state",
    "vague",
    "evidence",
    "conditions",
    "occasional",
    "concluded",
)
"""Columns from which a `Statement` is made; sets are codes joined by a space."""

_BESIDE = ("mechanisms", "state", "vague", "evidence", "conditions", "occasional", "concluded")
_UNIDENTIFIED = ("", "worldwide", "unplaced", "unknown")
_ADEQUACY = frozenset({"ADEQUACY", "DPF"})
_LIST = frozenset({"DPF", "UK-EXTENSION"})
_CLAUSES = ("SCC", "UK-ADDENDUM")
_UNMET = "unmet"
_DATED = "SCC"


def list_live(register: Register) -> pd.DataFrame:
    """Return the transfers of live activities, with the activity's ``transfers`` cell beside.

    Where that is several cells and one of them says no, ``denying`` is its text, else empty.
    """
    activities = register.frames["activities"]
    live = activities[~activities["status_code"].isin(NOT_LIVE)].set_index("key")
    rows = register.frames["transfers"]
    rows = rows[rows["activity_key"].isin(live.index)]
    cells = find_denying_cells(register)
    denying = [cells.get(key, "") for key in rows["activity_key"]]
    rows = rows.assign(denying=pd.Series(denying, index=rows.index, dtype="str"))
    return rows.join(live[["transfers", "transfers_state"]], on="activity_key")


def list_statements(register: Register) -> pd.DataFrame:
    """Return the transfers of live activities with the columns of `STATED`.

    ``mechanisms`` holds the instruments of the mechanism cell, as its evidence specifies them.
    ``assessed`` and ``documented`` tell whether a transfer assessment and evidence of the
    mechanism are recorded (missing where the layout has no such column); ``unpaired`` marks a
    recipient whose country is not identified.
    """
    rows = list_live(register)
    recipients = _read_recipients(register)
    rows = rows.join(recipients, on="recipient_key")
    rows["unpaired"] = (rows["origin"] == "recipients") & rows["country_kind"].isin(_UNIDENTIFIED)
    return _read_own_cells(_add_unpaired(_fill_own(rows, register)))


def _read_recipients(register: Register) -> pd.DataFrame:
    """Return what each recipient's row states, by its key."""
    rows = register.frames["recipients"].set_index("key")
    terms = register.frames["terms"]
    terms = terms[(terms["table"] == "recipients") & (terms["field"] == "transfer_mechanism")]
    named = _join_terms(terms[["key", "code"]]).reindex(rows.index).fillna("")
    evidence, read = Texts.of(rows["mechanism_evidence"]), cache(_read_evidence)
    proofs = evidence.map(lambda text: read(text)[0]).astype("str")
    proven = evidence.test(lambda text: read(text)[1])
    stated = rows["mechanism_evidence_state"] == "stated"
    aside = rows["country"].where(rows["transfer_mechanism_state"].isin(GAPS), "")
    placed = map_texts(aside, _name_mechanisms).astype("str")  # "USA (IDTA)" under the country
    mechanisms = _union(_specify(named, proofs.where(stated, "")), placed)
    columns = ("transfer_mechanism", "mechanism_evidence", "notes")
    conditions = pd.Series("", index=rows.index)
    occasional = pd.Series(data=False, index=rows.index)
    for column in columns:
        conditions = _union(conditions, map_texts(rows[column], _find_conditions))
        occasional |= map_texts(rows[column], _is_occasional).astype(bool)
    unmet = conditions.str.contains(_UNMET)
    return pd.DataFrame(
        {
            "mechanisms": mechanisms,
            "state": rows["transfer_mechanism_state"].astype("str").mask(placed != "", "stated"),
            "vague": rows["transfer_mechanism_vague"],
            "evidence": stated & proven & ~unmet,
            "conditions": conditions.mask(unmet, ""),
            "occasional": occasional,
            "concluded": rows["mechanism_date_on"].where(mechanisms.str.contains(_DATED)),
            "assessed": _is_recorded(rows["transfer_assessment_state"]),
            "documented": _is_recorded(rows["mechanism_evidence_state"]),
        }
    )


def _join_terms(terms: pd.DataFrame) -> pd.Series:
    """Return the codes of each key; most have one, which needs no joining."""
    terms = terms.drop_duplicates()
    several = terms["key"].duplicated(keep=False)
    one = terms[~several].set_index("key")["code"]
    ordered = terms[several].sort_values(["key", "code"])
    joined = join_texts_by(ordered["key"], ordered["code"], " ")
    both: pd.Series = pd.concat([one, joined])
    return both


def _specify(named: pd.Series, evidence: pd.Series) -> pd.Series:
    """Add what the evidence says of the instrument named: which clauses, which list.

    Evidence of another instrument than the one named does not take its place.
    """

    def join(pair: str) -> str:
        first, _, second = pair.partition("|")
        codes, proofs = set(first.split()), second.split()
        if codes & _ADEQUACY:
            codes |= _LIST & set(proofs)
        if any(code == "SCC" or code.startswith("SCC-2021") for code in codes):
            codes |= {code for code in proofs if code.startswith(_CLAUSES)}
        return _join(codes)

    return map_texts(named + "|" + evidence, join).astype("str")


def _is_recorded(states: pd.Series) -> pd.Series:
    recorded = states.isin(("stated", "unreadable")).astype("boolean")
    return recorded.mask(states == "absent")


def _read_evidence(text: str) -> tuple[str, bool]:
    """Return the instruments that evidence names, and whether it says more than yes."""
    found = read_mechanisms(text)
    empty = load_matcher("yes_no").covers(text) or found.none or (found.vague and not found.terms)
    return _join(term.code for term in found.terms), not empty


def _name_mechanisms(text: str) -> str:
    return _join(term.code for term in read_mechanisms(text).terms)


def _find_conditions(text: str) -> str:
    return _join(code for code in load_matcher("adequacy_conditions").find_codes(text) if code)


def _is_occasional(text: str) -> bool:
    return "occasional" in load_matcher("occasional_transfers").find_codes(text)


def _fill_own(rows: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Fill in the rows of the activities' own cells: nothing is stated but what the cell says."""
    offsets = register.frames["offsets"]
    has = offsets[(offsets["table"] == "recipients") & (offsets["field"] == "transfer_mechanism")]
    blank = rows["register"].isin(has["register"])
    state = pd.Series("absent", index=rows.index).mask(blank, "blank")
    empty = {"mechanisms": "", "conditions": "", "vague": False, "evidence": False}
    filled = rows.fillna(empty | {"occasional": False, "state": state})
    flags = ["vague", "evidence", "occasional"]
    return filled.astype(dict.fromkeys(flags, bool))


def _add_unpaired(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the countries of an activity's own cell what its unpaired recipients state."""
    own = rows["origin"] == "activities"
    unpaired = rows[rows["unpaired"] & rows["activity_key"].isin(rows.loc[own, "activity_key"])]
    if unpaired.empty:
        return rows
    pooled = unpaired.groupby("activity_key").agg(
        mechanisms=("mechanisms", _join_sets),
        state=("state", _join_states),
        vague=("vague", "any"),
        evidence=("evidence", "any"),
        conditions=("conditions", _join_sets),
        occasional=("occasional", "any"),
        concluded=("concluded", "min"),
    )
    taken = own & rows["activity_key"].isin(pooled.index)
    rows = rows.copy()
    given = pooled.reindex(rows.loc[taken, "activity_key"]).set_axis(rows.index[taken])
    for column in _BESIDE:
        rows.loc[taken, column] = given[column]
    return rows


def _read_own_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the instruments that the activity's own cell names in passing ("USA (IDTA)").

    They count for its countries, and for a recipient of the activity whose mechanism is a gap.
    """
    open_rows = (rows["origin"] == "activities") | rows["state"].isin(GAPS)
    texts = rows["transfers"].where(open_rows & (rows["transfers_state"] == "stated"), "")
    found = map_texts(texts, read_mechanisms)
    named = found.map(lambda one: _join(term.code for term in one.terms))
    vague = found.map(lambda one: one.vague).astype(bool)
    says = (named != "") | vague
    mechanisms = _union(rows["mechanisms"], named)
    return rows.assign(
        mechanisms=mechanisms,
        vague=(rows["vague"] | vague) & (mechanisms == ""),
        state=rows["state"].mask(says, "stated"),
        occasional=rows["occasional"] | map_texts(texts, _is_occasional).astype(bool),
        conditions=_union(rows["conditions"], map_texts(texts, _find_conditions)),
    )


def _join(codes: Iterable[str]) -> str:
    return " ".join(sorted(set(codes)))


def _join_states(states: pd.Series) -> str:
    """Return the state of several mechanism cells: what cannot be read may be an instrument."""
    held = set(states)
    return next((one for one in ("unreadable", "stated", "absent") if one in held), "blank")


def _join_sets(texts: pd.Series) -> str:
    return _join(code for text in texts for code in text.split())


def _union(first: pd.Series, second: pd.Series) -> pd.Series:
    """Return row by row the union of two columns of codes joined by spaces."""
    pairs = first.astype("str") + " " + second.astype("str")
    return map_texts(pairs, lambda text: _join(text.split())).astype("str")


def make_statement(row: "Mapping[Hashable, object]") -> Statement:
    """Return the `Statement` that the columns of `STATED` hold."""
    return Statement(
        country=str(row["country_code"]),
        kind=str(row["country_kind"]),
        mechanisms=frozenset(str(row["mechanisms"]).split()),
        state=str(row["state"]),
        vague=bool(row["vague"]),
        evidence=bool(row["evidence"]),
        conditions=frozenset(str(row["conditions"]).split()),
        occasional=bool(row["occasional"]),
        concluded=_read_day(row["concluded"]),
    )


def _read_day(day: object) -> date | None:
    """Return the day, if there is one: a missing time is a date to Python, too."""
    return day.date() if isinstance(day, pd.Timestamp) else None
