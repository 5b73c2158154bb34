"""The part that holds a sheet's notes: made anew, or extended where the sheet has notes."""

from collections.abc import Mapping, Sequence

from ropa.report.annotated.marks import Place, Run, parse_place
from ropa.report.annotated.markup import (
    Element,
    UnusualError,
    append_child,
    children,
    escape_text,
    outline,
    splice,
    to_utf8,
)
from ropa.workbook.addresses import cell_address

AUTHOR = b"ropa"
_THREAD = b"tc="  # author of the note that stands in for a conversation ([MS-XLSX] 2.6.205)
_EMPTY = b'<comments xmlns="%b"><authors></authors><commentList></commentList></comments>'
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TEXT_DEPTH = 5


class Notes:
    """The notes of a sheet.

    Attributes
    ----------
    old : frozenset of Place
        Cells that have a note already.
    threads : frozenset of Place
        Cells with a conversation: Excel shows that and not the note, so they are let be.
    """

    def __init__(self, data: bytes | None, space: str) -> None:
        raw = _DECLARATION + _EMPTY % space.encode() if data is None else to_utf8(data)
        self._data = raw
        self._elements = outline(raw, _TEXT_DEPTH)
        if not self._elements or self._elements[0].name != "comments":
            raise UnusualError
        self._prefix = self._elements[0].prefix
        self._authors = self._find(0, "authors")
        self._list = self._find(0, "commentList")
        authors = [self._slice(one) for _, one in self._within(self._authors, "author")]
        self._author = len(authors)
        self._notes: dict[Place, tuple[int, Element]] = {}
        known = {str(number) for number in range(len(authors))}
        threads = set()
        for index, one in self._within(self._list, "comment"):
            place = parse_place(one.attributes.get("ref", ""))
            if place is None:
                raise UnusualError
            self._notes[place] = (index, one)
            number = one.attributes.get("authorId", "")
            author = authors[int(number)] if number in known else b""
            if author.strip().startswith(_THREAD):
                threads.add(place)
        self.old = frozenset(self._notes)
        self.threads = frozenset(threads)

    def build(self, texts: Mapping[Place, Sequence[Run]]) -> bytes:
        """Return the part with these notes; a text is put below the note that a cell has."""
        edits, made = [], []
        for place in sorted(texts):
            runs = b"".join(self._make_run(run) for run in texts[place])
            if place in self._notes:
                edits += self._append(*self._notes[place], runs)
            else:
                made.append(self._make_note(place, runs))
        author = self._wrap(b"author", AUTHOR)
        if made:
            edits.append(append_child(self._data, self._authors[1], author))
            edits.append(append_child(self._data, self._list[1], b"".join(made)))
        return splice(self._data, edits)

    def _find(self, parent: int, name: str) -> tuple[int, Element]:
        found = [pair for pair in children(self._elements, parent) if pair[1].name == name]
        if not found:
            raise UnusualError
        return found[0]

    def _within(self, group: tuple[int, Element], name: str) -> list[tuple[int, Element]]:
        return [pair for pair in children(self._elements, group[0]) if pair[1].name == name]

    def _slice(self, one: Element) -> bytes:
        return self._data[one.inside : one.close]

    def _wrap(self, name: bytes, inside: bytes, attributes: bytes = b"") -> bytes:
        name = self._prefix + name
        return b"<%b%b>%b</%b>" % (name, attributes, inside, name)

    def _make_run(self, run: Run) -> bytes:
        looks = [b"b/"] if run.bold else []
        looks += [
            b'sz val="9"/',
            b'color indexed="81"/',
            b'rFont val="Tahoma"/',
            b'family val="2"/',
        ]
        properties = b"".join(b"<" + self._prefix + one + b">" for one in looks)
        text = self._wrap(b"t", escape_text(run.text), b' xml:space="preserve"')
        return self._wrap(b"r", self._wrap(b"rPr", properties) + text)

    def _make_note(self, place: Place, runs: bytes) -> bytes:
        attributes = b' ref="%b" authorId="%d" shapeId="0"' % (
            cell_address(*place).encode(),
            self._author,
        )
        return self._wrap(b"comment", self._wrap(b"text", runs), attributes)

    def _append(self, index: int, note: Element, runs: bytes) -> list[tuple[int, int, bytes]]:
        """Return the edits that put runs behind the text of a note.

        Bare text becomes a run, since a text is the one or the other; guides to pronunciation
        stay last.
        """
        below = self._make_run(Run("\n\n")) + runs
        text = next((p for p in children(self._elements, index) if p[1].name == "text"), None)
        if text is None:
            return [append_child(self._data, note, self._wrap(b"text", runs))]
        edits: list[tuple[int, int, bytes]] = []
        ends = []
        for _, one in children(self._elements, text[0]):
            if one.name == "t":
                bare = self._data[one.start : one.end]
                edits.append((one.start, one.end, self._wrap(b"r", bare)))
            if one.name in ("t", "r"):
                ends.append(one.end)
        if not ends:
            return [append_child(self._data, text[1], runs)]
        return [*edits, (max(ends), max(ends), below)]
