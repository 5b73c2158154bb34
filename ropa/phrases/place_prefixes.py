"""Prefixes that turn a place round: "outside the UK and the EEA", "not the US".

"Outside the EEA" names a third country without saying which. What follows "not" or "except" is no
place that the text speaks for.
"""

from ropa.phrases import place_names
from ropa.phrases.place_names import Name, Part

PLACES = frozenset({"country", "group", "worldwide", "organisation", "third", "region"})
DENIALS = frozenset({"not", "except"})
_INTO = frozenset({"in", "to", "of", "from", "for", "within", "inside", "a", "any", "be", "or"})
_LIST = frozenset({"the", "or", "/", ","})
_ENDS = frozenset(".;:()")
_REACH = 40  # parts of a text that a denial reaches over at most


def is_article(part: Part) -> bool:
    """Tell an article of another language from the code that is spelt alike ("de", "la")."""
    return part.kind == "word" and part.key in place_names.articles()


def kind_of(part: Part) -> str:
    """Return the kind of a name, "" for words, links and marks."""
    return part.name.kind if part.name else ""


def in_capitals(plain: str, part: Part, name: Name) -> bool:
    """Tell whether a name that counts in capitals only is typed so; true for the others."""
    typed = plain[part.start : part.end]
    return name.prose != "upper" or typed == typed.upper()


def turn(plain: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Replace a prefix and the places after it by one part.

    "Outside ..." becomes a third country, "not ..." and "except ..." a part of the kind "denied".
    """
    for kinds in (frozenset({"outside"}), DENIALS):
        turned: list[Part] = []
        i = 0
        while i < len(parts):
            end = _reach(plain, parts, i) if kind_of(parts[i]) in kinds else i
            if end > i and not _restores(parts, i):
                turned.append(_turned(plain, parts[i], parts[end - 1]))
                i = end
            else:
                turned.append(parts[i])
                i += 1
        parts = tuple(turned)
    return parts


def _turned(plain: str, first: Part, last: Part) -> Part:
    meaning = "third" if kind_of(first) == "outside" else "denied"
    term = plain[first.start : last.end]
    name = Name(term, ("THIRD",), meaning, is_code=False, prose="", hint="")
    return Part("name", "", first.start, last.end, (name,))


def _restores(parts: tuple[Part, ...], i: int) -> bool:
    """Tell whether the exception at ``i`` is one to a denial: "not abroad except to the US"."""
    if kind_of(parts[i]) != "except":
        return False
    for j in range(i - 1, max(i - _REACH, 0) - 1, -1):
        if parts[j].key in _ENDS:
            return False
        if kind_of(parts[j]) in {"not", "denied"}:
            return True
    return False


def _reach(plain: str, parts: tuple[Part, ...], i: int) -> int:
    """Return the end of the places that the prefix at ``i`` governs, ``i`` if there are none."""
    j = i + 1
    while j < len(parts) and (
        parts[j].kind == "link" or parts[j].key in _INTO | {"the"} or is_article(parts[j])
    ):
        j += 1
    if not _is_place(plain, parts, j):
        return i
    j += 1
    while (step := _next_place(plain, parts, j)) > j:
        j = step
    return j


def _next_place(plain: str, parts: tuple[Part, ...], j: int) -> int:
    k = j
    while k < len(parts) and (
        parts[k].kind == "link" or parts[k].key in _LIST or is_article(parts[k])
    ):
        k += 1
    if not _is_place(plain, parts, k):
        return j
    if any(part.key == "," for part in parts[j:k]) and not _is_home(parts[k]):
        return j
    return k + 1


def _is_place(plain: str, parts: tuple[Part, ...], i: int) -> bool:
    if i >= len(parts) or (name := parts[i].name) is None:
        return False
    return name.kind in PLACES and in_capitals(plain, parts[i], name)


def _is_home(part: Part) -> bool:
    """Tell whether a list after a comma goes on: an area, not the country data are sent to."""
    name = part.name
    return name is not None and (name.kind == "group" or name.codes in {("GB",), ("CH",)})


def is_denied(parts: tuple[Part, ...], i: int) -> bool:
    """Tell whether the words before the place at ``i`` deny it: "data are not stored in the US".

    Only words that say how data get to a place may stand between; "no contract with the supplier
    in India" denies the contract.
    """
    for j in range(i - 1, max(i - _REACH, 0) - 1, -1):
        kind = kind_of(parts[j])
        if kind == "except":
            return not _restores(parts, j)
        if kind == "not":
            return parts[j + 1].key not in place_names.limits()
        passes = parts[j].kind == "link" or parts[j].key in place_names.filler()
        passes = passes or is_article(parts[j])
        if not passes and kind not in PLACES:
            return False
    return False
