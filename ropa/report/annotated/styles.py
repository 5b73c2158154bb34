"""Cell styles with a fill: copies of those that the marked cells have, put behind the others."""

from ropa.charts.palette import luminance
from ropa.report.annotated.colours import choose_fill
from ropa.report.annotated.markup import (
    Element,
    UnusualError,
    append_child,
    children,
    outline,
    set_attributes,
    splice,
    to_utf8,
)
from ropa.workbook.markup import MAIN

_RESERVED = (b"none", b"gray125")
"""Patterns of the first two fills, which Excel takes for granted (ECMA-376 Part 1, 18.8.21)."""

_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_LIGHT_THEMES = ("0", "2")  # the window's background and its light variant (20.1.6.2)
_LIGHT_INDEXES = ("1", "9")  # white, in the palette of old (18.8.27)
_LIGHT = 0.5
_ARGB = 8
_EMPTY = b'<styleSheet xmlns="%b"></styleSheet>'


def make_empty_styles(space: str) -> bytes:
    """Return a styles part for a workbook that has none."""
    return _EMPTY % (space or MAIN[0]).encode()


class Styles:
    """The styles part, to which styles are added as cells ask for them."""

    def __init__(self, data: bytes) -> None:
        self._data = to_utf8(data)
        self._elements = outline(self._data, 4)
        if not self._elements or self._elements[0].name != "styleSheet":
            raise UnusualError
        self._prefix = self._elements[0].prefix
        self._fonts = [self._is_light(index) for index, _ in self._list("fonts", "font")]
        self._fill_count = len(self._list("fills", "fill"))
        self._old = [one for _, one in self._list("cellXfs", "xf")]
        self._fills: list[bytes] = []
        self._fill_numbers: dict[str, int] = {}
        self._new: list[bytes] = []
        self._numbers: dict[tuple[int, str], int] = {}
        if not self._old:  # a cell without a style has number 0, which must then be there
            self._new.append(self._make_plain())

    def add(self, style: int, severity: str) -> int:
        """Return the number of a style like another one, filled in a severity's colour."""
        known = (style, severity)
        if known not in self._numbers:
            self._numbers[known] = len(self._old) + len(self._new)
            self._new.append(self._copy(style, severity))
        return self._numbers[known]

    def build(self) -> bytes:
        """Return the new part."""
        edits = [self._extend("fills", self._fills, self._fill_count)]
        edits.append(self._extend("cellXfs", self._new, len(self._old)))
        return splice(self._data, [one for group in edits for one in group])

    def _find(self, name: str) -> tuple[int, Element] | None:
        return next(
            ((at, one) for at, one in children(self._elements, 0) if one.name == name), None
        )

    def _list(self, group: str, name: str) -> list[tuple[int, Element]]:
        found = self._find(group)
        if found is None:
            return []
        return [pair for pair in children(self._elements, found[0]) if pair[1].name == name]

    def _is_light(self, font: int) -> bool:
        """Say whether a font's letters are light."""
        for _, one in children(self._elements, font):
            if one.name == "color":
                rgb = one.attributes.get("rgb", "")
                if len(rgb) == _ARGB:
                    try:
                        return luminance(f"#{rgb[2:]}") > _LIGHT
                    except ValueError:
                        return False
                return (
                    one.attributes.get("theme") in _LIGHT_THEMES
                    or one.attributes.get("indexed") in _LIGHT_INDEXES
                )
        return False

    def _make_plain(self) -> bytes:
        return b'<%bxf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' % self._prefix

    def _copy(self, style: int, severity: str) -> bytes:
        if self._old:
            one = self._old[style if style < len(self._old) else 0]
            text, inside = self._data[one.start : one.end], one.inside - one.start
        else:
            text = self._make_plain()
            inside = len(text)
            one = None
        font = one.attributes.get("fontId", "0") if one else "0"
        number = int(font) if font.isascii() and font.isdigit() else len(self._fonts)
        is_light = number < len(self._fonts) and self._fonts[number]
        fill = self._add_fill(choose_fill(severity, is_light=is_light))
        values = {b"fillId": b"%d" % fill, b"applyFill": b"1"}
        return set_attributes(text[:inside], values) + text[inside:]

    def _add_fill(self, colour: str) -> int:
        if colour not in self._fill_numbers:
            while self._fill_count + len(self._fills) < len(_RESERVED):
                pattern = _RESERVED[self._fill_count + len(self._fills)]
                self._fills.append(self._make_fill(pattern, b""))
            inside = b'<%(p)bfgColor rgb="FF%(c)b"/><%(p)bbgColor indexed="64"/>' % {
                b"p": self._prefix,
                b"c": colour.encode(),
            }
            self._fill_numbers[colour] = self._fill_count + len(self._fills)
            self._fills.append(self._make_fill(b"solid", inside))
        return self._fill_numbers[colour]

    def _make_fill(self, pattern: bytes, inside: bytes) -> bytes:
        return (
            b'<%(p)bfill><%(p)bpatternFill patternType="%(t)b">%(i)b</%(p)bpatternFill></%(p)bfill>'
            % {
                b"p": self._prefix,
                b"t": pattern,
                b"i": inside,
            }
        )

    def _extend(self, group: str, new: list[bytes], old: int) -> list[tuple[int, int, bytes]]:
        """Return the edits that put new members at the end of a group, and make it if need be."""
        if not new:
            return []
        text, count = b"".join(new), b"%d" % (old + len(new))
        found = self._find(group)
        if found is None:
            at = self._find_place(group)
            name = self._prefix + group.encode()
            made = b'<%b count="%b">%b</%b>' % (name, count, text, name)
            return [(at, at, made)]
        _, one = found
        tag = self._data[one.start : one.inside]
        if one.is_empty:
            start, end, made = append_child(self._data, one, text)
            return [(start, end, set_attributes_first(made, count))]
        counted = set_attributes(tag, {b"count": count})
        return [(one.start, one.inside, counted), (one.close, one.close, text)]

    def _find_place(self, group: str) -> int:
        """Return where a group belongs that the part lacks."""
        earlier = _ORDER[: _ORDER.index(group)]
        ends = [one.end for _, one in children(self._elements, 0) if one.name in earlier]
        return max(ends, default=self._elements[0].inside)


def set_attributes_first(markup: bytes, count: bytes) -> bytes:
    """Set the count in the first tag of a piece of markup."""
    stop = markup.index(b">") + 1
    return set_attributes(markup[:stop], {b"count": count}) + markup[stop:]
