"""What the library is measured against: the same file read raw, and rules as plain loops."""

from collections.abc import Sequence
from pathlib import Path

from tests.bench.large_registers import FIRST_ROW

Row = Sequence[object]

UNIT = "python-calamine to_python()"
"""What the raw parse is; ratios are given in it."""


def parse_raw(path: Path) -> Sequence[Row]:
    """Read all cells of the first sheet into Python rows, and nothing else."""
    import python_calamine

    return python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()


def read_by_openpyxl(path: Path) -> int:
    """Read the file as most scripts do; return the number of rows."""
    import pandas as pd

    return len(pd.read_excel(path, engine="openpyxl", header=None, dtype=str))


def judge_plainly(rows: Sequence[Row]) -> list[tuple[str, str, str]]:  # noqa: C901 - one loop, as scripts have
    """Judge ten of the rules row by row, as a script would: rule, cell and message of each hit.

    They are simpler than ours: a few words instead of the vocabulary, nothing about the law.
    """
    found = []
    for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
        text = [str(cell or "").strip() for cell in row]
        lower = [one.lower() for one in text]
        if not text[3]:
            found.append(("PUR-01", f"D{number}", "no purpose"))
        if not text[5]:
            found.append(("DAT-01", f"F{number}", "no data subjects"))
        if not text[6]:
            found.append(("DAT-02", f"G{number}", "no data categories"))
        if not text[11]:
            found.append(("RET-01", f"L{number}", "no retention period"))
        if "necessary" in lower[11]:
            found.append(("RET-02", f"L{number}", f"circular: {text[11]}"))
        if not text[12]:
            found.append(("SEC-01", f"M{number}", "no security measures"))
        if not text[13]:
            found.append(("LAW-01", f"N{number}", "no lawful basis"))
        if "interests" in lower[13] and not text[16]:
            found.append(("LAW-04", f"Q{number}", "no assessment of interests"))
        if "health" in lower[6] and not text[14]:
            found.append(("SPC-01", f"O{number}", "no condition of Article 9"))
        for at, cell in enumerate(lower):
            if cell in ("tbc", "n/a", "to be confirmed"):
                found.append(("GOV-02", f"{at}:{number}", f"placeholder: {cell}"))
    return found
