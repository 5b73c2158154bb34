"""Row and column numbers to addresses and back."""

from __future__ import annotations

import numpy as np
import pytest
from openpyxl.utils import get_column_letter

from ropa.workbook.addresses import cell_address, cell_addresses, column_letter, column_number


@pytest.mark.parametrize(
    ("column", "letters"),
    [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")],
)
def test_column_letters_at_the_turns(column: int, letters: str) -> None:
    assert column_letter(column) == letters
    assert column_number(letters) == column


def test_column_letters_of_a_whole_sheet_agree_with_openpyxl() -> None:
    columns = range(1, 16_385)
    letters = [column_letter(column) for column in columns]
    assert letters == [get_column_letter(column) for column in columns]
    assert [column_number(one) for one in letters] == list(columns)


@pytest.mark.parametrize("column", [0, -1, 16_385])
def test_column_outside_a_sheet(column: int) -> None:
    with pytest.raises(ValueError, match="a column is between 1 and 16384"):
        column_letter(column)


@pytest.mark.parametrize("letters", ["", "a", "A1", "XFE", "AAAA", "Ä"])
def test_letters_of_no_column(letters: str) -> None:
    with pytest.raises(ValueError, match="no column is called"):
        column_number(letters)


def test_cell_address() -> None:
    assert cell_address(5, 7) == "G5"
    assert cell_address(1_048_576, 16_384) == "XFD1048576"
    with pytest.raises(ValueError, match="a row is between"):
        cell_address(0, 1)


def test_cell_addresses_keep_the_order() -> None:
    found = cell_addresses(np.array([5, 1, 1_048_576, 5]), np.array([7, 28, 16_384, 7]))
    assert found.to_pylist() == ["G5", "AB1", "XFD1048576", "G5"]


def test_cell_addresses_of_one_column_and_of_none() -> None:
    assert cell_addresses([3, 4], 2).to_pylist() == ["B3", "B4"]
    assert cell_addresses([], []).to_pylist() == []


@pytest.mark.parametrize(("rows", "columns"), [([0], [1]), ([1], [0]), ([1, 1_048_577], [1, 1])])
def test_cell_addresses_outside_a_sheet(rows: list[int], columns: list[int]) -> None:
    with pytest.raises(ValueError, match="between 1 and"):
        cell_addresses(rows, columns)
