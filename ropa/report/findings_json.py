"""The audit as JSON: the same facts as every other report, for programs."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from json.encoder import encode_basestring as encode_string
from typing import Any

import pandas as pd

from ropa import __version__
from ropa.comparison import list_activities
from ropa.results import Result
from ropa.rules.catalogue import Rule
from ropa.screening import list_criteria
from ropa.summaries import Summary, summarise
from ropa.what_if import list_endings

_HISTORY = ("id", "as_of", "status")
_CHUNK = 5_000


def build_document(result: Result) -> dict[str, Any]:
    """Return the audit as plain values, in the order in which they are written.

    Parts that have nothing to say are there and empty.
    """
    return {
        name: list_rows(part) if isinstance(part, pd.DataFrame) else part
        for name, part in gather_parts(result).items()
    }


def gather_parts(result: Result) -> dict[str, Any]:
    """Return the parts of the audit in their order: plain values, and frames for lists of rows."""
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
        "findings": result.findings,
        "fixed": result.fixed,
        "not_evaluated": result.not_evaluated,
        "history": _list_history(result.history),
        "pending": result.pending,
        "waivers": result.waivers,
        "activities": list_activities(result.register),
        "changes": result.changes,
        "screening": list_screening(result),
    }


def _list_history(rows: pd.DataFrame) -> dict[str, list[list[str]]]:
    """Return the days and statuses of each finding, by its id."""
    rows = rows.sort_values("id", kind="stable")
    found: dict[str, list[list[str]]] = {}
    for one, day, status in zip(*(rows[name].tolist() for name in _HISTORY), strict=True):
        found.setdefault(str(one), []).append([day, status])
    return found


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
    return write_parts(gather_parts(result)).decode()


def dump_document(document: Mapping[str, Any]) -> str:
    """Return plain values as JSON text, two spaces a level, ending with a line break."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def write_parts(parts: Mapping[str, Any]) -> bytes:
    """Return the parts of an audit as JSON, the same as `dump_document` of the whole.

    Rows are written by columns, each value once: a register may have hundreds of thousands.
    """
    written = [b"{\n"]
    for number, (name, part) in enumerate(parts.items()):
        written.append(b",\n" if number else b"")
        written.append(f"  {_write_value(name)}: ".encode())
        if isinstance(part, pd.DataFrame):
            written += _write_rows(part)
        else:
            written.append(_write_value(part, level=1).encode())
    return b"".join([*written, b"\n}\n"])


def _write_rows(frame: pd.DataFrame) -> Iterator[bytes]:
    """Yield the rows as a list of mappings, some thousands at a time."""
    if frame.empty:
        yield b"[]"
        return
    heads = [f"      {_write_value(str(name))}: " for name in frame]
    columns = [
        _write_column(frame[name], head, "," if at < len(heads) else "")
        for at, (name, head) in enumerate(zip(frame, heads, strict=True), start=1)
    ]
    for start in range(0, len(frame), _CHUNK):
        rows = zip(*(column[start : start + _CHUNK] for column in columns), strict=True)
        text = ",\n".join(["    {\n" + "\n".join(row) + "\n    }" for row in rows])
        yield f"{'[' if start == 0 else ','}\n{text}".encode()
    yield b"\n  ]"


def _write_column(column: pd.Series, head: str, tail: str) -> list[str]:
    """Return the line of each row; one that occurs often is written and held once."""
    if column.dtype != "str":
        return [f"{head}{_write_value(one, level=3)}{tail}" for one in column.tolist()]
    numbers, texts = pd.factorize(column, use_na_sentinel=False)
    lines = [f"{head}{_write_value(one)}{tail}" for one in texts.tolist()]
    return [lines[number] for number in numbers.tolist()]


def _write_value(value: object, *, level: int = 0) -> str:
    if isinstance(value, str):
        return encode_string(value)
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text.replace("\n", "\n" + "  " * level)


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
