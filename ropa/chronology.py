"""The timeline: one register audited on each day on which the law changed, and why it differs.

A finding comes and goes for one of two reasons. The law changed: it is another one than on the day
before. Or time passed: a review became overdue, a contract ended, under the same law.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

import pandas as pd

from ropa.attribution import REGIMES
from ropa.auditing import audit_register
from ropa.findings import COLUMNS, SEVERITIES
from ropa.lawbook import Law, load_law
from ropa.lawbook.changes import describe_change, list_change_days
from ropa.lawbook.endings import read_day
from ropa.policy import Policy
from ropa.register import Register
from ropa.rules.catalogue import Rule, list_rules

FIRST_DAY = date(2015, 1, 1)
"""The timeline begins with the first change of the law from this day on."""

CHANGES = ("new", "persisting", "changed", "gone")

_OF_THE_FINDING = COLUMNS[: COLUMNS.index("status")]
TIMELINE_COLUMNS = ("as_of", "change", "because", "law_day", "event", "register", *_OF_THE_FINDING)
"""The columns of `build_timeline`."""

_KEY = ["register", "id"]
_DAY = timedelta(days=1)
# The law says until when an instrument can be concluded: its date is no matter of time passing.
_BESIDE_THE_LAW = frozenset({"mechanism_date_on"})


def build_timeline(
    register: Register,
    *,
    regime: str | None = None,
    law: Law | None = None,
    rules: Sequence[Rule] | None = None,
    dates: Iterable[date | str] | None = None,
    policy: Policy | None = None,
) -> pd.DataFrame:
    """Audit a register as of many days and tell what changed from each to the next, and why.

    Parameters
    ----------
    register : Register
        One register or several.
    regime : {"uk", "eu", "both"}, optional
        Instead of what the register says.
    law : Law, optional
        Other law tables; those of "what if" add the day on which an instrument ends.
    rules : sequence of Rule, optional
        Only these; all of the catalogue by default.
    dates : iterable of date or str, optional
        The days; by default each day from 2015 on, those to come included, on which the law
        changed under a regime of the register (`list_timeline_days`).
    policy : Policy, optional
        As in an audit; its waivers do not count here.

    Returns
    -------
    DataFrame
        One row a finding and day, for the days on which it stands and the one on which it is gone:

        - ``as_of``: the day.
        - ``change``: against the day before it in the timeline ``new``, ``persisting``, ``changed``
          (it still stands, under other regimes or with another severity) or ``gone``. On the first
          day all are ``new``.
        - ``because``: ``law`` where a change of the law made it so: it differs between the day
          before that change and the day itself, and would not by the passing of that one day under
          the older law. ``time`` where the law did not: time passed. Empty where it persists and on
          the first day.
        - ``law_day``, ``event``: where the law made it so, the day of that change and what changed
          the law. Else no day, and what changed the law on ``as_of``, if anything did.
        - ``register`` and the findings' columns up to ``remedy``, as the finding stands on that
          day, or stood last. An ``id`` is the same on all days, and unique in a register.

    Raises
    ------
    UsageError
        A date is none.
    """
    law = law or load_law()
    chosen = tuple(rules) if rules is not None else list_rules()
    run = _Run(regime, law, policy or Policy(), chosen, register, _age(register))
    if dates is None:
        days = list_timeline_days(register, regime=regime, law=law)
    else:
        days = tuple(sorted({read_day(one, "a day of the timeline") for one in dates}))
    parts: list[pd.DataFrame] = []
    before: _Day | None = None
    for day in days:
        now = _Day(day, _audit(run, day))
        parts.append(_list_standing(now) if before is None else _compare(run, before, now))
        before = now
    if not parts:
        parts = [_list_standing(_Day(FIRST_DAY, _audit(run, FIRST_DAY))).iloc[:0]]
    return _describe(run, pd.concat(parts, ignore_index=True))


def list_timeline_days(
    register: Register, *, regime: str | None = None, law: Law | None = None
) -> tuple[date, ...]:
    """Return the days from 2015 on on which the law changed under a regime of the register."""
    regimes = set().union(*_list_regimes(register, regime).values())
    return list_change_days(law or load_law(), regimes, FIRST_DAY)


def summarise_timeline(timeline: pd.DataFrame, days: Iterable[date] = ()) -> pd.DataFrame:
    """Return the counts of a timeline for a table.

    Parameters
    ----------
    timeline : DataFrame
        From `build_timeline`.
    days : iterable of date
        Its days, such as `list_timeline_days`: one without any finding has no row in a timeline.

    Returns
    -------
    DataFrame
        One row a day: ``as_of``, ``event`` (of that day, and of each change of the law since the
        one before that a finding came or went with), ``new``, ``changed`` and ``gone``; ``total``
        findings that stand, and of them those of each severity.
    """
    index = pd.DatetimeIndex(list(days), dtype="datetime64[s]")
    index = index.union(pd.DatetimeIndex(timeline["as_of"].unique())).rename("as_of")
    said = timeline.sort_values(["as_of", "law_day"], kind="stable", na_position="last")
    said = said[said["event"] != ""].drop_duplicates(["as_of", "event"])
    events = said.groupby("as_of")["event"].agg("; ".join).reindex(index)
    changes = pd.crosstab(timeline["as_of"], timeline["change"]).reindex(
        index=index, columns=[one for one in CHANGES if one != "persisting"], fill_value=0
    )
    stands = timeline[timeline["change"] != "gone"]
    severities = pd.crosstab(stands["as_of"], stands["severity"]).reindex(
        index=index, columns=list(SEVERITIES), fill_value=0
    )
    counts = changes.assign(total=severities.sum(axis=1)).join(severities).astype("int64")
    counts.insert(0, "event", events.fillna("").astype("str"))
    return counts.rename_axis(columns=None).reset_index()


@dataclass(frozen=True, slots=True)
class _Run:
    """What is the same on every day; the register, and the same a day older."""

    regime: str | None
    law: Law
    policy: Policy
    rules: tuple[Rule, ...]
    register: Register
    aged: Register


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of the timeline and its findings, one row a register and id."""

    day: date
    findings: pd.DataFrame


