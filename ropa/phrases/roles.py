"""Roles, regimes and the state of an activity: cells of a few fixed words."""

import re

from ropa.phrases.lists import split_list
from ropa.phrases.matching import Term, fold, load_matcher
from ropa.phrases.negation import find_denied
from ropa.phrases.places import read_places

_JOINT = re.compile(
    r"(?:controllers?|responsables? d[eu] traitement|verantwortlicher?|"
    r"verwerkingsverantwoordelijken?|titolare(?: del trattamento)?|responsable del tratamiento|"
    r"dataansvarlige?)\s*[(,-]\s*"
    r"(?:joint(?:ly)?|conjoints?|gemeinsam|gezamenlijk|congiunto|conjunto|f\u00e6lles)\)?"
    r"(?!\s*(?:data\s+)?control)"
)
_BRACKETED = re.compile(r"\bgdpr\s*\((?P<regime>uk|eu)\)")
_CAPACITIES = frozenset({"processor", "sub-processor", "joint controller", "controller"})
_ASIDE = re.compile(r"\s*[([](?P<said>[^()[\]]*)[)\]]\s*\Z")
_DASH = re.compile(r"\s[-\u2013\u2014]\s")
_COMMA = re.compile(r"[,;]")
_APART = re.compile(r"[/,;&+()]|\b(?:and|or|et|ou|und|oder|sowie|en|ed?|o|y|u|og|eller)\b")
_REMARK = re.compile(r"\([^()]*\)")
_BULLETS = " \t-*\u2022\u00b7"
_PLURAL = frozenset({"", "s"})  # of "processor(s)"
# One of several capacities that says more than the other beside it.
_NARROWER = {
    frozenset({"processor", "sub-processor"}): "sub-processor",
    frozenset({"authority", "controller"}): "authority",
}


def read_role(text: str) -> tuple[str, ...]:
    """Read in which role the organisation acts.

    A sub-processor is a processor for its own record (Article 30(2) GDPR). That a client is
    controller, or that a processor acts for one, makes nobody else a controller.

    Returns
    -------
    tuple of str
        ``controller``, ``joint controller``, ``processor``, each once, in the order of the text;
        several where the text says so ("data controller/processor"), empty where it says nothing.
    """
    return tuple(dict.fromkeys(term.code for term in _find(_join(text), "role")))


def read_recipient_role(text: str) -> str:
    """Read in which capacity a recipient acts.

    Returns
    -------
    str
        ``processor``, ``sub-processor``, ``joint controller``, ``controller``, ``authority``,
        ``internal`` or ``other``; "" where the text says none, or several that differ.
    """
    codes = frozenset(term.code for term in _find(_join(text), "recipient_role"))
    codes = codes - {"other"} or codes
    if codes in _NARROWER:
        return _NARROWER[codes]
    return next(iter(codes)) if len(codes) == 1 else ""


def read_own_role(name: str) -> str:
    """Read the capacity that a recipient's name gives itself: "Larkmere Ltd (processor)".

    The role stands by itself: in brackets at the end, alone or beside a country; before a colon; or
    before or after a dash. Words that only hold it ("Larkmere Payment Processors Ltd", "payment
    processor"), that doubt it or that say more of it are none.

    Returns
    -------
    str
        ``processor``, ``sub-processor``, ``joint controller``, ``controller``; "" where the name
        tells none, or where a list tells several.
    """
    if not load_matcher("recipient_role", "role_short").find(_join(name)):
        return ""  # as of most names: to read them costs much more
    items = split_list(name)
    codes = {_read_own_role(one) for one in (name, *items)} - {""}
    return codes.pop() if len(codes) == 1 and _read_own_role(name) else ""


def part_label(name: str) -> tuple[str, str]:
    """Part a name from the capacity before its colon: "Processors: Larkmere Ltd".

    Returns
    -------
    tuple of str
        The words before the colon, as typed, and the name, which may be ""; the former are "" where
        they are no capacity.
    """
    label, rest = _split_label(name)
    told = label and _is_role(label) and read_recipient_role(label) in _CAPACITIES
    return (label, rest) if told else ("", name)


