"""In whose capacity a grid is kept: what its sheet's name, its title and its columns say of it.

A processor's record (Article 30(2)) may have columns that the law asks of a controller only, such
as the people concerned or a time limit. What tells the two apart for certain is a name that says
so, or the heading "categories of processing carried out on behalf of each controller".
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from ropa.phrases.matching import Matcher, build_matcher, fold, load_matcher
from ropa.recognise.pages import Page
from ropa.recognise.recognition import Heading
from ropa.recognise.terms import is_term
from ropa.vocabulary import read_vocabulary

PROCESSOR = "processor"

_LONGEST = 120
_TITLE_CELLS = 2
_CONTROLLERS = frozenset({"purpose", "lawful_basis", "data_subjects", "retention"})
# A copy of a sheet: "Article 30 (2)" is the second "Article 30".
_COPY = re.compile(r"\s+\([0-9]+\)$")
_WORD = (
    r"(?:abs|absatz|par|para|paragraph|paragraphe|paragrafo|apartado|comma|co|lid|stk|stykke)\b"
    r"\.?\s*"
)
_LINK = r"[\s,;/&+-]*(?:(?:and|or|und|oder|et|ou|y|e|o|en|of|og|eller)\b)?\s*(?:30[\s.]*)?"
_CITED = re.compile(
    rf"(?:\bart(?:icle|icles|ikel|icolo|iculo|\u00edculo|s)?\b\.?\s*|\b)30"
    rf"(?P<list>[\s.,]*(?:{_WORD}\(?[12]\b|\([12]\))|\.[12]\b(?![.]\d))"
    rf"(?P<more>(?:\)?{_LINK}(?:{_WORD})?\(?[12]\b)*)"
)
_APART = re.compile(r"[\s()\[\]_:|]+|\s-\s")


def find_role(page: Page, first_row: int, own: Sequence[Heading]) -> str:
    """Return the role that a grid tells by itself: ``"processor"``, or empty where it is open.

    Parameters
    ----------
    page : Page
        The top of the sheet.
    first_row : int
        First row of the headings; its titles stand above.
    own : sequence of Heading
        The mapped headings of the activities.
    """
    fields = {one.field for one in own}
    if "role" in fields or "lawful_basis" in fields:
        return ""
    clients = "on_behalf_of" in fields
    said = read_titles(page, first_row)
    if said == "article" or (said and clients):
        return PROCESSOR
    plain = not fields & _CONTROLLERS
    named = "purpose" not in fields and any(_says_on_behalf(one) for one in own)
    return PROCESSOR if clients and (plain or named) else ""


def read_titles(page: Page, first_row: int) -> str:
    """Return how a sheet's name or its titles say that the record is a processor's.

    Returns
    -------
    str
        ``"article"`` for Article 30(2), ``"word"`` for "processor record", empty where they say
        neither, or speak of a controller's record as well.
    """
    texts = (_COPY.sub("", page.sheet.name), *_list_titles(page, first_row))
    folded = [fold(text) for text in texts if len(text) <= _LONGEST]
    cited = {number for text in folded for number in _list_paragraphs(text)}
    words = [" ".join(_APART.split(text)) for text in folded]
    codes = {code for text in words for code in load_matcher("processor_record").find_codes(text)}
    if "1" in cited or "controller" in codes:
        return ""
    if "2" in cited:
        return "article"
    return "word" if PROCESSOR in codes else ""


def _list_paragraphs(folded: str) -> set[str]:
    """Return the paragraphs of Article 30 that a title cites."""
    return {
        number
        for found in _CITED.finditer(folded)
        for number in re.findall(r"(?<!\d)[12](?!\d)", found["list"] + found["more"])
    }


def _list_titles(page: Page, first_row: int) -> Iterator[str]:
    """Yield the texts above the headings, as far up as no table stands there."""
    for row in range(first_row - 1, 0, -1):
        cells = [text for _, text in page.cells(row)]
        if len(cells) > _TITLE_CELLS:
            return
        yield from cells


def _says_on_behalf(heading: Heading) -> bool:
    """Tell whether a heading names the activities by the words of Article 30(2)(b)."""
    name = (heading.table, heading.field)
    known = name == ("activities", "activity") and is_term(heading.text, "activities")
    return known == "activities.activity" and _behalf().holds(heading.text)


@cache
def _behalf() -> Matcher:
    return build_matcher((row["term"], "behalf") for row in read_vocabulary("on_behalf"))
