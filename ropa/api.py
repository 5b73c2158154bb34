"""The public functions: load a register, audit it, write the reports."""

from collections.abc import Sequence
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
from ropa.recognise import Recognition, recognise
from ropa.register import Register
from ropa.rules.catalogue import select_rules
from ropa.summaries import Summary, summarise
from ropa.workbook import find_workbooks, read_workbook
from ropa.workbook.files import shown

if TYPE_CHECKING:
    import networkx as nx

REGIMES = ("uk", "eu", "both")

Source = str | Path


def load(paths: "Source | Sequence[Source]") -> Register:
    """Read a register.

    Parameters
    ----------
    paths : path or sequence of paths
        A workbook, several workbooks, or a folder of workbooks: together one register.

    Returns
    -------
    Register
        Its frames; see `ropa.register.Register`.

    Raises
    ------
    InputError
        A file is missing, empty, encrypted, broken, too large or no workbook; the folder holds
        none.
    NotARegisterError
        A file can be read and is no register.
    """
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
    recognitions = [_recognise(*pair) for pair in zip(files, names, strict=True)]
    name = _make_text(given[0].stem if len(given) == 1 else parent.name)
    register = normalise(recognitions, register=name)
    inputs = zip(register.inputs, files, strict=True)
    return replace(register, inputs=tuple(replace(one, path=path) for one, path in inputs))


def _make_text(name: str) -> str:
    """Return a file's name as text; bytes that are none in this system's encoding are marked."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _recognise(file: Path, name: str) -> Recognition:
    found = recognise(read_workbook(file, file=name))
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
