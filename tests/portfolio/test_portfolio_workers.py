"""Who does the work: processes that die, runs that are killed, a cluster, the command."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import portfolio_crews
import pytest
from commands import stop
from made_portfolios import write_portfolio
from portfolio_crews import AS_OF, FEW_RULES, Inline, die_or_refuse, look_at, read_folder, run
from pyarrow import parquet

import ropa
from ropa.cli import main
from ropa.portfolio import partitions
from ropa.portfolio.portfolios import run_portfolio
from ropa.portfolio.running import LOST
from ropa.portfolio.settings import make_settings
from ropa.portfolio.terminal import show_bar
from ropa.portfolio.workers import join_cluster, start_processes

SOON = 60


def test_a_reader_that_dies_costs_its_own_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.csv", "b deadly.csv"):
        (tmp_path / name).write_bytes(b"text")
    monkeypatch.setattr("ropa.portfolio.workers.audit_batch", die_or_refuse)
    settings = make_settings(AS_OF, "", FEW_RULES)
    told: list[tuple[int, int, int]] = []
    found = run_portfolio(
        tmp_path, tmp_path / "out", settings, start_processes(2), lambda *one: told.append(one)
    )
    reasons = found.registers.set_index("register")["reason"]
    assert reasons.to_dict() == {"a.csv": "was looked at", "b deadly.csv": LOST}
    assert told[-1] == (2, 2, 2)
    # What died is tried again by the next run, and only that.
    crew = Inline(1, look_at)
    run_portfolio_inline(tmp_path, crew)
    assert crew.registers == ["b deadly.csv"]


def run_portfolio_inline(folder: Path, crew: Inline) -> None:
    # The stand-in names hashes that are none, but for those of what died.
    rows = {"a.csv": "0"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "ropa.portfolio.running.hash_entry", lambda one: rows.get(one.register, "other")
        )
        run(folder, folder / "out", crew)


@pytest.fixture
def killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Return a portfolio and the results of a run that was killed in the midst of it."""
    monkeypatch.setattr(partitions, "MOST", 2)  # as the run that is killed does
    folder, out = tmp_path / "in", tmp_path / "out"
    write_portfolio(folder, registers=8, activities=2)
    command = [sys.executable, portfolio_crews.__file__, str(folder), str(out)]
    places = os.pathsep.join(map(str, sys.path))
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": places})
    try:
        wait_for(lambda: any((out / "registers").glob("*.parquet")), process)
        children = list_children(process.pid)
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    wait_for(lambda: not any(Path(f"/proc/{one}/exe").exists() for one in children))
    return folder, out


def wait_for(met: object, process: subprocess.Popen[bytes] | None = None) -> None:
    end = time.monotonic() + SOON
    while not met():  # type: ignore[operator]
        assert time.monotonic() < end
        assert process is None or process.poll() is None
        time.sleep(0.01)


def list_children(pid: int) -> list[str]:
    """Return the processes that a process has begun; they must go with it."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return path.read_text().split() if path.exists() else []


def test_a_killed_run_is_gone_on_with(killed: tuple[Path, Path], tmp_path: Path) -> None:
    folder, out = killed
    done = {
        register
        for path in (out / "registers").glob("*.parquet")
        for register in parquet.read_table(path)["register"].to_pylist()
    }
    assert 0 < len(done) < 8
    assert not (out / "portfolio.json").exists()
    crew = Inline(1, look_at)
    run(folder, out, crew)
    assert set(crew.registers).isdisjoint(done)
    assert len(crew.registers) == 8 - len(done)
    run(folder, tmp_path / "whole", Inline(1, look_at))
    assert read_folder(out) == read_folder(tmp_path / "whole")


@pytest.mark.skipif(
    not Path("/proc").exists(), reason="which processes there are is told in /proc alone"
)
def test_ctrl_c_is_one_line_and_ends_the_workers(tmp_path: Path) -> None:
    write_portfolio(tmp_path / "in", registers=2, activities=2)
    command = [sys.executable, "-m", "ropa", "portfolio", str(tmp_path / "in"), "--out"]
    process = subprocess.Popen(
        [*command, str(tmp_path / "out"), "--workers", "1"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, sys.path))},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_for(lambda: len(list_children(process.pid)) > 1 or process.poll() is not None)
    children = list_children(process.pid)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers as well
    _, told = process.communicate(timeout=SOON)
    assert (process.returncode, told) == (130, b"ropa: interrupted\n")
    wait_for(lambda: not any(Path(f"/proc/{one}/exe").exists() for one in children))
    assert not (tmp_path / "out" / "portfolio.json").exists()


def test_a_cluster_gives_the_same_bytes(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    write_portfolio(tmp_path / "in", registers=3, activities=2, broken=3)
    settings = make_settings(AS_OF, "", FEW_RULES)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        crew = join_cluster(cluster.scheduler_address)
        run_portfolio(tmp_path / "in", tmp_path / "out", settings, crew, lambda *_: None)
    run(tmp_path / "in", tmp_path / "here")
    assert read_folder(tmp_path / "out") == read_folder(tmp_path / "here")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_portfolio(tmp_path / "in", registers=3, activities=2, broken=3)
    out, policy = tmp_path / "out", tmp_path / "few.toml"
    policy.write_text(f"[rules]\noff = {sorted(FEW_RULES.off)}\n")
    options = ["portfolio", str(tmp_path / "in"), "--out", str(out), "--as-of", "2026-09-30"]
    assert main([*options, "--workers", "1", "--policy", str(policy)]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "Read        3 registers: 4 activities\n" in captured.out
    assert "Refused     1 register, not audited\n  west/register 00002.xlsx: " in captured.out
    found = ropa.read_portfolio(out)
    assert found.document["findings"] == found.registers["findings"].sum() > 0
    assert repr(found) == "<Portfolio as of 2026-09-30: 2 registers audited, 1 refused>"


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--workers", "0"], "0 workers can do nothing: at least one is needed"),
        (["--out", ""], "--out names no folder: give the folder for the results"),
        (["--workers", "1", "--scheduler", "tcp://x:1"], "not allowed with argument --workers"),
        (["--as-of", "soon"], "'soon' is no date"),
    ],
)
def test_what_the_command_refuses(
    options: list[str], line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_bytes(b"text")
    out = [] if "--out" in options else ["--out", str(tmp_path / "out")]
    assert line in stop(capsys, "portfolio", tmp_path, *out, *options)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = stop(capsys, "portfolio", tmp_path / "no", "--out", tmp_path / "out")
    assert line == "no: there is no such folder; give the folder that holds the registers"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_for_terminals_alone() -> None:
    for stream, expected in ((io.StringIO(), ""), (Screen(), "2/8 registers, 1 refused")):
        with show_bar(stream) as report:
            report(2, 8, 1)
        assert expected in stream.getvalue()
        assert stream.getvalue().startswith("\r[#######" if expected else "")
        assert len(stream.getvalue()) > 20 or not expected
