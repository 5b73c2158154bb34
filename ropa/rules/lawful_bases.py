"""LAW: the lawful basis of each activity. Rules on consent stand in `ropa.rules.consent`."""

import pandas as pd

from ropa.rules.basis_records import (
    interest_not_named,
    law_not_cited,
    no_annex_1_condition,
    no_legitimate_interests_assessment,
)
from ropa.rules.case import Case, is_gap, is_stated, mentions, read_column
from ropa.rules.catalogue import rule
from ropa.rules.consent import (
    child_consent,
    consent_between_unequals,
    implied_consent,
    no_consent_record,
)
from ropa.rules.grounds import (
    BASES,
    CONDITIONS,
    CONSENT,
    LEGITIMATE_INTERESTS,
    RECOGNISED_INTEREST,
    describe_terms,
    is_public_authority,
    list_governed,
    mentions_any,
    name_bases,
    rests_on,
    rests_on_article_9_alone,
    skip_ungoverned,
)
from ropa.rules.hits import join_hits, make_hits

__all__ = [
    "basis_not_available",
    "basis_on_processor_record",
    "child_consent",
    "consent_between_unequals",
    "implied_consent",
    "interest_not_named",
    "interests_of_public_authority",
    "law_not_cited",
    "no_annex_1_condition",
    "no_consent_record",
    "no_lawful_basis",
    "no_legitimate_interests_assessment",
    "several_bases_for_one_purpose",
    "unreadable_lawful_basis",
]

_REGIMES = {"uk": "UK GDPR", "eu": "EU GDPR"}


@rule("LAW-01", roles="C", severity="high", duty="law", needs=("lawful_basis",))
def no_lawful_basis(case: Case) -> pd.DataFrame:
    """Find activities of a controller that state no lawful basis.

    Why it matters
    --------------
    Processing without a basis under Article 6 is unlawful, and the controller must be able to show
    which one it relies on (Article 5(2)) and tell it to the people concerned (Article 13(1)(c)).
    Article 30 itself does not ask for it.

    Remedy
    ------
    State the point of Article 6(1) that the activity rests on, chosen before the processing
    begins.

    References
    ----------
    GDPR Art 5(1)(a), 5(2), 6(1), 13(1)(c), 14(1)(c).
    """
    rows = list_governed(case)
    rows = rows[is_gap(rows, "lawful_basis", none_is_gap=True)]
    rows = rows[~rests_on_article_9_alone(case, rows)]
    return make_hits(rows, "lawful_basis", "No lawful basis under Article 6 is stated.")


@rule("LAW-02", roles="C", severity="medium", duty="law", needs=("lawful_basis",))
def unreadable_lawful_basis(case: Case) -> pd.DataFrame:
    """Find text under the lawful basis that names no point of Article 6(1).

    A law that is cited without the point that it serves is a milder case. Activities under
    Regulation (EU) 2018/1725 or Part 3 of the Data Protection Act 2018 are not evaluated.

    Why it matters
    --------------
    Article 6(1) is a closed list. A purpose, a policy or a statute alone does not tell which of
    its points applies, and people's rights depend on the point.

    Remedy
    ------
    Name the point of Article 6(1), such as 6(1)(c) legal obligation, and put the law that is
    relied on under Law cited.

    References
    ----------
    GDPR Art 5(2), 6(1), 6(3).
    """
    rows = list_governed(case)
    rows = rows[is_stated(rows, "lawful_basis") & ~rests_on(case, rows, BASES, CONDITIONS)]
    statute = rows["lawful_basis_statute"]
    message = pd.Series("The text names no lawful basis of Article 6(1).", index=rows.index)
    message = message.mask(
        statute, "A law is cited, but not the point of Article 6(1) that it serves."
    )
    severity = pd.Series("", index=rows.index).mask(statute, "low")
    hits = make_hits(rows, "lawful_basis", message, severity=severity)
    return join_hits([hits, skip_ungoverned(case)])


@rule("LAW-03", roles="C", severity="low", duty="guidance", needs=("lawful_basis",))
def several_bases_for_one_purpose(case: Case) -> pd.DataFrame:
    """Find activities with two or more bases where nothing says which carries what.

    Why it matters
    --------------
    People must be told the basis of each purpose, and their rights differ with it. With consent
    among several bases the consent is misleading: refusing it changes nothing.

    Remedy
    ------
    Choose one basis for the purpose, or split the activity; where each basis carries a purpose,
    group of people or channel of its own, write it behind the basis.

    References
    ----------
    GDPR Art 5(1)(a), 13(1)(c). European Data Protection Board, Guidelines 05/2020 on consent,
    paragraphs 121 to 123.
    """
    rows = list_governed(case)
    several = case.count_terms(rows, "lawful_basis", BASES) > 1
    rows = rows[several & ~rows["lawful_basis_tied"]]
    names = describe_terms(case, rows, "lawful_basis", name_bases(case))
    message = "Several bases for one purpose and nothing says which carries what: " + names + "."
    severity = pd.Series("", index=rows.index).mask(rests_on(case, rows, CONSENT), "medium")
    return make_hits(rows, "lawful_basis", message, severity=severity)


