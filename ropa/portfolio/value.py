"""A portfolio as its user holds it: the folder of results, and what can be asked of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pyarrow import parquet

from ropa.errors import InputError
from ropa.findings import COLUMNS
from ropa.lawbook import load_law
from ropa.portfolio import questions
from ropa.portfolio.tables import REGISTERS, make_frame
from ropa.workbook.files import shown

DOCUMENT, ROWS, WORKBOOK = "portfolio.json", "portfolio.parquet", "portfolio.xlsx"
"""The files of the results beside the partitions."""


@dataclass(frozen=True, repr=False)
class Portfolio:
    """Many registers, audited.

    Attributes
    ----------
    folder : Path
        Of the results.
    document : mapping
        What ``portfolio.json`` says: how the registers were judged, and the counts.
    """

    folder: Path
    document: Mapping[str, Any] = field(repr=False)

    def __repr__(self) -> str:
        """Say what was judged, without any cell's text."""
        counts = self.document["registers"]
        return (
            f"<Portfolio as of {self.document['as_of']}: {counts['audited']} registers audited, "
            f"{counts['refused']} refused>"
        )

    @property
    def registers(self) -> pd.DataFrame:
        """One row a register, by name; what was not audited has ``state`` refused and a reason."""
        return make_frame(parquet.read_table(self.folder / ROWS, partitioning=None))

    def findings(self, register: str) -> pd.DataFrame:
        """Return the findings of one register, with the columns of `ropa.findings.COLUMNS`."""
        from pyarrow import dataset

        source = dataset.dataset(self.folder / "partitions" / "findings", format="parquet")
        found = source.to_table(filter=dataset.field("register") == register)
        return make_frame(found)[list(COLUMNS)]

    def count_rules(self) -> pd.DataFrame:
        """Count the findings by register and rule (`ropa.portfolio.questions.count_rules`)."""
        return questions.count_rules(self.folder)

    def list_rules(self) -> pd.DataFrame:
        """List the rules by how many registers they hit (`questions.list_rules`)."""
        return questions.list_rules(self.folder, self.registers)

    def list_vendors(self) -> pd.DataFrame:
        """Measure how far the registers depend on each vendor (`questions.list_vendors`)."""
        return questions.list_vendors(self.folder, self.registers)

    def list_instruments(self) -> pd.DataFrame:
        """Tell what the end of each instrument would reach (`questions.list_instruments`)."""
        return questions.list_instruments(self.folder, self.registers)

    def reach_vendor(self, vendor: str) -> pd.DataFrame:
        """Tell which registers the loss of a vendor reaches (`questions.reach_vendor`)."""
        return questions.reach_vendor(self.folder, self.registers, vendor)

    def reach_instrument(self, instrument: str) -> pd.DataFrame:
        """Tell which registers the end of an instrument reaches (`questions.reach_instrument`).

        It is taken to end on the day of the audit, with all that depends on it.

        Raises
        ------
        UsageError
            There is no such instrument, or it was not in force on the day before.
        """
        load_law().ending(instrument, on=date.fromisoformat(self.document["as_of"]))
        return questions.reach_instrument(self.folder, self.registers, instrument)


def read_portfolio(folder: str | Path) -> Portfolio:
    """Read the results of a portfolio's audit.

    Parameters
    ----------
    folder : path
        That ``ropa portfolio --out`` wrote.

    Raises
    ------
    InputError
        It holds no such results, or an audit into it was broken off: run it again.
    """
    path = Path(folder)
    name = shown(path.name or str(path))
    try:
        document = json.loads((path / DOCUMENT).read_text(encoding="utf-8"))
        schema = parquet.read_schema(path / ROWS)
    except (OSError, ValueError):
        document, schema = None, None
    if not isinstance(document, dict) or schema is None or schema.names != REGISTERS.names:
        raise InputError(
            f"{name}: holds no finished audit of a portfolio: name the folder that ropa portfolio "
            "--out wrote, or run it again"
        )
    return Portfolio(path, document)
