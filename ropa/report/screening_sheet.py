"""The sheet Screening of findings.xlsx: which cells show a need for an impact assessment."""

from openpyxl import Workbook

from ropa.report.findings_json import list_screening
from ropa.report.sheet_looks import OPEN
from ropa.report.sheet_tables import Body, Column, write_table
from ropa.results import Result
from ropa.screening import WEIGHTS

_COLUMNS = {
    "activity_id": ("ID", 8),
    "activity": ("Activity", 28),
    "regime": ("Regime", 9),
    "verdict": ("Assessment", 15),
    "assessed": ("Recorded", 11),
    "trigger": ("Criterion", 36),
    "counts": ("Counts", 20),
    "value": ("Cell says", 36),
    "sheet": ("Sheet", 13),
    "cell": ("Cell", 8),
    "source": ("Source", 32),
}
_OPINIONS = ("agree", "disagree")


def write_screening_sheet(book: Workbook, result: Result) -> list[Body]:
    """Add the sheet to a workbook, where any criterion is raised."""
    found = list_screening(result)
    if found.empty:
        return []
    rows = found.assign(
        assessed=found["assessed"].map({True: "yes", False: "no"}),
        counts=found["counts"].map(WEIGHTS),
    )
    blank = [""] * len(rows)
    columns = [
        *(
            Column(heading, width, rows[name].tolist())
            for name, (heading, width) in _COLUMNS.items()
        ),
        Column("Agree?", 11, blank, OPEN, choices=_OPINIONS),
        Column("Remark", 28, blank, OPEN),
    ]
    return [write_table(book, "Screening", columns, held=2, paper="A3")]
