"""findings.xlsx: all columns, live links, drop-downs, and text that stays text."""

import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from build_samples import SAMPLES
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet
from registers import clean_source, patch_source, to_register

import ropa
from ropa.auditing import audit_register
from ropa.findings import COLUMNS, SEVERITIES
from ropa.previous import decisions
from ropa.report import findings_workbook
from ropa.report.annotated import link_places
from ropa.report.findings_workbook import write_findings_workbook
from ropa.results import Result
from ropa.rules.case import Case
from ropa.rules.catalogue import Rule, rule
from ropa.rules.hits import make_hits

NAME = "call-handling-provider"
SHEETS = [
    *("Summary", "Findings", "Completeness", "By activity", "Transfers", "Recipients"),
    *("Screening", "Not evaluated", "Activities", "Method"),
]
HEADINGS = {
    "Severity": "severity",
    "Rule": "rule",
    "Defect": "name",
    "ID": "activity_id",
    "Activity": "activity",
    "Field": "field",
    "Subject": "subject",
    "What is wrong": "message",
    "Cell says": "value",
    "Cell": "cell",
    "Provision": "provision",
    "What to write instead": "remedy",
    "Duty": "duty",
    "Regime": "regime",
    "Status": "status",
    "Owner": "owner",
    "Due date": "due",
    "Decision": "decision",
    "Remark": "remark",
    "File": "file",
    "Sheet": "sheet",
    "Finding id": "id",
}


@pytest.fixture(scope="module")
def result() -> Result:
    return ropa.audit(ropa.load(SAMPLES / f"{NAME}.xlsx"), as_of="2026-09-30")


@pytest.fixture(scope="module")
def data(result: Result) -> bytes:
    return write_findings_workbook(result, link_places(result))


@pytest.fixture(scope="module")
def book(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def sheet_of(book: openpyxl.Workbook, name: str) -> Worksheet:
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def list_values(sheet: Worksheet) -> list[list[object]]:
    rows = sheet.iter_rows(values_only=True)
    return [["" if one is None else one for one in row] for row in rows]


def find_column(sheet: Worksheet, heading: str) -> int:
    """Return the number of the column below a heading."""
    return list_values(sheet)[0].index(heading) + 1


def read_findings(book: openpyxl.Workbook) -> list[dict[str, object]]:
    """Return the rows of the findings sheet by the names of the columns."""
    headings, *rows = list_values(sheet_of(book, "Findings"))
    return [
        {HEADINGS[str(heading)]: value for heading, value in zip(headings, row, strict=True)}
        for row in rows
    ]


def test_the_workbook_has_its_sheets(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS


def test_every_column_of_a_finding_is_there(book: openpyxl.Workbook, result: Result) -> None:
    headings = list_values(sheet_of(book, "Findings"))[0]
    assert sorted(map(str, headings)) == sorted(HEADINGS)
    assert sorted(HEADINGS.values()) == sorted(COLUMNS)
    rows = read_findings(book)
    expected = result.findings.to_dict("records")
    assert len(rows) == len(expected) > 100
    for row, finding in zip(rows, expected, strict=True):
        shown = {str(key): value for key, value in finding.items()}
        for column in ("name", "field"):
            shown[column] = str(finding[column]).replace("_", " ")
        assert row == shown


def test_every_link_leads_to_the_cell_that_the_finding_quotes(book: openpyxl.Workbook) -> None:
    inputs = openpyxl.load_workbook(SAMPLES / f"{NAME}.xlsx")
    sheet = sheet_of(book, "Findings")
    column = find_column(sheet, "Cell")
    for number, row in enumerate(read_findings(book), start=2):
        link = sheet.cell(number, column).hyperlink
        assert link is not None
        assert link.target == "annotated.xlsx"
        place = re.fullmatch(r"'([^']+)'!([A-Z]+[0-9]+)", str(link.location))
        assert place
        assert place[1] == row["sheet"]
        assert place[2] == row["cell"]
        found = sheet_of(inputs, place[1]).cell(*coordinate_to_tuple(place[2])).value
        if row["value"]:
            assert str(found)[:200] == row["value"]
    others = [
        (one.title, cell.hyperlink.target, cell.hyperlink.location)
        for one in book.worksheets
        for cells in one.iter_rows()
        for cell in cells
        if cell.hyperlink and (one.title, cell.column) != ("Findings", column)
    ]
    # The cover leads to the workbook's own sheets, and nothing else is linked.
    assert others == [("Summary", None, f"'{name}'!A1") for name in SHEETS[1:]]


def test_owners_choose_from_lists_and_dates(book: openpyxl.Workbook, result: Result) -> None:
    sheet = sheet_of(book, "Findings")
    last = len(result.findings) + 1
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    letters = {
        heading: get_column_letter(find_column(sheet, heading))
        for heading in ("Decision", "Due date")
    }
    decision = rules[f"{letters['Decision']}2:{letters['Decision']}{last}"]
    assert (decision.type, decision.formula1) == ("list", f'"{",".join(decisions())}"')
    due = rules[f"{letters['Due date']}2:{letters['Due date']}{last}"]
    assert due.type == "date"
    assert decision.allow_blank
    assert due.allow_blank


def test_the_findings_can_be_filtered_and_stay_in_sight(
    book: openpyxl.Workbook, result: Result
) -> None:
    sheet = sheet_of(book, "Findings")
    last = get_column_letter(len(HEADINGS))
    assert sheet.auto_filter.ref == f"A1:{last}{len(result.findings) + 1}"
    assert sheet.freeze_panes
    assert sheet.print_title_rows == "$1:$1"


def test_the_summary_counts(book: openpyxl.Workbook, result: Result) -> None:
    rows = list_values(sheet_of(book, "Summary"))
    pairs = {str(row[0]): row[1] for row in rows}
    severities = list(result.findings["severity"])
    assert {one: pairs.get(one) or 0 for one in SEVERITIES} == {
        one: severities.count(one) for one in SEVERITIES
    }
    families = [str(code)[:3] for code in result.findings["rule"]]
    assert {one: pairs[one] for one in set(families)} == Counter(families)


def test_completeness_and_method(book: openpyxl.Workbook, result: Result) -> None:
    assert isinstance(result, ropa.Audit)
    summary = result.summary()
    rows = list_values(sheet_of(book, "Completeness"))
    assert rows[0] == ["Article", "Item", "Stated", "None", "Gap", "Records"]
    columns = ["item", "stated", "none", "gap", "total"]
    expected = summary.completeness[columns].to_numpy().tolist()
    assert [[row[0], *row[2:]] for row in rows[1:]] == expected
    assert all(row[1] for row in rows)
    method = {str(row[0]): row[1] for row in list_values(sheet_of(book, "Method"))}
    assert method["Judged as of"] == "2026-09-30"
    assert method["Law tables SHA-256"] == result.law.sha256
    assert method[f"Input {NAME}.xlsx SHA-256"] == result.register.inputs[0].sha256


def test_what_was_not_evaluated_is_listed() -> None:
    register = ropa.load(SAMPLES / "telecoms-provider.xlsx")
    early = ropa.audit(register, as_of="2018-05-24", rules=["LAW"])
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(early)))
    rows = list_values(sheet_of(book, "Not evaluated"))
    assert rows[0] == ["Rule", "ID", "Why"]
    assert rows[1:] == early.not_evaluated.to_numpy().tolist()
    assert len(rows) > 5


