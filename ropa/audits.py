"""An audit as its user holds it: what was found, its counts, its reports."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ropa.results import Result
from ropa.screening import list_criteria
from ropa.summaries import Summary, summarise
from ropa.what_if import list_fallen


@dataclass(frozen=True, slots=True, repr=False)
class Audit(Result):
    """What an audit found, and its reports. See `ropa.results.Result` for the frames."""

    def summary(self) -> Summary:
        """Return the counts: severity, family, completeness per Art 30 item, transfers."""
        return summarise(self)

    @property
    def fallen(self) -> pd.DataFrame:
        """Transfers that lose their safeguard where the law was taken to end instruments.

        One row a transfer and regime (`ropa.what_if.find_fallen`); none under the law as it
        stands.
        """
        return list_fallen(self)

    @property
    def screening(self) -> pd.DataFrame:
        """What the activities show of a need for an impact assessment, cell by cell.

        One row an activity, regime, criterion and cell that raised it, so that each can be agreed
        with or contested (`ropa.screening.list_criteria`).
        """
        return self.case.once(list_criteria).drop(columns="register")

    def write(self, folder: str | Path, *, deck_template: str | Path | None = None) -> None:
        """Write every report into a folder.

        Parameters
        ----------
        folder : path
            Absent, empty, or one that an earlier audit wrote. The reports in it are replaced as a
            whole or not at all.
        deck_template : path, optional
            A presentation whose master and layouts the slides take.

        Raises
        ------
        OutputError
            The folder holds other files, or reports that somebody has worked on; or it cannot be
            written.
        InputError
            The template is no presentation that can be used.
        """
        from ropa.report.folder import write_reports

        template = None if deck_template is None else Path(deck_template)
        write_reports(self, Path(folder), deck_template=template)

    def _repr_html_(self) -> str:
        """Show the summary in a notebook."""
        return self.summary()._repr_html_()
