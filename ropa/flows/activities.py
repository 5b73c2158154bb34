"""What the edges of an activity carry: whose data, which, for whom, and are they special."""

from collections.abc import Iterable

import pandas as pd

from ropa.phrases.columns import map_texts
from ropa.phrases.lists import split_list
from ropa.phrases.matching import fold, load_matcher
from ropa.register import Register
from ropa.schema import NOT_LIVE

JOINT = "; "
"""Between the items of a list that an edge carries as one text."""

_SPECIAL = "special:"
_BIOMETRIC = "special:biometric"
_CRIMINAL = "criminal"


def list_live(register: Register) -> pd.DataFrame:
    """Return what the edges of each live activity carry.

    Returns
    -------
    DataFrame
        One row a live activity, by its ``key``: ``register``, ``activity_id``, ``activity``,
        ``activity_role``, ``purpose``; ``data_subjects`` and ``data_categories``, each a list
        joined by semicolons, empty where none is stated; ``special_category``, whether the data
        that it names or marks are special category data (Article 9(1)); ``controllers``: on whose
        behalf a processor's record says that it acts, else the organisation.
    """
    frame = register.frames["activities"]
    rows = frame[~frame["status_code"].isin(NOT_LIVE)].set_index("key")
    own = rows["register"].map(name_organisations(register))
    clients = map_texts(read_stated(rows, "on_behalf_of"), join_items).astype("str")
    return pd.DataFrame(
        {
            "register": rows["register"],
            "activity_id": rows["label"],
            "activity": rows["activity"],
            "activity_role": rows["role_code"],
            "purpose": rows["purpose"],
            "data_subjects": map_texts(read_stated(rows, "data_subjects"), join_items).astype(
                "str"
            ),
            "data_categories": _join_categories(register, rows.index),
            "special_category": _flag_special(register, rows),
            "controllers": clients.where(rows["role_code"] == "processor", own),
        }
    )


def name_organisations(register: Register) -> dict[str, str]:
    """Return what each register's organisation is called; the register's name without one."""
    rows = register.frames["organisation"]
    names = read_stated(rows, "name")
    return {one: name or one for one, name in zip(rows["register"], names, strict=True)}


def read_stated(rows: pd.DataFrame, field: str) -> pd.Series:
    """Return the texts of a field, empty where it says nothing but "None", "TBC" or the like."""
    return rows[field].where(rows[f"{field}_state"] == "stated", "").str.strip()


def join_items(text: str) -> str:
    """Return the items of a list in one line, each once."""
    return _join(split_list(text)) if text else ""


def read_special(text: str) -> str:
    """Tell whether data that a recipient gets are special category data.

    Returns
    -------
    str
        ``"yes"``, ``"no"`` where every item is known and none is, else empty: "the HR file" does
        not say.
    """
    denials = load_matcher("special_category_denial").find_codes(text)
    if not text or denials - {"denial"}:  # "payroll, except health data" may hold other ones
        return ""
    matcher = load_matcher("data_category")
    found = [matcher.find_codes(item) for item in split_list(text)]
    special = {code for codes in found for code in codes if code.startswith(_SPECIAL)}
    if special:
        return "" if special == {_BIOMETRIC} else "yes"
    return "no" if all(found) else ""


def _join(items: Iterable[str]) -> str:
    found: dict[str, str] = {}
    for item in items:
        found.setdefault(fold(item), " ".join(item.split()))
    return JOINT.join(text for text in found.values() if text)


def _join_categories(register: Register, keys: pd.Index) -> pd.Series:
    items = register.frames["data_items"]
    items = items[items["activity_key"].isin(keys)]
    lists: dict[int, list[str]] = {}
    texts = read_stated(items, "data_category")
    for key, text in zip(items["activity_key"].tolist(), texts.tolist(), strict=True):
        lists.setdefault(key, []).append(text)
    joined = {text: _join(text) for text in {tuple(one) for one in lists.values()}}
    return pd.Series([joined[tuple(lists.get(key, ()))] if key in lists else "" for key in keys],
                     index=keys, dtype="str")  # fmt: skip


def _flag_special(register: Register, rows: pd.DataFrame) -> pd.Series:
    """Tell which activities name or mark special category data, as the rules of Article 9 do.

    Biometric data that are said to identify nobody do not count, nor does an item that is marked
    but names criminal-offence data alone (Article 10).
    """
    terms = register.frames["terms"]
    items = register.frames["data_items"]
    parents = items.set_index("key")["activity_key"]
    own = terms[(terms["table"] == "activities") & (terms["field"] == "data_categories")]
    child = terms[(terms["table"] == "data_items") & (terms["field"] == "data_category")]
    named = pd.concat([own["key"], child["key"].map(parents)])
    codes = pd.concat([own["code"], child["code"]])
    special = named[codes.str.startswith(_SPECIAL) & (codes != _BIOMETRIC)]
    biometric = named[codes == _BIOMETRIC]
    criminal = child.loc[child["code"] == _CRIMINAL, "key"]
    marked = (items["special_category_answer"] == "yes") & ~items["key"].isin(criminal)
    identifying = biometric[~biometric.isin(_list_harmless(rows, items, biometric))]
    found = pd.concat([special, identifying, items.loc[marked, "activity_key"]])
    return pd.Series(rows.index.isin(found), index=rows.index)


def _list_harmless(rows: pd.DataFrame, items: pd.DataFrame, keys: pd.Series) -> list[int]:
    """Return which of some activities say that biometric data identify nobody."""
    rows = rows[rows.index.isin(keys)]
    items = items[items["activity_key"].isin(keys)]
    texts = rows["data_categories"] + "\n" + rows["purpose"] + "\n" + rows["notes"]
    matcher = load_matcher("not_identifying")
    said = map_texts(texts, lambda text: bool(matcher.find_codes(text))).astype(bool)
    beside = map_texts(items["data_category"], lambda text: bool(matcher.find_codes(text)))
    return [*rows.index[said], *items.loc[beside.astype(bool), "activity_key"]]
