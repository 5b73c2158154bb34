"""What kind of answer a cell holds: a statement, none, nothing at all, or a placeholder.

The words stand in ``vocabulary/states.csv`` (whole cells), ``vocabulary/placeholders.csv``
(fragments inside a cell) and ``vocabulary/yes_no.csv``.
"""

import re
from collections.abc import Sequence
from functools import cache

from ropa.phrases.matching import fold, load_matcher, spell
from ropa.vocabulary import read_vocabulary

# Punctuation that may stand round a whole-cell answer: "(none)", "TBC.", "- N/A -".
_WRAPPING = " .,:;!?*#()[]{}<>\"'-_=~/\\\u2026\u25ba\u25b6\u25bc"
# A cell of these marks alone holds the place of an answer: "-", "?", "...", "/".
_MARKS = frozenset("-_.?/\\*~=#:;,!\u2026()[]{}<>\"' ")
# "none / N/A", "N/A - not applicable", "none (nil)": every part must say the same.
_PARTS = re.compile(r"[;,(]| / | - ")
_ONLY_X = re.compile(r"x{2,}(?:[ ./-]+(?:x+|y{2,4}))*")


def read_state(text: str) -> str:
    """Tell what kind of answer a whole cell is.

    Only the whole cell counts: "termination" holds the letters of "n/a" and "None of the staff"
    begins with "none", and both are statements. A bare "No" answers "none"; a yes-or-no field
    uses `read_answer` instead. "NA" reads as "none": a country field asks for the country first.

    Parameters
    ----------
    text : str
        The cell as typed.

    Returns
    -------
    str
        ``"stated"``, ``"none"``, ``"blank"`` or ``"placeholder"``. A template's date with a hole
        in it ("XX January 2024") is stated; `find_placeholder` finds the hole.
    """
    folded = fold(text)
    if not folded:
        return "blank"
    if _MARKS.issuperset(folded):
        return "placeholder"
    state = _read_words(folded)
    if state == "none" and folded.endswith("?"):
        return "placeholder"  # "None?" asks, it does not answer
    return state


def _read_words(folded: str) -> str:
    bare = folded.strip(_WRAPPING)
    if bare in _states():
        return _states()[bare]
    if _ONLY_X.fullmatch(bare):
        return "placeholder"
    if folded[0] in "[<{" and _find_bracket(folded) == folded:
        return "placeholder"
    if not _PARTS.search(folded):
        return "stated"
    parts = {_states().get(part.strip(_WRAPPING), "stated") for part in _PARTS.split(folded)}
    if parts <= {"none", "placeholder"}:
        return "placeholder" if "placeholder" in parts else "none"
    return "stated"


_MANY = 1_000
# What `str.split` takes for white space in a text of ASCII, and all that `_read_words` strips.
_BLANKS = r"\t-\r\x1c-\x1f "
_AROUND = _BLANKS + "".join(re.escape(mark) for mark in _WRAPPING if mark.isascii())


def read_states(texts: Sequence[str]) -> list[str]:
    """Tell of many texts what kind of answer each is: as `read_state` does, sooner.

    Of thousands of texts nearly all are statements. What may be none begins with a term: one
    regular expression finds those, and only they are read.
    """
    if len(texts) < _MANY:
        return [read_state(text) for text in texts]
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    held = pa.array(texts, type=pa.large_string())
    plain = pc.and_(pc.string_is_ascii(held), pc.invert(pc.match_substring(held, "`")))
    may = pc.or_(pc.invert(plain), pc.match_substring_regex(held, _answer_pattern()))
    states = ["stated"] * len(texts)
    for place in np.flatnonzero(may.to_numpy(zero_copy_only=False)).tolist():
        states[place] = read_state(texts[place])
    return states


@cache
def _answer_pattern() -> str:
    """Return what each text of ASCII matches that states nothing, and some that do."""
    terms = (re.escape(term) for term in sorted(_states()) if term.isascii())
    whole = "|".join(term.replace(r"\ ", f"[{_BLANKS}]+") for term in terms)
    return rf"(?i)^[{_BLANKS}]*[\[<{{]|^[{_AROUND}]*(?:$|xx|(?:{whole})(?:[{_AROUND}]|$))"


@cache
def _states() -> dict[str, str]:
    rows = read_vocabulary("states")
    return {spelling: row["code"] for row in rows for spelling in spell(row["term"])}


# -- placeholders inside a text -----------------------------------------------------------------


@cache
def _placeholder_terms(code: str) -> tuple[str, ...]:
    terms = {
        spelling
        for row in read_vocabulary("placeholders")
        if row["code"] == code
        for spelling in spell(row["term"])
    }
    return tuple(sorted(terms, key=lambda term: (-len(term), term)))


