"""Rows that take their columns late: they say what a frame says."""

import pandas as pd
import pytest

from ropa.rules.rows import find_rows, make_rows, read_column

FRAME = pd.DataFrame(
    {
        "key": [10, 11, 12, 13],
        "name": pd.Series(["a", "b", "a", ""], dtype="str"),
        "flag": [True, False, True, True],
    }
).set_axis(pd.Index([3, 4, 5, 6]))


def test_chosen_rows_hold_the_same_columns_under_the_same_labels() -> None:
    rows = make_rows(FRAME)
    chosen, expected = rows[rows["flag"]], FRAME[FRAME["flag"]]
    pd.testing.assert_series_equal(chosen["name"], expected["name"])
    pd.testing.assert_frame_equal(chosen[["key", "name"]], expected[["key", "name"]])
    again = chosen[chosen["name"] == "a"]
    assert list(again["key"]) == [10, 12]
    assert list(again.index) == [3, 5]
    pd.testing.assert_frame_equal(chosen.drop(columns="flag"), expected.drop(columns="flag"))
    assert rows[FRAME["key"] > 0] is rows


def test_a_mask_is_aligned_by_labels() -> None:
    rows = make_rows(FRAME)
    assert list(rows[FRAME["flag"].iloc[::-1]]["key"]) == [10, 12, 13]
    assert list(rows.loc[rows["flag"], "key"]) == [10, 12, 13]
    assert list(rows.loc[pd.Index([6, 3]), "key"]) == [13, 10]
    with pytest.raises(KeyError):
        rows.loc[pd.Index([7])]


def test_columns_are_added_to_a_choice_alone() -> None:
    rows = make_rows(FRAME)
    more = rows[rows["flag"]].assign(name=lambda one: one["name"] + "!", number=7)
    assert list(more["name"]) == ["a!", "a!", "!"]
    assert list(more[more["key"] > 10]["number"]) == [7, 7]
    assert list(rows["name"]) == ["a", "b", "a", ""]
    assert "number" not in rows
    assert list(more.drop_duplicates("name")["key"]) == [10, 13]
    assert list(read_column(more, "name").equal(["!"])) == [False, False, True]


def test_a_column_that_was_taken_may_be_changed() -> None:
    rows = make_rows(FRAME)
    chosen = rows[rows["key"] > 10]
    flags = chosen["flag"]
    flags |= True
    assert list(chosen["flag"]) == [False, True, True]


def test_rows_are_found_by_their_keys_any_number_of_times() -> None:
    rows = make_rows(FRAME)
    found = find_rows(rows, pd.Series([12, 10, 12], index=[0, 1, 2]))
    assert list(found["name"]) == ["a", "a", "a"]
    assert list(found.index) == [0, 1, 2]
    assert list(read_column(found[found["key"] == 12], "name").numbers) == [0, 0]
    with pytest.raises(KeyError):
        find_rows(rows, pd.Series([99]))


def test_no_row_is_chosen_by_an_empty_mask() -> None:
    none = make_rows(FRAME.iloc[:0])
    assert none[[]].empty
    assert list(none["key"]) == []
