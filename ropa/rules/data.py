"""DAT: whose data and which data each activity uses, and where they come from."""

import pandas as pd

from ropa.phrases.lists import split_list
from ropa.phrases.matching import load_matcher
from ropa.rules.case import Case, consists_of, is_gap, is_stated, map_texts, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.rules.identifiers import identifiers_denied, list_sheet_items
from ropa.rules.parties import hit_layout

__all__ = [
    "identifiers_denied",
    "no_data_categories",
    "no_data_subjects",
    "source_not_stated",
    "vague_data_categories",
]

_ITEMS = "data_items"


@rule("DAT-01", roles="C", severity="high", duty="record", needs=("data_subjects",))
def no_data_subjects(case: Case) -> pd.DataFrame:
    """Find activities of a controller without categories of data subjects.

    Why it matters
    --------------
    The record describes whose data are used. Without it nobody can tell whose rights are at stake,
    or whether children or employees are among them.

    Remedy
    ------
    Name the groups of people, such as employees, callers or newsletter subscribers.

    References
    ----------
    GDPR Art 30(1)(c).
    """
    rows = case.controller_rows
    rows = rows[is_gap(rows, "data_subjects", none_is_gap=True)]
    return make_hits(rows, "data_subjects", "No categories of data subjects are stated.")


@rule("DAT-02", roles="C", severity="high", duty="record")
def no_data_categories(case: Case) -> pd.DataFrame:
    """Find activities of a controller without categories of personal data.

    Not where the sheet Data items names them.

    Why it matters
    --------------
    The record describes which data are used. Special category data, retention and security can
    only be judged by category.

    Remedy
    ------
    Name the categories of data, here or one a row in the sheet Data items.

    References
    ----------
    GDPR Art 30(1)(c).
    """
    rows = case.controller_rows
    items = case.data_items
    named = items[(items["origin"] == "sheet") & ~is_gap(items, "data_category", none_is_gap=True)]
    rows = rows[~rows["key"].isin(named["activity_key"])]
    blank = rows[is_gap(rows, "data_categories", none_is_gap=True)]
    absent = rows[rows["data_categories_state"] == "absent"]
    lacking = "The layout has no column for the categories of data."
    return join_hits(
        [
            make_hits(blank, "data_categories", "No categories of personal data are stated."),
            hit_layout(absent, "data_categories", lacking),
        ]
    )


@rule("DAT-03", roles="C", severity="medium", duty="record")
def vague_data_categories(case: Case) -> pd.DataFrame:
    """Find data categories that hold only words such as "various", "other" or "as required".

    Why it matters
    --------------
    Words that fit any data describe none: neither the risk nor the retention can be judged.

    Remedy
    ------
    Name the categories, such as contact details, call recordings or bank details.

    References
    ----------
    GDPR Art 30(1)(c).
    """
    rows = case.controller_rows
    rows = rows[_is_vague(rows, "data_categories")]
    items = list_sheet_items(case)
    items = items[_is_vague(items, "data_category")]
    message = "The data categories hold only general words."
    return join_hits(
        [
            make_hits(rows, "data_categories", message),
            make_hits(
                items,
                "data_category",
                "The data category holds only general words.",
                table=_ITEMS,
                subject=items["data_category"],
            ),
        ]
    )


def _is_vague(rows: pd.DataFrame, field: str) -> pd.Series:
    return is_stated(rows, field) & consists_of(read_column(rows, field), "vague_data")


@rule("DAT-05", roles="C", severity="low", duty="guidance", needs=("source",))
def source_not_stated(case: Case) -> pd.DataFrame:
    """Find sources that are only called a third party or "other", or that are left blank.

    A blank is good to know, no more. What the sheet Data items says of each category counts.

    Why it matters
    --------------
    People whose data come from somebody else are told from which source. Without the source in the
    record the notice cannot be right.

    Remedy
    ------
    Write "data subject", or name the third party.

    References
    ----------
    GDPR Art 14(2)(f).
    """
    rows, items = case.controller_rows, list_sheet_items(case)
    given = items.loc[is_stated(items, "source"), "activity_key"]
    blank = rows[is_gap(rows, "source") & ~rows["key"].isin(given)]
    vague = rows[_has_unnamed_source(rows)]
    vague_items = items[_has_unnamed_source(items)]
    message = "The data are said to come from a third party or other source that is not named."
    return join_hits(
        [
            make_hits(blank, "source", "The source of the data is not stated.", severity="info"),
            make_hits(vague, "source", message),
            make_hits(
                vague_items,
                "source",
                message,
                table=_ITEMS,
                subject=vague_items["data_category"],
            ),
        ]
    )


def _has_unnamed_source(rows: pd.DataFrame) -> pd.Series:
    texts = rows["source"].where(is_stated(rows, "source"), "")
    return map_texts(texts, _names_no_source).astype(bool)


def _names_no_source(text: str) -> bool:
    """Tell whether one of the sources listed is only called a third party or "other"."""
    matcher = load_matcher("vague_source")
    return any(
        matcher.covers(item) and "vague" in matcher.find_codes(item) for item in split_list(text)
    )
