"""Where the rows or the columns of a sheet begin and end, in pixels."""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate


class Lengths:
    """The heights of a sheet's rows, or the widths of its columns.

    Parameters
    ----------
    own : mapping
        Number of a row or column, from 1, to its own length; 0 where it is hidden.
    usual : int
        The length of the others.
    count : int
        How many a sheet has.
    """

    def __init__(self, own: Mapping[int, int], usual: int, count: int) -> None:
        self._own, self._usual, self._count = own, usual, count
        self._numbers = sorted(own)
        longer = accumulate((own[number] - usual for number in self._numbers), initial=0)
        self._longer = list(longer)
        self._starts = [
            (number - 1) * usual + more
            for number, more in zip(self._numbers, self._longer, strict=False)
        ]

    def walk(self, first: int, length: int) -> tuple[int, int]:
        """Return the row or column, from 0, and the offset in it that lie so far from an edge.

        Hidden ones are passed over, however many there are.

        Parameters
        ----------
        first : int
            The row or column, from 0, at whose beginning the way begins.
        length : int
            Pixels.
        """
        before = bisect_right(self._numbers, first)
        target = first * self._usual + self._longer[before] + length
        place = bisect_right(self._starts, target) - 1
        if place < 0:
            at, rest = divmod(target, self._usual)
        else:
            number = self._numbers[place]
            rest = target - self._starts[place]
            at = number - 1
            if rest >= self._own[number]:
                more, rest = divmod(rest - self._own[number], self._usual)
                at = number + more
        return (at, rest) if at < self._count else (self._count - 1, 0)
