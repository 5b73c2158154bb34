"""Cell addresses: the numbers of a row and a column to ``G5`` and back.

Rows and columns count from 1, as a reader of the sheet counts them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

MAX_ROW = 1_048_576
"""Last row of a sheet (Microsoft, *Excel specifications and limits*)."""
MAX_COLUMN = 16_384
"""Last column of a sheet, XFD (the same source)."""

_LETTERS = 26


@cache
def column_letter(column: int) -> str:
    """Return the letters of a column: 1 is ``A``, 27 is ``AA``, 16384 is ``XFD``.

    Raises
    ------
    ValueError
        If the column is not between 1 and 16384.
    """
    if not 1 <= column <= MAX_COLUMN:
        msg = f"a column is between 1 and {MAX_COLUMN}, not {column}"
        raise ValueError(msg)
    letters = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


@cache
def column_number(letters: str) -> int:
    """Return the number of a column: ``A`` is 1, ``XFD`` is 16384.

    Raises
    ------
    ValueError
        If the text is not one to three letters A to Z within the sheet.
    """
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            break
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    else:
        if 1 <= number <= MAX_COLUMN:
            return number
    msg = f"no column is called {letters!r}"
    raise ValueError(msg)


def cell_address(row: int, column: int) -> str:
    """Return the address of a cell: row 5, column 7 is ``G5``.

    Raises
    ------
    ValueError
        If the row or the column lies outside a sheet.
    """
    if not 1 <= row <= MAX_ROW:
        msg = f"a row is between 1 and {MAX_ROW}, not {row}"
        raise ValueError(msg)
    return f"{column_letter(column)}{row}"


def cell_addresses(
    rows: npt.ArrayLike | pa.Array,
    columns: npt.ArrayLike | pa.Array,
) -> pa.Array:
    """Return the addresses of many cells at once.

    Parameters
    ----------
    rows, columns : array of int
        1-based numbers, of equal length; either may be one number for all.

    Returns
    -------
    pyarrow.StringArray
        One address a cell, in the order given.

    Raises
    ------
    ValueError
        If the lengths differ or a cell lies outside a sheet.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    row, column = np.broadcast_arrays(
        np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
    )
    row, column = np.atleast_1d(row), np.atleast_1d(column)
    _check_within(row, MAX_ROW, "row")
    _check_within(column, MAX_COLUMN, "column")
    if not len(row):
        return pa.array([], type=pa.string())
    distinct, codes = np.unique(column, return_inverse=True)
    letters = pa.array([column_letter(int(number)) for number in distinct], type=pa.string())
    numbers = pa.array(row).cast(pa.string())
    return pc.binary_join_element_wise(letters.take(pa.array(codes)), numbers, "")


def _check_within(numbers: npt.NDArray[np.int64], last: int, what: str) -> None:
    if len(numbers) and not (numbers.min() >= 1 and numbers.max() <= last):
        msg = f"a {what} is between 1 and {last}"
        raise ValueError(msg)
