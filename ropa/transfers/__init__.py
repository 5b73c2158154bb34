"""Transfers: where data go, and on what that rests under each regime on a date.

Two axes: the destination (is the country identified, is it denied) and the safeguard (on what the
transfer rests). A transfer has at most one verdict on each, under each regime of its register.
"""

from ropa.transfers.decisions import judge_transfer
from ropa.transfers.judgments import judge_transfers
from ropa.transfers.losses import LOSABLE, find_lost, is_told_elsewhere
from ropa.transfers.named_places import find_contradictions
from ropa.transfers.values import ARTICLE_46, SAFEGUARDS, Statement, Verdict

__all__ = [
    "ARTICLE_46",
    "LOSABLE",
    "SAFEGUARDS",
    "Statement",
    "Verdict",
    "find_contradictions",
    "find_lost",
    "is_told_elsewhere",
    "judge_transfer",
    "judge_transfers",
]
