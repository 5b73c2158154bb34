"""Countries that the register names in passing, held against what it denies of transfers.

A recipient's own name may say where it is ("Zendesk (US)"), and so may the place where the data are
held ("Google Drive, US servers"). Neither states a transfer: only a denial is measured by them.
"""

from collections.abc import Callable
from datetime import date

import pandas as pd

from ropa.lawbook import Law
from ropa.phrases.columns import map_texts
from ropa.phrases.denials import read_denial
from ropa.phrases.matching import load_matcher
from ropa.phrases.place_names import country_name
from ropa.phrases.places import Place
from ropa.phrases.seats import read_seat, read_store
from ropa.register import Register
from ropa.schema import NOT_LIVE
from ropa.transfers.destinations import judge_destinations
from ropa.transfers.facts import name_place
from ropa.transfers.judgments import judge_distinct, spread_regimes
from ropa.transfers.party_names import split_party

_SAID = ("stated", "unreadable")
_COLUMNS = (
    *("register", "key", "recipient", "country_code", "regime", "subject"),
    *("destination_message", "destination_severity"),
)


def find_contradictions(register: Register, as_of: date, law: Law) -> pd.DataFrame:
    """Find the denials of transfers that a recipient's name or the data's location contradicts.

    Returns
    -------
    DataFrame
        One row an activity, place and regime: ``register``, ``key`` of the activity, ``recipient``
        (empty for the location), ``country_code``, ``regime``, ``subject``,
        ``destination_message`` and ``destination_severity``.
    """
    activities = register.frames["activities"]
    live = activities[~activities["status_code"].isin(NOT_LIVE)]
    silent = live["transfers_state"] == "none"
    silent |= map_texts(live["transfers"], _may_deny).astype(bool)
    denying = live[silent & live["transfers_state"].isin(("none", "stated"))]
    both = pd.concat([_list_recipients(register, denying), _list_stores(denying)])
    if both.empty:
        return pd.DataFrame(columns=list(_COLUMNS))
    rows = both.join(denying.set_index("key")[["transfers", "transfers_state"]], on="activity_key")
    # Nothing is known of what carries the transfer: adequacy alone makes a verdict milder.
    rows = rows.assign(origin="recipients", mechanisms="", state="blank", conditions="")
    rows = rows.assign(vague=False, evidence=False, occasional=False, concluded=None)
    judged = judge_distinct(spread_regimes(rows, register), as_of, law)
    judged = judge_destinations(judged.assign(denying=""), as_of, law)
    found = judged[judged["destination_rule"] == "TRF-11"]
    country = map_texts(found["country_code"], country_name).astype("str")
    place = map_texts(found["country_code"], name_place).astype("str")
    held = "Transfers are denied, and the data are held in " + place + "."
    store = found["recipient"] == ""
    found = found.assign(
        key=found["activity_key"],
        subject=found["recipient"].mask(store, country),
        destination_message=found["destination_message"].mask(store, held),
    )
    return found.drop_duplicates(["key", "subject", "regime"])[list(_COLUMNS)]


def _may_deny(text: str) -> bool:
    denial = read_denial(text)
    return denial.denied or bool(denial.beside)


def _list_recipients(register: Register, denying: pd.DataFrame) -> pd.DataFrame:
    """Return the places of recipients' names, where no row states the country of the recipient."""
    rows = register.frames["recipients"]
    rows = rows[rows["activity_key"].isin(denying["key"])]
    party = map_texts(rows["recipient"], lambda text: split_party(text)[0]).astype("str")
    rows = rows.assign(party=party)
    one = ["activity_key", "party"]
    placed = rows.loc[rows["country_state"].isin(_SAID), one]
    rows = rows[~pd.MultiIndex.from_frame(rows[one]).isin(pd.MultiIndex.from_frame(placed))]
    inside = map_texts(rows["party"], load_matcher("not_third_party").covers).astype(bool)
    rows = rows[~inside & (rows["role_code"] != "internal")]
    return _explode(rows, rows["recipient"], read_seat)


def _list_stores(denying: pd.DataFrame) -> pd.DataFrame:
    """Return the places in which activities hold their data."""
    rows = denying[denying["location_state"] == "stated"]
    rows = rows.assign(activity_key=rows["key"], recipient="")
    return _explode(rows, rows["location"], read_store)


def _explode(
    rows: pd.DataFrame, texts: pd.Series, read: Callable[[str], tuple[Place, ...]]
) -> pd.DataFrame:
    """Return one row for each place; those of one text share their ``key``."""
    places = map_texts(texts, read)
    long = rows.assign(place=places)[places.map(bool).astype(bool)].explode("place")
    return pd.DataFrame(
        {
            "register": long["register"].astype("str"),
            "key": texts.reindex(long.index) + " " + long["key"].astype("str"),
            "activity_key": long["activity_key"],
            "recipient": long["recipient"].astype("str"),
            "country": [place.text for place in long["place"]],
            "country_code": [place.code for place in long["place"]],
            "country_kind": [place.kind for place in long["place"]],
        }
    ).reset_index(drop=True)
