"""A folder of reports: written whole or not at all, and never over anything else."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from build_samples import SAMPLES

import ropa
from ropa.api import Audit
from ropa.auditing import Result
from ropa.errors import OutputError
from ropa.report import folder as report_folder
from ropa.report.folder import write_reports

FILES = {"findings.json", "findings.xlsx", "manifest.json", "inputs/calls.xlsx"}


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    path = tmp_path_factory.mktemp("registers") / "calls.xlsx"
    path.write_bytes((SAMPLES / "telephone-answering-service.xlsx").read_bytes())
    return ropa.audit(ropa.load(path), as_of="2026-09-30", rules=["TRF-04", "IDN-02"])


@pytest.fixture(autouse=True, scope="module")
def built(audit: Audit) -> Iterator[None]:
    """Build the reports once: here they are only written."""
    files = report_folder._build_files(audit)  # noqa: SLF001 - what is written

    def give(result: Result) -> Mapping[str, bytes]:
        assert result is audit
        return files

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_folder, "_build_files", give)
        yield


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def refuse(audit: Audit, folder: Path) -> str:
    """Return why a folder is refused, in one line."""
    with pytest.raises(OutputError) as caught:
        write_reports(audit, folder)
    line = str(caught.value)
    assert "\n" not in line
    return line


def list_tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too, with its bytes; folders are empty."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


# -- what is written ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out", "new/and/deeper", "with spaces & 'quotes'", "żółć", "a.b"])
def test_the_files_are_written_and_nothing_beside_them(
    name: str, audit: Audit, tmp_path: Path
) -> None:
    audit.write(tmp_path / name)
    tree = list_tree(tmp_path / name)
    assert set(tree) == {*FILES, "inputs"}
    beside = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert len(beside) == len(FILES)


def test_the_manifest_names_and_hashes_every_file(audit: Audit, out: Path) -> None:
    write_reports(audit, out)
    tree = {name: data for name, data in list_tree(out).items() if data}
    manifest = json.loads(tree.pop("manifest.json"))
    assert manifest["outputs"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in tree.items()
    }
    assert list(manifest["outputs"]) == sorted(manifest["outputs"])
    assert manifest["inputs"][0]["sha256"] == manifest["outputs"]["inputs/calls.xlsx"]
    assert manifest["as_of"] == "2026-09-30"
    assert {"ropa", "law", "rules", "policy"} <= manifest.keys()


def test_a_second_run_is_the_same_to_the_byte(audit: Audit, out: Path, tmp_path: Path) -> None:
    write_reports(audit, out)
    first = list_tree(tmp_path)
    write_reports(audit, out)
    assert list_tree(tmp_path) == first


def test_an_empty_folder_is_taken(audit: Audit, out: Path) -> None:
    (out / "empty" / "below").mkdir(parents=True)
    write_reports(audit, out)
    assert set(list_tree(out)) == {*FILES, "inputs"}


def test_files_of_an_earlier_audit_go(audit: Audit, out: Path) -> None:
    write_reports(audit, out)
    first = list_tree(out)
    (out / "more.txt").write_text("from another version")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"]["more.txt"] = ""
    (out / "manifest.json").write_text(json.dumps(manifest))
    write_reports(audit, out)
    assert list_tree(out) == first


def test_a_link_to_a_folder_stays_a_link(audit: Audit, out: Path, tmp_path: Path) -> None:
    (target := tmp_path / "disk" / "reports").mkdir(parents=True)
    try:
        out.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("links are not allowed here")
    for _ in range(2):
        write_reports(audit, out)
        assert out.is_symlink()
        assert set(list_tree(target)) == {*FILES, "inputs"}
    assert {path.name for path in tmp_path.iterdir()} == {"disk", "out"}


# -- what is left alone -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "inputs/mine.xlsx", "sub/deep/x"])
@pytest.mark.parametrize("written", [False, True])
def test_a_folder_with_other_files_is_left_alone(
    name: str, audit: Audit, out: Path, tmp_path: Path, *, written: bool
) -> None:
    if written:
        write_reports(audit, out)
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_text("mine")
    before = list_tree(tmp_path)
    assert f"holds {name!r}, which no audit wrote" in refuse(audit, out)
    assert list_tree(tmp_path) == before


@pytest.mark.parametrize("manifest", ["", "{}", "[]", "no JSON", '{"outputs": 1}', "\xff"])
def test_a_manifest_that_says_nothing_covers_nothing(
    manifest: str, audit: Audit, out: Path, tmp_path: Path
) -> None:
    out.mkdir()
    (out / "manifest.json").write_text(manifest, encoding="latin-1")
    before = list_tree(tmp_path)
    assert "'manifest.json'" in refuse(audit, out)
    assert list_tree(tmp_path) == before


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_is_no_folder(name: str, audit: Audit, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    before = list_tree(tmp_path)
    assert refuse(audit, tmp_path / name)
    assert list_tree(tmp_path) == before


def test_the_root_of_the_disk_is_refused(audit: Audit, tmp_path: Path) -> None:
    assert "is the root of a disk" in refuse(audit, Path(tmp_path.anchor))


@pytest.mark.parametrize("name", ["n" * 300, "nul\0"])
def test_a_name_that_no_folder_can_have_is_refused(name: str, audit: Audit, tmp_path: Path) -> None:
    assert refuse(audit, tmp_path / name)
    assert list_tree(tmp_path) == {}


def test_links_in_a_circle_are_refused(audit: Audit, out: Path) -> None:
    try:
        out.symlink_to(out)
    except OSError:
        pytest.skip("links are not allowed here")
    assert refuse(audit, out)


# -- what fails ---------------------------------------------------------------------------------


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    (folder := tmp_path / "locked").mkdir()
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


def test_a_parent_that_cannot_be_written_is_told(audit: Audit, locked: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        pytest.skip("this user may write everywhere")
    assert "Permission denied" in refuse(audit, locked / "out")
    assert list(locked.iterdir()) == []


def test_a_refused_permission_is_told_and_leaves_nothing(
    audit: Audit, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", fail)
    assert refuse(audit, out).endswith("out: cannot write the reports: Permission denied")
    assert list_tree(tmp_path) == {}


@pytest.mark.parametrize("failing", [1, 2, 4])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_full_disk_leaves_what_was_there(
    failing: int,
    audit: Audit,
    out: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    earlier: bool,
) -> None:
    if earlier:
        write_reports(audit, out)
    before = list_tree(tmp_path)
    written = []

    def fill(number: int) -> None:
        written.append(number)
        if len(written) == failing:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fill)
    assert "No space left on device" in refuse(audit, out)
    assert list_tree(tmp_path) == before


@pytest.mark.parametrize("failing", [1, 2])
def test_a_swap_that_fails_leaves_the_old_reports(
    failing: int, audit: Audit, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_reports(audit, out)
    before = list_tree(tmp_path)
    rename, calls = Path.rename, []

    def fail(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    assert "Input/output error" in refuse(audit, out)
    monkeypatch.undo()
    assert list_tree(tmp_path) == before


# -- what was interrupted -----------------------------------------------------------------------


def copy_tree(folder: Path, target: Path) -> None:
    for name, data in list_tree(folder).items():
        if data:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(data)


def before_moving_in(folder: Path, new: Path, old: Path) -> None:
    copy_tree(folder, new)
    folder.rename(old)


def before_setting_aside(folder: Path, new: Path, _: Path) -> None:
    copy_tree(folder, new)


def while_writing(_: Path, new: Path, __: Path) -> None:
    new.mkdir()
    (new / "findings.json").write_text("half")


def before_tidying(folder: Path, _: Path, old: Path) -> None:
    copy_tree(folder, old)


def with_half_a_folder(folder: Path, new: Path, old: Path) -> None:
    folder.rename(old)
    new.mkdir()
    (new / "findings.json").write_text("half")


def with_the_old_one_only(folder: Path, _: Path, old: Path) -> None:
    folder.rename(old)


def in_the_first_run(folder: Path, new: Path, _: Path) -> None:
    folder.rename(new)


INTERRUPTIONS = [
    before_moving_in,
    before_setting_aside,
    while_writing,
    before_tidying,
    with_half_a_folder,
    with_the_old_one_only,
    in_the_first_run,
]


@pytest.mark.parametrize("interrupt", INTERRUPTIONS, ids=lambda one: one.__name__)
def test_an_interrupted_swap_is_finished_by_the_next_run(
    interrupt: Callable[[Path, Path, Path], None], audit: Audit, out: Path, tmp_path: Path
) -> None:
    write_reports(audit, out)
    expected = list_tree(tmp_path)
    interrupt(out, tmp_path / ".out.new", tmp_path / ".out.old")
    assert list_tree(tmp_path) != expected
    write_reports(audit, out)
    assert list_tree(tmp_path) == expected


def test_what_was_set_aside_comes_back_when_the_next_run_is_refused(
    audit: Audit, out: Path, tmp_path: Path
) -> None:
    write_reports(audit, out)
    out.rename(tmp_path / ".out.old")
    (tmp_path / ".out.old" / "mine.txt").write_text("mine")
    assert "'mine.txt'" in refuse(audit, out)
    assert (out / "mine.txt").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"out"}
