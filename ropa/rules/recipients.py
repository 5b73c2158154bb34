"""Recipients: to whom data are disclosed, and whether the register agrees with itself on it.

A recipient stands in an activity's own cell or in a row of the sheet of recipients; where both say
the same, the row counts. Contracts with processors are judged in `ropa.rules.processors`.
"""

import pandas as pd

from ropa.rules.case import Case, consists_of, is_gap, is_stated, mentions, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.rules.processors import (
    contract_expired,
    no_processor_contract,
    no_recipient_country,
    sub_processor_not_authorised,
)
from ropa.rules.recipient_names import unknown_recipient
from ropa.rules.sharing import sharing_denied

__all__ = [
    "contract_expired",
    "no_processor_contract",
    "no_recipient_country",
    "recipients_not_stated",
    "sharing_denied",
    "sub_processor_not_authorised",
    "unknown_recipient",
    "unnamed_recipients",
]

_FIELD = "recipients"
_SAID = ("stated", "unreadable")


@rule("REC-01", roles="C", severity="high", duty="record")
def recipients_not_stated(case: Case) -> pd.DataFrame:
    """Neither recipients nor their absence are stated.

    A row in the sheet of recipients is a statement, and so is "None".

    Why it matters
    --------------
    A controller records the categories of recipients to whom data have been or will be disclosed.
    A blank leaves open whether the data stay in the house.

    Remedy
    ------
    Name the recipients or their categories, or write "None".

    References
    ----------
    GDPR Art 30(1)(d) and 4(9).
    """
    # No field is needed: a register may state all its recipients in a sheet of their own.
    rows = case.controller_rows
    beside = case.recipients[case.recipients["origin"] == "sheet"]
    rows = rows[~rows["key"].isin(beside.loc[~_is_said_of_all(case, beside), "activity_key"])]
    lacking = rows[rows["recipients_state"] == "absent"]
    lacking = lacking.drop_duplicates("register").assign(key=-1)
    message = "Neither a recipient nor that there is none is stated."
    return join_hits(
        (
            make_hits(lacking, _FIELD, "The layout has no column for 'Recipients'."),
            make_hits(rows[is_gap(rows, _FIELD)], _FIELD, message),
        )
    )


@rule("REC-02", roles="CP", severity="medium", duty="record")
def unnamed_recipients(case: Case) -> pd.DataFrame:
    """A recipient is given only by words that name nobody and tell no kind.

    "Others", "third parties", "partners", "service providers"; "Yes" where the activity names no
    other. A sector or a function ("payment service providers"), authorities and own staff are
    kinds.

    Why it matters
    --------------
    The record must tell at least the category of each recipient. From "partners" nobody can tell
    who holds the data, under what contract or in which country.

    Remedy
    ------
    Name the recipient, or at least what it does and in which sector.

    References
    ----------
    GDPR Art 30(1)(d) and, for processors, 28(2); Guidelines on transparency WP260 rev.01, annex.
    """
    rows = case.recipients
    rows = rows.assign(alone=~rows["activity_key"].duplicated(keep=False))
    rows = rows[~rows["role_code"].isin(("internal", "authority"))]
    rows = rows[~_is_said_of_all(case, rows)]
    empty = (rows["origin"] == "sheet") & is_gap(rows, "recipient")
    texts = read_column(rows, "recipient")
    kind = mentions(texts, "vague_recipient", codes=("kind",))
    vague = is_stated(rows, "recipient") & consists_of(texts, "vague_recipient") & ~kind
    answers = is_stated(rows, "recipient") & consists_of(texts, "yes_no") & rows["alone"]
    message = pd.Series("The words tell no kind of recipient.", index=rows.index)
    message = message.mask(answers, "That there are recipients is stated, and not who they are.")
    message = message.mask(empty, "The row names no recipient.")
    rows = rows.assign(message=message)[empty | vague | answers]
    rows = rows.drop_duplicates(["activity_key", "recipient"])
    return make_hits(
        rows, "recipient", rows["message"], table="recipients", subject=rows["recipient"]
    )


def _is_said_of_all(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell of each row whether it speaks of no recipient by itself.

    A layout that lists recipients in one cell and countries in another pairs none of them: a row
    with a country or an instrument alone is said of all the recipients that the activity's own cell
    names. So is all that stands in the activity's own row, such as the link to a contract, and in a
    further row of its record, whose recipients are among those of the activity.
    """
    says = rows["country_state"].isin(_SAID) | rows["transfer_mechanism_state"].isin(_SAID)
    for field in ("recipient", "role", "via", "contract_reference"):
        says &= ~is_stated(rows, field)
    own = case.stands_beside(rows) | case.has_lent_name(rows)
    unnamed = own & ~is_stated(rows, "recipient")
    return says & (rows["origin"] == "sheet") | unnamed
