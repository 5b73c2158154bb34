"""Two or more audits compared: the frames that follow."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from ropa.comparison.activities import match_activities
from ropa.comparison.statuses import (
    FIXED,
    GONE,
    UNJUDGED,
    WAIVED,
    explain_absence,
    find_statuses,
)
from ropa.comparison.waivers import list_waivers, match_waivers, settle_states
from ropa.errors import UsageError
from ropa.findings import COLUMNS
from ropa.phrases.columns import map_texts
from ropa.phrases.matching import fold
from ropa.policy import Waiver
from ropa.previous import OWNED, Previous
from ropa.results import (
    CHANGE_COLUMNS,
    HISTORY_COLUMNS,
    PENDING_COLUMNS,
    Result,
    make_frames,
)

_SAME = ["rule", "activity_id", "field", "subject"]


def compare_snapshots(
    now: Previous, earlier: Sequence[Previous], waivers: Sequence[Waiver] = ()
) -> Mapping[str, pd.DataFrame]:
    """Return what changed between earlier audits and this one.

    Parameters
    ----------
    now : Previous
        This audit. Of its statuses only ``waived`` counts, and only where `waivers` is empty.
    earlier : sequence of Previous
        Earlier audits, in any order.
    waivers : sequence of Waiver
        Those of this audit's policy.

    Returns
    -------
    mapping
        ``findings`` (as in `now`, in its order, with statuses and the owners' words), ``fixed``,
        ``pending``, ``waivers``, ``changes`` and ``history``: see `ropa.results.Result`.

    Raises
    ------
    UsageError
        An earlier audit is of a later date.
    """
    ordered = sort_by_date(earlier)
    for one in ordered:
        if one.as_of > now.as_of:
            raise UsageError(
                f"{one.file or 'the earlier audit'}: is of {one.as_of.isoformat()}, later than "
                f"{now.as_of.isoformat()}: compare with an earlier audit"
            )
    base = _join_latest(ordered)
    known = not (base["activities"].empty or now.activities.empty)
    activities = match_activities(
        base["activities"] if known else base["activities"].iloc[:0],
        now.activities if known else now.activities.iloc[:0],
    )
    open_before = pd.concat([base["findings"], base["pending"][list(COLUMNS)]], ignore_index=True)
    open_before = open_before.drop_duplicates("id").astype("str")
    partners = _find_partners(now.findings, open_before, activities)
    words = _list_words(ordered, partners)
    history = _list_history(ordered, partners)
    findings = _carry_words(now.findings, words)
    lost = open_before[~open_before["id"].isin([*now.findings["id"], *partners.index])]
    why = explain_absence(lost, now, activities)
    # Said once: what went with its activity is not listed again at every later audit.
    told = lost["id"].isin(base["pending"]["id"]) & (why == GONE)
    lost, why = lost[~told], why[~told]

    decided = words[words["id"].isin([*findings["id"], *lost["id"]])]
    accepted = list_waivers(waivers, decided)
    pairs = match_waivers(accepted, findings, now.as_of)
    last = history.sort_values("as_of", kind="stable").drop_duplicates("id", keep="last")
    since = ordered[-1].as_of.isoformat() if ordered else ""
    status = find_statuses(findings["id"], last.set_index("id")["status"], pairs, since)
    if not waivers:
        status = status.mask(now.findings["status"] == WAIVED, WAIVED)
    findings = findings.assign(status=status)
    fixed = lost[why == ""].assign(status=FIXED)
    pending = lost[why != ""].assign(why=why[why != ""])
    return MappingProxyType(
        {
            "findings": findings,
            "fixed": _carry_words(fixed, words).reset_index(drop=True),
            "pending": _carry_words(pending, words)[list(PENDING_COLUMNS)].reset_index(drop=True),
            "waivers": settle_states(accepted, pairs, now.as_of),
            "changes": activities.loc[activities["change"] != "", list(CHANGE_COLUMNS)].reset_index(
                drop=True
            ),
            "history": _extend(history, now.as_of.isoformat(), findings, fixed, pending),
        }
    )


def compare_with_none(findings: pd.DataFrame, result: Result) -> Mapping[str, pd.DataFrame]:
    """Return the frames of an audit without earlier ones and without waivers.

    Parameters
    ----------
    findings : DataFrame
        The findings, each of them new.
    result : Result
        The audit.
    """
    frames = make_frames(findings.assign(**dict.fromkeys(OWNED, "")), result.not_evaluated)
    empty = [frames[name] for name in ("history", "fixed", "pending")]
    history = _extend(empty[0], result.as_of.isoformat(), findings, *empty[1:])
    return {**frames, "not_evaluated": result.frames["not_evaluated"], "history": history}


def sort_by_date(earlier: Sequence[Previous]) -> tuple[Previous, ...]:
    """Return audits by date; of one date in the order given."""
    return tuple(sorted(earlier, key=lambda one: one.as_of))


def _join_latest(ordered: Sequence[Previous]) -> Mapping[str, pd.DataFrame]:
    """Return the frames of the last audit, which may have been read from several files."""
    latest = [one for one in ordered if one.as_of == ordered[-1].as_of]
    frames = {}
    for name, key in (("findings", "id"), ("pending", "id"), ("activities", "activity_id")):
        parts = [getattr(one, name) for one in latest]
        full = [part for part in parts if len(part)]
        if key == "activity_id":
            # Ids repeat in one file; the same list may stand in several.
            frames[name] = full[0] if full else _make_empty(name)
        else:
            joined = pd.concat(full, ignore_index=True) if full else _make_empty(name)
            frames[name] = joined.drop_duplicates(key, keep="last")
    return frames


def _make_empty(name: str) -> pd.DataFrame:
    columns = {
        "findings": COLUMNS,
        "pending": PENDING_COLUMNS,
        "activities": ("activity_id", "activity", "live", "content"),
    }
    return pd.DataFrame(columns=list(columns[name]), dtype="str")


def _find_partners(
    findings: pd.DataFrame, before: pd.DataFrame, activities: pd.DataFrame
) -> pd.Series:
    """Return earlier finding ids to those of now, where an activity bears another id or name.

    The id of a finding is made of its activity's. Rule, field and subject tell which is which.
    """
    moved = activities[(activities["change"] == "renamed")]
    moved = moved[moved["earlier_id"] != moved["activity_id"]]
    labels = moved.drop_duplicates("earlier_id", keep=False).set_index("earlier_id")["activity_id"]
    old = before[~before["id"].isin(findings["id"]) & before["activity_id"].isin(labels.index)]
    new = findings[~findings["id"].isin(before["id"])]
    old, new = (
        rows.assign(
            activity_id=names, subject=map_texts(rows["subject"], fold).astype("str")
        ).drop_duplicates(_SAME, keep=False)[["id", *_SAME]]
        for rows, names in ((old, old["activity_id"].map(labels)), (new, new["activity_id"]))
    )
    pairs = old.merge(new, on=_SAME, suffixes=("_old", "_new"))
    return pairs.set_index("id_old")["id_new"].astype("str")


def _list_words(ordered: Sequence[Previous], partners: pd.Series) -> pd.DataFrame:
    """Return what owners last wrote to each finding, one row a finding, with its source."""
    columns = ["id", "rule", "activity_id", *OWNED]
    parts = [pd.DataFrame(columns=[*columns, "source", "rank"], dtype="str")]
    for one in ordered:
        for rows in (one.fixed, one.pending, one.findings):
            said = (rows[list(OWNED)] != "").any(axis=1)
            rank = one.as_of.isoformat() + said.map({True: " 1", False: " 0"})
            source = f"the audit of {one.as_of.isoformat()}"
            parts.append(rows[columns].assign(source=source, rank=rank.astype("str")))
    words = pd.concat(parts, ignore_index=True).sort_values("rank", kind="stable")
    words = words.assign(id=_look_up(words["id"], partners, words["id"]))
    return words.drop_duplicates("id", keep="last").drop(columns="rank").astype("str")


def _carry_words(rows: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """Return findings with what their owners wrote, empty where nobody did."""
    said = words.set_index("id")
    return rows.assign(**{name: _look_up(rows["id"], said[name], "") for name in OWNED})


def _look_up(keys: pd.Series, values: pd.Series, default: "str | pd.Series") -> pd.Series:
    """Return the text of each key, or the default where there is none."""
    found = keys.map(values).astype("object")
    return found.where(found.notna(), default).astype("str")


def _list_history(ordered: Sequence[Previous], partners: pd.Series) -> pd.DataFrame:
    """Return the status of each finding at each earlier audit."""
    parts = [pd.DataFrame(columns=list(HISTORY_COLUMNS), dtype="str")]
    for one in ordered:
        listed = [(key, day, status) for key, days in one.history.items() for day, status in days]
        parts.append(pd.DataFrame(listed, columns=list(HISTORY_COLUMNS), dtype="str"))
        day = one.as_of.isoformat()
        for rows, status in ((one.pending, UNJUDGED), (one.fixed, FIXED), (one.findings, None)):
            own = rows[["id"]].assign(as_of=day, status=status or rows["status"])
            parts.append(own)
    history = pd.concat(parts, ignore_index=True)
    history = history.assign(id=_look_up(history["id"], partners, history["id"]))
    return history.drop_duplicates(["id", "as_of"], keep="last").astype("str")


def _extend(
    history: pd.DataFrame,
    day: str,
    findings: pd.DataFrame,
    fixed: pd.DataFrame,
    pending: pd.DataFrame,
) -> pd.DataFrame:
    """Return the history with this audit's statuses."""
    own = [
        findings[["id"]].assign(as_of=day, status=findings["status"]),
        fixed[["id"]].assign(as_of=day, status=FIXED),
        pending[["id"]].assign(as_of=day, status=UNJUDGED),
    ]
    rows = pd.concat([history, *own], ignore_index=True)
    rows = rows.drop_duplicates(["id", "as_of"], keep="last")
    return rows.sort_values(["id", "as_of"], kind="stable", ignore_index=True).astype("str")
