"""Build the sample registers: one house workbook for each text source.

A source (``samples/sources/<name>.toml``) is what a person reads and corrects; the workbook beside
it (``samples/<name>.xlsx``) is what the tool reads. Run this after every change to a source::

    python data/build_samples.py

A source holds the headings of the house workbook and the cells below them:

- ``[organisation]``: heading to value;
- ``[everything]``: heading to value, copied into each activity whose block lacks the heading;
- ``[[activities]]``: one block an activity;
- ``[[data_items]]``, ``[[recipients]]``: one block a row; ``"Activity ID"`` is one id, a list of
  ids, or ``"*"`` for every activity;
- ``[[controllers]]``: one block a controller.

Values are texts, whole numbers or dates. An empty text is an empty cell.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from ropa.report.house_workbook import write_house_workbook
from ropa.schema import DATA_TABLES, read_fields

SAMPLES = Path(__file__).parent / "samples"
SOURCES = SAMPLES / "sources"

_EVERYTHING = "everything"
_ID = "activity_id"


def read_source(path: Path) -> dict[str, list[dict[str, object]]]:
    """Return the tables of a source.

    Parameters
    ----------
    path : Path
        A TOML file.

    Returns
    -------
    dict
        Table to rows in the order of the workbook; a row maps field names to values. Rows of data
        items and recipients stand in the order of their activities.

    Raises
    ------
    ValueError
        The source has a block or a heading that the house workbook lacks, a value of another kind,
        or a row of an activity that is not there; the message names it.
    """
    with path.open("rb") as file:
        source = tomllib.load(file)
    unknown = sorted(source.keys() - {*DATA_TABLES, _EVERYTHING})
    if unknown:
        raise ValueError(f"{path.name}: there is no table {unknown[0]}")
    shared = _name_fields(path, "activities", source.get(_EVERYTHING, {}))
    tables = {
        table: [_name_fields(path, table, block) for block in _list_blocks(source, table)]
        for table in DATA_TABLES
    }
    tables["activities"] = [shared | row for row in tables["activities"]]
    ids = [str(row[_ID]) for row in tables["activities"]]
    for table in ("data_items", "recipients"):
        tables[table] = list(_spread_rows(path, tables[table], ids))
    return tables


def _list_blocks(source: Mapping[str, object], table: str) -> list[Mapping[str, object]]:
    blocks = source.get(table, [])
    return blocks if isinstance(blocks, list) else [blocks]  # type: ignore[list-item]


def _name_fields(path: Path, table: str, block: Mapping[str, object]) -> dict[str, object]:
    """Return a block with its headings replaced by the names of their fields."""
    names = {field.heading: field.name for field in read_fields(table)}
    row: dict[str, object] = {}
    for heading, value in block.items():
        if heading not in names:
            raise ValueError(f"{path.name}: {table} has no heading {heading}")
        if not _is_cell(value) and names[heading] != _ID:
            raise ValueError(f"{path.name}: {table}, {heading}: no text, number or date")
        row[names[heading]] = value
    return row


def _is_cell(value: object) -> bool:
    return isinstance(value, str | int | date) and not isinstance(value, bool)


def _spread_rows(
    path: Path, rows: Sequence[dict[str, object]], ids: Sequence[str]
) -> Iterator[dict[str, object]]:
    """Yield one row for each activity that a row is for, in the order of the activities."""
    wanted = [(row, _list_ids(row, ids)) for row in rows]
    unknown = sorted({one for _, stated in wanted for one in stated} - set(ids))
    if unknown:
        raise ValueError(f"{path.name}: there is no activity {unknown[0]}")
    for one in ids:
        yield from (row | {_ID: one} for row, stated in wanted if one in stated)


def _list_ids(row: Mapping[str, object], ids: Sequence[str]) -> Sequence[str]:
    stated = row[_ID]
    if isinstance(stated, list):
        return stated
    return ids if stated == "*" else (str(stated),)


def list_sources() -> list[Path]:
    """Return the sources by name."""
    return sorted(SOURCES.glob("*.toml"))


def build_samples(target: Path = SAMPLES) -> list[Path]:
    """Write the workbook of each source; one that is there already is replaced.

    The workbooks are not compressed, so that every version of zlib gives the same bytes.

    Parameters
    ----------
    target : Path
        Folder of the workbooks.

    Returns
    -------
    list of Path
        The workbooks.
    """
    written = []
    for source in list_sources():
        workbook = target / f"{source.stem}.xlsx"
        with workbook.open("wb") as file:
            write_house_workbook(file, read_source(source), compress=False)
        written.append(workbook)
    return written


if __name__ == "__main__":
    for path in build_samples():
        print(path)  # noqa: T201
