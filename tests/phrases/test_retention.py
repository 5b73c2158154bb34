"""Retention texts: what is read and what is refused."""

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ropa.phrases.retention import Period, Retention, read_retention
from ropa.phrases.retention_periods import Length, read_length

KINDS = {
    "fixed",
    "event",
    "event_period",
    "circular",
    "unlimited",
    "elsewhere",
    "none",
    "unreadable",
}
LANGUAGES = ("de", "fr", "nl", "it", "es", "da")
CASES = Path(__file__).parent / "cases"


def _read(name: str) -> list[dict[str, str]]:
    text = (CASES / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


TABLES = {name: _read(name) for name in ("retention", *(f"retention_{one}" for one in LANGUAGES))}
TABLE = [case for table in TABLES.values() for case in table]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["text"][:60])
def test_phrase_is_read(case: dict[str, str]) -> None:
    reading = read_retention(case["text"])
    assert {
        "text": case["text"],
        "kind": reading.kind,
        "duration": reading.duration,
        "trigger": reading.trigger,
        "open_ended": "yes" if reading.open_ended else "no",
    } == case


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_table_holds_every_kind(table: list[dict[str, str]]) -> None:
    assert {case["kind"] for case in table} == KINDS
    assert len(table) == len({case["text"] for case in table})


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["text"][:60])
def test_fields_agree_with_the_kind(case: dict[str, str]) -> None:
    reading = read_retention(case["text"])
    assert (reading.problem != "") == (reading.kind == "unreadable")
    assert (reading.days is None) == (reading.duration == "")
    assert not reading.reference or reading.kind == "elsewhere"
    assert not reading.open_ended or reading.kind in ("event", "fixed", "event_period")
    if reading.duration:
        assert reading.kind in ("fixed", "event_period")
        assert reading.days == read_length(reading.duration).count_days()
    if reading.kind == "event_period":
        assert reading.trigger
        assert reading.periods


# Two texts that say the same, and two that look alike and do not.
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 months", "1 year"),
        ("18 months", "1 year 6 months"),
        ("1.5 years", "18mths"),
        ("two (2) years", "24 months"),
        ("half a year", "6 months"),
        ("24h", "1 day"),
        ("fortnight", "2 weeks"),
        ("P6Y", "six years"),
        ("10 working days", "14 days"),
        ("3-6 months", "up to 6 months"),
    ],
)
def test_same_length_has_the_same_days(one: str, other: str) -> None:
    assert read_retention(one).days == read_retention(other).days is not None


@pytest.mark.parametrize(
    ("reads", "differs"),
    [
        ("kept permanently", "not kept permanently"),
        ("kept permanently", "permanently deleted after 6 years"),
        ("never deleted", "not deleted until 6 years after the contract ends"),
        ("indefinitely", "indefinitely unless consent is withdrawn"),
        ("kept indefinitely", "anonymised after 2 years and kept indefinitely"),
        ("not retained", "not retained unless you make an enquiry"),
        ("until the contract ends", "as long as necessary until the contract ends"),
        ("until no longer needed", "until no longer a customer"),
        ("while the enquiry is live", "while the account is live"),
        ("as required by law", "as required by the Companies Act 2006"),
        ("see retention schedule", "see retention schedule RS-04"),
        ("6 years", "6"),
        ("6 years", "6 years old"),
        ("every 30 days overwritten", "backed up every 30 days to tape"),
        ("2 years after last contact", "until last contact"),
        ("as long as necessary", "as long as necessary, at most 6 years"),
        ("review every 2 years", "kept under review"),
        ("6 months", "6/12 months"),
        ("until 31 December 2027", "until 31 December"),
        ("at most 6 years", "at least 6 years"),
        ("in line with the Limitation Act 1980", "in line with the Data Protection Act 2018"),
        ("None", "None of the staff records go before 6 years"),
    ],
)
def test_look_alikes_differ(reads: str, differs: str) -> None:
    one, other = read_retention(reads), read_retention(differs)
    assert (one.kind, one.duration, one.open_ended, one.reference) != (
        other.kind,
        other.duration,
        other.open_ended,
        other.reference,
    )


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("7 years (tax) / 2 years (marketing)", [("P7Y", "", "tax"), ("P2Y", "", "marketing")]),
        (
            "100 days; within 100 days of the service ceasing, sooner if the client asks",
            [("P100D", "", ""), ("P100D", "service_end", "")],
        ),
        ("CVs: 6 months; Contracts: 6 years", [("P6M", "", "cvs"), ("P6Y", "", "contracts")]),
        ("2 years for supplier invoices", [("P2Y", "", "supplier invoices")]),
        ("Payroll records 3 years", [("P3Y", "", "payroll records")]),
        ("Data are kept for 3 years", [("P3Y", "", "")]),
        ("6 years (Limitation Act 1980 s.5)", [("P6Y", "", "")]),
        ("End of contract + 6 years", [("P6Y", "contract_end", "")]),
        (
            "6 years after employment ends (3 years for payroll)",
            [("P6Y", "employment_end", ""), ("P3Y", "employment_end", "payroll")],
        ),
        ("While employed. Then 6 years.", [("P6Y", "employment_end", "")]),
        ("review every 2 years", [("P2Y", "review", "")]),
        ("6 years, reviewed annually", [("P6Y", "", "")]),
        ("as long as necessary", []),
    ],
)
def test_periods_carry_trigger_and_subject(text: str, periods: list[tuple[str, str, str]]) -> None:
    found = read_retention(text).periods
    assert [(one.duration, one.trigger, one.subject) for one in found] == periods


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Retention schedule RS-04", "Retention schedule RS-04"),
        ("See retention schedule RS-04.", "retention schedule RS-04"),
        ("section 7 of the Records Policy v3", "section 7 of the Records Policy v3"),
        ("https://example.org/retention", "https://example.org/retention"),
        ("see \\\\server\\records\\retention.docx", "\\\\server\\records\\retention.docx"),
        ("As per POL/2024/17", "POL/2024/17"),
        ("see Annex B", "Annex B"),
        ("Retention Policy 2023", "Retention Policy 2023"),
        ("as required by the Companies Act 2006 s.386", "Companies Act 2006 s.386"),
        ("as long as necessary under the Limitation Act 1980", "Limitation Act 1980"),
        ("in accordance with our retention schedule", ""),
        ("see policy", ""),
        ("as instructed by the controller", ""),
        ("see annex", ""),
    ],
)
def test_reference_can_be_followed(text: str, reference: str) -> None:
    reading = read_retention(text)
    assert (reading.kind, reading.reference) == ("elsewhere", reference)


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("6 years (Limitation Act 1980 s.5)", True),
        ("as per Companies Act 2006", True),
        ("5 years, Money Laundering Regulations 2017", True),
        ("6 years: SI 2015/621", True),
        ("3 years under the Fisheries Act 2020", True),
        ("as required by law", False),
        ("6 years in line with the Data Protection Act 2018", False),
        ("6 years, Regulation (EU) 2016/679", False),
        ("we act in 2024", False),
        ("statutory", False),
    ],
)
def test_named_law(text: str, law: bool) -> None:  # noqa: FBT001
    assert read_retention(text).law is law


