"""Which of many texts hold a word: so that only those are searched that can hold a term.

A term matches whole words only. So a text can hold it only if one of the text's words is the
term's first word, or begins as it does (`Leads`).
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
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


def make_leads(begins: Iterable[tuple[str, str]]) -> Leads:
    """Return how some terms begin.

    Parameters
    ----------
    begins : iterable of (str, str)
        For each spelling of a term its first letters as they must stand, and what follows them:
        a term's own text, folded, in which nothing but letters, digits and punctuation other than
        ``*``, ``(`` and ``-`` stands for itself; or ``"*"`` where the rest may be anything.
    """
    words: set[str] = set()
    starts: set[str] = set()
    anywhere = False
    for letters, rest in begins:
        more = _WORD.match(rest)
        word = letters + (more[0] if more else "")
        after = rest[more.end() if more else 0 :][:1]
        if not letters:
            anywhere = True
            continue
        if after == "-":  # that may be left out: "e-mail" begins with "e" or with "email"
            words.add(word)
            word += rest[(more.end() if more else 0) + 1 :]
            more = _WORD.match(word)
            word, after = (more[0], "*") if more else (word, "*")
        if after in ("*", "("):
            starts.add(word)
        else:
            words.add(word)
    return Leads(frozenset(words), tuple(sorted(starts)), anywhere)


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
    def _words(
        self,
    ) -> "tuple[list[str], dict[str, int], npt.NDArray[np.intp], npt.NDArray[np.intp]]":
        """The distinct words in order, each one's number, and each occurrence's word and text.

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
            none = np.zeros(0, dtype=np.intp)
            return [], {}, none, none
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
        rank = np.empty(len(order), dtype=np.intp)
        rank[order] = np.arange(len(order))
        words = encoded.dictionary.take(pa.array(order)).to_pylist()
        texts = np.searchsorted(starts, places[chosen], side="right") - 1
        numbers = {word: number for number, word in enumerate(words)}
        return words, numbers, rank[encoded.indices.to_numpy()], texts

    def find(self, leads: Leads) -> "npt.NDArray[np.bool_]":
        """Tell for each text whether one of its words begins a term."""
        import numpy as np

        if leads.anywhere:
            return np.ones(len(self._texts), dtype=bool)
        words, numbers, occurring, texts = self._words
        wanted = np.zeros(len(words), dtype=bool)
        wanted[[numbers[word] for word in leads.words & numbers.keys()]] = True
        for start in leads.starts:
            wanted[bisect_left(words, start) : bisect_left(words, start + _LAST)] = True
        found = np.zeros(len(self._texts), dtype=bool)
        if wanted.any():
            found[texts[wanted[occurring]]] = True
        return found
