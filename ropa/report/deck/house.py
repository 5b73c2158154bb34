"""The deck's own style: a wide slide, titles that carry the message, the colours of the charts."""

from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches

from ropa.charts.palette import ALARM, INK, PANEL, QUIET_INK, SAFEGUARD_COLOURS

_WIDTH, _HEIGHT = 13.333, 7.5
_PLACES = {
    KIND.TITLE: (0.6, 0.42, 12.13, 0.95),
    KIND.BODY: (0.6, 1.5, 12.13, 5.25),
    KIND.FOOTER: (0.6, 6.95, 9.0, 0.3),
    KIND.DATE: (9.7, 6.95, 1.6, 0.3),
    KIND.SLIDE_NUMBER: (11.73, 6.95, 1.0, 0.3),
}
_KEPT = ("obj", "titleOnly")
_FONT = "Arial"
_TITLE_SIZE = 2600
_FOOT_SIZE = 1000
_BAND = (
    '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvSpPr>'
    '<p:cNvPr id="90" name="Band"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
    '<a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    '<a:solidFill><a:schemeClr val="tx1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
)


def make_house() -> Any:  # noqa: ANN401 - python-pptx has no types
    """Return an empty deck in the house's own style."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    for layout in list(deck.slide_layouts):
        if layout._element.get("type") not in _KEPT:  # noqa: SLF001 - no public way
            deck.slide_layouts.remove(layout)
    master = deck.slide_master
    for one in master.placeholders:
        left, top, width, height = _PLACES[one.placeholder_format.type]
        one.left, one.top = Inches(left), Inches(top)
        one.width, one.height = Inches(width), Inches(height)
    _set_type(master._element)  # noqa: SLF001 - no public way
    band = _BAND.format(width=deck.slide_width, height=Inches(0.14))
    master.shapes._spTree.insert(2, parse_xml(band))  # noqa: SLF001 - no public way
    for rel in master.part.rels.values():
        if rel.reltype.endswith("/theme"):
            _paint_theme(rel.target_part)
    return deck


def _set_type(master: Any) -> None:  # noqa: ANN401 - as above
    """Set titles to the left and in bold, the foot small."""
    title = master.find("{*}txStyles/{*}titleStyle/{*}lvl1pPr")
    title.set("algn", "l")
    text = title.find("{*}defRPr")
    text.set("sz", str(_TITLE_SIZE))
    text.set("b", "1")
    for shape in master.iter("{*}sp"):
        place = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
        if place is not None and place.get("type") in {"ftr", "sldNum", "dt"}:
            paragraph = shape.find(".//{*}lvl1pPr")
            paragraph.find("{*}defRPr").set("sz", str(_FOOT_SIZE))
            paragraph.set("algn", "l" if place.get("type") == "ftr" else "r")
        if place is not None and place.get("type") in {"ftr", "title"}:
            shape.find("{*}txBody/{*}bodyPr").set("lIns", "0")  # flush with the content below


def _paint_theme(part: Any) -> None:  # noqa: ANN401 - as above
    """Give the theme the house's fonts and colours, so that what is added later matches."""
    theme: Any = parse_xml(part.blob)
    colours = {
        "dk1": INK,
        "dk2": QUIET_INK,
        "lt2": PANEL,
        "accent1": SAFEGUARD_COLOURS["adequate"],
        "accent2": ALARM,
        "accent3": SAFEGUARD_COLOURS["unclear"],
        "accent4": SAFEGUARD_COLOURS["tool"],
        "accent5": SAFEGUARD_COLOURS["derogation"],
        "accent6": SAFEGUARD_COLOURS["home"],
    }
    for name, colour in colours.items():
        slot = theme.find(f".//{{*}}clrScheme/{{*}}{name}")
        slot.clear()
        slot.append(slot.makeelement(qn("a:srgbClr"), {"val": colour.lstrip("#")}))
    for font in theme.iterfind(".//{*}fontScheme/*/{*}latin"):
        font.set("typeface", _FONT)
    part._blob = serialize_part_xml(theme)  # noqa: SLF001 - no public way
