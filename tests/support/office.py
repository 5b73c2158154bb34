"""LibreOffice, where it is installed: the program that makes files of the other kinds."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from programs import find_program, skip_unless

PROGRAM = find_program("LibreOffice", "soffice")
needs_office = skip_unless(PROGRAM, "LibreOffice")


def convert(paths: Iterable[Path], kind: str, folder: Path) -> Path:
    """Convert files to another kind (``ods``); return the folder in which they lie."""
    made = folder / kind
    assert PROGRAM is not None
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            *(PROGRAM, f"-env:UserInstallation={profile}", "--headless"),
            *("--convert-to", kind, "--outdir", str(made), *map(str, paths)),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return made
