"""IDN: the data protection officer and the representative."""

import pandas as pd

from ropa.phrases.matching import load_matcher
from ropa.phrases.negation import find_denied
from ropa.rules.case import Case, is_gap, is_none, is_stated, map_texts, mentions, read_column
from ropa.rules.catalogue import rule
from ropa.rules.grounds import has_criminal_data, has_special_data, is_public_authority, join_texts
from ropa.rules.hits import join_hits, make_hits, skip_rows

_TABLE = "organisation"
_AREAS = {"uk": "the United Kingdom", "eu": "the European Economic Area"}
_MONITORING_FIELDS = ("activity", "purpose", "data_categories", "automated_decisions", "notes")


@rule("IDN-02", roles="R", severity="low", duty="record", needs=("organisation.dpo",))
def dpo_not_recorded(case: Case) -> pd.DataFrame:
    """Find registers that do not say who the data protection officer is, or that there is none.

    Why it matters
    --------------
    The record holds the name and contact details of the data protection officer, where there is
    one. A blank does not tell "none designated" from "not recorded".

    Remedy
    ------
    Write the officer's name and contact details, or "None designated" with the reason.

    References
    ----------
    GDPR Art 30(1)(a), 30(2)(a), 37(7).
    """
    rows = case.organisation
    rows = rows[is_gap(rows, "dpo")]
    message = "Neither a data protection officer nor that there is none is recorded."
    return make_hits(rows, "dpo", message, table=_TABLE)


@rule("IDN-06", roles="R", severity="medium", duty="record")
def representative_missing(case: Case) -> pd.DataFrame:
    """Find registers under both regimes without a representative where no establishment lies.

    Not for public authorities, nor where it is said that none is needed.

    Why it matters
    --------------
    Who offers goods or services to people in the other area, or monitors them, without an
    establishment there must designate a representative in writing, whom people and authorities
    can turn to; the record names it.

    Remedy
    ------
    Name the representative with contact details, or write None with the exemption of Article 27(2)
    that applies.

    References
    ----------
    GDPR Art 3(2), 27(1), 27(2), 30(1)(a), 30(2)(a); UK GDPR Art 27.
    """
    rows = case.organisation
    rows = rows[rows["uk"] & rows["eu"] & (rows["regimes_from"] == "regimes")]
    rows = rows[(rows["representative_state"] == "absent") | is_gap(rows, "representative")]
    rows = rows[~is_public_authority(case, rows)]
    unknown = ~rows["establishments_state"].isin(("stated", "unreadable"))
    placed = rows[is_stated(rows, "establishments")]
    homes = {"uk": ("GB",), "eu": ("EU", "EEA", *sorted(case.law.find_members(case.as_of)))}
    parts = []
    for regime, area in _AREAS.items():
        inside = case.has_term(placed, "establishments", homes[regime], table=_TABLE)
        message = f"No establishment in {area} is stated, and no representative there either."
        away = placed[~inside]
        parts.append(make_hits(away, "representative", message, table=_TABLE, regime=regime))
    why = "both regimes apply and it is not stated where the organisation is established"
    return join_hits([*parts, skip_rows(rows[unknown], why, table=_TABLE)])


@rule("IDN-09", roles="R", severity="high", duty="law", needs=("organisation.dpo",))
def dpo_required(case: Case) -> pd.DataFrame:
    """Find registers that state no data protection officer although the record shows a need.

    The organisation is a public authority, or an activity on a stated large scale monitors people
    or uses special category or criminal-offence data. Not for courts.

    Why it matters
    --------------
    Designation is compulsory for public authorities and bodies, and where the core activities are
    regular and systematic monitoring, or special category or criminal-offence data, on a large
    scale. Without an officer nobody gives the advice that the law relies on.

    Remedy
    ------
    Designate a data protection officer and record the contact details, or record why the
    activities named are not core activities on a large scale.

    References
    ----------
    GDPR Art 37(1). Article 29 Working Party, Guidelines on data protection officers, WP 243 rev.01.
    """
    rows = case.organisation
    rows = rows[
        is_none(rows, "dpo") | map_texts(read_column(rows, "dpo"), _denies_officer).astype(bool)
    ]
    texts = join_texts(rows, ("name", "public_authority", "sectors"))
    rows = rows[~mentions(texts, "courts", codes=("court",))]
    named = rows["register"].map(_find_large_activities(case)).astype("str").fillna("")
    public = is_public_authority(case, rows)
    message = "No data protection officer is designated, and " + named
    message = message.mask(
        public, "No data protection officer is designated by a public authority or body."
    )
    due = public | (named != "")
    return make_hits(rows[due], "dpo", message[due], table=_TABLE)


def _denies_officer(text: str) -> bool:
    """Tell whether a text says that there is no officer, of whatever kind."""
    found = load_matcher("dpo_denial").find(text)
    if not found or any(term.code == "other" for term in found):
        return False
    # "Jane Doe, dpo@example.org; a deputy is not required" names an officer.
    return found[0].start == 0 or "@" not in text


def _find_large_activities(case: Case) -> pd.Series:
    """Return by register what its first activity on a large scale does that asks for an officer."""
    rows = case.activities
    rows = rows[map_texts(read_column(rows, "scale"), _is_large).astype(bool)]
    watched = mentions(
        join_texts(rows, _MONITORING_FIELDS), "systematic_monitoring", codes=("monitoring",)
    )
    sensitive = has_special_data(case, rows) | has_criminal_data(case, rows)
    what = pd.Series("monitors people", index=rows.index)
    what = what.mask(sensitive, "uses special category or criminal-offence data")
    said = "activity " + rows["label"] + " " + what + " on a large scale."
    chosen = watched | sensitive
    return said[chosen].groupby(rows.loc[chosen, "register"]).first()


def _is_large(text: str) -> bool:
    found = load_matcher("large_scale").find(text)
    large = [term for term in found if term.code == "large"]
    return bool(set(large) - find_denied(text, large))
