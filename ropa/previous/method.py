"""What the other sheets of a findings.xlsx tell of its audit: its date, inputs, rules and past."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import pandas as pd

from ropa.errors import InputError
from ropa.phrases.dates import read_date
from ropa.phrases.matching import fold
from ropa.previous.found import (
    CHOICES,
    join_problems,
    make_activities,
    make_not_evaluated,
    make_problem,
)
from ropa.previous.sheets import find_table, read_rows
from ropa.previous.values import ACTIVITY_HEADINGS, HISTORY_HEADINGS, ID, RULE, ReadInput
from ropa.workbook import Sheet, Workbook

# What the sheets are called, and what heads their columns.
HISTORY, ACTIVITIES = "History", "Activities"
_NOT_EVALUATED: Final = {"rule": "Rule", "activity_id": "ID", "why": "Why"}
_METHOD: Final = {"label": "What", "value": "Value"}

# Labels of the sheets on the method and of the summary.
VERSION, REGIME, COUNT = "ropa", "Regime", "Findings"
_AS_OF: Final = "Judged as of"
_RULES: Final = "Rules evaluated"
_INPUT = re.compile(r"Input (.+) (SHA-256|layout|activities)", re.DOTALL)


def find_sheet(workbook: Workbook, name: str) -> Sheet | None:
    """Return the first sheet of a name, whatever its case."""
    return next((one for one in workbook.sheets if fold(one.name) == fold(name)), None)


def _read_pairs(sheet: Sheet) -> Mapping[str, str]:
    """Return the labels of a sheet's first column with what stands beside each."""
    if sheet.columns < 2:  # noqa: PLR2004 - a label and a value
        return {}
    labels, values = (sheet.texts.column(at).to_pylist() for at in (0, 1))
    pairs: dict[str, str] = {}
    for label, value in zip(labels, values, strict=True):
        if label and value:
            pairs.setdefault(label.strip(), value.strip())
    return pairs


def read_method(workbook: Workbook) -> Mapping[str, str]:
    """Return what the sheets on the method and of the summary tell of the audit."""
    pairs: dict[str, str] = {}
    if sheet := find_sheet(workbook, "Summary"):
        told = _read_pairs(sheet)
        pairs |= {key: told[key] for key in (_AS_OF, REGIME, COUNT) if key in told}
    if (sheet := find_sheet(workbook, "Method")) and (table := find_table(sheet, _METHOD, "label")):
        rows = read_rows(table)
        if "value" in rows:
            rows = rows.drop_duplicates("label")
            pairs |= dict(zip(rows["label"].str.strip(), rows["value"].str.strip(), strict=True))
    return pairs


def read_as_of(name: str, method: Mapping[str, str], *, whole: bool) -> date | None:
    """Return the date of the audit; None where nothing tells it and it need not.

    Raises
    ------
    InputError
        Nothing tells it, or what does is no day.
    """
    found = read_date(method.get(_AS_OF, ""))
    if found.first is not None and found.first == found.last:
        return found.first
    if not whole and _AS_OF not in method:
        return None
    raise InputError(
        f"{name}: sheet 'Method' does not say as of which day it was audited "
        f"({_AS_OF!r}): put that line back, or give findings.json"
    )


def read_rules(method: Mapping[str, str]) -> tuple[str, ...]:
    """Return the codes of the rules that were run."""
    return tuple(one for one in method.get(_RULES, "").split() if RULE.fullmatch(one))


def read_inputs(method: Mapping[str, str]) -> tuple[ReadInput, ...]:
    """Return the registers that were judged."""
    facts: dict[str, dict[str, str]] = {}
    for label, value in method.items():
        if found := _INPUT.fullmatch(label):
            facts.setdefault(found[1], {})[found[2]] = value
    return tuple(
        ReadInput(file, one.get("SHA-256", ""), one.get("layout", ""), _count(one))
        for file, one in facts.items()
    )


def _count(facts: Mapping[str, str]) -> int:
    stated = facts.get("activities", "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 0  # noqa: PLR2004 - no register is longer


def read_not_evaluated(workbook: Workbook) -> pd.DataFrame:
    """Return the rules that were not judged: ``rule``, ``activity_id`` and ``why``."""
    sheet = find_sheet(workbook, "Not evaluated")
    table = find_table(sheet, _NOT_EVALUATED, "rule") if sheet else None
    if not table or table.columns.keys() != _NOT_EVALUATED.keys():
        return make_not_evaluated()
    rows = read_rows(table)
    return rows[rows["rule"].str.fullmatch(RULE.pattern)]


def read_activities(workbook: Workbook) -> pd.DataFrame:
    """Return the activities of the register (`ropa.previous.values.Previous.activities`)."""
    sheet = find_sheet(workbook, ACTIVITIES)
    table = find_table(sheet, ACTIVITY_HEADINGS, "content") if sheet else None
    if not table or table.columns.keys() != ACTIVITY_HEADINGS.keys():
        return make_activities()
    rows = read_rows(table)
    return rows[(rows != "").any(axis=1)]


def read_history(
    workbook: Workbook, name: str
) -> tuple[Mapping[str, tuple[tuple[str, str], ...]], pd.DataFrame]:
    """Return the dates and statuses by finding id, and the lines that cannot be used."""
    sheet = find_sheet(workbook, HISTORY)
    table = find_table(sheet, HISTORY_HEADINGS, "id") if sheet else None
    if not table or table.columns.keys() != HISTORY_HEADINGS.keys():
        return MappingProxyType({}), join_problems([])
    history: dict[str, list[tuple[str, str]]] = {}
    problems = []
    rows = read_rows(table)
    for number, key, day, status in zip(
        rows.index, *(rows[one].str.strip() for one in HISTORY_HEADINGS), strict=True
    ):
        found = read_date(day)
        if (
            ID.fullmatch(key)
            and found.first
            and found.first == found.last
            and status in CHOICES["status"]
        ):
            history.setdefault(key, []).append((found.first.isoformat(), status))
        else:
            cell = f"{table.letter('id')}{number}"
            what = "this line of the history is none that an audit writes: it was not used"
            problems.append(make_problem(name, table.sheet.name, cell, what))
    frozen = {key: tuple(sorted(events)) for key, events in sorted(history.items())}
    return MappingProxyType(frozen), join_problems(problems)
