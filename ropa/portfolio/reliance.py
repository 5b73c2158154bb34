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
from ropa.transfers import ARTICLE_46, judge_transfer
from ropa.transfers.statements import STATED, list_statements, make_statement

_CARRYING = ARTICLE_46 | {"adequacy", "adequacy_conditional", "derogation"}
_OPEN = "adequacy_open"
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
    stood = verdicts[verdicts["safeguard"].isin(_CARRYING | {_OPEN})]
    stated = list_statements(register).set_index("key")[list(STATED)]
    rows = stood[["key", "regime", "safeguard", "instrument"]].join(stated, on="key")
    same = ["regime", "safeguard", "instrument", *STATED]
    number = rows.groupby(same, sort=False, dropna=False).ngroup()
    told = [_list_falling(row, as_of, law) for row in rows.drop_duplicates(same).to_dict("records")]
    falls = pd.Series(told, dtype="str").take(number.to_numpy()).set_axis(rows.index)
    found = rows[["key", "regime"]].assign(falls_with=falls)
    return found[found["falls_with"] != ""].drop_duplicates(["key", "regime"])


def _list_falling(row: Mapping[Hashable, object], as_of: date, law: Law) -> str:
    """Return the instruments without which a statement has no safeguard any more."""
    before, regime = row["safeguard"], str(row["regime"])
    statement = make_statement(row)
    found = []
    for one in _list_candidates(row, as_of, law):
        try:
            ended = law.ending(one, on=as_of)
        except UsageError:  # it begins on this very day: there is no day before it ended
            continue
        after = judge_transfer(regime, statement, as_of, ended)
        stands = after.safeguard in _CARRYING and not after.rule
        if after.safeguard != before and not stands:
            found.append(one)
    return f" {' '.join(found)} " if found else ""


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
