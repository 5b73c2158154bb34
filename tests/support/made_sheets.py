"""Workbooks made of plain rows, and the registers that they give; no file is used."""

from collections.abc import Mapping, Sequence

import pandas as pd

import ropa
from ropa.normalise import normalise, normalise_registers
from ropa.recognise import Recognition, recognise
from ropa.register import Register
from ropa.workbook.cells import Sheet, Workbook, make_sheet

Rows = Sequence[Mapping[str, str]]

FIRST = {"ID": "K1", "Activity": "Payroll", "Purpose": "Pay the staff"}


def make_grid(
    name: str, rows: Rows, *, errors: Mapping[tuple[int, int], str] | None = None, **more: object
) -> Sheet:
    """Make a sheet with the headings that any row has, in the order in which they first come."""
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    cells = [headings, *([row.get(heading, "") for heading in headings] for row in rows)]
    return make_sheet(name, cells, errors=errors, **more)  # type: ignore[arg-type]


def make_form(**labels: str) -> Sheet:
    """Make the sheet of an organisation; ``register_date`` stands for "Register date"."""
    rows = [[label.replace("_", " ").capitalize(), text] for label, text in labels.items()]
    return make_sheet("Organisation", rows)


def recognise_sheets(*sheets: Sheet, file: str = "made.xlsx") -> Recognition:
    return recognise(Workbook(file, "0" * 64, sheets))


def make_register(*sheets: Sheet, name: str = "made") -> Register:
    return normalise([recognise_sheets(*sheets)], register=name)


def audit_each(records: Rows, *, as_of: str = "2026-09-30") -> list[pd.DataFrame]:
    """Return the findings of each of some registers of one activity, audited in one pass."""
    found = {
        f"{number:04}": [recognise_sheets(make_grid("R", [one]))]
        for number, one in enumerate(records)
    }
    findings = ropa.audit(normalise_registers(found), as_of=as_of).frames["findings"]
    return [findings[findings["register"] == name] for name in found]


def read_rows(cells: Rows) -> pd.DataFrame:
    """Return the activities of one register, each with these cells besides a name."""
    headings = {heading for row in cells for heading in row}
    rows = [{**FIRST, "ID": f"K{number}", **row} for number, row in enumerate(cells)]
    register = make_register(
        make_grid("Activities", [dict.fromkeys(headings, "") | one for one in rows])
    )
    return register.activities


def read_texts(heading: str, texts: Sequence[str]) -> pd.DataFrame:
    """Return the activities of one register, each with one of these texts under a heading."""
    return read_rows([{heading: text} for text in texts])


def recipient(one: str, name: str, **cells: str) -> dict[str, str]:
    more = {heading.replace("_", " "): text for heading, text in cells.items()}
    return {"Activity ID": one, "Recipient": name, "Role": "Processor"} | more
