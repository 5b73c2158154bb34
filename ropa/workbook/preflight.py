"""The look at a workbook before it is read: is it one, is it safe, and what readers leave out.

A file of 5 kB with values in A1 and XFD1048576 ends the whole process in the fast readers, and no
``try`` can catch it. So the archive is inflated once, within limits, and each sheet runs through
a strict grammar (`grammar`) or, where its form is unusual, through expat (`streaming`). That one
pass also gives what fast readers do not tell: error cells, formulas without a stored value, what
is hidden or merged, and the exact text of dates and numbers.

The fast reader is then given a new archive, in memory, of nothing but the parts that passed: it
cannot meet anything that was not checked.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from ropa.errors import InputError
from ropa.workbook import grammar, limits, streaming
from ropa.workbook.archive import Archive, describe_other, open_archive, read_part, resolve
from ropa.workbook.files import shown
from ropa.workbook.grammar import UnusualError
from ropa.workbook.markup import (
    Relationship,
    SheetEntry,
    WorkbookEntry,
    read_moments,
    read_relationships,
    read_workbook_part,
    walk,
)
from ropa.workbook.repacking import Buffer, ReaderArchive, write_strings
from ropa.workbook.scans import DAMAGED, TOO_MUCH_TEXT, Context, Tally, check_area

_SHARED = re.compile(rb' t="s"><v>([0-9]+)</v>')


@dataclass(frozen=True, slots=True)
class SheetScan:
    """A worksheet as the preflight found it.

    Attributes
    ----------
    name, index, hidden
        As in the finished sheet.
    tally : Tally
        The cells met: all of them, or those that the fast reader would read otherwise.
    reader_index : int or None
        The sheet's place in the fast reader's archive; None where the tally holds every cell.
    """

    name: str
    index: int
    hidden: bool
    tally: Tally
    reader_index: int | None


@dataclass(frozen=True, slots=True)
class Preflight:
    """A workbook that is safe to read: its sheets, and the archive for the fast reader."""

    sheets: tuple[SheetScan, ...]
    archive: bytes


def preflight(data: bytes) -> Preflight:
    """Check the bytes of an ``.xlsx`` or ``.xlsm`` file without reading its texts.

    Raises
    ------
    InputError
        If it is damaged or not safe to read. The message lacks the file's name.
    """
    archive = open_archive(data)
    types = read_part(archive, "[Content_Types].xml")
    if types is not None:
        walk(types, _pass_over)  # not needed here, but the copy that is annotated keeps it
    workbook_path = _find_workbook(archive)
    folder = posixpath.dirname(workbook_path)
    workbook = read_workbook_part(_require(archive, workbook_path))
    relations = _read_relations(archive, workbook_path)
    strings = _Strings(_read_related(archive, folder, relations, "sharedStrings"))
    styles = _read_related(archive, folder, relations, "styles")
    context = Context(read_moments(styles) if styles else {}, workbook.from_1904, strings.texts)

    parts = _list_worksheets(workbook, relations, folder)
    sheets = []
    with closing(ReaderArchive()) as output:
        for index, (entry, part) in enumerate(parts):
            try:
                tally, reader_index = _scan(_require(archive, part), context, strings, output)
            except InputError as error:
                raise InputError(f"sheet '{shown(entry.name)}': {error}") from None
            sheets.append(SheetScan(entry.name, index, entry.hidden, tally, reader_index))
        packed = output.finish(strings.items)
    return Preflight(tuple(sheets), packed)


def _list_worksheets(
    workbook: WorkbookEntry, relations: dict[str, Relationship], folder: str
) -> list[tuple[SheetEntry, str]]:
    """Return the worksheets with the names of their parts; charts and macro sheets are none."""
    found = [
        (entry, resolve(relation.target, folder))
        for entry in workbook.sheets
        if (relation := relations.get(entry.relationship)) and relation.kind == "worksheet"
    ]
    if not found:
        raise InputError("it has no worksheet; save the register as an .xlsx workbook")
    # One large part under a thousand names would be inflated a thousand times.
    if len({part.lower() for _, part in found}) < len(found):
        raise InputError("two of its sheets are one part; open it in Excel and save it again")
    return found


def _scan(
    part: bytes, context: Context, strings: _Strings, output: ReaderArchive
) -> tuple[Tally, int | None]:
    """Scan a sheet; hand it to the fast reader if it is of the usual form."""
    tally = Tally(context)
    try:
        rows = grammar.scan_sheet(part, tally)
        strings.check_repeats(part)
        return tally, output.add_sheet(rows)
    except UnusualError:
        pass
    tally = Tally(context)
    streaming.scan_sheet(part, tally)
    check_area(tally.last_row, tally.last_column)
    return tally, None


class _Strings:
    """The shared strings of a workbook, parsed only where that is needed."""

    def __init__(self, data: bytes | None) -> None:
        self._data = data
        self._texts: Sequence[str] | None = None if data is not None else ()
        self.items: Buffer = b""
        if data is not None:
            try:
                self.items = grammar.check_strings(data)
            except UnusualError:
                self.items = write_strings(self.texts())
        self._longest = max(map(len, bytes(self.items).split(b"</si>")))

    def texts(self) -> Sequence[str]:
        if self._texts is None:
            self._texts = streaming.read_strings(self._data or b"")
        return self._texts

    def check_repeats(self, sheet: bytes) -> None:
        """Refuse a sheet whose texts, repeated in every cell that uses them, are too much."""
        least = len(b'<c r="A1" t="s"><v>0</v></c>')
        if len(sheet) // least * self._longest <= limits.MAX_TEXT:
            return
        if sheet.count(b' t="s"') * self._longest <= limits.MAX_TEXT:
            return
        lengths = [len(text.encode()) for text in self.texts()]
        total = 0
        for found in _SHARED.finditer(sheet):
            index = int(found[1])
            total += lengths[index] if index < len(lengths) else 0
            if total > limits.MAX_TEXT:
                raise InputError(TOO_MUCH_TEXT)


def _pass_over(_name: str, _attributes: dict[str, str]) -> None: ...


def _find_workbook(archive: Archive) -> str:
    root = read_part(archive, "_rels/.rels")
    if root is not None:
        for relation in read_relationships(root).values():
            path = resolve(relation.target, "")
            if relation.kind == "officeDocument" and path.lower() in archive.members:
                if path.lower().startswith(("word/", "ppt/")) or path.lower().endswith(".bin"):
                    break
                return path
    raise InputError(describe_other(archive))


def _read_relations(archive: Archive, workbook_path: str) -> dict[str, Relationship]:
    folder, name = posixpath.split(workbook_path)
    part = read_part(archive, posixpath.join(folder, "_rels", f"{name}.rels"))
    return read_relationships(part) if part is not None else {}


def _read_related(
    archive: Archive, folder: str, relations: dict[str, Relationship], kind: str
) -> bytes | None:
    for relation in relations.values():
        if relation.kind == kind:
            return read_part(archive, resolve(relation.target, folder))
    return None


def _require(archive: Archive, name: str) -> bytes:
    part = read_part(archive, name)
    if part is None:
        raise InputError(DAMAGED)
    return part
