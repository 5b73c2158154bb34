"""Whether a record shows that people may be written to, or their devices used.

Consent, a soft opt-in, a means of refusing (vocabulary ``marketing_permission``); and the reading
of a vocabulary's codes in the cells of an activity, which the rules on marketing share.
"""

from collections.abc import Sequence

import pandas as pd

from ropa.phrases.bases import find_implied_consent
from ropa.phrases.columns import map_rows
from ropa.phrases.matching import Matcher, fold, load_matcher
from ropa.phrases.negation import find_denied
from ropa.rules.case import Case, map_texts, read_column, satisfies
from ropa.rules.grounds import CONSENT, mentions_any, rests_on_consent

WHAT = ("activity", "purpose")
WHO = (*WHAT, "data_subjects", "notes")
PERMISSION = "marketing_permission"

_AGREED = (*WHAT, "legitimate_interest", "consent_record", "notes")
_REFUSED = (*_AGREED, "lawful_basis", "rights")

Codes = frozenset[str]


def has_consent(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether the record shows consent that is given by an act."""
    found = rests_on_consent(case, rows)
    for field in _AGREED:
        found |= satisfies(
            read_column(rows, field), _states_consent, holding=[load_matcher(PERMISSION)]
        )
    return found & ~rests_on_implied(rows)


def rests_on_implied(rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether its consent is inferred from use, silence or a ticked box."""
    recorded = satisfies(read_column(rows, "consent_record"), _is_implied)
    return rows["lawful_basis_implied"] | recorded


def _states_consent(text: str) -> bool:
    matcher = load_matcher(PERMISSION)
    # "Not sent unless they consent" denies the sending, not the consent.
    return "consent_only" in matcher.find_codes(text) or "consent" in affirm(matcher, text)


def _is_implied(text: str) -> bool:
    found = {term.code for term in find_implied_consent(text)}
    spoken = CONSENT in load_matcher("lawful_basis").find_codes(text)
    return "implied" in found or ("use" in found and spoken)


def is_soft(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether a soft opt-in that is law on the date is claimed or shown."""
    law = {row["code"] for row in case.law.find_rows("pecr_exceptions", "uk", case.as_of)}
    claimed = list_codes(rows, _REFUSED, PERMISSION)
    who = list_codes(rows, WHO, PERMISSION)
    refusal = holds(claimed, "opt_out")
    customers, supporters = holds(who, "customer"), holds(who, "supporter")
    soft = holds(claimed, "soft_opt_in") & (customers | ~supporters)
    soft |= customers & refusal & ~holds(who, "stranger")
    charity = supporters & (refusal | holds(claimed, "soft_opt_in")) & _is_charity(case, rows)
    charity |= holds(claimed, "charity_soft_opt_in")
    return (soft & ("soft_opt_in" in law)) | (charity & ("charity_soft_opt_in" in law))


def _is_charity(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each row whether its organisation says that it is a charity."""
    fields = ("name", "sectors", "statements")
    found = mentions_any(case.organisation, fields, PERMISSION, ("charity",))
    return rows["register"].isin(case.organisation.loc[found, "register"])


def can_refuse(rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether the record shows a means of refusing."""
    return holds(list_codes(rows, _REFUSED, PERMISSION), "opt_out")


# -- words ----------------------------------------------------------------------------------------


def list_codes(rows: pd.DataFrame, fields: tuple[str, ...], vocabulary: str) -> pd.Series:
    """Return for each row the codes of the terms that its fields hold and do not deny."""
    return unite_codes([_read_codes(rows, field, vocabulary) for field in fields])


def list_data_codes(case: Case, rows: pd.DataFrame, vocabulary: str) -> pd.Series:
    """Return the same of what each activity says of its data, in its own cell and in its items."""
    items = case.data_items
    items = items[items["activity_key"].isin(rows["key"])]
    found = _read_codes(items, "data_category", vocabulary)
    said = found.astype(bool)
    held: dict[int, Codes] = {}
    for key, codes in zip(items["activity_key"][said], found[said], strict=True):
        held[key] = held.get(key, frozenset()) | codes
    beside = [held.get(key, frozenset()) for key in rows["key"]]
    own = _read_codes(rows, "data_categories", vocabulary)
    return unite_codes([own, pd.Series(beside, index=rows.index, dtype=object)])


def unite_codes(found: Sequence[pd.Series]) -> pd.Series:
    """Return for each row the codes found in any of several columns."""
    return map_rows(frozenset().union, *found)


def _read_codes(rows: pd.DataFrame, field: str, vocabulary: str) -> pd.Series:
    """Return for each text the codes of the terms that it holds and does not deny."""
    matcher = load_matcher(vocabulary)

    def read(text: str) -> Codes:
        return affirm(matcher, text)

    texts = read_column(rows, field)
    return map_texts(texts, read, holding=[matcher], default=frozenset())


def affirm(matcher: Matcher, text: str) -> Codes:
    """Return the codes of the terms that a text holds and does not deny."""
    # A denial at the end of one line says nothing of the next.
    codes: set[str] = set()
    for line in text.split("\n"):
        folded = fold(line)
        terms = matcher.find(folded)
        codes |= {term.code for term in set(terms) - find_denied(folded, terms)}
    return frozenset(codes)


def holds(codes: pd.Series, *wanted: str) -> pd.Series:
    """Tell for each row's codes whether one of these is among them."""
    return map_rows(lambda found: not found.isdisjoint(wanted), codes).astype(bool)
