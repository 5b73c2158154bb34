"""Names of recipients: the activities' cells held against the sheet of recipients."""

import pandas as pd

from ropa.phrases.lists import split_list
from ropa.rules.case import Case, is_stated, map_texts, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.transfers.party_names import read_words, split_party


@rule("REC-07", roles="CP", severity="low", duty="guidance", needs=("recipients.recipient",))
def unknown_recipient(case: Case) -> pd.DataFrame:
    """A recipient is named in an activity and not in the sheet of recipients, or the reverse.

    Only names count: of companies, and of recipients with whom a contract is recorded. Categories
    do not, nor does a register that does not use the sheet.

    Why it matters
    --------------
    Role, contract and country stand in the sheet alone. A recipient that is named in one place
    only escapes every check that needs the other.

    Remedy
    ------
    Add the row to the sheet or the name to the activity, or spell the name the same way in both.

    References
    ----------
    GDPR Art 30(1)(d), 5(2) and, for processors, 28(2).
    """
    rows = case.recipients
    rows = rows.assign(origin=rows["origin"].mask(case.has_lent_name(rows), "cell"))
    rows = rows[~case.stands_beside(rows)]  # which are no sheet of recipients
    if not read_column(rows, "origin").equal(["sheet"]).any():
        return join_hits(())  # there are no two lists
    rows = rows.assign(
        name=lambda found: map_texts(read_column(found, "recipient"), _read_name).astype("str"),
        words=lambda found: map_texts(read_column(found, "recipient"), read_words).astype("str"),
        company=lambda found: map_texts(read_column(found, "recipient"), _is_company).astype(bool),
    )
    rows = rows[is_stated(rows, "recipient") & (rows["name"] != "")]
    sheet, cell = rows[rows["origin"] == "sheet"], rows[rows["origin"] == "cell"]
    sheet = sheet.join(_list_texts(case), on="activity_key")
    known = sheet[is_stated(sheet, "contract_reference")]
    sheet = sheet.assign(named=_is_named(sheet, known))
    cell = cell[cell["register"].isin(sheet["register"]) & _is_named(cell, known)]
    return join_hits((_hit_cells(case, cell, sheet), _hit_rows(sheet, cell)))


def _is_named(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Tell whether a recipient is named: as a company, or as one that has a contract."""
    pairs = pd.MultiIndex.from_frame(rows[["register", "name"]])
    return rows["company"] | pairs.isin(pd.MultiIndex.from_frame(known[["register", "name"]]))


def _list_texts(case: Case) -> pd.DataFrame:
    """Return by activity what its cells say, as words: recipients, and whom it names as parties."""
    rows = case.activities.set_index("key")
    parties = rows["on_behalf_of"] + " " + rows["joint_controller"]
    return pd.DataFrame(
        {
            "cell_stated": is_stated(rows, "recipients"),
            "cell_words": map_texts(read_column(rows, "recipients"), read_words).astype("str"),
            "cell_company": map_texts(read_column(rows, "recipients"), _lists_company).astype(bool),
            "party_words": map_texts(parties, read_words).astype("str"),
        }
    )


def _hit_cells(case: Case, cell: pd.DataFrame, sheet: pd.DataFrame) -> pd.DataFrame:
    """Return hits on names in activities' cells that no row of the sheet bears."""
    cell = cell.join(_list_texts(case)[["party_words"]], on="activity_key")
    cell = cell[~_contains(cell["party_words"], cell["name"])]
    one = ["activity_key", "name"]
    cell = cell[~pd.MultiIndex.from_frame(cell[one]).isin(pd.MultiIndex.from_frame(sheet[one]))]
    rows = sheet[["activity_key", "name", "words", "via"]]
    pairs = cell[["key", "activity_key", "name", "words"]].merge(
        rows, on="activity_key", suffixes=("", "_row")
    )
    via = map_texts(read_column(pairs, "via"), read_words).astype("str")
    same = (
        _contains(pairs["words_row"], pairs["name"])
        | _contains(pairs["words"], pairs["name_row"])
        | _contains(via, pairs["name"])
    )
    rows = cell[~cell["key"].isin(pairs.loc[same, "key"])]
    return make_hits(
        rows,
        "recipient",
        "The activity names this recipient, and the sheet of recipients has no row for it.",
        table="recipients",
        subject=rows["recipient"],
    )


def _hit_rows(sheet: pd.DataFrame, cell: pd.DataFrame) -> pd.DataFrame:
    """Return hits on named rows of the sheet that are missing in a cell which lists names.

    A sub-processor that gets the data through another recipient need not stand in the cell.
    """
    listed = _contains(sheet["cell_words"], sheet["name"])
    by_name = (listed & sheet["named"]).groupby(sheet["activity_key"])
    listing = by_name.transform("any").astype(bool)
    listing |= sheet["cell_company"] | sheet["activity_key"].isin(cell["activity_key"])
    party = _contains(sheet["party_words"], sheet["name"])
    through = is_stated(sheet, "via")
    missing = sheet["cell_stated"] & listing & sheet["named"] & ~listed & ~party & ~through
    rows = sheet[missing].drop_duplicates(["activity_key", "name"])
    return make_hits(
        rows,
        "recipient",
        "The sheet records this recipient, and the activity's own list does not name it.",
        table="recipients",
        subject=rows["recipient"],
    )


def _contains(texts: pd.Series, names: pd.Series) -> pd.Series:
    """Tell for each pair whether the words of a text hold those of a name."""
    found = [
        bool(name) and f" {name} " in f" {text} " for text, name in zip(texts, names, strict=True)
    ]
    return pd.Series(found, index=texts.index, dtype=bool)


def _read_name(text: str) -> str:
    """Return the words of a name without brackets and the form of the company."""
    return split_party(text)[0]


def _is_company(text: str) -> bool:
    """Tell a company's name from a kind of company: "Larkmere Ltd", not "limited"."""
    return split_party(text)[1] != "" and text.strip()[:1].isupper()


def _lists_company(text: str) -> bool:
    return any(_is_company(item) for item in split_list(text))
