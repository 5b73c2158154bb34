"""Who keeps the record: the labels of names and contact details, and whose they are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ropa.recognise.pages import Page
from ropa.recognise.wording import read_code
from ropa.workbook.cells import Place

PARTY = "party:"
ORGANISATION = "party:organisation"
WHOLE = "name_and_contact"

_WHOSE = {"party:dpo": "dpo", "party:dpo_company": "dpo", "party:representative": "representative"}
_PARTS = {
    "name": "name",
    "company": "name",
    WHOLE: "name",
    "address": "address",
    "postcode": "address",
    "city": "address",
    "country": "address",
    "email": "email",
    "telephone": "telephone",
}


def read_label(text: str) -> str:
    """Return what a label asks for: ``"party:dpo"``, ``"email"``...; empty for none."""
    return read_code(text, "contact_labels")


def name_field(party: str, part: str) -> str:
    """Return the organisation's field that a part of a party's contact details belongs to."""
    if party == ORGANISATION:
        return _PARTS.get(part, "")
    return _WHOSE.get(party, "")


def read_parties(
    page: Page, column: int, columns: Mapping[str, int], rows: Sequence[int]
) -> dict[str, tuple[Place, ...]]:
    """Return the contact details in a small table: a row a party, a column a part.

    Parameters
    ----------
    page : Page
        The top of the sheet.
    column : int
        Column of the parties.
    columns : mapping
        Part to its column.
    rows : sequence of int
        The rows.

    Returns
    -------
    dict
        Field of the organisation to its cells; empty where no row is a party's.
    """
    found: dict[str, list[Place]] = defaultdict(list)
    for row in rows:
        party = read_label(page.text(row, column))
        if party.startswith(PARTY):
            for part, place in columns.items():
                name = name_field(party, part)
                if name:
                    found[name].append((row, place))
    return {name: tuple(places) for name, places in found.items()}
