"""Conditions for special category and criminal-offence data.

Article 9(2) and Article 10 GDPR, and Schedule 1 to the Data Protection Act 2018 (paragraphs 1 to 4
in Part 1, 6 to 28 in Part 2, 29 to 37 in Part 3).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from ropa.phrases.bases import cites_statute
from ropa.phrases.matching import Term, fold, load_matcher
from ropa.phrases.negation import find_denied
from ropa.phrases.provisions import find_points, read_letters
from ropa.phrases.spans import drop_overlapping, once
from ropa.vocabulary import read_vocabulary

_POINTS = "a|b|c|d|e|f|g|h|i|j"
_CRIMINAL = "10"
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "one": "1", "two": "2", "three": "3"}
_PART = re.compile(r"(?<!\w)(?:parts?|pt\.?)\s*(?P<value>[123]|i{1,3}|one|two|three)(?!\w)")
_SCHEDULE = re.compile(r"(?<!\w)(?:schedule|sched\.?|sch\.?)\s*(?P<value>\d+|one|two)(?!\w)")
_OTHER = re.compile(r"(?<!\w)(?:annex|appendix)\s*(?P<value>\w+)")
_ARTICLE = re.compile(r"(?<!\w)art(?:icle|icles|s)?\.?\s*\d+[\s,(]*$")
_PARAGRAPH = re.compile(
    r"(?<!\w)(?:paragraphs?|paras?\.?|conditions?|s1-)\s*(?:no\.?\s*)?\(?(?P<first>\d{1,2})\)?(?!\d)"
    r"(?:\(\d+\))*"
)
_MORE = re.compile(r"\s*(?:,|;|/|&|\+|and|or)\s*\(?(?P<first>\d{1,2})\)?(?:\(\d+\))*(?![\w/])")
_BRACKETED = re.compile(r"\s*[,:-]?\s*\((?P<first>\d{1,2})\)")
_WIDTH = 40  # characters looked at before a paragraph
_SCHEDULE_1 = frozenset({"1", "one"})


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A condition of Schedule 1: its number, its Part, the Article point that it serves."""

    code: str
    part: str
    point: str


def read_conditions(text: str) -> tuple[Term, ...]:
    """Read the Article 9(2) conditions of a cell.

    A paragraph of Part 1 or 2 of Schedule 1 that is cited stands for the Article 9(2) point that
    it serves (sections 10(2) and 10(3) of the Data Protection Act 2018).

    Returns
    -------
    tuple of Term
        Codes ``9(2)(a)`` ... ``9(2)(j)``, each once, in the order of the text.
    """
    folded = fold(text)
    cited = find_points(folded, "9", "2", _POINTS) or read_letters(folded, "9", "2", _POINTS)
    paragraphs = [
        Term(point, term.text, term.start, term.end)
        for term in (_find_paragraphs(folded) if _SCHEDULE.search(folded) else ())
        if (point := _points()[term.code]) != _CRIMINAL
    ]
    short = load_matcher("article_9", "article_9_short")
    names = ("article_9", "article_9_short") if short.covers(folded) else ("article_9",)
    matcher = load_matcher(*names, "not_condition")
    named = [term for term in matcher.find(folded) if term.code != "none"]
    return _settle(folded, [*cited, *paragraphs], named)


def read_criminal_conditions(text: str) -> tuple[Term, ...]:
    """Read the Article 10 conditions of a cell.

    Returns
    -------
    tuple of Term
        ``official_authority``, ``law`` (authorised by a law, or a statute is cited), the condition
        of Schedule 1 (``S1-01`` ...), or ``schedule_1`` where it is not said which.
    """
    folded = fold(text)
    conditions = read_schedule_1(folded)
    named = [
        term
        for term in load_matcher("article_10").find(folded)
        if not (term.code == "schedule_1" and conditions)
    ]
    if not any(term.code == "law" for term in named) and cites_statute(folded):
        named.append(Term("law", folded, 0, len(folded)))
        return once([*conditions, *named])
    return _settle(folded, list(conditions), named)


def read_schedule_1(text: str) -> tuple[Term, ...]:
    """Read the conditions of Schedule 1 to the Data Protection Act 2018.

    By paragraph ("Sch 1 Pt 2 para 18") or by title ("Preventing fraud"). A paragraph that does not
    stand in the Part that is named is not read.

    Returns
    -------
    tuple of Term
        Codes ``S1-01`` ... ``S1-37``, each once, in the order of the text.
    """
    folded = fold(text)
    cited = _find_paragraphs(folded)
    # With a number the words beside it are its title or a remark.
    matcher = load_matcher("schedule_1")
    titled = () if cited else matcher.find(folded)
    # "Insurance" is a title as a whole cell, and a word like another in "insurance broker".
    covered = bool(titled) and matcher.covers(folded)
    named = [term for term in titled if covered or " " in term.text]
    return _settle(folded, cited, named)


@cache
def _paragraphs() -> dict[str, _Paragraph]:
    return {
        row["paragraph"]: _Paragraph(row["code"], row["part"], row["point"])
        for row in read_vocabulary("schedule_1")
    }


@cache
def _points() -> dict[str, str]:
    return {row["code"]: row["point"] for row in read_vocabulary("schedule_1")}


def _find_paragraphs(folded: str) -> list[Term]:
    found: list[Term] = []
    part_before = _last_before(_PART, folded)
    schedule_before = _last_before(_SCHEDULE, folded)
    annex_before = _last_before(_OTHER, folded)
    for match in _list_numbers(folded):
        paragraph = _paragraphs().get(match["first"].lstrip("0"))
        _, part = part_before(match.start())
        schedule_end, schedule = schedule_before(match.start())
        annex_end, _ = annex_before(match.start())
        if (
            paragraph is not None
            and schedule in {"", *_SCHEDULE_1}
            and annex_end <= schedule_end
            and not _ARTICLE.search(folded[max(match.start() - _WIDTH, 0) : match.start()])
            and _ROMAN.get(part, part) in {"", paragraph.part}
        ):
            found.append(Term(paragraph.code, match[0].strip(), *match.span()))
    return found


def _last_before(pattern: re.Pattern[str], folded: str) -> Callable[[int], tuple[int, str]]:
    """Return a look-up: end and value of the last match before a place, -1 and "" without any."""
    matches = list(pattern.finditer(folded))
    ends = [match.end() for match in matches]

    def look_up(position: int) -> tuple[int, str]:
        i = bisect_right(ends, position) - 1
        return (ends[i], matches[i]["value"]) if i >= 0 else (-1, "")

    return look_up


def _list_numbers(folded: str) -> list[re.Match[str]]:
    numbers: list[re.Match[str]] = []
    schedules = list(_SCHEDULE.finditer(folded))
    starts = [match.end() for match in schedules if match["value"] in _SCHEDULE_1]
    starts += [match.end() for match in _PART.finditer(folded)] if schedules else []
    firsts = [*_PARAGRAPH.finditer(folded)]
    firsts += [match for start in starts if (match := _BRACKETED.match(folded, start))]
    for first in sorted(firsts, key=lambda match: match.start()):
        numbers.append(first)
        while (more := _MORE.match(folded, numbers[-1].end())) is not None:
            numbers.append(more)
    return numbers


def _settle(folded: str, cited: Iterable[Term], named: Iterable[Term]) -> tuple[Term, ...]:
    taken = list(cited)
    found = [*taken, *drop_overlapping(named, taken)]
    denied = find_denied(folded, found)
    return once(term for term in found if term not in denied)
