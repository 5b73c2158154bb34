"""The thorough pass: every cell of a sheet and every shared string, through expat.

It reads whatever is well-formed: prefixed names, other encodings, cells without a reference,
text with comments in it. It takes a few times as long as the usual pass (`grammar` and
the fast reader together), and is the reference that the usual pass must agree with.
"""

from __future__ import annotations

from ropa.errors import InputError
from ropa.workbook.markup import is_true, main_names, walk
from ropa.workbook.scans import DAMAGED, Tally, read_int, read_reference

_NAMES = main_names(
    *("worksheet", "sheetData", "row", "c", "v", "f", "is", "t", "r", "rPh", "si"),
    *("col", "mergeCell"),
)


def read_strings(data: bytes) -> list[str]:
    """Return the shared strings of a workbook, formatting and phonetic guides left out.

    Whitespace stays. Of the escapes ``_xHHHH_`` (ECMA-376 Part 1, 22.9.2.19) only the escaped
    underscore is resolved, as openpyxl does.
    """
    strings: list[str] = []
    text = _Text()

    def start(name: str, _attributes: dict[str, str]) -> None:
        local = _NAMES.get(name)
        if local == "si":
            text.clear()
        elif local:
            text.open(local)

    def end(name: str) -> None:
        local = _NAMES.get(name)
        if local == "si":
            strings.append(text.content().replace("_x005F_", "_"))
        elif local:
            text.close(local)

    walk(data, start, end, text.feed)
    return strings


def scan_sheet(data: bytes, tally: Tally) -> None:
    """Note every cell of a sheet in a tally.

    Raises
    ------
    InputError
        If the part is no worksheet, not well-formed or refers to what is not there.
    """
    reader = _SheetReader(tally)
    walk(data, reader.start, reader.end, reader.text.feed)
    if not reader.is_worksheet:
        raise InputError(DAMAGED)


class _Text:
    """The text of a string item: its plain text, or its runs, without phonetic guides."""

    __slots__ = ("_guide", "_open", "_parts", "_plain", "_run", "_runs")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._plain = ""
        self._runs: list[str] = []
        self._parts: list[str] = []
        self._open = self._run = self._guide = False

    def open(self, local: str) -> None:
        if local == "t":
            self._open = not self._guide
            self._parts.clear()
        elif local == "r":
            self._run = True
        elif local == "rPh":
            self._guide = True

    def close(self, local: str) -> None:
        if local == "t" and self._open:
            self._open = False
            if self._run:
                self._runs.append("".join(self._parts))
            else:
                self._plain = "".join(self._parts)
        elif local == "r":
            self._run = False
        elif local == "rPh":
            self._guide = False

    def capture(self) -> None:
        """Take the text of an element that is no string item."""
        self._open = True
        self._parts.clear()

    def captured(self) -> str:
        self._open = False
        return "".join(self._parts)

    def feed(self, text: str) -> None:
        if self._open:
            self._parts.append(text)

    def content(self) -> str:
        return self._plain + "".join(self._runs)


class _SheetReader:
    """The handlers of a sheet's pass, and where in the sheet they are."""

    __slots__ = (
        *("_cell_row", "_column", "_formula", "_in_cell", "_in_data", "_in_item", "_inline"),
        *("_kind", "_row", "_style", "_tally", "_value", "is_worksheet", "text"),
    )

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._row = self._cell_row = self._column = self._style = 0
        self._kind = "n"
        self._value = self._inline = ""
        self._formula = self._in_cell = self._in_data = self._in_item = False
        self.text = _Text()
        self.is_worksheet = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _NAMES.get(name)
        if local is None:
            return
        if self._in_cell:
            self._start_in_cell(local)
        elif local == "c" and self._in_data:
            self._start_cell(attributes)
        elif local == "row" and self._in_data:
            self._start_row(attributes)
        elif local == "sheetData":
            self._in_data = True
        elif local == "worksheet":
            self.is_worksheet = True
        else:
            note_outside(self._tally, local, attributes)

    def end(self, name: str) -> None:
        local = _NAMES.get(name)
        if local is None:
            return
        if local == "c" and self._in_cell:
            self._end_cell()
        elif local == "v" and self._in_cell and not self._in_item:
            self._value = self.text.captured()
        elif local == "is" and self._in_cell:
            self._in_item = False
            self._inline = self.text.content()
        elif self._in_item:
            self.text.close(local)
        elif local == "sheetData":
            self._in_data = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self._row = self._row + 1 if number is None else read_int(number)
        self._column = 0
        if is_true(attributes.get("hidden")):
            self._tally.hidden_rows.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            self._cell_row, self._column = read_reference(reference)
        else:  # the next one in its row
            self._cell_row, self._column = self._row, self._column + 1
        self._kind = attributes.get("t", "n")
        self._style = read_int(attributes.get("s"))
        self._value = self._inline = ""
        self._formula = self._in_item = False
        self._in_cell = True

    def _start_in_cell(self, local: str) -> None:
        if self._in_item:
            self.text.open(local)
        elif local == "v":
            self.text.capture()
        elif local == "f":
            self._formula = True
        elif local == "is":
            self._in_item = True
            self.text.clear()

    def _end_cell(self) -> None:
        self._in_cell = False
        value = self._inline if self._kind == "inlineStr" else self._value
        self._tally.add_value(
            self._cell_row, self._column, self._kind, self._style, value, formula=self._formula
        )


def note_outside(tally: Tally, local: str, attributes: dict[str, str]) -> None:
    """Note what stands before and after a sheet's cells: hidden columns, merged ranges."""
    if local == "col" and is_true(attributes.get("hidden")):
        tally.hide_columns(attributes)
    elif local == "mergeCell":
        tally.merge(attributes.get("ref", ""))
