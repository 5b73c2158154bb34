"""Points of an article as they are cited: "Art. 6(1)(f)", "6.1.f", "Article 6 (1) (b) and (f)".

The forms are those of English, German, French and other national practice: brackets, full stops or
none, "lit.", "point", "Abs.", lists and ranges of points.
"""

import re
from functools import cache

from ropa.phrases.matching import Term, fold
from ropa.phrases.spans import keep_apart

_ARTICLE = (
    r"(?:(?<![^\W\d_])art(?:icle|icles|ikel|icolo|iculo|\u00edculo|ikkel|s)?\.?\s*|\ba(?=\d))"
)
_PARAGRAPH = (
    r"(?:\b(?:abs|absatz|par|para|paragraph|paragraphe|paragrafo|apartado|comma|co|lid|stk|stykke|no)"
    r"\b\.?|§)"
)
_POINT = (
    r"(?:\b(?:lit|litt|litra|litera|let|lett|lettera|lettere|letter|letters|lettre|letra|letras|"
    r"point|points|punkt|pt|sub|onder|onderdeel|aanhef\s+en\s+onder|aanhef\s+en\s+sub|alinea|"
    r"alin\u00e9a|nr|"
)
_POINT += r"buchst|buchstabe|subparagraph|sub-paragraph|subpara)\b\.?)"
_SENTENCE = r"(?:[\s,]*(?:unterabsatz|unterabs|uabs|satz|sentence|s)\b\.?\s*1)"
# "section 6(1)(a)" and "regulation 6(1)" are other laws.
_OTHER = re.compile(
    r"(?:\b(?:section|sections|sec|ss?|schedule|sch|regulations?|regs?|rules?|clauses?|paras?|"
    r"paragraphs?|annex|part|pt|chapter|abschnitt|ziffer|ziff|kapitel|klausel|anhang|annexe|chapitre|"
    r"sezione|allegato|secci\u00f3n|cap\u00edtulo|anexo|hoofdstuk|paragraaf|bijlage|afsnit|bilag)|§)\.?\s*$"
)
_WIDTH = 40  # characters looked at before a citation
_AND = r"\s*(?:[,;/&+]|\b(?:and/or|and|or|as well as|und|oder|sowie|et|ou|en|y|og|eller|ed)\b)?\s*"
_STOP = (
    r"(?=\s*(?:$|[,;/&)\].:]|(?:and|or|und|oder|et|ou|og|eller|uk|eu|gdpr|ds-?gvo|eu-?ds-?gvo|rgpd|avg|"
    r"(?:du|del|de la|de l'ue)\s+(?:rgpd|gdpr|reglamento|regolamento|r\u00e8glement)|der\s+ds-?gvo|"
    r"van\s+de\s+avg|i\s+gdpr|databeskyttelsesforordningen|forordningen)\b))"
)
# How a paragraph's number is written: "1er", "1\u00ba" (folded to "1o"), "eerste lid".
_NUMBERS = {
    "1": r"(?:1(?:er|o)?|eerste\s+lid|premier\s+(?:paragraphe|alin\u00e9a))",
    "2": r"(?:2(?:e|o)?|tweede\s+lid|deuxi\u00e8me\s+(?:paragraphe|alin\u00e9a))",
    "3": r"(?:3(?:e|o)?|derde\s+lid|troisi\u00e8me\s+(?:paragraphe|alin\u00e9a))",
}


@cache
def _patterns(article: str, paragraph: str, letters: str) -> tuple[re.Pattern[str], ...]:
    letter = rf"(?P<letter>{letters})"
    mark = r"[\s.,;:(\[-]*"
    number = _NUMBERS.get(paragraph, paragraph)
    full = (
        rf"(?:(?P<article>{_ARTICLE})|(?<![\d.])(?<!\d/)){article}{mark}{_PARAGRAPH}?\s*[(\[]?{number}(?!\d)"
        rf"[)\]]?{_SENTENCE}?(?P<gap>[\s.,;:-]*)(?P<word>{_POINT}\s*)?(?P<open>[(\['\"]+\s*)?{letter}"
        rf"(?P<close>\s*[)\]'\"])?(?!\w)"
    )
    short = (
        rf"(?:(?P<article>{_ARTICLE}){article}(?!\d)(?P<gap>[\s.,]*)(?P<word>{_POINT}\s*)?"
        rf"(?P<open>[(\[])?{letter}(?P<close>[)\]])?(?!\w))"
    )
    bare = rf"(?<![\w./(]){article}\((?P<letter>{letters})\)(?!\w)"
    turned = (
        rf"(?<!\w){_POINT}?\s*\((?P<letter>{letters})\)\s*of\s+(?:the\s+)?(?:first\s+)?"
        rf"(?:subparagraph\s+of\s+|paragraph\s+{paragraph}\s+of\s+)?{_ARTICLE}{article}(?!\d)"
    )
    # "Art. 6 I 1 lit. f", as German lawyers cite.
    roman = (
        rf"(?P<article>{_ARTICLE}){article}\s+{'i' * int(paragraph)}(?!\w)(?:\s*(?:satz|s\.)?\s*1)?"
        rf"(?P<gap>\s*)(?P<word>{_POINT}\s*)(?P<open>\()?{letter}(?P<close>\))?(?!\w)"
    )
    return tuple(re.compile(pattern) for pattern in (full, short, bare, turned, roman))


