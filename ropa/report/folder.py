"""A folder of reports: written whole or not at all, and only where nothing else is lost.

The reports are written into a folder beside the wanted one, the old folder is set aside, the new
one moved in, the old one removed. What an interruption leaves is finished by the next run.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from ropa.auditing import Result
from ropa.errors import OutputError
from ropa.report.findings_json import build_document, dump_document
from ropa.report.findings_workbook import INPUTS, write_findings_workbook

MANIFEST = "manifest.json"


def write_reports(result: Result, folder: Path) -> None:
    """Write the reports of an audit into a folder.

    Parameters
    ----------
    result : Result
        The audit.
    folder : Path
        Absent, empty, or holding only files that its manifest names.

    Raises
    ------
    OutputError
        The folder holds other files, or cannot be written; or an input has changed since it was
        read.
    """
    folder = _resolve(folder)
    new, old = (folder.with_name(f".{folder.name}.{word}") for word in ("new", "old"))
    try:
        _finish(folder, new, old)
        _check_free(folder)
        _swap(folder, new, old, _build_files(result))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(f"{folder}: cannot write the reports: {reason}") from error


def _resolve(folder: Path) -> Path:
    """Return the folder behind links: a link stays, what it leads to is swapped."""
    try:
        found = folder.resolve()
    except (OSError, ValueError, RuntimeError):  # a null character, links in a circle
        raise OutputError(f"{folder}: is no name of a folder: choose another") from None
    if not found.name:
        raise OutputError(f"{folder}: is the root of a disk: name a folder for the reports")
    return found


def _swap(folder: Path, new: Path, old: Path, contents: Mapping[str, bytes]) -> None:
    """Write the new folder beside the old one and put it in its place; undo what fails."""
    try:
        new.mkdir(parents=True)
        for name, data in contents.items():
            target = new / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(target, data)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except OSError:
        with suppress(OSError):
            if old.exists() and not folder.exists():
                old.rename(folder)
            _remove(new)
        raise
    _remove(old)


def _finish(folder: Path, new: Path, old: Path) -> None:
    """Finish or undo a swap that was interrupted.

    With both folders set aside and nothing in place, the new one was whole: it moves in. A new
    folder beside one in place may be half written: it goes.
    """
    if old.exists() and not folder.exists():
        (new if (new / MANIFEST).exists() else old).rename(folder)
    for leftover in (new, old):
        _remove(leftover)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _check_free(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(f"{folder}: is a file: name a folder for the reports")
    held = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    foreign = sorted(held - _read_manifest(folder))
    if foreign:
        raise OutputError(
            f"{folder}: holds {foreign[0]!r}, which no audit wrote: name an empty or a new folder"
        )


def _read_manifest(folder: Path) -> set[str]:
    """Return the files that a folder's manifest names, itself included."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {MANIFEST, *manifest["outputs"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _build_files(result: Result) -> Mapping[str, bytes]:
    """Return every file's bytes by its name, the manifest last."""
    document = build_document(result)
    files = {
        "findings.json": dump_document(document).encode(),
        "findings.xlsx": write_findings_workbook(result),
    }
    for one in result.register.inputs:
        data = one.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != one.sha256:
            raise OutputError(f"{one.file}: has changed since it was read: run the audit again")
        files[f"{INPUTS}/{one.file}"] = data
    manifest = {
        key: document[key]
        for key in ("ropa", "as_of", "regime", "inputs", "law", "rules", "policy")
    }
    manifest["outputs"] = {
        name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())
    }
    return files | {MANIFEST: dump_document(manifest).encode()}


def _write_synced(target: Path, data: bytes) -> None:
    with target.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
