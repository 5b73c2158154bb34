"""A slide and what is put on it: every text is measured and stays text."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from ropa.charts.canvas import clean
from ropa.charts.palette import INK, LINE, PANEL, PAPER, choose_ink
from ropa.report.deck.measures import break_lines, cut, line_height, measure_text, shorten
from ropa.report.deck.template import Base, Box

TEXT_SIZE = 14.0
TABLE_SIZE = 12.0
SMALL_SIZE = 11.0
_TITLE_SIZES = (26.0, 24.0, 22.0, 20.0, 18.0, 16.0)
_PAD_X, _PAD_Y = 0.08, 0.05
_MOST_NOTES = 40
_FOOT_HEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Look:
    """How a text looks; without a colour it has the text colour of the theme."""

    size: float = TEXT_SIZE
    bold: bool = False
    colour: str = ""
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its headings, its rows of texts, and the share of the width of each column.

    `fills` maps a cell's text in the first column to its colour; `most` is the number of lines
    that a row takes at most.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    fills: Mapping[str, str]
    most: int = 2
    size: float = TABLE_SIZE


class Page:
    """One slide while it is made.

    Attributes
    ----------
    area : Box
        Where its content stands.
    """

    def __init__(self, base: Base, title: str, footer: tuple[str, str]) -> None:
        """Add a slide with its title and its foot, and remove the empty boxes of its layout."""
        self.area = base.area
        self._slide = base.deck.slides.add_slide(base.layout)
        self._title = self._slide.shapes.title
        for one in list(self._slide.placeholders):
            if one.placeholder_format.idx:
                one._element.getparent().remove(one._element)  # noqa: SLF001 - no public way
        self._write_title(base, title)
        self._write_foot(base, footer)

    def _write_title(self, base: Base, title: str) -> None:
        room = base.title.width - 0.25
        sizes = [one for one in _TITLE_SIZES if one <= base.title_size] or [_TITLE_SIZES[-1]]
        for size in sizes:
            most = max(int((base.title.height - 0.1) / line_height(size)), 1)
            if len(break_lines(title, room, size, bold=True)) <= most:
                break
        text = shorten(title, room, size, most=most, bold=True)
        _put(self._title.text_frame.paragraphs[0], text, size if size != base.title_size else 0)

    def _write_foot(self, base: Base, footer: tuple[str, str]) -> None:
        """Copy the foot and the number from the layout; python-pptx leaves them out."""
        found = False
        for one in base.layout.placeholders:
            element = one._element  # noqa: SLF001 - no public way
            kind = element.find(f".//{qn('p:ph')}").get("type")
            if kind not in {"ftr", "sldNum"}:
                continue
            made = copy.deepcopy(element)
            self._slide.shapes._spTree.append(made)  # noqa: SLF001 - no public way
            made.nvSpPr.cNvPr.set("id", str(50 + (kind == "ftr")))
            if kind == "ftr" and one.width:
                found = True
                shape = next(
                    shape
                    for shape in self._slide.placeholders
                    if shape._element is made  # noqa: SLF001 - as above
                )
                paragraph = shape.text_frame.paragraphs[0]
                _clear(paragraph)
                room = one.width / Inches(1) - 0.25
                size, side = _find_foot_style(one, base.layout)
                text, size = _fit_foot(footer, room, size)
                _put(paragraph, text, size)
                paragraph._p.get_or_add_pPr().set("algn", side)  # noqa: SLF001 - as above
                # Said again for programs that do not look it up in the master.
                paragraph.runs[0].font.name = "+mn-lt"
        if not found:
            top = base.deck.slide_height / Inches(1) - _FOOT_HEIGHT
            place = Box(self.area.left, top, self.area.width * 0.8, _FOOT_HEIGHT)
            text, size = _fit_foot(footer, place.width - 0.1, 10.0)
            self.write(place, [text], Look(size))

    def write(
        self,
        box: Box,
        texts: Sequence[str],
        look: Look | None = None,
        *,
        gap: float = 0.06,
        lines: int = 99,
    ) -> float:
        """Write paragraphs, each of so many lines at most, into a box; return their height.

        A text that finds no room is left out, and a last line says how many more there are.
        """
        look = look or Look()
        kept: list[str] = []
        used, room = 0.0, box.width - 0.04
        height = line_height(look.size)
        for at, text in enumerate(texts):
            rest = len(texts) - at - 1
            free = box.height - used - (height + gap if rest else 0.0)
            most = int((free + 0.01) / height)
            if most < 1:
                kept.append(f"and {rest + 1} more")
                used += height + gap
                break
            parts = break_lines(text, room, look.size, most=min(most, lines), bold=look.bold)
            kept.append(" ".join(parts))
            used += len(parts) * height + gap
        shape = self._slide.shapes.add_textbox(*_place(box))
        _fill_frame(shape.text_frame, kept, look, gap=gap)
        return used

    def write_tile(self, box: Box, number: str, word: str, colour: str) -> None:
        """Draw a filled box with a number and the word that says what is counted."""
        shape = self._slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_place(box))
        _paint(shape, colour)
        shape.name = clean(f"{word}: {number}")
        frame = shape.text_frame
        _set_margins(frame)
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        ink = choose_ink(colour)
        big = min(28.0, (box.height - 0.1) / (2 * line_height(1.0)) * 1.2)
        small = min(13.0, big * 0.55)
        room = box.width - 2 * _PAD_X
        first = frame.paragraphs[0]
        _put(first, cut(number, room, big, bold=True), big, bold=True, colour=ink)
        second = frame.add_paragraph()
        _put(second, cut(clean(word), room, small), small, colour=ink)
        first.alignment = second.alignment = PP_ALIGN.CENTER

    def write_panel(self, box: Box, text: str, *, size: float = TEXT_SIZE) -> None:
        """Write one sentence on a light ground."""
        shape = self._slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_place(box))
        _paint(shape, PANEL)
        frame = shape.text_frame
        _set_margins(frame)
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        most = max(int((box.height - 2 * _PAD_Y) / line_height(size)), 1)
        told = shorten(text, box.width - 4 * _PAD_X, size, most=most)
        _put(frame.paragraphs[0], told, size, colour=INK)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT

    def write_table(self, box: Box, table: Table, spoken: str, more: Callable[[int], str]) -> float:
        """Write a native table; return its height.

        Rows that find no room are left out; a line below says how many (`more`).
        """
        widths = _share_widths(box.width, table)
        fitted = [_fit_row(row, widths, table) for row in table.rows]
        head = line_height(table.size) + 2 * _PAD_Y
        shown = _count_rows([one for _, one in fitted], box.height - head)
        if shown < len(fitted):
            foot = line_height(SMALL_SIZE) + 0.12
            shown = _count_rows([one for _, one in fitted], box.height - head - foot)
        heights = [head, *(one for _, one in fitted[:shown])]
        frame = self._slide.shapes.add_table(
            shown + 1, len(widths), *_place(Box(box.left, box.top, box.width, sum(heights)))
        )
        _describe(frame, spoken)
        made = frame.table
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Inches(width)
        for row, height in zip(made.rows, heights, strict=True):
            row.height = Inches(height)
        for column, text in enumerate(table.headings):
            told = cut(text, widths[column] - 2 * _PAD_X, table.size, bold=True)
            _fill_cell(made.cell(0, column), told, Look(table.size, bold=True, colour=PAPER), INK)
        for at, (texts, _) in enumerate(fitted[:shown], start=1):
            for column, text in enumerate(texts):
                fill = table.fills.get(table.rows[at - 1][0], PAPER) if column == 0 else PAPER
                bold = column == 0
                look = Look(table.size, bold=bold, colour=choose_ink(fill))
                _fill_cell(made.cell(at, column), text, look, fill)
        if shown < len(fitted):
            place = Box(box.left, box.top + sum(heights) + 0.06, box.width, 0.3)
            self.write(place, [more(len(fitted) - shown)], Look(SMALL_SIZE))
        return sum(heights)

    def add_picture(self, box: Box, data: Any, spoken: str, *, skipped: float = 0.0) -> None:  # noqa: ANN401 - a stream
        """Place a picture as large as its box allows, without some share of its top."""
        picture = self._slide.shapes.add_picture(data, 0, 0)
        picture.crop_top = skipped
        wide, high = picture.width, picture.height * (1 - skipped)
        scale = min(Inches(box.width) / wide, Inches(box.height) / high)
        picture.width, picture.height = int(wide * scale), int(high * scale)
        picture.left = Inches(box.left) + (Inches(box.width) - picture.width) // 2
        picture.top = Inches(box.top)
        _describe(picture, spoken)

    def add_chart(self, box: Box, kind: Any, data: Any, spoken: str) -> Any:  # noqa: ANN401 - python-pptx has no types
        """Add a native chart and return it, to be painted."""
        frame = self._slide.shapes.add_chart(kind, *_place(box), data)
        _describe(frame, spoken)
        return frame.chart

    def note(self, lines: Sequence[str], evidence: pd.DataFrame | None = None) -> None:
        """Write the speaker's notes, then findings, a line each; so many lines at most."""
        told = 0 if evidence is None else len(evidence)
        if evidence is not None:
            lines = [*lines, *list_evidence(evidence.head(_MOST_NOTES))]
            told -= min(told, _MOST_NOTES)
        shown = [clean(one) for one in lines[:_MOST_NOTES]]
        if left_out := len(lines) + told - len(shown):
            shown.append(f"and {left_out} more: see findings.xlsx")
        self._slide.notes_slide.notes_text_frame.text = "\n".join(shown)


