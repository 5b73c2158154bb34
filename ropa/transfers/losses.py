"""Which transfers lose their safeguard between two verdicts, when an instrument ends."""

from typing import TYPE_CHECKING

from ropa.transfers.values import ARTICLE_46

if TYPE_CHECKING:
    import pandas as pd

CARRYING = ARTICLE_46 | {"adequacy", "adequacy_conditional", "derogation"}
"""Safeguards on which a transfer can rest."""

LOSABLE = CARRYING | {"adequacy_open"}
"""Those that can be lost: adequacy too whose condition the record does not show."""

_UNJUDGED = ("unreadable", "unidentified")


def find_lost(before: "pd.Series", after: "pd.Series", rule_after: "pd.Series") -> "pd.Series":
    """Tell which transfers had a safeguard that can be lost and have none that carries them now.

    Parameters
    ----------
    before, after : Series of str
        Words of `SAFEGUARDS`, one a transfer and regime.
    rule_after : Series of str
        The rule that the later verdict offends; empty for none.
    """
    stands = after.isin(CARRYING) & (rule_after == "")
    return before.isin(LOSABLE) & (before != after) & ~stands


def is_told_elsewhere(
    origin: "pd.Series", after: "pd.Series", rule_after: "pd.Series"
) -> "pd.Series":
    """Tell which transfers are countries of an activity that are judged at their recipient.

    Parameters
    ----------
    origin : Series of str
        Where the transfer is stated: ``recipients`` or ``activities``.
    after, rule_after : Series of str
        As in `find_lost`.
    """
    return (origin == "activities") & (rule_after == "") & ~after.isin(_UNJUDGED)
