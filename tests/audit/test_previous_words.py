"""What owners wrote: dates, decisions and waivers, and the rows that cannot be used."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from filled_sheets import (
    WAIVER,
    append,
    audit_sample,
    copy_row,
    get_words,
    list_problems,
    open_sheet,
    write_reports,
)
from office import convert, needs_office

from ropa.audits import Audit
from ropa.previous import read_previous
from ropa.previous.owners import read_due


@pytest.fixture
def audit() -> Audit:
    return audit_sample()


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return write_reports(tmp_path / "2026-Q3")


# -- due dates and decisions --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("2026-12-31", "2026-12-31"),
        ("31/12/2026", "2026-12-31"),
        ("05/06/2026", "2026-06-05"),
        (" 31 December 2026 ", "2026-12-31"),
        ("31.12.26", "2026-12-31"),
        ("2026-12-31 00:00:00", "2026-12-31"),
        ("20261231", "2026-12-31"),
        ("31 d\u00e9cembre 2026", "2026-12-31"),
    ],
)
def test_a_day_is_read_day_first(typed: str, due: str) -> None:
    assert read_due(typed) == (due, "")


@pytest.mark.parametrize(
    "typed",
    ["12/31/2026", "30/02/2026", "soon", "Q4 2026", "December 2026", "2026", "31/12", "2026-13-45",
     "99999", "12345", "4638", "463870", "46387.5", "by 31/12/2026 or later"],
)  # fmt: skip
def test_what_is_no_single_day_is_kept_and_told(typed: str) -> None:
    due, what = read_due(typed)
    assert due == typed
    assert what == "the due date is no single day: write it as 2026-12-31"


def test_a_bare_day_number_is_read_and_told() -> None:
    due, what = read_due("46387")
    assert due == "2026-12-31"
    assert "bare number" in what
    assert read_due("") == ("", "")


def test_real_dates_are_read_in_any_format(reports: Path) -> None:
    sheet = open_sheet(reports)
    for row, shown in enumerate(
        ["dd/mm/yyyy", "m/d/yy", "d mmm yyyy", "[$-809]dddd d mmmm"], start=2
    ):
        sheet.fill(row, due=date(2026, 6, 5))
        sheet.find(row, "due").number_format = shown
    previous = read_previous(sheet.save())
    assert set(previous.findings["due"]) == {"", "2026-06-05"}
    assert (previous.findings["due"] != "").sum() == 4
    assert list_problems(previous) == []


def test_unread_dates_and_unknown_decisions_are_told_with_their_cells(reports: Path) -> None:
    sheet = open_sheet(reports)
    first = sheet.fill(2, due="next spring", decision="Accept", owner="HR", remark="Secret words")
    sheet.fill(3, due=46387)
    previous = read_previous(sheet.save())
    assert get_words(previous)[first] == ("HR", "next spring", "Accept", "Secret words")
    listed = "accepted, to fix, fixed, not a defect"
    assert list_problems(previous) == [
        (
            "Findings",
            sheet.address(2, "due"),
            "the due date is no single day: write it as 2026-12-31",
        ),
        (
            "Findings",
            sheet.address(2, "decision"),
            f"the decision is none of the list ({listed}): nothing follows from it",
        ),
        (
            "Findings",
            sheet.address(3, "due"),
            read_due("46387")[1],
        ),
    ]
    assert previous.problems["id"].iloc[0] == first
    assert set(previous.problems["file"]) == {"findings.xlsx"}


@pytest.mark.parametrize(
    ("change", "cell", "what"),
    [
        ({"owner": None}, "owner", "the owner is missing"),
        ({"owner": "  "}, "owner", "the owner is missing"),
        ({"remark": None}, "remark", "the remark is missing"),
        ({"due": None}, "due", "the due date is missing"),
        ({"owner": None, "due": None}, "owner", "the owner and due date are missing"),
        (
            {"owner": None, "due": None, "remark": None},
            "owner",
            "the owner, due date and remark are missing",
        ),
        ({"due": "2026-13-45"}, "due", "the due date cannot be read"),
        (
            {"due": "soon", "remark": None},
            "remark",
            "the remark is missing and the due date cannot be read",
        ),
    ],
)
def test_an_acceptance_that_lacks_something_is_no_waiver(
    reports: Path, change: dict[str, object], cell: str, what: str
) -> None:
    sheet = open_sheet(reports)
    key = sheet.fill(2, **(WAIVER | change))
    previous = read_previous(sheet.save())
    assert previous.waivers.empty
    told = [one for one in list_problems(previous) if "no waiver" in one[2]]
    assert told == [("Findings", sheet.address(2, cell), f"no waiver: {what}")]
    assert list(previous.problems["id"].unique()) == [key]


def test_a_decision_other_than_acceptance_needs_nothing_else(reports: Path) -> None:
    sheet = open_sheet(reports)
    for row, decision in enumerate(("to fix", "fixed", "not a defect"), start=2):
        sheet.fill(row, decision=decision)
    previous = read_previous(sheet.save())
    assert list_problems(previous) == []
    assert previous.waivers.empty


# -- rows that cannot be used -------------------------------------------------------------------


def test_rows_without_a_findings_id_are_told(reports: Path, audit: Audit) -> None:
    sheet = open_sheet(reports)
    blank = append(sheet, owner="HR", remark="Another thing that we found.")
    broken = append(sheet, id="0123", **WAIVER)
    expected = [
        ("Findings", sheet.address(blank, "id"), "the row has no finding's id and was not used"),
        ("Findings", sheet.address(broken, "id"), "this is no finding's id: the row was not used"),
    ]
    sheet.save()
    for path in (reports / "findings.xlsx", reports):
        previous = read_previous(path)
        pd.testing.assert_frame_equal(previous.findings, audit.findings)
        assert list_problems(previous) == expected


def test_an_id_that_the_audit_does_not_have_is_told(reports: Path, audit: Audit) -> None:
    sheet = open_sheet(reports)
    sheet.fill(2, id="0" * 12, **WAIVER)
    sheet.save()
    previous = read_previous(reports)
    pd.testing.assert_frame_equal(previous.findings, audit.findings)
    what = "the audit has no finding of this id: the row was not used"
    assert list_problems(previous) == [("Findings", sheet.address(2, "id"), what)]


def test_a_column_sorted_without_the_others_is_told(reports: Path, audit: Audit) -> None:
    sheet = open_sheet(reports)
    last = len(audit.findings) + 1
    sheet.fill(2, **WAIVER)
    one, other = sheet.find(2, "id"), sheet.find(last, "id")
    one.value, other.value = other.value, one.value
    sheet.save()
    previous = read_previous(reports)
    pd.testing.assert_frame_equal(previous.findings, audit.findings)
    places = [
        (cell, "sorted without the others" in what) for _, cell, what in list_problems(previous)
    ]
    assert places == [(one.coordinate, True), (other.coordinate, True)]


def test_what_is_no_rule_or_severity_is_told(reports: Path, audit: Audit) -> None:
    sheet = open_sheet(reports)
    key = sheet.fill(2, severity="Minor")
    sheet.fill(3, status="done")
    sheet.save()
    previous = read_previous(reports / "findings.xlsx")
    assert list(previous.findings["id"]) == list(audit.findings["id"])[2:]
    assert [one[1] for one in list_problems(previous)][1:] == [
        sheet.address(2, "severity"),
        sheet.address(3, "status"),
    ]
    assert key not in set(previous.findings["id"])
    pd.testing.assert_frame_equal(read_previous(reports).findings, audit.findings)


@pytest.mark.parametrize("whole", [True, False])
def test_a_copied_row_counts_where_it_says_the_same(reports: Path, *, whole: bool) -> None:
    sheet = open_sheet(reports)
    key = sheet.fill(2, **WAIVER)
    copy_row(sheet, 2, due="31/12/2026")
    silent = copy_row(sheet, 2, **dict.fromkeys(WAIVER))
    copy_row(sheet, silent)
    sheet.save()
    previous = read_previous(reports / "findings.xlsx" if whole else reports)
    assert get_words(previous) == {key: ("HR", "2026-12-31", "accepted", "Known.")}
    assert previous.findings["id"].is_unique
    assert list_problems(previous) == []


def test_unlike_copies_of_a_row_count_for_nothing(reports: Path) -> None:
    sheet = open_sheet(reports)
    key = sheet.fill(2, **WAIVER)
    copy_row(sheet, 2, remark="Something else.", decision=None)
    sheet.save()
    for path in (reports / "findings.xlsx", reports):
        previous = read_previous(path)
        assert get_words(previous) == {key: ("HR", "2026-12-31", "", "")}
        assert previous.waivers.empty
        said = "several rows bear this finding's id, unlike under {!r}: none counts"
        assert list_problems(previous) == [
            ("Findings", sheet.address(2, "decision"), said.format("Decision")),
            ("Findings", sheet.address(2, "remark"), said.format("Remark")),
        ]


def test_deleted_rows_are_told_and_the_folder_still_has_them(reports: Path, audit: Audit) -> None:
    sheet = open_sheet(reports)
    key = sheet.fill(2, remark="Kept.")
    sheet.sheet.delete_rows(4, 3)
    sheet.save()
    alone, folder = read_previous(reports / "findings.xlsx"), read_previous(reports)
    assert len(alone.findings) == len(audit.findings) - 3
    [(_, _, what)] = list_problems(alone)
    assert what.startswith(f"the sheet holds {len(audit.findings) - 3} of the audit's ")
    assert list(folder.findings["id"]) == list(audit.findings["id"])
    assert get_words(folder) == get_words(alone) == {key: ("", "", "", "Kept.")}
    assert list_problems(folder) == []


def test_cells_that_seem_filled_and_say_nothing_are_told(reports: Path) -> None:
    sheet = open_sheet(reports)
    sheet.find(2, "remark").value = "=1/0"
    sheet.find(3, "owner").value = "#REF!"
    sheet.find(3, "owner").data_type = "e"
    letter = "".join(filter(str.isalpha, sheet.address(5, "owner")))
    sheet.find(5, "owner").value = "HR"
    sheet.sheet.merge_cells(f"{letter}5:{letter}7")
    previous = read_previous(sheet.save())
    assert [one[1:] for one in list_problems(previous)] == [
        (sheet.address(2, "remark"), "it holds a formula without a result: open it and save"),
        (sheet.address(3, "owner"), "it holds an error value, which is no answer"),
        (f"{letter}5", "it is merged with others, which were read as blank: split it"),
    ]
    assert [words[0] for words in get_words(previous).values()] == ["HR"]


@needs_office
def test_of_a_formula_the_result_counts(reports: Path, tmp_path: Path) -> None:
    sheet = open_sheet(reports)
    sheet.find(2, "owner").value = '="Human "&"resources"'
    sheet.find(2, "due").value = "=DATE(2026,12,31)"
    sheet.find(2, "due").number_format = "dd/mm/yyyy"
    key = str(sheet.find(2, "id").value)
    folder = convert([sheet.save()], "xlsx", tmp_path)
    previous = read_previous(folder / "findings.xlsx")
    assert get_words(previous) == {key: ("Human resources", "2026-12-31", "", "")}


def test_a_second_sheet_of_findings_is_told(reports: Path) -> None:
    sheet = open_sheet(reports)
    sheet.book.copy_worksheet(sheet.sheet).title = "Mine"
    previous = read_previous(sheet.save())
    [(where, cell, what)] = list_problems(previous)
    assert (where, cell) == ("Mine", "")
    assert "was not read, only sheet 'Findings' was" in what
