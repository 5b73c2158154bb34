"""An earlier audit read back: its document, its workbook as owners left it, its folder."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from build_samples import SAMPLES
from filled_sheets import (
    SAMPLE,
    WAIVER,
    WORDS,
    Sheet,
    audit_sample,
    get_words,
    list_problems,
    open_sheet,
    why,
    write_reports,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office import convert, needs_office

import ropa
from ropa.audits import Audit
from ropa.findings import COLUMNS
from ropa.previous import PROBLEM_COLUMNS, Previous, read_previous
from ropa.previous.values import decisions, headings

NASTY = (
    "=1+1",
    "+44 1632 960123",
    "-1",
    "@SUM(A1)",
    "#REF!",
    "007",
    "1e5",
    "TRUE",
    "a\nb ",
    " one",
)


@pytest.fixture
def audit() -> Audit:
    return audit_sample()


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return write_reports(tmp_path / "2026-Q3")


# -- as it was written --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["findings.json", "findings.xlsx", ""])
def test_what_was_written_is_read_back_whole(reports: Path, audit: Audit, name: str) -> None:
    previous = read_previous(reports / name)
    pd.testing.assert_frame_equal(previous.findings, audit.findings)
    pd.testing.assert_frame_equal(previous.not_evaluated, audit.not_evaluated)
    assert tuple(previous.findings.columns) == tuple(previous.fixed.columns) == COLUMNS
    assert tuple(previous.problems.columns) == PROBLEM_COLUMNS
    assert previous.problems.empty
    assert previous.waivers.empty
    assert (previous.as_of, previous.regime) == (date(2026, 9, 30), "uk")
    assert previous.version == ropa.__version__
    inputs = [(one.file, one.sha256, one.layout, one.records) for one in previous.inputs]
    own = audit.register.inputs
    assert inputs == [(one.file, one.sha256, one.layout, one.records) for one in own]
    read = reports / (name or "findings.json")
    assert previous.sha256 == hashlib.sha256(read.read_bytes()).hexdigest()


def test_other_samples_read_the_same_from_both_files(tmp_path: Path) -> None:
    for name in ("trade-association", "telecoms-provider"):
        path = SAMPLES / f"{name}.xlsx"
        found = ropa.audit(ropa.load(path), as_of="2026-09-30", rules=["IDN", "RET", "TRF"])
        found.write(tmp_path / path.stem)
        document, workbook = (
            read_previous(tmp_path / path.stem / name)
            for name in ("findings.json", "findings.xlsx")
        )
        pd.testing.assert_frame_equal(document.findings, found.findings)
        pd.testing.assert_frame_equal(workbook.findings, found.findings)
        pd.testing.assert_frame_equal(workbook.not_evaluated, document.not_evaluated)
        assert workbook.inputs == document.inputs


def test_an_audit_without_findings_is_read(tmp_path: Path) -> None:
    ropa.audit(ropa.load(SAMPLE), as_of="2026-09-30", rules=["IDN-07"]).write(tmp_path / "none")
    for name in ("", "findings.json", "findings.xlsx"):
        previous = read_previous(tmp_path / "none" / name)
        assert previous.findings.empty
        assert previous.problems.empty
        assert tuple(previous.findings.columns) == COLUMNS


def test_every_column_has_a_heading_and_every_choice_a_meaning() -> None:
    assert sorted(headings()) == sorted(COLUMNS)
    assert list(decisions()) == ["accepted", "to fix", "fixed", "not a defect"]
    assert list(decisions()) == list(decisions().values())


def test_the_value_says_no_text_and_cannot_be_changed(reports: Path) -> None:
    previous = read_previous(reports)
    count = len(previous.findings)
    assert repr(previous) == f"<Previous as of 2026-09-30: {count} findings, 0 problems>"
    rows = previous.findings
    rows.loc[0, "owner"] = "changed"
    assert previous.findings.loc[0, "owner"] == ""
    with pytest.raises(TypeError):
        previous.frames["findings"] = previous.fixed  # type: ignore[index]


# -- as owners leave it -------------------------------------------------------------------------


def fill_in(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Fill the sheet in as owners do; return what must be read."""
    accepted = {"owner": "Facilities", "decision": "accepted", "remark": "Until the new switch."}
    return {
        sheet.fill(2, **accepted, due=datetime(2026, 12, 31)): (  # noqa: DTZ001 - sheets know no zone
            "Facilities", "2026-12-31", "accepted", "Until the new switch.",
        ),
        sheet.fill(4, owner="HR", due="31/12/2026", decision="to fix"): (
            "HR", "2026-12-31", "to fix", "",
        ),
        sheet.fill(5, remark="=see the minutes", decision="not a defect"): (
            "", "", "not a defect", "=see the minutes",
        ),
        sheet.fill(7, decision="Fixed ", due="2026-12-01"): ("", "2026-12-01", "fixed", ""),
    }  # fmt: skip


