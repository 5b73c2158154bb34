"""Tables of a workbook that people have worked in: found by their headings, wherever they moved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ropa.errors import InputError
from ropa.phrases.matching import fold
from ropa.workbook import Sheet, column_letter

HEADER_ROWS: Final = 50
"""Rows among which the headings are looked for: people put a title or a note above a table."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table found in a sheet.

    Attributes
    ----------
    sheet : Sheet
        Where it stands.
    header : int
        The row of its headings.
    columns : mapping of str to int
        Name of a column to its number in the sheet; columns of other headings are left out.
    twice : tuple of str
        Names whose heading stands over several columns.
    """

    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    twice: tuple[str, ...]

    def letter(self, name: str) -> str:
        """Return the letters of a column."""
        return column_letter(self.columns[name])


def find_table(sheet: Sheet, headings: Mapping[str, str], key: str) -> Table | None:
    """Return the table in which the heading of the column `key` stands; None if there is none.

    Parameters
    ----------
    sheet : Sheet
        Where to look.
    headings : mapping of str to str
        Name of each column to its heading; compared whatever the case and the white space.
    key : str
        Name of the column by which the table is known.
    """
    names = {fold(heading): name for name, heading in headings.items()}
    for number, texts in _list_rows(sheet):
        found: dict[str, int] = {}
        twice = []
        for column, text in texts:
            name = names.get(fold(text), "")
            if name in found:
                twice.append(name)
            elif name:
                found[name] = column
        # The same words may stand in a note: a row of headings has more than one.
        if key in found and (len(found) > 1 or len(headings) == 1):
            return Table(sheet, number, found, tuple(twice))
    return None


def read_rows(table: Table) -> pd.DataFrame:
    """Return the rows below the headings that have a text in any of the table's columns.

    Returns
    -------
    DataFrame
        A column of texts by name for each of `table.columns`, empty texts for blank cells; the
        index is the sheet's row.
    """
    below = table.sheet.texts.slice(table.header)
    texts = {name: below.column(at - 1).to_pylist() for name, at in table.columns.items()}
    rows = pd.DataFrame(texts, dtype="str").fillna("")
    rows.index = pd.RangeIndex(table.header + 1, table.header + 1 + len(rows))
    return rows[(rows != "").any(axis=1)]


def check_columns(
    name: str, table: Table, headings: Mapping[str, str], needed: Sequence[str]
) -> None:
    """Refuse a table that lacks a column that is needed, or has one twice.

    Raises
    ------
    InputError
        It does; the line names the heading.
    """
    where = f"{name}: sheet {table.sheet.name!r}"
    lacking = [headings[one] for one in needed if one not in table.columns]
    if lacking:
        raise InputError(
            f"{where} has no column {lacking[0]!r}: put it back as the audit wrote it, or give "
            "the whole folder that the audit wrote, with this workbook in it"
        )
    twice = [headings[one] for one in table.twice if one in needed]
    if twice:
        raise InputError(f"{where} has two columns headed {twice[0]!r}: keep one of them")


def _list_rows(sheet: Sheet) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    head = sheet.texts.slice(0, HEADER_ROWS)
    columns = [column.to_pylist() for column in head.columns]
    for row in range(head.num_rows):
        texts = ((at, column[row]) for at, column in enumerate(columns, start=1))
        yield row + 1, [(at, text) for at, text in texts if text]
