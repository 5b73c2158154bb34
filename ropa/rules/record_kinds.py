"""Which statutory record a text names, and what shows that a statute binds an organisation.

The words are ``vocabulary/record_kinds.csv``. A plain code is a record of the law table
``statutory_retention``; ``in:`` is that record where the activity is of its kind; ``not:`` says
that it is none; ``neutral`` words leave a record what it is. A term may have several codes, and
what follows a stroke is a part of the record (``accounting_private/invoice``).
``beside`` are data that go with a record and are none.
``shows:``, ``sector:`` and ``cites:`` show whom a statute binds; ``ground:`` excuses, ``no_ground``
does not.
"""

from collections.abc import Callable
from functools import cache

import pandas as pd

from ropa.phrases.columns import map_texts
from ropa.phrases.matching import Matcher, build_matcher, load_matcher
from ropa.phrases.negation import find_denied
from ropa.rules.case import Case, is_stated, read_column, satisfies
from ropa.vocabulary import read_vocabulary

__all__ = [
    "EXCLUDED",
    "find_record",
    "has_ground",
    "is_beside",
    "load_terms",
    "name_excluded",
    "name_kinds",
    "name_mentioned",
    "name_parts",
    "names_event",
    "shows_binding",
    "sits_in_uk",
]

_PART, _SOME = "in:", "some"
EXCLUDED = "not:"
"""How the codes of words begin that say what a text is not about."""

_OTHERS = ("shows:", "sector:", "cites:", "ground:", "no_ground", "event:", "beside")
_STAFF = ("employee", "former_employee")
_TERRITORY = "GB"
_TABLE = "organisation"
_CITING = ("activity", "purpose", "lawful_basis", "law_cited", "retention", "notes")
_EXCUSING = ("lawful_basis", "law_cited", "retention", "notes")
_COMPANIES = ("shows:private_company", "shows:public_company")
_CONSENT = "6(1)(a)"


@cache
def load_terms(*prefixes: str) -> Matcher:
    """Return the matcher of the terms whose codes begin so; without any, of kinds and neutral."""
    rows = read_vocabulary("record_kinds")
    chosen = prefixes or _OTHERS
    return build_matcher(
        [
            (row["term"], row["code"])
            for row in rows
            if row["code"].startswith(chosen) == bool(prefixes)
        ]
    )


def _find_codes(text: str, matcher: Matcher) -> frozenset[str]:
    found = matcher.find(text)
    denied = find_denied(text, found)
    return frozenset(code for one in found if one not in denied for code in one.code.split())


def _list_kinds(codes: frozenset[str]) -> frozenset[str]:
    kinds = (one for one in codes if ":" not in one and one != "neutral")
    return frozenset(one for one in kinds if EXCLUDED + find_record(one) not in codes)


def find_record(kind: str) -> str:
    """Return the record of the law table that a kind is, or is a part of."""
    return kind.partition("/")[0]


def name_kinds(text: str) -> frozenset[str]:
    """Return the records that a text is a name of: it says nothing else.

    "Payroll records" is, "bank details for payroll" is not.
    """
    matcher = load_terms()
    return _list_kinds(_find_codes(text, matcher)) if matcher.covers(text) else frozenset()


def name_parts(text: str) -> frozenset[str]:
    """Return the records that a text is a name of where the activity is of their kind."""
    matcher = load_terms()
    codes = _find_codes(text, matcher) if matcher.covers(text) else frozenset()
    if any(code.startswith(EXCLUDED) for code in codes):
        return frozenset()
    parts = (code.removeprefix(_PART) for code in codes if code.startswith(_PART))
    return frozenset(f"{record}/{_SOME}" for record in parts)


def name_excluded(text: str) -> frozenset[str]:
    """Return the records that a text says it is not about."""
    codes = _find_codes(text, load_terms())
    return frozenset(code.removeprefix(EXCLUDED) for code in codes if code.startswith(EXCLUDED))


def is_beside(text: str) -> bool:
    """Tell whether a text is a name of data that are kept beside a record, such as bank details."""
    return load_terms("beside").covers(text)


def name_mentioned(text: str) -> frozenset[str]:
    """Return the records that a text mentions among other things."""
    return _list_kinds(_find_codes(text, load_terms()))


