"""Workbooks written member by member, so that a test says exactly what the archive holds."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Number formats of the cell styles 0, 1, 2, ...
STYLES = (0, 14, 22, 46, 9, 164)
CUSTOM_FORMAT = "dd/mm/yyyy;@"


def sheet_part(
    rows: str, *, before: str = "", after: str = "", namespace: str = MAIN, head: str = ""
) -> bytes:
    """Write a worksheet round its rows."""
    return (
        f'{head}<worksheet xmlns="{namespace}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    ).encode()


def strings_part(*items: str) -> bytes:
    """Write shared strings; an item is the XML inside ``si``."""
    inside = "".join(f"<si>{item}</si>" for item in items)
    return f'<sst xmlns="{MAIN}">{inside}</sst>'.encode()


def styles_part(formats: Sequence[int] = STYLES, code: str = CUSTOM_FORMAT) -> bytes:
    """Write cell styles with these number formats; 164 is a custom one."""
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in formats)
    return (
        f'<styleSheet xmlns="{MAIN}">'
        f'<numFmts><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
        '<fonts><font><sz val="11"/></font></fonts>'
        '<fills><fill><patternFill patternType="none"/></fill></fills>'
        "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
        f"<cellXfs>{styles}</cellXfs></styleSheet>"
    ).encode()


def members(
    *sheets: bytes,
    strings: bytes | None = None,
    styles: bytes | None = None,
    states: Sequence[str] = (),
    properties: str = "",
    office: str = OFFICE,
    namespace: str = MAIN,
) -> dict[str, bytes]:
    """Return the members of a workbook whose sheets are called S1, S2, ..."""
    styles = styles_part() if styles is None else styles
    others = {"styles": styles} | ({"sharedStrings": strings} if strings is not None else {})
    numbers = range(1, len(sheets) + 1)
    states = [*states, *["visible"] * (len(sheets) - len(states))]
    entries = "".join(
        f'<sheet name="S{number}" sheetId="{number}" state="{state}" r:id="s{number}"/>'
        for number, state in zip(numbers, states, strict=True)
    )
    links = [("worksheet", f"s{n}", f"worksheets/sheet{n}.xml") for n in numbers]
    links += [(kind, kind, f"{kind}.xml") for kind in others]
    overrides = "".join(
        f'<Override PartName="/xl/{target}" ContentType="{SHEET_TYPE}.{kind}+xml"/>'
        for kind, _, target in [("sheet.main", "", "workbook.xml"), *links]
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}">{overrides}</Types>'.encode(),
        "_rels/.rels": links_part(("officeDocument", "w", "xl/workbook.xml"), office=office),
        "xl/workbook.xml": (
            f'<workbook xmlns="{namespace}" xmlns:r="{office}">{properties}'
            f"<sheets>{entries}</sheets></workbook>"
        ).encode(),
        "xl/_rels/workbook.xml.rels": links_part(*links, office=office),
        **{f"xl/{kind}.xml": part for kind, part in others.items()},
        **{f"xl/worksheets/sheet{n}.xml": part for n, part in zip(numbers, sheets, strict=True)},
    }


def links_part(*links: tuple[str, str, str], office: str = OFFICE) -> bytes:
    """Write relationships: kind, id, target."""
    inside = "".join(
        f'<Relationship Id="{name}" Type="{office}/{kind}" Target="{target}"/>'
        for kind, name, target in links
    )
    return f'<Relationships xmlns="{LINKS}">{inside}</Relationships>'.encode()


def pack(path: Path, parts: Mapping[str, bytes]) -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return path


def cell(place: str, value: str = "", kind: str = "", style: int | None = None) -> str:
    """Write a cell with a stored value."""
    kind = f' t="{kind}"' if kind else ""
    style_ = "" if style is None else f' s="{style}"'
    return f'<c r="{place}"{style_}{kind}><v>{value}</v></c>'


def row(number: int, *cells: str, attributes: str = "") -> str:
    """Write a row."""
    return f'<row r="{number}"{attributes}>{"".join(cells)}</row>'
