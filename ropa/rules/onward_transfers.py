"""TRF-10: onward transfers through a processor's processor that an activity does not record."""

import pandas as pd

from ropa.phrases.denials import read_denial
from ropa.phrases.lists import split_list
from ropa.phrases.matching import fold
from ropa.phrases.sentences import join_words
from ropa.rules.case import Case, is_stated, map_texts, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits, skip_rows
from ropa.schema import ENGAGED
from ropa.transfers.facts import holds_country, name_place
from ropa.transfers.onward import trace_onward
from ropa.transfers.party_names import read_words, split_party
from ropa.transfers.vendors import find_vendor

_MAY_PASS_ON = (*ENGAGED, "")
_ABROAD = ("adequate", "conditional", "third")
_OPEN = ("unplaced", "worldwide")


@rule(
    "TRF-10",
    roles="CP",
    severity="medium",
    duty="law",
    needs=("recipients.via", "recipients.country"),
)
def onward_transfer_not_recorded(case: Case) -> pd.DataFrame:
    """A processor passes data on to a third country by one activity, and another is silent on it.

    Both activities name the same processor. The one records to which sub-processor it passes data
    on, in which country; the other lists neither that sub-processor nor a transfer to the country.
    Low where the country is adequate in full: the transfer is lawful, and belongs in the record all
    the same. Not where the sub-processor gets categories of data that this activity does not have,
    its contract has ended, or the activity's transfers are stated without their countries.

    Why it matters
    --------------
    A processor uses its sub-processors for all its clients' data as a rule. The onward transfer
    needs a basis and a place in the record of each activity whose data make it.

    Remedy
    ------
    Ask the processor whether this activity's data reach the sub-processor. Record it with its
    country and mechanism, or record the categories of data to which the sub-processor is limited.

    References
    ----------
    GDPR Art 28(2), 30(1)(e), 30(2)(c), 44; UK GDPR Art 28(2), 30(1)(e), 30(2)(c), 44A (before
    2026-02-05 Art 44).
    """
    rows = _name_parties(case)
    links = _list_links(case, rows)
    if links.empty:
        return join_hits([])
    parties = rows[["register", "activity_key", "key", "name", "form"]].assign(
        passes=rows["role_code"].isin(_MAY_PASS_ON) & rows["known"]
    )
    chains = trace_onward(parties, links, _share_data(case, rows, links))
    chains = chains[~_is_mentioned(case, chains)]
    hits = _drop_recorded(case, _add_countries(case, chains))
    rows = case.recipients.set_index("key")
    hits = hits.assign(processor_name=hits["key"].map(rows["recipient"]))
    unread = _list_unread(case)
    skipped = hits[hits["activity_key"].isin(unread)].drop_duplicates("key")
    hits = hits[~hits["activity_key"].isin(unread)]
    why = "the activity's transfers cannot be read"
    return join_hits([_make_onward_hits(hits), skip_rows(skipped, why, table="recipients")])


def _name_parties(case: Case) -> pd.DataFrame:
    """Return the recipients with their names as compared, and whether they are known by name.

    "Hosting company" in two activities need not be the same: known are companies, vendors, and
    those with whom one and the same contract is recorded wherever they are named.
    """
    rows = case.recipients
    rows = rows[is_stated(rows, "recipient")]
    names = map_texts(read_column(rows, "recipient"), split_party)
    rows = rows.assign(name=names.str[0].astype("str"), form=names.str[1].astype("str"))
    vendor = map_texts(
        read_column(rows, "recipient"), lambda text: find_vendor(text) is not None
    ).astype(bool)
    same = [rows["register"], rows["name"]]
    company = ((rows["form"] != "") | vendor).groupby(same).transform("any").astype(bool)
    contract = map_texts(read_column(rows, "contract_reference"), fold).astype("str")
    contract = contract.where(is_stated(rows, "contract_reference"))
    stated = contract.notna().groupby(same).transform("all")
    one = contract.groupby(same).transform("nunique") == 1
    several = rows["activity_key"].groupby(same).transform("nunique") > 1
    known = company | (stated.astype(bool) & one & several)
    return rows.assign(known=known)[rows["name"] != ""]