def list_evidence(findings: pd.DataFrame) -> list[str]:
    """Return a line a finding: its id, rule, place, provision and what is wrong."""
    return [
        f"{row['id']}  {row['rule']}  {row['severity']}"
        f"  {row['activity_id'] or 'register'}  {row['sheet']}!{row['cell']}"
        f"  {row['provision']}: {row['message']}"
        for row in findings.to_dict("records")
    ]


def _place(box: Box) -> tuple[int, int, int, int]:
    return Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height)


def make_colour(colour: str) -> Any:  # noqa: ANN401 - python-pptx has no types
    """Return a colour ``#RRGGBB`` as slides have it."""
    return RGBColor.from_string(colour.lstrip("#"))  # type: ignore[no-untyped-call]  # half typed


def _paint(shape: Any, colour: str) -> None:  # noqa: ANN401 - as above
    """Fill a shape, with a thin line and without the shadow that a theme may give it."""
    style = shape._element.find(qn("p:style"))  # noqa: SLF001 - no public way
    if style is not None:
        shape._element.remove(style)  # noqa: SLF001 - as above
    shape.fill.solid()
    shape.fill.fore_color.rgb = make_colour(colour)
    shape.line.color.rgb = make_colour(LINE)
    shape.line.width = Pt(0.75)


def _describe(shape: Any, spoken: str) -> None:  # noqa: ANN401 - as above
    """Set the alternative text."""
    properties = shape._element.find(f".//{qn('p:cNvPr')}")  # noqa: SLF001 - no public way
    properties.set("descr", clean(spoken))


