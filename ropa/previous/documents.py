"""findings.json, read back: checked key by key, since anybody may have edited it."""

import hashlib
import json
import os
import stat
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

import pandas as pd

from ropa.errors import InputError
from ropa.findings import COLUMNS
from ropa.previous.found import (
    CHOICES,
    FIXED,
    FORM,
    NAMED_BY,
    PLACES,
    Found,
    check_version,
    list_shared,
)
from ropa.previous.values import (
    ACTIVITY_COLUMNS,
    ID,
    NOT_EVALUATED_COLUMNS,
    PENDING_COLUMNS,
    RULE,
    ReadInput,
)
from ropa.workbook.files import shown
from ropa.workbook.limits import MAX_FILE

_REGISTER_REGIMES = ("uk", "eu", "both", "")
_SHA256 = 64


def read_document(path: Path, name: str) -> Found:
    """Read a findings.json.

    Raises
    ------
    InputError
        It is missing, too large, no JSON, JSON of another shape or of a later version.
    """
    data = read_file(path, name)
    document = parse_object(data, name)
    version = document.get("ropa")
    if not isinstance(version, str):
        _refuse(name, "'ropa' is missing, the version that wrote it")
    check_version(name, version)
    parts = {key: _get(name, document, key, kind) for key, kind in _PARTS.items()}
    rules = parts["rules"].get("codes", [])
    findings = _read_findings(name, "findings", parts["findings"])
    return Found(
        file=name,
        sha256=hashlib.sha256(data).hexdigest(),
        as_of=_read_day(name, "'as_of'", parts["as_of"]),
        regime=_choose(name, "'regime'", parts["regime"], _REGISTER_REGIMES),
        version=version,
        findings=findings,
        fixed=_read_findings(name, FIXED, parts[FIXED]),
        pending=_read_findings(name, "pending", parts["pending"], PENDING_COLUMNS),
        not_evaluated=_read_rows(
            name, "not_evaluated", parts["not_evaluated"], NOT_EVALUATED_COLUMNS
        ),
        activities=_read_rows(name, "activities", parts["activities"], ACTIVITY_COLUMNS),
        problems=list_shared(findings),
        rules=tuple(_read_code(name, f"rules.codes[{i}]", one) for i, one in _number(name, rules)),
        inputs=tuple(_read_input(name, i, one) for i, one in enumerate(parts["inputs"])),
        history=_read_history(name, parts["history"]),
    )


_PARTS: Mapping[str, type] = MappingProxyType(
    {
        "as_of": str,
        "regime": str,
        "inputs": list,
        "rules": dict,
        "findings": list,
        FIXED: list,
        "pending": list,
        "not_evaluated": list,
        "activities": list,
        "history": dict,
    }
)
_KINDS: Mapping[type, str] = MappingProxyType(
    {str: "text", list: "list", dict: "object", int: "whole number"}
)


def read_file(path: Path, name: str) -> bytes:
    """Return the bytes of a regular file, at most as many as a workbook may have.

    Raises
    ------
    InputError
        It is missing, no regular file, not permitted or too large.
    """
    # Non-blocking: a pipe could wait for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError(f"{name}: this is no regular file; {FORM}")
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise InputError(f"{name}: there is no such file; check the path") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "invalid path"
        raise InputError(f"{name}: cannot be opened ({why.lower()}); check the path") from None
    if len(data) > MAX_FILE:
        raise InputError(f"{name}: the file is larger than {MAX_FILE // 2**20} MB; {FORM}")
    return data


def parse_object(data: bytes, name: str) -> dict[str, Any]:
    """Return the object that a JSON text is.

    Raises
    ------
    InputError
        It is no JSON, no object, or holds text that is no Unicode.
    """
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise InputError(f"{name}: this is no UTF-8 text; {FORM}") from None
    except RecursionError:
        raise InputError(f"{name}: this is no findings.json: it is nested too deep") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise InputError(f"{name}: this is no JSON (at {where}); {FORM}") from None
    except ValueError:
        raise InputError(f"{name}: this is no JSON: a number in it is none; {FORM}") from None
    if not isinstance(found, dict):
        _refuse(name, "it holds no object")
    return found


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError


def _refuse(name: str, what: str) -> NoReturn:
    raise InputError(f"{name}: this is no findings.json that can be read: {what}; {FORM}")


