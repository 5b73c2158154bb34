"""Portfolios for tests: folders of many made-up registers, written fast, each another one.

They are in the layout of the Information Commissioner's template for controllers, as it is filled
in practice: vendors that many registers share, some fields left blank, some transfers without a
safeguard. The same number gives the same bytes.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from workbook_parts import cell, members, row, sheet_part, strings_part

from ropa.report.ico_template import BANDS
from ropa.workbook.addresses import column_letter

_FOLDERS = ("north", "south/coast", "west", "")
_BROKEN = (b"PK\x03\x04 cut short", b"", b"no workbook at all")
_COMMON = ("Brightledger Ltd", "Cloudmere Inc", "Postmark Hosting Ltd", "Larkmere Ltd")
_FUNCTIONS = ("Personnel", "Finance", "Sales", "Support", "Facilities", "Research")
_WORK = ("Pay staff", "Answer enquiries", "Send invoices", "Run events", "Keep accounts", "Recruit")
_FOR = ("for members", "for visitors", "in the shops", "at the depot", "online", "by telephone")
_SUBJECTS = ("Employees", "Customers; prospects", "Suppliers", "Volunteers", "Patients", "")
_CATEGORIES = (
    "Name; address; email",
    "Name; bank details",
    "Health data; name",
    "Date of birth; name",
    "Trade union membership",
    "Name; telephone number",
)
_PLACES = (
    ("None", ""),
    ("United States", "EU-US Data Privacy Framework"),
    ("United States", "UK Extension to the EU-US Data Privacy Framework"),
    ("United States", "IDTA"),
    ("India", "IDTA; transfer risk assessment"),
    ("France", ""),
    ("Japan", "Adequacy regulations"),
    ("Brazil", ""),
    ("None", ""),
    ("", ""),
)
_PERIODS = ("6 years", "7 years after the contract ends", "12 months", "until further notice", "")
_SECURITY = ("Encryption; access control", "Locked cabinets; staff training", "", "Backups")
_BASES = (
    "Article 6(1)(b) - contract",
    "Article 6(1)(c) - legal obligation",
    "Article 6(1)(f) - legitimate interests",
    "Article 6(1)(a) - consent",
    "",
)
_RIGHTS = ("Access; rectification; erasure; objection", "Access", "")
_YES_NO = ("Yes", "No", "No", "No")


def write_portfolio(
    folder: Path, *, registers: int, activities: int, broken: int = 0, seed: int = 1
) -> list[str]:
    """Write registers into a folder and folders in it, and return their paths in it.

    Parameters
    ----------
    folder : Path
        Made where it is not there.
    registers, activities : int
        How many workbooks, and records in each.
    broken : int
        One in so many is no workbook that can be read; none where it is 0.
    seed : int
        Another number gives other registers.
    """
    names = []
    for number in range(registers):
        name = f"{_FOLDERS[number % len(_FOLDERS)]}/register {number:05}.xlsx".lstrip("/")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if broken and number % broken == broken - 1:
            path.write_bytes(_BROKEN[number // broken % len(_BROKEN)])
        else:
            write_register(path, activities=activities, seed=seed * 1_000_003 + number)
        names.append(name)
    return names


def write_register(path: Path, *, activities: int, seed: int) -> None:
    """Write one register."""
    random = Random(seed)  # noqa: S311 - the same number gives the same register
    own = tuple(f"Supplier {random.randrange(5000)} Ltd" for _ in range(12))
    block = [
        ["Controller", "", "Data Protection Officer (if applicable)"],
        ["Name", f"Made-up company {seed}", "Name", "Officer"],
        ["Address", "1 High Street, Anytown, United Kingdom", "Address", ""],
        ["Email", "office@example.org", "Email", "dpo@example.org"],
        ["Telephone", "01632 960123", "Telephone", ""],
        [],
        [],
    ]
    bands, headings = [], []
    for title, columns in BANDS:
        bands += [title, *[""] * (len(columns) - 1)]
        headings += [one.heading for one in columns]
    rows = [_make_record(random, number, own) for number in range(activities)]
    _write(path, [*block, bands, headings, *rows])


def _make_record(random: Random, number: int, own: Sequence[str]) -> list[str]:
    some = random.choice
    place, safeguard = some(_PLACES)
    vendor = some(_COMMON) if random.random() < 0.3 else some(own)
    basis = some(_BASES)
    categories = some(_CATEGORIES)
    return [
        some(_FUNCTIONS),
        f"{some(_WORK)} {some(_FOR)}, case {number}",
        "",
        some(_SUBJECTS),
        categories,
        vendor if random.random() < 0.9 else "None",
        some(("Contract 12", "")),
        place,
        safeguard,
        some(_PERIODS),
        some(_SECURITY),
        basis,
        "Article 9(2)(b)" if "Health" in categories else "",
        "Running the business" if "(f)" in basis else "",
        "",
        some(_RIGHTS),
        "No",
        "Data subject",
        "",
        some(("Head office", "Cloud")),
        some(_YES_NO),
    ]


def _write(path: Path, rows: Sequence[Sequence[str]]) -> None:
    numbers: dict[str, int] = {}
    lines = []
    for at, texts in enumerate(rows, start=1):
        cells = [
            cell(f"{column_letter(column)}{at}", str(numbers.setdefault(text, len(numbers))), "s")
            for column, text in enumerate(texts, start=1)
            if text
        ]
        lines.append(row(at, *cells))
    strings = strings_part(*(f"<t>{escape(text)}</t>" for text in numbers))
    parts = members(sheet_part("".join(lines)), strings=strings)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, part in parts.items():
            file.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED, 1)
