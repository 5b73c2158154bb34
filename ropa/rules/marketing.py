"""MKT: electronic mail and what is stored on people's devices (United Kingdom).

The exceptions that need no consent stand in the law table ``pecr_exceptions``, dated. Only what the
record shows is judged: marketing of which the channel is not known to be electronic mail, and data
that only might come from a device, are left alone.
"""

import re
from functools import cache

import pandas as pd

from ropa.phrases.matching import Matcher, build_matcher, load_matcher
from ropa.rules.case import Case, is_stated, mentions, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.grounds import (
    BASES,
    LEGITIMATE_INTERESTS,
    join_texts,
    mentions_any,
    rests_on,
)
from ropa.rules.hits import join_hits, make_hits, skip_rows
from ropa.rules.permissions import (
    PERMISSION,
    WHAT,
    WHO,
    Codes,
    affirm,
    can_refuse,
    has_consent,
    holds,
    is_soft,
    list_codes,
    list_data_codes,
    rests_on_implied,
    unite_codes,
)
from ropa.vocabulary import read_vocabulary

_HOW = ("notes", "legitimate_interest", "consent_record")
_ONLINE = (*WHAT, "data_subjects", "location", "source")
_CHANNEL = "channel"
_SENTENCE = re.compile(r"[;\n]|\.\s")

_NECESSARY = "strictly_necessary"
_COOKIE = "cookie"
_KINDS = (_NECESSARY, "transmission", "statistics", "advertising", "appearance", "emergency")

_IMPLIED = (
    "The consent that the record relies on is inferred, which is none, and it shows no exception."
)


@rule("MKT-01", roles="C", severity="medium", duty="law", needs=("lawful_basis",))
def marketing_without_consent(case: Case) -> pd.DataFrame:
    """Find marketing by email or text to individuals without consent or a soft opt-in.

    Known to be by electronic mail: the activity says so, or a mailing service receives the data, or
    an email address is the only way to reach people by direct marketing. Not post, calls, messages
    about a service, staff, or corporate subscribers alone. A newsletter counts where it rests on
    legitimate interests. A soft opt-in is claimed by its name, or shown: customers and a means of
    refusing; supporters of a charity and a means of refusing where that is law on the date.

    Why it matters
    --------------
    In the United Kingdom legitimate interests alone do not allow marketing by electronic mail. It
    needs the recipient's consent or one of the exceptions, whatever the basis under the GDPR.

    Remedy
    ------
    State where consent is recorded; or the soft opt-in: from whom and in which sale the addresses
    were obtained, and how people could refuse then and can in each message. Else stop sending.

    References
    ----------
    Privacy and Electronic Communications (EC Directive) Regulations 2003 reg 22; Data (Use and
    Access) Act 2025 s.114.
    """
    rows = case.controller_rows
    rows = rows[mentions_any(rows, WHAT, "electronic_marketing")]
    rows = rows[_is_by_mail(case, rows) & ~_is_internal(case, rows)]
    who = list_codes(rows, WHO, PERMISSION)
    rows = rows[~(holds(who, "corporate") & ~holds(who, "individual"))]
    rows = rows[~has_consent(case, rows) & ~is_soft(case, rows)]
    return _hit_or_skip(
        case,
        rows,
        "Marketing by electronic mail to individuals, and the record shows neither consent nor a "
        "soft opt-in.",
    )


@rule("MKT-02", roles="C", severity="medium", duty="law", needs=("lawful_basis",))
def cookies_without_consent(case: Case) -> pd.DataFrame:
    """Find cookies and the like on people's devices without consent or a stated exception.

    Not what is strictly necessary for the service, such as session cookies for running a site.
    Where the law of the date allows statistics, or a site's appearance as the user prefers it, the
    record must show a means of objecting; a browser's settings are none.

    Why it matters
    --------------
    In the United Kingdom nothing may be stored on a device, or read from it, without consent or an
    exception, whether or not the data are personal. Consent by use of a site is none.

    Remedy
    ------
    Ask for consent before anything is stored and say where it is recorded; or name the exception:
    strictly necessary for the service, or another one with clear information and a free and
    simple means of objecting.

    References
    ----------
    Privacy and Electronic Communications (EC Directive) Regulations 2003 reg 6, Sch A1; Data (Use
    and Access) Act 2025 s.112, Sch 12.
    """
    rows = case.controller_rows
    rows = rows[_mentions_storage(case, rows)]
    kinds = _list_storage(case, rows)
    stored = kinds.map(lambda codes: any(code.startswith(_COOKIE) for code in codes))
    named = _names_storage(rows) | mentions_any(rows, _ONLINE, "online_service", ("online",))
    rows = rows[stored.astype(bool) & named]
    kinds = kinds[rows.index]
    rows = rows[~has_consent(case, rows)]
    return _hit_or_skip(
        case,
        rows[~_is_excepted(case, rows, kinds[rows.index])],
        "Cookies or the like are used on people's devices, and the record shows neither consent "
        "nor an exception.",
    )


