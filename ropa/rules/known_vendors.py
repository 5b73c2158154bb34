"""TRF-12: recipients without a country that are vendors known to sit abroad."""

import pandas as pd

from ropa.phrases.places import find_places
from ropa.phrases.sentences import join_words
from ropa.rules.case import Case, map_texts, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.schema import GAPS_WITH_NONE
from ropa.transfers.facts import name_place
from ropa.transfers.vendors import find_vendor, says_where

_REGIMES = ("uk", "eu")
# A name in a cell's list has no country of its own, even where the layout has a column for it.
_LACKING = (*GAPS_WITH_NONE, "absent")


@rule("TRF-12", roles="CP", severity="info", duty="guidance", needs=("recipients.country",))
def vendor_known_abroad(case: Case) -> pd.DataFrame:
    """A recipient without a country is a vendor known to be established abroad.

    Every company that provides the service, by the vendor's own public terms, sits outside the
    area. No verdict on a transfer follows. Not where a note, the mechanism with its evidence, or
    the activity's transfers or location say where the vendor gets the data.

    Why it matters
    --------------
    The country in which a vendor is established is public. A blank beside its name hides a transfer
    that anybody can guess, and that the record must identify.

    Remedy
    ------
    Look up in the contract which company provides the service and where it holds the data or has
    access to them; record each country, and the mechanism where it is a third country.

    References
    ----------
    GDPR Art 5(2), 30(1)(e), 30(2)(c); UK GDPR Art 5(2), 30(1)(e), 30(2)(c).
    """
    rows = case.recipients
    rows = rows.assign(vendor=map_texts(read_column(rows, "recipient"), find_vendor))
    rows = rows[rows["vendor"].notna()]
    rows = rows.assign(
        vendor_name=rows["vendor"].map(lambda vendor: vendor.name),
        countries=rows["vendor"].map(lambda vendor: vendor.countries),
        lacks=rows["country_state"].isin(_LACKING),
    )
    one = ["activity_key", "vendor_name"]
    rows = rows[rows.groupby(one)["lacks"].transform("all").astype(bool)].drop_duplicates(one)
    rows = rows[~_is_placed(case, rows)]
    return join_hits([_make_vendor_hits(case, rows, regime) for regime in _REGIMES])


def _is_placed(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell whether another cell says where a vendor gets the data."""
    placed = pd.Series(data=False, index=rows.index)
    for field in ("notes", "mechanism_evidence", "transfer_mechanism"):
        placed |= map_texts(read_column(rows, field), lambda text: bool(find_places(text))).astype(
            bool
        )
    activities = case.activities.set_index("key")
    members = case.law.find_members(case.as_of)
    for field in ("transfers", "location"):
        texts = rows["activity_key"].map(activities[field]).astype("str")
        said = [
            says_where(text, vendor, members)
            for text, vendor in zip(texts, rows["vendor"], strict=True)
        ]
        placed |= pd.Series(said, index=rows.index, dtype=bool)
    return placed


def _make_vendor_hits(case: Case, rows: pd.DataFrame, regime: str) -> pd.DataFrame:
    abroad = rows["countries"].map(
        lambda codes: not any(case.law.domestic(regime, code, case.as_of) for code in codes)
    )
    rows = rows[rows[regime].astype(bool) & abroad.astype(bool)]
    places = rows["countries"].map(lambda codes: join_words([name_place(code) for code in codes]))
    message = (
        rows["recipient"].str.strip()
        + " is known to be established in "
        + places
        + ", and no country is recorded for it."
    )
    return make_hits(
        rows,
        "country",
        message,
        table="recipients",
        subject=rows["recipient"].str.strip(),
        regime=regime,
    )
