"""A folder of reports when something fails or is interrupted: the old or the new, never half."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from made_reports import audit_calls, list_tree, made_reports, refuse, write_made

from ropa.audits import Audit
from ropa.report.folder import check_folder, write_reports
from ropa.report.replacement import hold


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    return audit_calls(tmp_path_factory.mktemp("registers"))


@pytest.fixture(autouse=True, scope="module")
def built() -> Iterator[Mapping[str, bytes]]:
    """Build no reports: here they are only written."""
    with made_reports() as files:
        yield files


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


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
    interrupt(out, tmp_path / ".out.ropa-new", tmp_path / ".out.ropa-old")
    assert list_tree(tmp_path) != expected
    write_reports(audit, out)
    assert list_tree(tmp_path) == expected


def test_what_was_set_aside_comes_back_when_the_next_run_is_refused(
    audit: Audit, out: Path, tmp_path: Path
) -> None:
    write_reports(audit, out)
    out.rename(tmp_path / ".out.ropa-old")
    (tmp_path / ".out.ropa-old" / "mine.txt").write_text("mine")
    assert "'mine.txt'" in refuse(audit, out)
    assert (out / "mine.txt").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_the_new_reports_move_in_where_both_are_whole(out: Path, tmp_path: Path) -> None:
    write_made(tmp_path / ".out.ropa-new", "new.json")
    write_made(tmp_path / ".out.ropa-old", "old.json")
    check_folder(out)
    assert set(list_tree(out)) == {"new.json", "manifest.json"}
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_the_old_reports_come_back_where_the_new_are_not_whole(out: Path, tmp_path: Path) -> None:
    write_made(tmp_path / ".out.ropa-new", "new.json")
    (tmp_path / ".out.ropa-new" / "new.json").write_text("half")
    write_made(tmp_path / ".out.ropa-old", "old.json")
    check_folder(out)
    assert set(list_tree(out)) == {"old.json", "manifest.json"}
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_half_removed_reports_do_not_come_back(out: Path, tmp_path: Path) -> None:
    write_made(tmp_path / ".out.ropa-old", "old.json", "more.json")
    (tmp_path / ".out.ropa-old" / "old.json").unlink()
    check_folder(out)
    assert list_tree(tmp_path) == {}


def test_old_reports_that_cannot_be_removed_are_removed_by_the_next_run(
    audit: Audit, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_reports(audit, out)
    expected = list_tree(tmp_path)

    def fail(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", fail)
        write_reports(audit, out)
    assert (tmp_path / ".out.ropa-old").exists()
    check_folder(out)
    assert list_tree(tmp_path) == expected


def test_another_run_waits_until_the_folder_is_in_place(out: Path, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    with hold(tmp_path):
        handle = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(handle)
    check_folder(out)
