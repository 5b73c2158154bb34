"""The command line: exit codes, one line for whatever stops it, and folders written whole."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from build_samples import SAMPLES

import ropa
from ropa.cli import main
from ropa.findings import SEVERITIES
from ropa.report.findings_json import format_document
from ropa.rules.catalogue import Rule, select_rules

AS_OF = ("--as-of", "2026-09-30")
CALLS = SAMPLES / "telephone-answering-service.xlsx"
CLEAN = SAMPLES / "clean.xlsx"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
REPORTS = {"findings.json", "findings.xlsx", "manifest.json"}
FEW = ("TRF-03", "TRF-04", "LAW-07", "IDN-02")


@pytest.fixture
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Audit by a few rules only: what is tested here does not depend on which."""

    def select(codes: Sequence[str] | None) -> tuple[Rule, ...]:
        return select_rules(FEW if codes is None else codes)

    monkeypatch.setattr("ropa.api.select_rules", select)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    (folder := tmp_path / "registers").mkdir()
    target = folder / "calls.xlsx"
    target.write_bytes(CALLS.read_bytes())
    return target


def stop(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """Run what cannot be done and return the line that says why, after checking its form."""
    code = main([str(one) for one in arguments])
    captured = capsys.readouterr()
    assert code == 2
    assert captured.out == ""
    line = captured.err.removesuffix("\n")
    assert line.startswith("ropa: ")
    assert line.isprintable()
    assert "Traceback" not in line
    assert "a fault of ropa itself" not in line
    return line.removeprefix("ropa: ")


def start(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    paths = os.pathsep.join([str(Path(ropa.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "ropa", *map(str, arguments)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths, **(environment or {})},
        cwd=cwd,
        timeout=300,
    )


def list_tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too, with its bytes; folders are empty."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


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
        (("--as-of", "30.9.2026"), "'30.9.2026' is no date: write it as 2026-09-30"),
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
    assert (tmp_path / "out" / "inputs" / name).read_bytes() == CALLS.read_bytes()
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


# -- what is printed ----------------------------------------------------------------------------


@pytest.mark.usefixtures("few_rules")
def test_machine_output_is_json_and_nothing_else(
    workbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ((), ("--out", str(tmp_path / "out"))):
        assert main(["audit", str(workbook), *AS_OF, "--json", "-", *more]) == 0
        captured = capsys.readouterr()
        assert captured.err == ""
        document = json.loads(captured.out)
        assert document["as_of"] == "2026-09-30"
        assert document["findings"]
    written = (tmp_path / "out" / "findings.json").read_text(encoding="utf-8")
    assert written == captured.out


@pytest.mark.usefixtures("few_rules")
def test_the_document_is_that_of_the_library(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", str(workbook), *AS_OF, "--regime", "both", "--json", "-"])
    audit = ropa.audit(ropa.load(workbook), as_of="2026-09-30", regime="both", rules=FEW)
    assert capsys.readouterr().out == format_document(audit)


@pytest.mark.usefixtures("few_rules")
def test_without_a_date_the_audit_is_of_today_and_says_so(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from datetime import date

    before = date.today()  # noqa: DTZ011 - the user's own day
    assert main(["audit", str(workbook)]) == 0
    days = {before.isoformat(), date.today().isoformat()}  # noqa: DTZ011 - likewise
    assert any(f"as of {day}" in capsys.readouterr().out for day in days)


@pytest.mark.usefixtures("few_rules")
def test_without_out_nothing_is_written(
    workbook: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    before = list_tree(tmp_path)
    assert main(["audit", str(workbook), *AS_OF]) == 0
    assert list_tree(tmp_path) == before
    assert "TRF-04" in capsys.readouterr().out


def test_machine_output_is_utf_8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    (path := tmp_path / "żółć \u20ac.xlsx").write_bytes(CLEAN.read_bytes())
    done = start(
        *("audit", path, *AS_OF, "--json", "-"),
        environment={"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("utf-8"))["inputs"][0]["file"] == path.name


def test_a_terminal_that_lacks_a_letter_shows_another(tmp_path: Path) -> None:
    (path := tmp_path / "żółć \u20ac.xlsx").write_bytes(CLEAN.read_bytes())
    done = start(
        *("audit", path, *AS_OF), environment={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b".xlsx: 25 activities" in done.stdout


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ropa", "audit", str(CLEAN), *AS_OF, "--json", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        assert (process.wait(timeout=300), errors) == (0, b"")


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


# -- a folder of reports ------------------------------------------------------------------------


@pytest.fixture
def write(few_rules: None, workbook: Path) -> Callable[..., int]:  # noqa: ARG001 - it patches
    """Return a function that audits into a folder."""
    return lambda out, *more: main(["audit", str(workbook), *AS_OF, "--out", str(out), *more])


def test_out_writes_the_folder_and_nothing_else(
    write: Callable[..., int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (home := tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(tmp_path)
    before = list_tree(tmp_path)
    assert write("reports/2026-Q3") == 0
    after = list_tree(tmp_path)
    new = {name for name in after if name not in before}
    folder = "reports/2026-Q3"
    files = {f"{folder}/{name}" for name in (*REPORTS, "inputs/calls.xlsx")}
    assert new == {"reports", folder, f"{folder}/inputs", *files}
    assert {name: after[name] for name in before} == before
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "Reports in reports/2026-Q3" in captured.out


def test_the_manifest_names_and_hashes_every_file(
    write: Callable[..., int], tmp_path: Path
) -> None:
    write(tmp_path / "out")
    tree = {name: data for name, data in list_tree(tmp_path / "out").items() if data}
    manifest = json.loads(tree.pop("manifest.json"))
    assert manifest["outputs"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in tree.items()
    }
    assert manifest["inputs"][0]["sha256"] == manifest["outputs"]["inputs/calls.xlsx"]
    assert manifest["as_of"] == "2026-09-30"
    assert {"ropa", "law", "rules", "policy"} <= manifest.keys()


def test_a_second_run_is_the_same_to_the_byte(write: Callable[..., int], tmp_path: Path) -> None:
    assert write(tmp_path / "out") == 0
    first = list_tree(tmp_path / "out")
    assert write(tmp_path / "out") == 0
    assert list_tree(tmp_path / "out") == first
    assert write(tmp_path / "elsewhere" / "deeper") == 0
    assert list_tree(tmp_path / "elsewhere" / "deeper") == first
    assert {path.name for path in tmp_path.iterdir()} == {"registers", "out", "elsewhere"}


def test_the_bytes_do_not_depend_on_where_the_register_lies(
    write: Callable[..., int], workbook: Path, tmp_path: Path
) -> None:
    write(tmp_path / "out")
    (tmp_path / "moved").mkdir()
    workbook.rename(tmp_path / "moved" / workbook.name)
    arguments = ["audit", str(tmp_path / "moved" / workbook.name), *AS_OF]
    assert main([*arguments, "--out", str(tmp_path / "other")]) == 0
    assert list_tree(tmp_path / "other") == list_tree(tmp_path / "out")


def test_files_of_an_earlier_audit_go(write: Callable[..., int], tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out)
    first = list_tree(out)
    (out / "more.txt").write_text("from a later version")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"]["more.txt"] = ""
    (out / "manifest.json").write_text(json.dumps(manifest))
    assert write(out) == 0
    assert list_tree(out) == first


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "inputs/mine.xlsx", "sub/deep/x"])
def test_a_folder_with_other_files_is_left_alone(
    name: str, workbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out" / name
    target.parent.mkdir(parents=True)
    target.write_text("mine")
    before = list_tree(tmp_path)
    line = stop(capsys, "audit", workbook, *AS_OF, "--out", tmp_path / "out")
    assert repr(name) in line
    assert list_tree(tmp_path) == before


@pytest.mark.usefixtures("few_rules")
def test_a_folder_of_reports_with_one_more_file_is_left_alone(
    write: Callable[..., int],
    workbook: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path / "out")
    (tmp_path / "out" / "minutes.docx").write_text("mine")
    before = list_tree(tmp_path)
    capsys.readouterr()
    line = stop(capsys, "audit", workbook, *AS_OF, "--out", tmp_path / "out")
    assert "'minutes.docx'" in line
    assert list_tree(tmp_path) == before


@pytest.mark.usefixtures("few_rules")
@pytest.mark.parametrize("name", ["file", "file/below", "registers"])
def test_what_is_no_folder_for_reports_is_refused(
    name: str, workbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    before = list_tree(tmp_path)
    assert stop(capsys, "audit", workbook, *AS_OF, "--out", tmp_path / name)
    assert list_tree(tmp_path) == before


@pytest.mark.usefixtures("few_rules")
def test_the_root_of_the_disk_is_refused(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stop(capsys, "audit", workbook, *AS_OF, "--out", workbook.anchor)


@pytest.mark.usefixtures("few_rules")
def test_a_name_that_no_folder_can_have_is_refused(
    workbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stop(capsys, "audit", workbook, *AS_OF, "--out", tmp_path / ("n" * 300))
    assert stop(capsys, "audit", workbook, *AS_OF, "--out", tmp_path / "nul\0")


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    (folder := tmp_path / "locked").mkdir()
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


@pytest.mark.usefixtures("few_rules")
def test_a_parent_that_cannot_be_written_is_told(
    locked: Path, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        pytest.skip("this user may write everywhere")
    line = stop(capsys, "audit", workbook, *AS_OF, "--out", locked / "out")
    assert "Permission denied" in line
    assert list(locked.iterdir()) == []


@pytest.mark.usefixtures("few_rules")
def test_a_refused_permission_is_told_and_leaves_nothing(
    workbook: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    before = list_tree(tmp_path)
    monkeypatch.setattr(Path, "mkdir", refuse)
    line = stop(capsys, "audit", workbook, *AS_OF, "--out", tmp_path / "out")
    assert line.endswith("cannot write the reports: Permission denied")
    assert list_tree(tmp_path) == before


@pytest.mark.usefixtures("few_rules")
@pytest.mark.parametrize("earlier", [False, True])
def test_a_full_disk_leaves_what_was_there(
    write: Callable[..., int],
    workbook: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    earlier: bool,
) -> None:
    if earlier:
        write(tmp_path / "out")
        capsys.readouterr()
    before = list_tree(tmp_path)
    written = []

    def fill(_: int) -> None:
        written.append(1)
        if len(written) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fill)
    line = stop(capsys, "audit", workbook, *AS_OF, "--out", tmp_path / "out")
    assert "No space left on device" in line
    assert list_tree(tmp_path) == before


@pytest.mark.usefixtures("few_rules")
@pytest.mark.parametrize("failing", [1, 2])
def test_a_swap_that_fails_leaves_the_old_reports(
    failing: int,
    write: Callable[..., int],
    workbook: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path / "out")
    capsys.readouterr()
    before = list_tree(tmp_path)
    rename, calls = Path.rename, []

    def fail(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    stop(capsys, "audit", workbook, *AS_OF, "--out", tmp_path / "out")
    monkeypatch.undo()
    assert list_tree(tmp_path) == before


def interrupt_before_moving_in(folder: Path, new: Path, old: Path) -> None:
    new.mkdir()
    for name, data in list_tree(folder).items():
        if data:
            (new / name).parent.mkdir(exist_ok=True)
            (new / name).write_bytes(data)
    folder.rename(old)


def interrupt_while_writing(folder: Path, new: Path, old: Path) -> None:  # noqa: ARG001
    new.mkdir()
    (new / "findings.json").write_text("half")


def interrupt_before_tidying(folder: Path, new: Path, old: Path) -> None:  # noqa: ARG001
    old.mkdir()
    (old / "manifest.json").write_text("{}")


def interrupt_with_half_a_folder(folder: Path, new: Path, old: Path) -> None:
    folder.rename(old)
    new.mkdir()
    (new / "findings.json").write_text("half")


def interrupt_with_the_old_one_only(folder: Path, new: Path, old: Path) -> None:  # noqa: ARG001
    folder.rename(old)


def interrupt_the_first_run(folder: Path, new: Path, old: Path) -> None:  # noqa: ARG001
    folder.rename(new)


INTERRUPTIONS = [
    interrupt_before_moving_in,
    interrupt_while_writing,
    interrupt_before_tidying,
    interrupt_with_half_a_folder,
    interrupt_with_the_old_one_only,
    interrupt_the_first_run,
]


@pytest.mark.parametrize("interrupt", INTERRUPTIONS, ids=lambda one: one.__name__)
def test_an_interrupted_swap_is_finished_by_the_next_run(
    interrupt: Callable[[Path, Path, Path], None],
    write: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    write(out)
    expected = list_tree(tmp_path)
    interrupt(out, tmp_path / ".out.new", tmp_path / ".out.old")
    assert list_tree(tmp_path) != expected
    assert write(out) == 0
    assert list_tree(tmp_path) == expected
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("few_rules")
def test_an_interrupted_swap_keeps_foreign_files_safe(
    write: Callable[..., int],
    workbook: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path / "out")
    (tmp_path / "out").rename(tmp_path / ".out.old")
    (tmp_path / ".out.old" / "mine.txt").write_text("mine")
    capsys.readouterr()
    assert "'mine.txt'" in stop(capsys, "audit", workbook, *AS_OF, "--out", tmp_path / "out")
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"


def test_a_link_to_a_folder_stays_a_link(write: Callable[..., int], tmp_path: Path) -> None:
    (target := tmp_path / "disk" / "reports").mkdir(parents=True)
    try:
        (tmp_path / "out").symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("links are not allowed here")
    for _ in range(2):
        assert write(tmp_path / "out") == 0
        assert (tmp_path / "out").is_symlink()
        assert {path.name for path in target.iterdir()} == {*REPORTS, "inputs"}
    assert {path.name for path in tmp_path.iterdir()} == {"disk", "out", "registers"}


@pytest.mark.usefixtures("few_rules")
def test_a_register_that_changes_meanwhile_is_told(
    workbook: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from ropa.api import audit

    def change(*arguments: object, **options: object) -> object:
        result = audit(*arguments, **options)  # type: ignore[arg-type]
        workbook.write_bytes(CLEAN.read_bytes())
        return result

    monkeypatch.setattr("ropa.api.audit", change)
    line = stop(capsys, "audit", workbook, *AS_OF, "--out", tmp_path / "out")
    assert "calls.xlsx: has changed since it was read" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("few_rules")
def test_inputs_stay_below_the_folder_whatever_their_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one/deep/a.xlsx", "two/b.xlsx"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(CALLS.read_bytes())
    (tmp_path / "work" / "here").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work" / "here")
    before = list_tree(tmp_path)
    files = [str(tmp_path / "one" / "deep" / "a.xlsx"), "../../one/deep/../../two/b.xlsx"]
    assert main(["audit", *files, *AS_OF, "--out", "out", "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [one["file"] for one in document["inputs"]] == ["one/deep/a.xlsx", "two/b.xlsx"]
    after = list_tree(tmp_path)
    assert {name for name in after if name not in before and "here/out" not in name} == set()
    assert "work/here/out/inputs/two/b.xlsx" in after
    assert {name: after[name] for name in before} == before


@pytest.mark.usefixtures("few_rules")
def test_one_file_twice_is_refused(
    workbook: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workbook.parent)
    assert "calls.xlsx" in stop(capsys, "audit", workbook, "calls.xlsx", *AS_OF)


@pytest.mark.usefixtures("few_rules")
def test_a_folder_is_one_register(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workbook.parent / "z.xlsx").write_bytes(CLEAN.read_bytes())
    (workbook.parent / "~$z.xlsx").write_bytes(b"lock")
    (workbook.parent / "notes.txt").write_text("no workbook")
    assert main(["audit", str(workbook.parent), *AS_OF, "--json", "-"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(one["file"], one["records"]) for one in document["inputs"]] == [
        ("calls.xlsx", 11),
        ("z.xlsx", 25),
    ]


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
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*REPORTS, "inputs"}


def test_the_command_ends_in_one_line(tmp_path: Path) -> None:
    done = start("audit", "gone.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"ropa: gone.xlsx: there is no such file; check the path\n"
