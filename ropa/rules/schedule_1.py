"""SPC: conditions of Schedule 1 to the Data Protection Act 2018, and criminal-offence data."""

from collections.abc import Iterable

import pandas as pd

from ropa.phrases.conditions import read_schedule_1
from ropa.phrases.matching import fold, load_matcher
from ropa.phrases.states import read_answer
from ropa.rules.case import Case, is_gap, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.grounds import (
    has_condition,
    has_criminal_data,
    lacks_document,
    list_governed,
    mentions_any,
    skip_ungoverned,
)
from ropa.rules.hits import join_hits, make_hits, skip_rows

_SCHEDULE_1_CODES = ("schedule_1_condition", "criminal_offence_condition")
_SCHEDULE_1_TEXTS = ("special_category_condition", "lawful_basis", "law_cited", "notes")
_EXTENSION = "S1-36"


@rule(
    "SPC-03",
    roles="C",
    severity="high",
    duty="law",
    needs=("special_category_condition", "schedule_1_condition"),
)
def no_schedule_1_condition(case: Case) -> pd.DataFrame:
    """Find conditions that need one of Schedule 1 to the Data Protection Act 2018 without it.

    Why it matters
    --------------
    In the United Kingdom the conditions that refer to domestic law hold only together with a
    condition of Schedule 1: employment, health, public health and research with Part 1,
    substantial public interest with Part 2. Criminal-offence data that are not under the control of
    official authority need one of any Part.

    Remedy
    ------
    State the paragraph of Schedule 1 that is met.

    References
    ----------
    Data Protection Act 2018 s.10(2) to (5), Sch 1.
    """
    rows = list_governed(case)
    conditions = case.law.find_rows("article_9", "uk", case.as_of)
    points = [row["point"] for row in conditions if row["schedule_1_needed"] == "Y"]
    # Article 10: "Schedule 1 condition" and "authorised by law" name no paragraph.
    criminal = case.has_term(rows, "criminal_offence_condition", ("schedule_1", "law"))
    criminal &= "10" in points
    criminal &= ~case.has_term(rows, "criminal_offence_condition", "official_authority")
    rows = rows[rows["uk"] & (has_condition(case, rows, points) | criminal)]
    rows = rows[is_gap(rows, "schedule_1_condition", none_is_gap=True)]
    rows = rows[~_has_schedule_1(case, rows, _list_schedule_1(case)) & ~_cites_schedule_1(rows)]
    return make_hits(
        rows,
        "schedule_1_condition",
        "The condition relied on needs one of Schedule 1 to the Data Protection Act 2018, and none "
        "is stated.",
        regime="uk",
    )


@rule(
    "SPC-04",
    roles="C",
    severity="high",
    duty="law",
    needs=("schedule_1_condition", "policy_document"),
)
def no_appropriate_policy_document(case: Case) -> pd.DataFrame:
    """Find conditions of Schedule 1 that need an appropriate policy document without one.

    Disclosures to a competent authority (paragraph 10) and to an anti-doping body (paragraph 27)
    need none.

    Why it matters
    --------------
    Most conditions of Schedule 1 hold only while the controller has a policy document that explains
    how it complies with the principles and how long the data are kept.

    Remedy
    ------
    Write the appropriate policy document and give its reference.

    References
    ----------
    Data Protection Act 2018 Sch 1 paras 1(1)(b), 5, 10(2), 27(3), 35(1)(c), 38 to 41.
    """
    rows = _list_with_policy(case)
    rows = rows[lacks_document(rows, "policy_document")]
    return make_hits(
        rows,
        "policy_document",
        "The condition of Schedule 1 needs an appropriate policy document, and none is referenced.",
        regime="uk",
    )


@rule("SPC-05", roles="C", severity="critical", duty="law", needs=("data_categories",))
def no_article_10_condition(case: Case) -> pd.DataFrame:
    """Find criminal-offence data without official authority or a condition.

    The data decide: a purpose that speaks of crime or fraud is not enough.

    Why it matters
    --------------
    Data on criminal convictions and offences may be processed only under the control of official
    authority or where the law authorises it; in the United Kingdom alleged offences count, and a
    condition of Schedule 1 must be met.

    Remedy
    ------
    State the official authority, the law or the paragraph of Schedule 1 that is relied on, or stop
    processing these data.

    References
    ----------
    GDPR Art 10. Data Protection Act 2018 s.10(5), s.11(2), Sch 1.
    """
    rows = list_governed(case)
    rows = rows[has_criminal_data(case, rows)]
    conditions = case.law.find_rows("schedule_1", "uk", case.as_of)
    fitting = [row["id"] for row in conditions if row["criminal_offence"] == "Y"]
    rows = rows[~_has_schedule_1(case, rows, fitting)]
    own = is_gap(rows, "criminal_offence_condition", none_is_gap=True)
    absent = rows["criminal_offence_condition_state"] == "absent"
    # A layout without a cell of its own may still have one for Schedule 1.
    other = absent & is_gap(rows, "schedule_1_condition", none_is_gap=True)
    silent = absent & (rows["schedule_1_condition_state"] == "absent")
    registers = case.organisation[case.organisation["register"].isin(rows[silent]["register"])]
    message = "The data are criminal-offence data, and neither a condition nor official authority "
    message += "is stated."
    return join_hits(
        [
            make_hits(rows[own], "criminal_offence_condition", message),
            make_hits(rows[other], "schedule_1_condition", message),
            skip_rows(
                registers,
                "the layout has no column for conditions on criminal-offence data",
                table="organisation",
            ),
            skip_ungoverned(case),
        ]
    )


