"""Raw texts to fields: the state of each cell and what its text was read as.

One function a kind of field. Each distinct text is read once. What cannot be read becomes an
issue with its cell; nothing is guessed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from ropa.column import make_empty
from ropa.normalise.arrays import Numbers, categorise, encode, repeat, spread, unroll
from ropa.normalise.cells import RawTable
from ropa.phrases.bases import read_bases
from ropa.phrases.boxes import read_boxes
from ropa.phrases.conditions import read_conditions, read_criminal_conditions, read_schedule_1
from ropa.phrases.dates import read_date
from ropa.phrases.denials import read_denial
from ropa.phrases.matching import load_matcher
from ropa.phrases.mechanisms import read_mechanisms
from ropa.phrases.negation import find_denied
from ropa.phrases.places import read_places
from ropa.phrases.retention import read_retention
from ropa.phrases.roles import read_recipient_role, read_role, read_status
from ropa.phrases.states import read_answer, read_state, read_states
from ropa.schema import PARSED, STATES, Field, name_fields, read_fields

BROKEN = "an error value or a formula saved without its result"
"""Problem of a cell that holds no text to be read."""

UNCLEAR = "nothing tells which of its words are ticked"
"""Problem of a cell with boxes of which some are ticked."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text was read as.

    Attributes
    ----------
    parsed : mapping
        Suffix of the parsed column to value.
    terms : tuple of (str, str)
        Code and words of each thing recognised.
    problem : str
        Why the text cannot be read, without quoting it; empty where it was.
    hint : str
        What may have been meant.
    denied : bool
        The text denies, in a sentence, what the field asks for: it says "None".
    """

    parsed: Mapping[str, object]
    terms: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    hint: str = ""
    denied: bool = False


_NOTHING = Reading(MappingProxyType({}))
_STATE_NUMBERS = {state: number for number, state in enumerate(STATES)}

Known = dict[tuple[str, str], dict[str, Reading]]
"""Kind of field and vocabulary to what each text was read as."""


def _codes(terms: Iterable[object]) -> tuple[tuple[str, str], ...]:
    return tuple((str(getattr(one, "code")), str(getattr(one, "text"))) for one in terms)  # noqa: B009


def _read_date(text: str) -> Reading:
    found = read_date(text)
    return Reading({"on": found.last, "problem": found.problem})


def _read_yes_no(text: str) -> Reading:
    answer = read_answer(text)
    if not answer and read_state(text) == "none":
        answer = "no"
    return Reading({"answer": answer}, problem="" if answer else "neither yes nor no")


def _read_role(text: str) -> Reading:
    roles = read_role(text)
    code = roles[0] if len(roles) == 1 else ""
    values = {"code": code, "assumed": not code, "several": len(roles) > 1}
    return Reading(values, problem="" if roles else "not a role of the GDPR")


def _read_status(text: str) -> Reading:
    code = read_status(text)
    return Reading({"code": code}, problem="" if code else "not a status")


def _read_recipient_role(text: str) -> Reading:
    code = read_recipient_role(text)
    return Reading({"code": code}, problem="" if code else "not a capacity of a recipient")


def _read_retention(text: str) -> Reading:
    found = read_retention(text)
    values = {
        "kind": found.kind,
        "duration": found.duration,
        "days": found.days,
        "trigger": found.trigger,
        "open_ended": found.open_ended,
        "reference": found.reference,
        "archiving": found.archiving,
    }
    unreadable = found.kind == "unreadable"
    return Reading(values, problem="no time limit can be read" if unreadable else "")


def _read_bases(text: str) -> Reading:
    # Text that names no basis is no issue: LAW-02 reports it.
    found = read_bases(text)
    values = {
        "implied": found.implied_consent,
        "statute": found.statute,
        "outside": found.outside,
        "tied": found.tied,
    }
    terms = _codes(found.terms) + tuple((code, "") for code in sorted(found.article_9))
    return Reading(values, terms)


def _read_mechanisms(text: str) -> Reading:
    found = read_mechanisms(text)
    readable = bool(found.terms) or found.vague or found.none
    problem = "" if readable else "no transfer instrument can be read"
    return Reading({"vague": found.vague}, _codes(found.terms), problem)


def _read_places(text: str) -> Reading:
    places = read_places(text)
    if not any(place.code for place in places) and read_denial(text).denied:
        return Reading({}, denied=True)
    terms = tuple((place.code, place.text) for place in places if place.code)
    unknown = [place for place in places if place.kind == "unknown"]
    hint = next((f"did you mean {place.hint}?" for place in unknown if place.hint), "")
    return Reading({}, terms, "not the name of a country" if unknown else "", hint)


def _read_conditions(
    read: Callable[[str], Iterable[object]], what: str
) -> Callable[[str], Reading]:
    def read_one(text: str) -> Reading:
        terms = _codes(read(text))
        return Reading({}, terms, "" if terms else f"no {what} can be read")

    return read_one


def _read_transfers(text: str) -> Reading:
    return Reading({}, denied=read_denial(text).denied)


def _read_terms(vocabulary: str) -> Callable[[str], Reading]:
    matcher = load_matcher(vocabulary)

    def read_one(text: str) -> Reading:
        found = matcher.find(text)
        denied = find_denied(text, found)
        return Reading({}, _codes(one for one in found if one not in denied))

    return read_one


def _choose_reader(field: Field) -> Callable[[str], Reading] | None:
    readers: dict[str, Callable[[str], Reading]] = {
        "date": _read_date,
        "yes_no": _read_yes_no,
        "role": _read_role,
        "status": _read_status,
        "recipient_role": _read_recipient_role,
        "retention": _read_retention,
        "bases": _read_bases,
        "mechanisms": _read_mechanisms,
        "places": _read_places,
        "transfers": _read_transfers,
        "conditions": _read_conditions(read_conditions, "Article 9 condition"),
        "conditions_10": _read_conditions(read_criminal_conditions, "Article 10 condition"),
        "schedule_1": _read_conditions(read_schedule_1, "Schedule 1 condition"),
    }
    if field.kind in ("subjects", "data", "rights"):
        return _read_terms(field.values)
    return readers.get(field.kind)


_DEFAULTS: Mapping[str, object] = MappingProxyType(
    {"str": "", "bool": False, "Int64": None, "datetime64[s]": None}
)


@dataclass(frozen=True, slots=True)
class Fields:
    """A table's fields as read.

    Attributes
    ----------
    columns : dict
        Column name to values, in the order of the data dictionary.
    terms : DataFrame
        ``key``, ``field``, ``code`` and ``text`` of each thing recognised.
    issues : DataFrame
        ``key``, ``field``, ``part`` (of the cells from which a text is joined, which),
        ``problem`` and ``hint`` of each cell that cannot be read.
    """

    columns: dict[str, pd.Series]
    terms: pd.DataFrame
    issues: pd.DataFrame


def read_all_fields(raw: RawTable, known: Known) -> Fields:
    """Read every field of a table's records.

    Parameters
    ----------
    raw : RawTable
        The records.
    known : dict
        What was read of the texts of other tables, which is added to: an item has the texts of its
        activity.
    """
    columns: dict[str, pd.Series] = {}
    terms: list[pd.DataFrame] = []
    issues: list[pd.DataFrame] = []
    for field in read_fields(raw.table):
        one = _read_field(raw, field, known)
        columns |= one.columns
        terms.append(one.terms)
        issues.append(one.issues)
    return Fields(columns, _join(terms), _join(issues))


def _join(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    held = [one for one in parts if len(one)]
    return pd.concat(held or parts[:1], ignore_index=True)


def _read_field(raw: RawTable, field: Field, known: Known) -> Fields:
    rows = raw.rows
    name = field.name
    broken, absent = (rows[f"{name}_{one}"].to_numpy(dtype=bool) for one in ("broken", "absent"))
    if absent.all() and not broken.any():
        numbers, distinct = np.zeros(len(rows), dtype=np.int64), [""]
    else:
        numbers, distinct = encode(_add_units(rows, name))
    states, readings = _read_texts(field, distinct, known)
    # What is broken is read as nothing else, whatever text it may hold.
    chosen = np.where(broken, len(distinct), numbers) if broken.any() else numbers
    codes = np.array([_STATE_NUMBERS[state] for state in states], dtype=np.int8)[chosen]
    codes[absent] = _STATE_NUMBERS["absent"]
    result: dict[str, pd.Series] = {
        name: rows[name],
        f"{name}_state": pd.Series(categorise(STATES, codes), index=rows.index),
    }
    for suffix, column in PARSED.get(field.kind, {}).items():
        default = _DEFAULTS[column.dtype]
        values = [one.parsed.get(suffix, default) for one in readings]
        result[f"{name}_{suffix}"] = _spread_values(values, column.dtype, chosen, rows.index)
    terms = _list_terms(rows["key"], name, numbers, readings)
    issues = _list_issues(rows["key"], name, chosen, readings)
    if len(issues) and f"{name}_spots" in rows:
        issues = _tell_parts(issues, rows.set_index("key")[f"{name}_spots"])
    return Fields(result, terms, issues)


def _read_texts(
    field: Field, texts: Sequence[str], known: Known
) -> tuple[list[str], list[Reading]]:
    """Return the state of each text and what it was read as; last those of a broken cell.

    Of the boxes of a form what is ticked is read; a cell of which nothing is ticked is blank.
    """
    boxes = [read_boxes(text) for text in texts]
    texts = [one.text for one in boxes]
    states = read_states(texts)
    if field.kind == "id":  # activities may be lettered: "N" follows "M"
        states = [
            "stated" if state == "none" and len(text.strip()) == 1 else state
            for text, state in zip(texts, states, strict=True)
        ]
    readings = [_NOTHING] * len(texts)
    kind = (field.kind, field.values)  # noqa: PD011 - no frame: the name of a vocabulary
    held = known.setdefault(kind, {})
    reader, readable = _choose_reader(field), _readable_states(field)
    for place, text in enumerate(texts):
        if not boxes[place].clear:
            states[place], readings[place] = "unreadable", Reading(_NOTHING.parsed, problem=UNCLEAR)
            continue
        if reader is None or states[place] not in readable:
            continue
        if text not in held:
            held[text] = reader(text)
        found = readings[place] = held[text]
        if found.problem:
            states[place] = "unreadable"
        elif found.denied:
            states[place] = "none"
    return [*states, "unreadable"], [*readings, Reading(MappingProxyType({}), problem=BROKEN)]


def _spread_values(
    values: Sequence[object], dtype: str, numbers: Numbers, index: pd.Index
) -> pd.Series:
    """Return a parsed column, each value in the rows of its number."""
    if dtype == "str":
        texts = [str(value) for value in values]
        return pd.Series(spread(texts, numbers), index=index)
    held: Any = pd.Series(list(values), dtype="object")
    distinct = held.astype(dtype)
    return pd.Series(distinct.array.take(numbers), index=index)


def _add_units(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return the texts to be read: a bare number has the unit that its heading gives."""
    texts, unit = rows[name], f"{name}_unit"
    if unit not in rows:
        return texts
    bare = texts.str.fullmatch(r"\s*[0-9]{1,4}(?:[.,][0-9]{1,2})?\s*") & rows[unit].notna()
    numbers = texts.str.strip().str.replace(r"[.,]0+$", "", regex=True)
    return texts.where(~bare, numbers + " " + rows[unit].fillna(""))


