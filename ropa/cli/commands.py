"""What each command does: options in, an exit code out."""

import argparse
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from ropa.errors import RuleFailedWarning, UsageError
from ropa.findings import rank_severity

if TYPE_CHECKING:
    from ropa.audits import Audit

DONE, FOUND, STOPPED = 0, 1, 2


def write_error(line: str) -> None:
    """Write what stopped a command as one line on stderr."""
    line = "".join(one if one.isprintable() else "?" for one in " ".join(line.split()))
    sys.stderr.write(f"ropa: {line}\n")


def run_audit(options: argparse.Namespace) -> int:
    """Audit a register."""
    from ropa.api import audit, load
    from ropa.lawbook import load_law
    from ropa.policy import read_policy
    from ropa.report.console import show_progress
    from ropa.report.findings_json import format_document
    from ropa.report.folder import check_folder
    from ropa.report.terminal import print_audit
    from ropa.what_if import change_law

    if options.out == "":
        raise UsageError("--out names no folder: give the folder for the reports")
    if options.deck_template and not options.out:
        raise UsageError("--deck-template needs --out: without it no slides are written")
    if options.out:
        check_folder(options.out)
    if options.deck_template:
        from ropa.report.deck import check_template

        check_template(Path(options.deck_template))
    as_of = _read_day(options.as_of)
    law = change_law(load_law(), options.what_if)
    policy = None if options.policy is None else read_policy(options.policy)
    with show_progress() as report, _quiet_faults():
        report("reading the register")
        register = load(options.files, policy)
        report("judging every rule")
        result = audit(
            register,
            as_of=as_of,
            regime=options.regime,
            law=law,
            policy=policy,
            previous=options.previous,
        )
        if options.out:
            report("writing the reports")
            result.write(options.out, deck_template=options.deck_template)
    _set_encoding(machine=bool(options.json))
    if options.json:
        sys.stdout.write(format_document(result))
    else:
        print_audit(result, out=Path(options.out) if options.out else None)
        if options.what_if:
            _print_fallen(result)
    if options.fail_on is None:
        return DONE
    live = result.findings.loc[result.findings["status"] != "waived", "severity"]
    limit = rank_severity(options.fail_on)
    return FOUND if any(rank_severity(one) <= limit for one in live) else DONE


def _read_day(stated: str | None) -> date:
    """Return the day that an option names: the user's own today where it is left out."""
    from ropa.lawbook.endings import read_day

    return read_day(date.today() if stated is None else stated, "--as-of")  # noqa: DTZ011 - theirs


@contextmanager
def _quiet_faults() -> Iterator[None]:
    """Keep a rule's fault off stderr: it stands among what was not evaluated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuleFailedWarning)
        yield


def _print_fallen(result: "Audit") -> None:
    from ropa.report.console import print_lines
    from ropa.report.what_if_terminal import list_fallen_lines

    print_lines(list_fallen_lines(result.fallen, result))


def _set_encoding(*, machine: bool) -> None:
    """Make stdout take every letter: JSON is UTF-8, a terminal shows "?" for what it lacks."""
    if isinstance(sys.stdout, TextIOWrapper):
        if machine:
            sys.stdout.reconfigure(encoding="utf-8")
        else:
            sys.stdout.reconfigure(errors="replace")


def run_inspect(options: argparse.Namespace) -> int:
    """Show what is recognised."""
    from ropa.api import inspect
    from ropa.report.console import show_progress
    from ropa.report.inspection_json import format_inspection
    from ropa.report.inspection_terminal import print_inspection

    with show_progress() as report:
        report("reading the register")
        found = inspect(options.files, options.policy)
    _set_encoding(machine=bool(options.json))
    if options.json:
        sys.stdout.write(format_inspection(found))
    else:
        print_inspection(found)
    if found.is_register:
        return DONE
    sys.stdout.flush()
    write_error(f"{found.file}: not a register: {found.why}")
    return STOPPED


def run_convert(options: argparse.Namespace) -> int:
    """Write a register in another layout."""
    from ropa.api import convert
    from ropa.report.console import show_progress

    with show_progress() as report:
        report("converting the register")
        convert(options.files, options.target)
    _set_encoding(machine=False)
    sys.stdout.write(f"wrote {options.target}\n")
    return DONE


def run_template(options: argparse.Namespace) -> int:
    """Write a blank register."""
    from ropa.report.template import write_template

    write_template(Path(options.target), layout=options.layout)
    sys.stdout.write(f"wrote {options.target}\n")
    return DONE


def run_compare(options: argparse.Namespace) -> int:
    """Tell what changed between two audits."""
    from ropa.comparison import compare_snapshots
    from ropa.previous import read_previous
    from ropa.report.comparison import format_comparison, list_comparison
    from ropa.report.console import print_lines

    old, new = read_previous(options.old), read_previous(options.new)
    frames = compare_snapshots(new, [old])
    _set_encoding(machine=bool(options.json))
    if options.json:
        sys.stdout.write(format_comparison(new, [old], frames))
    else:
        print_lines(list_comparison(new, [old], frames))
    return DONE


def run_graph(options: argparse.Namespace) -> int:
    """Write the flow graph of a register."""
    from ropa.api import flow_graph, load
    from ropa.report.console import show_progress
    from ropa.report.graph_files import write_graph

    with show_progress() as report:
        report("reading the register")
        register = load(options.files, options.policy)
        report("drawing the flows")
        write_graph(flow_graph(register, as_of=_read_day(options.as_of)), options.target)
    _set_encoding(machine=False)
    sys.stdout.write(f"wrote {options.target}\n")
    return DONE


def run_portfolio(options: argparse.Namespace) -> int:
    """Audit a folder of many registers."""
    from ropa.api import audit_portfolio
    from ropa.portfolio.terminal import list_portfolio_lines, show_bar
    from ropa.report.console import print_lines

    if options.out == "":
        raise UsageError("--out names no folder: give the folder for the results")
    with show_bar(sys.stderr) as report:
        found = audit_portfolio(
            options.folder,
            options.out,
            as_of=_read_day(options.as_of),
            regime=options.regime,
            policy=options.policy,
            workers=options.workers,
            scheduler=options.scheduler,
            report=report,
        )
    _set_encoding(machine=False)
    print_lines(list_portfolio_lines(found, options.out))
    return DONE


def run_verify(options: argparse.Namespace) -> int:
    """Check a folder of reports."""
    from ropa.report.verification import list_verification, verify_folder

    found = verify_folder(options.folder)
    _set_encoding(machine=False)
    sys.stdout.write("\n".join(list_verification(found)) + "\n")
    return FOUND if found.problems else DONE


def run_notebooks(options: argparse.Namespace) -> int:
    """Copy the notebooks."""
    from ropa.report.notebook_copies import copy_notebooks

    names = copy_notebooks(options.folder)
    _set_encoding(machine=False)
    sys.stdout.write("\n".join(f"wrote {options.folder}/{name}" for name in names) + "\n")
    return DONE


def run_rules(options: argparse.Namespace) -> int:
    """List rules, or show one."""
    from ropa.lawbook import load_law
    from ropa.report.catalogue_terminal import print_catalogue, print_rule
    from ropa.rules.catalogue import select_rules

    chosen = select_rules(options.codes or None)
    _set_encoding(machine=False)
    if len(chosen) == 1:
        print_rule(chosen[0], load_law(), _read_day(options.as_of))
    else:
        print_catalogue(chosen)
    return DONE
