"""What owners wrote beside the findings: read as meant where that is plain, else kept and told."""

import re
from datetime import date, timedelta
from typing import Final

import pandas as pd

from ropa.phrases.dates import read_date
from ropa.phrases.matching import fold
from ropa.previous.found import join_problems, list_problems
from ropa.previous.values import ACCEPTED, OWNED, decisions, find_waivers, headings, is_day

_SERIAL = re.compile(r"[0-9]{5}")
_EPOCH = date(1899, 12, 30)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)

_BARE_NUMBER: Final = (
    "the due date is a bare number; it was taken for the day that Excel numbers so: "
    "check it and show the cell as a date"
)
_NO_DAY: Final = "the due date is no single day: write it as 2026-12-31"


def settle_words(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row a finding with its owners' words settled, and the problems with them.

    Parameters
    ----------
    rows : DataFrame
        Findings with `ropa.previous.found.PLACES`; an id may stand in several rows.

    Returns
    -------
    tuple of DataFrame
        The rows: dates in ISO 8601 and decisions of the list where they could be read so, else as
        typed; a text of white space alone is empty. The problems.
    """
    rows, dates = _read_dates(_empty_blank(rows))
    rows, choices = _read_decisions(rows)
    rows, repeats = _merge_repeated(rows)
    return rows, join_problems([dates, choices, repeats, _list_no_waivers(rows)])


def read_due(text: str) -> tuple[str, str]:
    """Return a due date in ISO 8601, or as typed, and what is to be said of it.

    Days stand before months. A month or a year is no day: which of its days was meant is not known.
    """
    if not text:
        return "", ""
    typed = text.strip()
    if _SERIAL.fullmatch(typed):
        day = _EPOCH + timedelta(days=int(typed))
        return (day.isoformat(), _BARE_NUMBER) if _EARLIEST <= day <= _LATEST else (text, _NO_DAY)
    found = read_date(typed)
    if found.first is None or found.first != found.last:
        return text, _NO_DAY
    return found.first.isoformat(), ""


def _empty_blank(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        **{name: rows[name].mask(rows[name].str.strip() == "", "") for name in OWNED}
    )


def _read_dates(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    readings = {text: read_due(text) for text in rows["due"].unique()}
    told = rows["due"].map({text: what for text, (_, what) in readings.items()}).astype("str")
    read = rows["due"].map({text: due for text, (due, _) in readings.items()}).astype("str")
    said = told != ""
    return rows.assign(due=read), list_problems(rows[said], "due", told[said])


def _read_decisions(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    offered = {fold(term): code for term, code in decisions().items()}
    meant = {text: offered.get(fold(text)) for text in rows["decision"].unique()}
    read = rows["decision"].map({text: code or text for text, code in meant.items()}).astype("str")
    unknown = rows["decision"].map({text: bool(text and not meant[text]) for text in meant})
    listed = ", ".join(decisions())
    what = f"the decision is none of the list ({listed}): nothing follows from it"
    return rows.assign(decision=read), list_problems(rows[unknown.astype("bool")], "decision", what)


def _merge_repeated(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row a finding, and what the rows of one finding say unlike one another.

    Of such a column no word counts. A copy without any word of its owners says nothing.
    """
    silent = (rows[list(OWNED)] == "").all(axis=1)
    rows = rows.assign(silent=silent).sort_values("silent", kind="stable")
    again = rows["id"].duplicated(keep=False) & ~rows["silent"]
    merged, told = rows.drop_duplicates("id"), [join_problems([])]
    for name in OWNED:
        variants = rows.loc[again, ["id", name]].drop_duplicates()
        conflicts = merged["id"].isin(variants["id"][variants["id"].duplicated()])
        what = (
            f"several rows bear this finding's id, unlike under {headings()[name]!r}: none counts"
        )
        told.append(list_problems(merged[conflicts], name, what))
        merged = merged.assign(**{name: merged[name].mask(conflicts, "")})
    return merged.drop(columns="silent").sort_index(), join_problems(told)


def _list_no_waivers(rows: pd.DataFrame) -> pd.DataFrame:
    """Say of each accepted finding that is no waiver what it lacks, in the first cell of it."""
    rows = rows[(rows["decision"] == ACCEPTED) & ~find_waivers(rows)]
    unread = (rows["due"] != "") & ~is_day(rows["due"])
    told = []
    for lacking, group in rows.groupby([*(rows[name] == "" for name in OWNED), unread]):
        names = [name for name, blank in zip(OWNED, lacking, strict=False) if blank]
        words = [headings()[name].lower() for name in names]
        whats = (
            [f"the {_join(words)} {'is' if len(words) == 1 else 'are'} missing"] if words else []
        )
        whats += ["the due date cannot be read"] if lacking[-1] else []
        first = names[0] if names else "due"
        told.append(list_problems(group, first, f"no waiver: {' and '.join(whats)}"))
    return join_problems(told)


def _join(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
