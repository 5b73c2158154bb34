"""Recipients in one cell: a country after a name and a comma is the place of the name."""

import pytest
from made_sheets import recognise_sheets

from ropa.normalise import normalise_registers
from ropa.phrases.seats import list_parties, split_parties
from ropa.workbook.cells import make_sheet


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("Freshdesk, India", ["Freshdesk, India"]),
        ("Freshdesk,India", ["Freshdesk,India"]),
        ("HMRC, Zoom, US, Freshdesk, India", ["HMRC", "Zoom, US", "Freshdesk, India"]),
        ("Zoom, US, India, HMRC", ["Zoom, US, India", "HMRC"]),
        ("Larkmere Ltd, India", ["Larkmere Ltd, India"]),
        # Nothing says whose place it is.
        ("India, Freshdesk", ["India", "Freshdesk"]),
        ("HMRC; India", ["HMRC", "India"]),
        ("HMRC\nIndia", ["HMRC", "India"]),
        # A list of countries.
        ("India, France", ["India", "France"]),
        # Names of people, and words that are no country.
        ("HMRC, Jordan", ["HMRC", "Jordan"]),
        ("HMRC, us", ["HMRC", "us"]),
        ("HMRC, Jersey Post", ["HMRC", "Jersey Post"]),
        ("HMRC, Indian agents", ["HMRC", "Indian agents"]),
        ("HMRC, payroll", ["HMRC", "payroll"]),
    ],
)
def test_a_country_after_a_name_is_no_party(text: str, parties: list[str]) -> None:
    assert list(list_parties(text)) == parties


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "Processors: Payco Ltd, Zoom; Controllers: Larch Ltd",
            ["Processors: Payco Ltd", "Processors: Zoom", "Controllers: Larch Ltd"],
        ),
        (
            "Processors: Payco Ltd, Zoom\nHMRC",
            ["Processors: Payco Ltd", "Processors: Zoom", "HMRC"],
        ),
        (
            "Processors:\n- Payco Ltd\n- Zoom\nControllers:\nLarch Ltd",
            ["Processors: Payco Ltd", "Processors: Zoom", "Controllers: Larch Ltd"],
        ),
        ("- Processors: Payco Ltd, Zoom", ["Processors: Payco Ltd", "Processors: Zoom"]),
        ("Sous-traitants : Payco, Zoom", ["Sous-traitants: Payco", "Sous-traitants: Zoom"]),
        (
            "Processors: Payco Ltd; Authorities: HMRC; Larch Ltd",
            ["Processors: Payco Ltd", "Authorities: HMRC", "Larch Ltd"],
        ),
        (
            "Processors:\nPayco Ltd\nOther recipients:\nHMRC",
            ["Processors: Payco Ltd", "Other recipients:", "HMRC"],
        ),
        (
            "Processors:\nPayco Ltd\nAuthorities: HMRC\nLarch Ltd",
            ["Processors: Payco Ltd", "Authorities: HMRC", "Larch Ltd"],
        ),
        # One of them, or no role of the law.
        ("Processor: Payco Ltd, HMRC", ["Processor: Payco Ltd", "HMRC"]),
        ("Payment processors: Payco, Zoom", ["Payment processors: Payco", "Zoom"]),
        ("Recipients: HMRC, Payco", ["Recipients: HMRC", "Payco"]),
        ("Contact: Legal, HR", ["Contact: Legal", "HR"]),
    ],
)
def test_a_role_before_several_is_that_of_each(text: str, parties: list[str]) -> None:
    assert list(list_parties(text)) == parties


def test_parties_are_listed_once() -> None:
    assert split_parties("HMRC, hmrc, Zoom, US") == ("HMRC", "Zoom, US")


@pytest.mark.parametrize("more", [{}, {"Contract": "C-12"}, {"Role of recipient": "Processor"}])
def test_no_recipient_is_a_country(more: dict[str, str]) -> None:
    row = {"Ref": "A1", "Activity": "Help desk", "Purpose": "Answer questions"}
    row |= {"Data subjects": "Customers", "Data categories": "India, Freshdesk"}
    row |= {"Recipients": "HMRC, Freshdesk, India", **more}
    read = recognise_sheets(make_sheet("Register", [[*row], [*row.values()]]))
    register = normalise_registers({"made": [read]})
    assert {*register.recipients["recipient"]} - {""} == {"HMRC", "Freshdesk, India"}
    assert list(register.data_items["data_category"]) == ["India", "Freshdesk"]
