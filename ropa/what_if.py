"""What if an instrument ended: the law as it would then be, and the transfers that would fall."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ropa.auditing import audit_register
from ropa.errors import UsageError
from ropa.lawbook import Law, load_law
from ropa.lawbook.endings import read_day
from ropa.lawbook.tables import Row, format_day, is_applicable
from ropa.register import find_cells, locate
from ropa.results import Result
from ropa.transfers import find_lost, is_told_elsewhere, judge_transfers
from ropa.workbook.files import shown

FALLEN_COLUMNS = (
    "register",
    "activity_id",
    "activity",
    "recipient",
    "country",
    "regime",
    "safeguard_before",
    "safeguard_after",
    "instrument",
    "instrument_name",
    "falls_with",
    "id",
    "rule",
    "severity",
    "message",
    "file",
    "sheet",
    "cell",
)
"""The columns of `find_fallen`."""

_FORM = 'write it as "end EUADQ-US-DPF 2026-12-01"'
_VERB = "end"
_WORDS = 3
_ROW = ["register", "key", "regime"]


@dataclass(frozen=True, slots=True)
class Ending:
    """An instrument that a law takes to end.

    Attributes
    ----------
    id, name : str
        The row of the law tables.
    last_day : str
        The last day on which it can be relied on.
    support : str
        Id of the instrument that it depends on, where that is taken to end as well.
    """

    id: str
    name: str
    last_day: str
    support: str


def parse_ending(text: str) -> tuple[str, date]:
    """Return the instrument and the day that ``"end EUADQ-US-DPF 2026-12-01"`` names.

    Parameters
    ----------
    text : str
        What the command line was given. Whether there is such an instrument is asked by
        `change_law`.

    Returns
    -------
    tuple of (str, date)
        The id of the instrument, and the first day on which it cannot be relied on.

    Raises
    ------
    UsageError
        The text has another form, or the day is none.
    """
    words = text.split()
    if not words or words[0].lower() != _VERB:
        began = repr(shown(words[0])) if words else "nothing"
        raise UsageError(f"what if: begins with {began} instead of 'end': {_FORM}")
    if len(words) != _WORDS:
        lack = "an instrument and a day" if len(words) == 1 else "a day"
        said = f"lacks {lack}" if len(words) < _WORDS else f"has {len(words)} words, not three"
        raise UsageError(f"what if {shown(text)!r}: {said}: {_FORM}")
    instrument, day = words[1:]
    if instrument[:1].isdigit() and not day[:1].isdigit():
        raise UsageError(f"what if {shown(text)!r}: the instrument comes before the day: {_FORM}")
    return instrument, read_day(day, f"the end of {instrument!r}")


def change_law(law: Law, texts: Sequence[str]) -> Law:
    """Return the law as it would be if some instruments ended, in whatever order they are named.

    Parameters
    ----------
    law : Law
        The law to begin from.
    texts : sequence of str
        One ending each, as in `parse_ending`.

    Raises
    ------
    UsageError
        As in `parse_ending` and `Law.ending`, or one instrument is ended twice.
    """
    endings = [parse_ending(text) for text in texts]
    named = [instrument for instrument, _ in endings]
    twice = next((one for one in named if named.count(one) > 1), "")
    if twice:
        raise UsageError(f"what if: the end of {twice!r} is given twice; give one day for it")
    # The latest first: what fell with another instrument can still be said to end sooner.
    for instrument, day in sorted(endings, key=lambda one: (one[1], one[0]), reverse=True):
        law = law.ending(instrument, on=day)
    return law


def list_endings(law: Law) -> tuple[Ending, ...]:
    """Return what a law takes to end, what was named before what falls with it."""
    ended = dict(law.ended)
    rows = [
        row
        for table in ("adequacy", "transfer_mechanisms")
        for row in law.rows(table)
        if row["id"] in ended
    ]
    found = [
        Ending(
            row["id"],
            name_instrument(row),
            ended[row["id"]],
            support if (support := row.get("depends_on", "")) in ended else "",
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.last_day, one.support != "", one.id)))


def find_fallen(before: Result, after: Result) -> pd.DataFrame:
    """Return the transfers that lose their safeguard because instruments are taken to end.

    A transfer that another instrument of its cell then carries loses nothing and is no row.

    Parameters
    ----------
    before : Result
        The audit under the law as it stands.
    after : Result
        The audit of the same register on the same day under a law of `change_law`.

    Returns
    -------
    DataFrame
        One row a transfer (activity, recipient and country) and regime, in the order of the
        register:

        - ``register``, ``activity_id``, ``activity``, ``recipient`` (empty where the country is
          stated without one), ``country``, ``regime`` (``uk`` or ``eu``);
        - ``safeguard_before``, ``safeguard_after``: words of `ropa.transfers.SAFEGUARDS`.
          Adequacy on a condition that the record does not show counts as one that can fall;
        - ``instrument``, ``instrument_name``: the id and name of what fell below the transfer;
          ``falls_with``: the id of the instrument that it depends on, where that fell as well;
        - ``id``, ``rule``, ``severity``, ``message``: of the finding in `after`; empty where none
          was made (the mechanism cannot be read, or the rule was not run);
        - ``file``, ``sheet``, ``cell``: where the mechanism stands or belongs, else the transfer.

        Empty where nothing falls, as on a day before the end.

    Raises
    ------
    ValueError
        The two audits are of different days or registers.
    """
    _check_pair(before, after)
    rows = _judge(after).merge(
        _judge(before)[[*_ROW, "safeguard", "instrument"]], on=_ROW, suffixes=("_after", "_before")
    )
    now = rows["safeguard_after"], rows["safeguard_rule"]
    lost = find_lost(rows["safeguard_before"], *now)
    rows = rows[lost & ~is_told_elsewhere(rows["origin"], *now)].reset_index(drop=True)
    return _describe(rows, before, after)


def list_fallen(result: Result) -> pd.DataFrame:
    """Return the transfers that an audit under a changed law loses, against the law as it stands.

    The frame of `find_fallen`; empty where the law takes nothing to end.
    """
    if not result.law.ended:
        return pd.DataFrame(columns=list(FALLEN_COLUMNS), dtype="str")
    before = audit_register(result.register, as_of=result.as_of, rules=(), law=load_law())
    return find_fallen(before, result)


def _check_pair(before: Result, after: Result) -> None:
    keys = [one.register.frames["transfers"][["register", "key"]] for one in (before, after)]
    if before.as_of != after.as_of or not keys[0].equals(keys[1]):
        raise ValueError("what falls is asked of two audits of one register on one day")


def _judge(result: Result) -> pd.DataFrame:
    return judge_transfers(result.register, result.as_of, result.law)


def _describe(rows: pd.DataFrame, before: Result, after: Result) -> pd.DataFrame:
    """Add the activity, what fell, the cell and the finding."""
    activities = after.register.frames["activities"].set_index("key").loc[rows["activity_key"]]
    field = rows["origin"].map({"recipients": "transfer_mechanism"}).fillna("transfers")
    asked = rows[["key"]].assign(table="transfers", field=field)
    places = locate(after.register, find_cells(after.register, asked))
    lost = _list_lost(before.law, after.law, after.as_of)
    fallen = [_find_fallen(before, lost, row) for row in rows.to_dict("records")]
    rows = rows.assign(
        activity_id=activities["label"].to_numpy(),
        activity=activities["activity"].to_numpy(),
        recipient=rows["recipient"].str.strip(),
        instrument=[" ".join(one["id"] for one in laws) for laws in fallen],
        instrument_name=["; ".join(name_instrument(one) for one in laws) for laws in fallen],
        falls_with=[" ".join(_list_supports(laws, lost)) for laws in fallen],
        **{name: places[name] for name in ("file", "sheet", "cell")},
    )
    same = ["register", "rule", "activity_id", "subject", "file", "sheet", "cell"]
    findings = after.frames["findings"].drop_duplicates(same).set_index(same)
    rows = rows.drop(columns=["severity", "message"]).rename(columns={"safeguard_rule": "rule"})
    rows = rows.join(findings[["id", "severity", "message"]], on=same)
    rows["rule"] = rows["rule"].where(rows["id"].notna(), "")
    texts = {name: rows[name].fillna("").astype("str") for name in FALLEN_COLUMNS}
    return pd.DataFrame(texts, columns=list(FALLEN_COLUMNS))


def name_instrument(row: Row) -> str:
    """Return the name of a row of ``adequacy`` or ``transfer_mechanisms``."""
    return row.get("name") or row["destination"]


def _list_lost(before: Law, after: Law, day: date) -> Mapping[str, Row]:
    """Return the rows of the instruments that can be relied on under one law and not the other."""
    stands = {row["id"] for row in _list_usable(after, day)}
    return {row["id"]: row for row in _list_usable(before, day) if row["id"] not in stands}


def _list_usable(law: Law, day: date) -> list[Row]:
    return [
        row
        for table in ("adequacy", "transfer_mechanisms")
        for row in law.rows(table)
        if is_applicable(row, format_day(day))
    ]


def _find_fallen(
    before: Result, lost: Mapping[str, Row], row: Mapping[Hashable, object]
) -> tuple[Row, ...]:
    """Return the lost instruments that a transfer rested on.

    A verdict on open adequacy or on a derogation names none: of the first it is the country's, and
    else any that was lost, since nothing else differs between the two laws.
    """
    named = [lost[one] for one in str(row["instrument_before"]).split() if one in lost]
    if not named and row["country_code"]:
        regime, country = str(row["regime"]), str(row["country_code"])
        adequacy = before.law.find_adequacy(regime, country, before.as_of)
        named = [lost[adequacy.id]] if adequacy is not None and adequacy.id in lost else []
    own = [one for one in lost.values() if one["regime"] == row["regime"]]
    return tuple(named or own or lost.values())


def _list_supports(rows: Sequence[Row], lost: Mapping[str, Row]) -> list[str]:
    supports = {row.get("depends_on", "") for row in rows}
    return sorted(one for one in supports if one in lost)
