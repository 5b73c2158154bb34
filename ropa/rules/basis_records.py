"""LAW: what must stand beside a lawful basis: an assessment, an interest, a law, a condition."""

import re

import pandas as pd

from ropa.phrases.bases import cites_statute
from ropa.phrases.matching import fold, load_matcher
from ropa.rules.case import Case, consists_of, is_gap, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.grounds import (
    LEGAL_OBLIGATION,
    LEGITIMATE_INTERESTS,
    PUBLIC_TASK,
    RECOGNISED_INTEREST,
    describe_terms,
    join_texts,
    lacks_document,
    list_governed,
    list_words,
    mentions_any,
    name_bases,
    rests_on,
)
from ropa.rules.hits import make_hits

_WORD = re.compile(r"[^\W\d_]{2,}")


@rule(
    "LAW-04",
    roles="C",
    severity="medium",
    duty="guidance",
    needs=("lawful_basis", "lia_reference"),
)
def no_legitimate_interests_assessment(case: Case) -> pd.DataFrame:
    """Find activities that rest on legitimate interests without a reference to an assessment.

    Why it matters
    --------------
    Point (f) holds only where the interest is legitimate, the processing necessary for it, and the
    interests of the people concerned do not override it. The controller must be able to show that
    it weighed this (Article 5(2)).

    Remedy
    ------
    Carry out the assessment of purpose, necessity and balance and give its reference.

    References
    ----------
    GDPR Art 5(2), 6(1)(f), recital 47. European Data Protection Board, Guidelines 1/2024 on
    Article 6(1)(f), version for consultation.
    """
    rows = list_governed(case)
    rows = rows[rests_on(case, rows, LEGITIMATE_INTERESTS)]
    elsewhere = mentions_any(
        rows, ("lawful_basis", "legitimate_interest", "notes"), "lia_reference", ("reference",)
    )
    rows = rows[lacks_document(rows, "lia_reference") & ~elsewhere]
    return make_hits(
        rows,
        "lia_reference",
        "The activity rests on legitimate interests, and no assessment of them is referenced.",
    )


@rule(
    "LAW-05",
    roles="C",
    severity="low",
    duty="guidance",
    needs=("lawful_basis", "legitimate_interest"),
)
def interest_not_named(case: Case) -> pd.DataFrame:
    """Find activities that rest on legitimate interests without saying which interest.

    Why it matters
    --------------
    People must be told the interest that is pursued, and without it nothing can be weighed
    against theirs.

    Remedy
    ------
    Name the interest, such as the security of the network, not the basis again.

    References
    ----------
    GDPR Art 13(1)(d), 14(2)(b).
    """
    rows = list_governed(case)
    rows = rows[rests_on(case, rows, LEGITIMATE_INTERESTS)]
    legible = rows["legitimate_interest_state"] != "unreadable"
    absent = is_gap(rows, "legitimate_interest", none_is_gap=True)
    circular = ~satisfies(read_column(rows, "legitimate_interest"), _names_interest)
    rows = rows[
        legible
        & (absent | circular)
        & ~satisfies(read_column(rows, "lawful_basis"), _names_interest)
    ]
    return make_hits(
        rows, "legitimate_interest", "The legitimate interest that is pursued is not named."
    )


def _names_interest(text: str) -> bool:
    """Tell whether a text holds a word that is not a mere wording of the basis itself."""
    matcher = load_matcher("lawful_basis", "basis_article_9", "not_basis", "statutes")
    rest = matcher.blank(fold(text))
    wording = list_words("filler", "basis_filler", "interest_filler")
    return any(word not in wording for word in _WORD.findall(rest))


@rule("LAW-08", roles="C", severity="medium", duty="guidance", needs=("lawful_basis", "law_cited"))
def law_not_cited(case: Case) -> pd.DataFrame:
    """Find activities that rest on a legal obligation or public task without naming the law.

    Why it matters
    --------------
    Both bases must be laid down by law (Article 6(3)). A contract, a foreign law or good practice
    is no such law, and only the citation shows the difference.

    Remedy
    ------
    Cite the act or regulation and its section that imposes the obligation or lays down the task.

    References
    ----------
    GDPR Art 6(1)(c), 6(1)(e), 6(3). Data Protection Act 2018 s.8.
    """
    rows = list_governed(case)
    points = (LEGAL_OBLIGATION, PUBLIC_TASK)
    rows = rows[rests_on(case, rows, *points) & ~rows["lawful_basis_statute"]]
    rows = rows[~satisfies(join_texts(rows, ("purpose", "notes")), cites_statute)]
    vague = consists_of(read_column(rows, "law_cited"), "vague_law")
    rows = rows[is_gap(rows, "law_cited", none_is_gap=True) | vague]
    names = {point: name_bases(case)[point] for point in points}
    stated = describe_terms(case, rows, "lawful_basis", names)
    message = "The activity rests on a " + stated.str.replace(", ", " and a ") + ", and no law"
    return make_hits(rows, "law_cited", message + " is named.")


@rule("LAW-12", roles="C", severity="medium", duty="law", needs=("lawful_basis",))
def no_annex_1_condition(case: Case) -> pd.DataFrame:
    """Find recognised legitimate interests without a condition of Annex 1.

    Why it matters
    --------------
    Article 6(1)(ea) holds only where a condition of Annex 1 to the UK GDPR is met: a request for a
    public task, national security, public security and defence, emergencies, crime, or the
    safeguarding of vulnerable people. Any other interest must be weighed under point (f).

    Remedy
    ------
    Name the condition of Annex 1 and why the processing is necessary for it, or rely on another
    basis.

    References
    ----------
    UK GDPR Art 6(1)(ea), 6(5), Annex 1. Data (Use and Access) Act 2025 s.70, Sch 4.
    """
    rows = list_governed(case)
    rows = rows[rows["uk"] & rests_on(case, rows, RECOGNISED_INTEREST)]
    fields = ("lawful_basis", "legitimate_interest", "law_cited", "notes")
    rows = rows[~mentions_any(rows, fields, "annex_1")]
    return make_hits(
        rows,
        "lawful_basis",
        "Recognised legitimate interest is relied on, and no condition of Annex 1 is named.",
        regime="uk",
    )
