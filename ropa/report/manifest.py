"""manifest.json: what a folder of reports was made from, and the hash of each file in it."""

import hashlib
import json
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from os import scandir
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ropa.errors import InputError
from ropa.workbook.files import shown

MANIFEST = "manifest.json"
"""The one file of a folder that no hash stands for: it holds the others'."""

_SIZE_LIMIT = 16 * 2**20
_COPIED = ("ropa", "as_of", "regime", "inputs", "law", "rules", "policy", "previous", "what_if")
_HEX = frozenset("0123456789abcdef")
_SHA256_LENGTH = 64

# Their versions shape the bytes of a report. Python's own does not; that of zlib does, which packs
# the workbooks and the slides.
_LIBRARIES = (
    "jinja2",
    "matplotlib",
    "networkx",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "python-pptx",
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the manifest of a folder says.

    Attributes
    ----------
    sha256 : str
        Hash of the manifest itself: whoever noted it can tell that nothing was exchanged since.
    ropa, as_of : str
        The version that wrote the reports and the date of the audit; empty where left out.
    outputs : mapping of str to str
        Each file of the folder, its path with ``/``, and the SHA-256 of its bytes.
    """

    sha256: str
    ropa: str
    as_of: str
    outputs: Mapping[str, str]


def build_manifest(
    document: Mapping[str, Any], files: Mapping[str, bytes], *, template: bytes | None
) -> dict[str, Any]:
    """Return the manifest of reports as plain values.

    Parameters
    ----------
    document : mapping
        The audit (`ropa.report.findings_json.build_document`).
    files : mapping of str to bytes
        The reports by name.
    template : bytes, optional
        The file from which the slides took their looks.
    """
    return {
        **{key: document[key] for key in _COPIED},
        "deck_template": {"sha256": "" if template is None else _hash(template)},
        "versions": _list_versions(_LIBRARIES),
        "outputs": {name: _hash(data) for name, data in sorted(files.items())},
    }


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _list_versions(libraries: Iterable[str]) -> dict[str, str]:
    return {name: _find_version(name) for name in libraries} | {"zlib": zlib.ZLIB_RUNTIME_VERSION}


def _find_version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # installed by hand, without its metadata
        return "unknown"


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder of reports; anybody may have edited it.

    Raises
    ------
    InputError
        It is missing, no regular file, too large, of another shape, or names a file outside of
        the folder.
    """
    name = f"{shown(folder.name or str(folder))}/{MANIFEST}"
    data = _read_small(folder / MANIFEST, name)
    try:
        found = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _refuse(name, "is no JSON") from None
    outputs = found.get("outputs") if isinstance(found, dict) else None
    if not isinstance(outputs, dict) or not all(map(_is_hash, outputs.values())):
        raise _refuse(name, "does not list files with their hashes")
    for file in outputs:
        if not _lies_inside(file):
            raise _refuse(name, f"names a file outside of its folder: {shown(file)!r}")
    told = {key: one if isinstance(one := found.get(key), str) else "" for key in ("ropa", "as_of")}
    return Manifest(sha256=_hash(data), outputs=MappingProxyType(outputs), **told)


def _read_small(path: Path, name: str) -> bytes:
    try:
        found = path.lstat()
        if stat.S_ISREG(found.st_mode) and found.st_size <= _SIZE_LIMIT:
            return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise _refuse(name, "is missing") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "invalid path"
        raise InputError(f"{name}: cannot be opened ({why.lower()}); check the path") from None
    raise _refuse(name, "is too large or no regular file")


def _refuse(name: str, what: str) -> InputError:
    return InputError(f"{name}: {what}; name a folder that ropa audit --out wrote")


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == _SHA256_LENGTH and _HEX.issuperset(value)


def _lies_inside(name: str) -> bool:
    """Tell whether a name leads to a place below the folder, on every system."""
    parts = name.split("/")
    if "\0" in name or name == MANIFEST or any(part in {"", ".", ".."} for part in parts):
        return False
    path = Path(name)
    return not path.anchor and path.parts == tuple(parts)  # so that no "\" and no "C:" leads away


def list_files(folder: Path) -> Iterator[str]:
    """Yield the path of all that is no folder below a folder, with ``/``; links are not followed.

    Raises
    ------
    OSError
        A folder cannot be read.
    """
    waiting = [folder]
    while waiting:
        with scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                path = Path(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                else:
                    yield path.relative_to(folder).as_posix()
