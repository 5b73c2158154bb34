"""Screening for an impact assessment: the criteria that the cells of a record raise.

What the words of a record say is read once, cell by cell, as marks. A criterion of the law table
``dpia_triggers`` is a combination of marks, so that each criterion leads back to its cells. Two
items of the authority's list cannot be read from a record and are never raised: data that people
are not told of, and a risk of physical harm.
"""

from collections.abc import Mapping

import pandas as pd

from ropa.column import make_empty
from ropa.phrases.columns import join_flagged
from ropa.phrases.matching import load_matcher
from ropa.phrases.negation import find_denied
from ropa.phrases.states import read_answer
from ropa.register import find_cells
from ropa.rules.case import Case, is_stated, map_texts, mentions, read_column, satisfies

NEEDED, SUGGESTED, NOT_NEEDED = "needed by law", "suggested", "not needed"

_TEXTS = ("activity", "purpose", "data_categories", "scale", "location", "notes")
_SAID = (
    "evaluation",
    "monitoring",
    "large_scale",
    "matching",
    "innovation",
    "denial",
    "public_area",
    "tracking",
)
"""Marks that the words of the record are (vocabulary ``dpia_criterion``)."""

_VULNERABLE = ("employee", "child", "patient", "vulnerable")
_SENSITIVE = ("special", "criminal")
_MARKED = ["activity_key", "mark", "table", "key", "field", "part"]
_TYPES = dict.fromkeys(_MARKED, "str") | dict.fromkeys(("activity_key", "key", "part"), "int64")
_CELL = ["activity_key", "criterion", "table", "key", "field", "part"]

CRITERIA: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "35(3)(a)": (("evaluation",), ("automated",)),
    "35(3)(b)": (_SENSITIVE, ("large_scale",)),
    "35(3)(c)": (("monitoring",), ("public_area",), ("large_scale",)),
    "evaluation": (("evaluation",),),
    "automated_decision": (("automated",),),
    "monitoring": (("monitoring", "tracking"),),
    "sensitive_data": (_SENSITIVE,),
    "large_scale": (("large_scale",),),
    "matching": (("matching",),),
    "vulnerable_subjects": (("vulnerable",),),
    "innovation": (("innovation",),),
    "denial": (("denial",),),
    "ico_innovation": (("innovation",),),
    "ico_denial": (("denial",), ("automated", "special")),
    "ico_profiling": (("evaluation",), ("large_scale",)),
    "ico_biometric": (("biometric",),),
    "ico_genetic": (("genetic",),),
    "ico_matching": (("matching",),),
    "ico_tracking": (("tracking",),),
    "ico_targeting": (("child",), ("evaluation", "automated")),
}
"""Each criterion as groups of marks: it is met where every group has one of its marks."""

_PASSIVE = ("sensitive_data", "vulnerable_subjects")
"""Criteria that together are not enough: one other is needed."""

_SAME: Mapping[str, tuple[str, ...]] = {
    "ico_innovation": ("innovation",),
    "ico_biometric": ("sensitive_data", "innovation"),
    "ico_genetic": ("sensitive_data",),
    "ico_tracking": ("monitoring",),
}
"""Items of the list that need another criterion, and the criteria that only repeat them."""


def raise_criteria(case: Case) -> pd.DataFrame:
    """Return the criteria that the live activities of controllers meet, cell by cell.

    Returns
    -------
    DataFrame
        One row an activity, criterion and cell that raised it: ``activity_key``, ``criterion``,
        and ``table``, ``key``, ``field`` and ``part`` of the cell, as `ropa.register.find_cells`
        gives them.
    """
    return case.once(_raise_criteria)


def _raise_criteria(case: Case) -> pd.DataFrame:
    marks = _mark_cells(case)
    parts = []
    for criterion, groups in CRITERIA.items():
        chosen = marks[marks["mark"].isin([mark for group in groups for mark in group])]
        for group in groups:
            having = chosen.loc[chosen["mark"].isin(group), "activity_key"]
            chosen = chosen[chosen["activity_key"].isin(having)]
        parts.append(chosen.assign(criterion=criterion))
    return pd.concat(parts, ignore_index=True)[_CELL].drop_duplicates(ignore_index=True)


