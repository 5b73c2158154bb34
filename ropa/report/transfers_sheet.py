"""The sheet Transfers of findings.xlsx: one row a transfer, with its verdict under each regime."""

import pandas as pd
from openpyxl import Workbook

from ropa.attribution import REGIMES
from ropa.report.console import REGIME_NAMES
from ropa.report.sheet_looks import QUIET, verdict_looks
from ropa.report.sheet_tables import Body, Column, write_table

_EMPTY = "No transfer is stated, or none could be judged (see the sheet Not evaluated)."


def write_transfers_sheet(book: Workbook, transfers: pd.DataFrame, regime: str) -> Body:
    """Add the sheet to a workbook.

    Parameters
    ----------
    book : Workbook
        Gets the sheet.
    transfers : DataFrame
        From `ropa.report.transfer_rows.list_transfers`.
    regime : str
        ``"uk"``, ``"eu"`` or ``"both"``.
    """
    judged = [one for one in REGIMES if regime in (one, "both")]
    texts = {str(name): transfers[name].tolist() for name in transfers.columns}
    verdicts = [
        Column(f"Verdict, {REGIME_NAMES[one]}", 20, texts[one], looks=verdict_looks())
        for one in judged
    ]
    columns = [
        Column("ID", 8, texts["activity_id"]),
        Column("Activity", 24, texts["activity"]),
        Column("Recipient", 24, texts["recipient"]),
        Column("Country", 18, texts["country"]),
        *verdicts,
        Column("Rests on", 24, texts["rests_on"]),
        Column("Cell says", 26, texts["mechanism"]),
        Column("Evidence", 20, texts["evidence"]),
        Column("Date of it", 12, texts["dated"]),
        Column("Transfer assessment", 16, texts["assessment"]),
        Column("What is wrong", 40, texts["wrong"]),
        Column("Rules", 10, texts["rules"]),
        Column("Sheet", 13, texts["sheet"]),
        Column("Cell", 8, texts["cell"]),
        Column("Law relied on", 20, texts["instrument"], QUIET),
    ]
    note = _EMPTY if transfers.empty else ""
    printed = len(columns) - 1
    return write_table(book, "Transfers", columns, held=4, printed=printed, paper="A3", note=note)
