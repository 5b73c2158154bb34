"""Places in a cell: countries, groups of countries, international organisations.

Only exact names count. What is not one is said to be unknown, with the name that was perhaps meant
as a hint; a hint is never a value. Country codes are ISO 3166-1 alpha-2; the names are those of the
Unicode CLDR and usual ones, in ``vocabulary/countries.csv``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ropa.phrases import place_names
from ropa.phrases.matching import load_matcher
from ropa.phrases.place_names import Name, Part
from ropa.phrases.place_prefixes import PLACES, in_capitals, is_article, is_denied, kind_of, turn
from ropa.phrases.states import read_state

_OPENERS = frozenset("(:-")
_KIND = {"third": "unplaced", "region": "unplaced"}
_LONGEST = 5000  # characters; the names of all countries take 3000
_PREPOSITIONS = frozenset({"in", "to", "from", "within", "inside", "into", "via", "across"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a text.

    Attributes
    ----------
    code : str
        ISO 3166-1 alpha-2 code of a country, ``EU`` or ``EEA`` for a group, ``WORLD`` for
        worldwide, an own code such as ``EPO`` for an organisation; else "".
    kind : str
        ``country``, ``group``, ``worldwide``, ``organisation``, ``unplaced`` (a third country or
        region that is not identified) or ``unknown`` (cannot be read).
    text : str
        The words as typed.
    hint : str
        What was perhaps meant, for an unknown place; else "".
    """

    code: str
    kind: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Segment:
    """The parts between two separators, the mark before them and whether brackets are open."""

    parts: tuple[Part, ...]
    opener: str
    bracketed: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A place with what its neighbours decide on."""

    place: Place
    names: tuple[Name, ...]
    opener: str
    bracketed: bool


def read_places(text: str) -> tuple[Place, ...]:
    """Read a cell that holds places and nothing else.

    Parameters
    ----------
    text : str
        The cell's text, e.g. ``"EU and mainland USA"``.

    Returns
    -------
    tuple of Place
        In the order of the text, each once. Empty for a blank text only: a text that names no
        place, or is too long for a list of places, is one unknown place.
    """
    if not text.strip():
        return ()
    plain = place_names.plain(text)
    if len(plain) > _LONGEST:
        return (Place("", "unknown", text.strip()),)
    parts = turn(plain, place_names.cut(plain))
    found = [item for segment in _segments(parts) for item in _read_segment(plain, segment)]
    places = tuple(_settle(_drop_explained(found)))
    if all(place.kind == "unknown" and not place.hint for place in places):
        return (_whole(text, plain),)
    return _once(places)


def find_places(text: str) -> tuple[Place, ...]:
    """Find the places named anywhere in running text, e.g. ``"own network, UK servers"``.

    Names count as whole words; of the codes only UK, US, USA, EU, EEA, UAE and the like in
    capitals. A place that the text denies ("not in the US", "no transfers outside the EEA") is not
    returned, nor one that is part of another name ("UK GDPR", "EU-US Privacy Shield").

    Returns
    -------
    tuple of Place
        In the order of the text, each once; never of the kind ``unknown``.
    """
    plain = place_names.plain(text)
    parts = turn(plain, place_names.cut(plain))
    shouted = plain == plain.upper() and len(_words(parts)) > len(("SERVERS", "US"))
    found = []
    for i, part in enumerate(parts):
        name = part.name
        # "CONTACT US" names no country.
        if shouted and part.key == "us":
            continue
        if name is None or name.kind not in PLACES or not _counts(plain, parts, i):
            continue
        if not is_denied(parts, i):
            opener = _opener(parts, i)
            places = _places(plain, part, name)
            found += [_Found(place, part.names, opener, bracketed=False) for place in places]
    if any(name.kind == "locality" for part in parts for name in part.names[:1]):
        found = [item for item in found if not _has_namesake(item)]
    return _once(item.place for item in _drop_explained(found))


def _once(places: Iterable[Place]) -> tuple[Place, ...]:
    """Keep the first of several wordings for one place."""
    first: dict[tuple[str, str], Place] = {}
    for place in places:
        first.setdefault((place.kind, place.code or place.text.casefold()), place)
    return tuple(first.values())


def _places(plain: str, part: Part, name: Name) -> list[Place]:
    kind = _KIND.get(name.kind, name.kind)
    codes = ("",) if kind == "unplaced" else name.codes
    return [Place(code, kind, plain[part.start : part.end]) for code in codes]


# --- a cell of places ------------------------------------------------------------------------


def _segments(parts: tuple[Part, ...]) -> Iterator[_Segment]:
    held: list[Part] = []
    opener, depth = "", 0
    for part in parts:
        is_word = part.kind in {"name", "word"} and part.key not in {"or", "plus"}
        if is_word:
            held.append(part)
            continue
        if held:
            yield _Segment(tuple(held), opener, depth > 0)
            held = []
        opener = part.key
        depth = max(depth + (part.key == "(") - (part.key == ")"), 0)
    if held:
        yield _Segment(tuple(held), opener, depth > 0)


def _read_segment(plain: str, segment: _Segment) -> list[_Found]:
    """Return the places of a segment; one unknown place where other words are left over."""
    named = [part for part in segment.parts if part.names]
    codes_only = all(part.names and part.names[0].is_code for part in segment.parts)
    words = [part.key for part in segment.parts if not part.names and not is_article(part)]
    # "IT systems in the UK": a code counts only among codes.
    places = [part for part in named if codes_only or not _is_bare_code(plain, part)]
    left = [word for word in words if word not in place_names.filler()]
    bare = [part.key for part in named if not codes_only and _is_bare_code(plain, part)]
    left += [word for word in bare if word not in place_names.filler()]
    left += [part.key for part in named if kind_of(part) in {"outside", "except", "nothing"}]
    if any(kind_of(part) == "not" for part in named):
        if not left:  # "UK, no transfers"
            return []
        left.append("not")
    span = plain[segment.parts[0].start : segment.parts[-1].end]
    if left and _is_beside_places(span):
        return []
    if left:
        keys = tuple(part.key for part in segment.parts if part.key in left or part.names)
        unknown = Place("", "unknown", span, place_names.suggest(keys))
        return [_Found(unknown, (), segment.opener, segment.bracketed)]
    return [
        _Found(place, part.names, segment.opener, segment.bracketed)
        for part in places
        for place in _read_name(plain, part)
    ]


def _is_beside_places(span: str) -> bool:
    """Tell whether words are an instrument or "none": "US - IDTA", "Not applicable (UK)"."""
    return load_matcher("transfer_mechanism").covers(span) or read_state(span) == "none"


def _is_bare_code(plain: str, part: Part) -> bool:
    name = part.names[0]
    return name.is_code and not (name.prose == "upper" and in_capitals(plain, part, name))


def _read_name(plain: str, part: Part) -> list[Place]:
    name, span = part.names[0], plain[part.start : part.end]
    if name.kind in PLACES:
        return _places(plain, part, name)
    if name.kind == "denied":
        return []
    if name.kind == "ambiguous":
        return [Place("", "unknown", span, name.hint)]
    countries = " or ".join(place_names.country_name(row.codes[0]) for row in part.names)
    return [Place("", "unknown", span, countries)]


def _drop_explained(found: list[_Found]) -> list[_Found]:
    """Drop "outside the EEA" in "outside the EEA (USA)": the country says which.

    A remark in brackets after a place counts only as far as it names countries. Third countries
    that are not identified are one, however often the text speaks of them.
    """
    kept: list[_Found] = []
    for i, item in enumerate(found):
        after = found[i + 1] if i + 1 < len(found) else None
        if item.place.kind == "unplaced" and after is not None and _explains(item, after):
            continue
        if item.bracketed and item.place.kind in {"unknown", "unplaced"} and _qualifies(found, i):
            continue
        if _is_third(item) and any(_is_third(other) for other in kept):
            continue
        kept.append(item)
    return kept


def _is_third(item: _Found) -> bool:
    return bool(item.names) and item.names[0].kind == "third"


def _explains(item: _Found, after: _Found) -> bool:
    if after.place.kind not in {"country", "organisation"} or item.bracketed != (
        after.bracketed and after.opener != "("
    ):
        return False
    return after.opener in _OPENERS or (_is_third(item) and after.opener == ",")


def _qualifies(found: list[_Found], i: int) -> bool:
    """Tell whether the bracket around item ``i`` stands after a place that can be read."""
    before = next((item for item in reversed(found[:i]) if not item.bracketed), None)
    return before is not None and before.place.kind not in {"unknown", "unplaced"}


def _settle(found: list[_Found]) -> Iterator[Place]:
    """Judge towns, states and double names by the countries that stand beside them."""
    codes = {item.place.code for item in found if item.place.code}
    for i, item in enumerate(found):
        kind = item.names[0].kind if item.names else ""
        if kind == "locality" and any(name.codes[0] in codes for name in item.names):
            continue
        if not _has_namesake(item):
            yield item.place
        elif _is_state(found, i):
            continue
        elif _is_doubtful(found, item):
            hint = f"{place_names.country_name(item.place.code)} or the place in the United States"
            yield replace(item.place, code="", kind="unknown", hint=hint)
        else:
            yield item.place


def _has_namesake(item: _Found) -> bool:
    """Tell whether a country's name or code is also that of a place in another country."""
    first = item.names[0] if item.names else None
    return (
        first is not None
        and first.kind == "country"
        and any(name.kind == "locality" and name.codes != first.codes for name in item.names)
    )


