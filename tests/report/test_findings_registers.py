"""The sheets Transfers, Recipients, By activity and History of findings.xlsx."""

from datetime import date
from io import BytesIO
from typing import cast

import openpyxl
import pytest
from build_samples import SAMPLES
from openpyxl.worksheet.worksheet import Worksheet
from quarters import BOTH, NO_BASIS, Q1, Q2, audit
from registers import clean_source, patch_source, to_register

import ropa
from ropa.auditing import audit_register
from ropa.report.findings_workbook import write_findings_workbook
from ropa.report.sheet_looks import verdict_looks
from ropa.report.transfer_rows import list_transfers
from ropa.results import Result
from ropa.summaries import summarise
from ropa.transfers import judge_transfers

NAME = "telephone-answering-service"


@pytest.fixture(scope="module")
def result() -> Result:
    return ropa.audit(ropa.load(SAMPLES / f"{NAME}.xlsx"), as_of="2026-09-30")


@pytest.fixture(scope="module")
def book(result: Result) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(write_findings_workbook(result)))


def open_book(result: Result) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(write_findings_workbook(result)))


def read_rows(book: openpyxl.Workbook, name: str) -> list[dict[str, object]]:
    sheet = cast("Worksheet", book[name])
    headings, *rows = sheet.iter_rows(values_only=True)
    return [
        {
            str(head): "" if value is None else value
            for head, value in zip(headings, row, strict=True)
        }
        for row in rows
    ]


def test_each_transfer_has_a_row_with_its_verdict_and_cell(
    book: openpyxl.Workbook, result: Result
) -> None:
    names = ("ID", "Recipient", "Country", "Verdict, UK GDPR", "Cell says", "Rules", "Cell")
    rows = [tuple(row[name] for name in names) for row in read_rows(book, "Transfers")]
    shield = "EU-US Privacy Shield"
    assert rows == [
        ("E6", "Mailchimp", "United States", "safeguard lapsed", shield, "TRF-04", "J2"),
        ("E8", "Google Drive", "EU", "adequate", "", "", "J5"),
        ("E8", "Google Drive", "United States", "no safeguard stated", "", "TRF-03", "J5"),
        ("E9", "Google Analytics", "United States", "no safeguard stated", "", "TRF-03", "J7"),
    ]
    findings = result.findings
    places = findings.loc[findings["rule"].isin(["TRF-03", "TRF-04"]), "cell"]
    assert sorted(places) == sorted(str(row[6]) for row in rows if row[5])


def test_verdicts_have_the_colour_of_their_group(book: openpyxl.Workbook) -> None:
    sheet = cast("Worksheet", book["Transfers"])
    column = [cell.value for cell in sheet[1]].index("Verdict, UK GDPR") + 1
    for row in range(2, sheet.max_row + 1):
        cell = sheet.cell(row, column)
        look = verdict_looks()[str(cell.value)]
        assert cell.fill.start_color.rgb == f"00{look.fill}"


def test_a_register_under_both_regimes_has_a_verdict_under_each() -> None:
    register = to_register(clean_source(), "clean")
    result = audit_register(register, as_of=date(2026, 9, 30), regime="both", rules=[])
    rows = list_transfers(result)
    verdicts = judge_transfers(result.register, result.as_of, result.law)
    assert list(rows["key"]) == list(dict.fromkeys(verdicts["key"]))
    assert (rows[["uk", "eu"]] != "").all(axis=None)
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(result)))
    heads = read_rows(book, "Transfers")[0]
    assert {"Verdict, UK GDPR", "Verdict, EU GDPR"} <= heads.keys()


def test_each_recipient_has_one_row_with_what_was_found(
    book: openpyxl.Workbook, result: Result
) -> None:
    rows = {str(row["Recipient"]): row for row in read_rows(book, "Recipients")}
    names = result.register.recipients["recipient"].str.casefold()
    assert sorted(one.casefold() for one in rows) == sorted(set(names))
    drive = rows["Google Drive"]
    assert drive["Countries"] == "EU, United States"
    assert drive["Transfers to it"] == "no working safeguard"
    assert drive["Worst"] == "critical"
    found = result.findings
    own = found[found["subject"].str.startswith("Google Drive") & (found["activity_id"] == "E8")]
    assert drive["Findings"] == len(own) == 3
    assert rows["The clients"]["Findings"] == 0
    assert rows["The clients"]["Worst"] == ""


def test_contracts_are_told_with_where_they_are_missing() -> None:
    source = clean_source()
    rows = [one for one in source.tables["recipients"] if one.get("contract_reference")]
    name, reference = (str(rows[0][one]) for one in ("recipient", "contract_reference"))
    result = audit_register(to_register(source, "clean"), as_of=date(2026, 9, 30), rules=[])
    found = read_rows(
        openpyxl.load_workbook(BytesIO(write_findings_workbook(result))), "Recipients"
    )
    contract = next(str(row["Contract"]) for row in found if row["Recipient"] == name)
    assert reference in contract
    patch = {f"recipients.*.{name}.Contract reference": ""}
    bare = audit_register(
        to_register(patch_source(source, patch), "clean"), as_of=date(2026, 9, 30), rules=[]
    )
    found = read_rows(open_book(bare), "Recipients")
    contract = next(str(row["Contract"]) for row in found if row["Recipient"] == name)
    assert contract == "none recorded"


def test_the_items_of_each_activity_agree_with_the_counts(
    book: openpyxl.Workbook, result: Result
) -> None:
    counts = summarise(result).completeness.set_index("item")
    rows = read_rows(book, "By activity")
    assert [row["ID"] for row in rows] == [f"E{number}" for number in range(1, 12)]
    for head in rows[0]:
        item = head.split(" ")[0]
        if item in counts.index:
            states = [row[head] for row in rows]
            assert states.count("gap") == counts.loc[item, "gap"], item
            assert states.count("stated") == counts.loc[item, "stated"], item
    assert [row["Gaps"] for row in rows] == [list(row.values()).count("gap") for row in rows]
    assert sum(int(str(row["Gaps"])) for row in rows) == counts["gap"].drop("30(1)(a)").sum()


def test_the_history_says_what_each_finding_was() -> None:
    now = audit(Q2, NO_BASIS, previous=audit(Q1, BOTH))
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(now)))
    names = ("As of", "Status", "Rule", "ID")
    rows = sorted(tuple(row[name] for name in names) for row in read_rows(book, "History"))
    assert rows == [
        (Q1, "new", "LAW-01", "K16"),
        (Q1, "new", "PUR-01", "K05"),
        (Q2, "fixed", "PUR-01", "K05"),
        (Q2, "persisting", "LAW-01", "K16"),
    ]


def test_sheets_without_rows_say_why() -> None:
    patch = {"-sheet.Recipients": "", "*.Recipients": "None", "*.Transfers": "None"}
    result = audit_register(
        to_register(patch_source(clean_source(), patch), "c"), as_of=date(2026, 9, 30), rules=[]
    )
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(result)))
    for name, start in (("Transfers", "No transfer is stated"), ("Recipients", "No recipient")):
        texts = [row[0] for row in book[name].iter_rows(min_row=2, values_only=True) if row[0]]
        assert len(texts) == 1
        assert str(texts[0]).startswith(start)