def _readable_states(field: Field) -> tuple[str, ...]:
    """Return the states under which a text is read: "No" answers a yes-or-no question."""
    return ("stated", "none") if field.kind in ("yes_no", "retention") else ("stated",)


def _list_terms(
    keys: pd.Series, field: str, numbers: Numbers, readings: Sequence[Reading]
) -> pd.DataFrame:
    """Return one row a record and thing recognised in its text."""
    terms = [term for one in readings for term in one.terms]
    if not terms:
        return _no_terms()
    rows, places = unroll(numbers, [len(one.terms) for one in readings])
    names = name_fields()
    return pd.DataFrame(
        {
            "key": keys.to_numpy()[rows],
            "field": categorise(names, np.full(len(rows), names.index(field))),
            "code": spread([code for code, _ in terms], places),
            "text": spread([text for _, text in terms], places),
        }
    )


@cache
def _no_terms() -> pd.DataFrame:
    none = make_empty(key="int64", code="str", text="str")
    field = pd.Series(categorise(name_fields(), np.zeros(0, dtype=np.int64)))
    return none.assign(field=field)[["key", "field", "code", "text"]]


def _list_issues(
    keys: pd.Series, field: str, numbers: Numbers, readings: Sequence[Reading]
) -> pd.DataFrame:
    """Return one row a record whose cell cannot be read."""
    bad = np.flatnonzero(np.array([bool(one.problem) for one in readings])[numbers])
    if not len(bad):
        return make_empty(key="int64", field="str", part="int64", problem="str", hint="str")
    return pd.DataFrame(
        {
            "key": keys.to_numpy()[bad],
            "field": repeat(field, len(bad)),
            "part": 0,
            "problem": spread([one.problem for one in readings], numbers[bad]),
            "hint": spread([one.hint for one in readings], numbers[bad]),
        }
    )


def _tell_parts(issues: pd.DataFrame, spots: pd.Series) -> pd.DataFrame:
    """Return one row for each broken cell of the texts that are joined from several cells."""
    parts = [
        [part for part, spot in enumerate(cells) if spot.broken] if isinstance(cells, tuple) else []
        for cells in spots.reindex(issues["key"])
    ]
    lines, _ = unroll(np.arange(len(parts)), [len(one) or 1 for one in parts])
    told = issues.take(lines).reset_index(drop=True)
    return told.assign(part=[part for one in parts for part in one or (0,)])
