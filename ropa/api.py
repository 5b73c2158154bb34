"""The public functions: load a register, inspect, audit, compare, convert, write the reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from os.path import abspath, commonpath
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ropa.auditing import audit_register
from ropa.audits import Audit
from ropa.comparison import compare_result, take_snapshot
from ropa.errors import NotARegisterError, UsageError
from ropa.flows import build_graph
from ropa.lawbook import Law
from ropa.normalise import normalise
from ropa.policy import Policy, read_policy
from ropa.previous import Previous, read_previous
from ropa.recognise import Recognition, recognise
from ropa.register import Register
from ropa.results import Result
from ropa.rules.catalogue import select_rules
from ropa.workbook import find_workbooks, read_workbook
from ropa.workbook.files import shown

if TYPE_CHECKING:
    import networkx as nx

    from ropa.report.inspection import Inspection

REGIMES = ("uk", "eu", "both")

Source = str | Path


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
    sources = _find_sources(paths)
    settled = _read_policy(policy)
    recognitions = [_recognise(source, settled.mapping) for source in sources.files]
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

    sources = _find_sources(paths)
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


@dataclass(frozen=True, slots=True)
class _Sources:
    """The register's name, and its files: each path with the name that findings show."""

    name: str
    files: tuple[tuple[Path, str], ...]


def _find_sources(paths: "Source | Sequence[Source]") -> _Sources:
    given = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    if not given:
        raise UsageError("no file was given: name a workbook or a folder of workbooks")
    found = [file for path in given for file in (find_workbooks(path) if path.is_dir() else [path])]
    # Without "..", and by its own name where it is a link: the copy in a report folder has it too.
    files = [Path(abspath(file)) for file in found]  # noqa: PTH100 - resolve() follows links
    parent = Path(commonpath([file.parent for file in files]))
    names = [_make_text(file.relative_to(parent).as_posix()) for file in files]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise UsageError(f"{shown(twice)}: this file was given twice; name it once")
    name = _make_text(given[0].stem if len(given) == 1 else parent.name)
    return _Sources(name, tuple(zip(files, names, strict=True)))


def _read_policy(policy: "Policy | Source | None") -> Policy:
    if policy is None:
        return Policy()
    return policy if isinstance(policy, Policy) else read_policy(policy)


def _make_text(name: str) -> str:
    """Return a file's name as text; bytes that are none in this system's encoding are marked."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _recognise(source: tuple[Path, str], fixes: Mapping[str, str]) -> Recognition:
    file, name = source
    found = recognise(read_workbook(file, file=name), fixes)
    if not found.is_register:
        raise NotARegisterError(f"{shown(name)}: not a register: {found.why}")
    return found


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
        as_of=parse_date(as_of),
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
    day = None if as_of is None else parse_date(as_of)
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


def parse_date(text: "str | date") -> date:
    """Return the day that a text names in ISO 8601 form.

    Raises
    ------
    UsageError
        It is no such day.
    """
    if isinstance(text, date):
        return date(text.year, text.month, text.day)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date: write it as 2026-09-30") from None
