"""board.pptx in LibreOffice: it opens, and each slide becomes a page."""

from pathlib import Path

import pytest
from office import convert, needs_office
from programs import REQUIRED

import ropa
from ropa.report.deck import write_deck

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "telephone-answering-service.xlsx"


@needs_office
def test_each_slide_becomes_a_page(tmp_path: Path) -> None:
    audit = ropa.audit(ropa.load(SAMPLE), as_of="2026-09-30", rules=["TRF", "LAW"])
    deck = tmp_path / "board.pptx"
    deck.write_bytes(write_deck(audit))
    page = convert([deck], "pdf", tmp_path) / "board.pdf"
    if not page.exists() and not REQUIRED:
        pytest.skip("LibreOffice is installed without Impress, which opens slides")
    assert page.read_bytes().count(b"/Type/Page/") == 7
