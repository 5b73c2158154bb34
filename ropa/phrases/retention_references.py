"""What a retention text points to: a schedule that can be followed, a law, archiving.

Statutes stand in ``vocabulary/retention_laws.csv``, the words of a reference ("section") and those
that lead to one ("see", "in accordance with") in ``vocabulary/retention_references.csv``.
"""

import re
from functools import cache

from ropa.phrases.matching import Matcher, build_matcher, fold, spell
from ropa.phrases.retention_tokens import read_tokens
from ropa.vocabulary import read_vocabulary

# "Equality Act 2010", "Regulations 2017", "(Restrictions on Employment) Order 2007".
_STATUTE = re.compile(
    r"(?:(?<!\w)(?:acts?|regulations?|regs|rules|directive)|\) order),? (?:\(eu\) )?"
    r"(?:19|20)[0-9]{2}(?!\w)"
    r"|(?<!\w)si (?:19|20)[0-9]{2}/[0-9]"
)
_LINK = re.compile(r"(?:https?://|www\.)\S{3,}|\\\\\S+|[A-Za-z]:\\\S+", re.IGNORECASE)
_FILE = re.compile(r"[^\s.][^\s]*\.(?:docx?|xlsx?|pdf|odt|ods|csv|html?|md|pptx?)", re.IGNORECASE)
_IDENTIFIER = re.compile(r"(?P<letters>[A-Z]+)(?P<rest>[A-Za-z0-9]*(?:[-_/.][A-Za-z0-9]+)*)")
_EDITION = re.compile(r"(?<!\w)(?:19|20)[0-9]{2}(?!\w)")
_EDGES = " .,;:()[]\"'\u2018\u2019\u201c\u201d"


def names_law(text: str) -> bool:
    """Tell whether a statute is named that can set a period.

    Data protection law is left out: it sets no period, so "in line with the GDPR" names none.
    """
    folded = fold(text)
    kept, place = [], 0
    for term in _laws().find(folded):
        if term.code == "law":
            return True
        if term.code == "dp_law":
            kept.append(folded[place : term.start])
            place = term.end
    rest = " ".join([*kept, folded[place:]])
    return bool(_STATUTE.search(rest) or _law_name().search(rest))


def names_archiving(text: str) -> bool:
    """Tell whether archiving in the public interest or research (Article 89) is stated."""
    return "archiving" in _laws().find_codes(text)


def is_identifier(statement: str) -> bool:
    """Tell whether a statement is an identifier or link alone: "RS-12", "See POL-4"."""
    words = [word.strip(_EDGES) for word in strip_lead(statement).split()]
    return bool(words) and all(_identifies(word) for word in words)


def read_reference(statement: str) -> str:
    """Return the reference by which a schedule can be followed, "" where it cannot.

    It needs a link, a file, an identifier, a section, a version or the year of an edition; "our
    retention schedule" alone has none.
    """
    words = (word.strip(_EDGES) for word in statement.split())
    folded = fold(statement)
    linked = _LINK.search(statement) or any(map(_identifies, words))
    if linked or _part().search(folded) or _EDITION.search(folded):
        return strip_lead(statement)
    return ""


def strip_lead(statement: str) -> str:
    """Drop the words that lead to a reference: "as required by the", "see"."""
    words = statement.split()
    place = 0
    while place < len(words) and fold(words[place].strip(_EDGES)) in (_words("lead") | {""}):
        place += 1
    return " ".join(words[place:]).strip(" .,;:")


def _identifies(word: str) -> bool:
    """Tell whether a word is a link, a file or an identifier with a number, such as RS-04."""
    if _LINK.match(word) or _FILE.fullmatch(word):
        return True
    match = _IDENTIFIER.fullmatch(word)
    if match is None or not any(character.isdigit() for character in word):
        return False
    separated = any(sign in match["rest"] for sign in "-_/.")
    lower = match["rest"][:1].islower()  # "Mid-2024" is a word with a year
    return (separated or len(match["letters"]) > 1) and not lower and not _is_length(word)


def _is_length(word: str) -> bool:
    return any(token.kind == "iso" for token in read_tokens(word))


@cache
def _laws() -> Matcher:
    rows = read_vocabulary("retention_laws")
    return build_matcher((row["term"], row["code"]) for row in rows if row["code"] != "law_ending")


@cache
def _words(code: str) -> frozenset[str]:
    return frozenset(
        fold(row["term"]) for row in read_vocabulary("retention_references") if row["code"] == code
    )


@cache
def _part() -> re.Pattern[str]:
    """Match "section 7", "annex b", "v3"; the letter a only at the end ("schedule a review")."""
    return re.compile(
        rf"(?<!\w)(?:{_join('part')})\.? ?(?:[0-9]|[b-z](?!\w)|a\W{{0,3}}\Z)|[#\u00a7] ?[0-9]"
        # A letter may be a word elsewhere: "anexo y" is "annex and".
        rf"|(?<!\w)(?:{_join('numbered')})\.? ?[0-9]"
    )


def _join(code: str) -> str:
    spelled = {spelling for part in _words(code) for spelling in spell(part)}
    return "|".join(map(re.escape, sorted(spelled, key=lambda part: (-len(part), part))))


@cache
def _law_name() -> re.Pattern[str]:
    """Match the name of a statute by its ending: "Mindestlohngesetz"."""
    rows = read_vocabulary("retention_laws")
    ends = "|".join(re.escape(fold(row["term"])) for row in rows if row["code"] == "law_ending")
    return re.compile(rf"(?<!\w)\w{{3,40}}(?:{ends})(?!\w)")
