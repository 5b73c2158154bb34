"""What the slides are about: an audit's findings, flows and dates, gathered once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ropa.charts.audit_flows import read_case
from ropa.charts.canvas import clean
from ropa.charts.flow_columns import COUNTRY, FlowSet
from ropa.charts.flow_folding import fold_flows
from ropa.charts.headings import name_audited
from ropa.charts.safeguard_groups import find_group
from ropa.evaluation import FAILED
from ropa.findings import SEVERITIES, rank_severity
from ropa.phrases.sentences import count_words, join_words, spell_day
from ropa.report.defects import name_defect
from ropa.results import Result
from ropa.summaries import Summary, summarise
from ropa.what_if import list_endings

GRAVE = ("critical", "high")
HOME = "home"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_VERDICT_RULE = "TRF-03"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of an audit.

    Attributes
    ----------
    result, summary : Result, Summary
        The audit and its counts.
    organisation : str
        Whose register was audited.
    live : DataFrame
        The findings that are not waived, the most severe first.
    flows : FlowSet
        The flows, judged on the date.
    countries : mapping
        Country to group of safeguards to the number of transfers into it (an activity and a
        recipient each); flows inside the home area are left out.
    unplaced : bool
        Flows are recorded, and none of them names a country.
    away, failing, unclear : int
        Activities with a transfer abroad, with one that has no working safeguard, and with one
        whose country or safeguard is not clear and none that fails.
    judged : bool
        Whether transfers could be judged at all.
    endings : tuple of str
        Instruments that the audit takes to have ended, against the law as it stands.
    """

    result: Result
    summary: Summary
    organisation: str
    live: pd.DataFrame
    flows: FlowSet
    countries: Mapping[str, Mapping[str, int]]
    unplaced: bool
    away: int
    failing: int
    unclear: int
    judged: bool
    endings: tuple[str, ...]

    @property
    def day(self) -> str:
        """The date of the audit in words."""
        return spell_day(self.result.as_of)

    @property
    def grave(self) -> pd.DataFrame:
        """The findings that are critical or high."""
        return self.live[self.live["severity"].isin(GRAVE)]

    @property
    def last(self) -> date | None:
        """The date of the audit that this one was compared with; none for a first audit."""
        return max((one.as_of for one in self.result.earlier), default=None)

    def count_transfers(self, group: str = "") -> int:
        """Return how many transfers abroad there are, all or those of a group of safeguards."""
        return sum(
            number
            for groups in self.countries.values()
            for one, number in groups.items()
            if not group or one == group
        )


def gather_facts(result: Result) -> Facts:
    """Return what the slides tell of an audit."""
    findings = result.findings
    flows = result.case.once(read_case)
    pictures = [fold_flows(one) for one in flows.flows]
    verdicts = result.case.verdicts
    groups = verdicts["safeguard"].map(find_group)
    failing = set(verdicts.loc[groups == "failing", "activity_key"])
    unclear = set(verdicts.loc[groups == "unclear", "activity_key"]) - failing
    broken = result.not_evaluated
    broken = broken[broken["why"].str.startswith(FAILED)]
    countries: dict[str, Counter[str]] = {}
    for one in pictures:
        for slot, counts in one.verdicts.items():
            for safeguard, number in counts.items():
                if slot.kind == COUNTRY and find_group(safeguard) != HOME:
                    tally = countries.setdefault(clean(one.labels[slot]), Counter())
                    tally[find_group(safeguard)] += number
    return Facts(
        result,
        summarise(result),
        clean(name_audited(result)),
        findings[findings["status"] != "waived"],
        flows,
        countries,
        bool(pictures) and not any(one.verdicts for one in pictures),
        int(verdicts.loc[groups != HOME, "activity_key"].nunique()),
        len(failing),
        len(unclear),
        _VERDICT_RULE not in set(broken["rule"]),
        tuple(f"{one.name}, last day {one.last_day}" for one in list_endings(result.law)),
    )


def word_severities(findings: pd.DataFrame, *, most: int = 5) -> str:
    """Return the counts of some findings by severity: 3 critical, 15 high and 2 low."""
    counts = findings["severity"].value_counts()
    told = [f"{counts[one]} {one}" for one in SEVERITIES if one in counts][:most]
    return join_words(told)


def count_findings(number: int) -> str:
    """Return a number of findings in words."""
    return count_words(number, "finding", "findings")


def find_bare(findings: pd.DataFrame) -> pd.DataFrame:
    """Return the findings without an owner, or without a due date that is a day."""
    owned = findings["owner"].str.strip() != ""
    return findings[~(owned & findings["due"].str.strip().str.fullmatch(DAY))]


@dataclass(frozen=True, slots=True)
class Risk:
    """Findings of one rule and severity, told together."""

    severity: str
    what: str
    where: str
    owner: str
    due: str
    rows: pd.DataFrame


def list_risks(findings: pd.DataFrame) -> list[Risk]:
    """Return findings grouped by severity and rule, the most severe and the most frequent first."""
    groups = [rows for _, rows in findings.groupby(["severity", "rule"], sort=True)]
    groups.sort(key=lambda rows: (rank_severity(rows["severity"].iloc[0]), -len(rows)))
    return [_make_risk(rows) for rows in groups]


def _make_risk(rows: pd.DataFrame) -> Risk:
    first = rows.iloc[0]
    name = name_defect(str(first["name"]))
    what = f"{name[:1].upper()}{name[1:]}"
    if len(rows) > 1:
        what += f" ({len(rows)})"
    subjects = [one for one in rows["subject"].unique() if one]
    if subjects:
        what += f": {_join(subjects)}"
    elif len(rows) == 1:
        what += f". {first['message']}"
    return Risk(
        str(first["severity"]), what, _word_places(rows), _word_owners(rows), _word_due(rows), rows
    )


def _word_places(rows: pd.DataFrame) -> str:
    pairs = rows[["activity_id", "activity"]].drop_duplicates()
    named = pairs[pairs["activity_id"] != ""]
    if named.empty:
        return "The register as a whole"
    if len(named) == 1:
        one = named.iloc[0]
        return f"{one['activity_id']} {one['activity']}".strip()
    return f"{len(named)} activities: {_join(list(named['activity_id']))}"


def _join(words: list[str], most: int = 3) -> str:
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more} more" if more > 0 else "")


def _word_owners(rows: pd.DataFrame) -> str:
    owners = [one for one in rows["owner"].str.strip().unique() if one]
    lacking = int((rows["owner"].str.strip() == "").sum())
    if not owners:
        return "no owner"
    return _join(owners, 2) + (f"; {lacking} without" if lacking else "")


def _word_due(rows: pd.DataFrame) -> str:
    dues = rows["due"].str.strip()
    days = sorted(dues[dues.str.fullmatch(DAY)])
    if not days:
        return "no date"
    lacking = len(rows) - len(days)
    first = days[0] if days[0] == days[-1] else f"from {days[0]}"
    return first + (f"; {lacking} without" if lacking else "")
