"""The one pass over an OpenDocument file's content: tables, rows, cells, and their texts.

Elements count only where the format puts them. Cells also stand in recorded changes, in linked
data and in text boxes, and those are no cells of a sheet: whatever is not known in its place is
passed over with all that it holds.

Source: OpenDocument 1.3 Part 3, 9 (tables), 6.1 (text and white space), 14.1 (annotations).
"""

from __future__ import annotations

import re

from ropa.errors import InputError
from ropa.workbook import limits
from ropa.workbook import open_document_names as od
from ropa.workbook.open_document_styles import Styles
from ropa.workbook.open_document_tables import Table, TableBuilder
from ropa.workbook.scans import TOO_MUCH_TEXT

# A table of this name keeps what a formula took from another file; no program shows it.
_KEPT_COPY = re.compile(r"'.*'#\$")
_RUN = re.compile(r"[ \t\r\n]{2,}|[\t\r\n]")


class ContentReader:
    """The handlers of the pass, and where in the content they are.

    Attributes
    ----------
    tables : list of Table
        The sheets met.
    is_spreadsheet : bool
        Whether the body is that of a spreadsheet.
    """

    __slots__ = (
        *("_after_space", "_depth", "_in_cell", "_in_row", "_in_spreadsheet", "_in_styles"),
        *("_paragraphs", "_pieces", "_skipped", "_spaces", "_styles", "_table"),
        *("is_spreadsheet", "tables"),
    )

    def __init__(self, styles: Styles) -> None:
        self.tables: list[Table] = []
        self.is_spreadsheet = False
        self._styles = styles
        self._table: TableBuilder | None = None
        self._skipped = self._depth = self._spaces = 0
        self._in_styles = self._in_spreadsheet = self._in_row = self._in_cell = False
        self._after_space = True
        self._pieces: list[str] = []
        self._paragraphs: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        if self._skipped:
            self._skipped += 1
        elif self._depth:
            self._start_in_paragraph(name, attributes)
        elif self._in_cell:
            if name in od.PARAGRAPHS:
                self._depth, self._after_space = 1, True
            elif not name.startswith(od.TEXT):  # a list or a section only wraps paragraphs
                self._skipped = 1
        elif self._table is None:
            self._start_outside(name, attributes)
        elif self._in_row:
            if name == od.CELL:
                self._table.start_cell(attributes)
                self._in_cell = True
            else:
                if name == od.COVERED:
                    self._table.pass_over(attributes)
                self._skipped = 1
        else:
            self._start_in_table(self._table, name, attributes)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if self._skipped:
            self._skipped -= 1
        elif self._depth:
            self._depth -= 1
            if not self._depth:
                self._paragraphs.append("".join(self._pieces))
                self._pieces.clear()
        elif self._table is None:
            self._end_outside(name)
        elif self._in_cell:
            if name == od.CELL:
                self._in_cell = False
                shown = "\n".join(self._paragraphs) if self._paragraphs else None
                self._table.end_cell(shown)
                self._paragraphs.clear()
        elif self._in_row:
            self._in_row = False
            self._table.end_row()
        elif name in od.GROUPS:
            self._table.close_group()
        elif name == od.SHEET:
            self.tables.append(self._table.finish())
            self._table = None

    def text(self, text: str) -> None:
        """Take characters; a run of white space is one space, and none at a paragraph's start."""
        if not self._depth or self._skipped:
            return
        text = _RUN.sub(" ", text)
        if self._after_space:
            text = text.removeprefix(" ")
        if text:
            self._pieces.append(text)
            self._after_space = text[-1] == " "

    def _start_outside(self, name: str, attributes: dict[str, str]) -> None:
        if self._in_styles:
            self._styles.start(name, attributes)
        elif self._in_spreadsheet:
            title = attributes.get(od.NAME, "")
            if name != od.SHEET or _KEPT_COPY.match(title):
                self._skipped = 1
            else:
                self._table = TableBuilder(title, attributes, self._styles)
        elif name in od.FRAME:
            self._in_styles = name in od.STYLE_LISTS
            if name == od.SPREADSHEET:
                self.is_spreadsheet = self._in_spreadsheet = True
        else:
            self._skipped = 1

    def _end_outside(self, name: str) -> None:
        if name in od.STYLE_LISTS:
            self._in_styles = False
        elif name == od.SPREADSHEET:
            self._in_spreadsheet = False

    def _start_in_table(self, table: TableBuilder, name: str, attributes: dict[str, str]) -> None:
        if name == od.ROW:
            table.start_row(attributes)
            self._in_row = True
        elif name == od.COLUMN:
            table.add_columns(attributes)
        elif name in od.GROUPS:
            table.open_group(attributes)
        elif name not in od.WRAPPERS:
            self._skipped = 1

    def _start_in_paragraph(self, name: str, attributes: dict[str, str]) -> None:
        if name in od.ASIDES or name.startswith(od.DRAW):
            self._skipped = 1
            return
        self._depth += 1
        character = od.CHARACTERS.get(name, "")
        if name == od.SPACE:
            count = od.read_count(attributes, od.SPACE_COUNT)
            self._spaces += count
            if count > limits.MAX_CELL or self._spaces > limits.MAX_TEXT:
                raise InputError(TOO_MUCH_TEXT)
            character = " " * count
        if character:
            self._pieces.append(character)
            self._after_space = False
