"""The sheet Method of findings.xlsx: by what the audit was made, so that it can be made again."""

from collections.abc import Iterator

from openpyxl import Workbook

from ropa import __version__
from ropa.report.console import REGIME_NAMES, REGIME_SOURCES
from ropa.report.findings_json import hash_rules, name_policy
from ropa.report.sheet_looks import QUIET
from ropa.report.sheet_tables import Body, Column, write_table
from ropa.results import Result
from ropa.schema import NOT_LIVE
from ropa.what_if import list_endings


def write_method_sheet(book: Workbook, result: Result) -> Body:
    """Add the sheet to a workbook."""
    labels, values, notes = zip(*_list_facts(result), strict=True)
    columns = [
        Column("What", 40, labels),
        Column("Value", 70, values),
        Column("What it means", 56, notes, QUIET),
    ]
    return write_table(book, "Method", columns)


def _list_facts(result: Result) -> Iterator[tuple[str, object, str]]:
    register = result.register
    sources = register.frames["organisation"]["regimes_from"]
    source = REGIME_SOURCES[str(sources.iloc[0])] if len(sources) else ""
    yield "ropa", __version__, "The version of the program that made this audit."
    yield "Judged as of", result.as_of.isoformat(), "The law in force on this day was applied."
    yield "Regime", result.regime, f"{REGIME_NAMES[result.regime]}{source}."
    yield "Law tables", result.law.version, "The dated tables of the law that were used."
    yield "Law tables SHA-256", result.law.sha256, "Equal where the tables are the same."
    yield "Findings", len(result.findings), "All of them, accepted risks included."
    yield "Rules", len(result.rules), "How many were run; ropa rules CODE explains one."
    yield "Rules SHA-256", hash_rules(result.rules), "Equal where the rules are the same."
    yield "Rules evaluated", " ".join(one.code for one in result.rules), ""
    policy = name_policy(result)
    yield "Policy SHA-256", policy or "none", "The organisation's own settings, where it has any."
    for ending in list_endings(result.law):
        day = f"last day {ending.last_day}"
        yield f"What if {ending.id} ended", day, "A supposition: the law does not say so."
    for earlier in result.earlier:
        label = f"Earlier audit of {earlier.as_of.isoformat()} SHA-256"
        yield label, earlier.sha256 or "from memory", "What this audit was compared with."
    live = int((~register.frames["activities"]["status_code"].isin(NOT_LIVE)).sum())
    for one in register.inputs:
        yield (
            f"Input {one.file} SHA-256",
            one.sha256,
            "The file as it was read; its annotated copy is beside this.",
        )
        yield f"Input {one.file} layout", one.layout, "How the file was recognised."
        yield f"Input {one.file} activities", one.records, "Read from it, ended ones included."
    yield "Activities judged", live, "Ended and proposed activities are not judged."
