"""Boxes to tick: of the words beside the boxes of a cell, those that are ticked.

A form's cell lists what may be ticked: "☐ Consent ☒ Contract", "Yes ☐ No ☑", "[ ] A [x] B". Only
what is ticked is stated. Whether a box stands before its words or after them is told by the
arrangement: by what stands at the ends of lines and at separators. Where that does not tell it,
the cell is unclear. The signs are ``vocabulary/boxes.csv``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ropa.phrases.states import read_answer, read_state
from ropa.vocabulary import read_vocabulary

_TICKED = frozenset({"ticked", "tick", "ticked_beside"})
_PARTING = ";,/|\t"
_EDGES = " \t\n\r;,/|\u00a0"
_WIDE = re.compile(r"[\t\u00a0 ]{2,}|\t")
_BRACKETED = re.compile(r"[\[(][^\[\]()]{0,5}[\])]")  # no sign in brackets is longer
_ASIDE = re.compile(r"\s*\([^()\n]*\)")
_BREAK = re.compile(r"[\n\r]")
_LABEL_ENDS = (":", "?")


@dataclass(frozen=True, slots=True)
class Boxes:
    """What a text states, its boxes understood.

    Attributes
    ----------
    text : str
        The words that are ticked, and those that belong to no box; the text as typed where it has
        no boxes or they are unclear.
    clear : bool
        False where some boxes are ticked and nothing tells which words are theirs.
    """

    text: str
    clear: bool = True


@dataclass(frozen=True, slots=True)
class _Sign:
    """A box in a text, with the words before it and after it, up to the next boxes."""

    ticked: bool
    before: str
    after: str

    @property
    def leads(self) -> bool:
        """Whether a line or a stretch of words begins with the box."""
        line = _last_line(self.before)
        begins = not line.strip() or line.rstrip()[-1:] in _PARTING or _ends_wide(line)
        return begins and bool(_first_line(self.after).strip())

    @property
    def trails(self) -> bool:
        """Whether a line or a stretch of words ends with the box."""
        line = _first_line(self.after)
        begins = line.lstrip()
        ends = not begins or begins[0] in _PARTING + "." or _WIDE.match(line) is not None
        return ends and bool(_last_line(self.before).strip())

    @property
    def labelled(self) -> bool:
        """Whether a label stands before the box, or a question."""
        return self.before.rstrip().endswith(_LABEL_ENDS)


def read_boxes(text: str) -> Boxes:
    """Read the boxes of a text.

    Parameters
    ----------
    text : str
        The cell as typed.

    Returns
    -------
    Boxes
        A cell of which nothing is ticked states nothing: its text is empty. A box alone, without
        words, and signs that may be bullets or holes of a sentence are left as they are.
    """
    if not _may_hold(text):
        return Boxes(text)
    signs, spans = _find_signs(text)
    if signs is None:
        return Boxes(text, clear=False)
    if not signs or not _cut(text, spans).strip(_EDGES):
        return Boxes(text)
    if all(sign.ticked for sign in signs):
        return Boxes(_strip_ticks(text, signs, spans))
    if len(signs) == 1:
        ends = not signs[0].before.strip() or not signs[0].after.strip()
        return Boxes("" if ends else text)
    return _read_signs(text, signs, holes=text[spans[0][0]] in "[(")


def _read_signs(text: str, signs: "Sequence[_Sign]", *, holes: bool) -> Boxes:
    """Read several boxes, some of them open; where none is ticked they may be holes."""
    some = any(sign.ticked for sign in signs)
    touching = not all(sign.before.strip() for sign in signs[1:])  # "Yes / No ☐ ☒"
    arrangement = "" if some and touching else _arrange(signs)
    if not arrangement:
        return Boxes(text, clear=holes and not some)
    return Boxes(_join(_pick_following(signs) if arrangement == "leads" else _pick_leading(signs)))


def read_all_boxes(texts: Sequence[str]) -> Sequence[str]:
    """Return what each text states, its boxes understood; most texts hold none."""
    if not any(map(_may_hold, texts)):
        return texts
    return [read_boxes(text).text for text in texts]


# -- the signs ----------------------------------------------------------------------------------


def _may_hold(text: str) -> bool:
    """Tell whether a text holds a sign: nearly all texts hold none, and this costs them little."""
    if ("[" in text or "(" in text) and _BRACKETED.search(text) and _patterns()[1].search(text):
        return True
    return not text.isascii() and _patterns()[0].search(text) is not None


@cache
def _codes() -> dict[str, str]:
    return {row["term"]: row["code"] for row in read_vocabulary("boxes")}


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of signs of one character, of signs in brackets, and of both."""
    single = f"[{''.join(term for term in _codes() if len(term) == 1)}]"
    longer = "|".join(_spell(term) for term in _codes() if len(term) > 1)
    sources = (single, longer, f"{single}|{longer}")
    return tuple(re.compile(source, re.IGNORECASE) for source in sources)  # type: ignore[return-value]


