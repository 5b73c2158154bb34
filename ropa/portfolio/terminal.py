"""A portfolio on the terminal: a bar while it is audited, and the counts in the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.text import Text

from ropa.phrases.sentences import count_words
from ropa.portfolio.running import Report
from ropa.portfolio.value import Portfolio
from ropa.report.console import REGIME_NAMES, SEVERITY_STYLES, clean_line
from ropa.report.defects import name_defect

_WIDTH = 30
_MOST = 5


@contextmanager
def show_bar(stream: TextIO) -> Iterator[Report]:
    """Show how far the work is, where the stream is a terminal; else nothing."""
    if not stream.isatty():
        yield lambda _done, _total, _refused: None
        return

    def report(done: int, total: int, refused: int) -> None:
        bar = "#" * (_WIDTH * done // max(total, 1))
        told = f", {refused} refused" if refused else ""
        stream.write(f"\r[{bar:<{_WIDTH}}] {done}/{total} registers{told}")
        stream.flush()

    try:
        yield report
    finally:
        stream.write("\r\x1b[K")  # the bar goes: what was found takes its place
        stream.flush()


def list_portfolio_lines(found: Portfolio, out: str) -> Iterator[Text]:
    """Yield what a portfolio's audit says in short."""
    told = found.document
    counts, complete = told["registers"], told["completeness"]
    regime = REGIME_NAMES.get(told["regime"], "each register's regime")
    yield Text(f"Read        {_count(counts['total'])}: {told['activities']} activities")
    yield Text(f"Judged      as of {told['as_of']}, {regime}")
    yield Text(f"Complete    {complete['share']:.0%} of what Article 30 asks for")
    severities = Text(f"Found       {told['findings']} findings:")
    for severity, count in told["severity"].items():
        severities.append(f" {count} ").append(severity, SEVERITY_STYLES[severity])
    yield severities
    for rule in told["rules_hit"][:_MOST]:
        name = name_defect(rule["name"])
        yield Text(f"  {rule['rule']}  {name}: {_count(rule['registers'])}")
    if told["vendors"]:
        yield Text("Vendors that most registers share")
    for vendor in told["vendors"][:_MOST]:
        yield Text(f"  {clean_line(vendor['vendor'])}: {_count(vendor['registers'])}")
    if told["instruments"]:
        yield Text("Instruments whose end would reach most registers")
    for one in told["instruments"][:_MOST]:
        yield Text(f"  {one['instrument']}: {_count(one['registers'])}")
    if counts["refused"]:
        yield Text(f"Refused     {_count(counts['refused'])}, not audited")
    for one in told["refused"][:_MOST]:
        yield Text(f"  {clean_line(one['register'])}: {clean_line(one['reason'])}")
    yield Text(f"wrote {out}")


def _count(registers: int) -> str:
    return count_words(registers, "register", "registers")
