"""Phrases in columns: a reader applied once to each distinct text."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def map_texts(texts: "pd.Series", read: Callable[[str], object]) -> "pd.Series":
    """Apply a reader to a column of texts, once per distinct text.

    Returns
    -------
    Series
        What the reader returned for each text, as objects, with the index of `texts`.
    """
    import pandas as pd

    codes, uniques = pd.factorize(texts)
    read_texts = pd.Series([read(text) for text in uniques], dtype=object)
    return read_texts.take(codes).set_axis(texts.index)
