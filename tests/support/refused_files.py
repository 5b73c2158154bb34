"""Files that reading refuses: the one line that says why."""

from pathlib import Path

import pytest

from ropa.errors import InputError
from ropa.workbook import read_workbook


def why(path: Path) -> str:
    """Return why a file is refused, after its name: one line that says what to do."""
    with pytest.raises(InputError) as caught:
        read_workbook(path)
    line = str(caught.value)
    assert line.isprintable()
    assert "; " in line, "the line must say what to do"
    name, _, rest = line.partition(": ")
    assert name == path.name
    return rest
