"""Phrases in columns: a reader applied once to each distinct text.

A column of a register holds few texts many times over. `Texts` is such a column by its distinct
texts, so that what is asked of a text is asked once, and most texts are not asked at all: those
that hold no word with which a term begins (`ropa.phrases.concordance`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ropa.phrases.boxes import read_all_boxes
from ropa.phrases.concordance import Concordance
from ropa.phrases.matching import Matcher, fold_all

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Flags = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[np.integer[Any]]

__all__ = [
    "Distinct",
    "Texts",
    "join_flagged",
    "join_texts_by",
    "map_rows",
    "map_texts",
    "number_rows",
]


class Distinct:
    """Some distinct texts, with what was found in them: nothing is looked for twice.

    Of the boxes of a form they hold what is ticked (`ropa.phrases.boxes`).
    """

    def __init__(self, texts: "Sequence[str]") -> None:
        self.texts = read_all_boxes(texts)
        self._candidates: dict[int, tuple[Matcher, Flags]] = {}
        self._found: dict[int, dict[int, frozenset[str]]] = {}

    @cached_property
    def folded(self) -> list[str]:
        """The texts, folded."""
        return fold_all(self.texts)

    @cached_property
    def concordance(self) -> Concordance:
        """The words of the texts, folded."""
        return Concordance(self.folded)

    def may_hold(self, matcher: Matcher) -> "Flags":
        """Tell for each text whether it may hold a term; one that cannot, does not."""
        if id(matcher) not in self._candidates:
            # The matcher is kept beside, so that no other one gets its number.
            flags = self.concordance.find(matcher.leads)
            self._candidates[id(matcher)] = (matcher, flags)
        return self._candidates[id(matcher)][1]

    def hold(self, matcher: Matcher) -> "Flags":
        """Tell for each text whether it holds a term."""
        import numpy as np

        if matcher.leads.anywhere:
            return np.array([matcher.holds(text) for text in self.texts], dtype=bool)
        found = [False] * len(self.texts)
        beyond: set[int] = set()
        for number, place in self.concordance.list_places(matcher.leads):
            folded = self.folded[number]
            if found[number] or number in beyond:
                continue
            if folded.isascii():
                found[number] = matcher.find_at(folded, place) is not None
            else:
                found[number] = matcher.holds(folded)
                beyond.add(number)
        return np.array(found, dtype=bool)

    def find_codes(self, matcher: Matcher, numbers: "Iterable[int]") -> dict[int, frozenset[str]]:
        """Return the codes of the terms that some of the texts hold, by the text's number."""
        known = self._found.setdefault(id(matcher), {})
        for number in numbers:
            if number not in known:
                known[number] = matcher.find_codes(self.texts[number])
        return known


class Texts:
    """A column of texts: the number of each row's text among the distinct ones.

    Attributes
    ----------
    index : Index
        The column's index.
    numbers : array of int
        One a row.
    distinct : Distinct
        The texts; some of them may stand in other rows only.
    """

    def __init__(self, index: "pd.Index", numbers: "Numbers", distinct: Distinct) -> None:
        self.index = index
        self.numbers = numbers
        self.distinct = distinct

    @staticmethod
    def of(texts: "pd.Series") -> "Texts":
        """Return a column of its own distinct texts."""
        numbers, distinct = list_distinct(texts)
        return Texts(texts.index, numbers, Distinct(distinct))

    @cached_property
    def present(self) -> "Numbers":
        """The numbers of the texts that stand in a row, ascending."""
        import numpy as np

        total = len(self.distinct.texts)
        if len(self.numbers) * 8 < total:
            return np.unique(self.numbers)
        return np.flatnonzero(np.bincount(self.numbers, minlength=total))

    def _among(self, holding: "Sequence[Matcher]") -> "Numbers":
        """Return the numbers of the texts present that may hold a term of one of the matchers."""
        chosen = self.present
        if not holding:
            return chosen
        flags = self.distinct.may_hold(holding[0])
        for matcher in holding[1:]:
            flags = flags | self.distinct.may_hold(matcher)
        return chosen[flags[chosen]]

    def map(
        self,
        read: Callable[[str], object],
        *,
        holding: "Sequence[Matcher]" = (),
        default: object = False,
    ) -> "pd.Series":
        """Return what a reader makes of each text, as objects: see `map_texts`."""
        import numpy as np
        import pandas as pd

        made = np.empty(len(self.distinct.texts), dtype=object)
        made.fill(default)
        for number in self._among(holding).tolist():
            made[number] = read(self.distinct.texts[number])
        return pd.Series(made[self.numbers], index=self.index, dtype=object)

    def fold(self) -> "pd.Series":
        """Return the texts folded."""
        import pandas as pd

        folded = pd.array(self.distinct.folded, dtype="str")
        return pd.Series(folded.take(self.numbers), index=self.index)

    def pick(self, values: "Mapping[int, object]") -> "pd.Series":
        """Return the value of each row whose text has one, by the text's number."""
        import numpy as np
        import pandas as pd

        numbers = list(values)
        made = np.empty(len(self.distinct.texts), dtype=object)
        for number, value in values.items():
            made[number] = value
        chosen = np.zeros(len(made), dtype=bool)
        chosen[numbers] = True
        places = np.flatnonzero(chosen[self.numbers])
        return pd.Series(made[self.numbers[places]], index=self.index[places], dtype=object)

    def find(
        self, read: Callable[[str], object], narrow: "Callable[[Distinct], Flags]"
    ) -> "pd.Series":
        """Return what a reader finds, for those rows alone in which it finds anything.

        ``narrow`` tells for which texts it may.
        """
        among = self.present[narrow(self.distinct)[self.present]].tolist()
        found = ((number, read(self.distinct.texts[number])) for number in among)
        return self.pick({number: one for number, one in found if one})

    def test(
        self, read: Callable[[str], object], *, holding: "Sequence[Matcher]" = ()
    ) -> "pd.Series":
        """Tell for each text whether a reader says yes, as booleans."""
        among = self._among(holding).tolist()
        texts = self.distinct.texts
        return self._flag(number for number in among if read(texts[number]))

    def mention(self, matcher: Matcher, codes: frozenset[str] = frozenset()) -> "pd.Series":
        """Tell for each text whether it holds a term, or one of these codes."""
        among = self._among([matcher]).tolist()
        found = self.distinct.find_codes(matcher, among)
        return self._flag(
            number
            for number in among
            if (not codes.isdisjoint(found[number]) if codes else found[number])
        )

    def equal(self, wanted: "Iterable[str]") -> "pd.Series":
        """Tell for each text whether it is one of those wanted."""
        return self.test(frozenset(wanted).__contains__)

    def _flag(self, numbers: "Iterator[int]") -> "pd.Series":
        import numpy as np
        import pandas as pd

        flags = np.zeros(len(self.distinct.texts), dtype=bool)
        flags[list(numbers)] = True
        return pd.Series(flags[self.numbers], index=self.index)


