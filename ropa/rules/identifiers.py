"""DAT: online identifiers that are said to be no personal data."""

import re

import pandas as pd

from ropa.phrases.lists import split_list
from ropa.phrases.matching import Term, fold, load_matcher
from ropa.phrases.negation import find_denied
from ropa.rules.case import Case, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits

_ITEMS = "data_items"
_SENTENCE = re.compile(r"[;\n]|[.!?](?=\s|$)")
# What may stand between an identifier and the denial before it: "anonymous cookies",
# "anonymous data such as IP addresses".
_BEFORE = {
    "adjective": re.compile(r"[\s:(\"'-]*(?:(?:the|our|all|any)\b\s*)*"),
    "noun": re.compile(r"\s*(?:[:(-]|,? (?:such as|including|like|namely|e\.g\.|i\.e\.))[\s:]*"),
}
_JOINED = re.compile(r"(?:\b(?:and|or|plus|with)|[,&+/])\s*$")
_OPENS_NOUN = re.compile(r"\s+(?!and\b|or\b|for\b|to\b|by\b|in\b|as\b|because\b|since\b|so\b)\w")


def list_sheet_items(case: Case) -> pd.DataFrame:
    """Return the data items that stand in rows of their own under controllers' activities."""
    items = case.data_items
    return items[(items["origin"] == "sheet") & ~items["processor"]]


@rule("DAT-04", roles="C", severity="medium", duty="law")
def identifiers_denied(case: Case) -> pd.DataFrame:
    """Find IP addresses, cookies or device identifiers that are called anonymous or non-personal.

    Not where no identifier is named, nor where it is said to be truncated or made anonymous.

    Why it matters
    --------------
    An online identifier that singles a person out is personal data: all duties apply to it. Records
    that deny this tend to lack a basis, a period and a safeguard.

    Remedy
    ------
    Treat the identifier as personal data, or say how and when it is truncated or deleted.

    References
    ----------
    GDPR Art 4(1), recitals 26, 30. Court of Justice, C-582/14.
    """
    message = "An online identifier is said to be anonymous or no personal data."
    rows = case.controller_rows
    parts = []
    said = [load_matcher("identifier_denial")]
    for field in ("data_categories", "notes"):
        denied = satisfies(read_column(rows, field), _denies_identifier, holding=said)
        parts.append(make_hits(rows[denied], field, message))
    items = list_sheet_items(case)
    named = read_column(items, "data_category")
    items = items[satisfies(named, _denies_identifier, holding=said)]
    subject = items["data_category"]
    parts.append(make_hits(items, "data_category", message, table=_ITEMS, subject=subject))
    return join_hits(parts)


def _denies_identifier(text: str) -> bool:
    """Tell whether one item or sentence of the text names an identifier and denies that it is one.

    What is said of one item of a list is not held against another.
    """
    parts = (part for item in split_list(text) for part in _SENTENCE.split(item))
    return any(_denies_its_own(part) for part in parts)


def _denies_its_own(part: str) -> bool:
    folded = fold(part)
    found = load_matcher("data_category").find(folded)
    identifiers = [term for term in found if term.code == "identifier"]
    if not identifiers:
        return False
    said = load_matcher("identifier_denial").find(folded)
    if any(term.code == "process" for term in said):
        return False
    return any(
        _refers(folded, identifier, one)
        for one in set(said) - find_denied(folded, said)
        for identifier in identifiers
    )


def _refers(folded: str, identifier: Term, denial: Term) -> bool:
    """Tell whether the words of denial are said of the identifier."""
    if denial.end <= identifier.start:
        between = folded[denial.end : identifier.start]
        return denial.code in _BEFORE and bool(_BEFORE[denial.code].fullmatch(between))
    if denial.start < identifier.end or denial.code == "predicate":
        return True
    # "Cookies and anonymous statistics": the adjective belongs to the other noun.
    if _JOINED.search(folded[identifier.end : denial.start]):
        return False
    return denial.code == "noun" or _OPENS_NOUN.match(folded[denial.end :]) is None