@cache
def _continuations(letters: str) -> tuple[re.Pattern[str], ...]:
    bracket = rf"(?:{_POINT}\s*)?\((?P<letter>{letters})\)(?!\w)"
    plain = rf"(?:{_POINT}\s*)?(?P<letter>{letters})\)?(?!\w){_STOP}"
    ranged = r"\s*(?:-|to\b|bis\b|through\b)\s*"
    # The Italian "e" is a letter too: it links only what a bracket or "lett." shows to be a point.
    shown = rf"\s+(?:{_POINT}\s*)?\(?(?:{letters})\)|\s+{_POINT}\s*(?:{letters})\b"
    link = rf"(?:\s*\be\b(?={shown})\s+|{_AND})"
    return tuple(
        re.compile(pattern)
        for pattern in (link + bracket, link + plain, ranged + bracket, ranged + plain)
    )


def find_points(text: str, article: str, paragraph: str, letters: str) -> tuple[Term, ...]:
    """Find the points of one paragraph of an article.

    Parameters
    ----------
    text : str
        Any text.
    article, paragraph : str
        The numbers, e.g. ``"6"`` and ``"1"``.
    letters : str
        The letters of the points, parted by ``|``, e.g. ``"ea|a|b|c"``.

    Returns
    -------
    tuple of Term
        With codes such as ``6(1)(f)``, from left to right, none overlapping another.
    """
    folded = fold(text)
    found: list[Term] = []
    for pattern in _patterns(article, paragraph, letters):
        for match in pattern.finditer(folded):
            if _is_other_law(folded, match) or not _is_point(folded, match):
                continue
            spans = [(match.start(), match.end(), match["letter"])]
            spans += _continue(folded, match, letters)
            found += [
                Term(f"{article}({paragraph})({letter})", folded[start:end], start, end)
                for start, end, letter in spans
            ]
    return keep_apart(found)


def read_letters(text: str, article: str, paragraph: str, letters: str) -> tuple[Term, ...]:
    """Read a text that is nothing but letters of points, e.g. ``"(f)"`` or ``"b, f"``."""
    folded = fold(text)
    one = rf"(?:{_POINT}\s*)?\(?(?:{letters})\)?"
    link = r"(?:[,;/&+]|and|or|und|oder|et|ou|en|y|og|eller)"
    start = rf"(?:{_ARTICLE})?(?:\(?{paragraph}\)?\s*)?"
    if not re.fullmatch(rf"{start}{one}(?:\s*{link}\s*{one})*\.?", folded):
        return ()
    return tuple(
        Term(f"{article}({paragraph})({match[0]})", match[0], *match.span())
        for match in re.finditer(rf"(?<![^\W\d_])(?:{letters})(?!\w)", folded)
    )


def _is_other_law(folded: str, match: re.Match[str]) -> bool:
    return not match.groupdict().get("article") and bool(
        _OTHER.search(folded[max(match.start() - _WIDTH, 0) : match.start()])
    )


def _is_point(folded: str, match: re.Match[str]) -> bool:
    """Tell a point from a word: "6(1) a contract" names none."""
    groups = match.groupdict()
    if "gap" not in groups or groups["open"] or groups["word"] or groups["close"]:
        return True
    if " " not in groups["gap"] and groups["gap"] != "":
        return True
    if groups["gap"] == "":
        return True
    return bool(re.match(_STOP, folded[match.end() :]))


def _continue(folded: str, match: re.Match[str], letters: str) -> list[tuple[int, int, str]]:
    groups = match.groupdict()
    bracketed = "gap" not in groups or bool(groups["open"])
    and_bracket, and_plain, to_bracket, to_plain = _continuations(letters)
    following, ranging = (and_bracket, to_bracket) if bracketed else (and_plain, to_plain)
    spans: list[tuple[int, int, str]] = []
    end, last = match.end(), match["letter"]
    while True:
        if (ranged := ranging.match(folded, end)) and len(last) == len(ranged["letter"]) == 1:
            between = range(ord(last) + 1, ord(ranged["letter"]) + 1)
            spans += [(ranged.start(), ranged.end(), chr(letter)) for letter in between]
            end, last = ranged.end(), ranged["letter"]
        elif (listed := following.match(folded, end)) is not None:
            start = listed.end() - len(listed[0].lstrip(" ,;/&+"))
            spans.append((start, listed.end(), listed["letter"]))
            end, last = listed.end(), listed["letter"]
        else:
            return spans
