"""The verdict in words: what is wrong, how bad it is, and what changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ropa.findings import SEVERITIES
from ropa.phrases.sentences import join_words
from ropa.report.console import REGIME_NAMES, REGIME_SOURCES
from ropa.report.defects import list_defects
from ropa.report.page.anchors import Anchors
from ropa.report.page.wording import count, format_date
from ropa.report.verdict_words import word_verdict
from ropa.results import Result
from ropa.schema import NOT_LIVE
from ropa.summaries import Summary
from ropa.what_if import list_endings

TOP = 5
"""Defects that the verdict names; all of them stand below it."""


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
        word_verdict(result, summary),
        tuple(_list_sentences(result, summary)),
        tuple(_list_warnings(result)),
        tuple(_list_top(result, anchors)),
    )


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
    """Return the first defects, each with the anchor of its first finding."""
    places = {label: at for at, label in enumerate(result.findings.index)}
    for one in list_defects(result, TOP):
        at = places[one.rows.index[0]]
        yield {
            "severity": one.severity,
            "rule": one.rule,
            "name": one.name,
            "count": len(one.rows),
            "activities": one.activities,
            "message": one.message,
            "remedy": one.remedy,
            "provision": one.provision,
            "anchor": anchors.findings[at] if at < len(anchors.findings) else "",
        }
