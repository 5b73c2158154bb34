"""Programs that open what is written: without one its tests are skipped, unless all must run."""

from __future__ import annotations

import os
import shutil

import pytest

REQUIRED = os.environ.get("ROPA_TEST_PROGRAMS") == "required"
"""Set by the run that installed the programs: a test that is skipped then would hide a gap."""


def find_program(title: str, *names: str) -> str | None:
    """Return the path of a program by the first of its names that is installed.

    Where all programs must be there and this one is not, the tests cannot be collected.
    """
    found = next((one for one in map(shutil.which, names) if one), None)
    if found is None and REQUIRED:
        raise RuntimeError(f"{title} is not installed, and ROPA_TEST_PROGRAMS is 'required'")
    return found


def skip_unless(path: str | None, title: str) -> pytest.MarkDecorator:
    """Return a mark that skips a test where the program was not found."""
    return pytest.mark.skipif(path is None, reason=f"{title} is not installed")
