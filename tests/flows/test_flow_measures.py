"""Exposure, concentration, single points and chains: their definitions on small registers."""

from collections.abc import Callable
from datetime import date
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ropa
from ropa.errors import UsageError
from ropa.flows import (
    build_graph,
    list_onward_chains,
    list_single_points,
    list_transfers,
    list_us_transfers,
    list_vendors,
    measure_concentration,
    measure_countries,
    measure_safeguards,
)
from ropa.flows.exposure import TRANSFER_COLUMNS
from ropa.flows.paths import find_cut_off, find_longest_chain
from ropa.register import Register, concat_registers

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
DAY = date(2026, 9, 30)

Maker = Callable[..., Register]


def pick(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def row(activity: int, recipient: str, country: str = "", **more: str) -> dict[str, str]:
    named = {key.replace("_", " ").capitalize(): value for key, value in more.items()}
    return {"Activity ID": f"A{activity}", "Recipient": recipient, "Country": country, **named}


@pytest.fixture(scope="module")
def telephone() -> Register:
    return ropa.load(SAMPLES / "telephone-answering-service.xlsx")


def test_transfers_to_the_united_states_come_in_one_call(telephone: Register) -> None:
    graph = build_graph(telephone, as_of=DAY)
    found = list_us_transfers(graph)
    assert list(found.columns) == list(TRANSFER_COLUMNS)
    assert pick(found, "activity_id", "recipient", "safeguard", "rule", "sheet", "cell") == [
        ("E6", "Mailchimp", "lapsed", "TRF-04", "Recipients", "E2"),
        ("E8", "Google Drive", "none", "TRF-03", "Recipients", "E5"),
        ("E9", "Google Analytics", "none", "TRF-03", "Recipients", "E7"),
    ]
    for name in ("USA", "us", "United States"):
        pd.testing.assert_frame_equal(list_transfers(graph, country=name), found)
    assert pick(list_transfers(graph, country="EU"), "recipient") == [("Google Drive",)]
    assert len(list_transfers(graph)) == 4
    assert list_transfers(graph, country="Ireland").empty
    undated = list_us_transfers(build_graph(telephone))
    assert set(undated["safeguard"]) == {""}


@pytest.mark.parametrize("name", ["Narnia", "India, Ghana"])
def test_a_country_that_is_none_is_refused(telephone: Register, name: str) -> None:
    with pytest.raises(UsageError, match="is no country that is known"):
        list_transfers(build_graph(telephone), country=name)


def test_exposure_counts_each_activity_once(make: Maker) -> None:
    rows = [
        row(1, "Mail House", "India; Ghana"),
        row(1, "Deep Storage", "India"),
        row(2, "Deep Storage", "India", data_categories="Health data"),
        row(3, "Corner Shop", "Narnia"),
    ]
    graph = build_graph(make(rows, [{}] * 4), as_of=DAY)
    found = measure_countries(graph)
    columns = ["country", "country_code", "activities", "activity_share", "special_activities"]
    assert pick(found, *columns, "recipients") == [
        ("India", "IN", 2, 0.5, 1, 2),
        ("Ghana", "GH", 1, 0.25, 0, 1),
        ("Narnia", "", 1, 0.25, 0, 1),
    ]
    # No activity names such data by itself: a share of none is none.
    assert set(found["special_share"]) == {0.0}
    assert pick(list_transfers(graph, country=""), "country") == [("Narnia",)] * 2
    rests = measure_safeguards(graph)
    assert pick(rests, "regime", "safeguard", "activities", "recipients", "countries") == [
        (regime, *counts)
        for regime in ("uk", "eu")
        for counts in (("none", 2, 2, 2), ("unreadable", 1, 1, 1))
    ]


def test_verdicts_need_a_date(telephone: Register) -> None:
    with pytest.raises(UsageError, match="as_of"):
        measure_safeguards(build_graph(telephone))


def test_concentration_is_the_sum_of_squared_shares(make: Maker) -> None:
    rows = [
        row(1, "Mail House", data_categories="Health data"),
        row(2, "MAIL  HOUSE"),
        row(2, "Mail House", "India"),
        row(3, "Mail House"),
        row(1, "Deep Storage"),
        row(2, "Tax office", role="authority"),
        row(4, "TBC"),
    ]
    activities = [{"Data categories": "Health data"}, {}, {}, {}]
    graph = build_graph(make(rows, activities))
    assert pick(list_vendors(graph), "vendor", "activities", "activity_share", "link_share") == [
        ("Mail House", 3, 0.75, 0.75),
        ("Deep Storage", 1, 0.25, 0.25),
    ]
    assert list_vendors(graph)["special_share"].tolist() == [1.0, 1.0]
    (one,) = measure_concentration(graph).to_dict("records")
    assert one["herfindahl"] == pytest.approx(0.75**2 + 0.25**2)
    assert one["effective_vendors"] == pytest.approx(1 / one["herfindahl"])
    assert one["special_herfindahl"] == pytest.approx(0.5)
    assert (one["vendors"], one["links"], one["unnamed"]) == (2, 4, 1)
    assert (one["largest"], one["largest_share"]) == ("Mail House", 0.75)
    others = list_vendors(graph, roles={"authority"})
    assert pick(others, "vendor", "activities") == [("Tax office", 1)]


def test_one_vendor_for_all_is_the_highest_concentration(make: Maker) -> None:
    (one,) = measure_concentration(build_graph(make([row(1, "Mail House")]))).to_dict("records")
    assert (one["herfindahl"], one["effective_vendors"]) == (1.0, 1.0)
    assert isnan(one["special_herfindahl"])


def test_words_that_name_nobody_are_no_vendor(make: Maker) -> None:
    given = [
        row(1, "Contractors", role=""),
        row(1, "Employees", role=""),
        row(1, "Larkmere Ltd", role=""),
        row(1, "Staff agencies of Larkmere", role=""),
        row(2, "Suppliers", role="processor"),
        row(3, "Partners", role=""),
    ]
    graph = build_graph(make(given, [{}, {}, {}]))
    assert pick(list_vendors(graph), "vendor") == [
        *(("Larkmere Ltd",), ("Staff agencies of Larkmere",), ("Suppliers",))
    ]
    assert pick(measure_concentration(graph), "vendors", "unnamed") == [(3, 2)]
    # Others may stand behind such words: only what is named alone is a single point.
    single = list_single_points(graph)
    assert pick(single[single["kind"] == "party"], "name") == [("Suppliers",)]


def test_a_single_point_is_what_an_activity_has_no_other_of(make: Maker) -> None:
    storage = {"role": "sub-processor", "via": "Mail House"}
    rows = [
        row(1, "Mail House", "India"),
        row(2, "Mail House", "India"),
        row(2, "Deep Storage", "Ghana", **storage),
        row(3, "Mail House"),
        row(3, "Deep Storage", **storage),
        row(3, "Corner Shop"),
        row(4, "Mail House"),
        row(4, "TBC"),
        row(5, "Mail House"),
        row(5, "Tax office", "Worldwide", role="authority"),
        row(6, "Deep Storage", "Ghana", **storage),
    ]
    graph = build_graph(make(rows, [{}] * 6))
    assert pick(list_single_points(graph), "activity_id", "kind", "name", "cell") == [
        ("A1", "party", "Mail House", "B2"),
        ("A2", "party", "Mail House", "B3"),
        ("A5", "party", "Mail House", "B10"),
        ("A6", "party", "Mail House", "B12"),
        ("A1", "country", "India", "E2"),
        ("A6", "country", "Ghana", "E12"),
    ]


def test_the_longest_chain_comes_first(make: Maker) -> None:
    rows = [
        row(1, "One"),
        row(1, "Two", via="One"),
        row(2, "One"),
        row(2, "Two", "India", via="One"),
        row(2, "Three", "Ghana; Peru", via="Two"),
        row(2, "Four", via="One"),
        row(3, "One", "Japan"),
    ]
    found = list_onward_chains(build_graph(make(rows, [{}] * 3)))
    assert pick(found, "activity_id", "parties", "chain", "last_countries", "circle") == [
        ("A2", 3, "One > Two > Three", "Ghana; Peru", False),
        ("A1", 2, "One > Two", "", False),
    ]
    assert found["cell"].tolist() == ["B6", "B3"]


def test_a_circle_of_sub_processors_has_an_end(make: Maker) -> None:
    rows = [
        row(1, "One"),
        row(1, "Two", via="One"),
        row(1, "Three", via="Two"),
        row(1, "Two", via="Three"),
        row(1, "Four", via="Three"),
        row(2, "One", via="Two"),
        row(2, "Two", via="One"),
        row(3, "One", via="One"),
    ]
    graph = build_graph(make(rows, [{}] * 3))
    found = list_onward_chains(graph)
    assert pick(found, "activity_id", "parties", "chain", "circle") == [
        ("A1", 3, "One > Three / Two > Four", True),
        ("A2", 1, "One / Two", True),
        ("A3", 1, "One", False),
    ]
    single = list_single_points(graph)
    assert pick(single, "activity_id", "name") == [
        ("A1", "One"),
        ("A2", "One"),
        ("A2", "Two"),
        ("A3", "One"),
    ]


def test_many_ways_round_take_no_time() -> None:
    names = [f"{number:02}" for number in range(40)]
    ways = [(a, b) for a in names for b in names if a != b] + [("", "00"), ("39", "end")]
    assert len(find_longest_chain(ways)) == 2
    assert find_cut_off(ways, "39") == {"end"}
    assert find_longest_chain([]) == ()
    assert find_longest_chain([("", "only")]) == (("only",),)


def test_registers_are_measured_apart(make: Maker) -> None:
    one = make([row(1, "Mail House", "India")], name="one")
    two = make([row(1, "Mail House", "India"), row(1, "Deep Storage", "India")], name="two")
    both = build_graph(concat_registers([one, two]), as_of=DAY)
    for measure in (
        list_transfers,
        measure_countries,
        measure_safeguards,
        list_vendors,
        measure_concentration,
        list_single_points,
    ):
        alone = [measure(build_graph(part, as_of=DAY)) for part in (one, two)]
        found = measure(both)
        pd.testing.assert_frame_equal(found, pd.concat(alone, ignore_index=True))


@pytest.mark.parametrize("rows", [[], [row(1, "Mail House")]], ids=["empty", "no transfers"])
def test_nothing_to_measure_gives_empty_frames(make: Maker, rows: list[dict[str, str]]) -> None:
    graph = build_graph(make(rows), as_of=DAY)
    full = build_graph(make([row(1, "One", "India"), row(1, "Two", via="One")]), as_of=DAY)
    measures: list[Callable[..., pd.DataFrame]] = [
        list_transfers,
        measure_countries,
        measure_safeguards,
        list_onward_chains,
    ]
    if not rows:
        measures += [list_vendors, measure_concentration, list_single_points]
    for measure in measures:
        found = measure(graph)
        assert found.empty
        assert found.dtypes.to_dict() == measure(full).dtypes.to_dict()
