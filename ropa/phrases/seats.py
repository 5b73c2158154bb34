"""Where a party sits by its own name, and where data are held: only what is plain.

A company's name may hold a country's and tell nothing ("Larkmere (UK) Ltd", "Jersey Post"). Plain
is a country in brackets at the end of a name, alone after a comma, or after "in" and a word such as
"team" or "servers".
"""

import re
from collections.abc import Iterable

from ropa.phrases.lists import list_items, split_lines
from ropa.phrases.matching import fold, load_matcher
from ropa.phrases.places import Place, find_places, read_places
from ropa.phrases.roles import part_label

_ASIDE = re.compile(r"\s*\((?P<said>[^()]*)\)\s*\Z")
_WITHIN = re.compile(r"(?P<who>.*\S)\s+(?:in|au|aux)\s+(?:the\s+)?(?P<place>\S.*)", re.DOTALL)
_BEHIND = re.compile(r"(?P<who>.*[^,;\s])\s*,\s*(?P<place>[^,;]+)", re.DOTALL)
_PIECES = re.compile(r"[,;()\n]|\s[-\u2013/]\s")
_LONGEST, _MOST = 400, 200
"""Characters of a name, and items of a list, beyond which nothing is told plainly."""

_MANY = re.compile(r"(?:s|verarbeiter|behandlere|responsabili(?: .*)?)\Z")
"""How the names of roles end where there are several: in German, as where there is one."""

_JOINTS = frozenset({"in", "the", "and", "en", "aux", "au", "et", "und"})
_LIMITS = frozenset(
    {"for", "of", "not", "no", "never", "formerly", "until", "from", "pour", "nicht"}
)


def read_seat(name: str) -> tuple[Place, ...]:
    """Read the countries in which a recipient is by its own name: "Larkmere Inc (US parent)".

    Parameters
    ----------
    name : str
        One recipient as typed.

    Returns
    -------
    tuple of Place
        Countries only; none where the name tells none plainly.
    """
    if len(name) > _LONGEST:
        return ()
    name = " ".join(name.split())
    found = _ASIDE.search(name)
    if found:
        pieces = [one for one in _PIECES.split(found["said"]) if one.strip()]
        roles = load_matcher("recipient_role")
        read = [_read_piece(one) for one in pieces if not roles.covers(one)]
        sure = bool(fold(name[: found.start()])) and all(read)
        return tuple(place for places in read for place in places) if sure else ()
    behind = _BEHIND.fullmatch(name.strip())
    if behind and is_place(behind["place"]):
        return (*read_seat(behind["who"]), *_take_countries(find_places(behind["place"])))
    inside = _WITHIN.fullmatch(name.strip())
    if not inside or {*fold(inside["who"]).split()} & _LIMITS:
        return ()
    words = fold(inside["who"])
    ends = [term.end for term in load_matcher("seat_words").find(words)]
    return _take_countries(read_places(inside["place"])) if len(words) in ends else ()


def read_store(text: str) -> tuple[Place, ...]:
    """Read the countries in which data are held: "Google Drive, US servers".

    Returns
    -------
    tuple of Place
        Countries that stand by themselves between commas, or with a word such as "servers"; none
        where other parts of the text name places as well.
    """
    pieces = [one for one in _PIECES.split(text) if one.strip()]
    read = [_read_piece(one) for one in pieces]
    if not any(read):
        return ()
    others = [one for one, places in zip(pieces, read, strict=True) if not places]
    if any(find_places(one) or {*fold(one).split()} & _LIMITS for one in others):
        return ()
    return tuple(place for places in read for place in places)


def split_parties(text: str) -> tuple[str, ...]:
    """Split a cell into its parties, each once, as `list_parties` does."""
    items: dict[str, str] = {}
    for item in list_parties(text):
        items.setdefault(fold(item), item)
    return tuple(items.values())


def list_parties(text: str) -> tuple[str, ...]:
    """Split a cell into its items; a country after a name and a comma is the place of the name.

    "Freshdesk, India" is one party; in a list of countries each is one. What a line says of several
    before a colon ("Processors: Larkmere Ltd, Otterholt SA") stands before each.
    """
    lines = split_lines(text) if ":" in text else ()
    return _share_labels(lines) if any(part_label(one)[0] for one in lines) else _place_items(text)


def _share_labels(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the items of some lines, with the role that stands before them or on a line above.

    Other words before a colon ("Authorities: HMRC") end what was said before.
    """
    found: list[str] = []
    above = ""
    for line in lines:
        own, rest = part_label(line)
        if ":" in line:
            above = "" if rest else own
        if own and not rest:
            continue
        label = above
        for item in _place_items(line):
            own, rest = part_label(item)
            if ":" in item:
                label = own if _MANY.search(fold(own)) else ""
            names = _place_items(rest) if own and label else (item,)
            found += [f"{label}: {name}" if label else name for name in names]
    return tuple(found)


def _place_items(text: str) -> tuple[str, ...]:
    items = list_items(text)
    if len(items) == 1 or len(items) > _MOST or "," not in text:
        return items
    placed = [is_place(item) for item in items]
    if all(placed) or not any(placed):
        return items
    found: list[str] = []
    for number, (item, place) in enumerate(zip(items, placed, strict=True)):
        last = re.escape(found[-1]) if found else ""
        pair = re.search(rf"{last}\s*,\s*{re.escape(item)}(?!\w)", text)
        if place and number and pair and not is_place(found[-1]):
            found[-1] = pair[0]
        else:
            found.append(item)
    return tuple(found)


def is_place(text: str) -> bool:
    """Tell whether a text is the name of a country and nothing else; "Jordan" may be a person's."""
    places = _take_countries(find_places(f"at {text}"))
    return len(places) == 1 and fold(places[0].text) == fold(text)


def _read_piece(text: str) -> tuple[Place, ...]:
    """Read a piece that says a country, alone or with words such as "servers" or "parent"."""
    # A name such as "Jordan" counts only after "in": a word before it takes it for a person's.
    places = _take_countries(find_places(f"at {text}"))
    words = {*fold(text).split()}
    if not places or words & _LIMITS or "?" in text:
        return ()
    rest = text
    for place in places:
        rest = rest.replace(place.text, " ")
    left = [one for one in re.findall(r"\w+", fold(rest)) if one not in _JOINTS]
    plain = not left or load_matcher("seat_words").covers(" ".join(left))
    return places if plain else ()


def _take_countries(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Return the places if each is a country that is known."""
    return places if all(one.code and one.kind == "country" for one in places) else ()
