"""Transfers: are they recorded, identified, assessed and documented."""

import pandas as pd

from ropa.phrases.matching import load_matcher
from ropa.phrases.places import find_places
from ropa.rules.case import Case, is_gap, is_stated, map_texts, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.rules.known_vendors import vendor_known_abroad
from ropa.rules.onward_transfers import onward_transfer_not_recorded
from ropa.rules.transfer_safeguards import (
    adequacy_condition_open,
    adequacy_does_not_exist,
    derogation_for_routine_transfers,
    list_mechanism_fields,
    list_verdicts,
    mechanism_lapsed,
    mechanism_of_other_regime,
    no_transfer_mechanism,
    vague_safeguards,
)
from ropa.transfers import find_contradictions

__all__ = [
    "adequacy_condition_open",
    "adequacy_does_not_exist",
    "compelling_interests_undocumented",
    "derogation_for_routine_transfers",
    "mechanism_lapsed",
    "mechanism_of_other_regime",
    "no_transfer_assessment",
    "no_transfer_country",
    "no_transfer_mechanism",
    "onward_transfer_not_recorded",
    "transfer_denied",
    "transfers_not_stated",
    "vague_safeguards",
    "vendor_known_abroad",
]

_REGIMES = ("uk", "eu")
_GROUPS = frozenset({"EU", "EEA", "EUI"})


@rule("TRF-01", roles="CP", severity="medium", duty="record", needs=("transfers",))
def transfers_not_stated(case: Case) -> pd.DataFrame:
    """Neither transfers nor none is stated.

    Not where it is stated where the data are held, inside the area, and no recipient is abroad.
    Where the heading itself says "if applicable", a blank is said once for the register.

    Why it matters
    --------------
    Transfers to third countries belong in the record. A blank may mean "none" or "nobody asked".

    Remedy
    ------
    Ask the owner where data go, cloud services and support included; write the countries, or None.

    References
    ----------
    GDPR Art 30(1)(e), 30(2)(c); UK GDPR Art 30(1)(e), 30(2)(c).
    """
    rows = case.activities
    rows = rows[is_gap(rows, "transfers")]
    verdicts = list_verdicts(case)
    home = verdicts[verdicts["destination"] == "home"]["key"]
    abroad = verdicts[~verdicts["key"].isin(home)]["activity_key"]
    rows = rows[~rows["key"].isin(abroad)]
    rows = rows[~_is_held_at_home(case, rows) & ~_is_sent_home(case, rows)]
    optional = rows["register"].isin(_list_optional(case))
    single = rows[~optional]
    hits = make_hits(single, "transfers", "The record says neither transfers nor none.")
    return join_hits([hits, _hit_optional(rows[optional])])


