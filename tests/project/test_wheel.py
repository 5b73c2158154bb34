"""What users install works without the tree it was built from."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import ropa

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ropa"
EXAMPLES = {
    f"ropa/examples/{target}/{path.name}": path.read_bytes()
    for target, pattern in (("notebooks", "notebooks/*.ipynb"), ("samples", "data/samples/*.xlsx"))
    for path in ROOT.glob(pattern)
}
SAMPLE = ROOT / "data/samples/telephone-answering-service.xlsx"


def run(*command: str, cwd: Path, **variables: str) -> str:
    """Return what a Python command prints; its complaint on failure."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run("-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder), str(ROOT), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    where = ("--target", str(folder))
    run("-m", "pip", "install", "--no-deps", "--no-index", *where, str(wheel), cwd=folder)
    return folder


def test_the_wheel_holds_all_files_of_the_package_and_no_others(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    held = {name for name in names if name.startswith("ropa/")}
    assert held - EXAMPLES.keys() == {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"ropa/py.typed", "ropa/README.md", "ropa/vocabulary/fields.csv"} <= held
    assert {Path(name).suffix for name in held} >= {".py", ".csv", ".toml"}
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"ropa"}
    assert any(name.endswith("dist-info/licenses/LICENSE") for name in names)


def test_the_wheel_holds_the_notebooks_and_what_they_read(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.startswith("ropa/examples/")]
        assert {name: archive.read(name) for name in names} == EXAMPLES
    assert {Path(name).suffix for name in names} == {".ipynb", ".xlsx"}


def test_the_installed_package_is_the_one_imported(installed: Path, tmp_path: Path) -> None:
    asked = "import ropa, importlib.metadata as m; print(ropa.__file__, m.version('ropa'), sep='|')"
    told = run("-c", asked, cwd=tmp_path, PYTHONPATH=str(installed)).strip()
    assert told == f"{installed / 'ropa' / '__init__.py'}|{ropa.__version__}"


def test_the_installed_package_audits_from_another_folder(installed: Path, tmp_path: Path) -> None:
    command = ("-m", "ropa", "audit", str(SAMPLE), "--as-of", "2026-09-30", "--json", "-")
    told: dict[str, Any] = json.loads(run(*command, cwd=tmp_path, PYTHONPATH=str(installed)))
    assert told["as_of"] == "2026-09-30"
    assert told["findings"]
    assert all(finding["rule"] and finding["provision"] for finding in told["findings"])
    assert list(tmp_path.iterdir()) == []


def test_the_installed_package_copies_its_notebooks(installed: Path, tmp_path: Path) -> None:
    asked = "from ropa.report.notebook_copies import copy_notebooks; copy_notebooks('copies')"
    run("-c", asked, cwd=tmp_path, PYTHONPATH=str(installed))
    found = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {Path(name).name: data for name, data in EXAMPLES.items()}