def check_words(previous: Previous, audit: Audit, expected: dict[str, tuple[str, ...]]) -> None:
    assert get_words(previous) == expected
    stated = [name for name in COLUMNS if name not in WORDS]
    pd.testing.assert_frame_equal(previous.findings[stated], audit.findings[stated])
    assert list(previous.waivers["id"]) == [
        key for key, words in expected.items() if words[2] == "accepted"
    ]
    assert list_problems(previous) == []


def test_owners_words_come_back_by_finding(reports: Path, audit: Audit) -> None:
    sheet = open_sheet(reports)
    expected = fill_in(sheet)
    check_words(read_previous(sheet.save()), audit, expected)
    folder = read_previous(reports)
    check_words(folder, audit, expected)
    assert folder.sha256 == hashlib.sha256((reports / "findings.xlsx").read_bytes()).hexdigest()
    document = read_previous(reports / "findings.json")
    assert get_words(document) == {}


def sort_rows(sheet: Sheet) -> None:
    first, *rows = sheet.rows()
    sheet.rewrite([first, *sorted(rows, key=lambda row: str(row[-1]))])


def move_columns(sheet: Sheet) -> None:
    sheet.rewrite([row[::-1] for row in sheet.rows()])


def add_blank_rows(sheet: Sheet) -> None:
    sheet.sheet.insert_rows(6, 3)


def add_title(sheet: Sheet) -> None:
    sheet.sheet.insert_rows(1, 2)
    sheet.sheet["A1"] = "Findings of the third quarter"


def add_columns(sheet: Sheet) -> None:
    sheet.sheet.insert_cols(1)
    sheet.sheet.cell(1, 1, "Team")
    sheet.sheet.cell(3, 1, "Reception")


def hide_rows(sheet: Sheet) -> None:
    for number in range(2, 6):
        sheet.sheet.row_dimensions[number].hidden = True
    sheet.sheet.column_dimensions["V"].hidden = True


def add_sheets(sheet: Sheet) -> None:
    sheet.book.create_sheet("Notes", 0)["A1"] = "Finding id"
    sheet.book.create_sheet("Chart data")["B2"] = 42


def rename_sheet(sheet: Sheet) -> None:
    sheet.sheet.title = "Q3 findings (all)"


def repeat_headings(sheet: Sheet) -> None:
    first, *rows = sheet.rows()
    sheet.rewrite([first, *rows[:9], first, *rows[9:]])


def spoil_spelling(sheet: Sheet) -> None:
    for name in ("id", "owner"):
        sheet.sheet.cell(1, sheet.column(name)).value = f" {headings()[name].upper()}  "


def drop_summary(sheet: Sheet) -> None:
    del sheet.book["Summary"]


def drop_method(sheet: Sheet) -> None:
    del sheet.book["Method"]


def leave_a_note(sheet: Sheet) -> None:
    sheet.sheet.cell(sheet.sheet.max_row + 3, 1, "Reviewed in the meeting.")


Edit = Callable[[Sheet], None]
EDITS: list[Edit] = [
    sort_rows, move_columns, add_blank_rows, add_title, add_columns, hide_rows, add_sheets,
    rename_sheet, repeat_headings, spoil_spelling, drop_summary, drop_method, leave_a_note,
]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS, ids=lambda one: one.__name__)
def test_a_workbook_that_was_worked_in_reads_the_same(
    reports: Path, audit: Audit, edit: Edit
) -> None:
    sheet = open_sheet(reports)
    expected = fill_in(sheet)
    edit(sheet)
    sheet.save()
    check_words(read_previous(reports), audit, expected)
    renamed = sheet.save(reports / "Copy of findings (2).xlsx")
    check_words(read_previous(renamed), audit, expected)


@needs_office
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_another_program_saves_the_same(
    reports: Path, audit: Audit, tmp_path: Path, kind: str
) -> None:
    sheet = open_sheet(reports)
    expected = fill_in(sheet)
    for row, text in enumerate(NASTY, start=8):
        expected[sheet.fill(row, remark=text)] = ("", "", "", text)
    check_words(read_previous(sheet.save()), audit, expected)
    folder = convert([sheet.path], kind, tmp_path)
    check_words(read_previous(folder / f"findings.{kind}"), audit, expected)


def test_texts_stay_texts(reports: Path) -> None:
    sheet = open_sheet(reports)
    expected = {
        sheet.fill(row, remark=text, owner=text): (text, "", "", text)
        for row, text in enumerate(NASTY, start=2)
    }
    previous = read_previous(sheet.save())
    assert get_words(previous) == expected
    assert list_problems(previous) == []


remarks = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=60
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(remarks, min_size=8, max_size=40))
def test_any_remark_comes_back_from_both_files(reports: Path, texts: list[str]) -> None:
    sheet = open_sheet(reports)
    for row, text in enumerate(texts, start=2):
        sheet.fill(row, remark=text or None)
    workbook = read_previous(sheet.save(reports / "filled.xlsx"))
    document = json.loads((reports / "findings.json").read_text(encoding="utf-8"))
    for finding, text in zip(document["findings"], texts, strict=False):
        finding["remark"] = text
    path = reports / "filled.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    pd.testing.assert_frame_equal(workbook.findings, read_previous(path).findings)
    blank = [text if text.strip() else "" for text in texts]
    assert list(workbook.findings["remark"].head(len(texts))) == blank


