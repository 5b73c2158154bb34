"""findings.parquet: all findings as a table of texts, for programs and data frames."""

import pyarrow as pa

from ropa import __version__
from ropa.findings import COLUMNS
from ropa.report.parquet_bytes import dump_table
from ropa.results import Result

_LEVEL = 9


def write_findings_parquet(result: Result) -> bytes:
    """Return the findings as Parquet; the same bytes for the same audit.

    One row a finding, in the order of the other reports. The columns are those of
    `ropa.findings.COLUMNS`, all of them text that is never null. The date of the audit and the
    version that wrote it stand in the file's own metadata, as ``as_of`` and ``ropa``.
    """
    rows = result.findings
    # Through lists: whatever pandas keeps the texts in, the file is the same.
    columns = [pa.array(rows[name].tolist(), pa.string()) for name in COLUMNS]
    fields = [pa.field(name, pa.string(), nullable=False) for name in COLUMNS]
    metadata = {"as_of": result.as_of.isoformat(), "ropa": __version__}
    table = pa.Table.from_arrays(columns, schema=pa.schema(fields))
    return dump_table(table, metadata, level=_LEVEL)
