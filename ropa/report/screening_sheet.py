"""The sheet Screening of findings.xlsx: which cells show a need for an impact assessment."""

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ropa.report.findings_json import list_screening
from ropa.report.sheet_tables import write_table
from ropa.results import Result

_COLUMNS = {
    "activity_id": ("ID", 8),
    "activity": ("Activity", 30),
    "regime": ("Regime", 9),
    "verdict": ("Assessment", 15),
    "assessed": ("Recorded", 11),
    "trigger": ("Criterion", 40),
    "counts": ("Counts", 12),
    "source": ("Source", 36),
    "value": ("Cell says", 40),
    "sheet": ("Sheet", 13),
    "cell": ("Cell", 9),
    "opinion": ("Agree?", 12),
    "remark": ("Remark", 30),
}
_OPINIONS = ("agree", "disagree")


def write_screening_sheet(book: Workbook, result: Result) -> None:
    """Add the sheet to a workbook, where any criterion is raised."""
    found = list_screening(result)
    if found.empty:
        return
    rows = found.assign(
        assessed=found["assessed"].map({True: "yes", False: "no"}), opinion="", remark=""
    )
    texts, widths = zip(*_COLUMNS.values(), strict=True)
    sheet = book.create_sheet("Screening")
    write_table(sheet, texts, widths, rows[list(_COLUMNS)])
    letter = get_column_letter(list(_COLUMNS).index("opinion") + 1)
    choice = DataValidation("list", formula1=f'"{",".join(_OPINIONS)}"', allow_blank=True)
    choice.error = "Choose one of the list."
    choice.add(f"{letter}2:{letter}{len(rows) + 1}")
    sheet.add_data_validation(choice)
