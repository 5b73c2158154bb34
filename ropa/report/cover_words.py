"""The reasons of the verdict in words: what a reader must know before any table."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from ropa.charts.safeguard_groups import GROUPS
from ropa.findings import SEVERITIES, STATUSES
from ropa.phrases.sentences import join_words, spell_day
from ropa.report.verdict_words import find_missing, is_cut
from ropa.results import Result
from ropa.rules.catalogue import list_rules
from ropa.summaries import ITEM_NAMES, Summary

_ITEMS: Final = 3
_COUNTRIES: Final = 4
_WHOLE: Final = "30(1)(a)"
_HOME: Final = "home"
_GRAVE: Final = ("critical", "high")


def list_reasons(result: Result, summary: Summary, transfers: pd.DataFrame) -> Iterator[str]:
    """Return the verdict's reasons, one sentence or two each, the gravest first."""
    missing = find_missing(result)
    yield from filter(None, [tell_missing(result)])
    yield from _tell_gaps(summary, whole=missing.empty and not is_cut(result))
    yield from _tell_transfers(transfers)
    yield from _tell_findings(result, summary)
    yield from _tell_limits(result)


def tell_changes(result: Result) -> str:
    """Return what became of the findings since the earlier audit; empty without one."""
    if not result.earlier:
        return ""
    last = max(one.as_of for one in result.earlier)
    counts = result.findings["status"].value_counts()
    told = [f"{counts[one]} {one}" for one in STATUSES if counts.get(one, 0)]
    told.append(f"{len(result.fixed)} fixed")
    if len(result.pending):
        told.append(f"{len(result.pending)} that cannot be compared")
    came = result.changes["change"].value_counts()
    moved = [f"{came[one]} {one}" for one in ("added", "removed", "renamed") if came.get(one, 0)]
    since = f"Since the audit as of {spell_day(last)}: {join_words(told)}"
    return since + (f"; activities: {join_words(moved)}." if moved else ".")


def tell_missing(result: Result) -> str:
    """Return what the whole record lacks that Article 30 requires; empty where nothing is."""
    rows = find_missing(result)
    fields = rows["field"].where(rows["field"] != "", rows["name"]).str.replace("_", " ")
    said = join_words([*dict.fromkeys(fields)]) if len(rows) else ""
    return f"Missing from the record as a whole: {said}." if said else ""


def _tell_gaps(summary: Summary, *, whole: bool) -> Iterator[str]:
    states = summary.activities
    total = states["key"].nunique()
    if not summary.completeness["total"].sum():
        yield "Article 30 was not yet law on that day, or its rules could not be judged."
        return
    rows = summary.completeness
    lacking = rows[(rows["gap"] > 0) & (rows["item"] != _WHOLE)]
    count = states.loc[states["state"] == "gap", "key"].nunique()
    if count:
        # An item of both lists, of controllers' records and of processors', is one to the reader.
        names = lacking["item"].map(lambda one: ITEM_NAMES[one].removesuffix(" (processor)"))
        gaps = lacking.groupby(names)["gap"].sum().sort_values(ascending=False, kind="stable")
        named = [f"{_lower(str(name))} ({gap})" for name, gap in gaps.head(_ITEMS).items()]
        more = " and other items" if len(gaps) > _ITEMS else ""
        those = f"{count} of {_number(total, 'activity', 'activities')}"
        those = f"All {total} activities" if count == total > 1 else those
        yield (
            f"{those} {'lacks' if count == 1 else 'lack'} something that Article 30 requires: "
            f"{', '.join(named) + more if more else join_words(named)}."
        )
    elif total and whole:
        each = "The one activity has" if total == 1 else f"All {total} activities have"
        yield f"{each} an answer to every item of Article 30."
    if (rows.loc[rows["item"] == _WHOLE, "gap"] > 0).any():
        yield "The record does not say in full who the controller is and how to reach it."


def _tell_transfers(transfers: pd.DataFrame) -> Iterator[str]:
    abroad = transfers[transfers["group"] != _HOME]
    total = len(abroad)
    broken = abroad[abroad["broken"].astype(bool)]
    failing = broken[broken["group"] == "failing"]
    unclear = broken[broken["group"] == "unclear"]
    if len(failing):
        where = failing["country"].where(failing["country"] != "", "country not named")
        yield (
            f"{len(failing)} of {_number(total, 'transfer', 'transfers')} abroad "
            f"{'has' if len(failing) == 1 else 'have'} no safeguard that works: "
            f"{_count_words(where)}."
        )
    if len(unclear):
        said = _count_words(unclear["rests_on"])
        yield (
            f"Of {_number(len(unclear), 'transfer', 'transfers')} the record does not show "
            f"what protects the data, or where they go: {said}."
        )
    if total and broken.empty:
        yield f"No fault was found with the safeguard of any transfer abroad ({total})."


def _tell_findings(result: Result, summary: Summary) -> Iterator[str]:
    total = sum(summary.severity.values())
    if not total:
        yield "No rule found a defect."
    else:
        grave = [f"{n} {one}" for one in _GRAVE if (n := summary.severity[one])]
        said = f", of which {join_words(grave)}" if grave else ", none of them critical or high"
        yield f"{_number(total, 'open finding', 'open findings')} in all{said}."
    waived = int((result.findings["status"] == "waived").sum())
    if waived:
        yield f"{_number(waived, 'finding is an accepted risk', 'findings are accepted risks')}."


def _tell_limits(result: Result) -> Iterator[str]:
    unread = len(result.register.frames["issues"])
    if unread:
        yield (
            f"{_number(unread, 'cell', 'cells')} could not be read in full; "
            "each is a finding (rule GOV-08)."
        )
    run, known = len(result.rules), len(list_rules())
    if run < known:
        yield f"Only {run} of the {known} rules were run."
    rules = result.not_evaluated["rule"].nunique()
    if rules:
        yield (
            f"{_number(rules, 'rule', 'rules')} could not be judged, wholly or for some "
            "activities: see the sheet Not evaluated."
        )


def _count_words(texts: pd.Series) -> str:
    counts = texts.value_counts(sort=False).sort_values(ascending=False, kind="stable")
    named = [f"{text} ({count})" for text, count in counts.head(_COUNTRIES).items()]
    left = int(counts.iloc[_COUNTRIES:].sum())
    return join_words([*named, f"others ({left})"] if left else named)


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def count_groups(transfers: pd.DataFrame) -> tuple[tuple[str, str, int], ...]:
    """Return each group of safeguards that there is, its words and how many transfers it has."""
    counts = transfers["group"].value_counts()
    return tuple((one, GROUPS[one], int(counts[one])) for one in GROUPS if counts.get(one, 0))


def count_statuses(result: Result) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Return each status with its findings by severity, of those that are gone as well."""
    told = [(one, result.findings[result.findings["status"] == one]) for one in STATUSES]
    told += [("fixed", result.fixed), ("not compared", result.pending)]
    return tuple(
        (name, tuple(int((rows["severity"] == one).sum()) for one in SEVERITIES))
        for name, rows in told
    )
