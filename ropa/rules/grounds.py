"""What rules on lawful bases and on special categories of data both ask of an activity."""

from collections.abc import Iterable, Mapping
from functools import cache

import pandas as pd

from ropa.phrases.columns import join_texts_by
from ropa.phrases.matching import fold
from ropa.rules.case import Case, consists_of, is_gap, mentions, read_column
from ropa.rules.hits import skip_rows
from ropa.vocabulary import read_vocabulary

CONSENT = "6(1)(a)"
LEGAL_OBLIGATION = "6(1)(c)"
PUBLIC_TASK = "6(1)(e)"
RECOGNISED_INTEREST = "6(1)(ea)"
LEGITIMATE_INTERESTS = "6(1)(f)"
EXPLICIT_CONSENT = "9(2)(a)"

BASES = "6(1)("
CONDITIONS = "9(2)("
SPECIAL = "special:"
CRIMINAL = "criminal"

_BIOMETRIC = "special:biometric"
_OTHER_LAWS = {
    "eudpr": "Regulation (EU) 2018/1725",
    "law_enforcement": "the law on law enforcement",
}


# -- bases ----------------------------------------------------------------------------------------


def list_governed(case: Case) -> pd.DataFrame:
    """Return the live controller activities that the GDPR governs, as far as the record says."""
    rows = case.controller_rows
    return rows[read_column(rows, "lawful_basis_outside").equal([""])]


def skip_ungoverned(case: Case) -> pd.DataFrame:
    """Return the controller activities whose basis lies in another law, as not evaluated."""
    rows = case.controller_rows
    rows = rows[rows["lawful_basis_outside"] != ""]
    laws = rows["lawful_basis_outside"].map(_OTHER_LAWS)
    return skip_rows(rows, "the activity is governed by " + laws.astype("str"))


def rests_on(case: Case, rows: pd.DataFrame, *points: str) -> pd.Series:
    """Tell for each activity whether its lawful basis cell names one of these points."""
    return case.has_term(rows, "lawful_basis", points)


