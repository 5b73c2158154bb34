"""Whether a folder of reports is still as the audit wrote it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ropa.errors import InputError
from ropa.report.manifest import MANIFEST, Manifest, list_files, read_manifest
from ropa.workbook.files import shown

MISSING = "missing"
CHANGED = "changed since the audit wrote it"
FOREIGN = "not written by the audit"


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not as the manifest says.

    Attributes
    ----------
    file : str
        Its path in the folder, with ``/``.
    what : str
        ``MISSING``, ``CHANGED`` or ``FOREIGN``.
    """

    file: str
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found in a folder of reports.

    Attributes
    ----------
    folder : str
        The folder as it was named.
    manifest : Manifest
        What the audit says that it wrote.
    problems : tuple of Problem
        By file; none where the folder is as it was written.
    """

    folder: str
    manifest: Manifest
    problems: tuple[Problem, ...]


def verify_folder(folder: str | Path) -> Verification:
    """Compare each file of a folder of reports with the hash in its manifest.

    Parameters
    ----------
    folder : path
        What ``ropa audit --out`` wrote.

    Raises
    ------
    InputError
        There is no such folder; its manifest is missing, broken or names a file outside of it; a
        file cannot be read.
    """
    path = Path(folder)
    name = shown(str(folder))
    try:
        if not path.is_dir():
            raise InputError(f"{name}: there is no such folder; name one that audit --out wrote")
        manifest = read_manifest(path)
        return Verification(name, manifest, find_problems(path, manifest))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "invalid path"
        raise InputError(f"{name}: cannot be read: {reason}") from None


def find_problems(folder: Path, manifest: Manifest) -> tuple[Problem, ...]:
    """Return the files that are missing, changed or not the audit's, by name.

    A link counts as foreign, wherever it leads: it is not followed.
    """
    outputs = manifest.outputs
    held = set(list_files(folder)) - {MANIFEST}
    links = {name for name in held if not _is_plain(folder / name)}
    found = [Problem(name, FOREIGN) for name in (held - outputs.keys()) | links]
    found += [Problem(name, MISSING) for name in outputs.keys() - (held - links)]
    for name in held & outputs.keys() - links:
        if hash_file(folder / name) != outputs[name]:
            found.append(Problem(name, CHANGED))
    return tuple(sorted(found, key=lambda one: (one.file, one.what)))


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, whatever its size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_verification(verification: Verification) -> list[str]:
    """Return what was found as lines: a verdict, the files in question, the manifest's own hash."""
    manifest, problems = verification.manifest, verification.problems
    day = f", as of {shown(manifest.as_of)}" if manifest.as_of else ""
    made = f" by ropa {shown(manifest.ropa)}" if manifest.ropa else ""
    return [
        f"{verification.folder}: {_word_verdict(verification)}",
        *(f"  {shown(one.file)}: {one.what}" for one in problems),
        f"Written{made}{day}. SHA-256 of {MANIFEST}:",
        f"  {manifest.sha256}",
    ]


def _word_verdict(verification: Verification) -> str:
    count = len(verification.manifest.outputs)
    foreign = sum(one.what == FOREIGN for one in verification.problems)
    wrong = len(verification.problems) - foreign
    are = "is" if wrong == 1 else "are"
    verdict = (
        f"{wrong} of {count} files {are} not as the audit wrote {'it' if wrong == 1 else 'them'}"
        if wrong
        else f"all {count} files are as the audit wrote them"
    )
    if foreign:
        verdict += f", {foreign} {'is' if foreign == 1 else 'are'} foreign"
    return verdict
