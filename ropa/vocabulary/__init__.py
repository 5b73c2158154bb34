"""Words as data: one CSV file a vocabulary, one row a term, one loader.

A vocabulary says which words mean which code. It holds no law: what depends on a date or a
source stands in ``ropa.lawbook``.
"""

import csv
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def read_vocabulary(name: str) -> "tuple[Mapping[str, str], ...]":
    """Return the rows of ``vocabulary/<name>.csv`` in file order.

    Parameters
    ----------
    name : str
        File name without its ending, e.g. ``"lawful_basis"``.

    Returns
    -------
    tuple of mapping
        One read-only mapping a row, heading to text. Blank cells are ``""``.

    Raises
    ------
    FileNotFoundError
        There is no such vocabulary: a mistake in the program, not in its input.
    """
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    headings, *rows = csv.reader(text.splitlines(), strict=True)
    return tuple(MappingProxyType(dict(zip(headings, row, strict=True))) for row in rows if row)
