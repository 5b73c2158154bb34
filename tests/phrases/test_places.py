"""Places: what is read exactly, what is said to be unknown, and what is left alone."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ropa.phrases import place_names
from ropa.phrases.places import Place, find_places, read_places
from ropa.vocabulary import read_vocabulary

COUNTRIES = read_vocabulary("countries")
SIGNS = {"unplaced": "?", "unknown": "!"}


def short(places: tuple[Place, ...]) -> str:
    """Return the codes; ``?`` for a place that is not identified, ``!`` for an unknown one."""
    return " ".join(place.code or SIGNS[place.kind] for place in places)


READ = {
    # countries by name, alias and code
    "UK": "GB",
    "uk": "GB",
    "U.K.": "GB",
    "United Kingdom": "GB",
    "the United Kingdom": "GB",
    "Great Britain": "GB",
    "England": "GB",
    "Scotland": "GB",
    "Wales": "GB",
    "Northern Ireland": "GB",
    "England and Wales": "GB",
    "United Kingdom of Great Britain and Northern Ireland": "GB",
    "Ireland": "IE",
    "Republic of Ireland": "IE",
    "Eire": "IE",
    "USA": "US",
    "US": "US",
    "U.S.": "US",
    "u.s.a.": "US",
    "United States of America": "US",
    "mainland USA": "US",
    "Holland": "NL",
    "The Netherlands": "NL",
    "Deutschland": "DE",
    "\u00d6STERREICH": "AT",
    "Vereinigte Staaten": "US",
    "Royaume-Uni": "GB",
    "Stati Uniti": "US",
    "Espa\u00f1a": "ES",
    "Irland": "IE",
    "UAE": "AE",
    "C\u00f4te d\u2019Ivoire": "CI",
    "Cote d'Ivoire": "CI",
    "St. Lucia": "LC",
    "Saint Lucia": "LC",
    "Turkey": "TR",
    "Czech Republic": "CZ",
    "Hong Kong, China": "HK",
    "Bosnia and Herzegovina": "BA",
    "Trinidad & Tobago, Barbados": "TT BB",
    "NA": "NA",
    "NO": "NO",
    "SE, NO, DK": "SE NO DK",
    "DE; FR; USA": "DE FR US",
    "GBR": "GB",
    "Channel Islands": "JE GG",
    "Isle of Man": "IM",
    "Benelux": "BE LU NL",
    # names that hold other names
    "South Africa": "ZA",
    "Niger": "NE",
    "Nigeria": "NG",
    "Guinea": "GN",
    "Guinea-Bissau": "GW",
    "Equatorial Guinea": "GQ",
    "Papua New Guinea": "PG",
    "Dominica": "DM",
    "Dominican Republic": "DO",
    "DR Congo": "CD",
    "Congo, Democratic Republic of the": "CD",
    "Congo (Brazzaville)": "CG",
    "Republic of Korea": "KR",
    "Korea, Republic of": "KR",
    "Korea (Republic of)": "KR",
    "North Korea": "KP",
    "South Sudan": "SS",
    "U.S. Virgin Islands": "VI",
    # lists, fillers, remarks in brackets
    "EU and mainland USA": "EU US",
    "UK & Ireland": "GB IE",
    "USA, India": "US IN",
    "US/UK": "US GB",
    "UK\nIndia": "GB IN",
    "\u2022 UK \u2022 India": "GB IN",
    "UK AND US": "GB US",
    "US (Virginia)": "US",
    "US (Georgia)": "US",
    "Georgia, USA": "US",
    "London, UK": "GB",
    "Dublin, Ireland": "IE",
    "Frankfurt (Germany)": "DE",
    "EU (Frankfurt)": "EU",
    "EU (Ireland, Germany)": "EU IE DE",
    "Ireland (AWS)": "IE",
    "USA (third country)": "US",
    "UK servers": "GB",
    "servers in the United States": "US",
    "hosted in Ireland": "IE",
    "UK-based": "GB",
    "SERVERS IN THE UK": "GB",
    "IT systems in the UK": "GB",
    "UK (not EU)": "GB",
    "EU excluding Hungary": "EU",
    "UK, no transfers": "GB",
    "UK, not hosted in India": "GB",
    "USA (EU-US DPF)": "US",
    "Georgia": "GE",
    "Armenia, Georgia": "AM GE",
    "UK, CA, USA": "GB CA US",
    # groups, organisations, worldwide
    "EU": "EU",
    "European Union": "EU",
    "EU Member States": "EU",
    "EEA": "EEA",
    "EU/EEA": "EEA",
    "EU and EEA": "EEA",
    "European Economic Area": "EEA",
    "EU, EEA, UK": "EU EEA GB",
    "worldwide": "WORLD",
    "Global": "WORLD",
    "European Patent Organisation": "EPO",
    "European Commission": "EUI",
    # third countries that are not identified
    "outside the EEA": "?",
    "outside the UK, EU and Switzerland": "?",
    "inside or outside the EEA": "?",
    "Non-EEA countries": "?",
    "third countries": "?",
    "various": "?",
    "overseas": "?",
    "South America": "?",
    "Asia": "?",
    "Europe": "?",
    "APAC": "?",
    "UK and South America": "GB ?",
    "other offices, inside or outside the EEA": "?",
    "Asia and South America": "? ?",
    "USA, India, etc.": "US IN ?",
    "outside the EEA (USA)": "US",
    "outside the EEA - India": "IN",
    "third countries: US, India": "US IN",
    # not readable
    "Korea": "!",
    "Congo": "!",
    "America": "!",
    "London": "!",
    "Bangalore": "!",
    "Texas": "!",
    "South Atlantic": "!",
    "us": "!",
    "gb": "!",
    "None": "!",
    "n/a": "!",
    "-": "!",
    "not the USA": "!",
    "Google Drive, EU and mainland USA": "! EU US",
    "Mailchimp (USA)": "! US",
    "CA, USA": "! US",
    "San Francisco, CA": "! !",
    "USA; Georgia": "US !",
    "Atlanta, Georgia": "! !",
    "Grmany": "!",
    "UK GDPR": "!",
    "EU-US Privacy Shield": "!",
    "NI": "!",
    "": "",
    "  ": "",
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_a_cell_of_places_is_read(text: str, expected: str) -> None:
    assert short(read_places(text)) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    {
        "Grmany": "Germany",
        "Columbia": "Colombia",
        "London": "United Kingdom",
        "Bangalore": "India",
        "Korea": "South Korea or North Korea",
        "us": "United States",
        "South Atlantic": "",
        "the moon": "",
        "n/a": "",
    }.items(),
)
def test_an_unknown_place_may_have_a_hint_and_never_a_code(text: str, hint: str) -> None:
    (place,) = read_places(text)
    assert place == Place("", "unknown", text, hint)


def test_a_place_says_its_kind_and_its_words() -> None:
    assert read_places("EU and mainland USA; overseas; worldwide; EPO") == (
        Place("EU", "group", "EU"),
        Place("US", "country", "USA"),
        Place("", "unplaced", "overseas"),
        Place("WORLD", "worldwide", "worldwide"),
        Place("EPO", "organisation", "EPO"),
    )


FIND = {
    "own network, UK servers": "GB",
    "Google, servers in the United States": "US",
    "stored on computers in the UK": "GB",
    "CRM, UK servers; back-up at the printer's": "GB",
    "UK servers; Google Drive, EU and mainland USA (no safeguard stated)": "GB EU US",
    'Mailchimp, mainland USA, "EU-US Privacy Shield"': "US",
    "stored in the UK; may go to third parties inside or outside the EEA": "GB ?",
    "to processors outside the UK and the EEA, in countries without an adequacy decision": "?",
    "some recipients are outside the user's home country": "?",
    "Transfers to India and the Philippines under SCCs": "IN PH",
    "transferred to third countries (USA)": "US",
    "transferred to third countries such as India": "? IN",
    "AWS in Ireland": "IE",
    "EU/EEA only": "EEA",
    "Belfast, Northern Ireland": "GB",
    "No data leaves the UK": "GB",
    "not only in the US": "US",
    "India, not the US": "IN",
    "no contract with the supplier in India": "IN",
    "servers in Jordan": "JO",
    "No transfers abroad except to the USA": "US",
    # nothing named, or denied
    "No transfers outside the EEA": "",
    "We do not transfer your data outside of the UK or the EEA": "",
    "data are not stored in the US": "",
    "never sent to third countries": "",
    "compliant with UK GDPR and EU law": "",
    "SCCs and the UK Addendum": "",
    "EU SCCs": "",
    "servers in New Jersey": "",
    "contact us for the list": "",
    "CONTACT US FOR THE LIST": "",
    "Jordan's laptop": "",
    "it is in the office, no back-up": "",
    "various systems": "",
    "IN THE OFFICE": "",
    "Bank of England": "",
    "": "",
}


@pytest.mark.parametrize(("text", "expected"), FIND.items())
def test_places_are_found_in_running_text(text: str, expected: str) -> None:
    assert short(find_places(text)) == expected


def test_every_name_and_code_of_the_data_is_read_as_its_country() -> None:
    wrong = {
        row["term"]: short(read_places(row["term"]))
        for row in COUNTRIES
        if short(read_places(row["term"])) != row["code"]
    }
    # "NI" is Nicaragua to ISO and Northern Ireland to a British register.
    assert wrong == {"NI": "!"}


def test_no_name_stands_for_two_countries() -> None:
    codes = defaultdict(set)
    for row in COUNTRIES:
        if row["kind"] == "name":
            key = " ".join(part.key for part in place_names.cut(row["term"]))
            codes[row["term"].casefold(), key].add(row["code"])
    assert [key for key, found in codes.items() if len(found) > 1] == []


def test_the_country_data_are_complete() -> None:
    two = {row["term"] for row in COUNTRIES if row["kind"] == "alpha2"}
    three = {row["term"] for row in COUNTRIES if row["kind"] == "alpha3"} | {"USA"}
    # 249 countries of ISO 3166-1 and Kosovo, which has a user-assigned code.
    assert len(two) == 250
    assert len(three) == 249
    assert {row["code"] for row in COUNTRIES} == two
    assert {row["language"] for row in COUNTRIES} == {"", "en", "de", "fr", "nl", "it", "es", "da"}


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers(text: str) -> None:
    assert bool(read_places(text)) == bool(text.strip())
    assert all(place.kind != "unknown" for place in find_places(text))


@given(
    st.lists(st.sampled_from([row["term"] for row in COUNTRIES] + list(",;()/&- .")), max_size=8)
)
def test_no_mixture_of_names_and_marks_breaks_the_readers(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for place in (*read_places(text), *find_places(text)):
        assert (place.code == "") == (place.kind in {"unknown", "unplaced"})
