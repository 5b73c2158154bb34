"""SPC: special category data. Schedule 1 and Article 10 stand in `ropa.rules.schedule_1`."""

import pandas as pd

from ropa.phrases.matching import load_matcher
from ropa.rules.case import Case, is_gap, is_none, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.grounds import (
    CONDITIONS,
    has_special_data,
    list_governed,
    names_special_data,
    names_special_item,
    rests_on_article_9_alone,
    skip_ungoverned,
)
from ropa.rules.hits import join_hits, make_hits
from ropa.rules.schedule_1 import (
    no_appropriate_policy_document,
    no_article_10_condition,
    no_schedule_1_condition,
    policy_adherence_not_recorded,
)

__all__ = [
    "article_9_without_article_6",
    "no_appropriate_policy_document",
    "no_article_9_condition",
    "no_article_10_condition",
    "no_schedule_1_condition",
    "policy_adherence_not_recorded",
    "special_category_denied",
]


@rule(
    "SPC-01",
    roles="C",
    severity="critical",
    duty="law",
    needs=("special_category_condition",),
)
def no_article_9_condition(case: Case) -> pd.DataFrame:
    """Find special category data without a condition of Article 9(2).

    Nationality, sex, photographs, video surveillance, call recordings and bank details are no
    special category data, nor are biometric data that are not used to identify anybody.

    Why it matters
    --------------
    Processing special category data is prohibited unless a condition of Article 9(2) applies. A
    lawful basis under Article 6 alone does not lift the prohibition.

    Remedy
    ------
    State the condition of Article 9(2) beside the lawful basis, or stop processing these data.

    References
    ----------
    GDPR Art 9(1), 9(2). Data Protection Act 2018 s.10.
    """
    rows = list_governed(case)
    gap = is_gap(rows, "special_category_condition", none_is_gap=True)
    rows = rows[gap & has_special_data(case, rows)]
    rows = rows[~case.has_term(rows, "lawful_basis", CONDITIONS)]
    hits = make_hits(
        rows,
        "special_category_condition",
        "The data are special category data, and no condition of Article 9(2) is stated.",
    )
    return join_hits([hits, skip_ungoverned(case)])


@rule("SPC-02", roles="C", severity="high", duty="law", needs=("lawful_basis",))
def article_9_without_article_6(case: Case) -> pd.DataFrame:
    """Find a condition of Article 9 without a lawful basis under Article 6.

    Explicit consent in the cell of the lawful basis serves as both.

    Why it matters
    --------------
    Article 9(2) lifts a prohibition and is no lawful basis: special category data need both. UK
    GDPR Art 9(2) has said so in terms since 2025-08-20.

    Remedy
    ------
    State the point of Article 6(1) under Lawful basis, and leave the condition of Article 9 in its
    own cell.

    References
    ----------
    GDPR Art 6(1), 9(2), recital 51. Data (Use and Access) Act 2025 Sch 11.
    """
    rows = list_governed(case)
    rows = rows[rests_on_article_9_alone(case, rows)]
    return make_hits(
        rows,
        "lawful_basis",
        "A condition of Article 9 is stated without a lawful basis under Article 6.",
    )


@rule("SPC-06", roles="C", severity="medium", duty="law", needs=("data_categories",))
def special_category_denied(case: Case) -> pd.DataFrame:
    """Find special category data that are named while the record says that there are none.

    Why it matters
    --------------
    One of the two statements is wrong. If it is the denial, the safeguards for special category
    data are missing.

    Remedy
    ------
    Correct the data categories, or withdraw the denial and state the condition of Article 9(2).

    References
    ----------
    GDPR Art 5(2), 9(1).
    """
    rows = list_governed(case)
    rows = rows[names_special_data(case, rows)]
    stated = is_none(rows, "special_category_condition")
    stated |= satisfies(read_column(rows, "special_category_condition"), _denies_special_data)
    message = "The data named are special category data, and the record says that there are none."
    parts = [make_hits(rows[stated], "special_category_condition", message)]
    for field in ("data_categories", "notes"):
        denied = satisfies(read_column(rows, field), _denies_special_data) & ~stated
        parts.append(make_hits(rows[denied], field, message))
        stated |= denied
    return join_hits([*parts, _hit_items(case)])


def _hit_items(case: Case) -> pd.DataFrame:
    items = case.data_items
    items = items[names_special_item(case) & (items["special_category_answer"] == "no")]
    items = items[items["activity_key"].isin(list_governed(case)["key"])]
    return make_hits(
        items,
        "special_category",
        "The data category is special category data, and the record says that it is not.",
        table="data_items",
        subject=items["data_category"],
    )


def _denies_special_data(text: str) -> bool:
    codes = load_matcher("special_category_denial").find_codes(text)
    return codes == {"denial"}
