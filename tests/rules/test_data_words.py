"""The vocabularies of data and people: what a word stands for, and what it does not stand for."""

import pytest

from ropa.lawbook import load_law
from ropa.phrases.matching import load_matcher
from ropa.vocabulary import read_vocabulary

SENSITIVE = {
    "Racial or ethnic origin": {"special:ethnic_origin"},
    "Race": {"special:ethnic_origin"},
    "Political opinions": {"special:political"},
    "Religion or belief": {"special:religion"},
    "Trade-union membership": {"special:trade_union"},
    "Union dues taken from pay": {"special:trade_union"},
    "Genetic data": {"special:genetic"},
    "Fingerprints for the door": {"special:biometric"},
    "Facial recognition template": {"special:biometric"},
    "Occupational health reports": {"special:health"},
    "Sickness absence; fit notes": {"special:health"},
    "Donn\u00e9es de sant\u00e9": {"special:health"},
    "Gesundheitsdaten": {"special:health"},
    "Sex life; sexual orientation": {"special:sex_life"},
    "Special category data": {"special:unspecified"},
    "Lateral flow results": {"special:health"},
    "Hearing test results": {"special:health"},
    "Substance misuse": {"special:health"},
    "OH reports": {"special:health"},
    "SEND records": {"special:health"},
    "Baptism records": {"special:religion"},
    "EDI monitoring forms": {"special:unspecified"},
    "Protected characteristics": {"special:unspecified"},
    "Union subs": {"special:trade_union"},
    "Criminal-offence data": {"criminal"},
    "DBS certificates": {"criminal"},
    "Alleged offences": {"criminal"},
}

HARMLESS = [
    "Nationality; sex; photograph; CCTV; call recordings; bank details",
    "Health and safety training",
    "Health insurance number",
    "Race day tickets; race results",
    "Credit union; European Union nationality; students' union membership",
    "Biometric residence permit; biometric passport",
    "Politically exposed person check",
    "Contact at a criminal law firm",
    "No special category data",
    "Health data: none",
    "Absence records without the reason",
    "Browser fingerprint",
    "A statement made in good faith",
    "Gender; language; date of birth",
    "Cash flow results; penetration test results",
    "Court hearing records",
    "Misuse of the network",
    "Oh dear, a report",
    "Email send records; records we send",
    "EDI data; EDI messages for invoices",
    "Characteristics of the product; protected files",
    "Credit union subs; students' union subscriptions; European Union subsidies",
    "Accident records",
]


@pytest.mark.parametrize(("text", "codes"), SENSITIVE.items(), ids=list(SENSITIVE))
def test_sensitive_data_are_recognised(text: str, codes: set[str]) -> None:
    assert _find_sensitive(text) == codes


@pytest.mark.parametrize("text", HARMLESS)
def test_other_data_are_not_sensitive(text: str) -> None:
    assert _find_sensitive(text) == set()


def _find_sensitive(text: str) -> set[str]:
    codes = load_matcher("data_category").find_codes(text)
    return {code for code in codes if code.startswith(("special:", "criminal"))}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Employees; former employees", {"employee", "former_employee"}),
        ("Clients' employees", {"business_contact"}),
        ("Job applicants", {"applicant"}),
        ("School pupils aged 13 to 17", {"child"}),
        ("Parents of children", {"parent"}),
        ("Customers of any kind", {"customer"}),
        ("Customers' clients; service users", {"customer"}),
        ("Website visitors", {"website_visitor"}),
        ("Adults at risk", {"vulnerable"}),
        ("No children", {"exclude"}),
    ],
)
def test_people_are_told_apart(text: str, codes: set[str]) -> None:
    assert load_matcher("data_subject").find_codes(text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("IP address; session cookies", {"identifier"}),
        ("Truncated IP address", {"exclude"}),
        ("Name; email", {"contact"}),
        ("Location data", {"location"}),
        ("Username, login", {"account"}),
    ],
)
def test_ordinary_data_have_kinds(text: str, codes: set[str]) -> None:
    assert load_matcher("data_category").find_codes(text) == codes


@pytest.mark.parametrize("name", ["data_category", "data_subject"])
def test_each_code_is_explained_once(name: str) -> None:
    rows = read_vocabulary(name)
    explained = [row["code"] for row in rows if row["note"]]
    assert sorted(explained) == sorted({row["code"] for row in rows})


def test_conditions_are_those_of_the_law() -> None:
    law = load_law()
    known = {row["id"] for row in law.rows("annex_1")}
    assert {row["code"] for row in read_vocabulary("annex_1")} == known
    partly = {row["id"] for row in law.rows("schedule_1") if row["policy_document"] == "partly"}
    assert {row["code"] for row in read_vocabulary("policy_carve_out")} == partly
