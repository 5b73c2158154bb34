"""What is not read because it cannot hold a term: it must never hold one."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ropa.phrases.columns import Distinct, Texts, map_texts
from ropa.phrases.matching import Matcher, Term, build_matcher, fold, fold_all, load_matcher
from ropa.phrases.placeholder_hints import may_hold_placeholder
from ropa.phrases.states import find_placeholder
from ropa.vocabulary import read_vocabulary

VOCABULARIES = ("lawful_basis", "negations", "data_category", "placeholders", "right", "yes_no")
TERMS = (
    "e-mail",
    "subscri*",
    "interest(s)",
    "6(1)(f)",
    "n/a",
    "d\u00e9l\u00e9gu\u00e9",
    "+ more",
    "-",
)
PIECES = st.sampled_from(
    [
        *(row["term"] for name in VOCABULARIES for row in read_vocabulary(name)),
        *(row["term"] for row in read_vocabulary("states")),
        *TERMS,
        *("email", "E mail", "interests", "neant", "sub\u00adscription", "XX May 2024", "<date>"),
        *(
            " ",
            "-",
            "_",
            "\n",
            "x",
            "7",
            "\u2013",
            "`",
            "\u00e9",
            "e\u0301",
            "\u00df",
            "?",
            "(",
            "]",
        ),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=6).map("".join)


def load(name: str) -> Matcher:
    return build_matcher((term, term) for term in TERMS) if name == "terms" else load_matcher(name)


@pytest.mark.parametrize("name", [*VOCABULARIES, "terms"])
@settings(deadline=None)
@given(texts=st.lists(TEXTS, max_size=8, unique=True))
def test_a_text_that_is_left_out_holds_no_term(name: str, texts: list[str]) -> None:
    matcher = load(name)
    kept = Distinct(texts).may_hold(matcher)
    held = np.array([bool(matcher.find(text)) for text in texts], dtype=bool)
    assert not (held & ~kept).any()


@settings(deadline=None)
@given(texts=st.lists(TEXTS, max_size=8, unique=True))
def test_a_text_that_is_left_out_holds_no_placeholder(texts: list[str]) -> None:
    kept = may_hold_placeholder(Distinct(texts))
    held = np.array([bool(find_placeholder(text)) for text in texts], dtype=bool)
    assert not (held & ~kept).any()


@pytest.mark.parametrize("name", [*VOCABULARIES, "terms"])
@settings(deadline=None)
@given(texts=st.lists(TEXTS, max_size=8, unique=True))
def test_the_texts_that_hold_a_term_are_found_together(name: str, texts: list[str]) -> None:
    matcher = load(name)
    assert list(Distinct(texts).hold(matcher)) == [matcher.holds(text) for text in texts]


def find_plainly(matcher: Matcher, text: str) -> list[tuple[str, str, int, int]]:
    """Try each spelling of each term, the longest terms first, at each place of the text."""
    patterns = [
        (one.code, re.compile(rf"(?<!\w)(?:{re.escape(one.head)}{one.rest})(?!\w)"))
        for one in matcher._spellings  # noqa: SLF001
    ]
    folded, place = fold(text), 0
    found = []
    while place <= len(folded):
        tried = ((code, pattern.match(folded, place)) for code, pattern in patterns)
        code, match = next(((code, one) for code, one in tried if one and one[0]), ("", None))
        if match:
            found.append((code, match[0], *match.span()))
        place = max(match.end() if match else 0, place + 1)
    return found


@pytest.mark.parametrize("name", ["placeholders", "right", "terms"])
@settings(deadline=None, max_examples=40)
@given(text=TEXTS)
def test_terms_are_found_as_by_trying_each_at_each_place(name: str, text: str) -> None:
    matcher = load(name)
    found = [(one.code, one.text, one.start, one.end) for one in matcher.find(text)]
    assert found == find_plainly(matcher, text)
    assert matcher.holds(text) == bool(found)
    assert matcher.find_codes(text) == {code for code, *_ in found}
    assert matcher.covers(text) == (bool(found) and rest_is_filler(matcher, text))
    for code, words, start, end in found:
        assert matcher.find_at(fold(text), start) == Term(code, words, start, end)


def rest_is_filler(matcher: Matcher, text: str) -> bool:
    filler = {fold(row["term"]) for row in read_vocabulary("filler")}
    return set(re.findall(r"[^\W_]+", matcher.blank(fold(text)))) <= filler


def test_texts_without_the_words_of_a_term_are_left_out() -> None:
    texts = ["by e-mail", "by email", "mail", "eel", "the subscriber", "a subspace", "+ more"]
    matcher = build_matcher([("e-mail", ""), ("subscri*", "")])
    assert list(Distinct(texts).may_hold(matcher)) == [
        *(True, True, False, False, True, False, False)
    ]
    assert list(may_hold_placeholder(Distinct(["Payroll 12", "TBC", "Is it?", "--"]))) == [
        *(False, True, True, True)
    ]


@settings(deadline=None)
@given(text=st.text(st.characters(max_codepoint=0x17F)))
def test_plain_text_is_folded_as_other_text_is(text: str) -> None:
    beside = "\u00e9 "  # no text with this letter is plain
    assert fold(beside + text) == " ".join(f"\u00e9 {fold(text)}".split())


@settings(deadline=None)
@given(texts=st.lists(TEXTS, max_size=12))
def test_a_column_reads_as_its_texts_do_one_by_one(texts: list[str]) -> None:
    matcher = load_matcher("lawful_basis")
    column = pd.Series(texts, dtype="str", index=range(5, 5 + len(texts)))
    found = map_texts(column, matcher.find_codes, holding=[matcher], default=frozenset())
    assert list(found) == [matcher.find_codes(text) for text in texts]
    assert list(found.index) == list(column.index)
    wanted = frozenset({"6(1)(f)"})
    told = Texts.of(column).mention(matcher, wanted)
    assert list(told) == [bool(matcher.find_codes(text) & wanted) for text in texts]


@settings(deadline=None, max_examples=20)
@given(texts=st.lists(TEXTS | st.text(st.sampled_from(" `\t\n\x0b\x1c\x1fAz\u00e9\u2003"))))
def test_many_texts_are_folded_as_each_is(texts: list[str]) -> None:
    many = [*texts, *map(str, range(1_000))]
    assert fold_all(many) == [fold(text) for text in many]
