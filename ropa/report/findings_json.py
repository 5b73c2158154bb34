"""The audit as JSON: the same facts as every other report, for programs."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ropa import __version__
from ropa.comparison import list_activities
from ropa.results import Result
from ropa.rules.catalogue import Rule
from ropa.screening import list_criteria
from ropa.summaries import Summary, summarise
from ropa.what_if import list_endings


def build_document(result: Result) -> dict[str, Any]:
    """Return the audit as plain values, in the order in which they are written.

    Parts that have nothing to say are there and empty.
    """
    summary = summarise(result)
    return {
        "ropa": __version__,
        "as_of": result.as_of.isoformat(),
        "regime": result.regime,
        "inputs": [
            {
                "file": one.file,
                "sha256": one.sha256,
                "layout": one.layout,
                "records": one.records,
            }
            for one in result.register.inputs
        ],
        "law": {"version": result.law.version, "sha256": result.law.sha256},
        "rules": {
            "count": len(result.rules),
            "sha256": hash_rules(result.rules),
            "codes": [one.code for one in result.rules],
        },
        "policy": {"sha256": name_policy(result)},
        "previous": [
            {"sha256": one.sha256, "as_of": one.as_of.isoformat()} for one in result.earlier
        ],
        "what_if": [
            {
                "instrument": one.id,
                "name": one.name,
                "last_day": one.last_day,
                "falls_with": one.support,
            }
            for one in list_endings(result.law)
        ],
        "summary": _build_summary(summary),
        "findings": list_rows(result.findings),
        "fixed": list_rows(result.fixed),
        "not_evaluated": list_rows(result.not_evaluated),
        "history": {
            str(one): [list(pair) for pair in zip(rows["as_of"], rows["status"], strict=True)]
            for one, rows in result.history.groupby("id", sort=True)
        },
        "pending": list_rows(result.pending),
        "waivers": list_rows(result.waivers),
        "activities": list_rows(list_activities(result.register)),
        "changes": list_rows(result.changes),
        "screening": list_rows(list_screening(result)),
    }


def list_screening(result: Result) -> pd.DataFrame:
    """Return the criteria for an impact assessment that the activities meet, cell by cell."""
    found = result.case.once(list_criteria)
    return found.drop(columns="register")


def name_policy(result: Result) -> str:
    """Return the SHA-256 of the policy that an audit followed; empty without one.

    That by which its register was read, where it was judged by none.
    """
    return result.policy.sha256 or result.register.policy


def format_document(result: Result) -> str:
    """Return the audit as JSON text (`dump_document`)."""
    return dump_document(build_document(result))


def dump_document(document: Mapping[str, Any]) -> str:
    """Return plain values as JSON text, two spaces a level, ending with a line break."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def hash_rules(rules: Iterable[Rule]) -> str:
    """Return the SHA-256 of what the rules say of themselves, by code."""
    facts = [
        [one.code, one.name, one.roles, one.severity, one.duty, one.processor_duty, one.remedy]
        for one in sorted(rules, key=lambda one: one.code)
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _build_summary(summary: Summary) -> dict[str, Any]:
    return {
        "severity": dict(summary.severity),
        "family": dict(summary.family),
        "completeness": list_rows(summary.completeness),
        "transfers": list_rows(summary.transfers),
    }


def list_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one plain mapping a row of a frame; numbers are Python's own."""
    names = list(frame.columns)
    columns = [frame[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
