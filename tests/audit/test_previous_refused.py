"""Files that are no findings of an earlier audit: one line each, which says what to do."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from filled_sheets import (
    SAMPLE,
    audit_sample,
    open_sheet,
    why,
    write_reports,
)

from ropa.audits import Audit
from ropa.previous import read_previous
from ropa.previous.values import headings

YES: object = True  # a truth value is a number to Python


@pytest.fixture
def audit() -> Audit:
    return audit_sample()


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return write_reports(tmp_path / "2026-Q3")


# -- what is refused ----------------------------------------------------------------------------


def drop(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda document: document.pop(key)


def put(value: object, *keys: str | int) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        holder: Any = document
        for key in keys[:-1]:
            holder = holder[key]
        holder[keys[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (drop("ropa"), "'ropa' is missing"),
        (put(1, "ropa"), "'ropa' is missing"),
        (put("soon", "ropa"), "does not say which version of ropa wrote it"),
        (put("1" * 5000 + ".0", "ropa"), "does not say which version of ropa wrote it"),
        (put("0.99.0", "ropa"), "was written by a later version of ropa than this one"),
        (put("7.0", "ropa"), "was written by a later version of ropa than this one"),
        *((drop(key), f"'{key}' is missing") for key in ("as_of", "findings", "fixed", "history")),
        (put("30/09/2026", "as_of"), "'as_of' is no date"),
        (put("2026-W40-3", "as_of"), "'as_of' is no date"),
        (put("mars", "regime"), "'regime' is none of uk, eu, both"),
        (put({}, "findings"), "'findings' is no list"),
        (put("text", "findings", 2), "'findings[2]' is no object"),
        (put({}, "findings", 2), "'findings[2]' lacks 'activity'"),
        (put("x", "findings", 2, "colour"), "'findings[2]' has 'colour' too"),
        (put(None, "findings", 2, "remark"), "'findings[2].remark' is no text"),
        (put("ABC", "findings", 2, "id"), "'findings[2].id' is none that an audit writes"),
        (put("LAW", "findings", 2, "rule"), "'findings[2].rule' is none that an audit writes"),
        (put("x", "findings", 2, "severity"), "'findings[2].severity' is none that an audit"),
        (put("\ud800", "findings", 2, "remark"), "'findings[2].remark' holds half a character"),
        (put([1], "not_evaluated"), "'not_evaluated[0]' is no object"),
        (put("x", "rules", "codes"), "'rules.codes' is no list"),
        (put(["x"], "rules", "codes"), "'rules.codes[0]' is no rule's code"),
        (put(YES, "inputs", 0, "records"), "'inputs[0].records' is no whole number"),
        (put("x", "inputs", 0, "sha256"), "'inputs[0].sha256' is no SHA-256"),
        (put([], "history", "x"), "'history' is no list of dates and statuses"),
        (put([["2026-09-30"]], "history", "0" * 12), "is no list of dates and statuses"),
        (put([["x", "new"]], "history", "0" * 12), "is no date such as 2026-12-31"),
        (put([["2026-09-30", "x"]], "history", "0" * 12), "is none of new, persisting"),
    ],
)
def test_a_document_of_another_shape_is_refused(
    reports: Path, change: Callable[[dict[str, Any]], None], what: str
) -> None:
    path = reports / "findings.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    assert what in why(path)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "this is no JSON (at line 1, column 1)"),
        (b"{", "this is no JSON (at line 1, column 2)"),
        (b"[]", "it holds no object"),
        (b"{}", "'ropa' is missing"),
        (b'{"ropa": NaN}', "a number in it is none"),
        (b'{"ropa": ' + b"9" * 5000 + b"}", "a number in it is none"),
        (b"\xff\xfe{", "this is no UTF-8 text"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "findings.json"
    path.write_bytes(data)
    assert what in why(path)


def test_a_document_of_an_earlier_patch_or_with_a_mark_is_read(reports: Path) -> None:
    path = reports / "findings.json"
    document = json.loads(path.read_text(encoding="utf-8")) | {"ropa": "0.0.9", "more": 1}
    path.write_text(json.dumps(document), encoding="utf-8-sig")
    assert read_previous(path).version == "0.0.9"


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    assert why(tmp_path / "absent.json") == "there is no such file; check the path"
    assert why(tmp_path / "absent.xlsx") == "there is no such file; check the path"
    assert why(tmp_path / "absent") == "there is no such file; check the path"
    (tmp_path / "report.html").write_text("<p>x", encoding="utf-8")
    assert why(tmp_path / "report.html").startswith("this is no report of findings; give")
    (tmp_path / "findings.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert why(tmp_path / "findings.csv").startswith("no sheet has a column 'Finding id'")
    (tmp_path / "folder.json").mkdir()
    assert why(tmp_path / "folder.json").startswith("neither findings.json nor findings.xlsx")


def test_a_document_that_is_too_large_is_refused(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ropa.previous.documents.MAX_FILE", 2**20)
    (reports / "findings.json").write_bytes(b" " * (2**20 + 1))
    assert why(reports / "findings.json").startswith("the file is larger than 1 MB")


def test_a_register_is_no_findings_workbook() -> None:
    assert why(SAMPLE).startswith("no sheet has a column 'Finding id', so it holds no findings;")


@pytest.mark.parametrize("name", ["id", "remark", "severity"])
def test_a_column_that_was_deleted_is_missed(reports: Path, audit: Audit, name: str) -> None:
    sheet = open_sheet(reports)
    sheet.sheet.delete_cols(sheet.column(name))
    sheet.save()
    heading = headings()[name]
    if name == "id":
        assert why(reports / "findings.xlsx").startswith(f"no sheet has a column {heading!r}")
    else:
        start = f"sheet 'Findings' has no column {heading!r}: put it back"
        assert why(reports / "findings.xlsx").startswith(start)
    if name == "severity":
        pd.testing.assert_frame_equal(read_previous(reports).findings, audit.findings)
    else:
        assert "has" in why(reports)


def test_a_heading_that_stands_twice_is_refused(reports: Path) -> None:
    sheet = open_sheet(reports)
    sheet.sheet.cell(1, sheet.sheet.max_column + 1, "Remark")
    sheet.save()
    for path in (reports, reports / "findings.xlsx"):
        assert why(path) == "sheet 'Findings' has two columns headed 'Remark': keep one of them"


def test_two_sheets_of_findings_under_other_names_are_refused(reports: Path) -> None:
    sheet = open_sheet(reports)
    sheet.book.copy_worksheet(sheet.sheet).title = "Mine"
    sheet.sheet.title = "Yours"
    assert why(sheet.save()) == "sheets 'Yours' and 'Mine' both hold findings; call one 'Findings'"


def test_a_workbook_that_tells_no_date_is_refused(reports: Path, audit: Audit) -> None:
    sheet = open_sheet(reports)
    del sheet.book["Method"], sheet.book["Summary"]
    sheet.save()
    assert why(reports / "findings.xlsx").startswith("sheet 'Method' does not say as of which day")
    pd.testing.assert_frame_equal(read_previous(reports).findings, audit.findings)


def test_a_workbook_of_a_later_version_is_refused(reports: Path) -> None:
    sheet = open_sheet(reports)
    method = sheet.book["Method"]
    assert method["A2"].value == "ropa"
    method["B2"].value = "9.0.0"
    assert why(sheet.save()).startswith("was written by a later version of ropa than this one")
