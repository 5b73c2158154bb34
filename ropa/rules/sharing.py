"""Denials of sharing, held against the recipients that the register records."""

import re

import pandas as pd

from ropa.phrases.matching import fold, load_matcher
from ropa.rules.case import Case, consists_of, is_none, is_stated, map_texts, mentions, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.schema import ENGAGED

_WORDS = "sharing_denial"
_SENTENCE_END = re.compile(r"[;\n]|[.!](?=\s|$)")
_BREAK = re.compile(r"\b(?:and|but)\b")


@rule("REC-06", roles="CR", severity="medium", duty="law")
def sharing_denied(case: Case) -> pd.DataFrame:
    """Sharing is denied without limit while recipients are recorded.

    In the organisation's general statements, or in an activity's own cell ("None" beside rows in
    the sheet of recipients). Milder where all of them are processors, which are recipients but no
    third parties. A limited denial (of sale, of marketing by others, of sharing without
    permission) is none.

    Why it matters
    --------------
    People are told who gets their data. A denial that the register itself contradicts is untrue in
    every notice that repeats it.

    Remedy
    ------
    Limit the denial to what is true, such as "never sold" or "shared only with the processors
    named", or delete the recipient that gets no data.

    References
    ----------
    GDPR Art 5(1)(a), 13(1)(e), 30(1)(d), 4(9) and 4(10).
    """
    shared = _list_shared(case)
    engaged = shared["role_code"].isin(ENGAGED)
    return join_hits(
        (
            _hit_statements(case, engaged.groupby(shared["register"]).all()),
            _hit_activities(case, engaged.groupby(shared["activity_key"]).all()),
        )
    )


def _list_shared(case: Case) -> pd.DataFrame:
    """Return the recipients that contradict a denial.

    Left out are own staff and the people concerned, and in a processor's record the controller.
    """
    rows = case.recipients
    inside = (rows["role_code"] == "internal") | consists_of(
        read_column(rows, "recipient"), "not_third_party"
    )
    home = rows["processor"] & (rows["role_code"] == "controller")
    denial = mentions(read_column(rows, "recipient"), _WORDS, codes=("negation",))
    return rows[is_stated(rows, "recipient") & ~inside & ~home & ~denial]


def _hit_statements(case: Case, engaged: pd.Series) -> pd.DataFrame:
    """Return hits on general statements; `engaged`: register to whether all are processors."""
    rows = case.organisation
    rows = rows[rows["register"].isin(engaged.index)]
    denied = is_stated(rows, "statements") & map_texts(
        read_column(rows, "statements"), _denies
    ).astype(bool)
    rows = rows[denied]
    return make_hits(
        rows,
        "statements",
        "Sharing is denied here, while recipients are recorded for activities.",
        table="organisation",
        severity=_grade(rows["register"].map(engaged)),
    )


def _hit_activities(case: Case, engaged: pd.Series) -> pd.DataFrame:
    """Return hits on activities' cells; `engaged`: activity to whether all are processors."""
    rows = case.controller_rows
    rows = rows[rows["key"].isin(engaged.index)]
    denied = is_stated(rows, "recipients") & map_texts(
        read_column(rows, "recipients"), _denies
    ).astype(bool)
    rows = rows[is_none(rows, "recipients") | denied]
    return make_hits(
        rows,
        "recipients",
        "Recipients are denied here, while the register records some for this activity.",
        severity=_grade(rows["key"].map(engaged)),
    )


def _grade(engaged: pd.Series) -> pd.Series:
    return engaged.astype(bool).map({True: "low", False: ""})


def _denies(text: str) -> bool:
    """Tell whether a sentence denies sharing and says nothing else: any other word may limit it."""
    return any(_denies_all(sentence) for sentence in _SENTENCE_END.split(text))


def _denies_all(sentence: str) -> bool:
    matcher = load_matcher(_WORDS)
    if not matcher.covers(sentence):
        return False
    words, denial = fold(sentence), -1
    for term in matcher.find(sentence):
        if term.code == "negation":
            denial = term.end
        elif term.code == "sharing" and denial >= 0:
            # "Not sold and shared": what follows "and" is not denied by the word before it.
            if not _BREAK.search(words, denial, term.start):
                return True
            denial = -1
    return False
