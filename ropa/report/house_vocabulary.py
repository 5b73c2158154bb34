"""The sheet Vocabulary: what the drop-downs offer, what the colours mean, how to fill in."""

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from ropa.report.house_layout import BANDS, VOCABULARY_SHEET, list_choices
from ropa.report.sheet_styles import fit_row, style_column, style_page, write_cell, write_heading

HELP = (
    "Select a heading: a note says what belongs there and which provision asks for it.",
    "One row of Activities is one processing activity with one purpose.",
    "Write None where there is nothing to record: an empty cell counts as not answered.",
    "Separate several values in one cell with semicolons.",
    "Drop-downs only suggest: other wording is kept as typed.",
    "Data items and Recipients give the detail of an activity; without them its own cells count.",
    "Controllers is for processors: one row for each client.",
)
"""What a person who fills the workbook in should know."""

_HEADINGS = ("Offered in", "Choice")  # no words of a register's headings
_WIDTHS = (52, 74, 4, 88)
_GUIDE_COLUMN = 4


def name_choices(name: str) -> str:
    """Return the defined name of a drop-down's range."""
    return f"choice_{name}"


def fill_vocabulary(workbook: Workbook) -> None:
    """Add the sheet, and a defined name for the range of each drop-down."""
    sheet = workbook.create_sheet(VOCABULARY_SHEET)
    for column, width in enumerate(_WIDTHS, start=1):
        style_column(sheet.column_dimensions[get_column_letter(column)], width, "General")
    for column, heading in enumerate(_HEADINGS, start=1):
        write_heading(sheet, 1, column, heading, "guidance")
    row = 1
    for choice in list_choices():
        first = row + 1
        for value in choice.values:
            row += 1
            write_cell(sheet, row, 1, choice.offered)
            write_cell(sheet, row, 2, value)
            fit_row(sheet, row, [(choice.offered, _WIDTHS[0]), (value, _WIDTHS[1])])
        name = name_choices(choice.name)
        reference = f"{VOCABULARY_SHEET}!$B${first}:$B${row}"
        workbook.defined_names[name] = DefinedName(name, attr_text=reference)
    sheet.auto_filter.ref = f"A1:B{row}"
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    style_page(sheet)
    sheet.sheet_properties.tabColor = "DCE3EA"
    _write_guide(sheet)


def _write_guide(sheet: Worksheet) -> None:
    """Explain the colours and the way of filling in, beside the choices."""
    write_heading(sheet, 1, _GUIDE_COLUMN, "Colours of the headings", "guidance")
    for row, (band, text) in enumerate(BANDS.items(), start=2):
        write_heading(sheet, row, _GUIDE_COLUMN, text, band)
    first = len(BANDS) + 3
    write_heading(sheet, first, _GUIDE_COLUMN, "How to fill in this workbook", "guidance")
    for row, text in enumerate(HELP, start=first + 1):
        write_cell(sheet, row, _GUIDE_COLUMN, text)
