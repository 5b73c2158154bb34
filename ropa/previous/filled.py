"""findings.xlsx, read back as its owners left it.

Columns may have moved, rows been sorted, filtered, deleted or added, sheets been renamed. The
findings are known by the heading of their ids, the date by the sheet on the method.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from ropa.errors import InputError
from ropa.findings import COLUMNS
from ropa.phrases.matching import fold
from ropa.previous.found import (
    CHOICES,
    FORM,
    NAMED_BY,
    Found,
    check_version,
    join_problems,
    list_problems,
    list_shared,
    make_findings,
    make_pending,
    make_problem,
)
from ropa.previous.method import (
    COUNT,
    HISTORY,
    REGIME,
    VERSION,
    find_sheet,
    read_activities,
    read_as_of,
    read_history,
    read_inputs,
    read_method,
    read_not_evaluated,
    read_rules,
)
from ropa.previous.sheets import Table, check_columns, find_table, read_rows
from ropa.previous.values import (
    ID,
    OWNED,
    PENDING_COLUMNS,
    PROBLEM_COLUMNS,
    RULE,
    WHY,
    headings,
)
from ropa.workbook import Workbook, cell_address, read_workbook

# What the sheets of findings are called.
FINDINGS: Final = "Findings"
FIXED_ONES: Final = "Fixed"
PENDING: Final = "Not compared"

_SPELLED: Final = ("name", "field")
"""Columns whose words the workbook shows with spaces for underscores."""


def read_filled_workbook(path: Path, name: str, *, whole: bool = True) -> Found:
    """Read a findings.xlsx.

    Parameters
    ----------
    path : Path
        The workbook, of any kind that can be read; its name does not matter.
    name : str
        What errors and problems call it.
    whole : bool
        Whether it must tell all of its audit. Else the ids and the owners' words suffice.

    Raises
    ------
    InputError
        It cannot be read, has no sheet of findings, lacks a column, tells no date, or was written
        by a later version.
    """
    workbook = read_workbook(path, file=name)
    table, others = _find_findings(workbook, name)
    check_columns(name, table, headings(), COLUMNS if whole else NAMED_BY)
    method = read_method(workbook)
    if VERSION in method:
        check_version(name, method[VERSION])
    as_of = read_as_of(name, method, whole=whole)
    findings, problems = _read_findings(name, table, whole=whole)
    count = _count_missing(name, table, method, findings) if whole else []
    history, events = read_history(workbook, name)
    return Found(
        file=name,
        sha256=workbook.sha256,
        as_of=as_of,
        regime=fold(method.get(REGIME, "")),
        version=method.get(VERSION, ""),
        findings=findings,
        fixed=_read_fixed(workbook, name) if whole else make_findings(),
        pending=_read_pending(workbook, name) if whole else make_pending(),
        not_evaluated=read_not_evaluated(workbook),
        activities=read_activities(workbook),
        problems=join_problems([*others, problems, *count, events]),
        rules=read_rules(method),
        inputs=read_inputs(method),
        history=history,
    )


def _find_findings(workbook: Workbook, name: str) -> tuple[Table, list[pd.DataFrame]]:
    """Return the table of findings, and a problem for each other sheet that seems to hold some."""
    aside = {fold(one) for one in (FIXED_ONES, PENDING, HISTORY)}
    sheets = [one for one in workbook.sheets if fold(one.name) not in aside]
    tables = [one for sheet in sheets if (one := find_table(sheet, headings(), "id"))]
    named = [one for one in tables if fold(one.sheet.name) == fold(FINDINGS)]
    if not tables:
        raise InputError(
            f"{name}: no sheet has a column {headings()['id']!r}, so it holds no findings; {FORM}"
        )
    if not named and len(tables) > 1:
        names = " and ".join(repr(one.sheet.name) for one in tables[:2])
        raise InputError(f"{name}: sheets {names} both hold findings; call one {FINDINGS!r}")
    chosen = (named or tables)[0]
    what = f"this sheet holds findings too and was not read, only sheet {chosen.sheet.name!r} was"
    others = [one.sheet.name for one in tables if one is not chosen]
    return chosen, [make_problem(name, one, "", what) for one in others]


def _read_findings(name: str, table: Table, *, whole: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that are findings, and what is wrong in the others and in owners' cells."""
    rows = _place(name, table, read_rows(table))
    rows = rows.assign(id=rows["id"].str.strip().str.lower())
    repeated = rows["id"] == fold(headings()["id"])
    # A line of its own, such as the audit's note that findings are left out, is no finding.
    columns = list(table.columns)
    alone = (rows["id"] == "") & ((rows[columns] != "").sum(axis=1) == 1)
    alone &= (rows[list(OWNED)] == "").all(axis=1)
    rows = rows[~repeated & ~alone]
    known = rows["id"].str.fullmatch(ID.pattern)
    lost = rows[~known]
    what = pd.Series("this is no finding's id: the row was not used", index=lost.index)
    what = what.mask(lost["id"] == "", "the row has no finding's id and was not used")
    problems = [list_problems(lost.assign(id=""), "id", what)]
    rows = rows[known]
    if whole:
        rows, unfit = _drop_unfit(table, rows)
        problems += unfit
        rows = rows.assign(**{one: rows[one].str.replace(" ", "_") for one in _SPELLED})
        problems.append(list_shared(rows))
    unread = _list_unread(name, table, rows)
    return rows, join_problems([*problems, unread])


