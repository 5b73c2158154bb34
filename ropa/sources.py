"""Which files a register is made of, and what each is recognised as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os.path import abspath, commonpath, isdir
from pathlib import Path

from ropa.errors import NotARegisterError, UsageError
from ropa.recognise import Recognition, recognise
from ropa.workbook import find_workbooks, read_workbook
from ropa.workbook.files import make_text, shown

Source = str | Path


@dataclass(frozen=True, slots=True)
class Sources:
    """The register's name, and its files: each path with the name that findings show."""

    name: str
    files: tuple[tuple[Path, str], ...]


def find_sources(paths: "Source | Sequence[Source]") -> Sources:
    """Return the files that workbooks and folders of workbooks name together.

    Raises
    ------
    UsageError
        None is given, or one twice.
    InputError
        A folder holds no workbook.
    """
    given = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    if not given:
        raise UsageError("no file was given: name a workbook or a folder of workbooks")
    # Not path.is_dir(), which raises where a name is too long or a folder is closed.
    lists = [find_workbooks(path) if isdir(path) else [path] for path in given]  # noqa: PTH112
    found = [file for files in lists for file in files]
    # Without "..", and by its own name where it is a link: the copy in a report folder has it too.
    files = [Path(abspath(file)) for file in found]  # noqa: PTH100 - resolve() follows links
    parent = Path(commonpath([file.parent for file in files]))
    names = [make_text(file.relative_to(parent).as_posix()) for file in files]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise UsageError(f"{shown(twice)}: this file was given twice; name it once")
    name = make_text(given[0].stem if len(given) == 1 else parent.name)
    return Sources(name, tuple(zip(files, names, strict=True)))


def read_source(source: tuple[Path, str], fixes: Mapping[str, str]) -> Recognition:
    """Read one file of a register.

    Raises
    ------
    InputError
        It cannot be read.
    NotARegisterError
        It is no register.
    """
    file, name = source
    found = recognise(read_workbook(file, file=name), fixes)
    if not found.is_register:
        raise NotARegisterError(f"{shown(name)}: not a register: {found.why}")
    return found
