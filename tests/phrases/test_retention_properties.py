"""Retention texts of every kind: no reader raises, and the grammar holds for the vocabularies."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ropa.phrases import (
    dates,
    lists,
    retention,
    retention_periods,
    retention_references,
    retention_terms,
    retention_tokens,
    states,
)
from ropa.phrases.matching import fold
from ropa.phrases.retention import read_retention
from ropa.phrases.retention_periods import read_length
from ropa.vocabulary import read_vocabulary

KINDS = {
    "fixed",
    "event",
    "event_period",
    "circular",
    "unlimited",
    "elsewhere",
    "none",
    "unreadable",
}
CELL = 32_767  # characters that a spreadsheet cell can hold
REPRODUCIBLE = settings(max_examples=150, database=None, derandomize=True, deadline=None)


def _spell(term: str) -> str:
    return term.replace("(s)", "").replace("*", "")


WORDS = sorted(
    {
        _spell(row["term"])
        for name in ("retention_words", "retention_things", "retention_triggers", "time_units")
        for row in read_vocabulary(name)
    }
    | {"6", "2024", "xx", "(", ")", ",", ";", ".", "+", "-", "/", "\n", "Companies Act 2006", "x"}
)
UNITS = [row for row in read_vocabulary("time_units") if "en" in row["language"].split()]
EVENTS = [
    row
    for name in ("retention_triggers", "retention_things")
    for row in read_vocabulary(name)
    if row["language"] == "en" and "+" not in row["term"] and "plus" not in row["term"]
]


@REPRODUCIBLE
@given(st.text(max_size=80))
def test_any_text_has_a_reading(text: str) -> None:
    assert read_retention(text).kind in KINDS


@REPRODUCIBLE
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
def test_any_words_of_the_vocabulary_have_a_reading(text: str) -> None:
    reading = read_retention(text)
    assert reading.kind in KINDS
    assert reading == read_retention(text.upper().lower())


@pytest.mark.parametrize("event", EVENTS, ids=lambda row: row["term"])
def test_period_after_every_event(event: dict[str, str]) -> None:
    reading = read_retention(f"7 months after {_spell(event['term'])}")
    found = (reading.kind, reading.duration, reading.trigger, reading.open_ended)
    assert found == ("event_period", "P7M", event["code"], False)


@REPRODUCIBLE
@given(st.integers(1, 999), st.sampled_from(UNITS), st.sampled_from(EVENTS))
def test_any_number_of_any_unit_after_any_event(
    number: int, unit: dict[str, str], event: dict[str, str]
) -> None:
    reading = read_retention(f"{number} {_spell(unit['term'])} after {_spell(event['term'])}")
    length = read_length(unit["code"]).scale(Fraction(number))
    assert reading.kind == "event_period"
    assert (reading.duration, reading.days) == (length.format(), length.count_days())
    assert reading.trigger == event["code"]


NUMBERS = {
    int(row["code"]): row["term"]
    for row in read_vocabulary("numbers")
    if "en" in row["language"].split()
}


def _write(number: int) -> str:
    if number >= 100:
        rest = f" and {_write(number % 100)}" if number % 100 else ""
        return f"{NUMBERS[number // 100]} hundred{rest}"
    if number in NUMBERS:
        return NUMBERS[number]
    return f"{NUMBERS[number // 10 * 10]}-{NUMBERS[number % 10]}"


@pytest.mark.parametrize("number", range(1, 131))
def test_numbers_in_words(number: int) -> None:
    assert read_retention(f"{_write(number)} weeks").duration == f"P{number}W"
    assert read_retention(f"{_write(number).replace('-', ' ')} weeks").duration == f"P{number}W"


# -- the vocabularies and the patterns -----------------------------------------------------------

VOCABULARIES = (
    "retention_laws",
    "retention_things",
    "retention_triggers",
    "retention_words",
    "numbers",
    "time_rates",
    "time_spans",
    "time_units",
    "months",
    "weekdays",
    "retention_abbreviations",
    "retention_english",
    "retention_joints",
    "time_dates",
    "states",
    "yes_no",
)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_each_term_stands_once(name: str) -> None:
    terms = [fold(row["term"]) for row in read_vocabulary(name)]
    assert sorted(terms) == sorted(set(terms))
    assert all(row["code"] and row["language"] for row in read_vocabulary(name))


@pytest.mark.parametrize("name", ["retention_triggers", "retention_things"])
def test_a_code_is_open_ended_for_all_its_terms(name: str) -> None:
    flags = {(row["code"], row["open_ended"]) for row in read_vocabulary(name)}
    assert len(flags) == len({code for code, _ in flags})
    assert {flag for _, flag in flags} == {"yes", "no"}


def test_no_pattern_repeats_a_repetition() -> None:
    """A repetition without limit inside another makes matching explode on a long cell."""
    modules = (dates, lists, retention, retention_references, retention_terms, states)
    patterns = [
        value.pattern
        for module in (*modules, retention_periods, retention_tokens)
        for value in vars(module).values()
        if isinstance(value, re.Pattern)
    ]
    patterns += [pattern.pattern for pattern, _ in dates._forms()]  # noqa: SLF001
    patterns += [pattern.pattern for pattern in states._patterns()]  # noqa: SLF001
    assert len(patterns) > 30
    nested = re.compile(r"\([^()]*[^\\\]](?:\+|\*)[^()]*\)(?:\+|\*)")
    # Separators and content of this one exclude each other: it has one way to match.
    disjoint = {states._ONLY_X.pattern, retention_references._IDENTIFIER.pattern}  # noqa: SLF001
    assert [pattern for pattern in patterns if nested.search(pattern)] == [
        pattern for pattern in patterns if nested.search(pattern) and pattern in disjoint
    ]


@pytest.mark.parametrize(
    "unit",
    [
        "6 years ",
        "end ",
        "while need ",
        "x ",
        "[",
        "(",
        ". ",
        "; ",
        "a,",
        "A1-",
        "1 ",
        "cy + ",
        "'",
    ],
)
def test_a_full_cell_is_read(unit: str) -> None:
    text = (unit * CELL)[:CELL]
    assert read_retention(text).kind in KINDS
    assert states.read_state(text) in {"stated", "placeholder"}
    assert lists.split_list(text) is not None
    assert dates.read_date(text).problem == "not a date"
