"""The tables of a portfolio: their columns and types, the same in every partition."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd
import pyarrow as pa

from ropa.findings import COLUMNS, SEVERITIES
from ropa.transfers import SAFEGUARDS

AUDITED, REFUSED = "audited", "refused"
"""States of a register."""

_NUMBERS = pa.int64()
_SHARES = pa.float64()


def _make_schema(
    texts: tuple[str, ...], others: Mapping[str, pa.DataType], last: tuple[str, ...] = ()
) -> pa.Schema:
    """Return a schema: texts are never null, numbers are where a register was refused."""
    return pa.schema(
        [
            *(pa.field(name, pa.string(), nullable=False) for name in texts),
            *(pa.field(name, kind) for name, kind in others.items()),
            *(pa.field(name, pa.string(), nullable=False) for name in last),
        ]
    )


_COUNTS = (
    "records",
    "activities",
    "special_activities",
    "findings",
    *SEVERITIES,
    "not_evaluated",
    "items",
    "gaps",
)
SAFEGUARD_COLUMNS = tuple(f"transfers_{one}" for one in SAFEGUARDS)
"""Activities whose transfers rest on each safeguard, in the order of `SAFEGUARDS`."""

REGISTERS = _make_schema(
    ("register", "name", "layout", "regime", "regime_from"),
    {
        **dict.fromkeys(_COUNTS, _NUMBERS),
        "completeness": _SHARES,
        **dict.fromkeys(SAFEGUARD_COLUMNS, _NUMBERS),
        "us_transfers": _NUMBERS,
    },
    ("sha256", "state", "reason"),
)
"""One row a register."""

FINDINGS = _make_schema(("register", *COLUMNS), {})
"""One row a finding; the columns of `ropa.findings.COLUMNS`."""

FLOWS = _make_schema(
    ("register", "activity_id", "activity", "flow", "source_kind", "source", "source_label"),
    {"number": _NUMBERS, "special_category": pa.bool_(), "named": pa.bool_()},
    (
        *("target_kind", "target", "target_label", "target_code", "role", "country_kind"),
        *("regime", "safeguard", "rule", "instrument", "falls_with", "file", "sheet", "cell"),
    ),
)
"""One row a flow of a live activity: to a party, from it to another, or into a country."""

SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType(
    {"findings": FINDINGS, "flows": FLOWS, "registers": REGISTERS}
)
"""The tables that are kept by partition."""


def make_table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Return the columns of a schema as a table, whatever pandas keeps them in."""
    columns = []
    for field in schema:
        values = pa.array(frame[field.name], type=field.type, from_pandas=True)
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        columns.append(values if field.nullable else values.fill_null(""))
    return pa.Table.from_arrays(columns, schema=schema)


def make_frame(table: pa.Table) -> pd.DataFrame:
    """Return a table as a frame; a whole number stays one where others are missing."""
    plain = table.replace_schema_metadata()
    return pd.DataFrame(plain.to_pandas(types_mapper={_NUMBERS: pd.Int64Dtype()}.get))
