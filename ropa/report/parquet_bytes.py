"""Tables as Parquet files: the same bytes for the same rows."""

from collections.abc import Mapping
from io import BytesIO

import pyarrow as pa
from pyarrow import parquet

_ROWS = 65_536


def dump_table(table: pa.Table, metadata: Mapping[str, str], *, level: int = 3) -> bytes:
    """Return a table as Parquet; the same bytes for the same rows, however they came together.

    Parameters
    ----------
    table : Table
        Its schema, without metadata of its own, goes with it.
    metadata : mapping
        What the file says of itself.
    level : int
        How hard zstd compresses.
    """
    # Each setting that shapes the bytes is named: a default may change with the library.
    data = BytesIO()
    parquet.write_table(
        table.combine_chunks().replace_schema_metadata(dict(metadata)),
        data,
        row_group_size=_ROWS,
        version="2.6",
        data_page_version="1.0",
        use_dictionary=True,
        compression="zstd",
        compression_level=level,
        write_statistics=True,
        store_schema=True,
    )
    return data.getvalue()
