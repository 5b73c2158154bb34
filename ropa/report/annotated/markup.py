"""XML that is edited where it stands: elements with their places in the bytes.

A part is never built anew from a tree, which would drop or reorder what the tree does not know.
Its elements are found with expat, which knows namespaces, and the new text is put between them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ropa.errors import InputError
from ropa.workbook.markup import MAIN, is_charset

STRICT = MAIN[1]

_ATTRIBUTE = re.compile(rb"\s+([^\s=/>]+)\s*=\s*(\"[^\"]*+\"|'[^']*+')")
_TAG = re.compile(rb"<(?:[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+>")
_DECLARED = re.compile(rb"^(<\?xml\b[^>]*?\bencoding\s*=\s*)(\"[^\"]*\"|'[^']*')")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


_LONGEST = 10_000.0


class UnusualError(InputError):
    """A part is of a form that cannot be edited safely; it stays as it is."""

    def __init__(self) -> None:
        super().__init__("a part of it is of an unusual form; open it in Excel and save it again")


@dataclass(frozen=True, slots=True)
class Element:
    """An element and its place.

    Attributes
    ----------
    name : str
        Its local name; the whole of it, with the namespace, where that is not the root's.
    prefix : bytes
        What stands before the name, with the colon.
    parent : int
        Index of its parent in the outline; -1 for the root.
    depth : int
        1 for the root.
    start, inside, close, end : int
        Offsets of its start tag, its content, its end tag, and what follows. An element without
        an end tag has the last three alike.
    attributes : dict
        By name; names with a namespace as expat gives them.
    """

    name: str
    prefix: bytes
    parent: int
    depth: int
    start: int
    inside: int
    close: int
    end: int
    attributes: dict[str, str] = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether it has no end tag of its own."""
        return self.inside == self.end


@dataclass(slots=True)
class _Open:
    element: tuple[str, bytes, int, int, int, int]
    attributes: dict[str, str]
    index: int


def outline(data: bytes, depth: int) -> list[Element]:
    """Return the elements of a part down to a depth, in the order of their start tags.

    Raises
    ------
    UnusualError
        It is not well-formed, or has a document type declaration.
    """
    found: list[Element | None] = []
    stack: list[_Open | None] = []
    space = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal space
        if len(stack) >= depth:
            stack.append(None)
            return
        at = parser.CurrentByteIndex
        tag = _TAG.match(data, at)
        if tag is None:
            raise UnusualError
        if not stack:
            space = name.rpartition(" ")[0]
        home, _, local = name.rpartition(" ")
        raw = re.split(rb"[\s/>]", tag[0][1:], maxsplit=1)[0]
        prefix = raw[: raw.find(b":") + 1]
        parent = stack[-1].index if stack and stack[-1] else -1
        shown = local if home == space else name
        place = (shown, prefix, parent, len(stack) + 1, at, tag.end())
        stack.append(_Open(place, attributes, len(found)))
        found.append(None)

    def end(_name: str) -> None:
        one = stack.pop()
        if one is None:
            return
        *_, inside = one.element
        close = finish = inside
        if data[inside - 2 : inside] != b"/>":
            close = parser.CurrentByteIndex
            finish = data.index(b">", close) + 1
        found[one.index] = Element(*one.element, close, finish, one.attributes)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat takes no keyword
    except (expat.ExpatError, ValueError, LookupError):
        raise UnusualError from None
    return [one for one in found if one is not None]


def _refuse(*_: object) -> None:
    raise UnusualError


def find_space(data: bytes) -> str:
    """Return the namespace of a part's root."""
    names: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, _attributes: dict[str, str]) -> None:
        if not names:
            names.append(name)

    parser.StartElementHandler = start
    try:
        parser.Parse(data, False)  # noqa: FBT003 - expat takes no keyword
    except (expat.ExpatError, ValueError, LookupError):
        raise UnusualError from None
    return names[0].rpartition(" ")[0] if names else ""


def children(elements: list[Element], parent: int) -> Iterator[tuple[int, Element]]:
    """Yield the children of an element with their indexes."""
    end = elements[parent].end
    for index in range(parent + 1, len(elements)):
        one = elements[index]
        if one.start >= end:
            return
        if one.parent == parent:
            yield index, one


def to_utf8(data: bytes) -> bytes:
    """Return a part in UTF-8, without a byte order mark.

    Raises
    ------
    UnusualError
        Its encoding is unknown, or it breaks it.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    declared = _DECLARED.match(data)
    if not encoding and declared:
        encoding = declared[2][1:-1].decode("ascii", "replace")
    if encoding.lower() in ("", "utf-8", "utf8", "us-ascii", "ascii"):
        return data.removeprefix(_MARKS[0][0])
    if not is_charset(encoding):
        raise UnusualError
    try:
        text = data.decode(encoding).removeprefix("\ufeff").encode()
    except (LookupError, UnicodeError):
        raise UnusualError from None
    return _DECLARED.sub(rb'\g<1>"UTF-8"', text)


def splice(data: bytes, edits: Iterable[tuple[int, int, bytes]]) -> bytes:
    """Replace stretches ``(start, end, text)`` of a part; an insertion starts where it ends.

    Edits at one place keep their order.
    """
    pieces, at = [], 0
    for start, end, text in sorted(edits, key=lambda one: (one[0], one[1])):
        pieces += [data[at:start], text]
        at = end
    return b"".join([*pieces, data[at:]])


def append_child(data: bytes, element: Element, text: bytes) -> tuple[int, int, bytes]:
    """Return the edit that puts markup at the end of an element."""
    if not element.is_empty:
        return element.close, element.close, text
    tag = data[element.start : element.inside]
    name = re.split(rb"[\s/>]", tag[1:], maxsplit=1)[0]
    opened = tag[:-2].rstrip() + b">"
    return element.start, element.end, opened + text + b"</" + name + b">"


def read_attributes(tag: bytes) -> dict[bytes, bytes]:
    """Return the attributes of a start tag by their names as written, values as written."""
    return {name: value[1:-1] for name, value in _ATTRIBUTE.findall(tag)}


def read_float(text: str | None) -> float | None:
    """Return a length that an attribute states; None for what is none."""
    try:
        number = float(text) if text is not None else -1.0
    except ValueError:
        return None
    return number if 0 <= number < _LONGEST else None


def set_attributes(tag: bytes, values: dict[bytes, bytes]) -> bytes:
    """Return a start tag with attributes set; the others stay as they are."""
    left = dict(values)
    edits = [
        (found.start(2), found.end(2), b'"' + left.pop(found[1]) + b'"')
        for found in _ATTRIBUTE.finditer(tag)
        if found[1] in left
    ]
    new = splice(tag, edits)
    ending = b"/>" if new.endswith(b"/>") else b">"
    added = b"".join(b" " + name + b'="' + value + b'"' for name, value in left.items())
    return new[: -len(ending)].rstrip() + added + ending if added else new


def escape(text: str) -> str:
    """Return a text as it stands between tags or in quotes; what XML cannot hold is left out."""
    text = _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;")


def escape_text(text: str) -> bytes:
    """Return a text of a workbook: what looks like an escape of its own (``_x0041_``) stays."""
    return escape(_ESCAPED.sub("_x005F_", text)).encode()