def _find_foot_style(place: Any, layout: Any) -> tuple[float, str]:  # noqa: ANN401 - as above
    """Return size and alignment of the foot, as layout or master say."""
    kind = place.placeholder_format.type
    masters = layout.slide_master.placeholders
    own = [one for one in masters if one.placeholder_format.type == kind]
    size, side = "", ""
    for one in (place, *own):
        style = one._element.find(f".//{qn('a:lvl1pPr')}")  # noqa: SLF001 - no public way
        if style is not None:
            text = style.find(qn("a:defRPr"))
            size = size or (text.get("sz", "") if text is not None else "")
            side = side or style.get("algn", "")
    return int(size or 1200) / 100, side or "l"


def _fit_foot(footer: tuple[str, str], room: float, size: float) -> tuple[str, float]:
    """Return the foot and its size: where room is short the name is cut, never the date."""
    name, day = footer
    size = next((one for one in (size, 10.0, 9.0) if measure_text(name + day, one) <= room), 9.0)
    return cut(name, room - measure_text(day, size), size) + day, size


def _clear(paragraph: Any) -> None:  # noqa: ANN401 - as above
    for one in list(paragraph._p):  # noqa: SLF001 - no public way
        if one.tag in {qn("a:r"), qn("a:fld"), qn("a:br")}:
            paragraph._p.remove(one)  # noqa: SLF001 - as above