def _spell(term: str) -> str:
    """Return the pattern of a sign in brackets: blanks may stand round what they hold."""
    inside = term[1:-1].strip()
    blanks = r"[ \u00a0]?" if inside else r"[ \u00a0]*"
    return re.escape(term[0]) + blanks + re.escape(inside) + blanks + re.escape(term[-1])


def _name(sign: str) -> str:
    """Return the code of a sign as found."""
    inside = sign[1:-1].strip().lower()
    bare = sign if len(sign) == 1 else f"{sign[0]}{inside}{sign[-1]}"
    return _codes()[bare]


def _find_signs(text: str) -> tuple[list[_Sign] | None, list[tuple[int, int]]]:
    """Return the boxes of a text and their places.

    There are none where its signs are something else, and None where these are unclear: a cross
    beside an open box alone may be the choice or its denial.
    """
    matches = list(_patterns()[2].finditer(text))
    codes = [_name(match[0]) for match in matches]
    read = _choose_signs(codes)
    if (
        "cross" in codes
        and "open" in codes
        and True not in (read[one] for one in codes if one in read)
    ):
        return None, []
    found = [
        (match.span(), read[code])
        for match, code in zip(matches, codes, strict=True)
        if code in read
    ]
    spans = [span for span, _ in found]
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    words = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    return [
        _Sign(ticked, words[number], words[number + 1]) for number, (_, ticked) in enumerate(found)
    ], spans


def _choose_signs(codes: Sequence[str]) -> dict[str, bool]:
    """Return which kinds of sign in a text are boxes, and whether they are ticked.

    A filled square may be a bullet, "(x)" a number and "[ ]" a hole: beside a sign of the other
    kind they are boxes.
    """
    kinds = set(codes)
    if "open_bracket" in kinds and (kinds & _TICKED or codes.count("open_bracket") > 1):
        kinds.add("open")
    chosen: dict[str, bool] = {}
    if kinds & {"open", "open_beside"} and kinds & _TICKED:
        chosen = dict.fromkeys(_TICKED, True) | dict.fromkeys(("open", "open_beside"), False)
    elif "cross" in kinds and "tick" in kinds:
        chosen = {"tick": True, "ticked": True, "cross": False}
    elif "open" in kinds:
        chosen = {"open": False}
    elif kinds & {"ticked", "tick"}:
        chosen = {"ticked": True, "tick": True}
    elif len(codes) > 1 and kinds <= {"yes", "no"}:
        chosen = {"yes": True, "no": False}
    if "open" in chosen:
        chosen["open_bracket"] = False
    return chosen


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text without its boxes."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    return " ".join(text[end:start] for end, start in zip(ends, starts, strict=True))


def _first_line(text: str) -> str:
    return _BREAK.split(text, maxsplit=1)[0]


def _last_line(text: str) -> str:
    return _BREAK.split(text)[-1]


def _ends_wide(text: str) -> bool:
    return _WIDE.search(text) is not None and _WIDE.sub("", text[-2:]) == ""


# -- the arrangement ----------------------------------------------------------------------------


def _arrange(signs: Sequence[_Sign]) -> str:
    """Tell whether boxes lead their words or trail them; "" where nothing tells it."""
    labels = not all(sign.labelled for sign in signs)
    found = {one for sign in signs for one in _place(sign, labels=labels)}
    if not found:
        found = {one for sign in signs for one in _place_glued(sign)}
    if not found and any(_ASIDE.match(sign.after) for sign in signs):
        found = {"trails"}
    if not found:  # each on a line of its own
        found |= {"leads"} if not signs[0].before.strip() else set()
        found |= {"trails"} if not signs[-1].after.strip() else set()
    return found.pop() if len(found) == 1 else ""


