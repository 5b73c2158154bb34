"""Denials of transfers: what is denied, and how far."""

import pytest

from ropa.phrases.denials import Denial, read_denial
from ropa.vocabulary import read_vocabulary

NOTHING = Denial(denied=False)


def denied(area: str = "", *, limited: bool | None = None, named: str = "") -> Denial:
    codes, only = frozenset(area.split()), frozenset(named.split())
    is_limited = bool(codes or only) if limited is None else limited
    return Denial(denied=True, area=codes, limited=is_limited, named=only)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("None", denied()),
        ("N/A", denied()),
        ("No", denied()),
        ("No transfers", denied()),
        ("not transferred", denied()),
        ("No transfers abroad", denied()),
        ("No personal data is transferred to a third country", denied()),
        ("Aucun transfert", denied()),
        ("None outside the UK and the EEA", denied("GB EEA")),
        (
            "No transfers outside the United Kingdom and the European Economic Area",
            denied("GB EEA"),
        ),
        ("No transfers outside the UK/EEA", denied("GB EEA")),
        ("We do not transfer personal data outside the EEA.", denied("EEA")),
        ("We will not transfer your data outside the UK.", denied("GB")),
        ("Data does not leave the UK", denied("GB")),
        ("Data held in UK data centres. No transfers outside the UK.", denied("GB")),
        ("Pas de transfert hors UE", denied("EU")),
        ("Keine Übermittlung außerhalb der EU", denied("EU")),
        ("No restricted transfers", denied(limited=True)),
        ("No transfers to countries without an adequacy decision", denied(limited=True)),
        ("No transfers to China", denied(named="CN")),
        ("Data not transferred to the US or to India", denied(named="US IN")),
    ],
)
def test_denial(text: str, expected: Denial) -> None:
    assert read_denial(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes",
        "United States",
        "TBC",
        "Some of the recipients are outside the user's home country",
        "May go to other offices and third parties inside or outside the EEA",
        "From time to time outside the EEA, in countries without an adequacy decision",
        "Not transferred outside the EEA without adequate safeguards",
        "No transfers outside the UK except to Mailchimp (US)",
        "No transfers unless the client asks",
        "Data are normally not transferred outside the UK",
        "Transfers to the US. No other transfers.",
        "No information yet",
        "No SCCs needed",
    ],
)
def test_no_denial(text: str) -> None:
    assert read_denial(text) == NOTHING


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("None: servers in the UK", {"GB"}),
        ("None - all data held in the US", {"US"}),
        ("No transfers to the US; transfers to India under SCCs", {"IN"}),
    ],
)
def test_place_beside_a_denial(text: str, beside: set[str]) -> None:
    found = read_denial(text)
    assert not found.denied
    assert found.beside == beside


@pytest.mark.parametrize(
    "name", ["transfer_denials", "occasional_transfers", "adequacy_conditions", "optional_headings"]
)
def test_vocabulary_has_each_term_once(name: str) -> None:
    rows = read_vocabulary(name)
    terms = [row["term"].casefold() for row in rows]
    assert sorted({term for term in terms if terms.count(term) > 1}) == []
    assert all(row["language"] for row in rows)
