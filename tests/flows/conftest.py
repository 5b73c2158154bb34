"""Small registers made by hand: activities A1, A2, ... and the recipients that they name."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from registers import clean_source, patch_source, to_register

from ropa.register import Register

Rows = Sequence[Mapping[str, object]]
Maker = Callable[..., Register]

_PLAIN = {"Recipients": "", "Transfers": "", "Notes": ""}
_ALL = {f"-K{number:02}": None for number in range(1, 26)}


def make_register(recipients: Rows, activities: Rows = ({},), *, name: str = "small") -> Register:
    """Return a register of activities like a plain newsletter, with rows of recipients."""
    rows = [
        {"like": "K12", **_PLAIN, "ID": f"A{number}", "Activity": f"Activity {number}", **one}
        for number, one in enumerate(activities, 1)
    ]
    added: dict[str, object] = {"+activities": rows} if rows else {}
    source = patch_source(clean_source(), added | _ALL)
    if recipients:
        given = [{"Activity ID": "A1", "Role": "processor", **one} for one in recipients]
        source = patch_source(source, {"+recipients": given})
    return to_register(source, name)


@pytest.fixture(scope="session")
def make() -> Maker:
    return make_register
