"""Quarter to quarter: what is new, what persists, what was fixed, what was accepted.

Audits are compared by the ids of their findings, which survive edits of the register. What is gone
counts as fixed only where its rule was evaluated on its activity now. What owners wrote into last
quarter's workbook comes back with the finding that it was written to.
"""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from ropa.comparison.outcomes import compare_snapshots, compare_with_none, sort_by_date
from ropa.comparison.snapshots import list_activities, take_snapshot
from ropa.errors import UsageError
from ropa.findings import COLUMNS
from ropa.previous import Previous
from ropa.results import Earlier, Result

__all__ = ["compare_result", "compare_snapshots", "list_activities", "take_snapshot"]


def compare_result(result: Result, earlier: Sequence[Previous] = ()) -> Result:
    """Return an audit with the statuses, waivers and history that follow from earlier ones.

    Parameters
    ----------
    result : Result
        The audit, of one register where there are earlier ones.
    earlier : sequence of Previous
        Earlier audits of the register, in any order; the last by date is the one that the
        statuses are about. Without any, only the policy's waivers count.

    Returns
    -------
    Result
        Another one; statuses that the audit had before are forgotten.

    Raises
    ------
    UsageError
        An earlier audit is of a later date, or the audit is of several registers.
    """
    if earlier and len(result.register.frames["organisation"]) > 1:
        raise UsageError("several registers cannot be compared at once: compare each by itself")
    unmarked = result.frames["findings"].assign(status="new")
    if not earlier and not result.policy.waivers:
        frames = compare_with_none(unmarked, result)
        return replace(result, frames=MappingProxyType(dict(frames)), earlier=())
    result = replace(result, frames=MappingProxyType({**result.frames, "findings": unmarked}))
    frames = compare_snapshots(take_snapshot(result), earlier, result.policy.waivers)
    told = frames["findings"].set_axis(unmarked.index)
    findings = unmarked.assign(**{name: told[name] for name in COLUMNS})
    merged = {**result.frames, **frames, "findings": findings}
    compared = tuple(
        Earlier(one.as_of, one.file, one.sha256, one.problems) for one in sort_by_date(earlier)
    )
    return replace(result, frames=MappingProxyType(merged), earlier=compared)
