"""States of thousands of texts: what is told at once is what is told of each by itself."""

import random
from itertools import chain

from hypothesis import given, settings
from hypothesis import strategies as st

from ropa.phrases.states import read_state, read_states
from ropa.vocabulary import read_vocabulary

TERMS = [row["term"] for row in read_vocabulary("states")]
MARKS = [";", ",", " / ", " - ", "(", ")", ".", "`", "\u2026", "\t", "\n", "\x0b", "\x1c", "[", "]"]
OTHERS = ["staff", "termination", "records kept", "1", "insert name", "xx", "XX/xx", "", "  ", "?"]
MANY = [f"A-{number:05}" for number in range(1_000)]

PIECES = st.sampled_from([*TERMS, *map(str.upper, TERMS), *MARKS, *OTHERS])


def test_every_term_is_found_among_many_texts() -> None:
    texts = [*MANY, *TERMS, *(f" ({term.upper()}). " for term in TERMS)]
    assert read_states(texts) == [read_state(text) for text in texts]
    assert set(read_states(texts)) == {"stated", "none", "placeholder"}


def test_made_up_texts_have_the_same_state_among_many() -> None:
    chance = random.Random(5)  # noqa: S311 - texts for a test, the same each time
    pieces = [*TERMS, *MARKS * 20, *OTHERS * 20]
    texts = ["".join(chance.choices(pieces, k=chance.randint(1, 5))) for _ in range(20_000)]
    assert read_states(texts) == [read_state(text) for text in texts]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(PIECES | st.text(max_size=5), max_size=4).map("".join), max_size=20))
def test_any_texts_have_the_same_state_among_many(texts: list[str]) -> None:
    assert read_states([*texts, *MANY])[: len(texts)] == [read_state(text) for text in texts]


def test_few_texts_are_read_as_well() -> None:
    texts = ["", " - ", "none / n/a", "None of the staff", "tbc", "termination"]
    assert read_states(texts) == ["blank", "placeholder", "none", "stated", "placeholder", "stated"]
    assert read_states(list(chain(texts, MANY)))[:6] == read_states(texts)
