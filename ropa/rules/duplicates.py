"""GOV: activities that stand in the register twice."""

import pandas as pd

from ropa.register import locate
from ropa.rules.case import Case, is_stated, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import make_hits

_ID, _NAME = "activity_id", "activity"
_PARTIES = ("on_behalf_of", "joint_controller")


@rule("GOV-05", roles="R", severity="low", duty="guidance")
def duplicate_activity(case: Case) -> pd.DataFrame:
    """Find activities with the ID, or with the name and purpose, of an earlier one.

    Not where one activity stands once for each role, or once for each client or joint controller.
    Not where the numbers are those of different departments: activities of other business
    functions, sheets or files. Activities that have ended do not count. Each later row is named,
    with the cell of the first.

    Why it matters
    --------------
    Of two records of one thing, one goes stale unseen. An ID that two activities bear leads
    recipients, assessments and remarks to the wrong one.

    Remedy
    ------
    Delete the row that repeats another, or give the activity an ID and a name of its own.

    References
    ----------
    GDPR Art 5(2), 30(1), 30(2), 30(3).
    """
    ids, names = find_same_ids(case), _find_same_names(case)
    whole = ids.index[ids.eq(names.reindex(ids.index))]
    said = pd.Series(
        "The name and purpose of this activity stand", index=ids.index.union(names.index)
    )
    said[ids.index] = "The ID of this activity stands"
    said[whole] = "The ID, the name and the purpose of this activity stand"
    first = ids.combine_first(names).astype("int64")[said.index]
    field = pd.Series(_NAME, index=said.index).mask(said.index.isin(ids.index), _ID)
    cells = pd.DataFrame({"table": "activities", "key": first, "field": field})
    rows, places = case.activities.loc[said.index], locate(case.register, cells)
    sheet = (" of the sheet '" + places["sheet"] + "'").mask(places["sheet"] == rows["sheet"], "")
    message = said + " in " + places["cell"] + sheet + " already."
    return make_hits(rows, field, message)


def find_same_ids(case: Case) -> pd.Series:
    """Return the activities whose ID another one above bears.

    Returns
    -------
    Series
        Key of the first activity with that ID, with the index of `case.activities`.
    """
    rows = case.activities
    same = _describe_place(case).assign(sheet=rows["sheet"], id=_fold(rows, _ID))
    return _find_first(rows, same[is_stated(rows, _ID)])


def _find_same_names(case: Case) -> pd.Series:
    """Return the key of the first activity for each that bears the name and purpose of one."""
    rows = case.activities
    same = _describe_place(case).assign(
        **{field: _fold(rows, field) for field in (_NAME, "purpose", *_PARTIES)}
    )
    # A processor need not say what its client's purposes are.
    known = is_stated(rows, _NAME) & (is_stated(rows, "purpose") | rows["processor"])
    return _find_first(rows, same[known])


def _describe_place(case: Case) -> pd.DataFrame:
    """Return in what register, file, role and department each activity stands.

    The department is the business function; else the grid, where there is one for each.
    """
    rows = case.activities
    function = _fold(rows, "function")
    block = rows["block"].astype("str").mask(_is_form(case), "")
    columns = rows[["register", "file", "role_code"]]
    return columns.assign(function=function, block=block.where(function == "", ""))


def _is_form(case: Case) -> pd.Series:
    """Tell for each activity whether it has a form of its own, which is no department's list."""
    rows, offsets = case.activities, case.register.frames["offsets"]
    high = offsets[offsets["table"] == "activities"].groupby("block")["rows"].nunique()
    alone = case.register.frames["activities"].groupby("block")["key"].size()
    return rows["block"].isin(high.index[high > 1]) & rows["block"].isin(alone.index[alone == 1])


def _fold(rows: pd.DataFrame, field: str) -> pd.Series:
    return read_column(rows, field).fold()


def _find_first(rows: pd.DataFrame, same: pd.DataFrame) -> pd.Series:
    keys = rows.loc[same.index, "key"]
    groups = keys.groupby([same[name] for name in same.columns], sort=False)
    first: pd.Series = groups.transform("first")
    later: pd.Series = first[first != keys]
    return later