def list_met(raised: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    """Return one column of booleans a criterion, one row an activity, in the order of its keys."""
    met = {
        criterion: keys.isin(raised.loc[raised["criterion"] == criterion, "activity_key"])
        for criterion in CRITERIA
    }
    return pd.DataFrame(met, index=keys.index)


def judge_criteria(case: Case, met: pd.DataFrame, regime: str) -> pd.DataFrame:
    """Tell what the criteria of each activity together amount to under one regime.

    Parameters
    ----------
    case : Case
        Its date and law say which criteria count, and how.
    met : DataFrame
        One row an activity, one column a criterion (`list_met`).
    regime : str
        ``"uk"`` or ``"eu"``.

    Returns
    -------
    DataFrame
        ``verdict`` (`NEEDED`, `SUGGESTED` or `NOT_NEEDED`) and ``named``: the law table's words
        for the criteria that decide it; with the index of `met`.
    """
    table = case.law.find_rows("dpia_triggers", regime, case.as_of)
    names = {row["criterion"]: row["trigger"] for row in table}
    two = met[[row["criterion"] for row in table if row["counts"] == "two"]]
    needed = pd.Series(data=False, index=met.index)
    deciding: dict[str, pd.Series] = {}
    for row in table:
        name = row["criterion"]
        if name not in met or row["counts"] == "two":
            continue
        counts = met[name]
        if row["counts"] != "alone":
            others = two.drop(columns=list(_SAME[name]), errors="ignore")
            counts = counts & others.any(axis=1)
        needed |= counts
        deciding[name] = counts
    active = two.drop(columns=list(_PASSIVE), errors="ignore").any(axis=1)
    suggested = (two.sum(axis=1) > 1) & active & ~needed
    for name in two.columns:
        deciding[name] = suggested & two[name]
    verdict = pd.Series(NOT_NEEDED, index=met.index).mask(suggested, SUGGESTED).mask(needed, NEEDED)
    named = join_flagged(pd.DataFrame(deciding, index=met.index).rename(columns=names), "; ")
    return pd.DataFrame({"verdict": verdict, "named": named})


def is_assessed(rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether an assessment, or a screening, is done or referenced."""
    return is_done(rows) | is_stated(rows, "dpia_reference")


def is_done(rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether its assessment is said to be done."""
    status = read_column(rows, "dpia_status")
    return mentions(status, "dpia_done", codes=("done",)) | satisfies(status, _is_mark)


# -- marks ----------------------------------------------------------------------------------------


def _mark_cells(case: Case) -> pd.DataFrame:
    """Return one row an activity, mark and cell: the columns `_MARKED`."""
    rows, items = case.controller_rows, case.data_items
    items = items[items["activity_key"].isin(rows["key"])]
    parts = [
        _mark(
            rows[mentions(read_column(rows, field), "dpia_criterion", codes=(mark,))], mark, field
        )
        for mark in _SAID
        for field in _TEXTS
    ]
    kinds = {
        "special": ("special:",),
        "criminal": ("criminal",),
        "biometric": ("special:biometric",),
        "genetic": ("special:genetic",),
    }
    for mark, codes in kinds.items():
        own = case.has_term(rows, "data_categories", codes)
        item = case.has_term(items, "data_category", codes, table="data_items")
        # An item of the activity's own cell leads back to that cell.
        listed = items.loc[item & (items["origin"] == "cell"), "activity_key"]
        parts.append(_mark(rows[own & ~rows["key"].isin(listed)], mark, "data_categories"))
        parts.append(_mark(items[item], mark, "data_category", "data_items"))
    flagged = items[items["special_category_answer"] == "yes"]
    parts.append(_mark(flagged, "special", "special_category", "data_items"))
    parts += _mark_people(case, rows)
    automated = is_stated(rows, "automated_decisions")
    automated &= ~satisfies(read_column(rows, "automated_decisions"), _says_no)
    parts.append(_mark(rows[automated], "automated", "automated_decisions"))
    parts = [one for one in parts if len(one)]
    if not parts:
        return make_empty(**_TYPES)
    marks = pd.concat(parts, ignore_index=True)
    cells = find_cells(case.register, marks)
    marks = marks[["activity_key", "mark"]].join(cells)
    return marks[_MARKED].drop_duplicates(ignore_index=True)


def _mark_people(case: Case, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the marks of vulnerable people, and of children among them."""
    said = read_column(rows, "vulnerable_subjects")
    denied = satisfies(said, _says_no)
    affirmed = satisfies(said, lambda text: read_answer(text) == "yes")
    named = map_texts(
        said, _name_people, holding=[load_matcher("data_subject")], default=frozenset()
    )
    parts = []
    for mark, codes in (("vulnerable", _VULNERABLE), ("child", ("child",))):
        own = case.has_term(rows, "data_subjects", codes)
        told = pd.Series([not found.isdisjoint(codes) for found in named], named.index, dtype=bool)
        told = (told & ~denied) | (affirmed & (mark == "vulnerable"))
        parts.append(_mark(rows[own], mark, "data_subjects"))
        parts.append(_mark(rows[told], mark, "vulnerable_subjects"))
    return parts


def _is_mark(text: str) -> bool:
    """Tell whether a cell is a yes of one character: "Y" or a tick. In a text it may be a word."""
    return len(text.strip(" .")) == 1 and read_answer(text) == "yes"


def _says_no(text: str) -> bool:
    return read_answer(text) == "no"


def _name_people(text: str) -> frozenset[str]:
    terms = load_matcher("data_subject").find(text)
    return frozenset(term.code for term in set(terms) - find_denied(text, terms))


def _mark(rows: pd.DataFrame, mark: str, field: str, table: str = "activities") -> pd.DataFrame:
    if rows.empty:
        return make_empty(**_TYPES)
    keys = rows["key"] if table == "activities" else rows["activity_key"]
    cells = {"mark": mark, "table": table, "key": rows["key"], "field": field, "part": 0}
    return pd.DataFrame({"activity_key": keys, **cells}, columns=_MARKED)
