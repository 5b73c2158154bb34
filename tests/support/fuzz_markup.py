"""What fuzzing does to the bytes of files, and to the elements and members of archives."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from random import Random
from zipfile import BadZipFile, ZipFile
from zlib import error

from fuzz_cells import make_text
from fuzz_writers import pack_parts
from lxml import etree  # type: ignore[import-untyped]

ODD: tuple[str, ...] = (
    *("", " ", "-1", "0", "1", "1.5", "1e5", "1e400", "-0", "NaN", "007", "+1", "\u0661", "\u00b2"),
    *(
        "2147483647",
        "2147483648",
        "4294967296",
        "99999999999999999999",
        "1048576",
        "1048577",
        "16385",
    ),
    *(
        "A1",
        "A0",
        "a1",
        "XFD1048576",
        "XFE1",
        "AAAA1",
        "A1:B2",
        "B2:A1",
        "A1:XFD1048576",
        "$A$1",
        "R1C1",
    ),
    *(
        "true",
        "false",
        "s",
        "str",
        "inlineStr",
        "b",
        "e",
        "n",
        "d",
        "date",
        "float",
        "boolean",
        "time",
    ),
    *(
        "2024-02-29",
        "2024-02-30",
        "PT25H61M",
        "P1D",
        "-PT1S",
        "9999-12-31T23:59:59.9999999",
        "0000-00-00",
    ),
    *(
        "../../etc/passwd",
        "/xl/workbook.xml",
        "xl/workbook.xml",
        "http://example.org/",
        "%41",
        "a" * 5_000,
    ),
    *(
        "hidden",
        "veryHidden",
        "collapse",
        "filter",
        "preserve",
        "rId1",
        "s1",
        "&amp;",
        "<",
        "_x0000_",
    ),
)
"""Values that attributes are given."""

MOST = 3 * 2**20
"""Bytes of a made file: a larger one tells little more and takes long."""

Parts = dict[str, bytes]


def change_bytes(data: bytes, random: Random) -> bytes:
    """Return bytes of which some were flipped, cut, doubled or replaced."""
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 5, 20))):
        at = random.randrange(len(made) + 1)
        size = random.choice((1, 1, 2, 4, 16, 300))
        kind = random.randrange(7)
        if kind == 0 and made:
            made[min(at, len(made) - 1)] ^= 1 << random.randrange(8)
        elif kind == 1:
            del made[at : at + size]
        elif kind == 2:
            made[at:at] = random.randbytes(size)
        elif kind == 3:
            made[at:at] = made[at : at + size * 10]
        elif kind == 4:
            made[at : at + 4] = random.choice((b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff"))
        elif kind == 5 and random.random() < 0.2:
            del made[at:]
        else:
            made[at : at + 1] = bytes([random.randrange(256)])
    return bytes(made[:MOST])


def change_markup(data: bytes, random: Random) -> bytes | None:
    """Return an archive of which elements or members were changed; None if it is none."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (BadZipFile, error, OSError, ValueError, RuntimeError, EOFError):
        return None
    for _ in range(random.choice((1, 1, 2, 4, 10))):
        name = _choose_member(parts, random)
        if random.random() < 0.12:
            _change_members(parts, name, random)
        elif random.random() < 0.2:
            parts[name] = _change_text(parts[name], random)
        else:
            parts[name] = _change_tree(parts[name], random)
    return pack_parts(parts) if parts and sum(map(len, parts.values())) < 10 * MOST else None


def _choose_member(parts: Parts, random: Random) -> str:
    names = sorted(parts)
    main = [name for name in names if re.search(r"sheet|workbook|content|styles|String|rels", name)]
    return random.choice(main or names) if random.random() < 0.9 else random.choice(names)


def _change_members(parts: Parts, name: str, random: Random) -> None:
    kind = random.randrange(6)
    other = random.choice(sorted(parts))
    if kind == 0 and len(parts) > 1:
        del parts[name]
    elif kind == 1:
        parts[random.choice((name.upper(), "/" + name, name.replace("/", "\\"), "x/" + name))] = (
            parts.pop(name)
        )
    elif kind == 2:
        parts[name], parts[other] = parts[other], parts[name]
    elif kind == 3:
        parts[name] = random.choice((b"", b"\x00", b"<a/>", parts[name] * 2, b"\xef\xbb\xbf"))
    elif kind == 4:
        parts[name] = change_bytes(parts[name], random)
    else:
        text = parts[name].decode("utf-8", "replace")
        text = re.sub(r"^<\?xml[^>]*\?>", "", text)
        coding = random.choice(("utf-16", "utf-8-sig", "latin-1", "utf-32"))
        head = f'<?xml version="1.0" encoding="{coding.removesuffix("-sig")}"?>'
        parts[name] = (head + text).encode(coding, "replace")


