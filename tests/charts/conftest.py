"""The samples, loaded and audited once for all tests of charts."""

from functools import cache
from pathlib import Path

import pytest
from registers import clean_source, patch_source, to_register

import ropa
from ropa.register import Register

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
AS_OF = "2026-09-30"


@cache
def load_sample(name: str) -> Register:
    return ropa.load(SAMPLES / f"{name}.xlsx")


@cache
def audit_sample(name: str) -> ropa.Audit:
    return ropa.audit(load_sample(name), as_of=AS_OF)


@pytest.fixture(params=sorted(path.stem for path in SAMPLES.glob("*.xlsx")))
def sample(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sample_audit(sample: str) -> ropa.Audit:
    return audit_sample(sample)


@pytest.fixture(scope="session")
def telephone_audit() -> ropa.Audit:
    return audit_sample("telephone-answering-service")


@pytest.fixture(scope="session")
def empty_audit() -> ropa.Audit:
    """Return the audit of a register without activities."""
    source = patch_source(clean_source(), {f"-K{number:02}": None for number in range(1, 26)})
    return ropa.audit(to_register(source, "empty"), as_of=AS_OF)


@pytest.fixture(scope="session")
def strange_register() -> Register:
    """Return a register whose cells hold formulas, markup and signs that the font lacks."""
    rows = [
        {"like": "K12", "ID": f"Z{number}", "Activity": f"$x^{number}$ <b>R&D</b> 日本 {'A' * 90}"}
        for number in range(70)
    ]
    recipients = [
        {
            "Activity ID": f"Z{number}",
            "Recipient": f"日本電気 $\\alpha$ {number % 31} & <i>Söhne</i>",
            "Role": "processor",
            "Country": ("India", "Ghana", "Peru", "France")[number % 4],
            "Transfer mechanism": ("", "Privacy Shield", "appropriate safeguards")[number % 3],
        }
        for number in range(70)
    ]
    around = [
        {"Activity ID": "Z1", "Recipient": "First", "Via": "Second", "Country": "Mexico"},
        {"Activity ID": "Z1", "Recipient": "Second", "Via": "First"},
    ]
    patches = {"+activities": rows, "+recipients": [*recipients, *around], "*.Owner": "TBC"}
    return to_register(patch_source(clean_source(), patches), "strange")
