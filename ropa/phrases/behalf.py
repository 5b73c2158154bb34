"""On whose behalf something is done: the words by which a processor's record gives itself away."""

import re
from functools import cache

from ropa.phrases.matching import Matcher, build_matcher, fold
from ropa.vocabulary import read_vocabulary

# A name begins with a capital; the article of "the Client" does not make one.
_NAME = re.compile(
    r"[\s'\u2019]*(?:the |our |its |la |le |les |der |die |den |dem |het |de )?"
    r"[A-Z0-9\u00c0-\u00de]"
)

_NEAR = 200
"""Characters after the phrase in which whoever is meant is named."""


@cache
def _phrase() -> re.Pattern[str]:
    terms = sorted((row["term"] for row in read_vocabulary("on_behalf")), key=len, reverse=True)
    joined = "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in terms)
    return re.compile(rf"(?<!\w)(?:{joined})(?=[\s'\u2019\w])", re.IGNORECASE)


@cache
def _clients() -> Matcher:
    return build_matcher((row["term"], "client") for row in read_vocabulary("client_words"))


def acts_for_others(text: str) -> bool:
    """Tell whether a purpose is pursued on behalf of somebody who is named, or of clients.

    "Payroll on behalf of Some Ltd" is; "donations on behalf of members" is not.
    """
    for found in _phrase().finditer(text):
        rest = text[found.end() : found.end() + _NEAR]
        if _NAME.match(rest):
            return True
        named = _clients().find(rest)
        if named and len(fold(rest)[: named[0].start].split()) <= 2:  # noqa: PLR2004 - "the", "our"
            return True
    return False
