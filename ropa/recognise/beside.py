"""What stands beside an activity: fields of its items, in columns of a grid or labels of a form.

They make a table of their own, with the activity's fields that name its items.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from ropa.phrases.matching import fold, load_matcher
from ropa.phrases.roles import read_capacity
from ropa.recognise.recognition import Heading
from ropa.schema import ENGAGED, OF_TRANSFERS
from ropa.vocabulary import read_vocabulary

LENT: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "recipients": {"recipients": "recipient", "transfers": "country"},
        "data_items": {
            "data_categories": "data_category",
            "retention": "retention",
            "source": "source",
        },
        "controllers": {"on_behalf_of": "name"},
    }
)
"""Fields of an activity that are also those of its items: child table to field to field."""

NAMING: Mapping[str, str] = MappingProxyType(
    {"recipients": "recipient", "data_items": "data_category", "controllers": "name"}
)
"""Child table to the field that names its items."""

_CAPACITIES = (*ENGAGED, "joint controller")
_UNIT_LENGTH = 4


def borrow_headings(held: Sequence[Heading], table: str) -> list[Heading]:
    """Return the activity's headings as those of its items, where these have none of their own."""
    lent = LENT[table]
    names = {one.field for one in held if one.table == table}
    return [
        _as_field(one, table, lent[one.field])
        for one in held
        if one.table == "activities" and lent.get(one.field, "") not in (*names, "")
    ]


def part_processors(
    own: Sequence[Heading], borrowed: Sequence[Heading], table: str
) -> list[tuple[tuple[Heading, ...], tuple[Heading, ...]]]:
    """Part the headings of recipients where one of several columns names processors alone.

    What is said of contracts is said of these; of transfers, of the recipients of all the columns.

    Returns
    -------
    list of (tuple of Heading, tuple of Heading)
        The items' own headings and those that the activity lends, of each block.
    """
    naming = [one for one in borrowed if one.field == NAMING[table]]
    engaged = [one for one in naming if read_capacity(one.text) in ENGAGED]
    roles = any(one.field == "role" for one in own)
    if table != "recipients" or roles or len(engaged) != 1 or len(naming) == 1:
        return [(tuple(own), tuple(borrowed))]
    told = tuple(one for one in own if one.field not in OF_TRANSFERS)
    rest = tuple(one for one in own if one.field in OF_TRANSFERS)
    return [(told, tuple(engaged)), (rest, tuple(borrowed))] if told else [(rest, tuple(borrowed))]


def add_transfers(own: tuple[Heading, ...], held: Sequence[Heading]) -> tuple[Heading, ...]:
    """Let the recipients' countries state the activity's transfers where nothing else does."""
    if any(one.field == "transfers" for one in own):
        return own
    countries = [one for one in held if (one.table, one.field) == ("recipients", "country")]
    return own + tuple(_as_field(one, "activities", "transfers") for one in countries)


def find_capacity(headings: Sequence[Heading], table: str) -> Mapping[str, str]:
    """Return the role that the heading of the recipients itself gives them ("Processors")."""
    if table != "recipients" or any(one.field == "role" for one in headings):
        return MappingProxyType({})
    naming = [one for one in headings if one.field == "recipient"]
    codes = {code for one in naming if (code := read_capacity(one.text))}
    role = codes.pop() if len(codes) == 1 and len(naming) == 1 else ""
    return MappingProxyType({"role": role.capitalize()} if role in _CAPACITIES else {})


def find_units(headings: Sequence[Heading]) -> Mapping[str, str]:
    """Return the units that headings give to bare numbers ("Retention (years)")."""
    units = {}
    for one in headings:
        if one.field == "retention":
            unit = _find_unit(fold(one.text))
            if unit:
                units[one.field] = unit
    return MappingProxyType(units)


def _find_unit(text: str) -> str:
    named = [one.text for one in load_matcher("time_units").find(text)]
    named = [one for one in named if len(one) >= _UNIT_LENGTH]
    return named[0] if named else next((one for one in _long_units() if text.endswith(one)), "")


@cache
def _long_units() -> tuple[str, ...]:
    terms = (fold(row["term"]).replace("(s)", "s") for row in read_vocabulary("time_units"))
    return tuple(sorted((one for one in terms if len(one) > _UNIT_LENGTH), key=len, reverse=True))


def _as_field(heading: Heading, table: str, name: str) -> Heading:
    return replace(heading, table=table, field=name)
