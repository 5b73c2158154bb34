"""What a breach, the loss of a vendor and the loss of an instrument reach."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import ropa
from ropa.errors import UsageError
from ropa.flows import build_graph, reach_breach, reach_instrument, reach_loss
from ropa.flows.reach import REACH_COLUMNS
from ropa.register import Register
from ropa.what_if import change_law, find_fallen

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
DAY = date(2026, 9, 30)
COMPANY = "Contact centre services company (sample)"

Maker = Callable[..., Register]
Counts = dict[str, tuple[int, int]]


def group(found: pd.DataFrame) -> dict[str, Counts]:
    """Return kind to name (of an activity its id) to the two counts."""
    assert list(found.columns) == list(REACH_COLUMNS)
    told: dict[str, Counts] = {}
    for _, kind, one, name, *counts in found.itertuples(index=False, name=None):
        told.setdefault(kind, {})[one or name] = (counts[0], counts[1])
    return told


@pytest.fixture(scope="module")
def register(make: Maker) -> Register:
    rows = [
        {"Recipient": "Mail House", "Country": "India", "Data categories": "Name; postcode"},
        {"Recipient": "Deep Storage", "Via": "Mail House", "Country": "Ghana"},
        {"Recipient": "Cold Storage", "Via": "Deep Storage", "Country": "India"},
        {"Recipient": "Corner Shop", "Country": "Ghana"},
        {"Activity ID": "A2", "Recipient": "mail  house"},
        {"Activity ID": "A3", "Recipient": "Deep Storage", "Via": "Mail House"},
        {"Activity ID": "A4", "Recipient": "Deep Storage"},
    ]
    activities = [
        {"Data subjects": "Tenants; callers"},
        {
            "Role": "processor",
            "On behalf of": "Aldermoss Water plc",
            "Data subjects": "Callers",
            "Data categories": "Health data; Name",
        },
        {},
        {},
    ]
    return make(rows, activities)


def test_a_breach_reaches_what_the_party_holds(register: Register) -> None:
    told = group(reach_breach(build_graph(register), "MAIL house"))
    assert told == {
        "activity": {"A1": (1, 0), "A2": (1, 1), "A3": (1, 0)},
        "data subjects": {
            "callers": (2, 1),
            "Newsletter subscribers": (1, 0),
            "Tenants": (1, 0),
        },
        "data category": {
            "Name": (3, 1),
            "consent log": (1, 0),
            "email address": (1, 0),
            "Health data": (1, 1),
            "postcode": (1, 0),
        },
        "controller": {COMPANY: (2, 0), "Aldermoss Water plc": (1, 1)},
    }


def test_a_breach_at_a_sub_processor_leads_back_to_the_activities(register: Register) -> None:
    told = group(reach_breach(build_graph(register), "Cold Storage"))
    assert told["activity"] == {"A1": (1, 0)}
    assert set(told) == {"activity", "data subjects", "data category", "controller"}


def test_a_loss_cuts_off_those_who_get_data_through_the_party(register: Register) -> None:
    told = group(reach_loss(build_graph(register), "Mail House"))
    assert told["activity"] == {"A1": (1, 0), "A2": (1, 1), "A3": (1, 0)}
    assert told["recipient"] == {"Deep Storage": (2, 0), "Cold Storage": (1, 0)}
    # Ghana still receives data through the shop.
    assert told["country"] == {"India": (1, 0)}


def test_a_loss_cuts_off_nobody_who_has_another_way(make: Maker) -> None:
    rows = [
        {"Recipient": "One", "Country": "India"},
        {"Recipient": "Two", "Via": "One"},
        {"Recipient": "Two", "Via": "Three"},
        {"Recipient": "Three", "Country": "India"},
        {"Recipient": "TBC", "Via": "One"},
    ]
    told = group(reach_loss(build_graph(make(rows)), "One"))
    assert set(told) == {"activity", "data subjects", "data category", "controller"}


@pytest.mark.parametrize("name", ["Nobody Ltd", "", "recipient not named", COMPANY, "India"])
def test_a_party_that_is_none_is_refused(make: Maker, name: str) -> None:
    graph = build_graph(make([{"Recipient": "TBC", "Country": "India"}]))
    for reach in (reach_breach, reach_loss):
        with pytest.raises(UsageError) as caught:
            reach(graph, name)
        assert "\n" not in str(caught.value)


def test_an_instrument_reaches_the_transfers_that_fall_without_it() -> None:
    register = ropa.load(SAMPLES / "clean.xlsx")
    before = ropa.audit(register, as_of=DAY, rules=["TRF-03"])
    for instrument in ("EUADQ-US-DPF", "UKADQ-EEA", "UK-ADDENDUM"):
        law = change_law(before.law, [f"end {instrument} {DAY}"])
        after = ropa.audit(register, as_of=DAY, law=law, rules=["TRF-03"])
        fallen = find_fallen(before, after)
        assert len(fallen)
        told = group(reach_instrument(register, instrument, as_of=DAY))
        assert set(told["activity"]) == set(fallen["activity_id"])
        assert set(told["recipient"]) == set(fallen["recipient"]) - {""}
        assert set(told["country"]) == set(fallen["country"])


def test_an_instrument_that_nothing_rests_on_reaches_nothing(make: Maker) -> None:
    register = make([{"Recipient": "Mail House", "Country": "India"}])
    found = reach_instrument(register, "EUADQ-US-DPF", as_of=DAY)
    written = reach_instrument(register, "EUADQ-US-DPF", as_of=DAY.isoformat())
    pd.testing.assert_frame_equal(found, written)
    with pytest.raises(UsageError, match="the end of EUADQ-US-DPF: 'soon' is no date"):
        reach_instrument(register, "EUADQ-US-DPF", as_of="soon")
    assert found.empty
    assert list(found.columns) == list(REACH_COLUMNS)
    for instrument in ("EUADQ-NONE", "EUADQ-US-SH"):
        with pytest.raises(UsageError):
            reach_instrument(register, instrument, as_of=DAY)