def _place(sign: _Sign, *, labels: bool) -> Iterator[str]:
    leads = sign.leads or (labels and sign.labelled and bool(_first_line(sign.after).strip()))
    if leads and not sign.trails:
        yield "leads"
    if sign.trails and not leads:
        yield "trails"


def _place_glued(sign: _Sign) -> Iterator[str]:
    """Tell by the blank: "Basis ☐Consent ☒Contract" and "Consent☐ Contract☒ see below"."""
    before = not sign.before or sign.before[-1].isspace()
    after = not sign.after or sign.after[0].isspace()
    if before and not after:
        yield "leads"
    if after and not before:
        yield "trails"


# -- the words ----------------------------------------------------------------------------------


def _strip_ticks(text: str, signs: Sequence[_Sign], spans: Sequence[tuple[int, int]]) -> str:
    """Return a text whose boxes are all ticked without them.

    A tick before words that are no answer of their own is the answer, and stays: "✓ DPIA-3".
    """
    if len(signs) > 1:
        return _join([*(sign.before for sign in signs), signs[-1].after])
    rest = _cut(text, spans).strip()
    answers = read_answer(rest) or read_state(rest) != "stated"
    crossed = text[slice(*spans[0])] not in ("\u2611", "\u2713", "\u2714", "\u2705")
    return rest if answers or crossed else text


def _pick_following(signs: Sequence[_Sign]) -> list[str]:
    """Return the words of the ticked boxes that stand before their words."""
    kept = [sign.after if sign.ticked else _leave_remark(sign.after) for sign in signs]
    opening = signs[0].before
    if opening.rstrip().endswith(_LABEL_ENDS) and not any(one.strip(_EDGES) for one in kept):
        return []
    return [opening, *kept]


def _leave_remark(words: str) -> str:
    """Return what follows the words of an open box on a further line: a remark of its own."""
    item, parting, rest = _partition_line(words)
    following = rest.lstrip()
    wrapped = following[:1].islower() or following[:1] in ("(", "")
    return "" if wrapped or not item.strip() else parting + rest


def _partition_line(words: str) -> tuple[str, str, str]:
    """Return the first line that holds words, the break after it, and the rest."""
    bare = words.lstrip()
    broken = _BREAK.search(bare)
    if not broken:
        return bare, "", ""
    return bare[: broken.start()], "\n", bare[broken.end() :]


def _pick_leading(signs: Sequence[_Sign]) -> list[str]:
    """Return the words of the ticked boxes that stand after their words."""
    kept: list[str] = []
    for number, sign in enumerate(signs):
        words = sign.before
        if number and (aside := _ASIDE.match(words)):
            kept += [aside[0]] if signs[number - 1].ticked else []
            words = words[aside.end() :]
        if not sign.ticked:
            words = "".join(_BREAK.split(words.rstrip(), maxsplit=0)[:-1])
        kept.append(words)
    rest = signs[-1].after
    aside = _ASIDE.match(rest)
    if aside and not signs[-1].ticked:
        rest = rest[aside.end() :]
    return [*kept, rest]


def _join(pieces: Sequence[str]) -> str:
    """Join what is stated: items of a list, on the lines that they stood on."""
    joined, broken = "", False
    for piece in pieces:
        bare = piece.strip(_EDGES)
        opens = piece[: len(piece) - len(piece.lstrip(_EDGES))]
        broken = broken or _BREAK.search(opens) is not None
        if bare:
            joined += _part(joined, bare, broken=broken) + bare
            broken = False
        closes = piece[len(piece.rstrip(_EDGES)) :] if bare else ""
        broken = broken or _BREAK.search(closes) is not None
    return joined


def _part(before: str, after: str, *, broken: bool) -> str:
    """Return what stands between two things stated."""
    if not before:
        return ""
    if broken:
        return "\n"
    if after[0] == ".":
        return ""
    return " " if before.endswith(_LABEL_ENDS) or after[0] in "(-\u2013\u2014" else "; "
