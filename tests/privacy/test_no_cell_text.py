"""No text of a cell stands on stderr, whatever stops a command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from commands import AS_OF, CALLS, choose_few_rules, stop
from filled_sheets import write_reports
from fuzz_cells import CANARY
from made_rules import make_rule
from open_document_parts import content, pack_document, raw, row, table, value
from workbook_parts import cell, members, pack, sheet_part, strings_part
from workbook_parts import row as write_row

import ropa
from ropa.cli import DEBUG, main
from ropa.errors import RuleFailedWarning
from ropa.rules.case import Case

GRID = (
    ("Purpose", "Data subjects", "Personal data", "Retention", "Recipients", "Lawful basis"),
    ("Pay", "Employees", "Bank details", "6 years", "HMRC", "Contract"),
)


def sheet(rows: str, **more: str) -> dict[str, bytes]:
    return members(sheet_part(rows, **more), strings=strings_part(f"<t>{CANARY}</t>"))


def document(rows: str) -> Callable[[Path], Path]:
    return lambda path: pack_document(path.with_suffix(".ods"), content(table(rows)))


def archive(parts: dict[str, bytes]) -> Callable[[Path], Path]:
    return lambda path: pack(path.with_suffix(".xlsx"), parts)


def text(data: str, suffix: str = ".csv") -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        (path := path.with_suffix(suffix)).write_text(data)
        return path

    return write


A1 = write_row(1, cell("A1", "0", "s"))
UNREADABLE: dict[str, Callable[[Path], Path]] = {
    "a number that is none": archive(sheet(write_row(1, cell("A1", CANARY, "n")))),
    "a place among the strings that is none": archive(sheet(write_row(1, cell("A1", CANARY, "s")))),
    "a truth value that is none": archive(sheet(write_row(1, cell("A1", CANARY, "b")))),
    "an address that is none": archive(sheet(write_row(1, cell(CANARY, "0", "s")))),
    "a kind that is none": archive(sheet(write_row(1, cell("A1", "0", CANARY)))),
    "a row that is none": archive(sheet(A1.replace('r="1"', f'r="{CANARY}"'))),
    "a merged range that is none": archive(
        sheet(A1, after=f'<mergeCells><mergeCell ref="{CANARY}"/></mergeCells>')
    ),
    "markup that is broken": archive(sheet(A1 + f"<{CANARY}>")),
    "an entity": archive(sheet(write_row(1, cell("A1", f"&{CANARY};", "str")))),
    "a text that is too long": archive(
        sheet(write_row(1, f'<c r="A1" t="inlineStr"><is><t>{CANARY * 9_000}</t></is></c>'))
    ),
    "a document's number that is none": document(row(value("float", CANARY))),
    "a document's date that is none": document(row(value("date", CANARY))),
    "a document's count that is none": document(
        row(raw(attributes=f' table:number-columns-repeated="{CANARY}"'))
    ),
    "a document's markup that is broken": document(row(f"<{CANARY}>")),
    "quotes that are not closed": text(f'a,b\n"{CANARY},c\n'),
    "text that is markup": text(f"<html>{CANARY}</html>"),
    "text under another name": text(f"{CANARY},b\n", ".xlsx"),
    "no register": text(f"{CANARY},Price\n{CANARY},2\n"),
    "headings alone": text(",".join((*GRID[0], CANARY)) + "\n"),
    "too few headings": text(f"Purpose,{CANARY}\nPay,{CANARY}\n"),
    "another kind of table": text(
        f"Risk ID,Risk description,Likelihood,Impact,Mitigation,{CANARY}\n1,{CANARY},2,3,4,5\n"
    ),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_is_refused(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = UNREADABLE[case](tmp_path / "made")
    line = stop(capsys, "audit", path, *AS_OF)
    assert line.startswith("made.")
    assert CANARY not in line.lower()


def test_a_register_that_is_given_as_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = text(f"{CANARY},b\n")(tmp_path / "register")
    assert CANARY not in stop(capsys, "audit", CALLS, *AS_OF, "--policy", path)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return write_reports(tmp_path / "reports")


def change_json(reports: Path, change: Callable[[Any], object]) -> Path:
    path = reports / "findings.json"
    document = json.loads(path.read_text("utf-8"))
    change(document)
    path.write_text(json.dumps(document), "utf-8")
    return path


@pytest.mark.parametrize("key", ["severity", "status", "id", "rule", "due", "cell", "value"])
@pytest.mark.parametrize("of", ["old", "wrong"])
def test_an_earlier_audit_that_is_refused(
    key: str, of: str, reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong: object = CANARY if of == "old" else [CANARY]

    def change(document: Any) -> None:  # noqa: ANN401 - JSON
        document["findings"][0][key] = wrong

    path = change_json(reports, change)
    main(["compare", str(path), str(reports / "findings.xlsx")])
    assert CANARY not in capsys.readouterr().err


def test_an_earlier_audit_that_is_cut_short(
    reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = change_json(reports, lambda one: one["findings"][0].update(message=CANARY))
    data = path.read_text("utf-8")
    path.write_text(data[: data.index(CANARY) + 5], "utf-8")
    assert CANARY[:5] not in stop(capsys, "compare", path, path)


@pytest.mark.parametrize("column", range(1, 18))
def test_a_filled_workbook_whose_cells_cannot_be_used(
    column: int, reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.load_workbook(path := reports / "findings.xlsx")
    for place in range(2, 5):
        book["Findings"].cell(place, column).value = f"{CANARY} {place}"
    book.save(path)
    main(["compare", str(path), str(reports / "findings.json")])
    captured = capsys.readouterr()
    assert CANARY not in captured.err
    assert "a fault of ropa itself" not in captured.err


class PanicError(BaseException):
    """As a reader that is not written in Python raises it."""


def fail(error: BaseException) -> Callable[..., None]:
    def run(*_: object, **__: object) -> None:
        raise error

    return run


FAULTS = [
    KeyError(CANARY),
    ValueError(f"no number: {CANARY}"),
    RecursionError(CANARY),
    PanicError(CANARY),
    UnicodeEncodeError("utf-8", CANARY, 0, 1, CANARY),
]


@pytest.mark.parametrize("error", FAULTS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("place", ["load", "audit"])
def test_a_fault_of_our_own(
    error: BaseException,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    choose_few_rules(monkeypatch)
    monkeypatch.setattr(f"ropa.api.{place}", fail(error))
    assert main(["audit", str(CALLS), *AS_OF]) == 2
    captured = capsys.readouterr()
    name = type(error).__name__
    assert captured.out == ""
    assert captured.err.startswith(f"ropa: a fault of ropa itself ({name} in ropa.cli.")
    assert captured.err.count("\n") == 1
    assert CANARY not in captured.err


def test_developers_see_the_traceback_of_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(DEBUG, "1")
    monkeypatch.setattr("ropa.api.load", fail(KeyError(CANARY)))
    assert main(["audit", str(CALLS), *AS_OF]) == 2
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert f"KeyError: '{CANARY}'" in told
    assert told.splitlines()[-1].startswith("ropa: a fault of ropa itself (KeyError")


def test_bad_input_has_no_traceback_for_developers_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(DEBUG, "1")
    assert "no such file" in stop(capsys, "audit", "gone.xlsx", *AS_OF)


def test_tables_that_break_the_data_dictionary(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The check of the tables quotes what is wrong; its text must not come through."""
    import ropa.normalise

    make = ropa.normalise._list_mapping  # noqa: SLF001 - the fault is made where the tables are

    def spoil(*given: Any) -> pd.DataFrame:  # noqa: ANN401 - whatever it is given
        return make(*given).assign(status=CANARY)

    monkeypatch.setattr("ropa.normalise._list_mapping", spoil)
    assert main(["audit", str(CALLS), *AS_OF]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("ropa: a fault of ropa itself (SchemaErrors in ropa.register:")
    assert CANARY not in captured.err + captured.out


def break_off(_: Case) -> pd.DataFrame:
    raise KeyError(CANARY)


def test_a_rule_that_breaks_off(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = make_rule("LAW-01", break_off)
    monkeypatch.setattr("ropa.api.select_rules", lambda _: [broken])
    assert main(["audit", str(CALLS), *AS_OF]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert CANARY not in captured.out
    register = ropa.load(CALLS)
    with pytest.raises(RuleFailedWarning) as caught:
        ropa.audit(register, as_of=AS_OF[1])
    assert CANARY not in str(caught.value)