def _put(
    paragraph: Any,  # noqa: ANN401 - as above
    text: str,
    size: float,
    *,
    bold: bool | None = None,
    colour: str = "",
) -> None:
    """Add a run of text; without a size and a colour it has those of its place."""
    run = paragraph.add_run()
    run.text = clean(text)
    run.font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK
    if size:
        run.font.size = Pt(size)
    if bold is not None:
        run.font.bold = bold
    if colour:
        run.font.color.rgb = make_colour(colour)


def _set_margins(frame: Any, x: float = _PAD_X, y: float = _PAD_Y) -> None:  # noqa: ANN401 - as above
    frame.margin_left = frame.margin_right = Inches(x)
    frame.margin_top = frame.margin_bottom = Inches(y)
    frame.word_wrap = True


def _fill_frame(frame: Any, texts: Sequence[str], look: Look, *, gap: float) -> None:  # noqa: ANN401 - as above
    _set_margins(frame, 0.0, 0.0)
    for at, text in enumerate(texts):
        paragraph = frame.add_paragraph() if at else frame.paragraphs[0]
        paragraph.space_after = Pt(gap * 72)
        if look.centred:
            paragraph.alignment = PP_ALIGN.CENTER
        _put(paragraph, text, look.size, bold=look.bold, colour=look.colour)
        if not look.colour:
            paragraph.runs[0].font.color.theme_color = MSO_THEME_COLOR.TEXT_1


def _share_widths(width: float, table: Table) -> list[float]:
    """Return the widths of the columns: no heading, and no word with a colour, is ever cut."""
    words = [[one] for one in table.headings]
    words[0] += [word for row in table.rows if row[0] in table.fills for word in row[0].split()]
    least = [
        max(measure_text(word, table.size, bold=True) for word in column) + 2 * _PAD_X + 0.02
        for column in words
    ]
    wanted = [width * one / sum(table.shares) for one in table.shares]
    spare = [max(one - low, 0.0) for one, low in zip(wanted, least, strict=True)]
    lacking = sum(max(low - one, 0.0) for one, low in zip(wanted, least, strict=True))
    share = lacking / sum(spare) if sum(spare) else 0.0
    return [
        max(one, low) - extra * share for one, low, extra in zip(wanted, least, spare, strict=True)
    ]


def _fit_row(
    row: tuple[str, ...], widths: Sequence[float], table: Table
) -> tuple[tuple[str, ...], float]:
    """Return a row's texts, cut where they are too long, and the height that they need."""
    cells = [
        break_lines(text, width - 2 * _PAD_X, table.size, most=table.most, bold=not column)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    lines = max(len(one) for one in cells)
    texts = tuple(" ".join(one) for one in cells)
    return texts, lines * line_height(table.size) + 2 * _PAD_Y


def _count_rows(heights: Sequence[float], room: float) -> int:
    """Return how many rows fit, one at least."""
    used = 0.0
    for at, height in enumerate(heights):
        used += height
        if used > room + 0.001 and at:
            return at
    return len(heights)


def _fill_cell(cell: Any, text: str, look: Look, fill: str) -> None:  # noqa: ANN401 - as above
    cell.fill.solid()
    cell.fill.fore_color.rgb = make_colour(fill)
    cell.margin_left = cell.margin_right = Inches(_PAD_X)
    cell.margin_top = cell.margin_bottom = Inches(_PAD_Y)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    _put(cell.text_frame.paragraphs[0], text, look.size, bold=look.bold, colour=look.colour)
