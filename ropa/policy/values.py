"""What the lines of a policy amount to."""

from dataclasses import dataclass
from datetime import date

REVIEW_MONTHS = 12
"""Months after which a review is overdue, where a policy does not say."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A risk that somebody has accepted.

    Attributes
    ----------
    finding : str
        Id of the finding; empty where a rule and an activity are named instead.
    rule, activity : str
        Code of the rule, and the id of the activity as findings show it.
    reason, approver : str
        Why, and who answers for it.
    expiry : date
        Its last day.
    """

    finding: str
    rule: str
    activity: str
    reason: str
    approver: str
    expiry: date
