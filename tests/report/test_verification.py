"""Whether a folder of reports is as it was written, told from its manifest; nobody is trusted."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ropa.errors import InputError
from ropa.report.manifest import read_manifest
from ropa.report.verification import (
    CHANGED,
    FOREIGN,
    MISSING,
    Problem,
    list_verification,
    verify_folder,
)

HASH = hashlib.sha256(b"text").hexdigest()
FILES = ("findings.json", "annotated/a b.xlsx", "żółć.svg")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return a folder of reports."""
    folder = tmp_path / "out"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"text")
    write_manifest(folder, dict.fromkeys(FILES, HASH))
    return folder


def write_manifest(folder: Path, outputs: object) -> None:
    text = json.dumps({"ropa": "1.0", "as_of": "2026-09-30", "outputs": outputs})
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def refuse(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        verify_folder(folder)
    line = str(caught.value)
    assert line.isprintable()
    return line


def test_a_folder_as_it_was_written_has_no_problem(out: Path) -> None:
    found = verify_folder(out)
    assert found.problems == ()
    assert found == verify_folder(str(out))
    assert set(found.manifest.outputs) == set(FILES)
    assert (found.manifest.ropa, found.manifest.as_of) == ("1.0", "2026-09-30")
    data = (out / "manifest.json").read_bytes()
    assert found.manifest.sha256 == hashlib.sha256(data).hexdigest()


def change(out: Path) -> None:
    (out / "findings.json").write_bytes(b"tExt")


def truncate(out: Path) -> None:
    (out / "findings.json").write_bytes(b"")


def remove(out: Path) -> None:
    (out / "findings.json").unlink()


def rename(out: Path) -> None:
    (out / "findings.json").rename(out / "other.json")


def add(out: Path) -> None:
    (out / ".hidden").write_bytes(b"text")


def add_below(out: Path) -> None:
    (out / "annotated" / "new").mkdir()
    (out / "annotated" / "new" / "x").write_bytes(b"text")


def make_folder(out: Path) -> None:
    (out / "findings.json").unlink()
    (out / "findings.json").mkdir()


def link(out: Path) -> None:
    (out / "findings.json").rename(out.parent / "same.json")
    (out / "findings.json").symlink_to(out.parent / "same.json")


def link_folder(out: Path) -> None:
    (out / "annotated").rename(out.parent / "elsewhere")
    (out / "annotated").symlink_to(out.parent / "elsewhere", target_is_directory=True)


def make_pipe(out: Path) -> None:
    (out / "findings.json").unlink()
    os.mkfifo(out / "findings.json")


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (change, {"findings.json": [CHANGED]}),
        (truncate, {"findings.json": [CHANGED]}),
        (remove, {"findings.json": [MISSING]}),
        (rename, {"findings.json": [MISSING], "other.json": [FOREIGN]}),
        (add, {".hidden": [FOREIGN]}),
        (add_below, {"annotated/new/x": [FOREIGN]}),
        (make_folder, {"findings.json": [MISSING]}),
        (link, {"findings.json": [MISSING, FOREIGN]}),
        (link_folder, {"annotated": [FOREIGN], "annotated/a b.xlsx": [MISSING]}),
        (make_pipe, {"findings.json": [MISSING, FOREIGN]}),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_each_kind_of_change_is_found(
    spoil: Callable[[Path], None], expected: dict[str, list[str]], out: Path
) -> None:
    try:
        spoil(out)
    except (OSError, AttributeError):
        pytest.skip("this system has no such files")
    problems = verify_folder(out).problems
    assert problems == tuple(Problem(name, what) for name in expected for what in expected[name])


def test_an_empty_folder_below_is_no_problem(out: Path) -> None:
    (out / "empty").mkdir()
    assert verify_folder(out).problems == ()


def test_the_lines_say_what_is_wrong(out: Path) -> None:
    first, *rest = list_verification(verify_folder(out))
    assert first == f"{out}: all 3 files are as the audit wrote them"
    assert rest[0] == "Written by ropa 1.0, as of 2026-09-30. SHA-256 of manifest.json:"
    assert rest[1].strip() == verify_folder(out).manifest.sha256
    change(out)
    first, second, *_ = list_verification(verify_folder(out))
    assert first == f"{out}: 1 of 3 files is not as the audit wrote it"
    assert second == "  findings.json: changed since the audit wrote it"
    add(out)
    assert list_verification(verify_folder(out))[:3] == [
        f"{out}: 1 of 3 files is not as the audit wrote it, 1 is foreign",
        "  .hidden: not written by the audit",
        "  findings.json: changed since the audit wrote it",
    ]


def test_names_of_files_stay_on_their_line(out: Path) -> None:
    try:
        (out / "a\nb\x1b[31m").write_bytes(b"text")
    except OSError:
        pytest.skip("this system has no such names")
    lines = list_verification(verify_folder(out))
    assert "  a?b?[31m: not written by the audit" in lines
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "/x", "", ".", "a//b", "a/", "./a", "a/.", "n\0l", "manifest.json"],
)
def test_a_manifest_that_leads_out_of_its_folder_is_refused(name: str, out: Path) -> None:
    write_manifest(out, {**dict.fromkeys(FILES, HASH), name: HASH})
    assert "names a file outside of its folder" in refuse(out)


@pytest.mark.parametrize("name", ["...", "..a", "a..b/c", "a:b"])
def test_names_with_dots_and_colons_are_no_way_out(name: str, out: Path) -> None:
    if os.name != "posix":
        pytest.skip("this system has no such names")
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_bytes(b"text")
    write_manifest(out, {**dict.fromkeys(FILES, HASH), name: HASH})
    assert verify_folder(out).problems == ()


@pytest.mark.parametrize("outputs", [None, [], "x", 1, {"a": 1}, {"a": ""}, {"a": HASH.upper()}])
def test_a_manifest_of_another_shape_is_refused(outputs: object, out: Path) -> None:
    write_manifest(out, outputs)
    assert "does not list files with their hashes" in refuse(out)


@pytest.mark.parametrize("data", [b"", b"\xff", b"{", b"[" * 200_000, b'{"a":1}x'])
def test_a_manifest_that_is_no_json_is_refused(data: bytes, out: Path) -> None:
    (out / "manifest.json").write_bytes(data)
    assert "is no JSON" in refuse(out)


def test_a_manifest_that_is_too_large_is_not_read(out: Path) -> None:
    with (out / "manifest.json").open("ab") as file:
        file.truncate(17 * 2**20)
    assert "is too large or no regular file" in refuse(out)


def test_odd_facts_in_a_manifest_are_left_out(out: Path) -> None:
    text = json.dumps({"ropa": ["x"], "as_of": 1, "outputs": dict.fromkeys(FILES, HASH)})
    (out / "manifest.json").write_text(text, encoding="utf-8")
    assert (read_manifest(out).ropa, read_manifest(out).as_of) == ("", "")
    assert "Written. SHA-256 of manifest.json:" in list_verification(verify_folder(out))


def test_what_is_no_folder_of_reports_is_refused(out: Path, tmp_path: Path) -> None:
    assert "there is no such folder" in refuse(tmp_path / "none")
    assert "there is no such folder" in refuse(out / "findings.json")
    assert "manifest.json: is missing" in refuse(tmp_path)
    assert refuse(tmp_path / "nul\0")
    assert refuse(tmp_path / ("n" * 300))