def test_an_audit_without_findings_is_a_whole_workbook() -> None:
    result = audit_register(to_register(clean_source(), "clean"), as_of=date(2026, 9, 30), rules=[])
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(result)))
    assert book.sheetnames == SHEETS
    assert [sorted(map(str, row)) for row in list_values(sheet_of(book, "Findings"))] == [
        sorted(HEADINGS)
    ]


# -- text stays text ----------------------------------------------------------------------------

NASTY = [
    '=HYPERLINK("https://example.org","click")',
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    "#REF!",
    "007",
    "1e5",
    "TRUE",
    "2026-09-30",
    "https://example.org/",
    "mailto:someone@example.org",
    "<b>bold</b> & more",
    "'quoted",
    "two\nlines",
    "   spaces   ",
]


def make_nasty(texts: list[str]) -> Result:
    """Audit a register with these texts as notes, names, subjects and messages."""
    rows = [
        {"like": "K05", "ID": f"N{number}", "Notes": text, "Activity": text}
        for number, text in enumerate(texts)
    ]
    patch: Mapping[str, object] = {"+activities": rows, "organisation.Name": texts[0]}
    register = to_register(patch_source(clean_source(), patch), "nasty")
    return audit_register(register, as_of=date(2026, 9, 30), rules=[find_notes()])


def find_notes() -> Rule:
    def notes(case: Case) -> pd.DataFrame:
        """Notes are found.

        Why it matters
        --------------
        It matters to the test.

        Remedy
        ------
        Write nothing.

        References
        ----------
        None.
        """
        rows = case.activities[case.activities["activity_id"].str.startswith("N")]
        return make_hits(rows, "notes", rows["notes"] + " is wrong.", subject=rows["notes"])

    return rule("LAW-01", roles="C", severity="low", duty="law")(notes)


