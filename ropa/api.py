"""The public functions: load a register, inspect, audit, compare, convert, write the reports."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ropa.auditing import audit_register
from ropa.audits import Audit
from ropa.comparison import compare_result, take_snapshot
from ropa.errors import UsageError
from ropa.flows import build_graph
from ropa.lawbook import Law
from ropa.lawbook.endings import read_day
from ropa.normalise import normalise
from ropa.policy import Policy, read_policy
from ropa.previous import Previous, read_previous
from ropa.recognise import recognise
from ropa.register import Register
from ropa.results import Result
from ropa.rules.catalogue import select_rules
from ropa.sources import Source, find_sources, read_source
from ropa.workbook import read_workbook

if TYPE_CHECKING:
    import networkx as nx

    from ropa.portfolio.value import Portfolio
    from ropa.report.inspection import Inspection

REGIMES = ("uk", "eu", "both")


def load(paths: "Source | Sequence[Source]", policy: "Policy | Source | None" = None) -> Register:
    """Read a register.

    Parameters
    ----------
    paths : path or sequence of paths
        A workbook, several workbooks, or a folder of workbooks: together one register.
    policy : Policy or path, optional
        What headings mean, settled by hand: a TOML file (`ropa.policy.read_policy`). A line of it
        that fits no heading does nothing; `inspect` tells which.

    Returns
    -------
    Register
        Its frames; see `ropa.register.Register`.

    Raises
    ------
    InputError
        A file is missing, empty, encrypted, broken, too large or no workbook; the folder holds
        none; the policy is broken.
    NotARegisterError
        A file can be read and is no register.
    """
    sources = find_sources(paths)
    settled = _read_policy(policy)
    recognitions = [read_source(source, settled.mapping) for source in sources.files]
    register = normalise(recognitions, register=sources.name)
    inputs = zip(register.inputs, sources.files, strict=True)
    placed = tuple(replace(one, path=path) for one, (path, _) in inputs)
    return replace(register, inputs=placed, policy=settled.sha256)


def inspect(
    paths: "Source | Sequence[Source]", policy: "Policy | Source | None" = None
) -> "Inspection":
    """Tell what is recognised in a register, without judging it.

    Parameters
    ----------
    paths : path or sequence of paths
        As in `load`.
    policy : Policy or path, optional
        As in `load`.

    Returns
    -------
    Inspection
        Tables, headings with their fields, activities, and what was ignored. A file that is no
        register gives one as well: ``is_register`` is false, and ``why`` says why. Of several
        files ``file`` is the register's name, and a sheet is named ``file: sheet``.

    Raises
    ------
    InputError
        A file cannot be read, or the policy is broken.
    """
    from ropa.report.inspection import build_inspection

    sources = find_sources(paths)
    fixes = _read_policy(policy).mapping
    found = [recognise(read_workbook(path, file=name), fixes) for path, name in sources.files]
    good = [one for one in found if one.is_register]
    register = normalise(good, register=sources.name) if good else None
    file = sources.files[0][1] if len(sources.files) == 1 else sources.name
    return build_inspection(found, register, file=file, fixes=fixes)


def convert(
    source: "Register | Source | Sequence[Source]",
    target: Source,
    *,
    policy: "Policy | Source | None" = None,
) -> None:
    """Write a register of any layout as a house workbook, or as tidy frames.

    An audit of the workbook finds what an audit of the original does.

    Parameters
    ----------
    source : Register, path or sequence of paths
        What to convert: from `load`, or as in `load`.
    target : path
        Must not exist yet. ``.xlsx``: a house workbook. ``.parquet``, or a name without an ending:
        a folder with one Parquet file a frame.
    policy : Policy or path, optional
        As in `load`, where `source` is to be read.

    Raises
    ------
    InputError, NotARegisterError
        As in `load`.
    UsageError
        The target is of another kind.
    OutputError
        The target exists already or cannot be written.
    """
    from ropa.report.conversion import check_target, convert_register

    check_target(Path(target))
    register = source if isinstance(source, Register) else load(source, policy)
    convert_register(register, Path(target))


def _read_policy(policy: "Policy | Source | None") -> Policy:
    if policy is None:
        return Policy()
    return policy if isinstance(policy, Policy) else read_policy(policy)


Earlier = Result | Previous | str | Path
"""An earlier audit, or the file or folder that holds its findings."""


def audit(
    register: Register,
    *,
    as_of: "str | date",
    regime: str | None = None,
    rules: Sequence[str] | None = None,
    law: Law | None = None,
    policy: "Policy | Source | None" = None,
    previous: "Earlier | Sequence[Earlier] | None" = None,
) -> Audit:
    """Audit a register as the law stood on a date.

    Parameters
    ----------
    register : Register
        From `load`.
    as_of : str or date
        The date, e.g. ``"2026-09-30"``. The library never reads the clock.
    regime : {"uk", "eu", "both"}, optional
        Instead of what the register says.
    rules : sequence of str, optional
        Codes (``"TRF-04"``) or families (``"TRF"``); all rules by default.
    law : Law, optional
        Other law tables than `ropa.law()`, such as ``ropa.law().ending(...)``.
    policy : Policy or path, optional
        Severities, rules that are off, months of review, required fields, waivers
        (`ropa.policy.read_policy`).
    previous : optional
        Earlier audits of the register, as in `compare`.

    Returns
    -------
    Audit
        ``findings``, ``fixed``, ``not_evaluated`` and ``summary()``.

    Raises
    ------
    UsageError
        The date, the regime or a rule's code is wrong; the register was read with another policy;
        an earlier audit is of a later date.
    InputError
        The policy or an earlier audit cannot be read.
    """
    if regime is not None and regime not in REGIMES:
        raise UsageError(f"there is no regime {regime!r}: choose uk, eu or both")
    settled = _read_policy(policy)
    if register.policy and settled.sha256 and register.policy != settled.sha256:
        raise UsageError("the register was read with another policy: load it with this one")
    earlier = _read_earlier(previous)
    result = audit_register(
        register,
        as_of=read_day(as_of, "as_of"),
        regime=regime,
        rules=select_rules(rules),
        law=law,
        policy=settled,
    )
    return _make_audit(compare_result(result, earlier))


def compare(previous: "Earlier | Sequence[Earlier]", audit: Audit) -> Audit:
    """Tell what is new, persisting, reopened or fixed since earlier audits.

    Parameters
    ----------
    previous : Audit, path, or a sequence of them
        Audits of the same register at earlier dates: an `Audit`, ``findings.json``, the
        ``findings.xlsx`` that owners filled in, or a folder of reports. Statuses are about the
        last by date; those before it add to the history.
    audit : Audit
        The audit of now.

    Returns
    -------
    Audit
        Another one, with statuses, owners' words, waivers, ``fixed``, ``pending``, ``changes``
        and ``history``.

    Raises
    ------
    InputError
        A file cannot be read, or is no findings of this tool.
    UsageError
        An earlier audit is of a later date.
    """
    return _make_audit(compare_result(audit, _read_earlier(previous)))


def _make_audit(result: Result) -> Audit:
    return Audit(**{field.name: getattr(result, field.name) for field in fields(Result)})


def _read_earlier(previous: "Earlier | Sequence[Earlier] | None") -> tuple[Previous, ...]:
    if previous is None:
        return ()
    given = [previous] if isinstance(previous, str | Path | Result | Previous) else previous
    return tuple(_read_one(one) for one in given)


def _read_one(one: "Earlier") -> Previous:
    if isinstance(one, Previous):
        return one
    return take_snapshot(one) if isinstance(one, Result) else read_previous(one)


def flow_graph(
    register: Register, *, as_of: "str | date | None" = None, law: Law | None = None
) -> "nx.MultiDiGraph":
    """Return the flows of a register's live activities as a directed multigraph.

    Groups of data subjects, the organisation, its joint controllers and clients, the parties that
    receive data and the countries are nodes; each activity's flow is an edge. With `as_of` the
    edges into a country bear the verdict on their safeguard on that day. See
    `ropa.flows.build_graph` for the attributes, and `ropa.flows` for what can be measured.
    """
    day = None if as_of is None else read_day(as_of, "as_of")
    return build_graph(register, as_of=day, law=law, complete=True)


def timeline(
    register: Register,
    *,
    regime: str | None = None,
    rules: Sequence[str] | None = None,
    law: Law | None = None,
    policy: "Policy | Source | None" = None,
    dates: "Sequence[str | date] | None" = None,
) -> pd.DataFrame:
    """Tell how the findings of a register change with the law, by its date.

    Parameters
    ----------
    register, regime, rules, law, policy
        As in `audit`.
    dates : sequence of str or date, optional
        The days; by default each from 2015 on on which the law changed under a regime of the
        register, those to come included.

    Returns
    -------
    DataFrame
        One row a finding and day, with what became of it and why: see
        `ropa.chronology.build_timeline`; `ropa.chronology.summarise_timeline` counts them.

    Raises
    ------
    UsageError
        A date or a rule's code is wrong.
    """
    from ropa.chronology import build_timeline

    return build_timeline(
        register,
        regime=regime,
        law=law,
        rules=select_rules(rules),
        dates=dates,
        policy=_read_policy(policy),
    )


def audit_portfolio(
    folder: Source,
    out: Source,
    *,
    as_of: "str | date",
    regime: str | None = None,
    policy: "Policy | Source | None" = None,
    workers: int | None = None,
    scheduler: str | None = None,
    report: Callable[[int, int, int], None] | None = None,
) -> "Portfolio":
    """Audit many registers, on the cores of this machine or on a Dask cluster.

    Each workbook in the folder or deeper is a register; a folder whose name ends in ``.register``
    is one register of the workbooks in it. One that cannot be read is a row with its reason. What
    an earlier run into the same folder of results has found is kept where neither the register's
    bytes nor what it is judged by has changed, also where that run was broken off.

    Parameters
    ----------
    folder : path
        The registers.
    out : path
        The folder of results: absent, empty, or one that this wrote. Same registers, date and
        versions give the same bytes, whoever did the work and in whatever order.
    as_of : str or date
        As in `audit`.
    regime : {"uk", "eu", "both"}, optional
        As in `audit`, for all registers.
    policy : Policy or path, optional
        As in `audit`, for all registers; its waivers are passed over.
    workers : int, optional
        Processes on this machine; by default one a core.
    scheduler : str, optional
        Address of a Dask scheduler whose workers see the folder at the same path; then nothing
        runs on this machine but the writing.
    report : callable, optional
        Is told from time to time how many registers are done, how many there are, and how many
        were refused.

    Returns
    -------
    Portfolio
        What can be asked across the registers.

    Raises
    ------
    UsageError
        The date, the regime or the number of workers is wrong; both workers and a scheduler are
        named; the cluster cannot be reached.
    InputError
        The folder holds no workbook, or the policy is broken.
    OutputError
        The folder of results holds other files, or cannot be written.
    """
    from ropa.portfolio.portfolios import run_portfolio
    from ropa.portfolio.settings import make_settings
    from ropa.portfolio.workers import join_cluster, start_processes

    if regime is not None and regime not in REGIMES:
        raise UsageError(f"there is no regime {regime!r}: choose uk, eu or both")
    if scheduler and workers is not None:
        raise UsageError("name workers on this machine or the scheduler of a cluster, not both")
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers can do nothing: at least one is needed")
    settings = make_settings(read_day(as_of, "as_of"), regime or "", _read_policy(policy))
    crew = join_cluster(scheduler) if scheduler else start_processes(workers)
    silent = report or (lambda _done, _total, _refused: None)
    return run_portfolio(Path(folder), Path(out), settings, crew, silent)


def read_portfolio(folder: Source) -> "Portfolio":
    """Read what `audit_portfolio` has written into a folder.

    Raises
    ------
    InputError
        It holds no such results, or the audit was broken off: run it again.
    """
    from ropa.portfolio.value import read_portfolio as read

    return read(folder)
