"""Names of parties, as they are compared: words without brackets, and the company's form apart."""

import re

from ropa.phrases.matching import fold, load_matcher
from ropa.phrases.roles import part_label

_BRACKET = re.compile(r"\([^()]*\)")
_NOT_WORD = re.compile(r"[\W_]+")


def read_words(text: str) -> str:
    """Return the words of a text, folded, without punctuation."""
    return _NOT_WORD.sub(" ", fold(text)).strip()


def split_party(text: str) -> tuple[str, str]:
    """Return the words of a party's name, and the form of the company at its end.

    "Larkmere Ltd (Leeds)" is ``("larkmere", "ltd")``, and so is "Processor: Larkmere Ltd". Two
    names are the same party's only where their forms do not differ: "Larkmere Ltd" and "Larkmere
    Inc" are two companies.
    """
    folded = _BRACKET.sub(" ", fold(part_label(text)[1])).strip(" .,")
    end = len(folded)
    for term in reversed(load_matcher("company_form").find(folded)):
        if term.start == 0 or folded[term.end : end].strip(" .,&"):
            break
        end = term.start
    name = read_words(folded[:end]).removeprefix("the ")
    return name, read_words(folded[end:])