def _is_state(found: list[_Found], i: int) -> bool:
    """Tell "US (Georgia)" and "Georgia, USA" from a list of countries."""
    item = found[i]
    if item.bracketed:
        before = next((other for other in reversed(found[:i]) if not other.bracketed), None)
        return before is not None and before.place.code == "US"
    after = found[i + 1] if i + 1 < len(found) else None
    is_name = not item.names[0].is_code
    return is_name and after is not None and after.place.code == "US" and after.opener == ","


def _is_doubtful(found: list[_Found], item: _Found) -> bool:
    others = [other for other in found if other is not item]
    towns = any(other.names and other.names[0].kind == "locality" for other in others)
    america = [other for other in others if other.place.code == "US"]
    if not item.names[0].is_code:
        return towns or bool(america)
    # Codes among codes are countries; "CA, USA" may be California.
    sure = any(other.place.code not in {"", "US"} and not _has_namesake(other) for other in others)
    return towns or (not sure and any(not other.names[0].is_code for other in america))


def _whole(text: str, plain: str) -> Place:
    words = tuple(part.key for part in place_names.cut(plain) if part.kind != "mark")
    return Place("", "unknown", text.strip(), place_names.suggest(words))


# --- running text ----------------------------------------------------------------------------


def _counts(plain: str, parts: tuple[Part, ...], i: int) -> bool:
    part, name = parts[i], parts[i].names[0]
    if name.prose == "upper":
        return in_capitals(plain, part, name)
    if name.prose == "preposition":
        beside = (*parts[max(i - 1, 0) : i], *parts[i + 1 : i + 2])
        listed = all(other.kind in {"mark", "link"} for other in beside)
        before = i - 1 if i == 0 or parts[i - 1].key != "the" else i - 2
        return listed or (before >= 0 and parts[before].key in _PREPOSITIONS)
    return name.prose == ""


def _words(parts: Iterable[Part]) -> list[str]:
    return [part.key for part in parts if part.kind in {"word", "name"}]


def _opener(parts: tuple[Part, ...], i: int) -> str:
    for j in range(i - 1, -1, -1):
        if parts[j].kind == "mark":
            return parts[j].key
        if parts[j].kind != "word" or parts[j].key not in place_names.filler():
            return ""
    return ""
