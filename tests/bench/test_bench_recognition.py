"""Recognition beside the read: 100,000 rows under a declared extent of A1:XFD1048576.

Figures are printed as ratios to the read of the same file in the same process; nothing is timed
against a clock's number.
"""

import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ropa.normalise import normalise
from ropa.recognise import recognise
from ropa.workbook import read_workbook

ROWS = 100_000
HEADINGS = [
    *("Ref", "Business function", "Processing activity", "Purpose of processing", "Lawful basis"),
    *("Categories of data subjects", "Categories of personal data", "Recipients"),
    *("Third country transfers", "Safeguards", "Retention period", "Security measures", "Owner"),
    *("DPIA required", "Last reviewed", "Source of data", "Notes", "Location", "Volume", "System"),
]


def write_large(path: Path) -> None:
    """Write a register whose sheet claims to reach the last cell that there is."""
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("Register")
    sheet.append(["Made-up company: record of processing"])
    sheet.append([])
    sheet.append(HEADINGS)
    for number in range(ROWS):
        sheet.append(
            [
                *(f"A{number}", "Sales" if number % 2 else "HR", f"Activity number {number}"),
                *(f"To do the work number {number} properly", "Art 6(1)(b) contract"),
                *("Employees; customers", "Name; address", "HMRC; Mailchimp"),
                *("United States" if number % 2 else "None", "SCCs" if number % 2 else ""),
                *(f"{number % 30} years", "Encryption; access control", "HR director", "No"),
                *("2026-01-01", "Data subject", f"note {number}", "UK data centre", "100", "SAP"),
            ]
        )
    workbook.save(plain := path.with_suffix(".plain"))
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                extent = b'<dimension ref="A1:XFD1048576"/><sheetViews>'
                data = data.replace(b"<sheetViews>", extent, 1)
                assert extent in data
            new.writestr(name, data)


def measure(work: Callable[[], object]) -> tuple[object, float, int]:
    """Return what some work gives, its seconds and by how many MB it raised the peak."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    return result, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024


def test_recognition_costs_no_more_than_a_few_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_large(path := tmp_path / "large.xlsx")
    workbook, read, read_memory = measure(lambda: read_workbook(path))
    found, seconds, memory = measure(lambda: recognise(workbook))  # type: ignore[arg-type]
    register, tables, table_memory = measure(lambda: normalise([found], register="large"))  # type: ignore[list-item]
    assert len(register.activities) == ROWS  # type: ignore[attr-defined]
    with capsys.disabled():
        print(  # noqa: T201 - the figures are the result
            f"\n{ROWS:,} rows: read 1.0 ({read_memory} MB), "
            f"recognise {seconds / read:.2f} (+{memory} MB), "
            f"normalise {tables / read:.2f} (+{table_memory} MB)"
        )
