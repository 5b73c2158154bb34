"""Which of many texts hold a word: so that only those are searched that can hold a term.

A term matches whole words only. So a text can hold it only if one of the text's words is the
term's first word, or begins as it does (`Leads`).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_WORD = re.compile(r"\w+")
_NOT_WORD = re.compile(r"\W+")
_ASCII = 128  # bytes below are characters of their own
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Lead:
    """How a term begins: with one of some words, or with any word that begins so.

    Where it has neither, it begins with something else than a word.
    """

    words: tuple[str, ...] = ()
    start: str = ""


@dataclass(frozen=True, slots=True)
class Leads:
    """How the terms of a vocabulary begin.

    Attributes
    ----------
    words : frozenset of str
        First words that stand in the text as they are.
    starts : tuple of str
        First letters of a word; none is empty.
    anywhere : bool
        A term begins with something else than a word: any text may hold it.
    """

    words: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    anywhere: bool = False


def read_lead(letters: str, rest: str) -> Lead:
    """Return how a spelling of a term begins.

    Parameters
    ----------
    letters : str
        Its first letters as they must stand.
    rest : str
        What follows them: a term's own text, folded, in which nothing but letters, digits and
        punctuation other than ``*``, ``(`` and ``-`` stands for itself; or ``"*"`` where the rest
        may be anything.
    """
    if not letters:
        return Lead()
    more = _WORD.match(rest)
    end = more.end() if more else 0
    word, after = letters + rest[:end], rest[end : end + 1]
    if after == "-":  # that may be left out: "e-mail" begins with "e" or with "email"
        joined = word + rest[end + 1 :]
        more = _WORD.match(joined)
        second, after = (more[0], "*") if more else (joined, "*")
        return Lead((word,), second)
    return Lead((), word) if after in ("*", "(") else Lead((word,))


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of some texts.

    ``words`` are the distinct ones in order, ``numbers`` each one's number. For each occurrence
    ``occurring`` is its word, ``texts`` the text it stands in and ``places`` where, in bytes.
    """

    words: list[str]
    numbers: dict[str, int]
    occurring: "npt.NDArray[np.int32]"
    texts: "npt.NDArray[np.int32]"
    places: "npt.NDArray[np.int32]"


class Concordance:
    """The words of many texts.

    Parameters
    ----------
    texts : sequence of str
        The texts, folded (`ropa.phrases.matching.fold`).
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    @cached_property
    def _words(self) -> "_Words":
        """The distinct words in order, and where they stand.

        The texts are cut as one run of bytes: a byte beyond ASCII belongs to a word, because what
        is none there was made a space before.
        """
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        plain = [one if one.isascii() else _NOT_WORD.sub(" ", one) for one in self._texts]
        joined = pa.array(plain, pa.large_string())
        starts = np.frombuffer(joined.buffers()[1], dtype=np.int64)[: len(plain) + 1]
        total = int(starts[-1]) if plain else 0
        if not total:
            none = np.zeros(0, dtype=np.int32)
            return _Words([], {}, none, none, none)
        content = joined.buffers()[2]
        is_word = np.array([n >= _ASCII or chr(n).isalnum() or n == ord("_") for n in range(256)])
        inside = is_word[np.frombuffer(content, dtype=np.uint8)[:total]]
        cut = np.ones(total, dtype=bool)
        cut[1:] = inside[1:] != inside[:-1]
        cut[starts[:-1][starts[:-1] < total]] = True
        places = np.flatnonzero(cut)
        bounds = pa.py_buffer(np.append(places, total).astype(np.int64))
        pieces = pa.LargeStringArray.from_buffers(len(places), bounds, content)
        chosen = inside[places]
        encoded = pieces.filter(pa.array(chosen)).dictionary_encode()
        order = pc.sort_indices(encoded.dictionary).to_numpy()
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(len(order))
        words = encoded.dictionary.take(pa.array(order)).to_pylist()
        begins = places[chosen]
        texts = np.searchsorted(starts, begins, side="right") - 1
        return _Words(
            words,
            {word: number for number, word in enumerate(words)},
            rank[encoded.indices.to_numpy()],
            texts.astype(np.int32),
            (begins - starts[texts]).astype(np.int32),
        )

    def _find_words(self, leads: Leads) -> "npt.NDArray[np.bool_]":
        """Tell for each distinct word whether a term begins with it."""
        import numpy as np

        held = self._words
        wanted = np.zeros(len(held.words), dtype=bool)
        wanted[[held.numbers[word] for word in leads.words & held.numbers.keys()]] = True
        for start in leads.starts:
            wanted[bisect_left(held.words, start) : bisect_left(held.words, start + _LAST)] = True
        return wanted

    def find(self, leads: Leads) -> "npt.NDArray[np.bool_]":
        """Tell for each text whether one of its words begins a term."""
        import numpy as np

        if leads.anywhere:
            return np.ones(len(self._texts), dtype=bool)
        wanted = self._find_words(leads)
        found = np.zeros(len(self._texts), dtype=bool)
        if wanted.any():
            found[self._words.texts[wanted[self._words.occurring]]] = True
        return found

    def list_places(self, leads: Leads) -> Iterator[tuple[int, int]]:
        """Yield the text's number and the place of each word that begins a term, in order.

        The place is a character's in a text of ASCII characters alone.
        """
        wanted = self._find_words(leads)
        chosen = wanted[self._words.occurring]
        held = (self._words.texts[chosen], self._words.places[chosen])
        return zip(*(one.tolist() for one in held), strict=True)
