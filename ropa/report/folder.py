"""A folder of reports: written whole or not at all, and only where nothing else is lost.

What an interruption leaves is finished by the next run (`ropa.report.replacement`).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ropa.errors import InputError, OutputError
from ropa.report.contents import build_files
from ropa.report.manifest import MANIFEST, list_files, read_manifest
from ropa.report.replacement import (
    hold,
    name_siblings,
    remove_folder,
    replace_folder,
    resolve_folder,
)
from ropa.report.verification import MISSING, find_problems, hash_file
from ropa.results import Result

_FINDINGS = "findings.xlsx"
_WORKED_ON = (".xlsx", ".xlsm", ".pptx")
"""Suffixes of the reports that people go on writing in; the others are made again at any time."""


def check_folder(folder: str | Path) -> None:
    """Refuse a folder that reports cannot be written into without a loss.

    To be called before an audit: what stops it is then told at once. A swap that an earlier run
    left half done is finished first.

    Parameters
    ----------
    folder : path
        Absent, empty, or holding only files that its manifest names; of these, workbooks and
        slides as the audit wrote them.

    Raises
    ------
    OutputError
        It is a file, the root of a disk or no name; it holds other files, or a workbook or slides
        that somebody has worked on since.
    """
    path = resolve_folder(Path(folder))
    with _explain(path), hold(path.parent):
        _finish(path)
        _check_free(path)


def write_reports(result: Result, folder: Path, *, deck_template: Path | None = None) -> None:
    """Write the reports of an audit into a folder.

    Parameters
    ----------
    result : Result
        The audit.
    folder : Path
        As in `check_folder`.
    deck_template : Path, optional
        A presentation whose master and layouts the slides take.

    Raises
    ------
    OutputError
        As `check_folder`; or an input lies in the folder, or has changed since it was read; or
        the folder cannot be written.
    InputError
        The template is no presentation that can be used.
    """
    check_folder(folder)
    path = resolve_folder(folder)
    with _explain(path):
        _check_inputs(result, path)
        files = build_files(result, deck_template=deck_template)
        path.parent.mkdir(parents=True, exist_ok=True)
        with hold(path.parent):
            _finish(path)
            _check_free(path)
            replace_folder(path, files)


@contextmanager
def _explain(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(f"{folder}: cannot write the reports: {reason}") from error


def _finish(folder: Path) -> None:
    """Finish or undo a swap that was interrupted.

    With the old folder set aside and nothing in its place, the new one was whole: it moves in. A
    new folder beside one in place may be half written: it goes. An old one of which files are
    missing was being removed: it goes.
    """
    new, old = name_siblings(folder)
    if old.exists() and not folder.exists():
        if _list_problems(new) == set():
            new.rename(folder)
        elif (problems := _list_problems(old)) is not None and MISSING not in problems:
            old.rename(folder)
    for leftover in (new, old):
        remove_folder(leftover)


def _list_problems(folder: Path) -> set[str] | None:
    """Return what is wrong with the files of a folder; None if it has no manifest."""
    try:
        return {one.what for one in find_problems(folder, read_manifest(folder))}
    except InputError:
        return None


def _check_free(folder: Path) -> None:
    if not folder.exists():
        return
    outputs = _read_outputs(folder)
    for name in list_files(folder):
        if (name != MANIFEST or not outputs) and name not in outputs:
            raise OutputError(
                f"{folder}: holds {name!r}, which no audit wrote: name an empty or a new folder"
            )
        path = folder / name
        if path.is_symlink() or not path.is_file():
            raise OutputError(f"{folder}: {name!r} is no regular file: name an empty or new folder")
        if path.suffix in _WORKED_ON and hash_file(path) != outputs[name]:
            hint = "give it as --previous, and " if name == _FINDINGS else ""
            raise OutputError(
                f"{folder}: {name} was changed since the audit wrote it and would be lost: "
                f"{hint}choose another folder or move it"
            )


def _check_inputs(result: Result, folder: Path) -> None:
    """Refuse to replace what was read, such as the annotated register of an earlier audit."""
    for one in result.register.inputs:
        if one.path.resolve().is_relative_to(folder):
            raise OutputError(
                f"{folder}: {one.file} was read from it and would be replaced: name another folder"
            )


def _read_outputs(folder: Path) -> Mapping[str, str]:
    """Return the files that a folder's manifest names; none where it cannot be read."""
    try:
        return read_manifest(folder).outputs
    except InputError:
        return {}
