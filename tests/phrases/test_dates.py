"""Dates as typed: day before month, nothing turned round, nothing completed."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ropa.phrases.dates import DateReading, read_date
from ropa.vocabulary import read_vocabulary

REPRODUCIBLE = settings(max_examples=300, database=None, derandomize=True, deadline=None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", "2024-02-29"),
        ("2024-02-29 00:00:00", "2024-02-29"),
        ("2024-02-29T00:00:00", "2024-02-29"),
        ("2024-02-29T00:00:00Z", "2024-02-29"),
        ("2024-02-29 10:30:05.123456", "2024-02-29"),
        ("2024-02-29T10:30:00+01:00", "2024-02-29"),
        ("2024/02/29", "2024-02-29"),
        ("20240229", "2024-02-29"),
        ("15/05/2026", "2026-05-15"),
        ("05/06/2026", "2026-06-05"),
        ("5/6/2026", "2026-06-05"),
        ("5/6/26", "2026-06-05"),
        ("15.05.2026", "2026-05-15"),
        ("15-05-2026", "2026-05-15"),
        ("15 05 2026", "2026-05-15"),
        ("15 / 05 / 2026", "2026-05-15"),
        ("15/05/2026 00:00", "2026-05-15"),
        ("22 July 2023", "2023-07-22"),
        ("22 JULY 2023.", "2023-07-22"),
        ("22nd Jul '23", "2023-07-22"),
        ("22nd Jul \u201923", "2023-07-22"),
        ("22nd of July 2023", "2023-07-22"),
        ("the 1st of March 2024", "2024-03-01"),
        ("22 July, 2023", "2023-07-22"),
        ("22-Jul-2023", "2023-07-22"),
        ("22-Jul-23", "2023-07-22"),
        ("22Jul2023", "2023-07-22"),
        ("Tuesday, 22 July 2023", "2023-07-22"),
        ("Tue 22 July 2023", "2023-07-22"),
        ("July 22, 2023", "2023-07-22"),
        ("July 22nd 2023", "2023-07-22"),
        ("Sept. 5, 2024", "2024-09-05"),
        ("1er mars 2024", "2024-03-01"),
        ("22. Juli 2023", "2023-07-22"),
        ("15. M\u00e4rz 2026", "2026-03-15"),
        ("15. Maerz 2026", "2026-03-15"),
        ("15. Marz 2026", "2026-03-15"),
        ("15. Mrz. 2026", "2026-03-15"),
        ("am 15.03.2026", "2026-03-15"),
        ("Montag, den 15. M\u00e4rz 2026", "2026-03-15"),
        ("le lundi 15 mars 2026", "2026-03-15"),
        ("15 d\u00e9c. 2026", "2026-12-15"),
        ("15 decembre 2026", "2026-12-15"),
        ("15 maart 2026", "2026-03-15"),
        ("15 mrt. 2026", "2026-03-15"),
        ("15 mei 2026", "2026-05-15"),
        ("il 15 marzo 2026", "2026-03-15"),
        ("1\u00ba marzo 2026", "2026-03-01"),
        ("1\u00b0 marzo 2026", "2026-03-01"),
        ("15-set-2026", "2026-09-15"),
        ("15 gen. 2026", "2026-01-15"),
        ("15 de marzo de 2026", "2026-03-15"),
        ("el 15 de marzo del 2026", "2026-03-15"),
        ("lunes, 15 de marzo de 2026", "2026-03-15"),
        ("15 ene 2026", "2026-01-15"),
        ("mandag den 15. marts 2026", "2026-03-15"),
        ("15. maj 2026", "2026-05-15"),
        ("31/12/68", "2068-12-31"),
        ("31/12/69", "1969-12-31"),
        ("1 January 1066", "1066-01-01"),
    ],
)
def test_day_is_read(text: str, day: str) -> None:
    expected = date.fromisoformat(day)
    assert read_date(text) == DateReading(expected, expected, "")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("March 2024", "2024-03-01", "2024-03-31"),
        ("Mar-24", "2024-03-01", "2024-03-31"),
        ("Mar '24", "2024-03-01", "2024-03-31"),
        ("February 2024", "2024-02-01", "2024-02-29"),
        ("Sept. 2024", "2024-09-01", "2024-09-30"),
        ("03/2024", "2024-03-01", "2024-03-31"),
        ("2024-03", "2024-03-01", "2024-03-31"),
        ("2024 March", "2024-03-01", "2024-03-31"),
        ("M\u00e4rz 2026", "2026-03-01", "2026-03-31"),
        ("marzo de 2026", "2026-03-01", "2026-03-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("1994", "1994-01-01", "1994-12-31"),
        ("Q2 2024", "2024-04-01", "2024-06-30"),
        ("2024-Q4", "2024-10-01", "2024-12-31"),
        ("H1 2024", "2024-01-01", "2024-06-30"),
    ],
)
def test_month_quarter_and_year_span_their_days(text: str, first: str, last: str) -> None:
    expected = DateReading(date.fromisoformat(first), date.fromisoformat(last), "")
    assert read_date(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("05/15/2026", "no month 15"),
        ("2026-15-05", "no month 15"),
        ("13/2024", "no month 13"),
        ("00/00/0000", "no month 0"),
        ("12/31/99", "no month 31"),
        ("30/02/2024", "no such day"),
        ("2023-02-29", "no such day"),
        ("31 April 2024", "no such day"),
        ("32/01/2024", "no such day"),
        ("0/1/2024", "no such day"),
        ("0000-01-01", "no such day"),
        ("45000", "a number, not a date"),
        ("45000.0", "a number, not a date"),
        ("2024.0", "a number, not a date"),
        ("0", "a number, not a date"),
        ("1850", "a number, not a date"),
        ("-1", "a number, not a date"),
        ("22 July", "no year"),
        ("July 22", "no year"),
        ("Mar 24", "no year"),
        ("XX January 2024", "not a date"),
        ("xx/xx/2024", "not a date"),
        ("", "not a date"),
        ("TBC", "not a date"),
        ("annually", "not a date"),
        ("Q5 2024", "not a date"),
        ("22/07/2023 and 23/07/2023", "not a date"),
        ("22/07/2023 - 23/07/2023", "not a date"),
        ("22/07", "not a date"),
        ("soon after March 2024", "not a date"),
        ("15/05-2026", "not a date"),
        ("1/2/3", "not a date"),
        ("10:30", "not a date"),
        ("Maybe 2024", "not a date"),
        ("Set 2024", "not a date"),
        ("ago 2024", "not a date"),
        ("mag 2024", "not a date"),
        ("die 2024", "not a date"),
        ("le 2024", "not a date"),
        ("15 de 2024", "not a date"),
        ("15. M\u00e4rz", "no year"),
        ("31. Februar 2026", "no such day"),
        ("202402291", "a number, not a date"),
    ],
)
def test_what_is_no_date_says_why(text: str, problem: str) -> None:
    assert read_date(text) == DateReading(None, None, problem)


FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d-%b-%Y", "%B %d, %Y", "%Y%m%d")


@REPRODUCIBLE
@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)), st.sampled_from(FORMS))
def test_every_day_is_read_back(day: date, form: str) -> None:
    if form == "%Y%m%d" and not 1900 <= day.year < 2100:
        return
    assert read_date(day.strftime(form)) == DateReading(day, day, "")


@pytest.mark.parametrize("row", read_vocabulary("months"), ids=lambda row: row["term"])
def test_every_month_name(row: dict[str, str]) -> None:
    month = date(2024, int(row["code"]), 1)
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if not row["with_day"]:
        assert read_date(f"{row['term'].title()} 2024") == DateReading(month, last, "")
    assert read_date(f"1 {row['term']} 2024") == DateReading(month, month, "")


@REPRODUCIBLE
@given(st.text(max_size=40) | st.text("0123456789/-. :TZJulyMarch'", max_size=24))
def test_any_text_is_a_date_or_has_a_problem(text: str) -> None:
    reading = read_date(text)
    if reading.problem:
        assert (reading.first, reading.last) == (None, None)
    else:
        assert reading.first is not None
        assert reading.last is not None
        assert reading.first <= reading.last