def _audit(
    run: _Run, day: date, codes: Iterable[str] | None = None, *, aged: bool = False
) -> pd.DataFrame:
    """Return the findings of a day by their key; of some rules; of the register a day older."""
    # A policy's required fields are a rule that looks at what the others found.
    wanted = None if codes is None or run.policy.required else frozenset(codes)
    result = audit_register(
        run.aged if aged else run.register,
        as_of=day,
        regime=run.regime,
        rules=[one for one in run.rules if wanted is None or one.code in wanted],
        law=run.law,
        policy=run.policy,
    )
    findings = result.frames["findings"][["register", *_OF_THE_FINDING]]
    return findings.set_index(pd.MultiIndex.from_frame(findings[_KEY]))


def _age(register: Register) -> Register:
    """Return the register with every date in it a day earlier, as the next day would see it."""
    frames = {}
    for name, frame in register.frames.items():
        dated = [str(one) for one in frame.select_dtypes("datetime")]
        older = {
            one: frame[one] - pd.Timedelta(_DAY) for one in dated if one not in _BESIDE_THE_LAW
        }
        frames[name] = frame.assign(**older)
    return replace(register, frames=MappingProxyType(frames))


def _name_states(findings: pd.DataFrame, keys: pd.MultiIndex) -> pd.Series:
    """Return for each key how the finding stands: regimes and severity; empty where it does not."""
    return (findings["regime"] + " " + findings["severity"]).reindex(keys).fillna("")


def _list_standing(now: _Day) -> pd.DataFrame:
    rows = now.findings.assign(as_of=now.day, change="new", because="")
    return rows.assign(law_day=_no_day(rows.index), touched=rows["regime"])


def _no_day(index: pd.Index) -> pd.Series:
    return pd.Series(pd.NaT, index=index, dtype="datetime64[s]")


