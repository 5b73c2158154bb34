"""The boxes in which notes are shown, in the old drawing language (VML) that Excel keeps them in.

Excel's own drawings of this kind need not be well-formed (text boxes hold bare ``<br>``), so they
are edited as text. A box is as large as its note needs, measured in the sheet's rows and columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ropa.report.annotated.lengths import Lengths
from ropa.report.annotated.marks import Place, Run
from ropa.report.annotated.markup import UnusualError, to_utf8

BLOCK = 1024
"""Shapes have numbers in blocks of this size, and each drawing of a workbook blocks of its own."""

_SPACES = (
    (b"v", b"urn:schemas-microsoft-com:vml"),
    (b"o", b"urn:schemas-microsoft-com:office:office"),
    (b"x", b"urn:schemas-microsoft-com:office:excel"),
)
_KIND = b"_x0000_t202"
_SHAPE_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    b'path="m,l,21600r21600,l21600,xe"%b><v:stroke joinstyle="miter"/>'
    b'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_LAYOUT = b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="%b"/></o:shapelayout>'
_SHAPE = (
    b'<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;'
    b'margin-left:60pt;margin-top:2pt;width:%dpt;height:%dpt;z-index:%d;visibility:hidden" '
    b'fillcolor="#ffffe1" o:insetmode="auto"%b><v:fill color2="#ffffe1"/>'
    b'<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    b'<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    b'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    b"<x:Anchor>%b</x:Anchor><x:AutoFill>False</x:AutoFill>"
    b"<x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
)
_NUMBER = re.compile(rb"[0-9]+")
_MOST_DIGITS = 5
_IDMAP = re.compile(rb"(<\w*:?idmap\b[^<>]*?\bdata=)([\"'])([0-9, ]+)\2")
_ROOT_END = re.compile(rb"</(?:\w+:)?xml\s*>")
_ONE_SHAPE = re.compile(rb"<v:shape\b(?:(?!<v:shape\b).)*?</v:shape>", re.DOTALL)
_ROW = re.compile(rb"<x:Row>\s*([0-9]{1,7})\s*</x:Row>")
_COLUMN = re.compile(rb"<x:Column>\s*([0-9]{1,7})\s*</x:Column>")
_ANCHOR = re.compile(rb"(<x:Anchor>\s*)([0-9]{1,7}(?:\s*,\s*[0-9]{1,7}){7})(?=\s*</x:Anchor>)")

_WIDTH, _LEAST, _TALLEST = 340, 60, 560  # pixels
_LINE, _LETTERS = 15, 52  # height of a line, letters on one
_GAP = 12
_POINTS = 0.75  # in a pixel


@dataclass(frozen=True, slots=True)
class Grid:
    """How wide the columns and how high the rows of a sheet are."""

    columns: Lengths
    rows: Lengths


def list_blocks(data: bytes) -> Iterator[int]:
    """Yield the blocks of numbers that a drawing has."""
    for found in _IDMAP.finditer(data):
        yield from (int(one) for one in _NUMBER.findall(found[3]) if len(one) <= _MOST_DIGITS)


def check_drawing(data: bytes) -> None:
    """Refuse a drawing to which nothing can be added.

    Raises
    ------
    UnusualError
        Its end is not to be found.
    """
    if _find_end(to_utf8(data)) < 0:
        raise UnusualError


def _find_end(drawing: bytes) -> int:
    """Return where a drawing's end tag begins; -1 where it has none."""
    return max((one.start() for one in _ROOT_END.finditer(drawing)), default=-1)


