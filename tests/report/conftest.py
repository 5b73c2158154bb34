"""One page for all who read it, and pages without their charts."""

import pytest
from build_samples import SAMPLES
from html_pages import Page
from matplotlib.figure import Figure

import ropa
from ropa.audits import Audit
from ropa.report.page import rendering, write_page

_CHARTS = ("draw_completeness", "draw_families", "draw_flows")


@pytest.fixture
def without_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw nothing: the charts take most of the time, and are looked at elsewhere."""
    for name in _CHARTS:
        monkeypatch.setattr(rendering, name, lambda _: Figure(figsize=(1, 1)))


@pytest.fixture(scope="session")
def telephone() -> Audit:
    return ropa.audit(ropa.load(SAMPLES / "telephone-answering-service.xlsx"), as_of="2026-09-30")


@pytest.fixture(scope="session")
def written_page(telephone: Audit) -> bytes:
    return write_page(telephone)


@pytest.fixture(scope="session")
def page(written_page: bytes) -> Page:
    return Page(written_page)