@rule("LAW-09", roles="C", severity="medium", duty="law", needs=("lawful_basis",))
def interests_of_public_authority(case: Case) -> pd.DataFrame:
    """Find legitimate interests, recognised ones included, as basis of a public authority.

    Why it matters
    --------------
    Points (f) and (ea) of Article 6(1) are closed to public authorities in the performance of
    their tasks: it is for the law to give them a basis.

    Remedy
    ------
    State the public task and the law that lays it down; if the activity lies outside the
    authority's tasks, say so and why.

    References
    ----------
    GDPR Art 6(1) second subparagraph, recital 47. Data Protection Act 2018 s.7.
    """
    rows = list_governed(case)
    rows = rows[rests_on(case, rows, LEGITIMATE_INTERESTS, RECOGNISED_INTEREST)]
    rows = rows[is_public_authority(case, rows)]
    fields = ("lawful_basis", "legitimate_interest", "lia_reference", "notes")
    rows = rows[~mentions_any(rows, fields, "outside_tasks")]
    return make_hits(
        rows,
        "lawful_basis",
        "A public authority relies on legitimate interests, and the record does not say that the "
        "activity lies outside its tasks.",
    )


@rule("LAW-10", roles="C", severity="high", duty="law", needs=("lawful_basis",))
def basis_not_available(case: Case) -> pd.DataFrame:
    """Find bases that do not exist in the regime on the date of the audit.

    Recognised legitimate interest (Article 6(1)(ea)) is law in the United Kingdom alone. Of several
    bases that are each tied to their own use, one that exists is enough.

    Why it matters
    --------------
    The list of Article 6(1) is closed in each regime: a basis of the other regime, or of another
    year, makes nothing lawful.

    Remedy
    ------
    State a basis that exists under the regime; where both regimes apply, state one for each.

    References
    ----------
    GDPR Art 6(1). UK GDPR Art 6(1)(ea) and Annex 1. Data (Use and Access) Act 2025 s.70.
    """
    rows = list_governed(case)
    names = name_bases(case)
    parts = []
    for regime, title in _REGIMES.items():
        judged = rows[rows[regime]]
        lacking = [
            point for point in names if not case.law.is_basis_available(regime, point, case.as_of)
        ]
        present = [point for point in names if point not in lacking]
        covered = judged["lawful_basis_tied"] & rests_on(case, judged, *present)
        for point in lacking:
            found = judged[rests_on(case, judged, point) & ~covered]
            message = f"{names[point].capitalize()}, Article {point}, is no basis under the {title}"
            message += _tell_since(case, regime, point)
            parts.append(make_hits(found, "lawful_basis", message, regime=regime))
    return join_hits(parts)


def _tell_since(case: Case, regime: str, point: str) -> str:
    days = [
        row["valid_from"]
        for row in case.law.rows("lawful_bases")
        if (row["regime"], row["point"]) == (regime, point)
    ]
    return f" before {min(days)}." if days else "."


@rule("LAW-11", roles="P", severity="low", duty="guidance", needs=("lawful_basis",))
def basis_on_processor_record(case: Case) -> pd.DataFrame:
    """Find processor records that state a lawful basis of their own.

    Why it matters
    --------------
    A processor acts on the controller's instructions and needs no basis of its own. A basis in its
    record suggests that it pursues purposes of its own, for which it would be a controller.

    Remedy
    ------
    Leave the basis to the controller; if the organisation pursues a purpose of its own, record it
    as a separate activity in the role of controller.

    References
    ----------
    GDPR Art 28(3)(a), 28(10), 30(2). European Data Protection Board, Guidelines 07/2020 on the
    concepts of controller and processor.
    """
    rows = case.processor_rows
    rows = rows[rests_on(case, rows, BASES)]
    rows = rows[~mentions(read_column(rows, "lawful_basis"), "basis_of_controller")]
    names = describe_terms(case, rows, "lawful_basis", name_bases(case))
    message = "A processor's record states a lawful basis of its own: " + names + "."
    return make_hits(rows, "lawful_basis", message)
