"""Texts on which a pattern of a rule could take ages, with every rule; in seconds and megabytes."""

from pathlib import Path

import pytest
from hostile_runs import AS_OF, MOST_MEGABYTES, MOST_SECONDS, Worker, run
from openpyxl import Workbook

ROW = {
    "Activity": "Payroll",
    "Purpose": "Pay staff",
    "Lawful basis": "Contract",
    "Data subjects": "Staff",
    "Data categories": "Name",
    "Recipients": "Larkmere Ltd",
    "Retention": "6 years",
    "Security measures": "Encryption",
}
_LENGTH = 32_000


@pytest.mark.parametrize("column", ["Purpose", "Recipients"])
@pytest.mark.parametrize(
    "part",
    [" ", "on behalf of ", "(", ": ", " - ", " and ", ", India", "[ ] a "],
    ids=repr,
)
def test_every_rule_ends_in_time(worker: Worker, tmp_path: Path, column: str, part: str) -> None:
    text = "x" + (part * _LENGTH)[:_LENGTH] + "x"
    book = Workbook()
    sheet = book.worksheets[0]
    row = ROW | {column: text}
    sheet.append([*row])
    sheet.append([*row.values()])
    (tmp_path / "given").mkdir()
    book.save(tmp_path / "given" / "long.xlsx")
    given = tmp_path / "given" / "long.xlsx"
    done = run(worker, ["audit", given, *AS_OF, "--json", "-"], tmp_path)
    assert (done.code, done.stderr) == (0, "")
    assert done.seconds <= MOST_SECONDS
    assert done.megabytes <= MOST_MEGABYTES
