"""The verdict of an audit in one line, the same wherever it is told: workbook, page and slides."""

import pandas as pd

from ropa.evaluation import FAILED
from ropa.phrases.sentences import count_words
from ropa.results import Result
from ropa.rules.catalogue import list_rules
from ropa.summaries import Summary


def word_verdict(result: Result, summary: Summary) -> str:
    """Return where the record stands: under Article 30, then how grave what was found is.

    Parameters
    ----------
    result : Result
        The audit.
    summary : Summary
        Its counts.

    Returns
    -------
    str
        Such as ``Not complete under Article 30; 3 critical findings need action now``. It is never
        better than what was judged: with rules that were not run or broke off nothing is complete.
    """
    if not result.rules:
        return "No rule was run: this audit says nothing of the record"
    return f"{_word_completeness(result, summary)}; {_word_gravity(result, summary)}"


def _word_completeness(result: Result, summary: Summary) -> str:
    rows = summary.completeness
    if not rows["total"].sum():
        return "Not judged for completeness"
    if rows["gap"].any() or len(find_missing(result)):
        return "Not complete under Article 30"
    return "Not judged in full" if is_cut(result) else "Complete under Article 30"


def _word_gravity(result: Result, summary: Summary) -> str:
    counts = summary.severity
    total = sum(counts.values())
    if counts["critical"]:
        needs = "needs" if counts["critical"] == 1 else "need"
        number = count_words(counts["critical"], "critical finding", "critical findings")
        return f"{number} {needs} action now"
    if counts["high"]:
        number = count_words(counts["high"], "finding", "findings")
        return f"nothing critical, {number} of high severity"
    if total:
        return f"nothing critical or high, {count_words(total, 'smaller point', 'smaller points')}"
    if len(result.not_evaluated) or is_cut(result):
        return "no open finding in what could be judged"
    if len(result.findings):
        return "no open finding, accepted risks remain"
    return "no defect found"


def find_missing(result: Result) -> pd.DataFrame:
    """Return the findings that the whole record lacks what Article 30 requires, as a column."""
    rows = result.findings
    rows = rows[(rows["duty"] == "record") & (rows["activity_id"] == "")]
    # What the organisation leaves out about itself, such as an officer, is told on its own.
    return rows[~rows["field"].isin(result.register.frames["organisation"].columns)]


def is_cut(result: Result) -> bool:
    """Tell whether rules broke off or were not run, so that what they find is not known."""
    broken = result.not_evaluated["why"].str.startswith(FAILED).any()
    return bool(broken) or len(result.rules) < len(list_rules())
