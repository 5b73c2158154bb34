"""The law as a value: frozen, repeatable, and what would be if an instrument ended."""

import dataclasses
import pickle
import subprocess
import sys
from datetime import date

import pandas as pd
import pytest

from ropa.errors import UsageError
from ropa.lawbook import Law, load_law

LAW = load_law()
NOW = date(2026, 9, 30)


def test_ending_takes_what_depends_on_it_along() -> None:
    law = LAW.ending("EUADQ-US-DPF", on="2026-12-01")
    last, first = date(2026, 11, 30), date(2026, 12, 1)
    for regime, code in (("eu", "DPF"), ("uk", "UK-EXTENSION")):
        assert law.find_adequacy(regime, "US", last) is not None
        assert law.find_adequacy(regime, "US", first) is None
        assert law.mechanism_end(regime, code) == last
        assert LAW.find_adequacy(regime, "US", first) is not None
    assert law.ended == (("EUADQ-US-DPF", "2026-11-30"), ("UKADQ-US", "2026-11-30"))
    assert first in law.change_dates()
    assert first not in LAW.change_dates()


def test_ending_a_dependent_leaves_its_support() -> None:
    law = LAW.ending("UKADQ-US", on=date(2026, 12, 1))
    assert law.find_adequacy("uk", "US", date(2026, 12, 1)) is None
    assert law.find_adequacy("eu", "US", date(2026, 12, 1)) is not None


def test_ending_before_the_dependent_began_leaves_it_without_a_day() -> None:
    law = LAW.ending("EUADQ-US-DPF", on="2023-09-01")
    assert law.find_adequacy("uk", "US", date(2023, 10, 12)) is None
    assert law.find_adequacy("uk", "US", NOW) is None


def test_ending_a_mechanism_and_then_another() -> None:
    law = LAW.ending("UK-IDTA", on="2027-01-01").ending("EUADQ-GB-3", on="2027-06-01")
    assert law.find_mechanisms("uk", "IDTA", date(2027, 1, 1)) == ()
    assert law.find_adequacy("eu", "GB", date(2027, 6, 1)) is None
    assert law.find_adequacy("eu", "GB", date(2027, 5, 31)) is not None
    assert law == LAW.ending("EUADQ-GB-3", on="2027-06-01").ending("UK-IDTA", on="2027-01-01")


@pytest.mark.parametrize(
    ("instrument", "on", "words"),
    [
        ("EUADQ-US-DFP", "2026-12-01", "EUADQ-US-DPF"),
        ("euadq-us-dpf", "2026-12-01", "EUADQ-US-DPF"),
        ("?", "2026-12-01", "no instrument"),
        ("EUADQ-US-DPF", "1 December 2026", "2026-12-01"),
        ("EUADQ-US-DPF", "20261201", "2026-12-01"),
        ("EUADQ-US-DPF", "2026-02-30", "no date"),
        ("EUADQ-US-DPF", "2023-07-10", "begins on 2023-07-10"),
        ("EUADQ-US-PS", "2026-12-01", "its last day is 2020-07-15"),
    ],
)
def test_ending_refuses(instrument: str, on: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        LAW.ending(instrument, on=on)
    assert "\n" not in str(caught.value)


def test_hash_is_of_the_facts() -> None:
    ended = LAW.ending("EUADQ-US-DPF", on="2026-12-01")
    assert len(LAW.sha256) == 64
    assert LAW.sha256 == load_law().sha256 == Law().sha256
    assert len({LAW.sha256, ended.sha256, LAW.ending("UK-IDTA", on="2026-12-01").sha256}) == 3


def test_hash_is_the_same_in_another_process() -> None:
    code = "from ropa.lawbook import load_law; print(load_law().sha256)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == LAW.sha256


def test_nothing_can_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        LAW.ended = ()  # type: ignore[misc]
    row = LAW.rows("adequacy")[0]
    with pytest.raises(TypeError):
        row["valid_to"] = "2026-01-01"  # type: ignore[index]
    frame = LAW.table("adequacy")
    frame.loc[:, "id"] = "changed"
    assert "changed" not in set(LAW.table("adequacy")["id"])
    found = LAW.find_adequacy("eu", "CH", NOW)
    assert found is not None
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.valid_to = NOW  # type: ignore[misc]


def test_it_travels_to_other_processes() -> None:
    law = LAW.ending("EUADQ-US-DPF", on="2026-12-01")
    copy = pickle.loads(pickle.dumps(law))  # noqa: S301  # our own bytes
    assert copy == law
    assert copy.sha256 == law.sha256


def test_frames_hold_days() -> None:
    frame = LAW.table("adequacy").set_index("id")
    assert frame.loc["EUADQ-US-DPF", "valid_from"] == pd.Timestamp("2023-07-10")
    assert "EUADQ-US-DPF" in frame.index[frame["valid_to"].isna()]
    assert len(frame) == len(LAW.rows("adequacy"))


def test_instruments_of_a_day() -> None:
    found = set(LAW.instruments("2022-12-28")["id"])
    assert {"UK-OLD-SCC", "EU-SCC-2021-M1", "UKADQ-KR", "UK-IDTA"} <= found
    assert not {"EU-SCC-2010", "EUADQ-US-DPF", "EUADQ-US-PS"} & found
    assert set(LAW.instruments(date(2026, 9, 30))["regime"]) == {"uk", "eu"}
    with pytest.raises(UsageError):
        LAW.instruments("yesterday")


def test_wrong_questions() -> None:
    with pytest.raises(UsageError, match="regime"):
        LAW.find_adequacy("fr", "US", NOW)
    with pytest.raises(KeyError):
        LAW.rows("constitution")
    with pytest.raises(KeyError):
        LAW.find_code("uk", "HANDSHAKE")


def test_import_is_light() -> None:
    code = (
        "import sys, ropa.lawbook as l; l.load_law().sha256; "
        "print(sorted({'pandas', 'pyarrow', 'numpy', 'rapidfuzz'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_shows_itself() -> None:
    text = LAW.ending("EUADQ-US-DPF", on="2026-12-01")._repr_html_()
    assert "EUADQ-US-DPF, last day 2026-11-30" in text
    assert LAW.version in text
