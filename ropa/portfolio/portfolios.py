"""A whole portfolio: from the folder of registers to the folder of results."""

from contextlib import AbstractContextManager
from pathlib import Path

from ropa.errors import OutputError
from ropa.portfolio.entries import find_entries
from ropa.portfolio.folders import check_folder, finish_folder, open_folder
from ropa.portfolio.partitions import remove_others, split_entries
from ropa.portfolio.running import Report, run_batches
from ropa.portfolio.settings import Settings
from ropa.portfolio.value import Portfolio
from ropa.portfolio.workers import Crew
from ropa.report.replacement import hold, resolve_folder


def run_portfolio(
    folder: Path,
    out: Path,
    settings: Settings,
    crew: AbstractContextManager[Crew],
    report: Report,
) -> Portfolio:
    """Audit the registers of a folder into another one: see `ropa.audit_portfolio`.

    Parameters
    ----------
    folder, out : Path
        The registers, and the results.
    settings : Settings
        By what the registers are judged.
    crew : context manager
        Gives those who do the work (`ropa.portfolio.workers`).
    report : callable
        Is told of the progress.
    """
    target = resolve_folder(out)
    entries = find_entries(folder, without=target)
    partitions = split_entries(entries)
    try:
        check_folder(target)
        target.mkdir(parents=True, exist_ok=True)
        with hold(target), crew as hands:
            check_folder(target)
            open_folder(target)
            run_batches(partitions, target, settings, hands, report)
            remove_others(target, partitions)
            return finish_folder(target, partitions, settings)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise OutputError(f"{out}: cannot write the results: {why}") from error
