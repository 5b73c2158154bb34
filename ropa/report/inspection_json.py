"""An inspection as JSON: what was recognised, for programs."""

from typing import Any

from ropa.report.findings_json import dump_document
from ropa.report.inspection import Inspection


def build_inspection_document(inspection: Inspection) -> dict[str, Any]:
    """Return an inspection as plain values, in the order in which they are written."""
    return {
        "file": inspection.file,
        "is_register": inspection.is_register,
        "layout": inspection.layout,
        "records": inspection.records,
        "why": inspection.why,
        "activities": [
            {
                "activity_id": one.activity_id,
                "activity": one.activity,
                "role": one.role,
                "sheet": one.sheet,
                "cell": one.cell,
            }
            for one in inspection.activities
        ],
        "tables": [
            {
                "sheet": one.sheet,
                "header_cells": one.header_cells,
                "orientation": one.orientation,
                "records": one.records,
            }
            for one in inspection.tables
        ],
        "mapping": [
            {
                "sheet": one.sheet,
                "cell": one.cell,
                "heading": one.heading,
                "field": one.field.rpartition(".")[2],
                "confidence": one.confidence,
                "status": one.status,
            }
            for one in inspection.mapping
        ],
        "ignored": [{"sheet": one.sheet, "why": one.why} for one in inspection.ignored],
    }


def format_inspection(inspection: Inspection) -> str:
    """Return an inspection as JSON text, ending with a line break."""
    return dump_document(build_inspection_document(inspection))
