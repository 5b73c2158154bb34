"""The register as it came, with what is wrong written beside each cell.

A workbook is changed at the level of its parts: cells get a fill and a note, and whatever else the
file holds (sparklines, text boxes, macros, rich text) stays as it is, byte for byte. Libraries that
load and save a workbook drop what they do not know.
"""

from ropa.report.annotated.registers import Annotated, annotate_register, build_annotated
from ropa.report.annotated.registers import list_link_places as link_places
from ropa.report.annotated.workbooks import annotate_workbook

__all__ = [
    "Annotated",
    "annotate_register",
    "annotate_workbook",
    "build_annotated",
    "link_places",
]
