"""On which instruments each transfer relies: those whose end alone leaves it without a safeguard.

Asked once while a register is at hand, so that later "which registers does the end of this
instrument reach" is a look-up in what was kept.
"""

from collections.abc import Hashable, Mapping
from datetime import date

import pandas as pd

from ropa.errors import UsageError
from ropa.lawbook import Law
from ropa.lawbook.tables import Row, format_day, is_applicable
from ropa.register import Register
from ropa.transfers import LOSABLE, Verdict, find_lost, judge_transfer
from ropa.transfers.statements import STATED, list_statements, make_statement

_DEROGATION = "derogation"
_DEROGATIONS = frozenset({"derogation", "compelling"})


def find_reliance(
    register: Register, verdicts: pd.DataFrame, as_of: date, law: Law
) -> pd.DataFrame:
    """Tell for each transfer which instruments it would fall with.

    The question is that of `ropa.what_if.find_fallen`: a transfer that another instrument of its
    cell then carries does not fall; adequacy on a condition that the record does not show counts
    as one that can be lost.

    Parameters
    ----------
    register : Register
        One or several.
    verdicts : DataFrame
        `ropa.transfers.judge_transfers` of it on the day.
    as_of : date
        The day on which each instrument, with all that depends on it, is taken to end.
    law : Law
        The law.

    Returns
    -------
    DataFrame
        ``key`` and ``regime`` of the transfers that fall with any instrument, and ``falls_with``:
        the ids of those instruments, each enclosed in spaces.
    """
    stood = verdicts[verdicts["safeguard"].isin(LOSABLE)]
    stated = list_statements(register).set_index("key")[list(STATED)]
    rows = stood[["key", "regime", "safeguard", "instrument"]].join(stated, on="key")
    same = ["regime", "safeguard", "instrument", *STATED]
    number = rows.groupby(same, sort=False, dropna=False).ngroup()
    distinct = rows.drop_duplicates(same).reset_index(drop=True)
    falls = _list_falling(distinct, as_of, law).take(number.to_numpy()).set_axis(rows.index)
    found = rows[["key", "regime"]].assign(falls_with=falls)
    return found[found["falls_with"] != ""].drop_duplicates(["key", "regime"])


def _list_falling(rows: pd.DataFrame, as_of: date, law: Law) -> pd.Series:
    """Return for each statement the instruments without which it has no safeguard any more."""
    tried = [
        (place, one, row["safeguard"], after.safeguard, after.rule)
        for place, row in enumerate(rows.to_dict("records"))
        for one in _list_candidates(row, as_of, law)
        if (after := _judge_without(one, row, as_of, law)) is not None
    ]
    found = pd.DataFrame(tried, columns=["place", "instrument", "before", "after", "rule"])
    found = found[find_lost(found["before"], found["after"], found["rule"])]
    told = " " + found.groupby("place")["instrument"].agg(" ".join) + " "
    return told.reindex(rows.index).astype("str").fillna("")


def _judge_without(
    instrument: str, row: Mapping[Hashable, object], as_of: date, law: Law
) -> Verdict | None:
    """Return the verdict on a statement if an instrument had ended; none where it cannot end."""
    try:
        ended = law.ending(instrument, on=as_of)
    except UsageError:  # it begins on this very day: there is no day before it ended
        return None
    return judge_transfer(str(row["regime"]), make_statement(row), as_of, ended)


def _list_candidates(row: Mapping[Hashable, object], as_of: date, law: Law) -> list[str]:
    """Return the instruments whose end can change a verdict, with those that they depend on."""
    regime = str(row["regime"])
    usable = {
        one["id"]: one
        for table in ("adequacy", "transfer_mechanisms")
        for one in law.rows(table)
        if is_applicable(one, format_day(as_of))
    }
    named = set(str(row["instrument"]).split())
    adequacy = law.find_adequacy(regime, str(row["country_code"]), as_of)
    if adequacy is not None:
        named.add(adequacy.id)
    if row["safeguard"] == _DEROGATION:
        named |= {one["id"] for one in usable.values() if one.get("kind", "") in _DEROGATIONS}
    for one in [*named]:
        named |= _list_supports(one, usable)
    return sorted(one for one in named if one in usable)


def _list_supports(one: str, usable: dict[str, Row]) -> set[str]:
    found = set[str]()
    while one in usable and (one := usable[one].get("depends_on", "")) and one not in found:
        found.add(one)
    return found
