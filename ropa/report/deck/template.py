"""The deck to start from: the house's own style, or a template's masters without its slides."""

import zipfile
from dataclasses import astuple, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.oxml.ns import qn
from pptx.util import Length

from ropa.errors import InputError
from ropa.report.deck.house import make_house
from ropa.workbook.files import shown
from ropa.workbook.limits import RATIO_FROM

_TYPES = "[Content_Types].xml"
_MAIN = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_TEMPLATE = b"application/vnd.openxmlformats-officedocument.presentationml.template.main+xml"
_ENDINGS = (".pptx", ".potx")
_MOST_BYTES = 300_000_000
_MOST_MEMBERS = 5_000
_MOST_RATIO = 20  # inflated size over packed size: pictures hardly shrink, XML to a tenth
_TOO_LARGE = "too large for a deck template: remove its slides and pictures"
_LEAST_WIDTH, _LEAST_HEIGHT = 6.0, 3.2
_TITLES = (KIND.TITLE, KIND.CENTER_TITLE)
_BODIES = (KIND.OBJECT, KIND.BODY)
_SMALL = (KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER)
_MARGIN = 0.25


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide, in inches from the top left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Base:
    """An empty deck, the layout of its slides, and where title and content stand in it."""

    deck: Any
    layout: Any
    title: Box
    area: Box
    title_size: float


_MOST_SLIDES, _MOST_PLACEHOLDERS = 2_000, 100
_LARGEST = 56.0
"""Inches that a slide of PowerPoint has at most, either way."""


def open_base(template: Path | None) -> Base:
    """Return an empty deck in the house's own style, or in that of a template.

    Raises
    ------
    InputError
        The template cannot be read, is no .pptx or .potx, or has no layout with a title and room
        for content.
    """
    if template is None:
        return _choose_layout(make_house(), "the house style")
    name = shown(str(template))
    try:
        deck = _read_template(template, name)
        _drop_slides(deck)
        return _choose_layout(deck, name)
    except InputError:
        raise
    except Exception:  # noqa: BLE001 - whatever the parts of a broken file make the reader say
        raise _broken(name) from None


def check_template(template: Path) -> None:
    """Refuse a template that cannot be used, before any work is done.

    Raises
    ------
    InputError
        As `open_base`.
    """
    open_base(template)


def read_template(path: Path) -> bytes:
    """Return the bytes of a template.

    Raises
    ------
    InputError
        It is missing, no regular file, not permitted or too large.
    """
    name = shown(str(path))
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise InputError(f"{name}: no regular file: give a deck template saved on disk")
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "invalid path"
        raise InputError(f"{name}: cannot read the deck template: {reason}") from None
    if len(data) > _MOST_BYTES:
        raise InputError(f"{name}: {_TOO_LARGE}")
    return data


def _read_template(path: Path, name: str) -> Any:  # noqa: ANN401 - python-pptx has no types
    if path.suffix.lower() not in _ENDINGS:
        raise InputError(f"{name}: no deck template: give a file that ends in .pptx or .potx")
    data = read_template(path)
    return Presentation(BytesIO(_repack(data, name, _broken(name))))


def _broken(name: str) -> InputError:
    return InputError(
        f"{name}: no deck that can be read: save it in PowerPoint as .pptx or .potx,"
        " without a password and without macros"
    )


def _repack(data: bytes, name: str, broken: InputError) -> bytes:
    """Return a template's archive as that of a deck: the two differ in one word."""
    if not zipfile.is_zipfile(BytesIO(data)):
        raise broken
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        members = old.infolist()
        size = sum(one.file_size for one in members)
        swollen = size > RATIO_FROM and size > _MOST_RATIO * len(data)
        if len(members) > _MOST_MEMBERS or size > _MOST_BYTES or swollen:
            raise InputError(f"{name}: {_TOO_LARGE}")
        for one in members:
            content = old.read(one)
            if one.filename == _TYPES:
                content = content.replace(_TEMPLATE, _MAIN)
                if _MAIN not in content:
                    raise broken
            is_xml = one.filename.endswith((".xml", ".rels"))
            if is_xml and b"<!DOCTYPE" in content.replace(b"\0", b""):  # also of UTF-16
                raise broken  # no office program writes one, and it may hold anything
            new.writestr(one.filename, content)
    return made.getvalue()


