"""Recipients that one cell lists, and what stands beside the cell: of which of them it is said.

A role that is stated once is that of each; a list of as many roles is paired with the names, in
order. A name may also tell its own role ("Larkmere Ltd (processor)"). With the role go the contract
and what else is said of a recipient itself. Countries and transfer instruments stay apart: two
lists are never crossed.
"""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from ropa.phrases.columns import map_texts
from ropa.phrases.lists import list_items
from ropa.phrases.matching import fold, load_matcher
from ropa.phrases.places import read_places
from ropa.phrases.roles import read_own_role, read_recipient_role
from ropa.phrases.seats import list_parties, split_parties
from ropa.phrases.states import read_state
from ropa.schema import ENGAGED, OF_TRANSFERS, read_fields

_PAIRED = ("role", "contract_reference", "contract_end", "authorisation")
"""What may be listed in the order of the names; anything else is said of all."""

_TRANSFERS = ("country", "transfer_mechanism")

_EITHER = re.compile(r"\s/\s")  # "processor / controller" may be two roles of one recipient
_BRACKETED = re.compile(r"\(([^()]*)\)")
_NO_ROLE = frozenset({"", "other"})


def says_something(text: str) -> bool:
    """Tell whether a text is an answer: no blank, no placeholder, not "None"."""
    return read_state(text) == "stated"


def names_place(text: str) -> bool:
    """Tell whether a country is stated; "NA" is Namibia's code as well as no answer."""
    return says_something(text) or any(place.code for place in read_places(text))


