"""What the tests of the command share: a register in a folder of its own, and quick audits."""

from pathlib import Path

import pytest
from commands import choose_few_rules, copy_calls


@pytest.fixture
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Audit by a few rules."""
    choose_few_rules(monkeypatch)


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Return a copy of a sample that a test may change."""
    return copy_calls(tmp_path / "registers")