def names_event(word: str, record: str) -> bool:
    """Tell whether a word of a time limit names what happened, for a record of such events."""
    return load_terms(f"event:{record}").covers(word)


def sits_in_uk(case: Case, rows: pd.DataFrame) -> pd.Series:
    """Tell for each row whether its register's organisation is known to be in the United Kingdom.

    By its establishments where they are stated, else by a regime that is not merely assumed.
    """
    frame = case.organisation.drop_duplicates("register")
    stated = is_stated(frame, "establishments")
    inside = case.has_term(frame, "establishments", _TERRITORY, table=_TABLE)
    known = (frame["regimes_from"] != "assumed") | ~frame["eu"]
    shown = frame["uk"] & inside.where(stated, known)
    return rows["register"].isin(frame.loc[shown.astype(bool), "register"])


def shows_binding(case: Case, rows: pd.DataFrame, shown_by: str) -> pd.Series:
    """Tell for each activity whether the record shows that a statute binds its organisation.

    Parameters
    ----------
    case : Case
        The register.
    rows : DataFrame
        Activities.
    shown_by : str
        As in the law table ``statutory_retention``: ``record`` (naming the record is enough),
        ``employer`` (staff among the data subjects), ``company``, ``private_company``,
        ``public_company`` (the organisation's name), else a sector or a citation in the record.
    """
    if shown_by == "record":
        return pd.Series(data=True, index=rows.index)
    if shown_by == "employer":
        return case.has_term(rows, "data_subjects", _STAFF)
    organisation = case.organisation
    if shown_by.endswith("company"):
        wanted = frozenset((f"shows:{shown_by}",)) & frozenset(_COMPANIES)
        named = map_texts(
            read_column(organisation, "name"), _make_reader(wanted or _COMPANIES, "shows:")
        )
        return rows["register"].isin(organisation.loc[named.astype(bool), "register"])
    codes = (f"sector:{shown_by}", f"cites:{shown_by}")
    sectors = map_texts(read_column(organisation, "sectors"), _make_reader(codes, *codes))
    bound = rows["register"].isin(organisation.loc[sectors.astype(bool), "register"])
    cites = _make_reader(codes[1:], *codes[1:])
    return bound | _mentions(rows, _CITING, cites, load_terms(*codes[1:]))


def _make_reader(
    wanted: "frozenset[str] | tuple[str, ...]", *prefixes: str
) -> Callable[[str], bool]:
    """Return what tells whether a text holds a term of these codes, and does not deny it."""
    matcher = load_terms(*prefixes)
    return lambda text: bool(_find_codes(text, matcher) & frozenset(wanted))


def _mentions(
    rows: pd.DataFrame, fields: tuple[str, ...], read: Callable[[str], bool], matcher: Matcher
) -> pd.Series:
    """Tell for each row whether a reader of a matcher's terms says yes to one of its fields."""
    found = pd.Series(data=False, index=rows.index)
    for field in fields:
        said = satisfies(read_column(rows, field), read, holding=[matcher])
        found |= is_stated(rows, field) & said
    return found


def has_ground(case: Case, rows: pd.DataFrame, kind: str) -> pd.Series:
    """Tell for each activity whether its record names a ground to depart from the period.

    Parameters
    ----------
    case : Case
        The register.
    rows : DataFrame
        Activities, with the time limit that is judged under ``retention``.
    kind : str
        ``floor`` or ``ceiling``. A ceiling also gives way to consent and to another statute.
    """
    code = f"ground:{kind}"
    named = _mentions(rows, _EXCUSING, _make_reader((code,), code), load_terms(code))
    if kind == "floor":
        return named
    consent = case.has_term(rows, "lawful_basis", _CONSENT)
    return named | consent | _mentions(rows, _EXCUSING, _cites_another, load_matcher("statutes"))


def _cites_another(text: str) -> bool:
    """Tell whether a statute is cited besides those that set the ceiling or ask for nothing."""
    beside = load_terms("cites:", "no_ground").find(text)
    return any(
        one.code == "statute"
        and not any(one.start < other.end and other.start < one.end for other in beside)
        for one in load_matcher("statutes").find(text)
    )
