"""Made-up reports for tests of the folder that holds them, and what lies in a folder."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from build_samples import SAMPLES

import ropa
from ropa.audits import Audit
from ropa.errors import OutputError
from ropa.report.folder import write_reports
from ropa.results import Result

NAMES = ("annotated/a b.xlsx", "board.pptx", "findings.json", "findings.xlsx", "report.html")


def audit_calls(folder: Path) -> Audit:
    """Return an audit by few rules of a sample that is copied into a folder."""
    path = folder / "calls.xlsx"
    path.write_bytes((SAMPLES / "telephone-answering-service.xlsx").read_bytes())
    return ropa.audit(ropa.load(path), as_of="2026-09-30", rules=["TRF-04", "IDN-02"])


def make_reports(*names: str) -> dict[str, bytes]:
    """Return what stands for the reports, with a manifest that names them."""
    files = {name: f"the bytes of {name}".encode() for name in names or NAMES}
    outputs = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return files | {"manifest.json": json.dumps({"outputs": outputs}).encode()}


def write_made(folder: Path, *names: str) -> None:
    """Write a folder of reports that holds files of these names."""
    for name, data in make_reports(*names).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@contextmanager
def made_reports() -> Iterator[Mapping[str, bytes]]:
    """Put made-up reports in the place of those that an audit builds."""
    files = make_reports()

    def give(_: Result, *, deck_template: Path | None) -> Mapping[str, bytes]:
        assert deck_template is None
        return files

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ropa.report.folder.build_files", give)
        yield files


def refuse(audit: Audit, folder: Path) -> str:
    """Return why a folder is refused, in one line."""
    with pytest.raises(OutputError) as caught:
        write_reports(audit, folder)
    line = str(caught.value)
    assert "\n" not in line
    return line


def list_tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too, with its bytes; folders are empty."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


def list_files(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder with their bytes."""
    return {name: data for name, data in list_tree(folder).items() if (folder / name).is_file()}
