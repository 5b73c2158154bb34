"""The notebooks are copied with what they read, into an empty place only."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import ropa
from ropa.errors import OutputError
from ropa.report import notebook_copies
from ropa.report.notebook_copies import copy_notebooks

ROOT = Path(__file__).parents[2]
NOTEBOOKS = {path.name: path.read_bytes() for path in (ROOT / "notebooks").glob("*.ipynb")}
SAMPLES = {path.name: path.read_bytes() for path in (ROOT / "data/samples").glob("*.xlsx")}


def read_tree(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def refuse(folder: Path) -> str:
    with pytest.raises(OutputError) as caught:
        copy_notebooks(folder)
    line = str(caught.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize("empty", [False, True])
def test_notebooks_and_samples_are_copied(tmp_path: Path, *, empty: bool) -> None:
    out = tmp_path / "new" / "out"
    if empty:
        out.mkdir(parents=True)
    assert copy_notebooks(str(out)) == tuple(sorted(NOTEBOOKS))
    samples = {f"data/samples/{name}": data for name, data in SAMPLES.items()}
    assert read_tree(tmp_path / "new") == {
        f"out/{name}": data for name, data in (NOTEBOOKS | samples).items()
    }
    assert NOTEBOOKS
    assert SAMPLES


def list_parameters(notebook: bytes) -> Iterator[str]:
    for cell in json.loads(notebook)["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            yield from "".join(cell["source"]).splitlines()


def test_what_the_notebooks_read_lies_beside_them(tmp_path: Path) -> None:
    out = tmp_path / "out"
    copy_notebooks(out)
    named = {
        part
        for data in NOTEBOOKS.values()
        for line in list_parameters(data)
        for part in line.split('"')
        if part.startswith("data/")
    }
    assert named
    for name in named:
        assert len(ropa.load(out / name).activities) > 0


@pytest.mark.parametrize("name", ["mine.txt", ".hidden", "folder/"])
def test_a_folder_that_holds_anything_is_left_alone(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / name).mkdir() if name.endswith("/") else (out / name).write_text("mine")
    assert f"holds {name.removesuffix('/')!r}" in refuse(out)
    assert [path.name for path in out.iterdir()] == [name.removesuffix("/")]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_second_copy_is_refused(tmp_path: Path) -> None:
    copy_notebooks(tmp_path / "out")
    before = read_tree(tmp_path)
    assert "name an empty or a new folder" in refuse(tmp_path / "out")
    assert read_tree(tmp_path) == before


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert "is a file" in refuse(tmp_path / "file")
    assert "is a file" in refuse(tmp_path / "file" / "below")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fill)
    assert refuse(tmp_path / "out").endswith(
        "out: cannot write the notebooks: No space left on device"
    )
    assert list(tmp_path.iterdir()) == []


def test_what_was_interrupted_is_done_again(tmp_path: Path) -> None:
    (half := tmp_path / ".out.ropa-new").mkdir()
    (half / "01.ipynb").write_text("half")
    copy_notebooks(tmp_path / "out")
    assert {path.name for path in tmp_path.iterdir()} == {"out"}
    assert set(read_tree(tmp_path / "out")) >= NOTEBOOKS.keys()


def test_an_installed_package_gives_those_that_it_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("notebooks/n.ipynb", "notebooks/sanitise.cfg", "samples/s.xlsx"):
        path = tmp_path / "ropa" / "examples" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    monkeypatch.setattr(notebook_copies, "files", tmp_path.joinpath)
    assert copy_notebooks(tmp_path / "out") == ("n.ipynb",)
    assert read_tree(tmp_path / "out") == {
        "n.ipynb": b"notebooks/n.ipynb",
        "data/samples/s.xlsx": b"samples/s.xlsx",
    }