def _get(name: str, holder: Mapping[str, Any], key: str, kind: type, where: str = "") -> Any:  # noqa: ANN401 - its type is the one asked for
    value = holder.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        said = "is missing" if key not in holder else f"is no {_KINDS[kind]}"
        _refuse(name, f"'{where}{key}' {said}")
    if isinstance(value, str):
        _check_letters(name, f"'{where}{key}'", value)
    return value


def _check_letters(name: str, where: str, text: str) -> None:
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        _refuse(name, f"{where} holds half a character")


def _number(name: str, value: object) -> "enumerate[Any]":
    if not isinstance(value, list):
        _refuse(name, "'rules.codes' is no list")
    return enumerate(value)


def _choose(name: str, where: str, value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        _refuse(name, f"{where} is none of {', '.join(filter(None, choices))}")
    return value


def _read_day(name: str, where: str, value: object) -> date:
    try:
        day = date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:  # weeks and dates without dashes are ISO 8601 too
        _refuse(name, f"{where} is no date such as 2026-12-31")
    return day


def _read_code(name: str, where: str, value: object) -> str:
    if not isinstance(value, str) or not RULE.fullmatch(value):
        _refuse(name, f"'{where}' is no rule's code")
    return value


def _read_input(name: str, number: int, value: object) -> ReadInput:
    where = f"inputs[{number}]"
    if not isinstance(value, dict):
        _refuse(name, f"'{where}' is no object")
    file, sha256, layout = (
        _get(name, value, key, str, f"{where}.") for key in ("file", "sha256", "layout")
    )
    if len(sha256) != _SHA256:
        _refuse(name, f"'{where}.sha256' is no SHA-256")
    return ReadInput(file, sha256, layout, _get(name, value, "records", int, f"{where}."))


def _read_texts(name: str, where: str, values: list[Any], columns: tuple[str, ...]) -> pd.DataFrame:
    """Return objects of texts as a frame; each must have these keys and no other."""
    rows = []
    for number, value in enumerate(values):
        if not isinstance(value, dict):
            _refuse(name, f"'{where}[{number}]' is no object")
        if value.keys() != set(columns):
            other = min(value.keys() ^ set(columns))
            said = f"has {shown(other)!r} too" if other in value else f"lacks {other!r}"
            _refuse(name, f"'{where}[{number}]' {said}")
        rows.append([_get(name, value, key, str, f"{where}[{number}].") for key in columns])
    return pd.DataFrame(rows, columns=list(columns), dtype="str")


def _read_rows(name: str, where: str, values: list[Any], columns: tuple[str, ...]) -> pd.DataFrame:
    if not values:
        return pd.DataFrame(columns=list(columns), dtype="str")
    return _read_texts(name, where, values, columns)


def _read_findings(
    name: str, where: str, values: list[Any], columns: tuple[str, ...] = COLUMNS
) -> pd.DataFrame:
    if not values:
        return pd.DataFrame(columns=[*columns, *PLACES], dtype="str")
    rows = _read_texts(name, where, values, columns)
    checks: dict[str, Callable[[str], bool]] = {
        "id": lambda text: bool(ID.fullmatch(text)),
        "rule": lambda text: bool(RULE.fullmatch(text)),
    } | {column: choices.__contains__ for column, choices in CHOICES.items()}
    for column, holds in checks.items():
        good = (
            rows[column].map({text: holds(text) for text in rows[column].unique()}).astype("bool")
        )
        if not good.all():
            _refuse(name, f"'{where}[{(~good).idxmax()}].{column}' is none that an audit writes")
    paths = f"{where}[" + rows.index.astype("str") + "]."
    places = {f"{column}_cell": paths + column for column in NAMED_BY}
    return rows.assign(in_file=name, in_sheet="", **places)


def _read_history(name: str, value: Mapping[str, Any]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    history = {}
    for key, pairs in value.items():
        if not ID.fullmatch(key) or not isinstance(pairs, list):
            _refuse(name, "'history' is no list of dates and statuses by finding id")
        history[key] = tuple(_read_event(name, f"'history.{key}'", pair) for pair in pairs)
    return MappingProxyType(history)


def _read_event(name: str, where: str, pair: object) -> tuple[str, str]:
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], str):  # noqa: PLR2004 - a date and a status
        _refuse(name, f"{where} is no list of dates and statuses")
    day = _read_day(name, where, pair[0]).isoformat()
    return day, _choose(name, where, pair[1], CHOICES["status"])
