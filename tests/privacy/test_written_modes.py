"""What is written has the permissions that the user's own settings give, and no others."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import AS_OF, CALLS, choose_few_rules

from ropa.cli import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.fixture(params=[0o077, 0o022], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def list_modes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in [folder, *folder.rglob("*")]
    }


def test_reports_have_the_users_permissions(
    umask: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_few_rules(monkeypatch)
    assert main(["audit", str(CALLS), *AS_OF, "--out", str(tmp_path / "new" / "out")]) == 0
    for name, mode in list_modes(tmp_path / "new").items():
        folder = (tmp_path / "new" / name).is_dir()
        assert mode == (0o777 if folder else 0o666) & ~umask, name


@pytest.mark.parametrize(
    "command",
    [
        ("template", "made.xlsx"),
        ("convert", str(CALLS), "made.xlsx"),
        ("convert", str(CALLS), "made.parquet"),
        ("graph", str(CALLS), "made.json"),
    ],
)
def test_single_files_have_the_users_permissions(
    umask: int, command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(command) == 0
    modes = list_modes(tmp_path / command[-1])
    assert modes
    for name, mode in modes.items():
        folder = (tmp_path / command[-1] / name).is_dir()
        assert mode == (0o777 if folder else 0o666) & ~umask, name
