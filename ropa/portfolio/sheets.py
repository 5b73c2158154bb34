"""portfolio.xlsx: the summary as a workbook, one table a sheet."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from openpyxl import Workbook

from ropa.findings import SEVERITIES
from ropa.portfolio.tables import AUDITED, REFUSED
from ropa.report.defects import name_defect
from ropa.report.sheet_bodies import dump_tables
from ropa.report.sheet_looks import NUMBER, QUIET
from ropa.report.sheet_tables import Body, Column, write_table

MOST_ROWS = 20_000
"""Rows that a sheet holds at most; the Parquet files hold all."""

_WIDTHS: Mapping[str, int] = {
    "register": 44,
    "name": 34,
    "reason": 90,
    "vendor": 40,
    "instrument": 22,
    "layout": 16,
}
_WIDTH = 12
_HEADINGS: Mapping[str, str] = {"us_transfers": "US transfers"}
_SHARE = "_share"
_SHOWN = (
    *("register", "name", "layout", "regime", "records", "findings", *SEVERITIES),
    *("completeness", "us_transfers"),
)


def write_workbook(
    summary: Mapping[str, Any], registers: pd.DataFrame, counts: Mapping[str, pd.DataFrame]
) -> bytes:
    """Return the bytes of the workbook; the same for the same results.

    Parameters
    ----------
    summary : mapping
        That of `ropa.portfolio.summary.build_summary`.
    registers : DataFrame
        One row a register.
    counts : mapping
        ``rules``, ``vendors`` and ``instruments``.
    """
    book = Workbook()
    book.remove(book["Sheet"])
    audited = registers[registers["state"] == AUDITED]
    worst = audited.sort_values(
        ["critical", "high", "findings", "register"], ascending=[False, False, False, True]
    )
    refused = registers.loc[registers["state"] == REFUSED, ["register", "reason"]]
    rules = counts["rules"].assign(name=counts["rules"]["name"].map(name_defect))
    bodies = [
        _write_overview(book, summary),
        _write(book, "Registers", worst[list(_SHOWN)], "No register could be audited."),
        _write(book, "Refused", refused, "Every register was read."),
        _write(book, "Rules", rules, "No rule found anything."),
        _write(book, "Vendors", counts["vendors"], "No register names a vendor."),
        _write(book, "Instruments", counts["instruments"], "No transfer relies on one."),
    ]
    return dump_tables(book, bodies)


def _write_overview(book: Workbook, summary: Mapping[str, Any]) -> Body:
    labels, values, notes = zip(*_list_facts(summary), strict=True)
    columns = [
        Column("What", 34, labels),
        Column("Value", 24, values),
        Column("What it means", 80, notes, QUIET),
    ]
    return write_table(book, "Overview", columns)


def _list_facts(summary: Mapping[str, Any]) -> Iterable[tuple[str, object, str]]:
    registers, complete = summary["registers"], summary["completeness"]
    yield "Judged as of", summary["as_of"], "The law in force on this day was applied."
    yield "Regime", summary["regime"] or "each register's", "Under which law they were judged."
    yield "Registers audited", registers[AUDITED], "They stand on the sheet Registers."
    yield "Registers refused", registers[REFUSED], "With the reasons on the sheet Refused."
    yield "Activities judged", summary["activities"], "Ended and proposed ones are not judged."
    yield (
        "With special category data",
        summary["special_activities"],
        "Activities that name or mark data of Article 9(1).",
    )
    yield (
        "Complete under Article 30, %",
        round(100 * complete["share"]),
        "Share of what the activities owe that is stated or answered with None.",
    )
    yield "Findings", summary["findings"], "The Parquet files hold them all."
    for severity, count in summary["severity"].items():
        yield f"Findings: {severity}", count, ""
    yield "Transfers to the United States", summary["us_transfers"], "Activities and recipients."
    yield "ropa", summary["ropa"], "The version of the program that made this."
    yield "Law tables", summary["law"]["version"], "The dated tables of the law that were used."
    yield "Policy SHA-256", summary["policy"]["sha256"] or "none", "The settings that were used."


def _write(book: Workbook, title: str, rows: pd.DataFrame, empty: str) -> Body:
    held = rows.head(MOST_ROWS)
    columns = [_make_column(str(name), held[name]) for name in held]
    left = len(rows) - len(held)
    more = f"{left} more rows are left out here: the Parquet files hold them all."
    note = more if left else ("" if len(rows) else empty)
    return write_table(book, title, columns, held=1, paper="A3", note=note)


def _make_column(name: str, values: pd.Series) -> Column:
    heading = _HEADINGS.get(name) or name.replace("_", " ").capitalize()
    width = _WIDTHS.get(name, _WIDTH)
    if not pd.api.types.is_numeric_dtype(values):
        return Column(heading, width, values.tolist())
    if name.endswith(_SHARE) or name == "completeness":
        percents = [None if pd.isna(one) else round(100 * one) for one in values]
        return Column(f"{heading}, %", width, percents, NUMBER)
    return Column(heading, width, [int(one) for one in values], NUMBER)
