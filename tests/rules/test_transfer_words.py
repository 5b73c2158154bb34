"""Ordinary words for transfers: denials in a few words, and places with their instruments."""

import pytest
from made_sheets import recognise_sheets

import ropa
from ropa.normalise import normalise_registers
from ropa.phrases.denials import read_denial
from ropa.phrases.places import find_places, read_places
from ropa.register import Register
from ropa.workbook.cells import make_sheet

RECORD = {
    "ID": "A1",
    "Activity": "Payroll",
    "Role": "Controller",
    "Purpose": "Pay staff",
    "Lawful basis": "Contract",
    "Data subjects": "Staff",
    "Data categories": "Bank details",
    "Recipients": "Larkmere Ltd",
    "Retention": "6 years after employment ends",
    "Security measures": "Encryption",
}
DENIALS = [
    "Not outside the UK",
    "No personal data transferred outside the UK",
    "No data shared outside the UK",
    "Nothing outside EEA",
    "Nothing leaves the UK",
    "Third countries: none",
    "International transfers: N/A",
    "Drittländer: keine",
    "No transfers outside the UK",
]
PLACED = [
    ("EU \u2013 adequacy", "EU"),
    ("EU - adequacy decision", "EU"),
    ("US \u2013 DPF certified", "US"),
    ("US - IDTA", "US"),
    ("USA, Data Bridge", "US"),
    ("US - UK Addendum", "US"),
    ("Data remains in the UK", "GB"),
    ("Not applicable (UK)", "GB"),
]


def read(**given: str) -> Register:
    record = RECORD | {name.replace("_", " "): text for name, text in given.items()}
    sheet = make_sheet("R", [[*record], [*record.values()]])
    contacts = make_sheet("Organisation", [["Name", "Northby Trust"], ["Regimes", "UK GDPR"]])
    return normalise_registers({"made": [recognise_sheets(contacts, sheet)]})


def find(register: Register) -> set[str]:
    found = ropa.audit(register, as_of="2026-09-30", rules=["TRF", "GOV-08"]).findings
    return set(found["rule"])


@pytest.mark.parametrize("text", DENIALS)
def test_a_denial_is_none(text: str) -> None:
    assert read_denial(text).denied
    register = read(Transfers=text, Transfer_mechanism="")
    assert register.activities["transfers_state"].tolist() == ["none"]
    assert set(register.recipients["country_state"]) <= {"none", "blank", "absent"}
    assert find(register) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Data remains in the US",
        "Transfers: none; backups in India",
        "USA. Safeguards: none",
        "not only outside the UK",
        "Nothing outside the UK except India",
        "Purpose: none",
        "Sent outside the UK",
    ],
)
def test_other_words_deny_nothing(text: str) -> None:
    assert not read_denial(text).denied


@pytest.mark.parametrize(("text", "code"), PLACED)
def test_an_instrument_beside_a_place_is_no_place(text: str, code: str) -> None:
    assert [place.code for place in read_places(text)] == [code]
    assert [place.code for place in find_places(text)] == [code]


@pytest.mark.parametrize(
    "text", ["EU - US Privacy Shield", "EU-US DPF", "SCCs", "IDTA", "Somewhere"]
)
def test_an_instrument_alone_is_no_country(text: str) -> None:
    assert [(place.kind, place.code) for place in read_places(text)] == [("unknown", "")]


@pytest.mark.parametrize(("text", "code"), PLACED)
def test_a_place_with_its_instrument_is_safeguarded(text: str, code: str) -> None:
    register = read(Transfers=text, Transfer_mechanism="")
    assert set(register.frames["transfers"]["country_code"]) == {code}
    assert not find(register) & {"GOV-08", "TRF-02", "TRF-03"}


def test_an_instrument_is_read_under_the_recipients_country() -> None:
    def judge(country: str) -> set[str]:
        return find(read(Recipient_country=country, Transfers="Yes", Transfer_mechanism=""))

    assert "TRF-03" in judge("USA")
    assert not judge("USA - IDTA") & {"GOV-08", "TRF-02", "TRF-03"}
    assert "TRF-04" in judge("USA (Privacy Shield)")


def test_a_denial_under_the_recipients_country_is_none() -> None:
    register = read(Recipient_country="No transfers outside the UK", Transfers="None")
    assert set(register.recipients["country_state"]) == {"none"}
    assert find(register) == set()
