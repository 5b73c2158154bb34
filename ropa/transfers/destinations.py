"""The destination axis: is the country identified (TRF-02), is the transfer denied (TRF-11)."""

from collections.abc import Hashable, Mapping
from datetime import date

import pandas as pd

from ropa.lawbook import Law
from ropa.phrases.columns import map_texts
from ropa.phrases.denials import Denial, read_denial
from ropa.transfers.facts import name_place

_ABROAD = ("adequate", "conditional", "third")
_ADEQUATE = ("adequacy", "adequacy_conditional")
_GROUPS = frozenset({"EU", "EEA"})
_PLAIN = Denial(denied=True)


def judge_destinations(rows: pd.DataFrame, as_of: date, law: Law) -> pd.DataFrame:
    """Add ``destination_rule``, ``destination_message`` and ``destination_severity``.

    Parameters
    ----------
    rows : DataFrame
        One row a transfer and regime, with ``destination``, ``safeguard``, the place, and the
        activity's cell ``transfers`` with its state and, of several, the ``denying`` one.
    as_of : date
        The day.
    law : Law
        The law tables.
    """
    unnamed = _find_unidentified(rows)
    denied = _find_denied(rows, as_of, law)
    beside = rows["origin"] == "recipients"
    who = rows["recipient"].where(rows["recipient"] != "", "a recipient")
    missing = pd.Series("Transfers are stated and the country is not identified.", index=rows.index)
    missing = missing.where(
        ~beside, "A transfer to " + who + " is stated and its country is not identified."
    )
    named = map_texts(rows["country_code"], name_place).astype("str")
    place = rows["country"].where(rows["country_kind"] != "country", named)
    contradiction = "Transfers are denied, and " + who + " is in " + place + "."
    named_own = "Transfers are denied, and " + place + " is named beside."
    contradiction = contradiction.where(beside, named_own)
    milder = denied & rows["safeguard"].isin(_ADEQUATE)
    rule = pd.Series("", index=rows.index).mask(unnamed, "TRF-02").mask(denied, "TRF-11")
    message = pd.Series("", index=rows.index).mask(unnamed, missing).mask(denied, contradiction)
    severity = pd.Series("", index=rows.index).mask(milder, "low")
    return rows.assign(
        destination_rule=rule, destination_message=message, destination_severity=severity
    )


def _find_unidentified(rows: pd.DataFrame) -> pd.Series:
    """Find the rows at which an activity's unidentified transfers are reported, each once.

    Recipients' rows may identify what the activity's own cell states in general ("Yes"), and the
    cell may identify the country of a recipient that states none.
    """
    own = rows["origin"] == "activities"
    unidentified = rows["destination"] == "unidentified"
    abroad = rows["destination"].isin(_ABROAD)
    same = [rows["activity_key"], rows["regime"]]
    beside_abroad = (abroad & ~own).groupby(same).transform("any")
    at_cell = own & unidentified & ~beside_abroad
    cell_reported = at_cell.groupby(same).transform("any")
    cell_open = (own & unidentified).groupby(same).transform("any")
    cell_names = (
        (rows["transfers_state"] == "stated") & ~cell_open & abroad.groupby(same).transform("any")
    )
    at_row = ~own & unidentified & ~cell_reported & ~((rows["country_kind"] == "") & cell_names)
    first = ~rows[at_cell].duplicated(["activity_key", "regime"])
    return at_row | (at_cell & first.reindex(rows.index, fill_value=False))


def _find_denied(rows: pd.DataFrame, as_of: date, law: Law) -> pd.Series:
    """Find recipients abroad of activities that deny such a transfer.

    A country of the activity's own cells contradicts another one of these that says no.
    """
    denying = rows["denying"] != ""
    home = (rows["destination"] == "home").groupby(rows["key"]).transform("any")
    chosen = (
        ((rows["origin"] == "recipients") | denying)
        & rows["destination"].isin(_ABROAD)
        & rows["transfers_state"].isin(("none", "stated"))
        & ~home
    )
    if not chosen.any():
        return chosen
    asked = pd.DataFrame(
        {
            "text": rows["denying"].where(denying, rows["transfers"]),
            "state": rows["transfers_state"].astype("str").mask(denying, "none"),
            "regime": rows["regime"],
            "code": rows["country_code"],
            "adequate": rows["safeguard"].isin(_ADEQUATE),
        }
    )[chosen]
    number = asked.groupby(list(asked.columns), sort=False).ngroup()
    members = law.find_members(as_of)
    answers = [
        _contradicts(_read(row["text"], row["state"], row["regime"], as_of, law), row, members)
        for row in asked.drop_duplicates().to_dict("records")
    ]
    found = pd.Series(answers, dtype=bool).take(number.to_numpy()).set_axis(asked.index)
    return found.reindex(rows.index, fill_value=False)


def _read(text: str, state: str, regime: str, as_of: date, law: Law) -> Denial:
    denial = read_denial(text)
    if denial.denied:
        return denial
    at_home = all(law.domestic(regime, _area(code), as_of) for code in denial.beside)
    if state == "none" or (denial.beside and at_home):
        return _PLAIN
    return denial


def _area(code: str) -> str:
    return "EEA" if code in _GROUPS else code


def _contradicts(denial: Denial, row: "Mapping[Hashable, object]", members: frozenset[str]) -> bool:
    """Tell whether a recipient in a country contradicts a denial."""
    code = str(row["code"])
    if not denial.denied:
        return False
    if denial.named:
        return code in denial.named
    if not denial.limited:
        return True
    inside = code in denial.area or bool(
        denial.area & _GROUPS and (code in members or code in _GROUPS)
    )
    return not inside and not row["adequate"]
