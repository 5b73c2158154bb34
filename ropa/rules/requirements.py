"""POL: what an organisation's own policy requires, whatever the law asks.

It is no part of the catalogue: it runs where a policy requires fields.
"""

import pandas as pd

from ropa.rules.case import Case, is_gap
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits, skip_rows
from ropa.schema import read_fields

_ORGANISATION = "organisation"


@rule("POL-01", roles="CPR", severity="medium", duty="guidance")
def required_field_blank(case: Case) -> pd.DataFrame:
    """Fields that the organisation's policy requires, blank or a placeholder.

    Any field of the data dictionary can be required. "None" is an answer. Where the layout has no
    such column this is said once, as not evaluated.

    Why it matters
    --------------
    The organisation has decided that its record needs this field. A record that its own policy
    calls incomplete is hard to rely on.

    Remedy
    ------
    Fill the field in, or write "None" where that is the answer; else take it off the policy.

    References
    ----------
    GDPR Art 24(2).
    """
    headings = {(field.table, field.name): field.heading for field in read_fields()}
    parts = []
    for table, field in case.policy.required:
        rows = _list_rows(case, table)
        heading = headings[table, field]
        message = f"{heading!r} is required by the organisation's policy, and nothing is stated."
        absent = rows[rows[f"{field}_state"] == "absent"].drop_duplicates("register")
        organisation = case.organisation["register"].isin(absent["register"])
        why = f"the layout has no column for {heading!r}, which the policy requires"
        parts += [
            make_hits(rows[is_gap(rows, field)], field, message, table=table),
            skip_rows(case.organisation[organisation], why, table=_ORGANISATION),
        ]
    return join_hits(parts)


def _list_rows(case: Case, table: str) -> pd.DataFrame:
    """Return the rows of a table that belong to live activities, or to the register itself."""
    views = {
        _ORGANISATION: case.organisation,
        "activities": case.activities,
        "data_items": case.data_items,
        "recipients": case.recipients,
    }
    return views[table] if table in views else case.register.frames[table]
