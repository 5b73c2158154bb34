"""Defects: the open findings of one rule together, as a reader takes them in hand."""

import re
from dataclasses import dataclass

import pandas as pd

from ropa.findings import rank_severity
from ropa.results import Result

_ACRONYMS = re.compile(r"\b(dpo|dpia)\b")
_NAMED = 8


@dataclass(frozen=True, slots=True)
class Defect:
    """The open findings of one rule together.

    Attributes
    ----------
    severity, rule, name : str
        The worst severity among them, the rule's code and what it calls the defect.
    activities : str
        The activities, the first few of them; empty where the record as a whole is meant.
    message, remedy, provision : str
        What is wrong, what to write instead, and the law, of the first among the worst.
    rows : DataFrame
        The findings, in the audit's order and with its index.
    """

    severity: str
    rule: str
    name: str
    activities: str
    message: str
    remedy: str
    provision: str
    rows: pd.DataFrame


def list_defects(result: Result, most: int) -> tuple[Defect, ...]:
    """Return the first defects, the gravest and most frequent before the others."""
    findings = result.findings
    live = findings[findings["status"] != "waived"]
    ranks = live["severity"].map(rank_severity)
    order = live.assign(rank=ranks).groupby("rule")["rank"].agg(["min", "size"])
    order = order.sort_values(["min", "size"], ascending=[True, False], kind="stable")
    return tuple(_sum_up(live[live["rule"] == rule]) for rule in order.index[:most])


def _sum_up(rows: pd.DataFrame) -> Defect:
    ranks = rows["severity"].map(rank_severity)
    first = rows.iloc[int(ranks.to_numpy().argmin())]
    return Defect(
        first["severity"],
        first["rule"],
        name_defect(first["name"]),
        name_some(rows["activity_id"], _NAMED),
        first["message"],
        first["remedy"],
        first["provision"],
        rows,
    )


def name_some(labels: pd.Series, most: int) -> str:
    """Return the first of some labels, each once, and how many more there are."""
    named = [one for one in dict.fromkeys(labels) if one]
    more = len(named) - most
    return ", ".join(named[:most]) + (f" and {more} more" if more > 0 else "")


def name_defect(name: str) -> str:
    """Return a rule's name in words: ``no DPO recorded``."""
    words = _ACRONYMS.sub(lambda found: found[0].upper(), name.replace("_", " "))
    return words.replace(" article ", " Article ")
