"""IDN: who keeps the record, and under which regime.

Roles stand in `ropa.rules.parties`, officers and representatives in `ropa.rules.officers`.
"""

import pandas as pd

from ropa.rules.case import Case, is_gap, mentions, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits, skip_rows
from ropa.rules.officers import dpo_not_recorded, dpo_required, representative_missing
from ropa.rules.parties import (
    controllers_not_named,
    joint_controller_not_named,
    no_processing_category,
    role_unclear,
)

__all__ = [
    "controllers_not_named",
    "dpo_not_recorded",
    "dpo_required",
    "joint_controller_not_named",
    "no_processing_category",
    "organisation_not_identified",
    "regime_not_stated",
    "representative_missing",
    "role_unclear",
]

_TABLE = "organisation"
_CONTACTS = ("address", "email", "telephone")
_ABSENT = "absent"


@rule("IDN-01", roles="R", severity="high", duty="record", needs=("organisation.name",))
def organisation_not_identified(case: Case) -> pd.DataFrame:
    """Find registers without the organisation's name, or without any contact details of its own.

    A postal address, an electronic mail address or a telephone number is enough. The data
    protection officer's details do not count: the record asks for both.

    Why it matters
    --------------
    The record begins with the name and contact details of whoever keeps it. An authority that is
    handed the record must be able to tell whose it is and to answer.

    Remedy
    ------
    Write the registered name and at least one of postal address, electronic mail address and
    telephone number of the organisation itself.

    References
    ----------
    GDPR Art 30(1)(a), 30(2)(a).
    """
    rows = case.organisation
    nameless = is_gap(rows, "name", none_is_gap=True)
    reachable = pd.Series(data=False, index=rows.index)
    for contact in _CONTACTS:
        # A cell that cannot be read may hold an address: GOV-08 reports it.
        given = rows[f"{contact}_state"].isin(("stated", "unreadable"))
        reachable |= given & ~mentions(read_column(rows, contact), "dpo_contact")
    message = pd.Series("The organisation's name is not stated.", index=rows.index)
    message = message.mask(
        ~reachable,
        "No contact details of the organisation itself are stated: neither address nor electronic "
        "mail address nor telephone number.",
    )
    message = message.mask(
        nameless & ~reachable,
        "Neither the organisation's name nor any contact details of its own are stated.",
    )
    broken = nameless | ~reachable
    field = pd.Series("address", index=rows.index).mask(nameless, "name")
    return make_hits(rows[broken], field[broken], message[broken], table=_TABLE)


@rule("IDN-08", roles="R", severity="medium", duty="guidance")
def regime_not_stated(case: Case) -> pd.DataFrame:
    """Find registers from which nothing tells whether the UK GDPR or the EU GDPR applies.

    Neither a regime nor an establishment is stated, and no country can be read from the address.
    The register is then judged under both.

    Why it matters
    --------------
    Since 2021 the two regimes have had adequacy lists, transfer tools and lawful bases of their
    own. Findings under a regime that does not apply are noise; those under one that does apply
    must not be missed.

    Remedy
    ------
    State the regimes (UK GDPR, EU GDPR or both) and the countries of establishment.

    References
    ----------
    GDPR Art 3, 5(2); UK GDPR Art 3, 5(2).
    """
    rows = case.organisation
    rows = rows[rows["regimes_from"] == "assumed"]
    asked = {field: rows[f"{field}_state"] != _ABSENT for field in ("regimes", "establishments")}
    silent = ~asked["regimes"] & ~asked["establishments"]
    field = pd.Series("establishments", index=rows.index).mask(asked["regimes"], "regimes")
    message = (
        "Neither the regime nor a country of establishment is stated: the register is judged under "
        "both the UK GDPR and the EU GDPR."
    )
    hits = make_hits(rows[~silent], field[~silent], message, table=_TABLE)
    why = "the layout has no place for the regime, so that both are assumed to apply"
    return join_hits([hits, skip_rows(rows[silent], why, table=_TABLE)])