@pytest.mark.parametrize(
    ("text", "archiving"),
    [
        ("permanently, archiving in the public interest", True),
        ("indefinitely (Article 89)", True),
        ("kept indefinitely for historical research purposes", True),
        ("indefinitely", False),
        ("archived after 6 years", False),
    ],
)
def test_archiving(text: str, archiving: bool) -> None:  # noqa: FBT001
    assert read_retention(text).archiving is archiving


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("until 31 December 2027", date(2027, 12, 31)),
        ("until December 2027", date(2027, 12, 31)),
        ("deleted by 1 March 2026", date(2026, 3, 1)),
        ("31/12/2027", date(2027, 12, 31)),
        ("Review date: 1 March 2026", date(2026, 3, 1)),
        ("until 2027", date(2027, 12, 31)),
        ("2027", None),
        ("6 years (Limitation Act 1980)", None),
        ("collected on 1 March 2026", None),
    ],
)
def test_fixed_day(text: str, until: date | None) -> None:
    reading = read_retention(text)
    assert reading.until == until
    assert reading.kind == "fixed" or until is None


@pytest.mark.parametrize(
    ("text", "qualified"),
    [
        ("100 days, sooner if the client asks", True),
        ("6 years, longer if the law requires", True),
        ("2 years unless renewed", True),
        ("6 years", False),
        ("6 years after the contract ends", False),
    ],
)
def test_exceptions_are_told(text: str, qualified: bool) -> None:  # noqa: FBT001
    assert read_retention(text).qualified is qualified


@pytest.mark.parametrize("text", ["2.0", "6", "Leaver + 6", "kept for 6 yeers", "24/7", "12-18"])
def test_number_without_unit_gets_a_hint(text: str) -> None:
    reading = read_retention(text)
    assert reading.kind == "unreadable"
    assert "unit" in reading.problem


@pytest.mark.parametrize("text", ["", "  ", "N/A", "None"])
def test_nothing_is_none(text: str) -> None:
    assert read_retention(text) == Retention("none")


@pytest.mark.parametrize("text", ["TBC", "?", "[insert period]"])
def test_placeholder_is_no_reading(text: str) -> None:
    assert read_retention(text) == Retention("unreadable", problem="a placeholder")


@pytest.mark.parametrize(
    ("duration", "days"),
    [
        ("P1Y", 365),
        ("P12M", 365),
        ("P1M", 30),
        ("P3M", 91),
        ("P6M", 183),
        ("P26M", 791),
        ("P1Y6M", 548),
        ("P2W", 14),
        ("PT24H", 1),
        ("PT12H", 1),
        ("PT36H", 2),
        ("P0D", 0),
        ("P100Y", 36500),
    ],
)
def test_days_of_a_duration(duration: str, days: int) -> None:
    assert read_length(duration).count_days() == days
    assert read_length(duration).format() == duration


@pytest.mark.parametrize(
    ("length", "duration"),
    [
        (Length(years=Fraction(3, 2)), "P18M"),
        (Length(years=Fraction(1, 10)), "P37D"),
        (Length(months=Fraction(1), weeks=Fraction(2)), "P1M14D"),
        (Length(minutes=Fraction(90)), "PT1H30M"),
        (Length(), "P0D"),
    ],
)
def test_odd_lengths_are_written(length: Length, duration: str) -> None:
    assert length.format() == duration


def test_period_says_when_and_for_what() -> None:
    (period,) = read_retention("Payroll: 6 years after the end of the tax year").periods
    assert period == Period("P6Y", 2190, "year_end", "payroll")
