"""A frame as a sheet: headings, one row each, set to be read and printed."""

from collections.abc import Sequence

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ropa.report.sheet_styles import draw_border, style_page, wrap_text, write_cell, write_heading


def write_table(
    sheet: Worksheet, headings: Sequence[str], widths: Sequence[int], rows: pd.DataFrame
) -> None:
    """Write a frame into an empty sheet.

    Parameters
    ----------
    sheet : Worksheet
        The sheet.
    headings : sequence of str
        What heads the columns of `rows`, in their order.
    widths : sequence of int
        Widths of the columns, in characters.
    rows : DataFrame
        Its texts are written as text, never as formulas or links.
    """
    for column, text in enumerate(headings, start=1):
        write_heading(sheet, 1, column, text, "record")
    for number, values in enumerate(rows.itertuples(index=False), start=2):
        for column, value in enumerate(values, start=1):
            write_cell(sheet, number, column, value)
            sheet.cell(number, column).alignment = wrap_text()
            sheet.cell(number, column).border = draw_border()
    set_widths(sheet, widths)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    style_page(sheet)


def set_widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Set the widths of a sheet's first columns, in characters."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