def name_each(rows: pd.DataFrame, beside: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each recipient that a cell lists a row of its own, where the role of each is told.

    Parameters
    ----------
    rows : DataFrame
        Rows of recipients.
    beside : Series
        Which of them stand beside an activity.

    Returns
    -------
    DataFrame
        The rows that stay as they are, and of the others what they say of transfers.
    DataFrame
        One row for each recipient of the others, with the index of the row that lists it.
    """
    none = rows.iloc[:0]
    names = rows["recipient"].where(beside, "").fillna("")
    chosen = map_texts(names, _lists_several).astype(bool)
    said = pd.Series(data=False, index=rows.index)
    if "role" in rows:
        said = map_texts(rows["role"].where(chosen, "").fillna(""), says_something).astype(bool)
    chosen &= said | map_texts(names.where(chosen, ""), _tells_roles).astype(bool)
    if not chosen.any():
        return rows, none
    if "role" not in rows:
        rows = rows.assign(role=pd.Series(index=rows.index, dtype="str"))
    for name in ("recipient", "role"):
        chosen &= ~_is_broken(rows, name)
        if f"{name}_cell" in rows:  # joined from several columns: which of them has which role?
            chosen &= rows[f"{name}_cell"].isna()
    placed = _says_any(rows, _TRANSFERS)
    chosen &= rows["lent"] | ~placed
    named = _pair(rows[chosen]) if chosen.any() else none
    if named.empty:
        return rows, none
    told = pd.Series(rows.index.isin(named.index), index=rows.index)
    own = [one.name for one in read_fields("recipients") if one.name not in OF_TRANSFERS]
    left = _forget(rows, own, told)[~told | placed]
    return left, _forget(named, OF_TRANSFERS, placed.reindex(named.index))


def share_text(name: str, text: str, number: int) -> Sequence[str]:
    """Return of each of several recipients what a field says of it; none if that is not told.

    A blank is that of each.
    """
    if number == 1 or not text.strip():
        return (text,) * number
    if name in OF_TRANSFERS:
        return ()
    shared = _share_role(text, number) if name == "role" else _share(text, number)
    return [str(one) for one in shared]


def tell_own_roles(rows: pd.DataFrame) -> pd.DataFrame:
    """Return recipients with the role that the name of each tells, where nothing else is said."""
    silent = rows["role_state"].isin(("absent", "blank", "none", "placeholder"))
    own = map_texts(rows["recipient"].where(silent, ""), read_own_role).astype("str")
    return rows.assign(role_code=rows["role_code"].where(~silent, own))


def join_named(rows: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with those of listed recipients, each where the row that lists it stood."""
    if named.empty:
        return rows
    both = pd.concat([named, rows])
    return both.sort_values(["block", "row"], kind="stable", ignore_index=True)


def _lists_several(text: str) -> bool:
    return says_something(text) and len(split_parties(text)) > 1


def _tells_roles(text: str) -> bool:
    """Tell whether one of the recipients that a cell lists says its own role."""
    return any(read_own_role(one) for one in split_parties(text))


def _is_broken(rows: pd.DataFrame, name: str) -> pd.Series:
    if f"{name}_broken" not in rows:
        return pd.Series(data=False, index=rows.index)
    return rows[f"{name}_broken"].eq(other=True)


def _says_any(rows: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Tell for each row whether one of some fields says something."""
    says = pd.Series(data=False, index=rows.index)
    for name in names:
        if name in rows:
            read = names_place if name == "country" else says_something
            says |= map_texts(rows[name].fillna(""), read).astype(bool) | _is_broken(rows, name)
    return says


def _forget(rows: pd.DataFrame, names: Sequence[str], chosen: pd.Series) -> pd.DataFrame:
    """Return the rows without some fields in the chosen ones: another row holds what they say."""
    held = [name for name in names if name in rows]
    broken = [f"{name}_broken" for name in held if f"{name}_broken" in rows]
    fields = {name: rows[name].mask(chosen) for name in held}
    return rows.assign(**fields, **{name: rows[name].mask(chosen, other=False) for name in broken})


def _pair(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each recipient of a list, with its role and what is paired with it.

    In a cell of the activity's own, an item stays as it is that names nobody ("TBC") or that by its
    own words has another role than the one said of all ("HMRC" among processors).
    """
    held = ["recipient", *(name for name in _PAIRED if name in rows)]
    tell = cache(_tell_each)
    said = [tell(*texts) for texts in zip(*(rows[name] for name in held), strict=True)]
    long = rows.assign(said=pd.Series(said, rows.index, dtype="object")).explode("said")
    long = long[long["said"].notna()]
    items = pd.DataFrame(long["said"].to_list(), index=long.index, columns=held)
    names = map_texts(items["recipient"], says_something).to_numpy(dtype=bool)
    roles = zip(items["recipient"], items["role"], long["role"], strict=True)
    other = [role == whole and _tells_other(name, role) for name, role, whole in roles]
    kept = ~long["lent"].to_numpy(dtype=bool) | (names & ~np.array(other, dtype=bool))
    long, items = long[kept].drop(columns="said"), items[kept]
    cells = {f"{name}_cell": _keep_cell(long, items, name) for name in held}
    told: pd.DataFrame = long.assign(**cells, **{name: items[name] for name in held})
    return told


def _keep_cell(rows: pd.DataFrame, items: pd.DataFrame, name: str) -> pd.Series:
    """Return the text of the whole cell where an item is a part of it."""
    cells = rows[name].astype("object").where(rows[name] != items[name], None)
    held = rows.get(f"{name}_cell")
    return cells if held is None else held.astype("object").where(held.notna(), cells)


def _tell_each(recipient: str, role: object, *texts: object) -> tuple[tuple[object, ...], ...]:
    """Return of each recipient its name, its role and its part of some texts; none if unclear."""
    names = list_parties(recipient)
    said = isinstance(role, str) and says_something(role)
    roles = _share_role(str(role), len(names)) if said else (role,) * len(names)
    if not roles:
        return ()
    return tuple(zip(names, roles, *(_share(text, len(names)) for text in texts), strict=True))


def _share_role(text: str, number: int) -> tuple[str, ...]:
    """Return the role of each of several recipients; none where the text leaves it open."""
    parts = _list_parts(text)
    codes = [read_recipient_role(part) for part in parts]
    blank = [not says_something(part) for part in parts]
    if len(parts) == number and all(one or no for one, no in zip(codes, blank, strict=True)):
        return parts
    code = read_recipient_role(text)
    plain = code != "" and not any(blank) and {*codes} <= {"", code}
    return (text,) * number if plain else ()


def _share(text: object, number: int) -> Sequence[object]:
    """Return of each recipient what a text says of it: its part of a list, else the whole."""
    parts = _list_parts(text) if isinstance(text, str) else ()
    return parts if len(parts) == number else (text,) * number


def _list_parts(text: str) -> tuple[str, ...]:
    return (text,) if _EITHER.search(text) else list_items(text)


def _tells_other(name: str, role: object) -> bool:
    """Tell whether a recipient's own words give it another role; a company's only in brackets."""
    if not isinstance(role, str) or not says_something(role):
        return False
    company = load_matcher("company_form").find(fold(_BRACKETED.sub(" ", name)))
    words = " ".join(_BRACKETED.findall(name)) if company else name
    own = read_recipient_role(words)
    if load_matcher("not_third_party").covers(words):
        own = "internal"
    given = read_recipient_role(role)
    return own not in _NO_ROLE | {given} and not {own, given} <= {*ENGAGED}
