"""One reader for each table of a policy. Each takes the file's name and the table as parsed."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from types import MappingProxyType

from ropa.errors import InputError
from ropa.findings import ID_LENGTH, SEVERITIES, spell_code
from ropa.lawbook import load_law
from ropa.phrases.matching import fold
from ropa.phrases.sentences import join_words
from ropa.policy.lines import quote, suggest
from ropa.policy.values import REVIEW_MONTHS, Waiver
from ropa.schema import read_fields

OWN_TABLE = "activities"
"""Table of a field that is named without one."""

REQUIREMENT = "POL-01"
"""Code of what a policy itself requires."""

_MOST_MONTHS = 120
_FINDING = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_WAIVER_KEYS = ("finding", "rule", "activity", "reason", "approver", "expiry")


def _read_mapping(name: str, value: object) -> Mapping[str, str]:
    mapping = {
        key: _read_field(f"{name}: [mapping]: {quote(key)}", one)
        for key, one in _read_table(name, "mapping", value).items()
    }
    seen: dict[str, str] = {}
    for key, one in mapping.items():
        if not fold(key):
            raise InputError(f"{name}: [mapping]: a heading is empty; name its cell instead")
        if seen.setdefault(fold(key), one) != one:
            raise InputError(f"{name}: [mapping]: {quote(key)} is given two fields; keep one line")
    return MappingProxyType(mapping)


def _read_field(where: str, value: object) -> str:
    """Return the complete name of a field that a line names; empty for none."""
    if isinstance(value, dict):
        raise InputError(f"{where} is a table: put the whole heading between quotes")
    if not isinstance(value, str):
        raise InputError(f'{where} is given no text: write a field, or "" for no field')
    stated = value.strip()
    if not stated:
        return ""
    known = [f"{one.table}.{one.name}" for one in read_fields()]
    complete = stated if "." in stated else f"{OWN_TABLE}.{stated}"
    if complete in known:
        return complete
    elsewhere = [one for one in known if one.endswith(f".{stated}")]
    if elsewhere:
        hint = f": did you mean {join_words(elsewhere, 'or')}?"
    else:
        names = known if "." in stated else [one.partition(".")[2] for one in known]
        close = suggest(stated, dict.fromkeys(names))
        hint = close or ": the data dictionary lists the fields"
    raise InputError(f"{where}: there is no field {quote(stated)}{hint}")


def _read_severity(name: str, value: object) -> Mapping[str, str]:
    severities: dict[str, str] = {}
    for key, one in _read_table(name, "severity", value).items():
        where = f"{name}: [severity]: {quote(key)}"
        if not isinstance(one, str) or one not in SEVERITIES:
            stated = one if isinstance(one, str) else ""
            raise InputError(
                f"{where}: no severity{suggest(stated, SEVERITIES)}; "
                f"it is {join_words(list(SEVERITIES), 'or')}"
            )
        for code in _read_codes(where, key):
            if severities.setdefault(code, one) != one:
                raise InputError(f"{where}: {code} is given two severities; keep one line")
    return MappingProxyType(severities)


def _read_rules(name: str, value: object) -> frozenset[str]:
    where = f"{name}: [rules]"
    table = _read_table(name, "rules", value)
    _check_keys(where, table, ("off",))
    stated = _read_texts(f"{where}: off", table.get("off", []))
    return frozenset(code for one in stated for code in _read_codes(f"{where}: off", one))


def _read_review(name: str, value: object) -> int:
    where = f"{name}: [review]"
    table = _read_table(name, "review", value)
    _check_keys(where, table, ("months",))
    months = table.get("months", REVIEW_MONTHS)
    if not isinstance(months, int) or isinstance(months, bool) or not 1 <= months <= _MOST_MONTHS:
        raise InputError(f"{where}: months is no whole number from 1 to {_MOST_MONTHS}")
    return months


def _read_required(name: str, value: object) -> tuple[tuple[str, str], ...]:
    where = f"{name}: [required]"
    table = _read_table(name, "required", value)
    _check_keys(where, table, ("fields",))
    fields: dict[tuple[str, str], None] = {}
    for stated in _read_texts(f"{where}: fields", table.get("fields", [])):
        complete = _read_field(f"{where}: fields", stated)
        if not complete:
            raise InputError(f"{where}: fields: a name is empty")
        owner, _, field = complete.partition(".")
        fields[owner, field] = None
    return tuple(fields)


def _read_waivers(name: str, value: object) -> tuple[Waiver, ...]:
    if not isinstance(value, list):
        raise InputError(f"{name}: waiver is no list: write [[waiver]] above each one's lines")
    return tuple(
        _read_waiver(f"{name}: [[waiver]] {number}", one)
        for number, one in enumerate(value, start=1)
    )


def _read_waiver(where: str, value: object) -> Waiver:
    if not isinstance(value, dict):
        raise InputError(f"{where}: is no table: write [[waiver]] above its lines")
    _check_keys(where, value, _WAIVER_KEYS)
    expiry = value.get("expiry")
    if isinstance(expiry, str):
        expiry = _read_day(expiry)
    if not isinstance(expiry, date) or isinstance(expiry, datetime):
        raise InputError(f"{where}: expiry is no date: write its last day as 2026-12-31")
    stated = {key: one for key, one in value.items() if key != "expiry"}
    texts = {key: _read_text(f"{where}: {key}", one) for key, one in stated.items()}
    for key in ("reason", "approver"):
        if not texts.get(key):
            raise InputError(f"{where}: {key} is missing: a waiver has one")
    finding, rule = texts.get("finding", ""), texts.get("rule", "")
    activity = texts.get("activity", "")
    if bool(finding) == bool(rule or activity) or bool(rule) != bool(activity):
        raise InputError(f"{where}: name either its finding, or its rule and its activity")
    if finding and not _FINDING.fullmatch(finding):
        raise InputError(f"{where}: finding is no id of a finding: it has {ID_LENGTH} hex digits")
    if rule and (*_read_codes(f"{where}: rule", rule),) != (rule,):
        raise InputError(f"{where}: rule is a family: name one rule, such as RET-01")
    return Waiver(finding, rule, activity, texts["reason"], texts["approver"], expiry)


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _read_codes(where: str, stated: str) -> tuple[str, ...]:
    """Return the codes that a code or a family stands for."""
    known = _list_codes()
    found = tuple(code for code in known if stated in (code, code[:3]))
    if not found:
        spelt = spell_code(stated)
        hint = f": did you mean {spelt}?" if spelt in known else suggest(spelt, known)
        raise InputError(f"{where}: there is no rule {quote(stated)}{hint}")
    return found


@cache
def _list_codes() -> tuple[str, ...]:
    """Return the codes of all rules: each has its provisions in the law tables."""
    rows = load_law().rows("provisions")
    return tuple(sorted({row["rule"] for row in rows} | {REQUIREMENT}))


def _read_table(name: str, key: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise InputError(f"{name}: {key} is no table: write [{key}] above its lines")
    return value


def _check_keys(where: str, table: Mapping[str, object], known: tuple[str, ...]) -> None:
    unknown = [key for key in table if key not in known]
    if unknown:
        hint = suggest(unknown[0], known)
        raise InputError(
            f"{where}: there is no {quote(unknown[0])}{hint}; there is {join_words(list(known))}"
        )


def _read_texts(where: str, value: object) -> list[str]:
    if not isinstance(value, list):
        raise InputError(f'{where} is no list: write ["...", "..."]')
    return [_read_text(where, one) for one in value]


def _read_text(where: str, value: object) -> str:
    if not isinstance(value, str):
        raise InputError(f"{where} is given no text: put it between quotes")
    return value.strip()


READERS: Mapping[str, tuple[str, Callable[[str, object], object]]] = MappingProxyType(
    {
        "mapping": ("mapping", _read_mapping),
        "severity": ("severity", _read_severity),
        "rules": ("off", _read_rules),
        "review": ("review_months", _read_review),
        "required": ("required", _read_required),
        "waiver": ("waivers", _read_waivers),
    }
)
"""Table of a policy to the attribute that it fills and what reads it."""
