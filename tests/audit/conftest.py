"""What the tests of audits share: the clean register."""

import pytest
from made_rules import make

from ropa.register import Register


@pytest.fixture(scope="session")
def clean() -> Register:
    """Return the register in which nothing is to be found."""
    return make()
