"""The names of statutory records: what is one, what only mentions one, and how long it is kept."""

from datetime import date

import pytest
from registers import clean_source, patch_source, to_register

from ropa.auditing import audit_register
from ropa.lawbook import load_law
from ropa.rules.catalogue import select_rules
from ropa.rules.record_kinds import name_excluded, name_kinds, name_mentioned, name_parts
from ropa.rules.statutory_limits import UNLIMITED, measure
from ropa.vocabulary import read_vocabulary

LAW = load_law().rows("statutory_retention")
RECORDS = {row["record"] for row in LAW}
TRIGGERS = {
    row["code"]
    for name in ("retention_triggers", "retention_things")
    for row in read_vocabulary(name)
}
BOUND = {"aml", "mifid", "hazardous"}
PLAIN = {"employer", "record", "company", "private_company", "public_company", ""}


def test_each_code_is_a_record_of_the_law_or_explained() -> None:
    others = {"neutral", "beside", "no_ground", "shows:none", "ground:floor", "ground:ceiling"}
    others |= {"shows:private_company", "shows:public_company"}
    others |= {f"{use}:{sector}" for use in ("sector", "cites") for sector in BOUND}
    for row in read_vocabulary("record_kinds"):
        for code in row["code"].split():
            record = code.removeprefix("in:").removeprefix("not:").removeprefix("event:")
            assert code in others or record.partition("/")[0] in RECORDS, row["term"]


def test_each_code_has_its_note_once() -> None:
    rows = read_vocabulary("record_kinds")
    noted = [row["code"] for row in rows if row["note"]]
    assert sorted(noted) == sorted({row["code"] for row in rows})


def test_each_term_stands_once() -> None:
    terms = [row["term"].casefold() for row in read_vocabulary("record_kinds")]
    codes = {row["term"].casefold(): row["code"] for row in read_vocabulary("record_kinds")}
    twice = {term for term in terms if terms.count(term) > 1}
    assert twice == set(), {term: codes[term] for term in twice}


def test_the_law_names_triggers_and_bindings_that_can_be_read() -> None:
    for row in LAW:
        assert row["shown_by"] in PLAIN | BOUND, row["id"]
        compared = set(row["compared"].split(";")) - {"unstated", ""}
        assert compared <= TRIGGERS, row["id"]
        assert bool(row["shown_by"]) == bool(row["compared"]), row["id"]


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ("Payroll", {"paye"}),
        ("Payroll records", {"paye"}),
        ("Staff payroll administration", {"paye"}),
        ("HR and payroll", {"paye"}),
        ("P60s", {"paye/form"}),
        ("Lohn- und Gehaltsabrechnung", {"paye"}),
        ("Nóminas", {"paye"}),
        ("Pay and hours worked", {"minimum_wage"}),
        ("Right-to-work check copies", {"right_to_work"}),
        ("VAT returns", {"vat"}),
        ("Invoices", {"accounting_private/invoice", "accounting_public/invoice"}),
        ("KYC checks", {"due_diligence"}),
        # near misses
        ("Bank details for payroll", set()),
        ("Payroll bank details", set()),
        ("Payroll giving", set()),
        ("Payroll number", set()),
        ("Client payroll", set()),
        ("VAT number", set()),
        ("Name on the invoice", set()),
        ("User accounts", set()),
        ("Account records", set()),
        ("Timesheets", set()),
        ("Opt-out notices", set()),
        ("Workplace pension opt-outs", set()),
        ("Road traffic accident reports", set()),
        ("Supplier due diligence", set()),
        ("Occupational health reports", set()),
        ("Bank details", set()),
        ("No payroll records", set()),
        ("", set()),
    ],
)
def test_a_name_is_a_record_only_where_it_says_nothing_else(text: str, records: set[str]) -> None:
    assert name_kinds(text) == records


def test_what_is_mentioned_is_more_than_what_is_named() -> None:
    text = "Name, bank details and payslips of everybody who works here"
    assert name_kinds(text) == set()
    assert name_mentioned(text) == {"paye"}


def test_parts_are_records_only_in_their_activity() -> None:
    assert name_kinds("Tax code and national insurance number") == set()
    assert name_parts("Tax code and national insurance number") == {"paye/some"}
    assert name_parts("Tax code and bank details") == set()
    assert name_excluded("Payroll giving") == {"paye"}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2 years", 730),
        ("2 years after the end of the tax year", 730),
        ("2 years. Securely destroyed afterwards.", 730),
        ("Payroll records: 2 years; bank details: 6 months", 730),
        ("Records: 2 years; bank details: 6 months", 730),
        ("Bank details: 6 months; payroll records: 6 years", 2190),
        ("1 year, then 2 years", 1095),
        ("Indefinitely", UNLIMITED),
        # nothing that can be compared
        ("2 years or as required by law", None),
        ("2 years or until claims are settled", None),
        ("2 years, longer if HMRC asks", None),
        ("2 years then archived", None),
        ("Whilst employed; 2 years", None),
        ("Bank details: 6 months", None),
        ("6 years for employees and 6 months for candidates", None),
        ("6 months for payroll and 6 years for pensions", None),
        ("Reviewed every 2 years", None),
        ("Until 31 December 2026", None),
        ("As long as necessary", None),
        ("See the retention schedule", None),
        ("", None),
    ],
)
def test_only_what_is_plain_is_measured(text: str, days: int | None) -> None:
    found = measure(text, "paye")
    assert (found.total if found else None) == days


def find_messages(patch: dict[str, object], day: date) -> list[str]:
    register = to_register(patch_source(clean_source(), patch), "patched")
    result = audit_register(register, as_of=day, rules=select_rules(["RET-07", "RET-08"]))
    return list(result.frames["findings"]["message"])


@pytest.mark.parametrize(
    ("day", "found"), [(date(2021, 3, 31), 0), (date(2021, 4, 1), 1), (date(2026, 9, 30), 1)]
)
def test_the_minimum_wage_period_became_six_years(day: date, found: int) -> None:
    patch: dict[str, object] = {"data_items.K05.Pay and hours worked.Retention": "4 years"}
    assert len(find_messages(patch, day)) == found


def test_the_message_says_what_the_statute_and_the_record_say() -> None:
    patch: dict[str, object] = {
        "organisation.Name": "Quay Road Ltd",
        "data_items.K09.Invoices.Retention": "18 months after the end of the financial year",
    }
    (message,) = find_messages(patch, date(2026, 9, 30))
    assert message == (
        "Accounting records of a private company: the record says 18 months from year end, the "
        "statute at least 3 years from the day they are made (Companies Act 2006 s.388(4)(a); "
        "binds private companies)."
    )


def test_right_to_work_is_called_a_condition() -> None:
    patch: dict[str, object] = {"data_items.K04.Right-to-work check copies.Retention": "1 year"}
    (message,) = find_messages(patch, date(2026, 9, 30))
    assert "at least 2 years from the end of the employment" in message
    assert "binds employers that rely on the statutory excuse" in message
