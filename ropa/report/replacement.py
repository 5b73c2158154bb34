"""A folder written whole or not at all.

The files are written into a folder beside the wanted one, the old folder is set aside, the new one
moved in, the old one removed. At each moment one of the folders is whole, so that whatever breaks
off the work can be finished or undone.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ropa.errors import OutputError


def resolve_folder(folder: Path) -> Path:
    """Return the folder behind links: a link stays, what it leads to is replaced.

    Raises
    ------
    OutputError
        No folder can have this name, it would lie in a file, or it is the root of a disk.
    """
    try:
        found = folder.resolve()
        above = next(one for one in (found, *found.parents) if os.path.lexists(one))
        is_folder = above.is_dir()
    except (OSError, ValueError, RuntimeError):  # a null character, too long, links in a circle
        raise OutputError(f"{folder}: is no name of a folder: choose another") from None
    if not found.name:
        raise OutputError(f"{folder}: is the root of a disk: name a folder in it")
    if os.path.ismount(found):
        raise OutputError(f"{folder}: is a disk mounted here, not to be moved: name a folder in it")
    if not is_folder:
        raise OutputError(f"{folder}: {above.name!r} is a file: name a folder")
    return found


def name_siblings(folder: Path) -> tuple[Path, Path]:
    """Return where the new folder is written and where the old one is set aside."""
    return folder.with_name(f".{folder.name}.ropa-new"), folder.with_name(
        f".{folder.name}.ropa-old"
    )


@contextmanager
def hold(parent: Path) -> Iterator[None]:
    """Keep other runs from replacing a folder of the same parent meanwhile: they wait.

    A run that is killed holds nothing. Where the system knows no such locks nothing is held.
    """
    handle = -1
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):  # not there yet, not readable, or on a disk without locks
            handle = os.open(parent, os.O_RDONLY)
            fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if handle >= 0:
            os.close(handle)


def replace_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder that takes the place of the one there; undo what is broken off.

    Parameters
    ----------
    folder : Path
        As `resolve_folder` returns it; its parent exists. What it holds goes.
    contents : mapping of str to bytes
        Each file's path in the folder, with ``/``, and its bytes.

    Raises
    ------
    OSError
        The disk refuses: what was there before is there again.
    """
    new, old = name_siblings(folder)
    try:
        new.mkdir()
        if folder.exists():
            shutil.copymode(folder, new)  # what was closed to others stays closed
        for name, data in contents.items():
            target = new / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_synced(target, data)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except BaseException:  # also where it is interrupted
        with suppress(OSError):
            if old.exists() and not folder.exists():
                old.rename(folder)
            remove_folder(new)
        raise
    with suppress(OSError):  # the new one is in place: the next run tidies up
        try:
            remove_folder(old)
        except BaseException:  # interrupted: first to the end with it
            remove_folder(old)
            raise


def replace_file(path: Path, data: bytes, new: Path) -> None:
    """Write a file beside its place, and move it there when it is whole.

    Parameters
    ----------
    path : Path
        Its place; a file that is there goes.
    data : bytes
        Its content.
    new : Path
        Where it is written first, in the same folder.

    Raises
    ------
    OSError
        The disk refuses: what was there before is still there.
    """
    try:
        new.unlink(missing_ok=True)  # half a file of a run that was killed, or a link elsewhere
        _write_synced(new, data)
        new.replace(path)
    except BaseException:  # also where it is interrupted
        with suppress(OSError):
            new.unlink()
        raise


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, where there is one."""
    if folder.exists():
        shutil.rmtree(folder)


def _write_synced(target: Path, data: bytes) -> None:
    with target.open("xb") as file:  # a new file: no link is followed
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
