"""The vocabularies of the readers: each term once, each code known, nothing that cannot match."""

import re

import pytest

from ropa.phrases.matching import fold, load_matcher
from ropa.vocabulary import read_vocabulary

POINTS_6 = {"6(1)(a)", "6(1)(b)", "6(1)(c)", "6(1)(d)", "6(1)(e)", "6(1)(ea)", "6(1)(f)"}
POINTS_9 = {f"9(2)({letter})" for letter in "abcdefghij"}
CODES = {
    "lawful_basis": POINTS_6,
    "basis_article_9": POINTS_9,
    "not_basis": {"none"},
    "basis_filler": {"filler"},
    "implied_consent": {"implied", "use", "site"},
    "statutes": {"statute", "data_protection", "eudpr", "law_enforcement"},
    "article_9": POINTS_9,
    "article_9_short": POINTS_9,
    "not_condition": {"none"},
    "article_10": {"official_authority", "schedule_1", "law"},
    "schedule_1": {f"S1-{number:02}" for number in range(1, 38)} - {"S1-05"},
    "not_mechanism": {"none"},
    "no_mechanism": {"none"},
    "vague_safeguard": {"vague"},
    "scc_module": {"1", "2", "3", "4"},
    "role": {"controller", "joint controller", "processor"},
    "role_short": {"controller", "processor", "none"},
    "not_role": {"none"},
    "regime": {"uk", "eu"},
    "regime_short": {"uk", "eu", "both"},
    "status": {"live", "ended", "proposed"},
    "processor_record": {"processor", "controller"},
    "negations": {"before", "after", "either", "past", "none"},
}
MATCHED = [*CODES, "recipient_role", "transfer_mechanism", "scc_version"]


@pytest.mark.parametrize("name", MATCHED)
def test_each_term_stands_once_and_is_found(name: str) -> None:
    terms = [fold(row["term"]) for row in read_vocabulary(name)]
    assert sorted(terms) == sorted(set(terms))
    for row in read_vocabulary(name):
        plain = row["term"].replace("(s)", "").replace("*", "")
        assert row["code"] in load_matcher(name).find_codes(plain), row["term"]


@pytest.mark.parametrize(("name", "codes"), CODES.items())
def test_each_code_is_known_and_used(name: str, codes: set[str]) -> None:
    found = {row["code"] for row in read_vocabulary(name)}
    assert found <= codes
    if name not in {"basis_article_9", "article_9_short"}:
        assert found == codes


@pytest.mark.parametrize("name", MATCHED)
def test_no_bracket_is_meant_as_a_letter(name: str) -> None:
    # "(s)" stands for an optional ending, so "(2010)" would stand for an optional year.
    assert [
        row["term"] for row in read_vocabulary(name) if re.search(r"\((?!s\))\w+\)", row["term"])
    ] == []


@pytest.mark.parametrize("name", ["countries", "country_groups", "localities", "place_filler"])
def test_each_place_row_stands_once(name: str) -> None:
    rows = [(row["term"], row["code"], row.get("kind", "")) for row in read_vocabulary(name)]
    assert sorted(rows) == sorted(set(rows))
    assert all(term and code for term, code, _ in rows)
