"""Rights: what people can ask for, at what price, and who decides about them."""

import pandas as pd

from ropa.phrases.columns import join_flagged
from ropa.phrases.states import read_answer
from ropa.rules.case import Case, is_gap, is_stated, mentions, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits, skip_rows

_FIELD = "rights"
_BASES = "6(1)("


@rule("RGT-01", roles="C", severity="low", duty="guidance", needs=(_FIELD,))
def rights_not_recorded(case: Case) -> pd.DataFrame:
    """The rights that people have for this activity are not recorded.

    Why it matters
    --------------
    Which rights apply depends on the lawful basis. A record that lists them lets whoever answers
    a request see at once what has to be done.

    Remedy
    ------
    List the rights that go with the lawful basis, such as access, rectification, erasure,
    restriction and objection.

    References
    ----------
    GDPR Art 12 to 22, 13(2)(b) and 5(2); ICO, Accountability framework.
    """
    rows = case.controller_rows
    gap = is_gap(rows, _FIELD, none_is_gap=True)
    return make_hits(rows[gap], _FIELD, "No right of the data subjects is recorded.")


@rule("RGT-02", roles="C", severity="medium", duty="law", needs=(_FIELD, "lawful_basis"))
def rights_do_not_fit_basis(case: Case) -> pd.DataFrame:
    """The rights recorded leave out one that the lawful basis carries with it.

    Consent can be withdrawn; legitimate interests and public tasks can be objected to. Not where
    the rights are not recorded at all, or where the consent record says how consent is withdrawn.
    A right that is offered although the basis does not demand it is no defect.

    Why it matters
    --------------
    Whoever is told the wrong rights cannot use them, and whoever works from the record refuses
    what must be granted.

    Remedy
    ------
    Add the right that belongs to the lawful basis, and how it is exercised.

    References
    ----------
    GDPR Art 7(3), 13(2)(b) and (c), and 21(1).
    """
    rows = case.controller_rows
    rows = rows[is_stated(rows, _FIELD) & case.has_term(rows, _FIELD)]
    withdrawn = mentions(read_column(rows, "consent_record"), "right", codes=("withdrawal",))
    parts = []
    for regime in ("uk", "eu"):
        left_out = {}
        for row in case.law.find_rows("rights", regime, case.as_of):
            if row["expected"] != "Y":
                continue
            lacks = case.has_term(rows, "lawful_basis", row["basis"])
            lacks &= ~case.has_term(rows, _FIELD, row["right"])
            if row["right"] == "withdrawal":
                lacks &= ~withdrawn
            said = f"The basis {row['basis']} carries the right of {row['right']}: not listed."
            left_out[said] = lacks
        message = join_flagged(pd.DataFrame(left_out, index=rows.index), " ")
        lacking = message != ""
        parts.append(make_hits(rows[lacking], _FIELD, message[lacking], regime=regime))
    return join_hits(parts)


@rule("RGT-03", roles="CR", severity="high", duty="law")
def charge_for_access(case: Case) -> pd.DataFrame:
    """A charge is made for requests that the law wants free.

    Not where it is limited to manifestly unfounded or excessive requests or to further copies.

    Why it matters
    --------------
    Since 25 May 2018 requests are answered free of charge. A fee deters people from their rights.

    Remedy
    ------
    Strike the charge; keep at most one for manifestly unfounded or excessive requests and for
    further copies.

    References
    ----------
    GDPR Art 12(5) and 15(3).
    """
    rows = case.controller_rows
    parts = [make_hits(rows[_charges(rows[_FIELD])], _FIELD, _CHARGE)]
    for frame, table, field in (
        (rows, "activities", "notes"),
        (case.organisation, "organisation", "statements"),
    ):
        about_access = mentions(read_column(frame, field), "access_charge", codes=("access",))
        parts.append(
            make_hits(frame[_charges(frame[field]) & about_access], field, _CHARGE, table=table)
        )
    return join_hits(parts)


_CHARGE = "A charge may be made for answering requests; they are free of charge."


def _charges(texts: pd.Series) -> pd.Series:
    allowed = mentions(texts, "access_charge", codes=("allowed",))
    return mentions(texts, "access_charge", codes=("charge",)) & ~allowed


@rule("RGT-04", roles="C", severity="medium", duty="law", needs=("automated_decisions",))
def automated_decision_unprotected(case: Case) -> pd.DataFrame:
    """Solely automated decisions with legal or similar effect, and no safeguard is stated.

    Not where the record says that a person decides. Where the layout has no column for safeguards
    the rule is not evaluated.

    Why it matters
    --------------
    People may have such a decision looked at by a person, give their view and contest it. Without
    these safeguards the decision itself is unlawful.

    Remedy
    ------
    State the safeguards: human intervention, the right to express a view and to contest the
    decision, and how people are told.

    References
    ----------
    GDPR Art 22(3); UK GDPR Art 22A to 22D from 5 February 2026.
    """
    rows = case.controller_rows
    decides = is_stated(rows, "automated_decisions")
    texts = read_column(rows, "automated_decisions")
    decides &= ~satisfies(texts, lambda text: read_answer(text) == "no")
    decides &= ~mentions(texts, "automated_decision")
    gap = is_gap(rows, "automated_decision_safeguards", none_is_gap=True)
    absent = rows["automated_decision_safeguards_state"] == "absent"
    hits = make_hits(
        rows[decides & gap],
        "automated_decision_safeguards",
        "Decisions are made by automated means alone and no safeguard is stated.",
    )
    why = "the layout has no column for 'Automated decision safeguards'"
    lacking = rows[decides & absent].drop_duplicates("register").assign(key=-1)
    return join_hits([hits, skip_rows(lacking, why)])
