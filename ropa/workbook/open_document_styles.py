"""The styles of an OpenDocument file, as far as they change what a cell's value reads as.

Sources: OpenDocument 1.3 Part 3, 16.2 (``style:style``), 16.29 (data styles), 19.518
(``number:truncate-on-overflow``), 17.15 (``style:table-properties``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ropa.workbook import open_document_names as od
from ropa.workbook.values import Moment

STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
NUMBER = "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0 "

_NAME = f"{STYLE}name"
_MOST_PARENTS = 20


@dataclass(slots=True)
class Styles:
    """Styles by name.

    Attributes
    ----------
    parents, data : dict of str to str
        A cell style's parent, and its data style.
    elapsed, timed, worded : set of str
        Data styles that show elapsed times, other dates and times, and numbers as words (a format
        such as ``"yes";;"no"``).
    hidden : set of str
        Table styles whose tables are not displayed.
    """

    parents: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    elapsed: set[str] = field(default_factory=set)
    timed: set[str] = field(default_factory=set)
    worded: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    _style: str = ""
    _data_style: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note an element that stands among the styles."""
        if name == f"{STYLE}style":
            self._style = style = attributes.get(_NAME, "")
            if attributes.get(f"{STYLE}parent-style-name"):
                self.parents[style] = attributes[f"{STYLE}parent-style-name"]
            if attributes.get(f"{STYLE}data-style-name"):
                self.data[style] = attributes[f"{STYLE}data-style-name"]
        elif name == f"{STYLE}table-properties":
            if attributes.get(od.DISPLAY) == "false":
                self.hidden.add(self._style)
        elif name.startswith(NUMBER):
            self._note_number(name.removeprefix(NUMBER), attributes)
        elif name == f"{STYLE}map":  # another format under a condition
            self.worded.add(self._data_style)

    def moment(self, style: str) -> Moment | None:
        """Say what a cell style makes of a time; None if it does not say."""
        data = self.find_data(style)
        if data in self.elapsed:
            return Moment.ELAPSED
        return Moment.DATE if data in self.timed else None

    def shows_words(self, style: str) -> bool:
        """Say whether a cell style may show a number as a word."""
        return self.find_data(style) in self.worded

    def find_data(self, style: str) -> str:
        """Return the name of a cell style's data style, its own or a parent's."""
        for _ in range(_MOST_PARENTS):
            if style in self.data:
                return self.data[style]
            style = self.parents.get(style, "")
        return ""

    def _note_number(self, local: str, attributes: dict[str, str]) -> None:
        if local.endswith("-style"):
            self._data_style = name = attributes.get(_NAME, "")
            if local in ("time-style", "date-style"):
                is_elapsed = attributes.get(f"{NUMBER}truncate-on-overflow") == "false"
                (self.elapsed if is_elapsed else self.timed).add(name)
        elif local == "text":
            self.worded.add(self._data_style)