def test_text_of_a_register_is_never_a_formula_a_link_or_a_number() -> None:
    result = make_nasty(NASTY)
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(result)))
    sheet = sheet_of(book, "Findings")
    columns = {name: find_column(sheet, heading) for heading, name in HEADINGS.items()}
    seen = []
    for number, finding in enumerate(result.findings.to_dict("records"), start=2):
        for name in ("activity", "subject", "message", "value"):
            cell = sheet.cell(number, columns[name])
            assert isinstance(cell, Cell)
            assert cell.value == finding[name]
            assert cell.data_type == "s"
            assert cell.hyperlink is None
            if str(finding[name]).startswith(("=", "+", "-", "@")):
                assert cell.quotePrefix
        seen.append(finding["value"])
    assert sorted(seen) == sorted(NASTY)
    assert [one.data_type for rows in book["Summary"].iter_rows() for one in rows].count("f") == 0
    values = [one.value for rows in book["Summary"].iter_rows() for one in rows]
    assert NASTY[0] in values


def test_no_part_of_the_workbook_holds_a_formula_or_an_outer_link() -> None:
    with zipfile.ZipFile(BytesIO(_write_linked(make_nasty(NASTY)))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheets = {name: text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")}
    assert [name for name, text in sheets.items() if re.search(r"<f[ >]", text)] == []
    targets = re.findall(r'Target="([^"]+)"[^>]*TargetMode="External"', "".join(parts.values()))
    targets += re.findall(r'TargetMode="External"[^>]*Target="([^"]+)"', "".join(parts.values()))
    assert set(targets) == {"annotated.xlsx"}


def _write_linked(result: Result) -> bytes:
    """Write the workbook with links as if each cell stood in an annotated copy."""
    places = result.findings[["id", "sheet", "cell"]].assign(file="annotated.xlsx")
    return write_findings_workbook(result, places)


def test_characters_that_no_workbook_can_hold_are_left_out() -> None:
    book = openpyxl.load_workbook(
        BytesIO(write_findings_workbook(make_nasty(["a\x00b\x1b[31mc\x07\ufffe", "plain"])))
    )
    values = {row["value"] for row in read_findings(book)}
    assert values == {"ab[31mc", "plain"}


def test_names_of_files_and_sheets_are_quoted_in_links() -> None:
    result = make_nasty(["plain"])
    frames = dict(result.frames)
    frames["findings"] = frames["findings"].assign(file="hr/a b#1?.xlsx", sheet="Bob's sheet")
    changed = Result(result.register, result.as_of, result.law, result.rules, frames)
    places = changed.findings[["id", "file", "sheet", "cell"]]
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(changed, places)))
    sheet = sheet_of(book, "Findings")
    link = sheet.cell(2, find_column(sheet, "Cell")).hyperlink
    assert link is not None
    assert link.target == "hr/a%20b%231%3F.xlsx"
    assert str(link.location).startswith("'Bob''s sheet'!")


# -- many findings ------------------------------------------------------------------------------


def test_past_the_limit_the_most_severe_stay_and_a_line_says_so(
    result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings_workbook, "MOST_ROWS", 10)
    book = openpyxl.load_workbook(BytesIO(write_findings_workbook(result)))
    rows = list_values(sheet_of(book, "Findings"))
    ids = list(result.findings["id"])[:10]
    place = rows[0].index("Finding id")
    assert [row[place] for row in rows[1:11]] == ids
    left = len(result.findings) - 10
    notes = [str(one) for row in rows[11:] for one in row if one]
    assert len(notes) == 1
    assert f"The {left} least severe findings are left out" in notes[0]
    assert "findings.json" in notes[0]
    summary = {str(row[0]): row[1] for row in list_values(sheet_of(book, "Summary"))}
    assert sum(int(str(summary.get(one) or 0)) for one in SEVERITIES) == len(result.findings)


# -- bytes --------------------------------------------------------------------------------------


def test_the_bytes_repeat(result: Result, data: bytes) -> None:
    assert write_findings_workbook(result, link_places(result)) == data


def test_the_bytes_do_not_depend_on_the_process(tmp_path: Path, data: bytes) -> None:
    program = (
        "import sys, ropa\n"
        "from ropa.report.annotated import link_places\n"
        "from ropa.report.findings_workbook import write_findings_workbook\n"
        "audit = ropa.audit(ropa.load(sys.argv[1]), as_of='2026-09-30')\n"
        "open(sys.argv[2], 'wb').write(write_findings_workbook(audit, link_places(audit)))\n"
    )
    sample, target = SAMPLES / f"{NAME}.xlsx", tmp_path / "other.xlsx"
    command = [sys.executable, "-c", program, str(sample), str(target)]
    subprocess.run(command, check=True, env={"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"})
    assert target.read_bytes() == data


def test_the_archive_tells_no_time(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