def _change_text(part: bytes, random: Random) -> bytes:  # noqa: PLR0911 - one for each kind
    """Change a part's tags as text, so that it may no longer be well-formed."""
    tags = list(re.finditer(rb"<[^>]*>", part))
    if not tags:
        return part
    one, two = random.choice(tags), random.choice(tags)
    start, end = one.span()
    kind = random.randrange(7)
    if kind == 0:
        return part[:start] + part[end:]
    if kind == 1:
        return part[:end] + one[0] + part[end:]
    if kind == 2:
        return part[:start] + two[0] + part[end:]
    if kind == 3:
        return part.replace(b'"', b"'")
    if kind == 4:
        return (
            part[:end]
            + random.choice((b"<!-- a -->", b"<?a b?>", b"<![CDATA[<c>]]>", b"&lt;", b"&#0;"))
            + part[end:]
        )
    if kind == 5:
        return b'<!DOCTYPE a [<!ENTITY b "c">]>' + part
    return part[:start] + re.sub(rb"\s+", b" \n\t ", one[0]) + part[end:]


def _change_tree(part: bytes, random: Random) -> bytes:
    try:
        root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError):
        return change_bytes(part, random)
    for _ in range(random.choice((1, 1, 3))):
        tags = sorted({str(one.tag) for one in root.iter(etree.Element)})
        element = random.choice(list(root.iter(random.choice(tags))))
        random.choice(_ELEMENT_CHANGES)(element, random)
    made: bytes = etree.tostring(root, xml_declaration=random.random() < 0.5, encoding="UTF-8")
    return made


def _set_attribute(element: etree._Element, random: Random) -> None:
    if not element.attrib:
        element.set(random.choice(("r", "t", "s", "hidden", "ref", "a")), random.choice(ODD))
        return
    name = random.choice(sorted(map(str, element.attrib)))
    others = [one.get(name) for one in element.itersiblings() if one.get(name)]
    value = random.choice(others) if others and random.random() < 0.3 else random.choice(ODD)
    element.set(name, value or "")


def _drop_attribute(element: etree._Element, random: Random) -> None:
    if element.attrib:
        del element.attrib[random.choice(sorted(map(str, element.attrib)))]


def _drop_everywhere(element: etree._Element, random: Random) -> None:
    if element.attrib:
        name = random.choice(sorted(map(str, element.attrib)))
        for one in element.getroottree().iter(str(element.tag)):
            one.attrib.pop(name, None)


def _drop(element: etree._Element, _: Random) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))


def _double(element: etree._Element, random: Random) -> None:
    if element.getparent() is not None and len(etree.tostring(element)) < MOST // 30:
        for _ in range(random.choice((1, 1, 2, 30))):
            element.addnext(_copy(element))


def _move(element: etree._Element, random: Random) -> None:
    """Move an element in among others, of its own level or of any."""
    parent = element.getparent()
    if parent is None:
        return
    places = list(parent if random.random() < 0.7 else element.getroottree().iter(etree.Element))
    place = random.choice(places)
    if (
        place.getparent() is not None
        and element not in place.iterancestors()
        and place is not element
    ):
        place.addnext(element)


def _nest(element: etree._Element, _: Random) -> None:
    if len(etree.tostring(element)) < MOST // 30:
        element.append(_copy(element))


def _rename(element: etree._Element, random: Random) -> None:
    tag = etree.QName(element)
    names = ("c", "row", "v", "f", "is", "t", "x", "table-cell", "p", "covered-table-cell")
    space = random.choice((tag.namespace, tag.namespace, "urn:other", None))
    local = random.choice((tag.localname, tag.localname, tag.localname.upper(), *names))
    element.tag = f"{{{space}}}{local}" if space else local


def _set_text(element: etree._Element, random: Random) -> None:
    text = random.choice((random.choice(ODD), make_text(random, element.text or "")))
    element.text = re.sub("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text)


def _reorder(element: etree._Element, random: Random) -> None:
    children = list(element)
    random.shuffle(children)
    element[:] = children


_ELEMENT_CHANGES: tuple[Callable[[etree._Element, Random], None], ...] = (
    *((_set_attribute,) * 5),
    *(
        _drop_attribute,
        _drop_everywhere,
        _drop,
        _double,
        _move,
        _nest,
        _rename,
        _set_text,
        _reorder,
    ),
)
