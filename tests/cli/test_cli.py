"""The command line: exit codes, and one line for whatever stops it."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
from commands import (
    AS_OF,
    CALLS,
    CLEAN,
    REPORTS,
    list_tree,
    start,
    stop,
)

import ropa
from ropa.cli import main
from ropa.findings import SEVERITIES
from ropa.rules.catalogue import select_rules

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


# -- what cannot be read ------------------------------------------------------------------------


def write_far(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = "Activity", "Purpose"
    book.save(path)


def write_other(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Item", "Price"], ["Tea", 2], ["Cake", 3]):
        sheet.append(row)
    book.save(path)


WRONG: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "a picture": (
        lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200)),
        "not a workbook but a PNG picture",
    ),
    "an empty file": (lambda path: path.write_bytes(b""), "the file is empty"),
    "an empty folder": (lambda path: path.mkdir(), "no workbook lies in this folder"),
    "a missing path": (lambda _: None, "there is no such file"),
    "an encrypted workbook": (
        lambda path: path.write_bytes(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le")),
        "the workbook is encrypted",
    ),
    "a workbook that is no register": (write_other, "not a register"),
    "an empty template": (lambda path: main(["template", str(path)]), "empty template"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_register_ends_in_one_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, told = WRONG[case]
    make(path := tmp_path / "made.xlsx")
    capsys.readouterr()
    before = list_tree(tmp_path)
    line = stop(capsys, "audit", path, *AS_OF, "--out", tmp_path / "out", "--json", "-")
    assert told in line
    assert "made.xlsx" in line
    assert list_tree(tmp_path) == before


def test_one_unreadable_member_ends_the_whole_register(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (workbook.parent / "zz.xlsx").write_bytes(b"")
    assert "zz.xlsx" in stop(capsys, "audit", workbook.parent, *AS_OF)
    assert "zz.xlsx" in stop(capsys, "audit", workbook, workbook.parent / "zz.xlsx", *AS_OF)


def test_far_cells_in_a_small_workbook_end_in_one_line(tmp_path: Path) -> None:
    write_far(path := tmp_path / "far.xlsx")
    assert path.stat().st_size < 6000
    done = start("audit", path, *AS_OF)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"ropa: ")
    assert b"far.xlsx" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--as-of", "30.9.2026"), "--as-of: '30.9.2026' is no date: write it as 2026-12-01"),
        (("--as-of", "2026-02-30"), "'2026-02-30' is no date"),
        (("--as-of", ""), "'' is no date"),
        (("--as-of",), "expected one argument"),
        (("--regime", "us"), "invalid choice: 'us'"),
        (("--fail-on", "severe"), "invalid choice: 'severe'"),
        (("--json", "out.json"), "invalid choice: 'out.json'"),
        (("--nonsense",), "unrecognized arguments: --nonsense"),
    ],
)
def test_a_wrong_option_ends_in_one_line(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told in stop(capsys, "audit", CALLS, *arguments)


@pytest.mark.parametrize(
    "arguments", [(), ("audit",), ("nonsense",), ("template",), ("--nonsense",), ("audit", "")]
)
def test_a_wrong_command_ends_in_one_line(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert stop(capsys, *arguments)


@pytest.mark.parametrize("arguments", [("--help",), ("audit", "--help"), ("template", "--help")])
def test_help_is_no_error(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    assert "usage: ropa" in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"ropa {ropa.__version__}\n"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('it\'s a "register" of ours.xlsx', 'it\'s a "register" of ours.xlsx'),
        ("two\nlines.xlsx", "two?lines.xlsx"),
        ("\x1b[31mred\x1b[0m.xlsx", "?[31mred?[0m.xlsx"),
        ("-dash.xlsx", "-dash.xlsx"),
        ("\u202egnp.xlsx", "?gnp.xlsx"),
    ],
)
@pytest.mark.parametrize("make", [write_other, Path.touch])
def test_odd_names_are_shown_on_one_line(
    name: str,
    shown: str,
    make: Callable[[Path], object],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make(tmp_path / name)
    line = stop(capsys, "audit", tmp_path / name, *AS_OF)
    assert " ".join(shown.split()) in line


@pytest.mark.parametrize("name", ['it\'s a "register".xlsx', "two\nlines.xlsx", "żółć \u20ac.xlsx"])
@pytest.mark.usefixtures("few_rules")
def test_odd_names_are_read_and_written(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path := tmp_path / name).write_bytes(CALLS.read_bytes())
    assert main(["audit", str(path), *AS_OF, "--out", str(tmp_path / "out"), "--json", "-"]) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert document["inputs"][0]["file"] == name
    assert {one["file"] for one in document["findings"]} == {name}
    assert (tmp_path / "out" / "annotated.xlsx").is_file()
    assert captured.err == ""


@pytest.mark.usefixtures("few_rules")
def test_a_name_that_is_no_text_is_read_and_written(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    if sys.platform != "linux":
        pytest.skip("names of any bytes are a matter of Linux")
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.xlsx"))
    path.write_bytes(CALLS.read_bytes())
    assert main(["audit", str(path), *AS_OF, "--out", str(tmp_path / "out")]) == 0
    assert main(["audit", str(path), *AS_OF, "--json", "-"]) == 0
    assert b"caf" in capsysbinary.readouterr().out


# -- exit codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.usefixtures("few_rules")
def test_findings_at_or_above_a_severity_fail(
    severity: str, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The few rules find critical, high and low defects in calls, none in the clean register."""
    assert main(["audit", str(workbook), *AS_OF, "--fail-on", severity]) == 1
    assert main(["audit", str(CLEAN), *AS_OF, "--fail-on", severity]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""


@pytest.mark.parametrize(
    ("severity", "code"), [("critical", 0), ("high", 0), ("medium", 0), ("low", 1), ("info", 1)]
)
def test_findings_below_the_severity_do_not_fail(
    severity: str,
    code: int,
    workbook: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("ropa.api.select_rules", lambda _: select_rules(["IDN-02"]))
    assert main(["audit", str(workbook), *AS_OF, "--fail-on", severity]) == code
    assert "IDN-02" in capsys.readouterr().out


@pytest.mark.usefixtures("few_rules")
def test_findings_alone_are_no_failure(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(workbook), *AS_OF]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (RuntimeError("SECRET\ntext of a cell"), 2, "a fault of ropa itself (RuntimeError in "),
        (KeyError("SECRET"), 2, "a fault of ropa itself (KeyError in "),
        (MemoryError(), 2, "not enough memory"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ropa.InputError("what\nwhere"), 2, "what where"),
    ],
)
def test_whatever_happens_is_one_line_without_any_text_of_a_cell(
    error: BaseException,
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("ropa.api.load", fail)
    assert main(["audit", str(CALLS), *AS_OF]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"ropa: {told}")
    assert captured.err.count("\n") == 1
    assert "SECRET" not in captured.err
    assert "Traceback" not in captured.err


# -- templates ----------------------------------------------------------------------------------


def test_a_template_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "register.xlsx"
    assert main(["template", str(target)]) == 0
    assert capsys.readouterr() == (f"wrote {target}\n", "")
    first = target.read_bytes()
    assert "exists already" in stop(capsys, "template", target)
    assert target.read_bytes() == first


@pytest.mark.parametrize(
    ("name", "more", "told"),
    [
        ("register.ods", (), "end it with .xlsx"),
        ("register", (), "end it with .xlsx"),
        ("no/folder/register.xlsx", (), "cannot be written"),
        ("register.xlsx", ("--layout", "other"), "the layout 'other'"),
    ],
)
def test_a_template_that_cannot_be_written(
    name: str, more: tuple[str, ...], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told in stop(capsys, "template", tmp_path / name, *more)
    assert list(tmp_path.iterdir()) == []


# -- the whole, as a user starts it -------------------------------------------------------------


def test_the_command_audits_and_writes(workbook: Path, tmp_path: Path) -> None:
    done = start("audit", workbook, *AS_OF, "--out", "out", "--fail-on", "critical", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"TRF-04" in done.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == REPORTS


def test_the_command_ends_in_one_line(tmp_path: Path) -> None:
    done = start("audit", "gone.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"ropa: gone.xlsx: there is no such file; check the path\n"
