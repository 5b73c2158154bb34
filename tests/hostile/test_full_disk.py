"""Disks that are really full: file systems of some kilobytes, in a mount namespace of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from build_samples import SAMPLES

import ropa

CLEAN = str(SAMPLES / "clean.xlsx")
AS_OF = ("--as-of", "2026-09-30")
UNSHARE = ("unshare", "--map-root-user", "--mount", "sh", "-c")
ON_DISK = """
mount -t tmpfs -o size="$1"k tmpfs "$2" || exit 99
disk=$2
shift 2
"$@"
code=$?
find "$disk" -mindepth 1 | sort
exit $code
"""


def can_mount() -> bool:
    if shutil.which(UNSHARE[0]) is None:
        return False
    mount = "mount -t tmpfs -o size=4k tmpfs /mnt"
    return subprocess.run([*UNSHARE, mount], capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(
    not can_mount(), reason="this system lets no user mount a file system of their own"
)


def run_on_disk(disk: Path, kilobytes: int, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command with an empty disk of that size; what it leaves there is the end of stdout."""
    disk.mkdir()
    return subprocess.run(
        [*UNSHARE, ON_DISK, "sh", str(kilobytes), str(disk), *command],
        env={**os.environ, "PYTHONPATH": str(Path(ropa.__file__).parents[1])},
        capture_output=True,
        check=False,
        text=True,
    )


def ropa_command(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "ropa", *arguments)


@pytest.mark.parametrize(
    ("kilobytes", "arguments", "words"),
    [
        (300, ("audit", CLEAN, *AS_OF, "--out", "{disk}/out"), "cannot write the reports"),
        (8, ("graph", CLEAN, "{disk}/flows.svg", *AS_OF), "cannot write the graph"),
        (8, ("convert", CLEAN, "{disk}/house.xlsx"), "cannot be written"),
        (8, ("template", "{disk}/empty.xlsx"), "cannot be written"),
    ],
    ids=lambda one: one[0] if isinstance(one, tuple) else None,
)
def test_a_full_disk_ends_in_one_line_and_holds_nothing(
    kilobytes: int, arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    named = [one.format(disk=disk) for one in arguments]
    done = run_on_disk(disk, kilobytes, *ropa_command(*named))
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert words in done.stderr
    assert "No space left on device" in done.stderr


def test_earlier_reports_survive_a_disk_that_fills_up(tmp_path: Path) -> None:
    """There is room for one set of reports, and not for a second one beside it."""
    disk = tmp_path / "disk"
    audit = " ".join(ropa_command("audit", CLEAN, *AS_OF, "--out", f"{disk}/out"))
    verify = " ".join(ropa_command("verify", f"{disk}/out"))
    steps = (audit, verify, f"! {audit}", verify)
    script = " && ".join(f"{one} >/dev/null" for one in steps)
    done = run_on_disk(disk, 1_700, "sh", "-c", script)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr
    left = {Path(one).relative_to(disk).parts[0] for one in done.stdout.splitlines()}
    assert left == {"out"}


def test_a_portfolio_goes_on_once_there_is_room(tmp_path: Path) -> None:
    (given := tmp_path / "given").mkdir()
    for name in ("one.xlsx", "two.xlsx"):
        shutil.copy(CLEAN, given / name)
    disk, other = tmp_path / "disk", tmp_path / "other"
    run, again = (
        " ".join(ropa_command("portfolio", str(given), *AS_OF, "--out", str(one)))
        for one in (disk / "out", other)
    )
    more = f"mount -o remount,size=20m {disk}"
    script = f"{run}; test $? = 2 && {more} && {run} && {again} && diff -r {disk}/out {other}"
    done = run_on_disk(disk, 16, "sh", "-c", script)
    assert done.returncode == 0, done.stderr + done.stdout
    first, *_ = done.stderr.splitlines()
    assert "No space left on device" in first
