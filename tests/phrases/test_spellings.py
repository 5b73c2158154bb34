"""Terms with accents in texts without them, and the tree of letters that terms are found by."""

import re

import pytest

from ropa.phrases.matching import build_matcher, fold, load_matcher, loosen, spell


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("n\u00e9ant", "neant"),
        ("n\u00e9ant", "N\u00c9ANT"),
        ("\u00e9tat de sant\u00e9", "Etat de sant\u00e9"),
        ("\u00e9tat de sant\u00e9", "ETAT DE SANTE"),
        ("Vertragserf\u00fcllung", "Vertragserfuellung"),
        ("Vertragserf\u00fcllung", "Vertragserfullung"),
        ("Gro\u00dfbritannien", "Grossbritannien"),
        ("v\u00e6lg et element", "vaelg et element"),
        ("oph\u00f8rt", "ophoert"),
        ("mise en \u0153uvre", "mise en oeuvre"),
        ("obligaci\u00f3n legal", "OBLIGACION LEGAL"),
        ("\u00fcbermittel*", "uebermittelt"),
    ],
)
def test_a_term_is_found_without_its_accents(term: str, text: str) -> None:
    assert build_matcher([(term, "code")]).find_codes(text) == {"code"}
    if "*" not in term:
        assert fold(text) in spell(term)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("s\u00ed", "si"),
        ("\u00e2ge", "AGE"),
        ("resume", "r\u00e9sum\u00e9"),
        ("n\u00e9ant", "neanthe"),
        ("\u00fcber", "ubar"),
        ("caf\u00e9 bar", "cafe"),
    ],
)
def test_a_term_is_not_found_in_another_word(term: str, text: str) -> None:
    assert build_matcher([(term, "code")]).find_codes(text) == set()
    assert fold(text) not in spell(term)


def test_letters_without_accents_stay_as_they_are() -> None:
    assert loosen(r"a\w*[ -]b") == r"a\w*[ -]b"
    assert re.fullmatch(loosen("\u00e9t\u00e9"), "et\u00e9")


@pytest.mark.parametrize(
    ("text", "found"),
    {
        "ab": ["2"],
        "ab c": ["3"],
        "abcd": ["4"],
        "a": ["1"],
        "abc": ["4"],
        "abcd e": ["5"],
        "abx": [],
        "b a": ["1"],
    }.items(),
)
def test_the_longest_term_wins_whatever_letters_it_shares(text: str, found: list[str]) -> None:
    terms = [("a", "1"), ("ab", "2"), ("ab c", "3"), ("abc*", "4"), ("abcd e", "5")]
    assert [term.code for term in build_matcher(terms).find(text)] == found


@pytest.mark.parametrize("text", ["born abroad", "salaries", "to assure quality", "burger orders"])
def test_an_english_word_is_not_that_of_another_language_without_accents(text: str) -> None:
    assert load_matcher("data_subject").find_codes(text) == {"exclude"}


def test_danish_children_are_children() -> None:
    assert "child" in load_matcher("data_subject").find_codes("B\u00d8RN")
