"""LAW: activities that rest on consent."""

import pandas as pd

from ropa.phrases.bases import find_implied_consent
from ropa.phrases.matching import load_matcher
from ropa.phrases.negation import find_denied
from ropa.phrases.states import read_answer
from ropa.rules.case import Case, is_gap, is_stated, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.grounds import (
    CONSENT,
    is_public_authority,
    list_governed,
    mentions_any,
    rests_on,
    rests_on_consent,
)
from ropa.rules.hits import join_hits, make_hits

_CHECKED_IN = ("consent_record", "lawful_basis", "data_categories", "security_measures", "notes")
_NO_SERVICE = ("counselling", "publication")


@rule("LAW-06", roles="C", severity="medium", duty="law", needs=("lawful_basis", "consent_record"))
def no_consent_record(case: Case) -> pd.DataFrame:
    """Find activities that rest on consent with neither a record of it nor a way to withdraw it.

    Why it matters
    --------------
    The controller must be able to demonstrate each consent, and withdrawing it must be as easy as
    giving it. Without either the consent cannot be relied on.

    Remedy
    ------
    State the system or form in which consent is recorded (who, when, how, to what) and how people
    withdraw it.

    References
    ----------
    GDPR Art 7(1), 7(3).
    """
    rows = list_governed(case)
    rows = rows[rests_on_consent(case, rows)]
    withdrawal = case.has_term(rows, "rights", "withdrawal")
    rows = rows[is_gap(rows, "consent_record", none_is_gap=True) & ~withdrawal]
    return make_hits(
        rows,
        "consent_record",
        "The activity rests on consent, and neither a record of it nor a way to withdraw it is "
        "stated.",
    )


@rule("LAW-07", roles="C", severity="high", duty="law", needs=("lawful_basis",))
def implied_consent(case: Case) -> pd.DataFrame:
    """Find consent that is inferred from use, silence or a ticked box.

    Why it matters
    --------------
    Consent is a clear affirmative act. Using a website, silence, inactivity and boxes that are
    ticked beforehand are none, so that the activity has no basis.

    Remedy
    ------
    Ask for consent by an act of its own, such as an empty box to tick, before the processing
    begins; or state another basis that holds.

    References
    ----------
    GDPR Art 4(11), 7, recital 32. Court of Justice of the European Union, C-673/17 Planet49.
    """
    rows = list_governed(case)
    stated = rows["lawful_basis_implied"]
    recorded = satisfies(read_column(rows, "consent_record"), _is_implied)
    recorded &= is_stated(rows, "consent_record") & rests_on_consent(case, rows) & ~stated
    message = "Consent is inferred from use, silence or a box that is already ticked."
    return join_hits(
        [
            make_hits(rows[stated], "lawful_basis", message),
            make_hits(rows[recorded], "consent_record", message),
        ]
    )


def _is_implied(text: str) -> bool:
    found = {term.code for term in find_implied_consent(text)}
    # The use of a site is taken for consent only where the text speaks of consent.
    return "implied" in found or (
        "use" in found and CONSENT in load_matcher("lawful_basis").find_codes(text)
    )


@rule("LAW-13", roles="C", severity="medium", duty="guidance", needs=("lawful_basis",))
def consent_between_unequals(case: Case) -> pd.DataFrame:
    """Find consent that is asked of employees, or by a public authority.

    Why it matters
    --------------
    Consent is valid only if it is given freely. Employees and people who face an authority can
    rarely refuse without fearing a disadvantage.

    Remedy
    ------
    State another basis; or, for a benefit that is truly optional, state that refusing or
    withdrawing has no consequence.

    References
    ----------
    GDPR Art 4(11), 7(4), recital 43. European Data Protection Board, Guidelines 05/2020 on
    consent, paragraphs 16 to 23.
    """
    rows = list_governed(case)
    rows = rows[rests_on_consent(case, rows)]
    fields = ("activity", "purpose", "lawful_basis", "consent_record", "notes")
    rows = rows[~mentions_any(rows, fields, "optional_benefit")]
    staff = case.has_term(rows, "data_subjects", "employee")
    authority = is_public_authority(case, rows) & ~staff
    return join_hits(
        [
            make_hits(
                rows[staff],
                "lawful_basis",
                "Consent of employees is relied on, and nothing says that they can refuse freely.",
            ),
            make_hits(
                rows[authority],
                "lawful_basis",
                "A public authority relies on consent, and nothing says that people can refuse "
                "freely.",
            ),
        ]
    )


@rule("LAW-14", roles="C", severity="medium", duty="law", needs=("lawful_basis", "data_subjects"))
def child_consent(case: Case) -> pd.DataFrame:
    """Find consent of children to an online service without a check of age or of a parent.

    Preventive and counselling services offered to a child (recital 38) are left out, and so is the
    publication of pictures.

    Why it matters
    --------------
    Below a certain age, 13 in the United Kingdom and between 13 and 16 in the European Union, the
    consent of a child to an online service counts only with that of a parent, and the controller
    must make reasonable efforts to verify it.

    Remedy
    ------
    State how the age is checked and how the consent of a parent is obtained and verified.

    References
    ----------
    GDPR Art 8(1), 8(2), recital 38. Data Protection Act 2018 s.9.
    """
    rows = list_governed(case)
    rows = rows[rests_on(case, rows, CONSENT)]
    fields = ("activity", "purpose", "data_subjects", "lawful_basis", "consent_record", "location")
    rows = rows[mentions_any(rows, fields, "online_service", ("online",))]
    # What is published of children is no service to them; a helpline needs no parent.
    rows = rows[~mentions_any(rows, ("activity", "purpose"), "online_service", _NO_SERVICE)]
    children = case.has_term(rows, "data_subjects", "child")
    children |= satisfies(read_column(rows, "vulnerable_subjects"), _names_children)
    rows = rows[children]
    rows = rows[~_has_check(rows)]
    place = pd.Series("consent_record", index=rows.index)
    place = place.mask(rows["consent_record_state"] == "absent", "lawful_basis")
    return make_hits(
        rows,
        place,
        "Children consent to an online service, and no check of their age or of a parent's "
        "consent is stated.",
    )


def _has_check(rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether one of its cells states a check of age or of a parent."""
    found = pd.Series(data=False, index=rows.index)
    for field in _CHECKED_IN:
        found |= satisfies(read_column(rows, field), _states_check)
    return found


def _names_children(text: str) -> bool:
    return read_answer(text) != "no" and _affirms(text, "data_subject", "child")


def _states_check(text: str) -> bool:
    return _affirms(text, "age_check", "check")


def _affirms(text: str, vocabulary: str, code: str) -> bool:
    """Tell whether a text holds a term of this code that it does not deny."""
    terms = [term for term in load_matcher(vocabulary).find(text) if term.code == code]
    return bool(set(terms) - find_denied(text, terms))
