"""A sheet's part: where its rows stand, what is merged, how large its cells are."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ropa.report.annotated.lengths import Lengths
from ropa.report.annotated.marks import Place
from ropa.report.annotated.markup import (
    Element,
    UnusualError,
    children,
    find_space,
    outline,
    read_float,
    splice,
    to_utf8,
)
from ropa.report.annotated.rows import Restyle, mark_rows
from ropa.report.annotated.shapes import Grid
from ropa.workbook.addresses import MAX_COLUMN, MAX_ROW, column_number
from ropa.workbook.markup import MAIN

_ROWS = re.compile(rb"<((?:[\w.\-]+:)?)sheetData(?=[\s/>])[^<>]*>")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile("[0-9]{1,7}")
_FRAME_DEPTH = 4
_DIGIT, _PADDING = 7, 5  # pixels: a digit of Calibri 11, and what a column adds to its letters
_PIXELS = 4 / 3  # in a point

# What stands before a sheet's note drawing (ECMA-376 Part 1, 18.3.1.99).
_BEFORE = frozenset(
    (
        *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData"),
        *("sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter"),
        *("sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr"),
        *("conditionalFormatting", "dataValidations", "hyperlinks", "printOptions"),
        *("pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
        *("customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing"),
    )
)


@dataclass(frozen=True, slots=True)
class Column:
    """A run of columns that look alike: first and last, style, width in pixels if it is set."""

    first: int
    last: int
    style: int
    width: int | None


class SheetPart:
    """A worksheet's part, cut into what stands round its rows and the rows themselves."""

    def __init__(self, data: bytes) -> None:
        self._data = to_utf8(data)
        opening = _ROWS.search(self._data)
        if opening is None:
            raise UnusualError
        self._opening = opening
        self._prefix = opening[1]
        self._is_empty = opening[0].endswith(b"/>")
        self._begin = self._finish = self._stop = opening.end()
        if not self._is_empty:
            closing = b"</" + self._prefix + b"sheetData"
            self._finish = self._data.rfind(closing)
            if self._finish < self._begin:
                raise UnusualError
            self._stop = self._data.index(b">", self._finish) + 1
        self._frame = self._data[: self._begin] + self._data[self._finish :]
        self._elements = outline(self._frame, _FRAME_DEPTH)
        root = self._elements[0]
        names = [one.name for _, one in children(self._elements, 0)]
        if root.name != "worksheet" or "sheetData" not in names:
            raise UnusualError
        self.space = _find_space(self._frame)
        self.prefix = root.prefix
        self.drawing = self._find_drawing()

    def settle(self, places: Collection[Place]) -> Mapping[Place, Place]:
        """Return for each cell the one that shows it: of a merged range the top left one."""
        by_row: dict[int, list[int]] = {}
        for row, column in places:
            by_row.setdefault(row, []).append(column)
        settled = {place: place for place in places}
        for top, left, bottom, right in self._list_merged():
            rows = range(top, bottom + 1)
            for row in rows if len(rows) < len(by_row) else [r for r in by_row if r in rows]:
                for column in by_row.get(row, ()):
                    if left <= column <= right:
                        settled[row, column] = top, left
        return settled

    def mark(self, places: Collection[Place], restyle: Restyle) -> tuple[bytes, Grid]:
        """Return the part with other styles in these cells, and the sizes of its cells.

        Raises
        ------
        UnusualError
            The rows are of no form that can be edited.
        """
        columns = list(self._list_columns())
        styles = {
            number: next((one.style for one in columns if one.first <= number <= one.last), 0)
            for number in {column for _, column in places}
        }
        marked: dict[int, dict[int, int]] = {}
        for row, column in places:
            marked.setdefault(row, {})[column] = styles[column]
        rows = mark_rows(self._data[self._begin : self._finish], self._prefix, marked, restyle)
        opening, ending = self._opening[0], self._data[self._finish :]
        if self._is_empty:
            opening = opening[:-2].rstrip() + b">"
            ending = b"</" + self._prefix + b"sheetData>" + ending
        head = self._data[: self._opening.start()]
        data = b"".join([head, opening, *rows.pieces, ending])
        return data, self._measure(columns, rows.heights)

    def add_drawing(self, data: bytes, link: str, office: str) -> bytes:
        """Return a part (from `mark`) that refers to a drawing of notes."""
        last = None
        for index, one in children(self._elements, 0):
            if one.name in _BEFORE or self._holds_drawing(index):
                last = one
        if last is None:
            raise UnusualError
        from_end = len(self._frame) - last.end
        if last.name == "sheetData" and self._is_empty:
            from_end = len(self._data) - self._begin
        at = len(data) - from_end
        tag = b'<%blegacyDrawing xmlns:r="%b" r:id="%b"/>' % (
            self.prefix,
            office.encode(),
            link.encode(),
        )
        return splice(data, [(at, at, tag)])

    def _holds_drawing(self, index: int) -> bool:
        """Say whether an element offers alternatives of what stands before the drawing."""
        if not self._elements[index].name.endswith(" AlternateContent"):
            return False
        choices = [at for at, _ in children(self._elements, index)]
        inner = [one.name for at in choices for _, one in children(self._elements, at)]
        return any(name.rpartition(" ")[2] in _BEFORE for name in inner)

    def _find_drawing(self) -> str:
        """Return the relationship of the sheet's note drawing; empty where it has none."""
        for _, one in children(self._elements, 0):
            if one.name == "legacyDrawing":
                return next((v for k, v in one.attributes.items() if k.endswith(" id")), "")
        return ""

    def _inner(self, group: str, name: str) -> Iterator[Element]:
        for index, one in children(self._elements, 0):
            if one.name == group:
                yield from (e for _, e in children(self._elements, index) if e.name == name)

    def _list_merged(self) -> Iterator[tuple[int, int, int, int]]:
        for one in self._inner("mergeCells", "mergeCell"):
            found = _RANGE.fullmatch(one.attributes.get("ref", ""))
            if found:
                try:
                    left, right = column_number(found[1]), column_number(found[3])
                except ValueError:
                    raise UnusualError from None
                yield int(found[2]), left, min(int(found[4]), MAX_ROW), right

    def _list_columns(self) -> Iterator[Column]:
        """Yield the runs of columns that look alike.

        Raises
        ------
        UnusualError
            They overlap, so that together they are more columns than a sheet has.
        """
        total = 0
        for one in self._inner("cols", "col"):
            values = one.attributes
            first, last = (_read_int(values.get(name)) for name in ("min", "max"))
            width = read_float(values.get("width"))
            if values.get("hidden") in ("1", "true"):
                width = 0.0
            pixels = None if width is None else round(width * _DIGIT + _PADDING if width else 0)
            last = min(last, MAX_COLUMN)
            total += max(last - first + 1, 0)
            if total > MAX_COLUMN:
                raise UnusualError
            yield Column(first, last, _read_int(values.get("style")), pixels)

    def _measure(self, columns: Collection[Column], heights: Mapping[int, float]) -> Grid:
        """Return the sizes of the cells, in pixels."""
        usual = next((e for _, e in children(self._elements, 0) if e.name == "sheetFormatPr"), None)
        values = usual.attributes if usual else {}
        height = read_float(values.get("defaultRowHeight")) or 15.0
        width = read_float(values.get("defaultColWidth"))
        widths = {
            number: column.width
            for column in columns
            if column.width is not None
            for number in range(column.first, column.last + 1)
        }
        usual_width = 64 if not width else max(1, round(width * _DIGIT + _PADDING))
        pixels = {row: round(points * _PIXELS) for row, points in heights.items()}
        return Grid(
            Lengths(widths, usual_width, MAX_COLUMN),
            Lengths(pixels, max(1, round(height * _PIXELS)), MAX_ROW),
        )


def _find_space(frame: bytes) -> str:
    found = find_space(frame)
    if found not in MAIN:
        raise UnusualError
    return found


def _read_int(text: str | None) -> int:
    return int(text) if text and _NUMBER.fullmatch(text) else 0
