"""The names that expat gives to the elements and attributes of an OpenDocument file.

Source: OpenDocument 1.3 Part 3, 9 (tables), 6.1 (text), 19 (attributes). ``calcext`` is an
extension that LibreOffice writes.
"""

from __future__ import annotations

from collections.abc import Mapping

from ropa.errors import InputError
from ropa.workbook.scans import DAMAGED

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
CALC_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"

CELL, COVERED = f"{TABLE}table-cell", f"{TABLE}covered-table-cell"
ROW, COLUMN, SHEET = f"{TABLE}table-row", f"{TABLE}table-column", f"{TABLE}table"
GROUPS = (f"{TABLE}table-row-group", f"{TABLE}table-column-group")
WRAPPERS = frozenset((
    *GROUPS,
    *(f"{TABLE}table-rows", f"{TABLE}table-header-rows"),
    *(f"{TABLE}table-columns", f"{TABLE}table-header-columns"),
))  # fmt: skip
SPREADSHEET = f"{OFFICE}spreadsheet"
STYLE_LISTS = (f"{OFFICE}automatic-styles", f"{OFFICE}styles")
FRAME = frozenset((
    *(f"{OFFICE}document-content", f"{OFFICE}document-styles", f"{OFFICE}body"),
    *(*STYLE_LISTS, SPREADSHEET),
))  # fmt: skip
PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
# In a paragraph's text, yet no part of it.
ASIDES = (f"{OFFICE}annotation", f"{TEXT}note", f"{TEXT}ruby-text")
CHARACTERS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
SPACE, SPACE_COUNT = f"{TEXT}s", f"{TEXT}c"

REPEATED_COLUMNS, REPEATED_ROWS = (
    f"{TABLE}number-columns-repeated",
    f"{TABLE}number-rows-repeated",
)
SPANNED_COLUMNS, SPANNED_ROWS = f"{TABLE}number-columns-spanned", f"{TABLE}number-rows-spanned"
VISIBILITY, DISPLAY = f"{TABLE}visibility", f"{TABLE}display"
STYLE_NAME, DEFAULT_STYLE = f"{TABLE}style-name", f"{TABLE}default-cell-style-name"
FORMULA, NAME = f"{TABLE}formula", f"{TABLE}name"
VALUE_TYPE, VALUE = f"{OFFICE}value-type", f"{OFFICE}value"
STRING_VALUE, BOOLEAN_VALUE = f"{OFFICE}string-value", f"{OFFICE}boolean-value"
DATE_VALUE, TIME_VALUE = f"{OFFICE}date-value", f"{OFFICE}time-value"
NUMBERS = ("float", "percentage", "currency")


def read_count(attributes: Mapping[str, str], name: str) -> int:
    """Return how often an element repeats or how far it spans: 1 if it does not say.

    Raises
    ------
    InputError
        If the attribute is no count; all that follows would stand at wrong addresses.
    """
    text = attributes.get(name)
    if text is None:
        return 1
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text)):  # noqa: PLR2004
        raise InputError(DAMAGED)
    return int(text)
