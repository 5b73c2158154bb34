"""The notebooks, with the samples that they read, for those who installed the package alone."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ropa.errors import OutputError
from ropa.report.replacement import (
    hold,
    name_siblings,
    remove_folder,
    replace_folder,
    resolve_folder,
)

_SAMPLES = "data/samples"


def copy_notebooks(folder: str | Path) -> tuple[str, ...]:
    """Copy the notebooks and the samples that they read.

    Parameters
    ----------
    folder : path
        Absent or empty. The notebooks come into it, the samples into ``data/samples`` below.

    Returns
    -------
    tuple of str
        The notebooks' names.

    Raises
    ------
    OutputError
        The folder holds anything, or cannot be written: then nothing was.
    """
    path = resolve_folder(Path(folder))
    try:
        _check_empty(path)
        found = _find_files()
        path.parent.mkdir(parents=True, exist_ok=True)
        with hold(path.parent):
            _check_empty(path)
            for leftover in name_siblings(path):
                remove_folder(leftover)
            replace_folder(path, found)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(f"{path}: cannot write the notebooks: {reason}") from error
    return tuple(name for name in found if "/" not in name)


def _check_empty(folder: Path) -> None:
    held = next(folder.iterdir(), None) if folder.exists() else None
    if held is not None:
        raise OutputError(f"{folder}: holds {held.name!r}: name an empty or a new folder")


def _find_files() -> Mapping[str, bytes]:
    """Return the copies by their place in the folder."""
    package = files("ropa")
    bundled = package / "examples"
    if bundled.is_dir():
        notebooks, samples = bundled / "notebooks", bundled / "samples"
    else:  # in the tree from which the package is built
        root = Path(str(package)).parent
        notebooks, samples = root / "notebooks", root / _SAMPLES
    return {
        **{one.name: one.read_bytes() for one in _list_kind(notebooks, ".ipynb")},
        **{f"{_SAMPLES}/{one.name}": one.read_bytes() for one in _list_kind(samples, ".xlsx")},
    }


def _list_kind(folder: Traversable, suffix: str) -> Iterator[Traversable]:
    found = (one for one in folder.iterdir() if one.name.endswith(suffix))
    yield from sorted(found, key=lambda one: one.name)
