"""What the command settles for its process before it reads a register."""

import os
import subprocess
import sys

import pytest

ASKED = """
import os, sys
from ropa.cli import main, settle_memory
assert "pyarrow" not in sys.modules
settle_memory()
import pyarrow
print(pyarrow.default_memory_pool().backend_name)
"""


@pytest.mark.parametrize(
    ("named", "taken"), [({}, "system"), ({"ARROW_DEFAULT_MEMORY_POOL": "mimalloc"}, "mimalloc")]
)
def test_arrow_takes_the_systems_allocator_unless_told_otherwise(
    named: dict[str, str], taken: str
) -> None:
    known = {name: text for name, text in os.environ.items() if not name.startswith("ARROW_")}
    done = subprocess.run(
        [sys.executable, "-c", ASKED], env=known | named, capture_output=True, check=True, text=True
    )
    assert done.stdout.split() == [taken]
