"""The organisation: under which regimes its register is judged."""

from collections.abc import Mapping

import pandas as pd

from ropa.lawbook import load_law
from ropa.phrases.boxes import read_all_boxes
from ropa.phrases.places import find_places, read_places
from ropa.phrases.roles import read_regimes

_REGIMES = ("uk", "eu")


def find_regimes(organisations: pd.DataFrame, layouts: Mapping[str, str]) -> pd.DataFrame:
    """Return the organisations with the regimes that each register is judged under.

    Parameters
    ----------
    organisations : DataFrame
        One row a register, with the texts ``regimes``, ``establishments`` and ``address``.
    layouts : mapping
        Register to the regime that its template belongs to.

    Returns
    -------
    DataFrame
        The same with ``regimes_uk``, ``regimes_eu`` and ``regimes_from``: the regimes cell, else
        the template, the countries of establishment, the country of the address, else
        ``"assumed"`` (both).
    """
    texts = organisations[["regimes", "establishments", "address"]].assign(
        layout=[layouts.get(name, "") for name in organisations["register"]]
    )
    rows = texts.itertuples(index=False, name=None)
    found = [_read_regimes(*read_all_boxes(row)) for row in rows]
    return organisations.assign(
        regimes_uk=["uk" in regimes for regimes, _ in found],
        regimes_eu=["eu" in regimes for regimes, _ in found],
        regimes_from=[source for _, source in found],
    )


def _read_regimes(
    regimes: str, establishments: str, address: str, layout: str
) -> tuple[frozenset[str], str]:
    if stated := read_regimes(regimes):
        return stated, "regimes"
    if layout:
        return frozenset({layout}), "layout"
    if found := _place_regimes({place.code for place in read_places(establishments)}):
        return found, "establishments"
    if found := _place_regimes({place.code for place in find_places(address)}):
        return found, "address"
    return frozenset(_REGIMES), "assumed"


def _place_regimes(codes: set[str]) -> frozenset[str]:
    rows = load_law().rows("eea_membership")
    members = {row["country"] for row in rows if not row["valid_to"]}
    found = {"uk"} if "GB" in codes else set()
    if codes & (members | {"EU", "EEA"}):
        found.add("eu")
    return frozenset(found)
