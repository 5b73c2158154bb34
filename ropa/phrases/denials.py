"""Denials of transfers: "No transfers outside the UK and the EEA".

A denial may be plain, limited to an area, limited to restricted transfers, or speak of some
countries only. The words are ``vocabulary/transfer_denials.csv`` and, before "none",
``vocabulary/transfer_labels.csv``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ropa.phrases.matching import Term, fold, load_matcher
from ropa.phrases.places import find_places
from ropa.phrases.states import read_state

_SENTENCES = re.compile(r"[;\n]|[.!](?=\s|$)")
_OPENING = re.compile(
    r"\W*(?:none|nil|no(?=\W*(?:outside|beyond|$|[,:(-]))|n(?=\s*(?:$|[,:(])|\s+-)|n/?a"
    r"|not applicable)\b"
)
# What follows a word such as "keine" that denies a transfer only by itself: "Keine." "Keine, ...".
_AFTER_OPENING = re.compile(r"\s*(?:$|[,:(]|- )")
_LABELS = "transfer_labels"
_DENIALS = frozenset({"denial", "leaves", "restricted"})


@dataclass(frozen=True, slots=True)
class Denial:
    """What a text denies of transfers.

    Attributes
    ----------
    denied : bool
        The text says that data are not transferred, and nothing else.
    area : frozenset of str
        Country or group codes of the area outside which nothing is transferred; empty where the
        text names none.
    limited : bool
        The denial covers less than every transfer: an area is named, or restricted transfers.
    named : frozenset of str
        The only codes that the denial speaks of ("no transfers to China"); empty for all.
    beside : frozenset of str
        Codes of the places named beside a denial ("None: servers in the UK"). With them nothing is
        denied, unless they lie at home, which a text does not tell.
    """

    denied: bool
    area: frozenset[str] = frozenset()
    limited: bool = False
    named: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()


_NO_DENIAL = Denial(denied=False)


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    terms: tuple[Term, ...]
    opens: bool

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(term.code for term in self.terms)

    @property
    def denies(self) -> bool:
        return self.opens or bool(self.codes & _DENIALS)


def read_denial(text: str) -> Denial:
    """Read a cell that may deny transfers.

    A conditional or hedged denial ("not transferred without safeguards", "normally not") is none,
    nor is one beside which a place is named that it does not speak of.

    Parameters
    ----------
    text : str
        The cell as typed, e.g. ``"None outside the EEA"``.

    Returns
    -------
    Denial
        A bare "None" or "N/A" is a plain denial.
    """
    sentences = [_cut(part) for part in _SENTENCES.split(text) if part.strip()]
    denying = [one for one in sentences if one.denies]
    if not denying or any("exception" in one.codes for one in sentences):
        return _NO_DENIAL
    area = _unite(_read_area(one) for one in denying)
    named = frozenset[str]() if area else _unite(_read_named(one) for one in denying)
    beside = _unite(_read_codes(one.text) for one in sentences) - area
    codes = _unite(one.codes for one in denying)
    limited = bool(area or named or codes & {"restricted", "outside", "leaves"})
    return Denial(denied=not beside, area=area, limited=limited, named=named, beside=beside)


def _unite(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def _cut(text: str) -> _Sentence:
    terms = load_matcher("transfer_denials").find(text)
    folded = fold(text)
    opens = _OPENING.match(folded) is not None or read_state(text) == "none"
    opens = opens or _answers_label(folded)
    return _Sentence(text, terms, opens or _opens_so(folded, terms))


def _answers_label(folded: str) -> bool:
    """Tell whether a text asks by a label and answers "none": "Third countries: none"."""
    label, colon, answer = folded.partition(":")
    if not colon or read_state(answer) != "none" or not load_matcher(_LABELS).covers(label):
        return False
    return "inside" not in load_matcher(_LABELS).find_codes(label)


def _opens_so(folded: str, terms: tuple[Term, ...]) -> bool:
    """Tell whether a bare "keine" or "aucun" leads the text, alone or with the area after it."""
    if not terms or terms[0].code != "opening" or folded[: terms[0].start].strip(" \"'(*-"):
        return False
    end = terms[0].end
    area = [term for term in terms[1:2] if term.code == "outside"]
    if area and not folded[end : area[0].start].strip():
        return True
    return _AFTER_OPENING.match(folded, end) is not None


def _tail(sentence: _Sentence, codes: frozenset[str]) -> str:
    """Return the text after the first of some terms that stands at or after the denial."""
    folded = fold(sentence.text)
    starts = [term.start for term in sentence.terms if term.code in _DENIALS]
    start = min(starts, default=0)
    ends = [term.end for term in sentence.terms if term.code in codes and term.start >= start]
    if not ends:
        return ""
    # Folding keeps words and their order, so that the tail of the typed text has as many words:
    # names such as "US" count in capitals only.
    count = len(folded[min(ends) :].split())
    return " ".join(sentence.text.split()[-count:]) if count else ""


def _read_codes(text: str) -> frozenset[str]:
    return frozenset(place.code for place in find_places(text) if place.code)


def _read_area(sentence: _Sentence) -> frozenset[str]:
    return _read_codes(_tail(sentence, frozenset({"outside", "leaves"})))


def _read_named(sentence: _Sentence) -> frozenset[str]:
    return _read_codes(_tail(sentence, frozenset({"toward"})))