@rule("SPC-07", roles="C", severity="medium", duty="record")
def policy_adherence_not_recorded(case: Case) -> pd.DataFrame:
    """Find records that do not say whether data are kept and erased as the policy document says.

    Why it matters
    --------------
    Where a condition needs an appropriate policy document, the record under Article 30 must say
    whether the data are retained and erased according to it, and if not, why not.

    Remedy
    ------
    State that the data are kept and erased as the policy document says, or why they are not.

    References
    ----------
    Data Protection Act 2018 Sch 1 para 41(c).
    """
    rows = _list_with_policy(case)
    # A layout without the column offends only where a condition asks for the statement.
    lacking = rows[rows["policy_adherence_state"] == "absent"].drop_duplicates("register")
    rows = rows[is_gap(rows, "policy_adherence", none_is_gap=True)]
    message = pd.Series(
        "The record does not say whether the data are kept and erased as the policy document says.",
        index=rows.index,
    )
    message = message.mask(
        satisfies(read_column(rows, "policy_adherence"), _is_no),
        "The data are not kept and erased as the policy document says, and no reason is recorded.",
    )
    return join_hits(
        [
            make_hits(rows, "policy_adherence", message, regime="uk"),
            make_hits(
                lacking.assign(key=-1),
                "policy_adherence",
                "The layout has no column in which to say whether data are kept and erased as the "
                "policy document says.",
                regime="uk",
            ),
        ]
    )


def _is_no(text: str) -> bool:
    # "None" and "N/A" deny nothing: they say that there is nothing to record.
    return read_answer(text) == "no" and fold(text).startswith("no") and "none" not in fold(text)


# -- Schedule 1 to the Data Protection Act 2018 ---------------------------------------------------


def _has_schedule_1(case: Case, rows: pd.DataFrame, codes: Iterable[str]) -> pd.Series:
    """Tell for each activity whether one of these conditions of Schedule 1 is stated."""
    found = pd.Series(data=False, index=rows.index)
    for field in _SCHEDULE_1_CODES:
        found |= case.has_term(rows, field, codes)
    return found


def _list_schedule_1(case: Case) -> list[str]:
    return [row["id"] for row in case.law.rows("schedule_1")]


def _cites_schedule_1(rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether another cell cites a condition of Schedule 1."""
    found = pd.Series(data=False, index=rows.index)
    for field in _SCHEDULE_1_TEXTS:
        found |= satisfies(read_column(rows, field), _is_citation)
    return found


def _is_citation(text: str) -> bool:
    # A title alone ("employment") may be that of the Article 9 condition.
    named = "schedule_1" in load_matcher("article_10").find_codes(text)
    return named and bool(read_schedule_1(text))


def _list_with_policy(case: Case) -> pd.DataFrame:
    """Return the activities whose condition of Schedule 1 needs an appropriate policy document."""
    rows = list_governed(case)
    rows = rows[rows["uk"]]
    conditions = case.law.find_rows("schedule_1", "uk", case.as_of)
    fully = [row["id"] for row in conditions if row["policy_document"] == "Y"]
    partly = [row["id"] for row in conditions if row["policy_document"] == "partly"]
    part_2 = [row["id"] for row in conditions if row["part"] == "2"]
    needed = _has_schedule_1(case, rows, [code for code in fully if code != _EXTENSION])
    # Paragraph 36 extends a condition of Part 2 and needs the document where that one does.
    needed |= _has_schedule_1(case, rows, [_EXTENSION]) & ~_has_schedule_1(case, rows, part_2)
    fields = ("activity", "purpose", "recipients", "schedule_1_condition", "notes")
    for code in partly:
        spared = mentions_any(rows, fields, "policy_carve_out", [code])
        needed |= _has_schedule_1(case, rows, [code]) & ~spared
    return rows[needed]
