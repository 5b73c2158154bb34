"""The type of a text column, as pandera checks it."""

import pandas as pd
from pandera.dtypes import immutable
from pandera.engines.pandas_engine import DataType


@immutable
class TextColumn(DataType):
    """Texts in pandas' own type ``str``, not objects that happen to be texts.

    A column of that type can hold nothing else, so that its cells need not be looked at one by one.
    """

    type = pd.Series(dtype="str").dtype

    def check(self, pandera_dtype: object, data_container: object = None) -> bool:  # noqa: ARG002
        """Tell whether a column's type is this one."""
        return str(getattr(pandera_dtype, "type", "")) == str(self.type)

    def __str__(self) -> str:
        """Return the name under which pandas knows the type."""
        return str(self.type)
