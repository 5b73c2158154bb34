"""What a column of a table is: its type, and what it means."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its pandas type, whether it may be missing, and its meaning.

    Attributes
    ----------
    dtype : str
        Name of the type. Columns of few values that every cell of a large register has are of type
        ``category``: a byte or two a row.
    meaning : str
        One sentence.
    nullable : bool
        Whether values may be missing.
    allowed : tuple of str
        The values that there are, in their order; empty for any.
    """

    dtype: str
    meaning: str
    nullable: bool = False
    allowed: tuple[str, ...] = ()

    @property
    def type(self) -> "str | pd.CategoricalDtype":
        """The type, as pandas takes it."""
        if self.dtype != "category":
            return self.dtype
        import pandas as pd

        return pd.CategoricalDtype(list(self.allowed))


@cache
def make_empty(**types: str) -> "pd.DataFrame":
    """Return a frame without rows of columns of these types; it is shared, so never change it."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in types.items()})
