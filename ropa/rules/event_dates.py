"""GOV: dates that are none, or on which what they record cannot have happened."""

import re
from functools import cache

import pandas as pd

from ropa.phrases.dates import NOT_A_DATE, DateReading, read_date
from ropa.phrases.states import find_placeholder
from ropa.rules.case import Case, is_stated, map_texts, mentions, read_column
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.rules.written_cells import list_written_rows, name_subjects
from ropa.schema import read_fields

FIRST_DAY = pd.Timestamp(1995, 1, 1)
"""An earlier date is a slip: a spreadsheet's day zero, a wrong century, a date of birth."""

_TYPE = "datetime64[s]"
_DAY = "%Y-%m-%d"
_REGISTER = ("organisation", "register_date")
_DEADLINES = frozenset((("recipients", "contract_end"),))
# Free text that may be nothing but the day of an event.
_MAYBE = frozenset((("activities", "consent_record"),))
# Digits of a date that stands among other words.
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d\s?[./-]\s?\d")


@rule("GOV-06", roles="CPR", severity="medium", duty="guidance")
def impossible_date(case: Case) -> pd.DataFrame:
    """Find dates that cannot be read as one, lie before 1995, or record an event still to come.

    Of reviews, transfer mechanisms, records of consent and the register itself. The end of a
    contract may lie ahead, and may be told without a day ("until notice"). A register that is
    dated after the audit is milder, and its other dates are held against its own: an audit as of
    an earlier day reads what was written later. A date with a placeholder in it is reported as
    that (GOV-02), an error value as an unreadable cell (GOV-08).

    Why it matters
    --------------
    What depends on the date cannot be judged: whether the record was reviewed in time, when the
    contract ends, whether the mechanism was still good when it was signed.

    Remedy
    ------
    Write one date, as day, month and year, on which the event took place.

    References
    ----------
    GDPR Art 5(2), 30(1), 30(2), 30(3).
    """
    today = _list_days(case)
    parts = []
    for table, rows in list_written_rows(case).items():
        for field in read_fields(table):
            place = (table, field.name)
            if field.kind == "date" or place in _MAYBE:
                dates = _read_dates(rows, field.name)
                problems = _find_problems(dates, place, dates["register"].map(today))
                bad = dates[problems != ""].index
                subject = name_subjects(table, rows, field.name)[bad]
                parts.append(
                    make_hits(
                        rows.loc[bad], field.name, problems[bad], table=table, subject=subject
                    )
                )
    return join_hits([*parts, _hit_late_registers(case)])


@cache
def _read(text: str) -> DateReading | None:
    return None if find_placeholder(text) else read_date(text)


def _read_dates(rows: pd.DataFrame, field: str) -> pd.DataFrame:
    """Return the cells that say something and hold no placeholder.

    Returns
    -------
    DataFrame
        ``register``, ``text``, ``first`` and ``last`` (the days that it can mean) and ``problem``
        (why there are none), with the index of `rows`.
    """
    rows = rows[is_stated(rows, field)]
    read = map_texts(read_column(rows, field), _read)
    rows, read = rows[read.notna()], read[read.notna()]
    parts = [(one.first, one.last, one.problem) for one in read]
    dates = pd.DataFrame(parts, columns=["first", "last", "problem"], index=rows.index)
    dates = dates.astype({"first": _TYPE, "last": _TYPE, "problem": "str"})
    return dates.assign(register=rows["register"], text=rows[field])


def _find_problems(dates: pd.DataFrame, place: tuple[str, str], today: pd.Series) -> pd.Series:
    """Return what is wrong with each date, empty where nothing is."""
    problem = dates["problem"]
    unread = "The cell cannot be read as one date" + (": " + problem).mask(
        problem == NOT_A_DATE, ""
    )
    unread = (unread + ".").where(problem != "", "")
    if place in _DEADLINES:
        # An end before the audit is an ended contract, whatever its year (REC-04).
        return unread.mask(_is_without_end(dates), "")
    early, late = dates["last"] < FIRST_DAY, dates["first"] > today
    if place in _MAYBE:  # a number alone may be that of a form
        days = dates["first"] == dates["last"]
        unread, early, late = unread.where(days, ""), early & days, late & days
    if place == _REGISTER:
        late &= False
    first, last = dates["first"].dt.strftime(_DAY), dates["last"].dt.strftime(_DAY)
    unread = unread.mask(early, "The date lies before 1995: " + last + ".")
    return unread.mask(late, "What is recorded as past lies in the future: " + first + ".")


def _is_without_end(dates: pd.DataFrame) -> pd.Series:
    """Tell whether a contract is said to run on, which is an answer and no date."""
    dated = dates["text"].str.contains(_DATED)
    said = mentions(read_column(dates, "text"), "contract_without_end")
    return (dates["problem"] == NOT_A_DATE) & said & ~dated


def _list_days(case: Case) -> pd.Series:
    """Return for each register the day after which everything is in the future.

    It is the date of the audit, or that of the register where the audit goes back before it.
    """
    as_of = pd.Timestamp(case.as_of)
    days = _read_dates(case.organisation, _REGISTER[1]).set_index("register")["first"]
    days = days.reindex(case.organisation["register"])
    return days.where(days > as_of, as_of)


def _hit_late_registers(case: Case) -> pd.DataFrame:
    """Return one mild hit for each register that is dated after the audit."""
    table, field = _REGISTER
    dates = _read_dates(case.organisation, field)
    late = dates[dates["first"] > pd.Timestamp(case.as_of)]
    message = "The register is dated " + late["first"].dt.strftime(_DAY)
    message += f", after the day of the audit, {case.as_of.isoformat()}."
    rows = case.organisation.loc[late.index]
    return make_hits(rows, field, message, table=table, severity="info")
