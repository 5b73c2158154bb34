"""The audit as JSON: the same facts as every other report, for programs."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ropa import __version__
from ropa.auditing import Result
from ropa.rules.catalogue import Rule
from ropa.summaries import Summary, summarise


def build_document(result: Result) -> dict[str, Any]:
    """Return the audit as plain values, in the order in which they are written.

    Parts that an audit of this version does not fill are there and empty.
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
        "rules": {"count": len(result.rules), "sha256": hash_rules(result.rules)},
        "policy": {"sha256": result.register.policy},
        "previous": [],
        "what_if": [],
        "summary": _build_summary(summary),
        "findings": _list_rows(result.findings),
        "fixed": _list_rows(result.fixed),
        "not_evaluated": _list_rows(result.not_evaluated),
        "history": {},
    }


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
        "completeness": _list_rows(summary.completeness),
        "transfers": _list_rows(summary.transfers),
    }


def _list_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one plain mapping a row; numbers are Python's own."""
    names = list(frame.columns)
    columns = [frame[name].tolist() for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
