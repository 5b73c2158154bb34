"""Charts as SVG that can stand inside the page.

matplotlib's SVG bears style attributes, a style sheet for the whole document and ids that are alike
in every chart. Here the styles become attributes, which the page's security policy allows; the ids
get a prefix; what is no drawing (metadata, anything unknown) goes.
"""

import re
from typing import Final
from xml.etree import ElementTree as ET

from markupsafe import Markup
from matplotlib.figure import Figure

from ropa.charts import figure_svg

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_ALLOWED = frozenset(
    {"svg", "title", "desc", "defs", "g", "path", "text", "tspan", "rect", "use"}
    | {"pattern", "clipPath"}
)
_REFERENCE = re.compile(r"url\(#([\w.-]+)\)")
_EVENT = re.compile(r"on", re.IGNORECASE)


def draw_inline(figure: Figure, prefix: str) -> Markup:
    """Return a chart as an ``svg`` element.

    Parameters
    ----------
    figure : Figure
        From `ropa.charts`: its label and description become its name and its description.
    prefix : str
        Begins the ids within it; another one for each chart of a page.
    """
    # The text is our own chart's: no foreign XML is read here.
    root = ET.fromstring(figure_svg(figure))  # noqa: S314 - see the line above
    _clean(root, prefix)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    spoken = []
    for name in ("title", "desc"):
        part = root.find(name)
        if part is not None:
            part.set("id", f"{prefix}-{name}")
            spoken.append(f"{prefix}-{name}")
    root.set("aria-labelledby", " ".join(spoken[:1]))
    root.set("aria-describedby", " ".join(spoken[1:]))
    root.attrib |= {"stroke-linejoin": "round", "stroke-linecap": "butt"}
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - each text is escaped by it


def _clean(element: ET.Element, prefix: str) -> None:
    element.tag = element.tag.removeprefix(_SVG)  # a page's svg needs no namespace
    for child in list(element):
        if child.tag.removeprefix(_SVG) in _ALLOWED:
            _clean(child, prefix)
        else:
            element.remove(child)
    attributes = dict(element.attrib)
    element.attrib.clear()
    for part in attributes.pop("style", "").split(";"):
        name, _, value = part.partition(":")
        if name.strip():
            element.set(name.strip(), value.strip())
    for name, value in attributes.items():
        if name == "id":
            element.set(name, f"{prefix}-{value}")
        elif name == _XLINK_HREF and value.startswith("#"):
            element.set("href", f"#{prefix}-{value[1:]}")
        elif not name.startswith("{") and not _EVENT.match(name):
            element.set(name, value)
    for name, value in element.attrib.items():
        element.set(name, _REFERENCE.sub(rf"url(#{prefix}-\1)", value))
