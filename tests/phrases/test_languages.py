"""Cells in French, German, Dutch, Italian, Spanish and Danish: what is read, and what is not.

Each row of ``cases/languages.csv`` is a cell with what it must be read as; a blank stands for
nothing, so that the near misses stand beside what they are near to.
"""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ropa.phrases.bases import read_bases
from ropa.phrases.conditions import read_conditions
from ropa.phrases.denials import read_denial
from ropa.phrases.matching import load_matcher
from ropa.phrases.mechanisms import read_mechanisms
from ropa.phrases.negation import find_denied
from ropa.phrases.places import read_places
from ropa.phrases.roles import read_recipient_role, read_role, read_status
from ropa.phrases.states import find_placeholder, read_answer, read_state

CASES = Path(__file__).parent / "cases" / "languages.csv"
LEAST = {"basis": 15, "state": 10, "denial": 8, "mechanism": 8, "role": 8, "place": 10}


def read_rows() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _basis(text: str) -> str:
    return " ".join(term.code[5:-1] for term in read_bases(text).terms)


def _condition(text: str) -> str:
    return " ".join(term.code for term in read_conditions(text))


def _denial(text: str) -> str:
    denial = read_denial(text)
    if not denial.denied:
        return "no"
    if denial.limited and not denial.area:
        return " ".join(sorted(denial.named)) or "limited"
    return " ".join(sorted(denial.area, reverse=True)) or "all"


def _mechanism(text: str) -> str:
    return " ".join(term.code for term in read_mechanisms(text).terms)


def _place(text: str) -> str:
    kinds = {"unplaced": "third", "unknown": "?"}
    return " ".join(kinds.get(place.kind, place.code) for place in read_places(text))


def _terms(vocabulary: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        found = load_matcher(vocabulary).find(text)
        denied = find_denied(text, found)
        return " ".join(sorted({term.code for term in found if term not in denied}))

    return read


READERS: dict[str, Callable[[str], str]] = {
    "basis": _basis,
    "condition": _condition,
    "state": read_state,
    "answer": read_answer,
    "placeholder": find_placeholder,
    "denial": _denial,
    "mechanism": _mechanism,
    "role": lambda text: " ".join(read_role(text)),
    "recipient": read_recipient_role,
    "status": read_status,
    "place": _place,
    "subject": _terms("data_subject"),
    "data": _terms("data_category"),
    "right": _terms("right"),
}


@pytest.mark.parametrize(
    "row", read_rows(), ids=lambda row: f"{row['language']}-{row['reader']}-{row['text']}"
)
def test_a_cell_in_its_language_is_read(row: dict[str, str]) -> None:
    assert READERS[row["reader"]](row["text"]) == row["expected"]


def test_each_language_has_cases_enough_for_each_reader() -> None:
    rows = read_rows()
    found = Counter((row["language"], row["reader"]) for row in rows)
    assert {row["reader"] for row in rows} == set(READERS)
    assert {row["language"] for row in rows} == {"fr", "de", "nl", "it", "es", "da"}
    for language in {row["language"] for row in rows}:
        for reader, least in LEAST.items():
            assert found[language, reader] >= least
    texts = [(row["language"], row["reader"], row["text"]) for row in rows]
    assert len(texts) == len(set(texts))
