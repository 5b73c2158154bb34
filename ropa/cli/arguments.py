"""The options of each command."""

import argparse
from typing import NoReturn

from ropa import __version__
from ropa.cli import commands
from ropa.errors import UsageError
from ropa.findings import SEVERITIES


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the options."""
        raise UsageError(f"{message} (see {self.prog} --help)")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; each sets ``run`` to what runs it."""
    parser = Parser(
        prog="ropa",
        allow_abbrev=False,
        description="Audit a record of processing activities (GDPR Article 30).",
    )
    parser.add_argument("--version", action="version", version=f"ropa {__version__}")
    each = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, parser_class=Parser
    )
    _add_audit(each.add_parser("audit", help="find what is missing or unlawful"))
    _add_inspect(each.add_parser("inspect", help="show what is recognised in a register"))
    _add_convert(each.add_parser("convert", help="write a register of any layout in another"))
    _add_compare(each.add_parser("compare", help="tell what changed between two audits"))
    _add_graph(each.add_parser("graph", help="write the flow graph: a picture or a file of it"))
    _add_portfolio(each.add_parser("portfolio", help="audit a folder of many registers"))
    _add_verify(each.add_parser("verify", help="check a folder of reports against its hashes"))
    _add_notebooks(each.add_parser("notebooks", help="copy the notebooks to work on"))
    _add_rules(each.add_parser("rules", help="list the rules, or show one with its law"))
    _add_template(each.add_parser("template", help="write a blank register to fill in"))
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
        "--previous",
        metavar="FILE",
        action="append",
        default=[],
        help="an earlier audit: its findings.json or findings.xlsx, or its folder; repeatable",
    )
    parser.add_argument(
        "--what-if",
        metavar='"end ID DATE"',
        action="append",
        default=[],
        help="judge under a law in which an instrument ends on a day; repeatable",
    )
    parser.add_argument(
        "--deck-template", metavar="FILE", help="a presentation whose style the slides take"
    )
    parser.add_argument(
        "--fail-on",
        metavar="SEVERITY",
        choices=SEVERITIES,
        help=f"exit with 1 when a finding is at or above it ({', '.join(SEVERITIES)})",
    )
    parser.add_argument("--json", choices=("-",), help="print machine output on stdout")
    parser.set_defaults(run=commands.run_audit)


def _add_policy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--policy", metavar="FILE", help="what the organisation has settled, in TOML"
    )


def _add_inspect(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Show what is recognised: tables, headings with their fields, activities, what is ignored."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="workbooks, or one folder")
    _add_policy(parser)
    parser.add_argument("--json", choices=("-",), help="print machine output on stdout")
    parser.set_defaults(run=commands.run_inspect)


def _add_convert(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Write a register of any layout as a house workbook, or its tidy frames as Parquet files."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="workbooks, or one folder")
    parser.add_argument("target", metavar="OUT", help="a workbook (.xlsx) or a folder (.parquet)")
    parser.set_defaults(run=commands.run_convert)


def _add_template(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write a blank workbook with drop-downs and notes."
    parser.add_argument("target", metavar="OUT", help="the file to write (.xlsx)")
    parser.add_argument("--layout", default="house", help="house (default) or ico-controller")
    parser.set_defaults(run=commands.run_template)


def _add_compare(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Tell what is new, persisting, reopened and fixed between two audits of a register."
    )
    for name, what in (("old", "earlier"), ("new", "later")):
        parser.add_argument(
            name,
            metavar=name.upper(),
            help=f"the {what} audit: findings.json, findings.xlsx or the folder of its reports",
        )
    parser.add_argument("--json", choices=("-",), help="print machine output on stdout")
    parser.set_defaults(run=commands.run_compare)


def _add_graph(parser: argparse.ArgumentParser) -> None:
    parser.description = "Write who passes personal data to whom, and into which country."
    parser.add_argument("files", nargs="+", metavar="FILE", help="workbooks, or one folder")
    parser.add_argument("target", metavar="OUT", help=".svg, .png, .graphml, .dot, .mmd or .json")
    parser.add_argument("--as-of", metavar="DATE", help="date of the verdicts (default: today)")
    _add_policy(parser)
    parser.set_defaults(run=commands.run_graph)


def _add_portfolio(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Audit many registers: each workbook in a folder or deeper, or each folder NAME.register."
    )
    parser.add_argument("folder", metavar="DIR", help="the folder that holds the registers")
    parser.add_argument("--out", metavar="DIR", required=True, help="the folder for the results")
    parser.add_argument("--as-of", metavar="DATE", help="date to judge on (default: today)")
    parser.add_argument("--regime", choices=("uk", "eu", "both"), help="instead of the registers'")
    _add_policy(parser)
    group = parser.add_mutually_exclusive_group()
    group.add_argument(
        "--workers", metavar="N", type=int, help="processes on this machine (default: its cores)"
    )
    group.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler: tcp://HOST:PORT")
    parser.set_defaults(run=commands.run_portfolio)


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.description = "Check that the reports in a folder are those that the audit wrote."
    parser.add_argument("folder", metavar="DIR", help="the folder of reports")
    parser.set_defaults(run=commands.run_verify)


def _add_notebooks(parser: argparse.ArgumentParser) -> None:
    parser.description = "Copy the notebooks, with the samples they begin with, into a folder."
    parser.add_argument("folder", metavar="DIR", help="an absent or empty folder")
    parser.set_defaults(run=commands.run_notebooks)


def _add_rules(parser: argparse.ArgumentParser) -> None:
    parser.description = "List the rules, or show one with its law, reason, example and remedy."
    parser.add_argument("codes", nargs="*", metavar="CODE", help="a rule or a family of rules")
    parser.add_argument("--as-of", metavar="DATE", help="date of the law shown (default: today)")
    parser.set_defaults(run=commands.run_rules)