# -- fixed findings, history, rules -------------------------------------------------------------


def test_what_went_before_is_read_from_both_files(reports: Path, audit: Audit) -> None:
    gone = audit.findings.head(3).assign(status="fixed")
    keys = list(audit.findings["id"].head(2))
    events = {keys[0]: [["2026-03-31", "new"], ["2026-06-30", "fixed"], ["2026-09-30", "reopened"]]}
    events[keys[1]] = [["2026-09-30", "new"]]
    document = json.loads((reports / "findings.json").read_text(encoding="utf-8"))
    document |= {"fixed": gone.to_dict("records"), "history": events}
    (reports / "findings.json").write_text(json.dumps(document), encoding="utf-8")
    sheet = open_sheet(reports)
    for name in {"Fixed", "History"}.intersection(sheet.book.sheetnames):
        del sheet.book[name]
    fixed = sheet.book.create_sheet("Fixed")
    fixed.append(list(headings().values()))
    for row in gone.to_dict("records"):
        fixed.append([row[name] for name in headings()])
    history = sheet.book.create_sheet("History")
    history.append(["Finding id", "As of", "Status"])
    for key, pairs in events.items():
        for day, status in pairs[::-1]:
            history.append([key, day, status])
    history.append([keys[0], "2026-03-31", "vanished"])
    sheet.save()
    one, other = (read_previous(reports / name) for name in ("findings.json", "findings.xlsx"))
    pd.testing.assert_frame_equal(one.fixed, gone.reset_index(drop=True))
    pd.testing.assert_frame_equal(other.fixed, one.fixed)
    expected = {key: tuple((day, status) for day, status in pairs) for key, pairs in events.items()}
    assert dict(one.history) == dict(other.history) == expected
    assert one.rules == other.rules == tuple(rule.code for rule in audit.rules)
    assert list_problems(one) == []
    assert [(sheet, cell) for sheet, cell, _ in list_problems(other)] == [("History", "A6")]


# -- a folder -----------------------------------------------------------------------------------


def test_a_workbook_of_another_audit_is_refused(reports: Path) -> None:
    document = json.loads((reports / "findings.json").read_text(encoding="utf-8"))
    document["as_of"] = "2026-06-30"
    (reports / "findings.json").write_text(json.dumps(document), encoding="utf-8")
    open_sheet(reports).save()
    assert why(reports) == (
        "is of another audit than findings.json beside it, as of another day; "
        "give one of the two alone"
    )


def test_a_folder_is_read_with_what_it_has(reports: Path, audit: Audit) -> None:
    (reports / "manifest.json").unlink()
    pd.testing.assert_frame_equal(read_previous(reports).findings, audit.findings)
    (reports / "findings.json").unlink()
    previous = read_previous(reports)
    pd.testing.assert_frame_equal(previous.findings, audit.findings)
    assert previous.file == reports.name
    (reports / "findings.xlsx").unlink()
    assert why(reports).startswith("neither findings.json nor findings.xlsx lies in it; give")


def test_a_document_that_was_changed_is_told(reports: Path, audit: Audit) -> None:
    path = reports / "findings.json"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    previous = read_previous(reports)
    pd.testing.assert_frame_equal(previous.findings, audit.findings)
    assert [what for _, _, what in list_problems(previous)] == [
        "the file was changed since the audit wrote it: it was read as it is now"
    ]


def test_owners_words_of_the_document_are_judged_too(reports: Path) -> None:
    document = json.loads((reports / "findings.json").read_text(encoding="utf-8"))
    document["findings"][3] |= WAIVER | {"owner": ""}
    document["findings"][4] |= WAIVER | {"due": "31/12/2026"}
    (reports / "findings.json").write_text(json.dumps(document), encoding="utf-8")
    previous = read_previous(reports / "findings.json")
    assert list_problems(previous) == [("", "findings[3].owner", "no waiver: the owner is missing")]
    assert list(previous.waivers["id"]) == [document["findings"][4]["id"]]
    assert list(previous.waivers["due"]) == ["2026-12-31"]


def test_findings_of_several_registers_under_one_id_are_told(reports: Path) -> None:
    document = json.loads((reports / "findings.json").read_text(encoding="utf-8"))
    document["findings"].append(document["findings"][0] | {"file": "other.xlsx"})
    (reports / "findings.json").write_text(json.dumps(document), encoding="utf-8")
    previous = read_previous(reports / "findings.json")
    last = len(document["findings"]) - 1
    what = "another finding bears the same id: this one was not used"
    assert list_problems(previous) == [("", f"findings[{last}].id", what)]
    assert previous.findings["id"].is_unique
