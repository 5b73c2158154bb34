"""The command line: options in, the public functions' results out.

Exit codes: 0 done, 1 findings at or above ``--fail-on``, 2 could not run. Whatever stops a
command is one line on stderr; there is never a traceback. Only here is the clock read.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from ropa import __version__
from ropa.errors import RopaError, UsageError
from ropa.findings import SEVERITIES, rank_severity

DONE, FOUND, STOPPED = 0, 1, 2
_INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    try:
        options = _build_parser().parse_args(arguments)
        code: int = options.run(options)
        sys.stdout.flush()
    except RopaError as error:
        return _stop(str(error))
    except KeyboardInterrupt:
        _stop("interrupted")
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; what is left must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except MemoryError:
        return _stop("not enough memory for this register")
    except Exception as error:  # noqa: BLE001 - a traceback could show cells' text
        return _stop(f"a fault of ropa itself ({_describe(error)}): please report it")
    return code


def _stop(line: str) -> int:
    line = "".join(one if one.isprintable() else "?" for one in " ".join(line.split()))
    sys.stderr.write(f"ropa: {line}\n")
    return STOPPED


def _describe(error: Exception) -> str:
    """Name an exception and its place, without its text: that may hold cells' text."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" in {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{place}"


def _build_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="ropa",
        allow_abbrev=False,
        description="Audit a record of processing activities (GDPR Article 30).",
    )
    parser.add_argument("--version", action="version", version=f"ropa {__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=_Parser
    )
    _add_audit(commands.add_parser("audit", help="find what is missing or unlawful"))
    _add_inspect(commands.add_parser("inspect", help="show what is recognised in a register"))
    _add_convert(commands.add_parser("convert", help="write a register of any layout in another"))
    _add_template(commands.add_parser("template", help="write a blank register to fill in"))
    return parser


def _add_audit(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Read a register, judge it as the law stood on a date and print what is wrong."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="workbooks, or one folder")
    parser.add_argument("--as-of", metavar="DATE", help="date to judge on (default: today)")
    parser.add_argument("--regime", choices=("uk", "eu", "both"), help="instead of the register's")
    parser.add_argument("--out", metavar="DIR", help="write the reports into this folder")
    _add_policy(parser)
    parser.add_argument(
        "--fail-on",
        metavar="SEVERITY",
        choices=SEVERITIES,
        help=f"exit with 1 when a finding is at or above it ({', '.join(SEVERITIES)})",
    )
    parser.add_argument("--json", choices=("-",), help="print machine output on stdout")
    parser.set_defaults(run=_run_audit)


def _add_policy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--policy", metavar="FILE", help="what headings mean, settled by hand (TOML)"
    )


def _add_inspect(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Show what is recognised: tables, headings with their fields, activities, what is ignored."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="workbooks, or one folder")
    _add_policy(parser)
    parser.add_argument("--json", choices=("-",), help="print machine output on stdout")
    parser.set_defaults(run=_run_inspect)


def _add_convert(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write a register of any layout as a house workbook, or its tidy frames as Parquet files."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="workbooks, or one folder")
    parser.add_argument("target", metavar="OUT", help="a workbook (.xlsx) or a folder (.parquet)")
    parser.set_defaults(run=_run_convert)


def _add_template(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write a blank workbook with drop-downs and notes."
    parser.add_argument("target", metavar="OUT", help="the file to write (.xlsx)")
    parser.add_argument("--layout", default="house", help="house (default) or ico-controller")
    parser.set_defaults(run=_run_template)


def _run_audit(options: argparse.Namespace) -> int:
    from ropa.api import audit, load, parse_date
    from ropa.report.findings_json import format_document
    from ropa.report.terminal import print_audit, show_progress

    if options.out == "":
        raise UsageError("--out names no folder: give the folder for the reports")
    today = date.today()  # noqa: DTZ011 - the user's own day
    as_of = parse_date(today if options.as_of is None else options.as_of)
    with show_progress() as report:
        report("reading the register")
        register = load(options.files, options.policy)
        report("judging every rule")
        result = audit(register, as_of=as_of, regime=options.regime)
        if options.out:
            report("writing the reports")
            result.write(options.out)
    _set_encoding(machine=bool(options.json))
    if options.json:
        sys.stdout.write(format_document(result))
    else:
        print_audit(result, out=Path(options.out) if options.out else None)
    if options.fail_on is None:
        return DONE
    live = result.findings.loc[result.findings["status"] != "waived", "severity"]
    limit = rank_severity(options.fail_on)
    return FOUND if any(rank_severity(one) <= limit for one in live) else DONE


def _set_encoding(*, machine: bool) -> None:
    """Make stdout take every letter: JSON is UTF-8, a terminal shows "?" for what it lacks."""
    if isinstance(sys.stdout, TextIOWrapper):
        if machine:
            sys.stdout.reconfigure(encoding="utf-8")
        else:
            sys.stdout.reconfigure(errors="replace")


def _run_inspect(options: argparse.Namespace) -> int:
    from ropa.api import inspect
    from ropa.report.inspection_json import format_inspection
    from ropa.report.inspection_terminal import print_inspection
    from ropa.report.terminal import show_progress

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
    return _stop(f"{found.file}: not a register: {found.why}")


def _run_convert(options: argparse.Namespace) -> int:
    from ropa.api import convert
    from ropa.report.terminal import show_progress

    with show_progress() as report:
        report("converting the register")
        convert(options.files, options.target)
    _set_encoding(machine=False)
    sys.stdout.write(f"wrote {options.target}\n")
    return DONE


def _run_template(options: argparse.Namespace) -> int:
    from ropa.report.template import write_template

    write_template(Path(options.target), layout=options.layout)
    sys.stdout.write(f"wrote {options.target}\n")
    return DONE