def _alternatives(terms: tuple[str, ...]) -> str:
    return "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in terms)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns that need no look at the neighbourhood, each in linear time."""
    months = _alternatives(tuple(fold(row["term"]) for row in read_vocabulary("months")))
    sources = (
        rf"(?<![\w/@-])(?:{_alternatives(_placeholder_terms('anywhere'))})(?![\w@]|[-.]\w)",
        rf"(?<!\w)xx(?:st|nd|rd|th)?[\s.-]{{1,3}}(?:{months})(?:[\s.,-]{{1,3}}[0-9xy]{{2,4}})?(?!\w)",
        rf"(?<!\w)(?:[0-9]{{1,2}}[\s.-]{{1,3}})?(?:{months})[\s.,-]{{1,3}}(?:20xx|x{{2,4}}|yyyy)(?!\w)",
        # "xx/xx/2024": each part of digits or of x alone, and at least one of two x.
        r"(?<![\w./-])(?=[0-9./-]{0,6}xx)[0-9x]{1,2}([./-])[0-9x]{1,2}\1[0-9xy]{2,4}(?![\w/-])",
        r"(?<![\w-])20(?:xx|__)(?![\w-])",
        r"(?<![\w-])x{2,3}\s(?:year|month|week|day|hour)s?(?!\w)",
        # Three or more x alone; not a masked card or account number (XXXX XXXX XXXX 1234).
        r"(?<![\w@./-])(?<![0-9x]\s)x{3,}(?![\w@-]|\.\w|\s?(?:[0-9]{3}|x{3}))",
        r"\?{2,}",
        r"(?<=[:=(])\s?\?(?=\s?(?:[).,;\n]|\Z))",
        r"(?<!\w)_{4,}(?!\w)",
    )
    return tuple(re.compile(source, re.IGNORECASE) for source in sources)


@cache
def _clause_end() -> re.Pattern[str]:
    terms = _alternatives(_placeholder_terms("clause_end"))
    return re.compile(rf"(?<!\w)(?:{terms})(?=\s?(?:[.,;:)\]}}\n|/]|\Z))", re.IGNORECASE)


# A bracket's content is at most 80 characters and holds no bracket of its own.
_SQUARE = re.compile(
    r"\[[^\[\]<>{}\n]{1,80}\]|<[^\[\]<>{}\n]{1,80}>|\{{1,2}[^\[\]<>{}\n]{1,80}\}{1,2}"
)
_ROUND = re.compile(r"\([^()\n]{1,80}\)")


def _find_bracket(text: str) -> str:
    for pattern, start in ((_SQUARE, "bracket_start"), (_ROUND, "round_start")):
        for match in pattern.finditer(text):
            inside = fold(match[0]).strip(" ()[]{}<>.:")
            whole = start == "bracket_start" and inside in _placeholder_terms("bracket")
            leads = any(f"{inside} ".startswith(f"{word} ") for word in _placeholder_terms(start))
            if whole or leads:
                return match[0]
    return ""


def find_placeholder(text: str) -> str:
    """Return the placeholder left inside a text, "" if there is none.

    Found are dates and periods with a hole ("XX January 2024", "xx/xx/2024", "XX years"), prompts
    in brackets ("[insert name]", "<date>"), "TBC" and the like as words, "to be confirmed" at the
    end of a clause, drop-down prompts and filler text. Names in brackets, e-mail addresses, web
    addresses, masked card numbers and sizes such as XXL are left alone.

    Parameters
    ----------
    text : str
        The cell as typed.

    Returns
    -------
    str
        The first fragment found, as typed; the whole text where the cell is nothing else.
    """
    if read_state(text) == "placeholder":
        return text.strip()
    for pattern in _patterns():
        if match := pattern.search(text):
            return match[0].strip()
    for match in _clause_end().finditer(text):
        # "needs to be confirmed" speaks of a duty, not of a gap in the record.
        before = fold(text[max(0, match.start() - 30) : match.start()]).split()
        if not before or before[-1] not in _placeholder_terms("asks"):
            return match[0]
    return _find_bracket(text)


# -- yes and no ---------------------------------------------------------------------------------

_AFTER_ANSWER = re.compile(r"\s*(?:[:;,!(\[]|[-.](?!\w)|\Z)")
_NUMBERED = re.compile(r"no\.? ?[0-9]")


def read_answer(text: str) -> str:
    """Read a yes or a no that leads the text; an explanation may follow.

    "No: screening ref 12" is no, "Yes - see DPIA-3" is yes. A single letter needs punctuation
    after it ("N - screened"), so that initials are not taken for answers. "Yes/No" left from a
    template, "N/A", "No. 12", "Yes?" and "No information" answer nothing.

    Returns
    -------
    str
        ``"yes"``, ``"no"`` or ``""``.
    """
    folded = fold(text).lstrip(" \"'([*-")
    found = load_matcher("yes_no").find(folded)
    if not found or found[0].start > 0 or _NUMBERED.match(folded):
        return ""
    answer, rest = found[0], folded[found[0].end :]
    tight = _AFTER_ANSWER.match(rest)
    # Some words go on into prose too easily: "N Smith", "none of the staff", "si n\u00e9cessaire".
    spaced = rest[:1] == " " and answer.text not in ("y", "n", "none", "nil", "si")
    closed = rest[:1] in ("'", '"', ")", "]")
    if rest.lstrip(" \"'").startswith(("?", "/")) or not (tight or spaced or closed):
        return ""
    if "required" in answer.text and rest.lstrip().startswith(":") and rest.strip(" :"):
        return read_answer(rest.lstrip(" :"))  # "Required: no"
    return "" if answer.code == "unclear" else answer.code
