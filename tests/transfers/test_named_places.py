"""Denials of transfers, held against countries that names of recipients and places of data tell."""

import pytest
from made_sheets import recognise_sheets

import ropa
from ropa.normalise import normalise_registers
from ropa.phrases.seats import read_seat, read_store
from ropa.workbook.cells import make_sheet

UK = [["Name", "Larkmere Trust"], ["Regimes", "UK GDPR"]]
ROW = {
    "Ref": "A1",
    "Activity": "Payroll",
    "Purpose": "Pay the staff",
    "Data subjects": "Employees",
    "Data categories": "Bank details",
    "Recipients": "Larkmere Ltd",
    "Transfers": "None",
    "Retention": "6 years",
    "Security": "MFA",
}


def find(**texts: str) -> list[tuple[str, str, str]]:
    """Return of TRF-11 the cell, what it is about, and the severity."""
    row = ROW | {name.replace("_", " "): text for name, text in texts.items()}
    grid = make_sheet("Register", [[*row], [*row.values()]])
    read = recognise_sheets(make_sheet("Organisation", UK), grid)
    register = normalise_registers({"made": [read]})
    found = ropa.audit(register, as_of="2026-09-30", rules=["TRF"]).findings
    assert set(found["rule"]) <= {"TRF-11", "TRF-12"}
    found = found[found["rule"] == "TRF-11"]
    return list(zip(found["cell"], found["subject"], found["severity"], strict=True))


@pytest.mark.parametrize(
    "name",
    [
        "Zendesk (US)",
        "Zendesk (USA)",
        "Zendesk (US-based)",
        "Zendesk (based in the USA)",
        "Zendesk (processor, US)",
        "Larkmere Inc (US parent)",
        "Offshore team in the Philippines",
        "Call centre in India",
        "Support team in Jordan",
        "Otterholt SA (États-Unis)",
        "Larkmere Ltd (India and US)",
        "Freshdesk, India",
    ],
)
def test_a_denial_is_contradicted_by_the_country_of_a_name(name: str) -> None:
    assert find(Recipients=f"HMRC; {name}") == [("G2", name, "high")]
    assert find(Recipients=name, Transfers="No transfers outside the UK") == [("G2", name, "high")]


@pytest.mark.parametrize(
    "name",
    [
        "Larkmere (UK) Ltd",
        "Larkmere (India) Ltd",
        "Larkmere (US) Inc",
        "Georgia Larkmere Ltd",
        "Jersey Post",
        "Larkmere UK",
        "Larkmere Ltd (UK)",
        "Larkmere Ltd (formerly US)",
        "Larkmere Ltd (not in the US)",
        "Larkmere Ltd (US?)",
        "Larkmere Ltd (US clients)",
        "Larkmere Ltd (for US staff)",
        "Larkmere Ltd (contact us)",
        "Larkmere Ltd (UK, US)",
        "Larkmere Ltd (EU)",
        "Bookkeeper (Jordan)",
        "Solicitor (Georgia)",
        "Bank of China",
        "US Embassy",
        "Turkey Red Ltd",
        "Agents for clients in the US",
        "Charities working in Kenya",
        "Made in Italy Ltd",
        "Staff (India)",
    ],
)
def test_a_name_that_only_holds_a_country_contradicts_nothing(name: str) -> None:
    assert find(Recipients=name) == []


@pytest.mark.parametrize("transfers", ["", "USA", "TBC", "None outside the UK and the USA"])
def test_without_a_denial_of_that_country_nothing_is_contradicted(transfers: str) -> None:
    row = {"Recipients": "Zendesk (US)", "Transfers": transfers, "Retention": "6 years"}
    grid = make_sheet("Register", [[*(ROW | row)], [*(ROW | row).values()]])
    read = recognise_sheets(make_sheet("Organisation", UK), grid)
    register = normalise_registers({"made": [read]})
    assert ropa.audit(register, as_of="2026-09-30", rules=["TRF-11"]).findings.empty


def test_an_adequate_country_is_milder() -> None:
    assert find(Recipients="Larkmere (Ireland)") == [("G2", "Larkmere (Ireland)", "low")]
    assert find(Recipients="Larkmere (Ireland)", Transfers="None outside the EEA") == []


def test_the_country_that_a_column_states_comes_first() -> None:
    assert find(Recipients="Zendesk (US)", Recipient_country="UK") == []
    assert len(find(Recipients="Zendesk (US)", Recipient_country="USA")) == 1


def test_a_country_that_is_stated_beside_several_recipients_is_told_once() -> None:
    found = find(Recipients="HMRC; Zendesk (US)", Recipient_country="USA")
    assert [(cell, severity) for cell, _, severity in found] == [("G2", "high")]


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("Google Drive, US servers", ["United States"]),
        ("Cloud hosted in the USA", ["United States"]),
        ("London office; US servers", ["United States"]),
        ("Google Drive (US)", ["United States"]),
        ("UK servers; US backup", []),
        ("US and UK servers", []),
        ("US servers until 2020", []),
        ("Jersey House, Leeds", []),
        ("Chad's laptop", []),
        ("Not in the US", []),
        ("Filing cabinet", []),
    ],
)
def test_a_denial_is_contradicted_by_where_the_data_are(place: str, told: list[str]) -> None:
    found = find(Storage_location=place)
    assert found == [("G2", one, "high") for one in told]


def test_only_countries_are_read() -> None:
    assert [one.code for one in read_seat("Zendesk (US and Ireland)")] == ["US", "IE"]
    assert [one.code for one in read_store("AWS, Ireland")] == ["IE"]
    assert read_seat("Zendesk (worldwide)") == ()
    assert read_store("European servers") == ()
