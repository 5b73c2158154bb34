"""Vendors whose own public terms say where the companies that provide their services sit."""

import re
from dataclasses import dataclass
from functools import cache

from ropa.phrases.denials import read_denial
from ropa.phrases.matching import Matcher, build_matcher, fold, load_matcher
from ropa.phrases.places import find_places
from ropa.transfers.facts import holds_country
from ropa.vocabulary import read_vocabulary

_TABLE = "vendors"
_ASIDE = re.compile(r"(?<!\s)\s*(?:\(([^()]*)\)|: (.*)| - (.*))$")
_DOUBTS = ("company_form", "historical_mention", "undone")


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor that a text names.

    Attributes
    ----------
    name : str
        Its usual name.
    countries : tuple of str
        ISO 3166-1 alpha-2 codes of every country in which a company sits that, by the vendor's
        terms, provides the service to customers in Europe or everywhere.
    """

    name: str
    countries: tuple[str, ...]


@cache
def _list_vendors() -> dict[str, Vendor]:
    return {
        row["code"]: Vendor(row["code"], tuple(row["country"].split(";")))
        for row in read_vocabulary(_TABLE)
    }


def find_vendor(text: str) -> Vendor | None:
    """Return the vendor that a recipient's name is the name of.

    The whole name must be the vendor's, or one of its services'; an aside may follow ("Mailchimp
    (newsletter)") that names no place, no company and nothing past. "Google Ireland Limited" is a
    company of its own, and "Zoom training agency" is none of these.
    """
    aside = _ASIDE.search(text)
    head = text[: aside.start()] if aside else text
    if aside and _is_doubtful(aside[1] or aside[2] or aside[3] or ""):
        return None
    matcher = load_matcher(_TABLE)
    terms = matcher.find(head)
    if len(terms) != 1 or fold(head).strip(" .,") != terms[0].text.strip(" .,"):
        return None
    return _list_vendors()[terms[0].code]


def _is_doubtful(aside: str) -> bool:
    return bool(find_places(aside)) or bool(load_matcher(*_DOUBTS).find(aside))


@cache
def _match_words(code: str) -> Matcher:
    rows = [(row["term"], code) for row in read_vocabulary(_TABLE) if row["code"] == code]
    return build_matcher(rows)


def says_where(text: str, vendor: Vendor, members: frozenset[str]) -> bool:
    """Tell whether a cell says where a vendor gets the data.

    It names, or limits transfers to an area that holds, a country in which the vendor sits; or it
    names the vendor and a place.

    Parameters
    ----------
    text : str
        A cell of the activity on transfers or on where data are held.
    vendor : Vendor
        The vendor.
    members : frozenset of str
        Members of the EEA on the day.
    """
    places = find_places(text)
    codes = frozenset(place.code for place in places) | read_denial(text).area
    if any(holds_country(codes, country, members) for country in vendor.countries):
        return True
    return bool(places) and _match_words(vendor.name).holds(text)
