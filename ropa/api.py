"""The public functions: load a register, inspect it, audit it, convert it, write the reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from os.path import abspath, commonpath
from pathlib import Path
from typing import TYPE_CHECKING

from ropa.auditing import Result, audit_register
from ropa.errors import NotARegisterError, UsageError
from ropa.flows import build_graph
from ropa.lawbook import Law
from ropa.normalise import normalise
from ropa.policy import Policy, read_policy
from ropa.recognise import Recognition, recognise
from ropa.register import Register
from ropa.rules.catalogue import select_rules
from ropa.summaries import Summary, summarise
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


@dataclass(frozen=True, slots=True, repr=False)
class Audit(Result):
    """What an audit found, and its reports. See `ropa.auditing.Result` for the frames."""

    def summary(self) -> Summary:
        """Return the counts: severity, family, completeness per Art 30 item, transfers."""
        return summarise(self)

    def write(self, folder: Source) -> None:
        """Write every report into a folder.

        Parameters
        ----------
        folder : path
            Absent, empty, or one that an earlier audit wrote. The reports in it are replaced as a
            whole or not at all.

        Raises
        ------
        OutputError
            The folder holds other files, or cannot be written.
        """
        from ropa.report.folder import write_reports

        write_reports(self, Path(folder))

    def _repr_html_(self) -> str:
        """Show the summary in a notebook."""
        return self.summary()._repr_html_()


def audit(
    register: Register,
    *,
    as_of: "str | date",
    regime: str | None = None,
    rules: Sequence[str] | None = None,
    law: Law | None = None,
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
        Other law tables than `ropa.law()`.

    Returns
    -------
    Audit
        ``findings``, ``fixed``, ``not_evaluated`` and ``summary()``.

    Raises
    ------
    UsageError
        The date, the regime or a rule's code is wrong.
    """
    if regime is not None and regime not in REGIMES:
        raise UsageError(f"there is no regime {regime!r}: choose uk, eu or both")
    result = audit_register(
        register,
        as_of=parse_date(as_of),
        regime=regime,
        rules=select_rules(rules),
        law=law,
    )
    return Audit(**{field.name: getattr(result, field.name) for field in fields(Result)})


def flow_graph(
    register: Register, *, as_of: "str | date | None" = None, law: Law | None = None
) -> "nx.MultiDiGraph":
    """Return the flows of a register's live activities as a directed multigraph.

    The organisation, the parties that receive data and the countries are nodes; each activity's
    flow is an edge. With `as_of` the edges into a country bear the verdict on their safeguard on
    that day. See `ropa.flows.build_graph` for the attributes.
    """
    day = None if as_of is None else parse_date(as_of)
    return build_graph(register, as_of=day, law=law)


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
