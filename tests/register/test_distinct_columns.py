"""Columns by their distinct texts: spread over the rows again, and lists unrolled."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from ropa.normalise.arrays import encode, fold_column, is_filled, repeat, spread, unroll


@pytest.mark.parametrize("texts", [["b", "a", "b", ""], ["\u00e9 \u00e9", "a"], ["one"], []])
def test_a_column_comes_back_from_its_distinct_texts(texts: list[str]) -> None:
    column = pd.Series(texts, dtype="str")
    numbers, distinct = encode(column)
    assert distinct == list(dict.fromkeys(texts))
    assert pd.Series(spread(distinct, numbers)).equals(column)


@pytest.mark.parametrize("text", ["", "a", "caf\u00e9"])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_one_text_many_times(text: str, count: int) -> None:
    assert pd.Series(repeat(text, count)).equals(pd.Series([text] * count, dtype="str"))
    assert list(spread([text], np.zeros(count, dtype=np.int64))) == [text] * count


def test_a_column_is_folded_with_its_index() -> None:
    column = pd.Series(["A  B", "a b ", "C"], index=[5, 3, 9], dtype="str")
    assert fold_column(column).to_dict() == {5: "a b", 3: "a b", 9: "c"}


def test_white_space_and_missing_texts_are_not_filled() -> None:
    assert is_filled(pa.array(["a", " ", "", None, "\u00a0b"])).tolist() == [
        *(True, False, False, False, True)
    ]


def test_each_item_of_a_list_has_its_row_and_place() -> None:
    # The lists hold 2, 0 and 1 items: the last row has the first list again.
    rows, places = unroll(np.array([0, 2, 1, 0]), [2, 0, 1])
    assert rows.tolist() == [0, 0, 1, 3, 3]
    assert places.tolist() == [0, 1, 2, 0, 1]