def _is_held_at_home(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether its data are stated to be held inside the area.

    The area is that of any regime under which the register is judged.
    """
    held = map_texts(
        rows["location"], lambda text: tuple(place.code for place in find_places(text))
    )
    inside = {
        code: {
            regime: bool(code)
            and case.law.domestic(regime, "EEA" if code in _GROUPS else code, case.as_of)
            for regime in _REGIMES
        }
        for codes in held.unique()
        for code in codes
    }
    asked = pd.DataFrame({"codes": held, "uk": rows["uk"], "eu": rows["eu"]})
    answers = {
        (codes, uk, eu): bool(codes)
        and all((uk and inside[code]["uk"]) or (eu and inside[code]["eu"]) for code in codes)
        for codes, uk, eu in asked.drop_duplicates().itertuples(index=False)
    }
    keys = pd.Series(pd.MultiIndex.from_frame(asked).to_flat_index(), index=rows.index)
    return is_stated(rows, "location") & keys.map(answers).astype(bool)


def _is_sent_home(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether it has recipients and the country of each is stated."""
    recipients = case.recipients
    placed = is_stated(recipients, "country").groupby(recipients["activity_key"]).all()
    return rows["key"].map(placed).eq(other=True)


def _list_optional(case: Case) -> pd.Series:
    """Return the registers whose heading asks for transfers only "if applicable"."""
    headings = case.register.frames["mapping"]
    chosen = headings[(headings["table"] == "activities") & (headings["field"] == "transfers")]
    matcher = load_matcher("optional_headings")
    found = map_texts(read_column(chosen, "heading"), lambda text: bool(matcher.find(text))).astype(
        bool
    )
    return chosen.loc[found, "register"]


def _hit_optional(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one hit a register, at its headings."""
    counts = rows.groupby("register", sort=True).size()
    registers = pd.DataFrame({"register": counts.index, "key": -1})
    message = (
        "The heading asks for transfers if applicable, so that a blank does not tell none from "
        "not asked: " + pd.Series(counts.to_numpy()).astype("str") + " activities leave it blank."
    )
    return make_hits(registers, "transfers", message, severity="info")


@rule("TRF-02", roles="CP", severity="high", duty="record")
def no_transfer_country(case: Case) -> pd.DataFrame:
    """Transfers are stated and the country or organisation is not identified.

    Why it matters
    --------------
    The record must identify the third country or international organisation. Without it nobody can
    tell which safeguard the transfer needs.

    Remedy
    ------
    Name each country, or international organisation, beside its recipient.

    References
    ----------
    GDPR Art 30(1)(e), 30(2)(c); UK GDPR Art 30(1)(e), 30(2)(c).
    """
    rows = list_verdicts(case)
    rows = rows[rows["destination_rule"] == "TRF-02"]
    return make_hits(
        rows,
        rows["origin"].map({"recipients": "country", "activities": "transfers"}),
        rows["destination_message"],
        table="transfers",
        subject=rows["recipient"].str.strip(),
        regime=rows["regime"],
    )


@rule(
    "TRF-08",
    roles="CP",
    severity="medium",
    duty="law",
    needs=("recipients.transfer_assessment",),
)
def no_transfer_assessment(case: Case) -> pd.DataFrame:
    """No assessment is recorded of a transfer that rests on a tool of Article 46.

    Why it matters
    --------------
    Clauses bind the parties and not the authorities of the country. Since Case C-311/18 the
    exporter must check that protection holds there, and be able to show it.

    Remedy
    ------
    Carry out the transfer impact assessment (in the UK the transfer risk assessment, which meets
    the data protection test) and record its reference.

    References
    ----------
    Court of Justice, Case C-311/18; GDPR Art 46(1); UK GDPR Art 46(1A), 46(6); EDPB Recommendations
    01/2020; Implementing Decision (EU) 2021/914 clause 14.
    """
    rows = list_verdicts(case)
    rows = rows[rows["assessment_missing"]]
    names = {one: case.law.find_assessment(one, case.as_of) for one in _REGIMES}
    message = (
        "The transfer to "
        + rows["subject"]
        + " rests on a tool of Article 46 and no "
        + rows["regime"].map(names)
        + " is recorded."
    )
    return make_hits(
        rows,
        "transfer_assessment",
        message,
        table="transfers",
        subject=rows["subject"],
        regime=rows["regime"],
    )


@rule("TRF-11", roles="CP", severity="high", duty="record")
def transfer_denied(case: Case) -> pd.DataFrame:
    """Transfers are denied while a recipient sits in a third country.

    Denied is also what one of several columns says, where another names the country. Not where the
    denial is limited to an area, or to restricted transfers, and the country is inside it or
    adequate. A plain denial beside an adequate country is low. A country counts as well that the
    recipient's name gives plainly ("Larkmere Inc (US parent)"), and the one in which the data are
    stated to be held ("US servers").

    Why it matters
    --------------
    The record contradicts itself. What is told to data subjects and to the authority is wrong in
    one place or the other.

    Remedy
    ------
    Correct the cell: name the countries of the recipients; or correct the recipient's country.

    References
    ----------
    GDPR Art 30(1)(e), 30(2)(c), 5(1)(a); UK GDPR Art 30(1)(e), 30(2)(c), 5(1)(a).
    """
    rows = list_verdicts(case)
    rows = rows[rows["destination_rule"] == "TRF-11"]
    stated = rows.assign(key=rows["activity_key"])
    # A column that states the country beside several recipients says it of these.
    same = ["key", "country_code", "regime"]
    told = pd.MultiIndex.from_frame(stated.loc[stated["recipient"] == "", same])
    named = case.once(_find_contradictions)
    named = named[~pd.MultiIndex.from_frame(named[same]).isin(told) | (named["recipient"] == "")]
    return join_hits([_hit_denials(stated), _hit_denials(named)])


def _find_contradictions(case: Case) -> pd.DataFrame:
    return find_contradictions(case.register, case.as_of, case.law)


def _hit_denials(rows: pd.DataFrame) -> pd.DataFrame:
    return make_hits(
        rows,
        "transfers",
        rows["destination_message"],
        subject=rows["subject"],
        severity=rows["destination_severity"],
        regime=rows["regime"],
    )


@rule("TRF-14", roles="CP", severity="high", duty="record")
def compelling_interests_undocumented(case: Case) -> pd.DataFrame:
    """Compelling legitimate interests carry the transfer and no safeguards are documented.

    Why it matters
    --------------
    For this derogation alone the record itself must document the suitable safeguards.

    Remedy
    ------
    Document the assessment and the safeguards beside the mechanism, and when the authority and the
    data subjects were told; or use a tool of Article 46.

    References
    ----------
    GDPR Art 30(1)(e), 30(2)(c), 49(1) second subparagraph, 49(6); UK GDPR, same articles.
    """
    rows = list_verdicts(case)
    rows = rows[rows["safeguards_undocumented"]]
    message = (
        "The transfer to "
        + rows["subject"]
        + " rests on compelling legitimate interests and no safeguards are documented."
    )
    return make_hits(
        rows,
        list_mechanism_fields(rows).replace("transfer_mechanism", "mechanism_evidence"),
        message,
        table="transfers",
        subject=rows["subject"],
        regime=rows["regime"],
    )