def _compare(run: _Run, before: _Day, now: _Day) -> pd.DataFrame:
    """Return the rows of a day: the findings that stand, then those that are gone."""
    gone = before.findings[~before.findings.index.isin(now.findings.index)]
    rows = pd.concat([now.findings, gone])
    keys = pd.MultiIndex.from_frame(rows[_KEY])
    was, is_ = (_name_states(one.findings, keys) for one in (before, now))
    change = pd.Series("persisting", index=keys).mask(was != is_, "changed")
    change = change.mask(was == "", "new").mask(is_ == "", "gone")
    moved = rows[(was != is_).to_numpy()]
    causes = _explain(run, before, now, moved).reindex(keys)
    touched = [_join_touched(*pair) for pair in zip(was, is_, strict=True)]
    return rows.assign(
        as_of=now.day,
        change=change,
        because=causes["because"].fillna(""),
        law_day=causes["law_day"],
        touched=touched,
    )


def _join_touched(was: str, is_: str) -> str:
    """Return the regimes of two states under which something changed; all where none came."""
    one, other = (frozenset(state.split(" ")[0].split("+")) - {""} for state in (was, is_))
    return "+".join(sorted((one ^ other) or one))


def _explain(run: _Run, before: _Day, now: _Day, moved: pd.DataFrame) -> pd.DataFrame:
    """Tell of findings that differ between two days whether law or time made them what they are.

    The changes of the law in between are gone through backwards: the last step after which a
    finding stands as it does now, and before which it did not, is what made it so. Between two
    changes the law is the same, so that what differs there differs by time.
    """
    law_day = _no_day(moved.index)
    causes = pd.DataFrame({"because": "time", "law_day": law_day}, index=moved.index)
    regimes = set().union(*_list_regimes(run.register, run.regime).values())
    steps = [one for one in list_change_days(run.law, regimes, before.day + _DAY) if one <= now.day]
    left = moved
    for step in reversed(steps):
        if left.empty:
            break
        keys, codes = pd.MultiIndex.from_frame(left[_KEY]), set(left["rule"])
        final = _name_states(now.findings, keys)
        then = final if step == now.day else _name_states(_audit(run, step, codes), keys)
        eve = before.findings if step - _DAY == before.day else _audit(run, step - _DAY, codes)
        was = _name_states(eve, keys)
        stepped = (then == final) & (was != final)
        if stepped.any():
            aged = _name_states(_audit(run, step - _DAY, codes, aged=True), keys)
            by_law = keys[(stepped & (aged != final)).to_numpy()]
            causes.loc[by_law, "because"] = "law"
            causes.loc[by_law, "law_day"] = pd.Timestamp(step)
        left = left[((then == final) & (was == final)).to_numpy()]
    return causes


def _describe(run: _Run, rows: pd.DataFrame) -> pd.DataFrame:
    """Name the events: of the change of the law that a row is due to, else of its day."""
    rows = rows.assign(
        as_of=pd.to_datetime(rows["as_of"]).astype("datetime64[s]"),
        law_day=rows["law_day"].astype("datetime64[s]"),
    )
    own = {name: "+".join(found) for name, found in _list_regimes(run.register, run.regime).items()}
    by_law = rows["law_day"].notna()
    asked = pd.DataFrame(
        {
            "regimes": rows["touched"].where(by_law, rows["register"].map(own)),
            "day": rows["law_day"].where(by_law, rows["as_of"]),
        }
    )
    events = {
        (regimes, day): describe_change(run.law, regimes.split("+"), day.date())
        for regimes, day in asked.drop_duplicates().itertuples(index=False)
    }
    event = [events[one] for one in asked.itertuples(index=False, name=None)]
    rows = rows.assign(event=pd.Series(event, index=rows.index, dtype="str"))
    texts = dict.fromkeys(("change", "because"), "str")
    return rows[list(TIMELINE_COLUMNS)].astype(texts)


def _list_regimes(register: Register, regime: str | None) -> dict[str, tuple[str, ...]]:
    """Return the regimes under which each register is judged."""
    rows = register.frames["organisation"]
    flags = {one: rows[f"regimes_{one}"] for one in REGIMES}
    if regime is not None:
        flags = {one: pd.Series(regime in (one, "both"), index=rows.index) for one in REGIMES}
    return {
        str(name): tuple(one for one, flag in zip(REGIMES, judged, strict=True) if flag)
        for name, *judged in zip(rows["register"], *flags.values(), strict=True)
    }
