"""The verdict in words: what is wrong, how bad it is, and what changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ropa.findings import SEVERITIES, rank_severity
from ropa.phrases.sentences import join_words
from ropa.report.console import REGIME_NAMES, REGIME_SOURCES
from ropa.report.page.anchors import Anchors
from ropa.report.page.wording import count, format_date, name_defect
from ropa.results import Result
from ropa.schema import NOT_LIVE
from ropa.summaries import Summary
from ropa.what_if import list_endings

TOP = 5
"""Defects that the verdict names; all of them stand below it."""

_NAMED = 8
_MAIN_HEADLINES = {
    "critical": "{} cannot wait",
    "high": "Nothing is critical; {} of high severity",
    "medium": "Nothing is critical or high; {} of medium severity",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the head of the page says.

    Attributes
    ----------
    level : str
        The worst severity that is not waived; empty for none.
    headline : str
        The one line.
    sentences : tuple of str
        What follows it.
    warnings : tuple of str
        What the reader must know to read it rightly: suppositions, rules that broke off.
    top : tuple of mapping
        The defects that matter most, worst first.
    """

    level: str
    headline: str
    sentences: tuple[str, ...]
    warnings: tuple[str, ...]
    top: tuple[dict[str, Any], ...]


def build_verdict(result: Result, summary: Summary, anchors: Anchors) -> Verdict:
    """Return the verdict on an audit."""
    level = next((one for one in SEVERITIES if summary.severity[one]), "")
    return Verdict(
        level,
        _word_headline(level, summary),
        tuple(_list_sentences(result, summary)),
        tuple(_list_warnings(result)),
        tuple(_list_top(result, anchors)),
    )


def _word_headline(level: str, summary: Summary) -> str:
    if not level:
        return "Nothing was found wrong in what could be judged"
    if level not in _MAIN_HEADLINES:
        total = sum(summary.severity.values())
        return f"Nothing serious; {count(total, 'minor point')}"
    return _MAIN_HEADLINES[level].format(count(summary.severity[level], "finding"))


def _list_sentences(result: Result, summary: Summary) -> Iterator[str]:
    statuses = result.register.frames["activities"]["status_code"]
    ended = int(statuses.isin(NOT_LIVE).sum())
    live = count(len(statuses) - ended, "live activity", "live activities")
    aside = f" ({ended} more ended or only proposed, and were not judged)" if ended else ""
    total = sum(summary.severity.values())
    parts = [f"{number} {one}" for one, number in summary.severity.items() if number]
    told = f"{count(total, 'finding')}: {join_words(parts)}" if total else "no finding"
    yield (
        f"Judged as of {format_date(result.as_of)} under the {REGIME_NAMES[result.regime]},"
        f" {live}{aside} gave {told}."
    )
    entries = int(summary.completeness["total"].sum())
    gaps = int(summary.completeness["gap"].sum())
    if entries:
        yield (
            f"Of {count(entries, 'entry', 'entries')} that Article 30 asks for,"
            f" {gaps or 'none'} {'is' if gaps in (0, 1) else 'are'} missing."
        )
    waived = int((result.frames["findings"]["status"] == "waived").sum())
    if waived:
        risks, verb = count(waived, "accepted risk"), _are(waived, ("is", "are"))
        yield f"{risks}, not counted here, {verb} listed below."
    if result.earlier:
        last = max(one.as_of for one in result.earlier)
        yield f"Since the audit of {format_date(last)} {_word_change(result)}."
    else:
        yield "There is no earlier audit to compare with: every finding counts as new."


def _word_change(result: Result) -> str:
    """Return what became of the findings, such as ``3 were fixed and 2 are new; 50 persist``."""
    statuses = result.frames["findings"]["status"].value_counts()
    new, reopened, stay = (int(statuses.get(one, 0)) for one in ("new", "reopened", "persisting"))
    fixed, lost = len(result.frames["fixed"]), len(result.frames["pending"])
    parts = [
        f"{number} {_are(number, verb)}{word}"
        for number, verb, word in (
            (fixed, ("was ", "were "), "fixed"),
            (new, ("is ", "are "), "new"),
            (reopened, ("was ", "were "), "reopened"),
        )
        if number
    ]
    told = [join_words(parts) or "nothing was fixed and nothing is new"]
    told += [f"{stay} {_are(stay, ('persists', 'persist'))}"] if stay else []
    told += [f"{lost} cannot be compared"] if lost else []
    return "; ".join(told)


def _are(number: int, verb: tuple[str, str]) -> str:
    return verb[0] if number == 1 else verb[1]


def _list_warnings(result: Result) -> Iterator[str]:
    for one in list_endings(result.law):
        cause = f", which falls with {one.support}" if one.support else ""
        yield (
            f"What if: this audit supposes that {one.name} ({one.id}) ends{cause};"
            f" its last day is taken to be {format_date(one.last_day)}."
        )
    sources = result.register.frames["organisation"]["regimes_from"]
    for source in sorted({str(one) for one in sources}):
        if REGIME_SOURCES[source]:
            yield f"Regime: {REGIME_NAMES[result.regime]}{REGIME_SOURCES[source]}."
    unread = len(result.register.issues)
    if unread:
        yield f"{count(unread, 'cell')} could not be read: see the findings of rule GOV-08."
    rules = result.not_evaluated["rule"].nunique()
    if rules:
        yield f"{count(rules, 'rule')} could not be judged in full: see “Not evaluated”."
    problems = sum(len(one.problems) for one in result.earlier)
    if problems:
        yield f"{count(problems, 'entry', 'entries')} of earlier audits could not be used."


def _list_top(result: Result, anchors: Anchors) -> Iterator[dict[str, Any]]:
    """Return the first defects, those of one rule together, as on the terminal."""
    findings = result.frames["findings"].reset_index(drop=True)
    live = findings[findings["status"] != "waived"]
    ranks = live["severity"].map(rank_severity)
    order = live.assign(rank=ranks).groupby("rule")["rank"].agg(["min", "size"])
    order = order.sort_values(["min", "size"], ascending=[True, False], kind="stable")
    for rule in order.index[:TOP]:
        rows = live[live["rule"] == rule]
        first, at = rows.iloc[0], int(rows.index[0])
        yield {
            "severity": first["severity"],
            "rule": rule,
            "name": name_defect(first["name"]),
            "count": len(rows),
            "activities": _name_some(rows["activity_id"]),
            "message": first["message"],
            "remedy": first["remedy"],
            "provision": first["provision"],
            "anchor": anchors.findings[at] if at < len(anchors.findings) else "",
        }


def _name_some(labels: pd.Series) -> str:
    named = [one for one in dict.fromkeys(labels) if one]
    more = len(named) - _NAMED
    return ", ".join(named[:_NAMED]) + (f" and {more} more" if more > 0 else "")
