"""A "No" in one column of an activity's transfers, beside the country that another one names."""

import pandas as pd

from ropa.phrases.columns import map_texts
from ropa.phrases.matching import fold, load_matcher
from ropa.phrases.states import read_answer, read_state
from ropa.register import Register

_FIELD = ("activities", "transfers")
_CELL = ["register", "key"]
# Headings of these ask for something else than transfers to third countries.
_OTHERS = frozenset({"organisation", "inside"})


def find_denying_cells(register: Register) -> dict[int, str]:
    """Return the cell that says no, of the activities that have one among several of one row.

    In further rows of an activity "No" may be said of another recipient. "None" and "N/A" may be
    the answer to which country, not to whether there is one. What a column asks of international
    organisations, or of transfers inside the area, denies no transfer to a country.

    Returns
    -------
    dict
        The cell's text, by the activity's key.
    """
    cells = register.frames["places"]
    cells = cells[(cells["table"] == _FIELD[0]) & (cells["field"] == _FIELD[1])]
    if cells.empty:
        return {}
    cells = cells[~_other_sheets(register, cells)]
    rows = cells.groupby(_CELL)[["file", "sheet", "row"]].nunique().eq(1).all(axis=1)
    columns = cells.groupby(_CELL)["column"].nunique().gt(1)
    chosen = (rows & columns).reindex(pd.MultiIndex.from_frame(cells[_CELL])).to_numpy(dtype=bool)
    cells = cells[chosen]
    denying = cells[map_texts(cells["text"], _says_no).astype(bool)]
    return dict(zip(denying["key"], denying["text"], strict=True))


def _other_sheets(register: Register, cells: pd.DataFrame) -> pd.Series:
    """Tell which cells stand in a sheet that asks for something else beside transfers."""
    headings = register.frames["mapping"]
    asked = (headings["table"] == _FIELD[0]) & (headings["field"] == _FIELD[1])
    headings = headings[asked]
    matcher = load_matcher("transfer_labels")
    other = map_texts(headings["heading"], lambda text: bool(matcher.find_codes(text) & _OTHERS))
    place = ["register", "file", "sheet"]
    sheets = pd.MultiIndex.from_frame(headings.loc[other.astype(bool), place])
    told = pd.MultiIndex.from_frame(cells[place]).isin(sheets)
    return pd.Series(told, index=cells.index)


def _says_no(text: str) -> bool:
    bare = read_state(text) == "none" and read_answer(text) == "no"
    return bare and not fold(text).strip(" .(").startswith(("none", "nil"))
