"""Recipients of a form: what its small tables and its plain labels say of one another's rows."""

from collections.abc import Mapping

import pandas as pd

from ropa.normalise.cells import RawTable
from ropa.normalise.listed import says_something, share_text
from ropa.normalise.merging import Place, index_offsets, list_cells, set_values
from ropa.phrases.columns import map_texts
from ropa.phrases.matching import fold
from ropa.schema import read_fields


def fill_forms(rows: pd.DataFrame, raw: RawTable) -> pd.DataFrame:
    """Let a form's recipient be blank in what the form asks in another of its small tables.

    The cell to fill in is then that of the recipient's name. What a plain label asks is answered
    beside the label alone.
    """
    said = rows["recipient"].fillna("") != ""
    inside = rows[rows["in_form"] & (said | ~rows["labelled"])]
    if inside.empty:
        return rows
    offsets = index_offsets(raw.offsets)
    cells = dict(zip(inside.index, list_cells(inside, "recipient", offsets), strict=True))
    within = raw.offsets[raw.offsets["in_form"]]
    tables, labels = within[~within["labelled"]], within[within["labelled"]]
    for name in sorted({*tables["field"]} - {"recipient", "activity_id"}):
        held = inside[name] if name in inside else pd.Series(index=inside.index, dtype="str")
        asking = tables[tables["field"] == name]
        asked = inside["parent_block"].isin(asking["parent_block"])
        asked |= ~inside["labelled"] & inside["register"].isin(asking["register"])
        asked &= ~inside["parent_block"].isin(labels[labels["field"] == name]["parent_block"])
        absent = held.index[held.isna() & asked]
        if len(absent):
            rows = set_values(rows, name, dict.fromkeys(absent, ""))
            rows = set_values(rows, f"{name}_at", {one: cells[one] for one in absent})
            rows = set_values(rows, f"{name}_cell", inside.loc[absent, "recipient"].to_dict())
    return rows


def share_labels(rows: pd.DataFrame, raw: RawTable) -> pd.DataFrame:
    """Give what a form's plain labels say of its recipients to each that its small tables name.

    A list of as many texts is paired with them, in order; a role that does not tell which is which
    is left open. A country or an instrument that is stated is that of a single recipient, else of
    none in particular.
    """
    inside = rows[rows["in_form"]]
    labels = inside[inside["labelled"] & inside["recipient"].isna()]
    labels = labels.drop_duplicates("parent_block")
    named = inside[~inside["labelled"] & inside["parent_block"].isin(labels["parent_block"])]
    named = named[map_texts(named["recipient"].fillna(""), says_something).astype(bool)]
    if named.empty:
        return rows
    names = map_texts(named["recipient"], fold)
    items = names.groupby(named["parent_block"])
    sources = pd.Series(labels.index, labels["parent_block"])
    pairs = pd.DataFrame(
        {
            "label": named["parent_block"].map(sources),
            "number": items.transform("nunique"),
            "place": items.transform(lambda one: pd.factorize(one)[0]),
        }
    )
    offsets = index_offsets(raw.offsets)
    for field in read_fields("recipients"):
        if field.name in labels and field.name not in ("recipient", "activity_id"):
            same = [pairs["label"], pairs["place"]]
            blank = named[field.name].fillna("").str.strip() == ""
            lacks = blank.groupby(same).transform("all")
            cells = dict(zip(labels.index, list_cells(labels, field.name, offsets), strict=True))
            rows = _share(rows, field.name, pairs.assign(lacks=lacks), cells)
    return rows


def _share(
    rows: pd.DataFrame, name: str, pairs: pd.DataFrame, cells: Mapping[object, Place | None]
) -> pd.DataFrame:
    """Give some rows what the rows of labels say of a field; these then say it no more.

    Parameters
    ----------
    rows : DataFrame
        Raw rows.
    name : str
        The field.
    pairs : DataFrame
        Of each row of a small table, by its index: the row of the label, how many recipients the
        form's tables name, the place of this one among them, and whether they lack the field.
    cells : mapping
        The label's cell of the field.
    """
    held = rows[name].to_dict()
    broken = rows[f"{name}_broken"].to_dict() if f"{name}_broken" in rows else {}
    texts: dict[int, object] = {}
    more: dict[str, dict[int, object]] = {"at": {}, "cell": {}, "broken": {}}
    columns = [pairs[one].tolist() for one in ("label", "number", "place", "lacks")]
    for row, label, number, place, lacks in zip(pairs.index.tolist(), *columns, strict=True):
        whole = held[label]
        told = share_text(name, whole, number) if isinstance(whole, str) else ()
        if told:
            texts[label] = None
        if told and lacks and (told[place].strip() or not isinstance(held[row], str)):
            texts[row] = told[place]
            more["at"][row] = cells[label]
            more["cell"][row] = whole if whole != told[place] else None
            more["broken"] |= {row: broken.get(label, False), label: False}
    for part, values in more.items():
        if f"{name}_{part}" in rows or any(value for value in values.values()):
            rows = set_values(rows, f"{name}_{part}", values)
    return set_values(rows, name, texts)