def _split_label(name: str) -> tuple[str, str]:
    label, colon, rest = name.lstrip(_BULLETS).partition(":")
    return (label.strip(), rest.strip()) if colon else ("", name)


def _read_own_role(name: str) -> str:
    rest, said = " ".join(name.split()), []  # a long run of blanks would be tried from each
    while found := _ASIDE.search(rest):
        said += [one for one in _COMMA.split(found["said"]) if not _is_place(one)]
        rest = rest[: found.start()]
    before, behind = _split_label(rest)
    if before and behind:
        label, rest = [before], behind
    else:
        first, *others = _DASH.split(rest)
        label = [one for one in (first, *others[-1:]) if others and _is_role(one)]
        rest = " ".join(one for one in (first, *others) if one not in label)
    said += [one for one in label if _is_role(one)]
    if not said or not fold(rest) or "?" in "".join(said):
        return ""
    if _is_role(rest) and read_recipient_role(rest) in _CAPACITIES:
        return ""
    codes = {read_recipient_role(one) if _is_role(one) else "" for one in said}
    return codes.pop() if len(codes) == 1 and codes <= _CAPACITIES else ""


def read_capacity(heading: str) -> str:
    """Read the capacity that a heading gives all that stand below it: "Processors used".

    Returns
    -------
    str
        As `read_recipient_role`; "" also where others may stand below it ("Recipients and
        processors"). Of processors and sub-processors nobody is said to be the latter.
    """
    text = _REMARK.sub(
        lambda aside: aside[0] if read_recipient_role(aside[0]) else " ", _join(heading)
    )
    parts = [one for part in _APART.split(text) if (one := part.strip()) not in _PLURAL]
    labels = load_matcher("contact_labels")
    said = {one: read_recipient_role(one) for one in parts}
    codes = {code for one, code in said.items() if code or not labels.covers(one)}
    if codes == {"processor", "sub-processor"}:
        return "processor"
    return codes.pop() if len(codes) == 1 else ""


def _is_role(text: str) -> bool:
    return load_matcher("recipient_role", "role_short", "not_role").covers(_join(text))


def _is_place(text: str) -> bool:
    places = read_places(text)
    return bool(places) and all(place.code for place in places)


def read_regimes(text: str) -> frozenset[str]:
    """Read which regimes a text names: ``uk``, ``eu``, both or none.

    "GDPR" alone names neither. "UK" and "EU" count where the text holds nothing but regimes.
    """
    folded = _BRACKETED.sub(r"\g<regime> gdpr", fold(text))
    short = load_matcher("regime", "regime_short")
    matcher = short if short.covers(folded) else load_matcher("regime")
    found = matcher.find(folded)
    denied = find_denied(folded, found)
    codes = {term.code for term in found if term not in denied}
    return frozenset({"uk", "eu"}) if "both" in codes else frozenset(codes)


def read_status(text: str) -> str:
    """Read whether an activity is ``live``, ``ended`` or ``proposed``.

    Returns
    -------
    str
        "" where the text says none of them, or several.
    """
    folded = fold(text)
    found = load_matcher("status").find(folded)
    if find_denied(folded, found):
        return ""
    codes = {term.code for term in found}
    return codes.pop() if len(codes) == 1 else ""


def _join(text: str) -> str:
    """Put "controller (joint)" in the usual order."""
    return _JOINT.sub("joint controller", fold(text).replace("_", " "))


def _find(text: str, vocabulary: str) -> list[Term]:
    # "Responsable" alone names the controller; "responsable des achats" is somebody's post.
    short = load_matcher(vocabulary, "role_short", "not_role")
    matcher = short if short.covers(text) else load_matcher(vocabulary, "not_role")
    found = matcher.find(text)
    terms = [term for term in found if term.code != "none"]
    denied = find_denied(text, terms)
    return [term for term in terms if term not in denied]
