"""What ties parts together: relationships of a part, and the list of content types."""

import posixpath
from collections.abc import Iterable

from ropa.report.annotated.markup import (
    UnusualError,
    append_child,
    children,
    escape,
    outline,
    splice,
    to_utf8,
)
from ropa.report.annotated.packages import Package
from ropa.workbook.markup import Relationship, read_relationships

TYPES = "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"

_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def name_links(part: str) -> str:
    """Return the name of the part that holds a part's relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def read_links(package: Package, part: str) -> dict[str, Relationship]:
    """Return a part's relationships by id; none where it has none."""
    found = package.read(name_links(part))
    return read_relationships(found) if found is not None else {}


def add_links(
    package: Package, part: str, links: Iterable[tuple[str, str]], office: str
) -> list[str]:
    """Add relationships of a part; return their ids.

    Parameters
    ----------
    package : Package
        Where the part is.
    part : str
        Its name.
    links : iterable of (str, str)
        Kind and name of the part that each leads to.
    office : str
        What the kinds begin with.
    """
    name = name_links(part)
    found = package.read(name)
    data = to_utf8(found) if found is not None else None
    if data is None:
        data = _DECLARATION + f'<Relationships xmlns="{_LINKS}"></Relationships>'.encode()
    elements = outline(data, 2)
    taken = {one.attributes.get("Id", "") for one in elements}
    prefix = elements[0].prefix.decode()
    ids, made = [], []
    for kind, target in links:
        number = 1
        while f"rId{number}" in taken:
            number += 1
        ids.append(f"rId{number}")
        taken.add(ids[-1])
        path = posixpath.relpath(f"/{target}", f"/{posixpath.dirname(part)}")
        made.append(
            f'<{prefix}Relationship Id="{ids[-1]}" Type="{office}/{kind}" Target="{escape(path)}"/>'
        )
    package.write(name, splice(data, [append_child(data, elements[0], "".join(made).encode())]))
    return ids


def add_types(package: Package, defaults: dict[str, str], overrides: dict[str, str]) -> None:
    """Add content types.

    Parameters
    ----------
    package : Package
        The file.
    defaults : dict
        Ending of a name to the type of all such parts.
    overrides : dict
        Name of a part to its type.
    """
    data = to_utf8(package.require(TYPES))
    elements = outline(data, 2)
    if not elements or elements[0].name != "Types":
        raise UnusualError
    prefix = elements[0].prefix.decode()
    known = {
        one.attributes.get("Extension", "").lower(): one
        for _, one in children(elements, 0)
        if one.name == "Default"
    }
    first = b"".join(
        f'<{prefix}Default Extension="{ending}" ContentType="{kind}"/>'.encode()
        for ending, kind in defaults.items()
        if ending not in known
    )
    last = b"".join(
        f'<{prefix}Override PartName="/{escape(name)}" ContentType="{kind}"/>'.encode()
        for name, kind in overrides.items()
    )
    root = elements[0]
    edits = [append_child(data, root, last if not root.is_empty else first + last)]
    if first and not root.is_empty:
        edits.append((root.inside, root.inside, first))
    package.write(TYPES, splice(data, edits))
