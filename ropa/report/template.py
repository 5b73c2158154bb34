"""The blank workbooks that a register is begun with."""

from pathlib import Path

from ropa.errors import UsageError
from ropa.report.house_workbook import write_house_workbook
from ropa.report.ico_template import LAYOUT as ICO
from ropa.report.ico_template import write_ico_template

LAYOUTS = ("house", ICO)
"""Layouts of which a blank workbook can be written."""


def write_template(path: Path, layout: str = "house") -> None:
    """Write a blank workbook with headings, notes and drop-downs.

    Parameters
    ----------
    path : Path
        Where to write; must not exist yet.
    layout : str
        One of `LAYOUTS`.

    Raises
    ------
    UsageError
        No blank workbook of that layout can be written.
    OutputError
        The path exists already or cannot be written.
    """
    if layout not in LAYOUTS:
        raise UsageError(
            f"no blank workbook of the layout {layout!r} can be written: "
            f"choose {' or '.join(LAYOUTS)}"
        )
    if path.suffix.lower() != ".xlsx":
        raise UsageError(f"{path} is no name of a workbook: end it with .xlsx")
    if layout == ICO:
        write_ico_template(path)
    else:
        write_house_workbook(path, {})
