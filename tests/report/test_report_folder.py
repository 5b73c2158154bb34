"""A folder of reports: written whole or not at all, and never over anything else."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from made_reports import audit_calls, list_files, list_tree, made_reports, refuse, write_made

from ropa.audits import Audit
from ropa.report import folder as report_folder
from ropa.report.folder import check_folder, write_reports


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


# -- what is written ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out", "new/and/deeper", "with spaces & 'quotes'", "żółć", "a.b"])
def test_the_files_are_written_and_nothing_beside_them(
    name: str, audit: Audit, built: Mapping[str, bytes], tmp_path: Path
) -> None:
    audit.write(tmp_path / name)
    assert list_files(tmp_path / name) == built
    assert len(list_files(tmp_path)) == len(built)


def test_a_second_run_is_the_same_to_the_byte(audit: Audit, out: Path, tmp_path: Path) -> None:
    write_reports(audit, out)
    first = list_tree(tmp_path)
    write_reports(audit, out)
    assert list_tree(tmp_path) == first


def test_an_empty_folder_is_taken(audit: Audit, built: Mapping[str, bytes], out: Path) -> None:
    (out / "empty" / "below").mkdir(parents=True)
    write_reports(audit, out)
    assert list_files(out) == built
    assert not (out / "empty").exists()


def test_files_of_an_earlier_audit_go(audit: Audit, out: Path) -> None:
    write_reports(audit, out)
    first = list_tree(out)
    (out / "more.txt").write_text("from another version")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"]["more.txt"] = "0" * 64
    (out / "manifest.json").write_text(json.dumps(manifest))
    write_reports(audit, out)
    assert list_tree(out) == first


def test_a_link_to_a_folder_stays_a_link(
    audit: Audit, built: Mapping[str, bytes], out: Path, tmp_path: Path
) -> None:
    (target := tmp_path / "disk" / "reports").mkdir(parents=True)
    try:
        out.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("links are not allowed here")
    for _ in range(2):
        write_reports(audit, out)
        assert out.is_symlink()
        assert list_files(target) == built
    assert {path.name for path in tmp_path.iterdir()} == {"disk", "out"}


@pytest.mark.skipif(os.name != "posix", reason="this system has no such permissions")
def test_permissions_are_those_of_the_user_and_a_closed_folder_stays_closed(
    audit: Audit, out: Path
) -> None:
    before = os.umask(0o027)
    try:
        write_reports(audit, out)
        assert out.stat().st_mode & 0o777 == 0o750
        assert {(out / name).stat().st_mode & 0o777 for name in list_files(out)} == {0o640}
        out.chmod(0o700)
        write_reports(audit, out)
        assert out.stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)


# -- what is left alone -------------------------------------------------------------------------


def rewrite_manifest(out: Path, **changed: object) -> None:
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (out / "manifest.json").write_text(json.dumps(manifest | changed), encoding="utf-8")


def test_findings_that_owners_filled_in_are_not_lost(
    audit: Audit, out: Path, tmp_path: Path
) -> None:
    write_reports(audit, out)
    with (out / "findings.xlsx").open("ab") as file:
        file.write(b"a remark")
    before = list_tree(tmp_path)
    line = refuse(audit, out)
    assert line == (
        f"{out}: findings.xlsx was changed since the audit wrote it and would be lost: "
        "give it as --previous, and choose another folder or move it"
    )
    assert list_tree(tmp_path) == before


@pytest.mark.parametrize("name", ["annotated.xlsx", "annotated/a/b.xlsx", "m.xlsm", "board.pptx"])
def test_what_people_worked_on_is_not_lost(name: str, audit: Audit, out: Path) -> None:
    write_made(out, name, "findings.json")
    check_folder(out)
    (out / name).write_bytes(b"changed")
    assert refuse(audit, out).endswith(
        f"{name} was changed since the audit wrote it and would be lost: "
        "choose another folder or move it"
    )
    assert (out / name).read_bytes() == b"changed"


@pytest.mark.parametrize("name", ["findings.json", "report.html", "flows.svg", "flows.graphml"])
def test_what_is_only_read_is_made_again(
    name: str, audit: Audit, built: Mapping[str, bytes], out: Path
) -> None:
    write_made(out, name)
    (out / name).write_bytes(b"changed")
    write_reports(audit, out)
    assert list_files(out) == built


def test_a_report_that_is_gone_does_not_matter(
    audit: Audit, built: Mapping[str, bytes], out: Path
) -> None:
    write_reports(audit, out)
    (out / "findings.xlsx").unlink()
    write_reports(audit, out)
    assert list_files(out) == built


def test_a_folder_is_checked_without_a_change(audit: Audit, out: Path, tmp_path: Path) -> None:
    check_folder(out)
    check_folder(tmp_path / "new" / "and" / "deeper")
    assert list_tree(tmp_path) == {}
    write_reports(audit, out)
    before = list_tree(tmp_path)
    check_folder(out)
    check_folder(str(out))
    assert list_tree(tmp_path) == before


def test_a_folder_is_checked_before_the_reports_are_built(
    audit: Audit, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    monkeypatch.setattr(report_folder, "build_files", None)  # not to be called
    assert "'mine.txt'" in refuse(audit, out)


def test_what_was_read_is_not_replaced(audit: Audit, out: Path, tmp_path: Path) -> None:
    write_made(out, "annotated.xlsx")
    (one,) = audit.register.inputs
    inputs = (replace(one, path=out / "annotated.xlsx"),)
    moved = replace(audit, register=replace(audit.register, inputs=inputs))
    before = list_tree(tmp_path)
    assert "calls.xlsx was read from it and would be replaced" in refuse(moved, out)
    assert list_tree(tmp_path) == before


@pytest.mark.parametrize("name", ["link", "findings.json"])
@pytest.mark.parametrize("folder", [False, True])
def test_a_link_in_the_folder_is_left_alone(
    name: str, audit: Audit, out: Path, tmp_path: Path, *, folder: bool
) -> None:
    write_reports(audit, out)
    target = tmp_path / "elsewhere"
    target.mkdir() if folder else target.write_text("mine")
    (out / name).unlink(missing_ok=True)
    try:
        (out / name).symlink_to(target, target_is_directory=folder)
    except OSError:
        pytest.skip("links are not allowed here")
    assert repr(name) in refuse(audit, out)
    assert (out / name).is_symlink()
    assert target.exists()


@pytest.mark.parametrize("name", ["../mine.txt", "sub/../../mine.txt", "/mine.txt", ""])
def test_a_manifest_that_leads_out_of_the_folder_covers_nothing(
    name: str, audit: Audit, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    write_reports(audit, out)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    rewrite_manifest(out, outputs={**manifest["outputs"], name: "0" * 64})
    before = list_tree(tmp_path)
    assert "which no audit wrote" in refuse(audit, out)
    assert list_tree(tmp_path) == before


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


def test_a_mounted_disk_is_refused(
    audit: Audit, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.mkdir()
    monkeypatch.setattr("os.path.ismount", lambda path: path == out)
    assert "name a folder in it" in refuse(audit, out)
    write_reports(audit, out / "below")


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