def rests_on_consent(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether it rests on consent, as basis or as Article 9 condition."""
    explicit = case.has_term(rows, "special_category_condition", EXPLICIT_CONSENT)
    return rests_on(case, rows, CONSENT, EXPLICIT_CONSENT) | explicit


def has_condition(
    case: Case, rows: pd.DataFrame, points: Iterable[str] = (CONDITIONS,)
) -> pd.Series:
    """Tell for each activity whether an Article 9(2) condition stands in either cell."""
    points = tuple(points)
    own = case.has_term(rows, "special_category_condition", points)
    return own | case.has_term(rows, "lawful_basis", points)


def rests_on_article_9_alone(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether an Article 9 condition stands without an Article 6 basis.

    Text under the basis that names neither is another defect.
    """
    silent = is_gap(rows, "lawful_basis", none_is_gap=True) | rests_on(case, rows, CONDITIONS)
    return has_condition(case, rows) & silent & ~rests_on(case, rows, BASES)


def is_public_authority(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each row whether its organisation says that it is a public authority."""
    answers = case.organisation.set_index("register")["public_authority_answer"]
    return rows["register"].map(answers) == "yes"


# -- data -----------------------------------------------------------------------------------------


def names_special_data(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether the data that it names are special category data.

    In its own cell or in its data items. Biometric data that are said not to identify anybody do
    not count (Article 9(1): "for the purpose of uniquely identifying a natural person").
    """
    own = case.has_term(rows, "data_categories", _list_special())
    biometric = case.has_term(rows, "data_categories", _BIOMETRIC)
    biometric &= ~rows["key"].isin(_list_harmless(case))
    return own | biometric | _has_item(case, rows, names_special_item(case))


def names_special_item(case: Case) -> pd.Series:
    """Tell for each of the data items whether it names special category data."""
    items = case.data_items
    biometric = case.has_term(items, "data_category", _BIOMETRIC, table="data_items")
    biometric &= ~items["activity_key"].isin(_list_harmless(case))
    return biometric | case.has_term(items, "data_category", _list_special(), table="data_items")


def has_special_data(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether it names special category data or marks an item as such.

    An item that is marked but names criminal-offence data alone falls under Article 10 instead.
    """
    marked = (case.data_items["special_category_answer"] == "yes") & ~_names_criminal_item(case)
    return names_special_data(case, rows) | _has_item(case, rows, marked)


def has_criminal_data(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether its data, not its purpose, are criminal-offence data."""
    own = case.has_term(rows, "data_categories", CRIMINAL)
    return own | _has_item(case, rows, _names_criminal_item(case))


def _names_criminal_item(case: Case) -> pd.Series:
    return case.has_term(case.data_items, "data_category", CRIMINAL, table="data_items")


def _has_item(case: Case, rows: pd.DataFrame, chosen: pd.Series) -> pd.Series:
    return rows["key"].isin(case.data_items.loc[chosen, "activity_key"])


def _list_harmless(case: Case) -> list[int]:
    """Return the keys of the activities that say that biometric data identify nobody."""
    rows = case.activities
    fields = ("data_categories", "purpose", "notes")
    items = case.data_items
    said = items.loc[
        mentions(read_column(items, "data_category"), "not_identifying"), "activity_key"
    ]
    return [*rows.loc[mentions_any(rows, fields, "not_identifying"), "key"], *said]


@cache
def _list_special() -> tuple[str, ...]:
    codes = {row["code"] for row in read_vocabulary("data_category")}
    return tuple(sorted(code for code in codes if code.startswith(SPECIAL) and code != _BIOMETRIC))


# -- words ----------------------------------------------------------------------------------------


def join_texts(rows: pd.DataFrame, fields: Iterable[str]) -> pd.Series:
    """Return the texts of several fields as one, each on a line of its own."""
    texts = pd.Series("", index=rows.index, dtype="str")
    for field in fields:
        texts = texts + rows[field] + "\n"
    return texts


def mentions_any(
    rows: pd.DataFrame, fields: Iterable[str], vocabulary: str, codes: Iterable[str] = ()
) -> pd.Series:
    """Tell for each row whether one of several fields holds a term of a vocabulary."""
    found = pd.Series(data=False, index=rows.index)
    for field in fields:
        found |= mentions(read_column(rows, field), vocabulary, codes=codes)
    return found


def lacks_document(rows: pd.DataFrame, field: str) -> pd.Series:
    """Tell for each row whether a document is not referenced, or only said to be still undone."""
    texts = read_column(rows, field)
    undone = consists_of(texts, "undone") & mentions(texts, "undone", codes=("undone",))
    return is_gap(rows, field, none_is_gap=True) | undone


def describe_terms(
    case: Case, rows: pd.DataFrame, field: str, names: Mapping[str, str]
) -> pd.Series:
    """Return for each row the names of the codes that its field holds, joined by commas.

    Codes that have no name are left out.
    """
    terms = case.register.frames["terms"]
    terms = terms[(terms["table"] == "activities") & (terms["field"] == field)]
    terms = terms[terms["key"].isin(rows["key"]) & terms["code"].isin(list(names))]
    named = terms.assign(name=terms["code"].map(names)).drop_duplicates(["key", "name"])
    joined = join_texts_by(named["key"], named["name"], ", ")
    return rows["key"].map(joined).astype("str").fillna("")


def name_bases(case: Case) -> dict[str, str]:
    """Return the name of each point of Article 6(1), such as ``"legitimate interests"``."""
    names: dict[str, str] = {}
    for row in case.law.rows("lawful_bases"):
        names.setdefault(row["point"], row["name"])
    return names


@cache
def list_words(*vocabularies: str) -> frozenset[str]:
    """Return the folded terms of some vocabularies."""
    return frozenset(fold(row["term"]) for name in vocabularies for row in read_vocabulary(name))