def _place(name: str, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """Add the cells in which a row's id and its owners' words stand."""
    numbers = rows.index.astype("str")
    places = {f"{one}_cell": table.letter(one) + numbers for one in NAMED_BY}
    return rows.assign(in_file=name, in_sheet=table.sheet.name, **places)


def _drop_unfit(table: Table, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Return the rows whose rule, severity and the like are such as an audit writes."""
    good = pd.Series(data=True, index=rows.index)
    problems = []
    for column in ("rule", *CHOICES):
        fits = {text: _fits(column, text) for text in rows[column].unique()}
        held = rows[column].map(fits).astype("bool")
        bad = rows[good & ~held]
        cells = table.letter(column) + bad.index.astype("str")
        what = f"{headings()[column]!r} is none that an audit writes: the row was not used"
        problems.append(list_problems(bad.assign(id_cell=cells), "id", what))
        good &= held
    return rows[good], problems


def _fits(column: str, text: str) -> bool:
    return text in CHOICES[column] if column in CHOICES else bool(RULE.fullmatch(text))


def _list_unread(name: str, table: Table, rows: pd.DataFrame) -> pd.DataFrame:
    """List the owners' cells that seem filled and have no text."""
    sheet, owned = table.sheet, {table.columns[one] for one in OWNED}
    told = dict.fromkeys(sheet.errors, "it holds an error value, which is no answer")
    told |= dict.fromkeys(sheet.uncached, "it holds a formula without a result: open it and save")
    told = {place: what for place, what in told.items() if place[1] in owned}
    told |= {
        (top, left): "it is merged with others, which were read as blank: split it"
        for top, left, bottom, right in sheet.merged
        if (bottom > top or right > left) and not owned.isdisjoint(range(left, right + 1))
    }
    found = [
        (name, sheet.name, cell_address(*place), rows["id"].get(place[0], ""), what)
        for place, what in told.items()
        if place[0] > table.header
    ]
    return pd.DataFrame(found, columns=list(PROBLEM_COLUMNS), dtype="str")


def _read_fixed(workbook: Workbook, name: str) -> pd.DataFrame:
    sheet = find_sheet(workbook, FIXED_ONES)
    table = find_table(sheet, headings(), "id") if sheet else None
    if not table:
        return make_findings()
    check_columns(name, table, headings(), COLUMNS)
    return _read_findings(name, table, whole=True)[0]


def _read_pending(workbook: Workbook, name: str) -> pd.DataFrame:
    sheet = find_sheet(workbook, PENDING)
    fields = {**headings(), "why": WHY}
    table = find_table(sheet, fields, "why") if sheet else None
    if not table:
        return make_pending()
    check_columns(name, table, fields, PENDING_COLUMNS)
    return _read_findings(name, table, whole=True)[0]


def _count_missing(
    name: str, table: Table, method: Mapping[str, str], rows: pd.DataFrame
) -> list[pd.DataFrame]:
    """Say so where the sheet holds fewer findings than the audit made."""
    stated, held = method.get(COUNT, ""), rows["id"].nunique()
    if not stated.isdecimal() or int(stated[:9]) <= held:
        return []
    what = (
        f"the sheet holds {held} of the audit's {stated[:9]} findings, so that the others will "
        "pass for new ones: give the folder or findings.json with it"
    )
    return [make_problem(name, table.sheet.name, "", what)]