def _drop_slides(deck: Any) -> None:  # noqa: ANN401 - python-pptx has no types
    """Remove a template's own slides, and the lists that name them."""
    element = deck.part._element  # noqa: SLF001 - python-pptx has no public way
    slides = element.find("{*}sldIdLst")
    if slides is not None and len(slides) > _MOST_SLIDES:
        raise ValueError("more slides than a deck has")
    for one in list(slides) if slides is not None else []:
        relation = next(value for key, value in one.attrib.items() if key.endswith("}id"))
        deck.part.drop_rel(relation)
        slides.remove(one)
    for shows in element.findall("{*}custShowLst"):
        element.remove(shows)
    for extension in element.findall("{*}extLst/{*}ext"):
        if extension.find("{*}sectionLst") is not None:
            extension.getparent().remove(extension)


def _choose_layout(deck: Any, name: str) -> Base:  # noqa: ANN401 - python-pptx has no types
    """Find the layout by what it holds: a title and one large body, else a title alone."""
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    layouts = [one for one in layouts if len(one.placeholders) <= _MOST_PLACEHOLDERS]
    layouts = [one for one in layouts if not _is_upright(one)]
    for choose in (_find_body, _find_below):
        for layout in layouts:
            title = _find_title(layout)
            area = choose(deck, layout, title) if title else None
            if title and area and area.width >= _LEAST_WIDTH and area.height >= _LEAST_HEIGHT:
                return Base(deck, layout, title, area, _find_title_size(layout))
    raise InputError(
        f"{name}: has no usable layout: add one with a title above a content box of at least"
        f" {_LEAST_WIDTH:g} by {_LEAST_HEIGHT:g} inches"
    )


def _is_upright(layout: Any) -> bool:  # noqa: ANN401 - python-pptx has no types
    """Tell whether a layout is for text written from top to bottom."""
    places = layout._element.iterfind(f".//{qn('p:ph')}")  # noqa: SLF001 - no public way
    return any(one.get("orient") == "vert" for one in places)


def _list_boxes(layout: Any, kinds: tuple[Any, ...]) -> list[Box]:  # noqa: ANN401 - as above
    found = [one for one in layout.placeholders if one.placeholder_format.type in kinds]
    sides = [(one.left, one.top, one.width, one.height) for one in found]
    boxes = [Box(*(Length(side).inches for side in four)) for four in sides if None not in four]
    return [one for one in boxes if max(map(abs, astuple(one))) <= _LARGEST]


def _find_title(layout: Any) -> Box | None:  # noqa: ANN401 - as above
    boxes = _list_boxes(layout, _TITLES)
    return boxes[0] if boxes and boxes[0].width >= _LEAST_WIDTH * 0.7 else None


def _find_body(_: Any, layout: Any, title: Box) -> Box | None:  # noqa: ANN401 - as above
    kinds = [one.placeholder_format.type for one in layout.placeholders]
    if any(one not in (*_TITLES, *_BODIES, *_SMALL) for one in kinds):
        return None
    boxes = _list_boxes(layout, _BODIES)
    below = [one for one in boxes if one.top >= title.top + title.height - 0.05]
    return boxes[0] if len(boxes) == 1 and below else None


def _find_below(deck: Any, layout: Any, title: Box) -> Box | None:  # noqa: ANN401 - as above
    """Return the room between the title and the foot of a layout that holds a title alone."""
    kinds = [one.placeholder_format.type for one in layout.placeholders]
    if any(one not in (*_TITLES, *_SMALL) for one in kinds):
        return None
    height = Length(deck.slide_height).inches
    feet = [one.top for one in _list_boxes(layout, _SMALL) if one.top > height / 2]
    top = title.top + title.height + _MARGIN
    return Box(title.left, top, title.width, min([height - 2 * _MARGIN, *feet]) - 0.1 - top)


def _find_title_size(layout: Any) -> float:  # noqa: ANN401 - as above
    """Return the size of titles in points, as layout or master say."""
    title = next(one for one in layout.placeholders if one.placeholder_format.type in _TITLES)
    master = layout.slide_master
    own = [one for one in master.placeholders if one.placeholder_format.type in _TITLES]
    path = ".//{*}lvl1pPr/{*}defRPr"
    style = "{*}txStyles/{*}titleStyle/{*}lvl1pPr/{*}defRPr"
    places = [(title._element, path), *((one._element, path) for one in own)]  # noqa: SLF001
    for element, where in [*places, (master._element, style)]:  # noqa: SLF001 - no public way
        found = element.find(where)
        if found is not None and found.get("sz"):
            return int(found.get("sz")) / 100
    return 44.0
