"""What is asked of columns once per distinct text or row."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ropa.phrases.columns import (
    Texts,
    join_flagged,
    join_texts_by,
    map_rows,
    map_texts,
    number_rows,
)
from ropa.phrases.matching import fold

WORDS = st.sampled_from(["", "a", "B", "\u00c9", "to be"])
ROWS = st.lists(st.tuples(WORDS, st.integers(0, 2), st.frozensets(WORDS, max_size=2)), max_size=12)


def make_columns(rows: list[tuple[str, int, frozenset[str]]]) -> list[pd.Series]:
    index = pd.Index(range(7, 7 + len(rows)))
    texts, numbers, sets = zip(*rows, strict=True) if rows else ((), (), ())
    return [
        pd.Series(list(texts), index=index, dtype="str"),
        pd.Series(list(numbers), index=index, dtype="int64"),
        pd.Series(list(sets), index=index, dtype="object"),
    ]


@given(rows=ROWS)
def test_rows_have_one_number_if_they_say_the_same(
    rows: list[tuple[str, int, frozenset[str]]],
) -> None:
    numbers = number_rows(make_columns(rows)).tolist()
    first = dict(reversed(list(zip(rows, numbers, strict=True))))
    assert numbers == [first[row] for row in rows]
    assert sorted(set(numbers)) == list(range(len(set(rows))))


@given(rows=ROWS)
def test_each_distinct_row_is_read_once(rows: list[tuple[str, int, frozenset[str]]]) -> None:
    seen = []

    def read(*row: object) -> object:
        seen.append(row)
        return row

    columns = make_columns(rows)
    found = map_rows(read, *columns)
    assert found.tolist() == rows
    assert found.index.equals(columns[0].index)
    assert len(seen) == len(set(seen))


@given(flags=st.lists(st.tuples(*[st.booleans()] * 9), max_size=12))
def test_the_names_of_what_is_true_are_joined(flags: list[tuple[bool, ...]]) -> None:
    frame = pd.DataFrame(flags, columns=list("abcdefghi"), dtype=bool)
    joined = join_flagged(frame, "; ")
    assert joined.tolist() == [
        "; ".join(name for name, flag in zip("abcdefghi", row, strict=True) if flag)
        for row in flags
    ]
    assert joined.dtype == "str"


def test_more_columns_than_a_number_has_bits_are_told_apart() -> None:
    names = [str(number) for number in range(100)]
    frame = pd.DataFrame([[True, *[False] * 98, True], [False] * 100], columns=names)
    assert join_flagged(frame, " ").tolist() == ["0 99", ""]


def test_without_a_column_nothing_is_joined() -> None:
    assert join_flagged(pd.DataFrame(index=[3, 4]), "; ").to_dict() == {3: "", 4: ""}


def test_texts_are_joined_by_key_in_their_order() -> None:
    keys, texts = pd.Series([2, 1, 2]), pd.Series(["b", "a", "c"], dtype="str")
    assert join_texts_by(keys, texts, ", ").to_dict() == {2: "b, c", 1: "a"}
    assert join_texts_by(keys[:0], texts[:0], ", ").empty


@given(texts=st.lists(WORDS, max_size=12))
def test_a_column_tells_the_rows_in_which_something_is_found(texts: list[str]) -> None:
    column = pd.Series(texts, index=range(3, 3 + len(texts)), dtype="str")
    found = Texts.of(column).find(str.strip, lambda few: np.ones(len(few.texts), dtype=bool))
    assert found.to_dict() == {place: text for place, text in column.items() if text.strip()}
    assert Texts.of(column).fold().to_dict() == map_texts(column, fold).to_dict()


@given(words=st.lists(WORDS, max_size=12), wanted=st.frozensets(WORDS, max_size=3))
def test_a_column_of_categories_answers_as_its_texts_do(
    words: list[str], wanted: frozenset[str]
) -> None:
    texts = pd.Series(words, index=range(5, 5 + len(words)), dtype="str")
    kinds = pd.Series(pd.Categorical(words, categories=["unused", "to be", "", "\u00c9", "B", "a"]))
    columns = [Texts.of(one) for one in (texts, kinds.set_axis(texts.index))]
    plain, kind = ([one.equal(wanted), one.fold(), one.map(fold)] for one in columns)
    for told, other in zip(plain, kind, strict=True):
        pd.testing.assert_series_equal(told, other)