def list_distinct(texts: "pd.Series") -> "tuple[Numbers, list[str]]":
    """Return the number of each text among the distinct ones, and these as they first occur.

    Of a column of categories these are all its categories, in their order.
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    if isinstance(texts.dtype, pd.CategoricalDtype) and not texts.hasnans:
        return texts.cat.codes.to_numpy(), texts.cat.categories.tolist()
    if texts.dtype != "str" or texts.hasnans:
        numbers, found = pd.factorize(texts, use_na_sentinel=False)
        return numbers.astype(np.int32), list(found)
    encoded = pa.array(texts.array, from_pandas=True).dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().chunk(0)
    return encoded.indices.to_numpy(), encoded.dictionary.to_pylist()


def number_rows(columns: "Sequence[pd.Series]") -> "Numbers":
    """Give the rows that say the same in some columns one number, from 0 as they first occur."""
    import numpy as np
    import pandas as pd

    found: Numbers = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        if column.dtype == "str":
            numbers = list_distinct(column)[0]
        else:
            numbers = pd.factorize(column, use_na_sentinel=False)[0]
        found = pd.factorize(found * (int(numbers.max(initial=0)) + 1) + numbers)[0]
    return found


def join_texts_by(keys: "pd.Series", texts: "pd.Series", separator: str) -> "pd.Series":
    """Return the texts of each key, joined in their order; the keys as they first occur."""
    import pandas as pd

    held: dict[object, list[str]] = {}
    for key, text in zip(keys.tolist(), texts.tolist(), strict=True):
        held.setdefault(key, []).append(text)
    joined = [separator.join(several) for several in held.values()]
    return pd.Series(joined, index=pd.Index(list(held), dtype=keys.dtype), dtype="str")


def join_flagged(flags: "pd.DataFrame", separator: str) -> "pd.Series":
    """Return for each row the names of the columns that are true, joined in their order."""
    import numpy as np
    import pandas as pd

    width = 62  # bits of a whole number
    parts = [flags.iloc[:, at : at + width] for at in range(0, len(flags.columns), width)]
    packed = [
        pd.Series(part.to_numpy(dtype=bool) @ (1 << np.arange(len(part.columns)))) for part in parts
    ]
    numbers = number_rows(packed) if packed else np.zeros(len(flags), dtype=np.int64)
    _, first = np.unique(numbers, return_index=True)
    chosen = flags.iloc[first].to_numpy(dtype=bool)
    joined = [separator.join(flags.columns[row]) for row in chosen]
    return pd.Series(pd.array(joined, dtype="str").take(numbers), index=flags.index)


def map_rows(read: Callable[..., object], *columns: "pd.Series") -> "pd.Series":
    """Apply a function to the values of some columns, once per distinct row of them.

    Returns
    -------
    Series
        What the function returned for each row, as objects, with the index of the columns.
    """
    import numpy as np
    import pandas as pd

    numbers = number_rows(columns)
    _, first = np.unique(numbers, return_index=True)
    values = [column.iloc[first].tolist() for column in columns]
    made = np.empty(len(first), dtype=object)
    for place, row in enumerate(zip(*values, strict=True)):
        made[place] = read(*row)
    return pd.Series(made[numbers], index=columns[0].index, dtype=object)


def map_texts(
    texts: "pd.Series | Texts",
    read: Callable[[str], object],
    *,
    holding: "Sequence[Matcher]" = (),
    default: object = False,
) -> "pd.Series":
    """Apply a reader to a column of texts, once per distinct text.

    Parameters
    ----------
    texts : Series or Texts
        The column.
    read : callable
        From a text to anything.
    holding : sequence of Matcher
        The reader makes `default` of each text that holds no term of any of these, so that such
        texts need not be read. By default all are.
    default : object
        What it makes of them.

    Returns
    -------
    Series
        What the reader returned for each text, as objects, with the index of `texts`.
    """
    column = texts if isinstance(texts, Texts) else Texts.of(texts)
    return column.map(read, holding=holding, default=default)
