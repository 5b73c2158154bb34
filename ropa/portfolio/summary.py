"""portfolio.json: how the registers were judged, and the counts over all of them."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ropa.findings import SEVERITIES
from ropa.lawbook import Law
from ropa.portfolio.settings import Settings
from ropa.portfolio.tables import AUDITED, REFUSED, SAFEGUARD_COLUMNS
from ropa.report.findings_json import list_rows
from ropa.transfers import SAFEGUARDS
from ropa.what_if import name_instrument

MOST_LISTED = 100
"""Vendors that the JSON lists at most, and registers that it lists as refused."""


def build_summary(
    settings: Settings, registers: pd.DataFrame, counts: Mapping[str, pd.DataFrame]
) -> dict[str, Any]:
    """Return the summary as plain values, in the order in which they are written.

    Parameters
    ----------
    settings : Settings
        By what the registers were judged.
    registers : DataFrame
        One row a register.
    counts : mapping
        ``rules``, ``vendors`` and ``instruments``: the frames of `ropa.portfolio.questions`.
    """
    totals = registers.select_dtypes("number").sum()
    states = registers["state"].value_counts()
    refused = registers.loc[registers["state"] == REFUSED, ["register", "reason"]]
    items, gaps = int(totals["items"]), int(totals["gaps"])
    safeguards = zip(SAFEGUARD_COLUMNS, SAFEGUARDS, strict=True)
    return {
        **settings.facts,
        "registers": {
            "total": len(registers),
            AUDITED: int(states.get(AUDITED, 0)),
            REFUSED: int(states.get(REFUSED, 0)),
            "sha256": _hash_registers(registers),
        },
        "records": int(totals["records"]),
        "activities": int(totals["activities"]),
        "special_activities": int(totals["special_activities"]),
        "findings": int(totals["findings"]),
        "severity": {one: int(totals[one]) for one in SEVERITIES},
        "completeness": {"items": items, "gaps": gaps, "share": (items - gaps) / max(items, 1)},
        "safeguards": {one: int(totals[name]) for name, one in safeguards},
        "us_transfers": int(totals["us_transfers"]),
        "rules_hit": list_rows(counts["rules"]),
        "vendors": list_rows(counts["vendors"].head(MOST_LISTED)),
        "instruments": list_rows(counts["instruments"]),
        "refused": list_rows(refused.head(MOST_LISTED)),
    }


def _hash_registers(registers: pd.DataFrame) -> str:
    """Return a hash of what was read: the registers' names and their own hashes."""
    lines = [f"{one}\t{sha256}\n" for one, sha256 in zip(*_pick(registers), strict=True)]
    return hashlib.sha256("".join(lines).encode("utf-8", "replace")).hexdigest()


def _pick(registers: pd.DataFrame) -> tuple[list[str], list[str]]:
    return registers["register"].tolist(), registers["sha256"].tolist()


def name_instruments(rows: pd.DataFrame, law: Law) -> pd.DataFrame:
    """Add the names of the instruments, as the law tables have them."""
    names = {
        row["id"]: name_instrument(row)
        for table in ("adequacy", "transfer_mechanisms")
        for row in law.rows(table)
    }
    named = rows["instrument"].map(names).astype("str").fillna("")
    return rows.assign(name=named)[["instrument", "name", *rows.columns.drop("instrument")]]


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