def draw_notes(
    data: bytes | None,
    texts: Mapping[Place, Sequence[Run]],
    old: frozenset[Place],
    grid: Grid,
    first_block: int,
) -> bytes:
    """Return a drawing with a box for each note.

    Parameters
    ----------
    data : bytes or None
        The sheet's drawing, to which boxes are added.
    texts : mapping
        Cell to what is written there.
    old : frozenset
        Cells that have a box already: it is made higher.
    grid : Grid
        The sheet's rows and columns.
    first_block : int
        From here on blocks of numbers are free.
    """
    new = [place for place in sorted(texts) if place not in old]
    blocks = [b"%d" % (first_block + at) for at in range(-(-len(new) // (BLOCK - 1)))]
    if data is None:
        spaces = b"".join(b' xmlns:%b="%b"' % pair for pair in _SPACES)
        drawing = b"<xml" + spaces + b">" + _LAYOUT % b",".join(blocks or [b"1"]) + b"</xml>"
        lacking = b""
    else:
        drawing = _add_blocks(to_utf8(data), blocks)
        lacking = b"".join(
            b' xmlns:%b="%b"' % pair for pair in _SPACES if b"xmlns:" + pair[0] not in drawing
        )
        drawing = _stretch(drawing, {place: texts[place] for place in texts if place in old}, grid)
    if not new:
        return drawing
    end = _find_end(drawing)
    made = [] if b'id="' + _KIND + b'"' in drawing else [_SHAPE_TYPE % lacking]
    for number, place in enumerate(new):
        block, rest = divmod(number, BLOCK - 1)
        shape = (first_block + block) * BLOCK + rest + 1
        made.append(_draw(place, texts[place], grid, shape, number + 1, lacking))
    return b"".join([drawing[:end], *made, drawing[end:]])


def _add_blocks(drawing: bytes, blocks: Sequence[bytes]) -> bytes:
    return _IDMAP.sub(
        lambda found: found[1] + found[2] + b",".join([found[3].strip(), *blocks]) + found[2],
        drawing,
        count=1,
    )


def _measure(runs: Sequence[Run]) -> int:
    """Return how high a box must be for a text, in pixels."""
    lines = "".join(run.text for run in runs).split("\n")
    rows = sum(1 + max(0, len(line) - 1) // _LETTERS for line in lines)
    return max(_LEAST, min(_TALLEST, rows * _LINE + 14))


def _draw(
    place: Place, runs: Sequence[Run], grid: Grid, shape: int, order: int, lacking: bytes
) -> bytes:
    row, column = place[0] - 1, place[1] - 1
    height = _measure(runs)
    left, left_rest = grid.columns.walk(column + 1, _GAP)
    right, right_rest = grid.columns.walk(column + 1, _GAP + _WIDTH)
    top, top_rest = grid.rows.walk(row, 2)
    bottom, bottom_rest = grid.rows.walk(row, 2 + height)
    edges = (left, left_rest, top, top_rest, right, right_rest, bottom, bottom_rest)
    anchor = b", ".join(b"%d" % edge for edge in edges)
    size = round(_WIDTH * _POINTS), round(height * _POINTS)
    return _SHAPE % (shape, *size, order, lacking, anchor, row, column)


def _stretch(drawing: bytes, texts: Mapping[Place, Sequence[Run]], grid: Grid) -> bytes:
    """Make the boxes of old notes higher, so that what was added can be seen."""
    if not texts:
        return drawing

    def stretch(found: re.Match[bytes]) -> bytes:
        shape = found[0]
        row, column, anchor = (one.search(shape) for one in (_ROW, _COLUMN, _ANCHOR))
        if b"Note" not in shape or not (row and column and anchor):
            return shape
        runs = texts.get((int(row[1]) + 1, int(column[1]) + 1))
        if runs is None:
            return shape
        edges = [int(one) for one in anchor[2].split(b",")]  # two corners, each a cell and offsets
        edges[4:6] = max(edges[4:6], [*grid.columns.walk(edges[0], edges[1] + _WIDTH)])
        edges[6:8] = grid.rows.walk(edges[6], edges[7] + _measure(runs))
        text = b", ".join(b"%d" % edge for edge in edges)
        return shape[: anchor.start(2)] + text + shape[anchor.end(2) :]

    return _ONE_SHAPE.sub(stretch, drawing)
