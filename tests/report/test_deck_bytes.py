"""board.pptx: the same audit gives the same bytes, on whatever day and in whatever process."""

import hashlib
import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import ropa
from ropa.report.deck import write_deck

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "telephone-answering-service.xlsx"
_CODE = """
import hashlib, sys, ropa
from ropa.report.deck import write_deck
audit = ropa.audit(ropa.load(sys.argv[1]), as_of="2026-09-30", previous=ropa.audit(
    ropa.load(sys.argv[1]), as_of="2026-06-30"))
print(hashlib.sha256(write_deck(audit)).hexdigest())
"""


def make() -> bytes:
    register = ropa.load(SAMPLE)
    earlier = ropa.audit(register, as_of="2026-06-30")
    return write_deck(ropa.audit(register, as_of="2026-09-30", previous=earlier))


def test_bytes_are_the_same_in_another_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CODE, str(SAMPLE)],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.strip() == hashlib.sha256(make()).hexdigest()


def test_nothing_tells_the_time() -> None:
    with zipfile.ZipFile(BytesIO(make())) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
        books = [one for one in archive.namelist() if one.endswith(".xlsx")]
        assert len(books) == 3
        for name in books:
            with zipfile.ZipFile(BytesIO(archive.read(name))) as book:
                assert {one.date_time for one in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
                core += book.read("docProps/core.xml").decode()
        assert not [one for one in archive.namelist() if "thumbnail" in one]
    assert core.count(">2018-05-25T00:00:00Z<") == 1 + 2 * (1 + len(books))
    assert "python-pptx" not in core
    assert "Steve" not in core