def _list_links(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that say through whom a sub-processor gets the data."""
    ended = rows["contract_end_on"] < pd.Timestamp(case.as_of)
    rows = rows[is_stated(rows, "via") & rows["role_code"].isin(_MAY_PASS_ON) & ~ended]
    via = map_texts(read_column(rows, "via"), split_party)
    links = pd.DataFrame(
        {
            "register": rows["register"],
            "link": rows["key"],
            "label": rows["activity_label"],
            "via_name": via.str[0].astype("str"),
            "via_form": via.str[1].astype("str"),
            "name": rows["name"],
            "form": rows["form"],
            "recipient": rows["recipient"].str.strip(),
            "bound": is_stated(rows, "data_categories"),
        }
    )
    return links[links["via_name"] != ""]


def _share_data(case: Case, rows: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of party and link that have a category of data in common.

    A party gets the categories of its row, else those of its activity.
    """
    own = _split_categories(rows[is_stated(rows, "data_categories")])
    silent = rows.loc[~is_stated(rows, "data_categories"), ["key", "activity_key"]]
    items = case.data_items[["activity_key", "data_category"]]
    items = items.assign(
        category=map_texts(read_column(items, "data_category"), fold).astype("str")
    )
    general = silent.merge(items[["activity_key", "category"]], on="activity_key")
    got = pd.concat([own, general[["key", "category"]]])
    bound = _split_categories(rows[rows["key"].isin(links["link"])])
    pairs = got.merge(bound.rename(columns={"key": "link"}), on="category")
    return pairs[["key", "link"]].drop_duplicates()


def _split_categories(rows: pd.DataFrame) -> pd.DataFrame:
    lists = map_texts(
        read_column(rows, "data_categories"), lambda text: [fold(one) for one in split_list(text)]
    )
    split = pd.DataFrame({"key": rows["key"], "category": lists}).explode("category")
    return split.dropna().astype({"category": "str"})


def _is_mentioned(case: Case, chains: pd.DataFrame) -> pd.Series:
    """Tell whether the activity names the sub-processor somewhere in its own cells."""
    rows = case.activities.set_index("key")
    rows = rows[rows.index.isin(chains["activity_key"])]
    texts = rows["recipients"] + " | " + rows["transfers"] + " | " + rows["location"]
    words = chains["activity_key"].map(map_texts(texts, read_words)).astype("str")
    found = [f" {name} " in f" {text} " for name, text in zip(chains["name"], words, strict=True)]
    return pd.Series(found, index=chains.index, dtype=bool)


def _add_countries(case: Case, chains: pd.DataFrame) -> pd.DataFrame:
    """Return one row a chain, regime and country abroad in which the sub-processor sits."""
    places = case.verdicts[["recipient_key", "regime", "destination", "country_code"]]
    places = places[places["destination"].isin(_ABROAD) & (places["recipient_key"] >= 0)]
    return chains.merge(places, left_on="link", right_on="recipient_key")


def _drop_recorded(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Drop the countries to which the activity states transfers, itself or by a group of them.

    So too where it states transfers without their countries, which is another rule's matter, and
    where it limits them to an area that holds the country.
    """
    stated = case.transfers[["activity_key", "country_code", "country_kind"]]
    stated = stated[stated["activity_key"].isin(rows["activity_key"])]
    if_open = stated.loc[stated["country_kind"].isin(_OPEN), "activity_key"]
    rows = rows[~rows["activity_key"].isin(if_open)]
    codes = stated.groupby("activity_key")["country_code"].agg(frozenset)
    texts = case.activities.set_index("key")["transfers"]
    texts = texts[texts.index.isin(rows["activity_key"])]
    areas = map_texts(texts, lambda text: read_denial(text).area)
    members = case.law.find_members(case.as_of)
    recorded = [
        holds_country(codes.get(key, frozenset()) | areas.get(key, frozenset()), code, members)
        for key, code in zip(rows["activity_key"], rows["country_code"], strict=True)
    ]
    kept = ~pd.Series(recorded, index=rows.index, dtype=bool)
    return rows.loc[kept]


def _list_unread(case: Case) -> pd.Series:
    """Return the activities of whose transfers some cannot be read."""
    rows = case.activities
    cells = rows.loc[rows["transfers_state"] == "unreadable", "key"]
    places = case.transfers
    unknown = places.loc[places["country_kind"] == "unknown", "activity_key"]
    both: pd.Series = pd.concat([cells, unknown])
    return both


def _make_onward_hits(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one hit a party, sub-processor and regime, with all of its countries."""
    rows = rows.assign(
        place=map_texts(read_column(rows, "country_code"), name_place),
        lawful=rows["destination"] == "adequate",
    )
    one = ["activity_key", "key", "link", "regime"]
    same = rows.groupby(one, sort=False)
    joined = same["place"].agg(lambda places: join_words(sorted(set(places))))
    lawful = same["lawful"].all()
    rows = rows.drop_duplicates(one).drop(columns=["place", "lawful"])
    rows = rows.join(joined, on=one).join(lawful, on=one)
    labels = rows["labels"].map(lambda text: join_words(text.split(", ")))
    between = ("through " + rows["through"] + " ").where(rows["through"] != "", "")
    message = (
        "As recorded in "
        + labels
        + ", "
        + rows["processor_name"]
        + " passes data on "
        + between
        + "to "
        + rows["recipient"]
        + " in "
        + rows["place"]
        + "; this activity uses "
        + rows["processor_name"]
        + " and records neither that sub-processor nor such a transfer."
    )
    return make_hits(
        rows,
        "recipient",
        message,
        table="recipients",
        subject=rows["recipient"],
        severity=rows["lawful"].map({True: "low", False: ""}),
        regime=rows["regime"],
    )
