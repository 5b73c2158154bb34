"""Security: whether each record names the measures that protect its data."""

import pandas as pd

from ropa.rules.case import Case, consists_of, is_gap, is_stated, mentions, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import make_hits

_FIELD = "security_measures"


@rule("SEC-01", roles="CP", severity="high", duty="record", needs=(_FIELD,))
def no_security_measures(case: Case) -> pd.DataFrame:
    """The technical and organisational security measures are not stated.

    Why it matters
    --------------
    Controllers and processors record, where possible, a general description of the measures that
    keep the data safe. "None" is no description: every record is protected somehow, or must be.

    Remedy
    ------
    Name the measures that protect these data, such as access by role, multi-factor
    authentication, encryption, logging and tested backups.

    References
    ----------
    GDPR Art 30(1)(g), 30(2)(d) and 32(1); ICO, What do we need to document under Article 30.
    """
    rows = case.activities
    return make_hits(
        rows[is_gap(rows, _FIELD, none_is_gap=True)], _FIELD, "No security measure is stated."
    )


@rule("SEC-02", roles="CP", severity="medium", duty="record")
def vague_security_measures(case: Case) -> pd.DataFrame:
    """The security measures are described only by words that name none.

    "Reasonable measures" or "industry standard" alone. One measure named beside such words is
    enough: "need-to-know access", "individual log-ins".

    Why it matters
    --------------
    A promise of appropriate measures repeats the law. It tells nobody what was done, and nobody
    can check it.

    Remedy
    ------
    Replace the general words with the measures themselves, such as access by role, multi-factor
    authentication, encryption, logging and tested backups.

    References
    ----------
    GDPR Art 30(1)(g), 30(2)(d) and 32(1); ICO, What do we need to document under Article 30.
    """
    rows = case.activities
    rows = rows[is_stated(rows, _FIELD)]
    words = consists_of(read_column(rows, _FIELD), "vague_security")
    measures = mentions(read_column(rows, _FIELD), "vague_security", codes=("measure",))
    return make_hits(
        rows[words & ~measures], _FIELD, "The words promise security and name no measure."
    )
