"""Columns of a register that no field holds, as columns at the right of a house workbook's."""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from ropa.recognise.claims import Label
from ropa.recognise.mapping import map_labels
from ropa.recognise.templates import fix_headings, load_templates
from ropa.register import Register
from ropa.report.house_layout import SHEETS, Extra
from ropa.schema import read_fields

_LAYOUT = "house"


def list_extras(
    register: Register, table: str, rows: pd.DataFrame, fields: Sequence[str]
) -> tuple[Extra, ...]:
    """Return the columns beside the rows of a table that no field holds.

    Parameters
    ----------
    register : Register
        One register.
    table : str
        The table.
    rows : DataFrame
        Its rows that the workbook has.
    fields : sequence of str
        Its fields that the workbook has.

    Returns
    -------
    tuple of Extra
        In the order in which they stand. A heading that the house layout would take for a field
        stands in the note of a plain one: what was no field must not become one.
    """
    extras = register.frames["extras"]
    extras = extras[extras["table"] == table]
    if extras.empty:
        return ()
    columns = _name_columns(extras)
    keys = list(rows["key"])
    found = []
    for (heading, _), cells in extras.groupby(columns, sort=False):
        texts = cells.groupby("key", sort=False)["text"].agg("\n".join).to_dict()
        line = " ".join(str(heading).split())
        found.append(Extra(line, tuple(str(texts.get(key, "")) for key in keys)))
    taken = _find_taken(table, found, fields)
    return tuple(
        Extra(f"Other column {number}", one.texts, f"Heading in the original: {one.heading}")
        if number in taken or not one.heading
        else one
        for number, one in enumerate(found, start=1)
    )


def _name_columns(extras: pd.DataFrame) -> pd.Series:
    """Return for each cell its column: the heading, and which one of that heading in its sheet.

    Columns of one heading in several sheets are one column.
    """
    places = extras[["heading", "file", "sheet", "column"]].drop_duplicates()
    places = places.assign(
        number=places.sort_values("column").groupby(["heading", "file", "sheet"]).cumcount()
    )
    numbers = extras.merge(places, on=["heading", "file", "sheet", "column"], how="left")["number"]
    pairs = list(zip(extras["heading"], numbers, strict=True))
    return pd.Series(pairs, index=extras.index, dtype=object)


def _find_taken(table: str, extras: Sequence[Extra], fields: Sequence[str]) -> set[int]:
    """Return the numbers (from 1) of the extras that the house layout would read as a field."""
    sheet = next(
        sheet
        for template in load_templates()
        if template.name == _LAYOUT
        for sheet in template.sheets
        if sheet.table == table
    )
    named = [one for one in read_fields(table) if one.name in fields]
    texts = [*(one.heading for one in named), *(one.heading for one in extras)]
    cells = [(1, column, text, "") for column, text in enumerate(texts, start=1)]
    samples = [*((),) * len(named), *(one.texts for one in extras)]
    labels = [
        Label(SHEETS[table], 1, column, text, sample=partial(_list_filled, held))
        for (_, column, text, _), held in zip(cells, samples, strict=True)
    ]
    headings = map_labels(labels, table, fixed=fix_headings(cells, sheet))
    return {
        one.column - len(named)
        for one in headings
        if one.column > len(named) and one.status == "mapped"
    }


def _list_filled(texts: Sequence[str]) -> list[str]:
    return [one for one in texts if one]
