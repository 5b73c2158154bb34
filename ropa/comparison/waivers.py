"""Accepted risks: those of the policy, and findings that their owners accepted in a workbook."""

from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from ropa.phrases.matching import fold
from ropa.policy import Waiver
from ropa.results import WAIVER_COLUMNS

IN_FORCE = "in force"
EXPIRED = "expired"
UNMATCHED = "matches no finding"

_ACCEPTED = "accepted"
_PARTS = {"owner": "an owner", "remark": "a remark", "due": "a due date"}
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def list_waivers(waivers: Sequence[Waiver], decided: pd.DataFrame) -> pd.DataFrame:
    """Return the waivers of a policy and those that owners decided.

    Parameters
    ----------
    waivers : sequence of Waiver
        Those of the policy.
    decided : DataFrame
        One row a finding of an earlier audit: ``id``, ``rule``, ``activity_id``, ``owner``,
        ``due``, ``decision``, ``remark`` and ``source``.

    Returns
    -------
    DataFrame
        `ropa.results.WAIVER_COLUMNS`; ``state`` is empty, or says what a decision lacks to be a
        waiver.
    """
    policy = pd.DataFrame(
        [
            (
                one.finding,
                one.rule,
                one.activity,
                one.reason,
                one.approver,
                one.expiry.isoformat(),
                "policy",
                "",
            )
            for one in waivers
        ],
        columns=list(WAIVER_COLUMNS),
    )
    rows = decided[decided["decision"] == _ACCEPTED]
    # By its id alone: the rule and the activity are there to be read.
    owned = rows.rename(
        columns={"id": "finding", "remark": "reason", "owner": "approver", "due": "expiry"}
    ).assign(state=_name_missing(rows))
    return pd.concat([policy, owned[list(WAIVER_COLUMNS)]], ignore_index=True).astype("str")


def _name_missing(rows: pd.DataFrame) -> pd.Series:
    """Say of each accepted finding what it lacks to be a waiver; empty for nothing."""
    lacking = pd.Series("", index=rows.index, dtype="str")
    for column, words in _PARTS.items():
        stated = rows[column].str.strip() != ""
        if column == "due":
            stated = rows[column].str.fullmatch(_DAY)
        lacking = lacking.mask(~stated, lacking + " and " + words)
    lacking = lacking.str.removeprefix(" and ")
    return ("no waiver: it lacks " + lacking).where(lacking != "", "")


def match_waivers(waivers: pd.DataFrame, findings: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the pairs of a waiver and a finding that it is about.

    Returns
    -------
    DataFrame
        One row a pair: ``waiver`` and ``finding`` (positions in the two frames), ``expiry`` and
        ``live``: whether the waiver is in force on the date.
    """
    usable = waivers[waivers["state"] == ""]
    named = usable["finding"] != ""
    ids = pd.Series(range(len(findings)), index=findings["id"])
    by_id = _pair(usable[named], usable["finding"], ids)
    keys = [f"{rule} {fold(one)}" for rule, one in _zip(findings, "rule", "activity_id")]
    wanted = [f"{rule} {fold(one)}" for rule, one in _zip(usable, "rule", "activity_id")]
    by_rule = _pair(
        usable[~named],
        pd.Series(wanted, index=usable.index, dtype="str"),
        pd.Series(range(len(findings)), index=keys),
    )
    pairs = pd.concat([by_id, by_rule], ignore_index=True)
    expiry = waivers["expiry"].reindex(pairs["waiver"]).to_numpy()
    return pairs.assign(expiry=expiry, live=expiry >= as_of.isoformat())


def settle_states(waivers: pd.DataFrame, pairs: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the waivers with what has become of each on the date."""
    open_ones = waivers["state"] == ""
    expired = waivers["expiry"] < as_of.isoformat()
    state = waivers["state"].mask(open_ones, IN_FORCE).mask(open_ones & expired, EXPIRED)
    lost = open_ones & ~waivers.index.isin(pairs["waiver"])
    order = ["source", "rule", "activity_id", "finding", "expiry", "reason"]
    settled = waivers.assign(state=state.mask(lost, UNMATCHED))
    return settled.sort_values(order, kind="stable", ignore_index=True)


def _pair(waivers: pd.DataFrame, wanted: pd.Series, places: pd.Series) -> pd.DataFrame:
    """Pair waivers with the findings that bear the wanted key."""
    keys = pd.DataFrame({"waiver": waivers.index, "key": wanted.reindex(waivers.index).to_numpy()})
    found = pd.DataFrame({"key": places.index.astype("str"), "finding": places.to_numpy()})
    return keys.merge(found, on="key")[["waiver", "finding"]].astype("int64")


def _zip(frame: pd.DataFrame, one: str, other: str) -> Iterable[tuple[str, str]]:
    return zip(frame[one], frame[other], strict=True)
