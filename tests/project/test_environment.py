"""The project's own files agree with one another, and starting the program stays cheap."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "locks").glob("*.txt"))

# Each costs a tenth of a second or more; `--help` needs none of them.
HEAVY = {
    "pandas",
    "numpy",
    "matplotlib",
    "pandera",
    "networkx",
    "openpyxl",
    "pyarrow",
    "fastexcel",
    "rapidfuzz",
    "rich",
}


def read_project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned(lock: Path) -> dict[str, tuple[str, frozenset[str]]]:
    """Return name -> (version with its marker, hashes) of a lock."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    pins = {}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            stated, *hashes = line.split(" --hash=")
            name, version = stated.strip().split("==", maxsplit=1)
            assert name not in pins, f"{lock.name} holds {name} twice"
            pins[name] = (version, frozenset(part.strip() for part in hashes))
    return pins


def wanted(*extras: str) -> list[Requirement]:
    """Return what the project asks for, with its extras unfolded; itself left out."""
    project = read_project()["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    requirements = [Requirement(line) for line in lines]
    itself = [one for one in requirements if one.name == project["name"]]
    for one in itself:
        requirements += wanted(*one.extras)
    return [one for one in requirements if one.name != project["name"]]


def test_the_locks_are_the_three_known_ones() -> None:
    assert [lock.stem for lock in LOCKS] == ["dev", "run", "uv"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_pins_each_package_with_hashes_and_names_no_host(lock: Path) -> None:
    pins = pinned(lock)
    assert pins
    for name, (version, hashes) in pins.items():
        assert re.match(r"\d[\w.!+]*( ; .+)?$", version), f"{name} {version}"
        assert hashes, f"{name} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), name
    told = lock.read_text(encoding="utf-8")
    assert not re.search(r"(?m)://|file:|localhost|^-|--(?!hash=)\w| @ |(^|\s)/", told)


def test_what_audits_is_part_of_what_develops() -> None:
    run, dev = pinned(ROOT / "locks/run.txt"), pinned(ROOT / "locks/dev.txt")
    assert {name: dev.get(name) for name in run} == run
    assert {"jupyterlab", "pytest", "editables"} <= dev.keys() - run.keys()


@pytest.mark.parametrize(("lock", "extras"), [("run", ()), ("dev", ("dev",))])
def test_a_lock_holds_what_the_project_asks_for(lock: str, extras: tuple[str, ...]) -> None:
    pins = pinned(ROOT / f"locks/{lock}.txt")
    for requirement in wanted(*extras):
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{name} is not locked: make locks"
        version = pins[name][0].split(" ; ")[0]
        assert requirement.specifier.contains(version), f"{requirement} but {version} is locked"


def test_the_build_needs_nothing_that_is_not_locked() -> None:
    pins = pinned(ROOT / "locks/dev.txt")
    for line in read_project()["build-system"]["requires"]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(pins[requirement.name][0])


def test_the_conda_environment_is_the_project() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    project = read_project()["project"]
    assert environment == {
        "name": project["name"],
        "channels": ["conda-forge"],
        "dependencies": [
            f"python{project['requires-python']}",
            "pip",
            {"pip": ["-r locks/dev.txt"]},
        ],
    }


def test_python_versions_agree() -> None:
    settings = read_project()
    lowest = settings["project"]["requires-python"].removeprefix(">=")
    assert settings["tool"]["mypy"]["python_version"] == lowest
    assert settings["tool"]["ruff"]["target-version"] == "py" + lowest.replace(".", "")
    workflow = yaml.safe_load((ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8"))
    checked = workflow["jobs"]["check"]["strategy"]["matrix"]["python-version"]
    assert checked[0] == lowest
    assert all(SpecifierSet(f">={lowest}").contains(version) for version in checked)
    installer = (ROOT / "locks/install.sh").read_text(encoding="utf-8")
    assert f"version_info < ({lowest.replace('.', ', ')})" in installer
    assert f"Python {lowest} or newer" in installer
    assert all(f"python{version}" in installer for version in checked)


def test_every_make_target_is_explained_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.search(r"(?m)^\.PHONY: (.+)$", makefile)
    assert declared
    targets = set(declared[1].split())
    assert targets == set(re.findall(r"(?m)^([a-z]+):.*## ", makefile))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert sorted(one for one in targets if f"make {one}" not in readme) == []


@pytest.mark.parametrize("script", [".ci/run", ".github/workflows/check.yml"])
def test_the_check_that_counts_is_make_check(script: str) -> None:
    assert re.search(r"make check|\.ci/run", (ROOT / script).read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", [["-m", "ropa", "--help"], ["-c", "import ropa"]], ids=" ".join)
def test_help_and_import_load_nothing_heavy(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    loaded = set(re.findall(r"(?m)^import time:[^|]+\|[^|]+\|\s*([\w.]+)$", done.stderr))
    assert "ropa" in loaded
    assert sorted({name.partition(".")[0] for name in loaded} & HEAVY) == []
