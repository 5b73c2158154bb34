"""The one door for reading spreadsheets: files in, cells as text out.

>>> from ropa.workbook import read_workbook
>>> workbook = read_workbook("register.xlsx")                # doctest: +SKIP
>>> workbook.sheets[0].text(5, 7)                            # doctest: +SKIP

Heavy libraries load when a file is read, not when this is imported.
"""

from ropa.workbook.addresses import cell_address, cell_addresses, column_letter
from ropa.workbook.cells import Sheet, Workbook, make_sheet, read_workbook
from ropa.workbook.files import find_workbooks

__all__ = [
    "Sheet",
    "Workbook",
    "cell_address",
    "cell_addresses",
    "column_letter",
    "find_workbooks",
    "make_sheet",
    "read_workbook",
]
