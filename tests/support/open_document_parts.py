"""OpenDocument spreadsheets written by hand, so that a test says exactly what the content holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from workbook_parts import pack

from ropa.workbook import read_workbook
from ropa.workbook.cells import Sheet

_URN = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = {
    **{
        name: f"{_URN}:{name}:1.0"
        for name in ("office", "table", "text", "style", "form", "meta", "manifest")
    },
    "number": f"{_URN}:datastyle:1.0",
    "draw": f"{_URN}:drawing:1.0",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}
MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_DECLARED = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())


def content(tables: str, *, styles: str = "", head: str = "", body: str = "spreadsheet") -> bytes:
    """Write a content part round its tables."""
    return (
        f"{head}<office:document-content {_DECLARED}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{body}>{tables}</office:{body}></office:body>"
        "</office:document-content>"
    ).encode()


def common_styles(styles: str) -> bytes:
    """Write a styles part."""
    return (
        f"<office:document-styles {_DECLARED}><office:styles>{styles}</office:styles>"
        "</office:document-styles>"
    ).encode()


def table(rows: str, *, name: str = "S1", attributes: str = "") -> str:
    """Write a table round its rows."""
    return f"<table:table table:name={quoteattr(name)}{attributes}>{rows}</table:table>"


def row(*cells: str, repeat: int = 1, attributes: str = "") -> str:
    """Write a row."""
    times = f' table:number-rows-repeated="{repeat}"' if repeat > 1 else ""
    return f"<table:table-row{times}{attributes}>{''.join(cells)}</table:table-row>"


def string(text: str, attributes: str = "") -> str:
    """Write a cell with one paragraph of text."""
    return raw(f"<text:p>{text}</text:p>", f' office:value-type="string"{attributes}')


def value(kind: str, stored: str, shown: str = "shown", attributes: str = "") -> str:
    """Write a cell with a stored value of a type."""
    name = {"float": "value", "percentage": "value", "currency": "value"}.get(kind, f"{kind}-value")
    stored = f' office:value-type="{kind}" office:{name}="{stored}"'
    return raw(f"<text:p>{shown}</text:p>", stored + attributes)


def raw(inside: str = "", attributes: str = "", repeat: int = 1) -> str:
    """Write a cell."""
    times = f' table:number-columns-repeated="{repeat}"' if repeat > 1 else ""
    return f"<table:table-cell{times}{attributes}>{inside}</table:table-cell>"


def blank(repeat: int = 1) -> str:
    """Write blank cells."""
    return raw(repeat=repeat)


def covered(inside: str = "", repeat: int = 1) -> str:
    """Write cells that a merged range covers."""
    return raw(inside, repeat=repeat).replace("table-cell", "covered-table-cell")


def pack_document(path: Path, part: bytes, others: Mapping[str, bytes] | None = None) -> Path:
    """Write a document round its content."""
    return pack(path, {"mimetype": MIMETYPE, "content.xml": part, **(others or {})})


def read_rows(folder: Path, *rows: str, styles: str = "", name: str = "made.ods") -> Sheet:
    """Write a document of one table with these rows, and read it."""
    path = pack_document(folder / name, content(table("".join(rows)), styles=styles))
    (sheet,) = read_workbook(path).sheets
    return sheet


def texts(sheet: Sheet) -> list[list[str | None]]:
    """Return a sheet's texts row by row."""
    columns = [column.to_pylist() for column in sheet.texts.columns]
    return [list(values) for values in zip(*columns, strict=True)]
