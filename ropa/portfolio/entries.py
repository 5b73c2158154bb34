"""Which registers a folder holds, and the hash of what each one consists of."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ropa.errors import InputError
from ropa.workbook.files import READABLE, find_workbooks, make_text, shown

JOINED = ".register"
"""How the name of a folder ends whose workbooks are one register."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A register of a portfolio.

    Attributes
    ----------
    register : str
        Its path in the portfolio's folder, with ``/``: the partition key of all that is found.
    files : tuple of (str, str)
        Each workbook: its path on disk, and the name that findings show.
    """

    register: str
    files: tuple[tuple[str, str], ...]


def find_entries(folder: Path, *, without: Path | None = None) -> tuple[Entry, ...]:
    """Return the registers that lie in a folder or deeper, by name.

    A workbook is a register. A folder whose name ends in ``.register`` is one register of all the
    workbooks that lie directly in it. What is hidden and the lock files of open workbooks are
    passed over; links to folders are not followed.

    Parameters
    ----------
    folder : Path
        The portfolio.
    without : Path, optional
        A folder that is not searched, with what it holds: that of the results.

    Raises
    ------
    InputError
        There is no such folder, it cannot be read, or it holds no workbook.
    """
    name = shown(folder.name or str(folder))
    # Not folder.is_dir(), which raises where a name is too long or a folder is closed.
    if not os.path.isdir(folder):  # noqa: PTH112
        there = os.path.exists(folder)  # noqa: PTH110
        what = "this is no folder" if there else "there is no such folder"
        raise InputError(f"{name}: {what}; give the folder that holds the registers")
    root = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() follows links
    spared = None if without is None else without.resolve()
    try:
        found = sorted(_walk(root, root, spared), key=lambda one: one.register)
    except OSError as error:
        why = (error.strerror or "not permitted").lower()
        raise InputError(f"{name}: a folder in it cannot be read ({why}); check it") from None
    if not found:
        kinds = " or ".join((", ".join(READABLE[:-1]), READABLE[-1]))
        raise InputError(f"{name}: no workbook lies in this folder or deeper; give {kinds} files")
    return tuple(_tell_apart(found))


def _tell_apart(entries: list[Entry]) -> Iterator[Entry]:
    """Yield the registers, those numbered whose names are the same once they are text."""
    seen: dict[str, int] = {}
    for one in entries:
        number = seen[one.register] = seen.get(one.register, 0) + 1
        yield one if number == 1 else replace(one, register=f"{one.register}~{number}")


def _walk(folder: Path, root: Path, spared: Path | None) -> Iterator[Entry]:
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        if spared is not None and here != root and here.resolve() == spared:
            continue
        try:
            files = find_workbooks(here)
        except InputError:  # no workbook lies in it
            files = ()
        named = [(str(file), make_text(file.relative_to(root).as_posix())) for file in files]
        if here != root and here.name.endswith(JOINED):
            if named:
                yield Entry(make_text(here.relative_to(root).as_posix()), tuple(named))
            continue
        for path, name in named:
            yield Entry(name, ((path, name),))
        with os.scandir(here) as members:
            waiting += [
                Path(member.path)
                for member in members
                if member.is_dir(follow_symlinks=False) and not member.name.startswith(".")
            ]


def hash_entry(entry: Entry) -> str:
    """Return the SHA-256 of a register as it now lies on disk; empty where it cannot be read."""
    try:
        return join_hashes(entry, [_hash_file(Path(path)) for path, _ in entry.files])
    except OSError:
        return ""


def join_hashes(entry: Entry, hashes: list[str]) -> str:
    """Return the hash of a register's only file, else that of its files' names and hashes."""
    if len(hashes) == 1:
        return hashes[0]
    lines = [f"{one} {name}\n" for one, (_, name) in zip(hashes, entry.files, strict=True)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _hash_file(path: Path) -> str:
    if not path.is_file():  # has become a pipe or a device, which might never end
        raise OSError
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
