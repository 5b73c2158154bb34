"""The XML of a workbook, read with expat: one place that refuses what no workbook needs.

A document type declaration is refused before its entities are read (ECMA-376 Part 2, 6.3.2:
package parts shall have none), so no entity can multiply or reach a file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from ropa.errors import InputError
from ropa.workbook.values import Moment, read_format

MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""The namespace of workbook parts, transitional and strict (ECMA-376 Part 4 and Part 1)."""

_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
# The last alternative is an ampersand that begins no known reference.
_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]+);|#([0-9]+);|(amp|lt|gt|quot|apos);|)")
_NO_CHARACTER = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0, 2.2
_NO_XML = "no XML text"
_CHARSETS = re.compile(r"utf-8|utf-16(?:-[lb]e)?|ascii|iso8859-\d+|cp\d+|koi8-[ru]|mac-\w+")
_ODD_ENCODING = "a part of it declares an unusual encoding; open it in Excel and save it again"
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}

Start = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part refers to: the last word of its type (``worksheet``), and where it lies."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook part lists it."""

    name: str
    hidden: bool
    relationship: str


@dataclass(frozen=True, slots=True)
class WorkbookEntry:
    """The workbook part: its sheets in tab order, and the day from which its dates count."""

    sheets: tuple[SheetEntry, ...]
    from_1904: bool


def main_names(*names: str) -> dict[str, str]:
    """Return the names that expat gives to elements of workbook parts, with the short ones."""
    return {f"{space} {name}": name for space in MAIN for name in names}


def walk(
    data: bytes | Iterable[bytes],
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> str:
    """Run over a document, calling the handlers with names of the form ``namespace local``.

    The document comes whole or, where it need not be held in memory, in pieces.

    Returns
    -------
    str
        The encoding it declares, in lower case; empty if it declares none.

    Raises
    ------
    InputError
        If the document has a document type declaration or is not well-formed.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    if end:
        parser.EndElementHandler = end
    if text:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    encodings: list[str] = []

    def declare(_version: str, encoding: str | None, _alone: int) -> None:
        if encoding and not is_charset(encoding):
            raise InputError(_ODD_ENCODING)
        encodings.append(encoding or "")

    parser.XmlDeclHandler = declare
    try:
        for piece in (data,) if isinstance(data, bytes) else data:
            parser.Parse(piece, False)  # noqa: FBT003 - expat takes no keyword
        parser.Parse(b"", True)  # noqa: FBT003
    except (expat.ExpatError, LookupError, ValueError):
        raise InputError("its XML is damaged; open it in Excel and save it again") from None
    return "".join(encodings).lower()


def is_charset(encoding: str) -> bool:
    """Tell whether an encoding is a set of characters, under which a text says what it shows.

    Others that Python knows (``unicode_escape``, ``utf-7``) make markup of harmless letters.
    """
    try:
        return bool(_CHARSETS.fullmatch(codecs.lookup(encoding).name))
    except (LookupError, ValueError):
        return False


def read_relationships(data: bytes) -> dict[str, Relationship]:
    """Return the relationships of a part by id, those to places outside the archive left out."""
    found: dict[str, Relationship] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == _RELATION and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rsplit("/", 1)[-1]
            found[attributes.get("Id", "")] = Relationship(kind, attributes.get("Target", ""))

    walk(data, start)
    return found


def read_workbook_part(data: bytes) -> WorkbookEntry:
    """Return what the workbook part says of its sheets and dates (ECMA-376 Part 1, 18.2)."""
    names = main_names("sheet", "workbookPr")
    sheets: list[SheetEntry] = []
    flags: list[bool] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = names.get(name)
        if local == "sheet":
            links = [value for key, value in attributes.items() if key.endswith(" id")]
            state = attributes.get("state", "visible")
            sheets.append(
                SheetEntry(attributes.get("name", ""), state != "visible", "".join(links[:1]))
            )
        elif local == "workbookPr":
            flags.append(is_true(attributes.get("date1904")))

    walk(data, start)
    return WorkbookEntry(tuple(sheets), any(flags))


def read_moments(data: bytes) -> Mapping[int, Moment]:
    """Return the cell styles (their index) that show a date or an elapsed time (18.8)."""
    names = main_names("numFmts", "numFmt", "cellXfs", "xf")
    codes: dict[int, str] = {}
    formats: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        local = names.get(name, "")
        inside.append(local)
        if len(inside) == 3:  # noqa: PLR2004 - styleSheet, the list, its member
            number = _read_int(attributes.get("numFmtId"))
            if inside[1:] == ["numFmts", "numFmt"]:
                codes[number] = attributes.get("formatCode", "")
            elif inside[1:] == ["cellXfs", "xf"]:
                formats.append(number)

    def end(_name: str) -> None:
        inside.pop()

    walk(data, start, end)
    moments = {number: read_format(number, codes.get(number)) for number in set(formats)}
    return {
        style: moment
        for style, number in enumerate(formats)
        if (moment := moments[number]) is not None
    }


def is_true(flag: str | None) -> bool:
    """Say whether an attribute of type boolean is set (XML Schema Part 2, 3.2.2)."""
    return flag in ("1", "true")


def unescape(text: str) -> str:
    """Return the characters that a run of XML text without markup stands for.

    Raises
    ------
    ValueError
        If it holds a character that XML does not allow, or a reference to none.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")  # XML 1.0, 2.11
    if _NO_CHARACTER.search(text):
        raise ValueError(_NO_XML)
    return _REFERENCE.sub(_read_reference, text) if "&" in text else text


def _read_reference(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    letter = chr(int(found[1], 16) if found[1] else int(found[2] or 0))
    if _NO_CHARACTER.match(letter):
        raise ValueError(_NO_XML)
    return letter


def _read_int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004


def _refuse_doctype(*_: object) -> None:
    raise InputError(
        "its XML has a document type declaration, which no workbook needs and which can do harm; "
        "open it in Excel and save it again"
    )
