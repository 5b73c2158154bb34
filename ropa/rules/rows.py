"""Rows of a table that take a column when it is asked for.

A table of activities has far more columns than a rule looks at, and a frame takes them all with
each row that is chosen. `Rows` are a table and the numbers of the rows chosen: a choice costs the
numbers, and a column costs itself, once it is asked for. They answer what rules ask of a frame;
whatever else is asked makes a frame of them.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from ropa.phrases.columns import Distinct, Texts, list_distinct

Places = npt.NDArray[np.intp]
Values = npt.NDArray[Any] | pd.api.extensions.ExtensionArray


class _Table:
    """A frame that is never changed, with its columns by their distinct texts."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._texts: dict[str, tuple[npt.NDArray[np.integer[Any]], Distinct]] = {}

    def read(self, column: str) -> "tuple[npt.NDArray[np.integer[Any]], Distinct]":
        if column not in self._texts:
            numbers, texts = list_distinct(self.frame[column])
            self._texts[column] = (numbers, Distinct(texts))
        return self._texts[column]


class Rows:
    """Some rows of a table, as a frame that takes its columns late.

    Parameters
    ----------
    table : _Table
        The table.
    places : array of int, optional
        Where the rows stand in it; all of them by default.
    added : mapping
        Columns that the table lacks, or that stand in the place of its own; one value a row.
    labels : Index, optional
        Labels of the rows; those that they have in the table by default.
    """

    def __init__(
        self,
        table: _Table,
        places: Places | None = None,
        added: "Mapping[str, Values] | None" = None,
        labels: pd.Index | None = None,
    ) -> None:
        self._table = table
        self._places = places
        self._added = dict(added or {})
        self._labels = labels

    # -- what rules ask ---------------------------------------------------------------------------

    @cached_property
    def index(self) -> pd.Index:
        """Labels of the rows."""
        if self._labels is not None:
            return self._labels
        index = self._table.frame.index
        return index if self._places is None else index.take(self._places)

    @cached_property
    def columns(self) -> pd.Index:
        """Names of the columns."""
        own = self._table.frame.columns
        return own.append(pd.Index([name for name in self._added if name not in own]))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows as a frame, with every column."""
        frame = self._table.frame
        taken = frame if self._places is None else frame.take(self._places)
        return taken.set_axis(self.index).assign(**{name: self._take(name) for name in self._added})

    @property
    def empty(self) -> bool:
        """Whether there is no row."""
        return not len(self)

    @property
    def loc(self) -> "_Labelled":
        """Rows by their labels, or by booleans."""
        return _Labelled(self)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._table.frame if self._places is None else self._places)

    def __contains__(self, name: object) -> bool:
        """Tell whether there is a column of that name."""
        return name in self._added or name in self._table.frame

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the columns, as a frame does."""
        return iter(self.columns)

    def __getitem__(self, key: object) -> "pd.Series | pd.DataFrame | Rows":
        """Return a column, some columns as a frame, or the rows for which a mask is true."""
        if isinstance(key, str):
            return self._take(key)
        if isinstance(key, list) and key and isinstance(key[0], str):
            return pd.DataFrame({name: self._take(name) for name in key}, index=self.index)
        return self.choose(key)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a frame has
        """Return what a frame of the rows has under that name."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.frame, name)

    def get(self, name: str, default: object = None) -> object:
        """Return a column, or another value where there is none."""
        return self._take(name) if name in self else default

    def assign(self, **columns: object) -> "Rows":
        """Return the rows with further columns."""
        rows = Rows(self._table, self._places, self._added, self._labels)
        for name, value in columns.items():
            made = value(rows) if callable(value) else value
            if isinstance(made, pd.Series):
                made = self._align(made)
            column = pd.Series(made, index=self.index)
            plain = isinstance(column.dtype, np.dtype)
            rows._added[name] = column.to_numpy() if plain else column.array
        return rows

    def duplicated(self, subset: "str | list[str]", **how: Any) -> pd.Series:  # noqa: ANN401 - as a frame's
        """Tell for each row whether one before it says the same under some columns."""
        names = [subset] if isinstance(subset, str) else subset
        found: pd.Series = cast("pd.DataFrame", self[names]).duplicated(**how)
        return found

    def drop_duplicates(self, subset: "str | list[str]", **how: Any) -> "Rows":  # noqa: ANN401 - as a frame's
        """Return the first of the rows that say the same under some columns."""
        return self.choose(~self.duplicated(subset, **how))

    # -- how it is done ---------------------------------------------------------------------------

    def _align(self, column: pd.Series) -> pd.Series:
        if column.index is self.index or column.index.equals(self.index):
            return column
        return column.reindex(self.index)

    def _take(self, name: str) -> pd.Series:
        """Return a column, as a Series of its own that may be changed."""
        if name in self._added:
            return pd.Series(self._added[name], index=self.index, name=name, copy=False)
        if self._places is None and self._labels is None:
            return self._table.frame[name]
        column = self._table.frame[name].array
        column = column if self._places is None else column.take(self._places)
        return pd.Series(column, index=self.index, name=name, copy=False)

    def choose(self, mask: object) -> "Rows":
        """Return the rows for which a mask is true."""
        if isinstance(mask, pd.Series):
            mask = self._align(mask)
        flags = np.asarray(mask, dtype=bool)
        if len(flags) != len(self):
            raise ValueError("a mask has one value a row")
        return self if flags.all() else self.take_places(np.flatnonzero(flags))

    def take_places(self, chosen: Places) -> "Rows":
        """Return the rows that stand at some places among these."""
        places = chosen if self._places is None else self._places[chosen]
        added = {name: one.take(chosen) for name, one in self._added.items()}
        labels = None if self._labels is None else self._labels.take(chosen)
        return Rows(self._table, places, added, labels)

    def relabel(self, labels: pd.Index) -> "Rows":
        """Return the rows under other labels."""
        return Rows(self._table, self._places, self._added, labels)

    def read(self, name: str) -> Texts:
        """Return a column by its distinct texts; those of the table are told apart once."""
        if name in self._added:
            return Texts.of(self._take(name))
        numbers, distinct = self._table.read(name)
        return Texts(
            self.index, numbers if self._places is None else numbers[self._places], distinct
        )


class _Labelled:
    """What ``rows.loc`` gives."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __getitem__(self, key: object) -> object:
        if isinstance(key, tuple):
            labels, column = key
            return cast("Any", self)[labels][column]
        if pd.api.types.is_bool_dtype(key):  # type: ignore[arg-type]
            return self._rows.choose(key)
        places = self._rows.index.get_indexer(pd.Index(cast("Any", key)))
        if (places < 0).any():
            raise KeyError(key)
        return self._rows.take_places(places)


def make_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame, which must not be changed any more.

    To a type checker they are a frame: they answer what rules ask of one.
    """
    return cast("pd.DataFrame", Rows(_Table(frame)))


def take_places(rows: pd.DataFrame, places: Places) -> pd.DataFrame:
    """Return the rows that stand at some places among `Rows`."""
    return cast("pd.DataFrame", cast("Rows", rows).take_places(places))


def find_rows(rows: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    """Return among `Rows` the row of each key, under the key's label; all must be there."""
    places = pd.Index(rows["key"]).get_indexer(keys)
    if (places < 0).any():
        raise KeyError("key")
    found = cast("Rows", rows).take_places(places)
    return cast("pd.DataFrame", found.relabel(keys.index))


def read_column(rows: pd.DataFrame, name: str) -> Texts:
    """Return a column of `Rows`, or of a frame, by its distinct texts."""
    if isinstance(rows, Rows):
        return rows.read(name)
    return Texts.of(rows[name])
