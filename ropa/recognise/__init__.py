"""Cells to layout: finding the tables of a workbook and what each heading means.

A known template is one file in ``layouts/``. Any other layout is read by what its headings and
cells mean. A heading is mapped only where it is known; the others are reported, never guessed.
"""

from collections.abc import Mapping

from ropa.errors import InputError
from ropa.recognise.named import read_named
from ropa.recognise.recognition import Block, Heading, Ignored, Recognition
from ropa.recognise.refusals import refuse
from ropa.recognise.sheets import read_sheets
from ropa.workbook.cells import Workbook
from ropa.workbook.files import shown

__all__ = ["Block", "Heading", "Ignored", "Recognition", "recognise"]


def recognise(workbook: Workbook, fixes: Mapping[str, str] | None = None) -> Recognition:
    """Find the tables of a workbook.

    Parameters
    ----------
    workbook : Workbook
        The cells as found.
    fixes : mapping, optional
        What headings mean, settled by hand: the heading as typed, or its cell (``"Sheet1!F9"``),
        to ``table.field`` or to nothing.

    Returns
    -------
    Recognition
        ``is_register`` is false, and ``why`` says why, where no filled-in activity was found.

    Raises
    ------
    InputError
        A table of activities has more rows than `ropa.workbook.limits.MAX_RECORDS`.
    """
    try:
        found = read_named(workbook, fixes or {}) or read_sheets(workbook, fixes or {})
    except InputError as error:
        raise InputError(f"{shown(workbook.file)}: {error}") from None
    why = refuse(workbook, found.blocks, found.headings, found.near)
    return Recognition(
        workbook,
        "" if why else found.layout,
        found.blocks,
        found.headings,
        found.ignored,
        why,
        "" if why else found.regime,
    )
