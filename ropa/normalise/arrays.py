"""Columns by their distinct values: each is looked at once, then spread over the rows again.

The texts of a register lie in Arrow from the file to the Register. Nothing here makes a Python
object of each cell: that alone would take longer than reading the file.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ropa.phrases.matching import fold_all

Numbers = npt.NDArray[np.int64]


def encode(texts: pd.Series) -> tuple[Numbers, list[str]]:
    """Return the number of each text among the distinct ones, and these as they first occur.

    Parameters
    ----------
    texts : Series of str
        None of them missing.
    """
    held = pa.array(texts.astype("str").array)
    if isinstance(held, pa.ChunkedArray):
        held = held.combine_chunks()
    coded = held.dictionary_encode()
    return coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist()


def spread(texts: Sequence[str | None], numbers: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - the array type of a string column has no public name
    """Return the text of each number as a pandas array of strings."""
    if len(texts) == 1 and texts[0] is not None:
        return repeat(texts[0], len(numbers))
    taken = pa.array(texts, type=pa.large_string()).take(pa.array(numbers))
    return pd.array(taken, dtype="str")


def repeat(text: str, count: int) -> Any:  # noqa: ANN401 - as above
    """Return one text so many times as a pandas array of strings."""
    data = text.encode()
    ends = np.arange(count + 1, dtype=np.int64) * len(data)
    buffers = (pa.py_buffer(ends), pa.py_buffer(data * count))
    return pd.array(pa.LargeStringArray.from_buffers(count, *buffers), dtype="str")


def categorise(words: Sequence[str], numbers: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - stubs know no categories of texts
    """Return the word of each number as a column of few kinds: a byte or two a row."""
    return pd.Categorical.from_codes(numbers, dtype=pd.CategoricalDtype(list(words)))


def fold_column(texts: pd.Series) -> pd.Series:
    """Return the texts of a column folded, each distinct one once; none may be missing."""
    numbers, distinct = encode(texts)
    return pd.Series(spread(fold_all(distinct), numbers), index=texts.index)


def is_filled(texts: pa.Array) -> npt.NDArray[np.bool_]:
    """Tell which texts hold more than white space."""
    filled: npt.NDArray[np.bool_] = pc.not_equal(
        pc.utf8_trim_whitespace(pc.fill_null(texts, "")), ""
    ).to_numpy(zero_copy_only=False)
    return filled


def unroll(numbers: Numbers, counts: Sequence[int]) -> tuple[Numbers, Numbers]:
    """Return a row for each item of lists of which each row has one.

    Parameters
    ----------
    numbers : array of int
        Number of each row's list.
    counts : sequence of int
        How many items each list has.

    Returns
    -------
    array of int
        The row that each item belongs to.
    array of int
        Its place among the items of all the lists, one list after another.
    """
    places = np.cumsum([0, *counts])
    lengths = np.diff(places)[numbers]
    rows = np.repeat(np.arange(len(numbers)), lengths)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return rows, places[:-1][numbers][rows] + within
