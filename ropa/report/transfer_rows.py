"""The transfers of an audit, one row each: what the record says, and what that amounts to."""

from collections.abc import Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from ropa.attribution import REGIMES, name_activities, quote_cells
from ropa.charts.safeguard_groups import SHORT_WORDS, find_group, rank_group
from ropa.evaluation import FAILED
from ropa.phrases.columns import number_rows
from ropa.register import find_cells, locate, read_cells
from ropa.results import Result
from ropa.rules.case import Case
from ropa.transfers import SAFEGUARDS

RESTS_ON_VERDICTS: Final = "TRF-03"
"""A rule that rests on the verdicts on transfers alone: where it broke off, there are none."""

_BESIDE: Mapping[str, str] = MappingProxyType(
    {
        "mechanism": "transfer_mechanism",
        "evidence": "mechanism_evidence",
        "dated": "mechanism_date",
        "assessment": "transfer_assessment",
    }
)
"""Column of a transfer to the field of the recipient's row that states it."""

_JOINED: Final = (
    *("regime", "safeguard", "destination_rule", "safeguard_rule"),
    *("destination_message", "message", "instrument"),
)
"""What a transfer amounts to under one regime."""

_COLUMNS: Final = (
    *("register", "key", "activity_key", "recipient_key", "activity_id", "activity"),
    *("recipient", "country", "country_code", *_BESIDE, *REGIMES, "group", "broken"),
    *("rests_on", "rules", "wrong", "instrument", "subject", "file", "sheet", "cell"),
)


def list_transfers(result: Result) -> pd.DataFrame:
    """Return the transfers of live activities, in the order of the register.

    Returns
    -------
    DataFrame
        One row an activity, recipient and country:

        - ``register``, ``key``, ``activity_key``, ``recipient_key`` (-1 for none);
        - ``activity_id``, ``activity``, ``recipient``, ``country``, ``country_code``;
        - ``mechanism``, ``evidence``, ``dated``, ``assessment``: the cells as typed, quoted as
          findings do; of a country in the activity's own cell that cell, as ``mechanism``;
        - ``uk``, ``eu``: the verdict in few words (`ropa.charts.safeguard_groups.SHORT_WORDS`),
          empty under a regime that the register is not judged by;
        - ``group``: the worst group of safeguards among them; ``broken``: whether a rule on
          destination or safeguard finds fault;
        - ``rests_on``: the same in full; ``rules``, ``wrong``: the rules broken and what is wrong;
          ``instrument``: ids of law rows; ``subject``: what findings call it;
        - ``file``, ``sheet``, ``cell``: where the mechanism stands or belongs, else the transfer.

        Empty where the verdicts could not be given.
    """
    unjudged = result.not_evaluated
    failed = unjudged.loc[unjudged["why"].str.startswith(FAILED), "rule"]
    if (failed == RESTS_ON_VERDICTS).any():
        return pd.DataFrame(columns=list(_COLUMNS))
    verdicts = result.case.verdicts
    if verdicts.empty:
        return pd.DataFrame(columns=list(_COLUMNS))
    rows = verdicts.drop_duplicates("key").set_index("key").drop(columns="instrument")
    rows = rows.join(_join_verdicts(verdicts)).reset_index()
    rows = rows.assign(recipient=rows["recipient"].str.strip())
    return _add_cells(result, rows)[list(_COLUMNS)]


def _join_verdicts(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Return what a transfer amounts to under its regimes together, by its key."""
    alike = number_rows([verdicts[name] for name in _JOINED])
    _, first = np.unique(alike, return_index=True)
    kinds = verdicts[list(_JOINED)].iloc[first].to_dict("records")
    found: dict[int, list[int]] = {}
    for key, number in zip(verdicts["key"].tolist(), alike.tolist(), strict=True):
        found.setdefault(key, []).append(number)
    held = [tuple(numbers) for numbers in found.values()]
    made = {numbers: _join_records([kinds[one] for one in numbers]) for numbers in set(held)}
    return pd.DataFrame([made[numbers] for numbers in held], index=list(found))


def _join_records(found: Sequence[Mapping[Hashable, Any]]) -> dict[str, object]:
    groups = [find_group(one["safeguard"]) for one in found]
    rules = [one[name] for one in found for name in ("destination_rule", "safeguard_rule")]
    wrong = [one[name] for one in found for name in ("destination_message", "message")]
    said = {one["regime"]: SHORT_WORDS[one["safeguard"]][1] for one in found}
    laws = (one["instrument"] for one in found)
    return {
        **{regime: said.get(regime, "") for regime in REGIMES},
        "group": min(groups, key=rank_group),
        "broken": any(rules),
        "rests_on": "; ".join(dict.fromkeys(SAFEGUARDS[one["safeguard"]] for one in found)),
        "rules": " ".join(sorted({one for one in rules if one})),
        "wrong": " ".join(dict.fromkeys(filter(None, wrong))),
        "instrument": " ".join(dict.fromkeys(filter(None, laws))),
    }


def _add_cells(result: Result, rows: pd.DataFrame) -> pd.DataFrame:
    """Add the activity's names, what the cells say and where the one that matters stands."""
    register = result.register
    own = pd.DataFrame({"table": "activities", "key": rows["activity_key"], "field": "activity"})
    named = name_activities(Case(register, result.as_of, result.law), own)
    beside = rows["origin"] == "recipients"
    texts = {}
    for name, other in _BESIDE.items():
        alone = "transfers" if name == "mechanism" else ""
        chosen = beside.map({True: other, False: alone})
        cells = find_cells(register, rows[["key"]].assign(table="transfers", field=chosen))
        texts[name] = quote_cells(read_cells(register, cells), cells)
    field = beside.map({True: _BESIDE["mechanism"], False: "transfers"})
    asked = rows[["key"]].assign(table="transfers")
    places = locate(register, find_cells(register, asked.assign(field=field)))
    fallback = beside.map({True: "country", False: "transfers"})
    second = locate(register, find_cells(register, asked.assign(field=fallback)))
    places = places.where(places["cell"] != "", second)
    return rows.assign(
        activity_id=named["label"],
        activity=named["activity"],
        **texts,
        **{name: places[name] for name in ("file", "sheet", "cell")},
    )
