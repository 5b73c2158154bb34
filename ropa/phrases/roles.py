"""Roles, regimes and the state of an activity: cells of a few fixed words."""

import re

from ropa.phrases.matching import Term, fold, load_matcher
from ropa.phrases.negation import find_denied

_JOINT = re.compile(
    r"(?:controllers?|responsables? d[eu] traitement|verantwortlicher?|"
    r"verwerkingsverantwoordelijken?|titolare(?: del trattamento)?|responsable del tratamiento|"
    r"dataansvarlige?)\s*[(,-]\s*"
    r"(?:joint(?:ly)?|conjoints?|gemeinsam|gezamenlijk|congiunto|conjunto|f\u00e6lles)\)?"
    r"(?!\s*(?:data\s+)?control)"
)
_BRACKETED = re.compile(r"\bgdpr\s*\((?P<regime>uk|eu)\)")
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
