"""What the command prints and writes: JSON, text, and a folder of reports."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from commands import (
    AS_OF,
    CALLS,
    CLEAN,
    FEW,
    REPORTS,
    list_tree,
    start,
    stop,
)

import ropa
from ropa.cli import main
from ropa.report.findings_json import format_document

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


# -- a folder of reports ------------------------------------------------------------------------


@pytest.fixture
def write(few_rules: None, workbook: Path) -> Callable[..., int]:  # noqa: ARG001 - it patches
    """Return a function that audits into a folder."""
    return lambda out, *more: main(["audit", str(workbook), *AS_OF, "--out", str(out), *more])


def test_a_deck_template_is_looked_at_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ropa.api.load", lambda *_: pytest.fail("the register was read"))
    template, out = tmp_path / "house.pptx", tmp_path / "out"
    template.write_bytes(b"no deck")
    given = ["--out", str(out), "--deck-template", str(template)]
    assert main(["audit", str(CLEAN), *AS_OF, *given]) == 2
    assert "no deck that can be read" in capsys.readouterr().err
    assert not out.exists()


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
    files = {f"{folder}/{name}" for name in REPORTS}
    assert new == {"reports", folder, *files}
    assert {name: after[name] for name in before} == before
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "Reports in reports/2026-Q3" in captured.out


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
    assert "work/here/out/annotated/two/b.xlsx" in after
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


@pytest.mark.usefixtures("few_rules")
def test_a_folder_with_other_files_is_left_alone(
    workbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list_tree(tmp_path)
    line = stop(capsys, "audit", workbook, *AS_OF, "--out", workbook.parent, "--json", "-")
    assert "holds 'calls.xlsx', which no audit wrote" in line
    assert list_tree(tmp_path) == before


@pytest.mark.parametrize("out", ["/", "nul\0", "calls.xlsx", "calls.xlsx/below"])
@pytest.mark.usefixtures("few_rules")
def test_what_is_no_folder_for_reports_is_refused(
    out: str,
    workbook: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(workbook.parent)
    before = list_tree(workbook.parent)
    assert stop(capsys, "audit", workbook, *AS_OF, "--out", out)
    assert list_tree(workbook.parent) == before
