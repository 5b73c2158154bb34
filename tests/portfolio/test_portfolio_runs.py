"""A portfolio's run: the same bytes whoever did what, only new work done, nothing lost."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from made_portfolios import write_portfolio, write_register
from portfolio_crews import AS_OF, FEW_RULES, Inline, look_at, read_folder, run
from pyarrow import dataset, parquet

from ropa.errors import InputError, OutputError
from ropa.findings import COLUMNS
from ropa.portfolio import partitions
from ropa.portfolio.entries import find_entries
from ropa.portfolio.partitions import split_entries
from ropa.portfolio.settings import make_settings
from ropa.portfolio.tables import SCHEMAS
from ropa.portfolio.value import read_portfolio


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of nine registers, the last of which is broken."""
    write_portfolio(tmp_path / "in", registers=9, activities=3, broken=9)
    return tmp_path / "in"


@pytest.fixture
def small_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep few registers in a partition and in a batch."""
    monkeypatch.setattr(partitions, "MOST", 3)
    monkeypatch.setattr("ropa.portfolio.running._FEWEST", 1)


def look(size: int = 1) -> Inline:
    """Return a crew that works, but does not judge."""
    return Inline(size, look_at)


@pytest.mark.usefixtures("small_partitions")
def test_the_same_bytes_whatever_the_batches_and_their_order(folder: Path, tmp_path: Path) -> None:
    crews = [look(1), look(9), look(2)]
    outs = [tmp_path / f"out{crew.size}" for crew in crews]
    for crew, out in zip(crews, outs, strict=True):
        run(folder, out, crew)
    assert crews[0].seen != crews[1].seen != crews[2].seen
    assert len({len(crew.seen) for crew in crews}) > 1
    first, *others = map(read_folder, outs)
    assert others == [first, first]
    assert len([name for name in first if name.startswith("partitions/findings/")]) > 2


@pytest.mark.usefixtures("small_partitions")
def test_only_what_changed_is_worked_on_again(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(folder, out, look())
    before = read_folder(out)
    again = look()
    run(folder, out, again)
    assert again.seen == []
    assert read_folder(out) == before
    changed, gone = "register 00003.xlsx", "north/register 00004.xlsx"
    write_register(folder / changed, activities=1, seed=77)
    (folder / gone).unlink()
    added = [f"more/register {number}.xlsx" for number in range(4)]  # enough to split partitions
    (folder / "more").mkdir()
    for number, name in enumerate(added):
        write_register(folder / name, activities=1, seed=100 + number)
    crew = look()
    found = run(folder, out, crew)
    assert crew.registers == sorted([changed, *added])
    assert gone not in set(found.registers["register"])
    run(folder, tmp_path / "fresh", look())
    assert read_folder(out) == read_folder(tmp_path / "fresh")
    for name in (*added, changed):  # and partitions join again
        (folder / name).unlink()
    last = look()
    run(folder, out, last)
    assert last.seen == []


def test_other_settings_are_other_work(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "out", look())
    crew = look()
    stricter = replace(FEW_RULES, severity={"SEC-01": "critical"})
    found = run(folder, tmp_path / "out", crew, policy=stricter)
    assert len(crew.registers) == 9
    key = make_settings(AS_OF, "", stricter).key
    assert set(found.findings("register 00003.xlsx")["message"]) == {key}


@pytest.mark.usefixtures("small_partitions")
def test_what_was_half_written_is_not_believed(folder: Path, tmp_path: Path) -> None:
    """As if a run had been killed between the files of a partition: two of another day."""
    out, other = tmp_path / "out", tmp_path / "other"
    run(folder, out, look())
    run(folder, other, look(), policy=replace(FEW_RULES, review_months=6))
    name = next((out / "registers").iterdir()).name
    shutil.copy(other / "partitions" / "findings" / name, out / "partitions" / "findings")
    (out / "registers" / f"{name}.new").write_bytes(b"cut sh")
    (out / "portfolio.json").unlink()
    (out / "portfolio.xlsx").unlink()
    crew = look()
    run(folder, out, crew)
    rows = parquet.read_table(out / "registers" / name)
    assert crew.registers == rows["register"].to_pylist()
    run(folder, tmp_path / "fresh", look())
    assert read_folder(out) == read_folder(tmp_path / "fresh")


@pytest.mark.parametrize("column", ["registers", "register"])
def test_a_partition_of_another_schema_is_not_believed(
    folder: Path, tmp_path: Path, column: str
) -> None:
    out = tmp_path / "out"
    run(folder, out, look())
    path = next((out / "registers").iterdir())
    metadata = parquet.read_schema(path).metadata
    numbers = pa.table({column: [1, 2]}).replace_schema_metadata(metadata)
    parquet.write_table(numbers, path)
    crew = look()
    run(folder, out, crew)
    assert len(crew.registers) == 9
    run(folder, tmp_path / "fresh", look())
    assert read_folder(out) == read_folder(tmp_path / "fresh")


@pytest.mark.parametrize(
    "name",
    ["portfolio.json", "portfolio.xlsx", "registers/part.parquet", "registers/part.parquet.new"],
)
@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_folder_of_results_with_links_or_pipes_is_refused(
    folder: Path, tmp_path: Path, name: str, kind: str
) -> None:
    path, other = tmp_path / "out" / name, tmp_path / "other"
    path.parent.mkdir(parents=True)
    other.write_bytes(b"kept")
    if kind == "link":
        path.symlink_to(other)
    else:
        os.mkfifo(path)
    with pytest.raises(OutputError, match="which ropa portfolio did not write"):
        run(folder, tmp_path / "out", look())
    assert other.read_bytes() == b"kept"


def test_a_summary_nested_without_end_is_none(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "out", look())
    (tmp_path / "out" / "portfolio.json").write_text("[" * 200_000)
    with pytest.raises(OutputError, match="was changed since"):
        run(folder, tmp_path / "out", look())


@pytest.mark.usefixtures("small_partitions")
def test_partitions_are_plain_parquet_of_one_schema(folder: Path, tmp_path: Path) -> None:
    found = run(folder, tmp_path / "out", look())
    places = {"findings": "partitions/findings", "flows": "partitions/flows"}
    for table, place in {**places, "registers": "registers"}.items():
        files = sorted((tmp_path / "out" / place).glob("*.parquet"))
        assert {parquet.read_schema(path).remove_metadata() for path in files} == {SCHEMAS[table]}
        assert all(b"pandas" not in (parquet.read_schema(path).metadata) for path in files)
        whole = dataset.dataset(files, format="parquet").to_table()
        assert whole.num_rows == sum(len(pd.read_parquet(path)) for path in files)
    assert list(SCHEMAS["findings"].names) == ["register", *COLUMNS]
    assert whole.num_rows == len(found.registers)


def test_the_folder_of_results_loses_nothing(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(OutputError, match=r"holds 'register 00003.xlsx', which ropa portfolio"):
        run(folder, folder, look())
    run(folder, out, look())
    (out / "partitions" / "findings" / "mine.parquet").write_bytes(b"")
    with pytest.raises(OutputError, match=r"mine\.parquet"):
        run(folder, out, look())
    (out / "partitions" / "findings" / "mine.parquet").unlink()
    (out / "portfolio.xlsx").write_bytes(b"worked on")
    with pytest.raises(OutputError, match="was changed since it was written"):
        run(folder, out, look())
    (out / "portfolio.xlsx").unlink()
    run(folder, out, look())


def test_results_in_the_folder_itself_are_no_registers(folder: Path) -> None:
    first = run(folder, folder / "out", look())
    again = run(folder, folder / "out", look())
    assert len(first.registers) == len(again.registers) == 9


def test_results_that_are_not_finished_are_not_read(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "out", look())
    assert len(read_portfolio(tmp_path / "out").registers) == 9
    (tmp_path / "out" / "portfolio.json").unlink()
    with pytest.raises(InputError, match="out: holds no finished audit of a portfolio"):
        read_portfolio(tmp_path / "out")


def test_which_files_are_registers(tmp_path: Path) -> None:
    for name in ("b.xlsx", "a/c.ods", "a/notes.txt", ".hidden/d.xlsx", "a/~$c.xlsx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    for name in ("x.register/2.csv", "x.register/1.csv", "x.register/deep/3.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    found = find_entries(tmp_path)
    assert [one.register for one in found] == ["a/c.ods", "b.xlsx", "x.register"]
    assert [name for _, name in found[-1].files] == ["x.register/1.csv", "x.register/2.csv"]
    assert [one.register for one in find_entries(tmp_path, without=tmp_path / "a")] == [
        "b.xlsx",
        "x.register",
    ]


def test_partitions_split_where_they_are_full_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(partitions, "MOST", 4)
    for number in range(40):
        (tmp_path / f"{number}.csv").write_bytes(b"")
    entries = find_entries(tmp_path)
    before = {one.bits: one.entries for one in split_entries(entries)}
    assert sorted(one.register for held in before.values() for one in held) == sorted(
        one.register for one in entries
    )
    assert max(map(len, before.values())) <= 4
    after = {one.bits: one.entries for one in split_entries(entries[1:])}
    moved = {bits for bits in before if before[bits] != after.get(bits)}
    assert len(moved) <= 2  # its own partition, and the one that this may have joined again
