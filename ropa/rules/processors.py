"""Processors and sub-processors: contract, authorisation and country."""

import pandas as pd

from ropa.phrases.matching import fold
from ropa.rules.case import Case, is_gap, map_texts, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import make_hits
from ropa.schema import ENGAGED


def _list_lacking(case: Case, field: str) -> pd.DataFrame:
    """Return one row for each processor of an activity of which no row states a field."""
    rows = case.recipients[case.recipients["role_code"].isin(ENGAGED)]
    name = map_texts(read_column(rows, "recipient"), fold).astype("str")
    name = name.where(name != "", rows["key"].astype("str"))
    rows = rows.assign(name=name, lacks=is_gap(rows, field, none_is_gap=True))
    one = ["activity_key", "name"]
    rows = rows[rows.groupby(one)["lacks"].transform("all").astype(bool)]
    return rows.drop_duplicates(one)


def _name_capacity(rows: pd.DataFrame) -> pd.Series:
    """Return what a recipient is: a processor of a processor is a sub-processor."""
    return rows["role_code"].mask(rows["processor"], "sub-processor")


@rule("REC-03", roles="CP", severity="high", duty="law", needs=("recipients.contract_reference",))
def no_processor_contract(case: Case) -> pd.DataFrame:
    """A processor or sub-processor is stated without the reference of its contract.

    Why it matters
    --------------
    A processor may act only under a contract with the content of Article 28(3), in writing, and a
    sub-processor only under the same terms. Without a reference nobody can show that there is one.

    Remedy
    ------
    Give the reference of the contract, or conclude one with the terms of Article 28(3) before any
    more data are passed on.

    References
    ----------
    GDPR Art 28(3), 28(4), 28(9) and 5(2).
    """
    rows = _list_lacking(case, "contract_reference")
    return make_hits(
        rows,
        "contract_reference",
        "No contract is recorded for this " + _name_capacity(rows) + ".",
        table="recipients",
        subject=rows["recipient"],
    )


@rule("REC-04", roles="CP", severity="medium", duty="law", needs=("recipients.contract_end",))
def contract_expired(case: Case) -> pd.DataFrame:
    """The contract with a processor ended before the date of the audit.

    So with the client's contract in a processor's record. Contracts with recipients that decide
    for themselves are not judged: Article 28 asks for none.

    Why it matters
    --------------
    When the contract has ended, the processor holds the data without instructions, and should have
    deleted or returned them.

    Remedy
    ------
    Record the contract that is in force now, or have the data deleted or returned and end the
    entry.

    References
    ----------
    GDPR Art 28(3), in particular point (g), and 28(4).
    """
    rows = case.recipients
    client = rows["processor"] & (rows["role_code"] == "controller")
    judged = rows["role_code"].isin((*ENGAGED, "")) | client
    rows = rows[judged & (rows["contract_end_on"] < pd.Timestamp(case.as_of))]
    return make_hits(
        rows,
        "contract_end",
        "The contract ended on " + rows["contract_end_on"].dt.strftime("%Y-%m-%d") + ".",
        table="recipients",
        subject=rows["recipient"],
    )


@rule("REC-05", roles="CP", severity="medium", duty="law", needs=("recipients.authorisation",))
def sub_processor_not_authorised(case: Case) -> pd.DataFrame:
    """No authorisation by the controller is recorded for a sub-processor.

    In a processor's record each processor that it engages is a sub-processor.

    Why it matters
    --------------
    A processor engages another one only with the controller's prior written authorisation,
    specific or general.

    Remedy
    ------
    Record the authorisation with its reference and date, or ask the controller for it.

    References
    ----------
    GDPR Art 28(2) and 28(4).
    """
    rows = _list_lacking(case, "authorisation")
    rows = rows[_name_capacity(rows) == "sub-processor"]
    return make_hits(
        rows,
        "authorisation",
        "No authorisation by the controller is recorded for this sub-processor.",
        table="recipients",
        subject=rows["recipient"],
    )


@rule("REC-08", roles="CP", severity="low", duty="guidance", needs=("recipients.country",))
def no_recipient_country(case: Case) -> pd.DataFrame:
    """A processor or sub-processor is stated without the country in which it gets the data.

    Why it matters
    --------------
    Without the country nobody can tell whether data leave the area in which they are protected.

    Remedy
    ------
    Record each country in which the recipient holds the data or has access to them.

    References
    ----------
    GDPR Art 30(1)(e), 30(2)(c) and 44.
    """
    rows = _list_lacking(case, "country")
    return make_hits(
        rows,
        "country",
        "No country is recorded for this " + _name_capacity(rows) + ".",
        table="recipients",
        subject=rows["recipient"],
    )
