"""Paths made to do harm: names, links, devices, permissions, full disks, places to write."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hostile_registers import (
    AS_EVER,
    format_csv,
    save_csv,
)
from hostile_runs import AS_OF, Arguments, Case, Refused, Run

import ropa

NO_ROOM = {"RLIMIT_FSIZE": 2000}
Write = Callable[[Path], Arguments | Path]


def plain(folder: Path, name: str = "register.csv") -> Path:
    return save_csv(folder, format_csv(), name)


def audit_path(path: str) -> Write:
    """Return what names a path that was there before."""
    return lambda _: ["audit", path, *AS_OF]


def make_folder(folder: Path) -> Path:
    """Make a folder that is called as a workbook is."""
    (made := folder / "a.xlsx").mkdir()
    return made


def called(name: str) -> Write:
    """Return what writes the register under a name."""
    return lambda folder: plain(folder, name)


def empty(name: str) -> Write:
    """Return what writes nothing under a name: the refusal shows it."""

    def write(folder: Path) -> Path:
        (folder / name).touch()
        return folder / name

    return write


def link(target: str | Path, name: str = "register.csv") -> Write:
    """Return what writes a link."""

    def write(folder: Path) -> Path:
        plain(folder, "real.csv")
        (folder / "inner").mkdir()
        (folder / name).symlink_to(target)
        return folder / name

    return write


def pipe(folder: Path) -> Path:
    os.mkfifo(folder / "register.csv")
    return folder / "register.csv"


def folder_with(*names: str) -> Write:
    """Return what writes a folder with a register and things by these names."""

    def write(folder: Path) -> Path:
        plain(folder)
        for name in names:
            if name.startswith("pipe"):
                os.mkfifo(folder / name)
            elif name.startswith("folder"):
                (folder / name).mkdir()
            elif name.startswith("link"):
                (folder / name).symlink_to("/dev/zero")
            elif name.startswith("loop"):
                (folder / name).symlink_to(name)
            else:
                (folder / name).write_bytes(b"lock")
        return folder

    return write


def locked(folder: Path) -> Path:
    path = plain(folder)
    path.chmod(0)
    return path


def locked_folder(folder: Path) -> Path:
    (inner := folder / "inner").mkdir()
    plain(inner)
    inner.chmod(0)
    return inner


def audit_into(place: Callable[[Path], Path | str], *more: str) -> Write:
    """Return what writes the register and asks for reports in a place."""

    def write(folder: Path) -> Arguments:
        return ["audit", plain(folder), *AS_OF, "--out", place(folder), *more]

    return write


def make_file(folder: Path) -> Path:
    (folder / "out").write_text("x")
    return folder / "out"


def make_full(folder: Path) -> Path:
    (folder / "out").mkdir()
    (folder / "out" / "letter.txt").write_text("x")
    return folder / "out"


def make_link(target: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / "out").symlink_to(target)
        return folder / "out"

    return make


def make_locked(folder: Path) -> Path:
    (inner := folder / "inner").mkdir()
    inner.chmod(0o500)
    return inner / "out"


def make_inputs(folder: Path) -> Path:
    return folder


def convert_to(name: str, make: Callable[[Path], object] = lambda _: None) -> Write:
    def write(folder: Path) -> Arguments:
        make(folder)
        return ["convert", plain(folder), folder / name]

    return write


def graph_to(name: str, make: Callable[[Path], object] = lambda _: None) -> Write:
    def write(folder: Path) -> Arguments:
        make(folder)
        return ["graph", plain(folder), folder / name, *AS_OF]

    return write


CASES = (
    # -- names --
    *(
        Case(f"register called {name!a}", called(f"{name}.csv"), AS_EVER)
        for name in (
            *(
                "two\nlines",
                'it\'s a "register"',
                "\x1b]0;owned\x07\x1b[31m",
                "\u202egnp",
                "-x",
                "=1+1",
            ),
            *("%s{0}$(id)`id`;|&", " ", "..", "<script>alert(1)<", "caf\udce9", "a\\b"),
        )
    ),
    *(
        Case(
            f"refused file called {name!a}",
            empty(f"{name}.csv"),
            Refused(f"{shown}: the file is empty"),
        )
        for name, shown in (
            ("two\nlines\r\n", "two?lines??.csv"),
            ("\x1b]0;owned\x07\x1b[31m\x9b", "?]0;owned??[31m?.csv"),
            ("\u202egnp\u2066", "?gnp?.csv"),
            ("caf\udce9", "caf\ufffd.csv"),
            ("n" * 240, "n" * 99 + "\u2026"),
        )
    ),
    Case(
        "name no file can have",
        lambda folder: folder / ("n" * 300 + ".csv"),
        Refused("cannot be opened (file name too long)"),
    ),
    Case(
        "name of thousands of folders",
        lambda folder: folder / ("x/" * 3000 + "register.csv"),
        Refused("cannot be opened"),
    ),
    Case("zero byte in a name", lambda folder: folder / "a\0b.csv", Refused("cannot be opened")),
    # -- links --
    Case("link to a register", link("real.csv"), AS_EVER),
    Case("link to nothing", link("gone.csv"), Refused("there is no such file")),
    Case("link to itself", link("register.csv"), Refused("cannot be opened")),
    Case("link to a folder", link("inner"), Refused("no workbook lies in this folder")),
    Case("link to a device that never ends", link("/dev/zero"), Refused("this is no regular file")),
    Case("link to the terminal", link("/dev/tty"), Refused("this is no regular file")),
    Case("link to a file of the system", link("/proc/self/maps"), Refused("register.csv")),
    # -- devices, pipes, folders --
    *(
        Case(
            f"{path} as a register",
            audit_path(path),
            Refused("this is no regular file"),
        )
        for path in ("/dev/zero", "/dev/null", "/dev/full")
    ),
    Case(
        "standard input, a device",
        lambda _: ["audit", "/dev/stdin", *AS_OF],
        Refused("this is no regular file"),
        stdin="/dev/zero",
    ),
    Case(
        "dash for standard input",
        lambda _: ["audit", "-", *AS_OF],
        Refused("there is no such file"),
    ),
    Case("pipe nobody writes into", pipe, Refused("this is no regular file")),
    Case(
        "folder called as a workbook",
        make_folder,
        Refused("no workbook lies in this folder"),
    ),
    Case("empty folder", lambda folder: folder, Refused("no workbook lies in this folder")),
    Case(
        "folder with pipes, locks, loops and folders called as workbooks",
        folder_with(
            "pipe.xlsx", "folder.xlsx", "~$lock.xlsx", ".hidden.csv", "link.xlsx", "loop.xlsx"
        ),
        AS_EVER,
    ),
    Case(
        "register without permission to read",
        locked,
        Refused("no permission to read it"),
        plain_user=True,
    ),
    Case(
        "register in a folder without permission",
        lambda folder: locked_folder(folder) / "register.csv",
        Refused("no permission to read it"),
        plain_user=True,
    ),
    Case(
        "folder without permission to read",
        locked_folder,
        Refused("no permission to read it"),
        plain_user=True,
    ),
    # -- where reports go --
    Case("reports into a file", audit_into(make_file), Refused("is a file: name a folder")),
    Case(
        "reports into a folder of letters", audit_into(make_full), Refused("which no audit wrote")
    ),
    Case("reports over the register", audit_into(make_inputs), Refused("which no audit wrote")),
    Case(
        "reports below a file",
        audit_into(lambda folder: make_file(folder) / "a" / "b"),
        Refused("is a file: name a folder"),
    ),
    Case(
        "reports through a link to itself",
        audit_into(make_link("out")),
        Refused("is no name of a folder"),
    ),
    Case(
        "reports through a link to a file",
        audit_into(make_link("register.csv")),
        Refused("is a file: name a folder"),
    ),
    Case(
        "reports through a link to the root",
        audit_into(make_link("/")),
        Refused("is the root of a disk"),
    ),
    Case(
        "reports into a device",
        audit_into(lambda _: "/dev/full"),
        Refused("is a file: name a folder"),
    ),
    Case(
        "reports into the processes",
        audit_into(lambda _: "/proc/ropa-reports"),
        Refused("/proc/ropa-reports"),
    ),
    Case("reports under no name", audit_into(lambda _: ""), Refused("--out names no folder")),
    Case(
        "reports under a name with a zero byte",
        audit_into(lambda folder: f"{folder}/a\0b"),
        Refused("is no name of a folder"),
    ),
    Case(
        "reports under a name too long",
        audit_into(lambda folder: folder / ("n" * 300)),
        Refused("File name too long"),
    ),
    Case(
        "reports where nothing may be written",
        audit_into(make_locked),
        Refused("cannot write the reports"),
        plain_user=True,
    ),
    Case(
        "reports onto a full disk",
        audit_into(lambda folder: folder / "out"),
        Refused("temporary files cannot be written there"),
        limits=NO_ROOM,
    ),
    Case(
        "reports onto a disk that is full after a while",
        audit_into(lambda folder: folder / "out"),
        Refused("cannot write the reports"),
        limits={"RLIMIT_FSIZE": 60_000},
    ),
    # -- other commands that write --
    Case(
        "converted onto a full disk",
        convert_to("house.xlsx"),
        Refused("temporary files cannot be written there"),
        limits=NO_ROOM,
    ),
    Case(
        "frames onto a full disk",
        convert_to("frames"),
        Refused("cannot be written"),
        limits=NO_ROOM,
    ),
    Case(
        "flows onto a full disk",
        graph_to("flows.svg"),
        Refused("cannot write the graph"),
        limits=NO_ROOM,
    ),
    Case(
        "converted into a full device",
        convert_to("house.xlsx", lambda folder: (folder / "house.xlsx").symlink_to("/dev/full")),
        Refused("exists already"),
    ),
    Case(
        "converted through a link to nothing",
        convert_to(
            "house.xlsx", lambda folder: (folder / "house.xlsx").symlink_to(folder / "x.xlsx")
        ),
        Refused("exists already"),
    ),
    Case(
        "flows into a full device",
        graph_to("flows.json", lambda folder: (folder / "flows.json").symlink_to("/dev/full")),
        Refused("is no regular file"),
    ),
    Case(
        "flows into a pipe nobody reads",
        graph_to("flows.json", lambda folder: os.mkfifo(folder / "flows.json")),
        Refused("is no regular file"),
    ),
    Case(
        "flows over the register",
        lambda folder: ["graph", plain(folder, "a.json.csv"), folder / "a.json.csv", *AS_OF],
        Refused("no format of a graph ends in"),
    ),
    Case(
        "template into a folder",
        lambda folder: ["template", make_folder(folder)],
        Refused("exists already"),
    ),
    Case(
        "converted below a file",
        lambda folder: ["convert", plain(folder), folder / "register.csv" / "a.xlsx"],
        Refused("cannot be written"),
    ),
)


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: case.name.encode("unicode_escape").decode()
)
def test_hostile_paths(case: Case, try_case: Callable[[Case], Run]) -> None:
    try_case(case)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize("more", [(), ("--json", "-")], ids=["text", "JSON"])
def test_output_into_a_full_device(tmp_path: Path, more: tuple[str, ...]) -> None:
    """In a process of its own, whose end flushes its output once more."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ropa", "inspect", str(plain(tmp_path)), *more],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(ropa.__file__).parents[1])},
        )
    line = b"ropa: the output cannot be written: No space left on device: make room for it\n"
    assert (done.returncode, done.stderr) == (2, line)