def _hit_or_skip(case: Case, rows: pd.DataFrame, message: str) -> pd.DataFrame:
    """Return the hits; where the basis is stated and cannot be read it may be consent."""
    unread = is_stated(rows, "lawful_basis") & ~rests_on(case, rows, BASES)
    unread &= ~rows["lawful_basis_implied"]
    rows = rows[rows["uk"]]
    unread = unread[rows.index]
    found = rows[~unread]
    # Consent that is inferred is named as what it is: the record does speak of consent.
    said = pd.Series(message, index=found.index).mask(rests_on_implied(found), _IMPLIED)
    return join_hits(
        [
            make_hits(found, "lawful_basis", said),
            skip_rows(rows[unread], "the lawful basis names none that can be read"),
        ]
    )


# -- electronic mail ------------------------------------------------------------------------------


def _is_by_mail(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether it is marketing that is known to be by electronic mail."""
    what = list_codes(rows, WHAT, "electronic_marketing")
    how = list_codes(rows, _HOW, "electronic_marketing")
    direct = holds(what, "marketing")
    marketing = direct | holds(what, "broad")
    joined = join_texts(rows, WHAT)
    beside = satisfies(joined, _says_in_one_sentence, holding=[_load_channels()])
    sent = holds(what, "sent") | holds(how, "sent", "mailing") | beside
    mailed = sent | _uses_mailer(case, rows)
    own = holds(what, "mailing") | (marketing & mailed) | (direct & _has_email_alone(case, rows))
    news = holds(what, "newsletter") | (holds(what, "news") & mailed)
    return own | (news & (marketing | rests_on(case, rows, LEGITIMATE_INTERESTS)))


@cache
def _load_channels() -> Matcher:
    rows = read_vocabulary("electronic_marketing")
    return build_matcher((row["term"], row["code"]) for row in rows if row["code"] == _CHANNEL)


def _says_in_one_sentence(text: str) -> bool:
    """Tell whether one sentence speaks of marketing or of news, and of electronic mail."""
    matcher = load_matcher("electronic_marketing")
    for part in _SENTENCE.split(text):
        codes = affirm(matcher, part)
        if _CHANNEL in codes and codes & {"marketing", "broad", "news"}:
            return True
    return False


def _uses_mailer(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether a mailing service is among its recipients."""
    own = mentions(read_column(rows, "recipients"), "electronic_marketing", codes=("mailer",))
    named = case.recipients
    named = named[
        mentions(read_column(named, "recipient"), "electronic_marketing", codes=("mailer",))
    ]
    return own | rows["key"].isin(named["activity_key"])


def _has_email_alone(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether people can be reached by electronic mail and not otherwise."""
    codes = list_data_codes(case, rows, "contact_channel")
    return holds(codes, "email") & ~holds(codes, "other")


def _is_internal(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether its data subjects are the organisation's own staff alone."""
    staff = case.has_term(rows, "data_subjects", "employee")
    return staff & (case.count_terms(rows, "data_subjects") == 1)


# -- devices --------------------------------------------------------------------------------------


def _list_storage(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Return for each activity what it stores on devices and for what, as codes."""
    beside = list_data_codes(case, rows, "device_storage")
    return unite_codes([list_codes(rows, (*WHAT, "notes"), "device_storage"), beside])


def _mentions_storage(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each activity whether anything is mentioned that is stored on devices."""
    fields = (*WHAT, "notes", "data_categories")
    items = case.data_items
    named = items[mentions(read_column(items, "data_category"), "device_storage")]
    found = mentions_any(rows, fields, "device_storage")
    return found | rows["key"].isin(named["activity_key"])


def _names_storage(rows: pd.DataFrame) -> pd.Series:
    codes = list_codes(rows, WHAT, "device_storage")
    return codes.map(lambda found: any(code.startswith(_COOKIE) for code in found)).astype(bool)


def _is_excepted(case: Case, rows: pd.DataFrame, kinds: pd.Series) -> pd.Series:
    """Tell for each activity whether everything that it stores falls under an exception."""
    law = {
        row["code"]: row["needs"] for row in case.law.find_rows("pecr_exceptions", "uk", case.as_of)
    }
    refusal = can_refuse(rows)
    stated = pd.Series(data=False, index=rows.index)
    allowed = pd.Series(data=True, index=rows.index)
    for kind in _KINDS:
        held = holds(kinds, kind, f"{_COOKIE}/{kind}")
        stated |= held
        allowed &= ~held | ((kind in law) & (refusal | (law.get(kind) != "opt_out")))
    # Session cookies alone need nothing, whatever else the activity does.
    necessary = kinds.map(_is_necessary_alone).astype(bool)
    return necessary | (stated & allowed)


def _is_necessary_alone(codes: Codes) -> bool:
    return {code for code in codes if code.startswith(_COOKIE)} == {f"{_COOKIE}/{_NECESSARY}"}
