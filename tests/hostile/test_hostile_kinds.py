"""Files that are not what they are called, encrypted ones, and odd workbooks: sheets and cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import open_document_parts as ods
import pytest
from hostile_registers import (
    AS_EVER,
    HEADINGS,
    NEWSLETTER,
    PAYROLL,
    ROWS,
    format_csv,
    found,
    grid,
    parts,
    save,
    save_csv,
    save_document,
    save_rows,
    save_sheet,
    with_texts,
)
from hostile_runs import SECRET, Case, Refused, Run
from old_workbooks import write_compound_file, write_old_workbook
from workbook_parts import MAIN, cell, links_part, members, row, sheet_part

ENCRYPTED = Refused("the workbook is encrypted; open it, remove the password")
HTML = (
    f"<html><body><table><tr><td>Purpose</td></tr><tr><td>{SECRET}</td></tr></table></body></html>"
)
DATED = (*HEADINGS, "Date of last review")


def put(name: str, data: bytes | str) -> Callable[[Path], Path]:
    """Return what writes bytes under a name."""
    return lambda folder: save_csv(folder, data, name)


def as_workbook(name: str) -> Callable[[Path], Path]:
    return lambda folder: save(folder, parts(), name)


def inspect(write: Callable[[Path], Path]) -> Callable[[Path], list[str | Path]]:
    """Return what has the files inspected instead of audited."""
    return lambda folder: ["inspect", write(folder)]


def write_encrypted_document(folder: Path) -> Path:
    manifest = (
        f'<manifest:manifest xmlns:manifest="{ods.SPACES["manifest"]}"><manifest:file-entry '
        'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
        "</manifest:manifest>"
    )
    return ods.pack_document(
        folder / "register.ods", b"\x93\x01\x77", {"META-INF/manifest.xml": manifest.encode()}
    )


def write_no_sheet(folder: Path) -> Path:
    return save(folder, members())


def write_charts_only(folder: Path) -> Path:
    content = members(sheet_part(grid()))
    links = content["xl/_rels/workbook.xml.rels"]
    content["xl/_rels/workbook.xml.rels"] = links.replace(b'/worksheet"', b'/chartsheet"')
    content["xl/worksheets/sheet1.xml"] = f'<chartsheet xmlns="{MAIN}"/>'.encode()
    return save(folder, content)


def hidden(*states: str) -> Callable[[Path], Path]:
    """Return what writes the register in the first sheet and a note in the others."""

    def write(folder: Path) -> Path:
        note = sheet_part(row(1, cell("A1", "7")))
        sheets = [sheet_part(grid()), *[note] * (len(states) - 1)]
        return save(folder, members(*sheets, states=states))

    return write


def named(name: str) -> Callable[[Path], Path]:
    """Return what writes the register in a sheet of this name."""

    def write(folder: Path) -> Path:
        content = members(sheet_part(grid()))
        book = content["xl/workbook.xml"]
        content["xl/workbook.xml"] = book.replace(b'name="S1"', f'name="{name}"'.encode())
        return save(folder, content)

    return write


def with_cells(others: Mapping[str, str]) -> Callable[[Path], Path]:
    """Return what writes the register with some cells of another form."""
    return lambda folder: save_sheet(folder, sheet_part(grid(ROWS, others)))


def formula(place: str, text: str, result: str = "") -> str:
    """Write a cell with a formula; without a result it was never calculated."""
    stored = f"<v>{result}</v>" if result else ""
    return (
        f'<c r="{place}" t="str"><f>{text}</f>{stored}</c>'
        if result
        else f'<c r="{place}"><f>{text}</f></c>'
    )


def dated(*days: str, from_1904: bool = False) -> Callable[[Path], Path]:
    """Return what writes the register with a column of dates, as stored."""

    def write(folder: Path) -> Path:
        rows = [DATED, (*PAYROLL, "x"), (*NEWSLETTER, "x")]
        cells = {
            place: cell(place, day, style=1) for place, day in zip(("J2", "J3"), days, strict=True)
        }
        flag = '<workbookPr date1904="1"/>' if from_1904 else ""
        return save(folder, members(sheet_part(grid(rows, cells)), properties=flag))

    return write


CASES = (
    # -- called otherwise --
    Case("xls as xlsx", put("register.xlsx", write_old_workbook(ROWS)), AS_EVER),
    Case("xlsx as xls", as_workbook("register.xls"), AS_EVER),
    Case("xlsx as csv", as_workbook("register.csv"), AS_EVER),
    Case("xlsx as ods", as_workbook("register.ods"), AS_EVER),
    Case("csv as xlsx", put("register.xlsx", format_csv()), Refused("plain text, such as CSV")),
    Case("html as xls", put("register.xls", HTML), Refused("HTML or XML text")),
    Case("html as csv", put("register.csv", HTML), Refused("HTML or XML text")),
    Case(
        "html of UTF-16 as csv",
        put("register.csv", HTML.encode("utf-16")),
        Refused("HTML or XML text"),
    ),
    Case(
        "program as xlsx",
        put("register.xlsx", b"\x7fELF" + bytes(range(256)) * 20),
        Refused("not a workbook"),
    ),
    Case(
        "archive of text as xlsx",
        lambda folder: save(folder, {"a.txt": b"x"}),
        Refused("an archive without a workbook"),
    ),
    Case("nothing as xlsx", put("register.xlsx", b""), Refused("the file is empty (0 bytes)")),
    Case("nothing as csv", put("register.csv", b""), Refused("the file is empty (0 bytes)")),
    # -- with a password --
    Case(
        "encrypted xlsx",
        put("register.xlsx", write_compound_file("EncryptedPackage", b"\x93" * 5000)),
        ENCRYPTED,
    ),
    Case("encrypted xls", put("register.xls", write_old_workbook(ROWS, encrypted=True)), ENCRYPTED),
    Case("encrypted ods", write_encrypted_document, ENCRYPTED),
    # -- binary workbooks --
    Case(
        "old workbook cut short",
        put("register.xls", write_old_workbook(ROWS)[:2500]),
        Refused("damaged"),
    ),
    Case(
        "old workbook of noise",
        put("register.xls", write_compound_file("Workbook", bytes(range(256)) * 40)),
        Refused("damaged"),
    ),
    Case(
        "old workbook with a cell in the last corner",
        put("register.xls", write_old_workbook(ROWS, far=(65_535, 255))),
        Refused("damaged, or made to do harm"),
    ),
    Case(
        "binary workbook of noise",
        lambda folder: save(
            folder,
            {
                "_rels/.rels": links_part(("officeDocument", "w", "xl/workbook.bin")),
                "xl/workbook.bin": bytes(range(256)) * 40,
            },
            "register.xlsb",
        ),
        Refused("damaged"),
    ),
    # -- sheets --
    Case("no sheet", write_no_sheet, Refused("it has no worksheet")),
    Case(
        "no sheet in a document",
        lambda folder: save_document(folder, ods.content("")),
        Refused("it has no sheet"),
    ),
    Case("only a chart", write_charts_only, Refused("it has no worksheet")),
    Case(
        "an empty sheet",
        lambda folder: save_sheet(folder, sheet_part("")),
        Refused("not a register"),
    ),
    Case("register in a very hidden sheet", hidden("veryHidden", "visible"), AS_EVER),
    Case("all sheets very hidden", hidden("veryHidden"), AS_EVER),
    Case(
        "sheet named with quotes and signs",
        named("It's &quot;S&quot; &lt;1&gt; [x]:*?/\\"),
        AS_EVER,
    ),
    Case("sheet name of 300 letters", named("N" * 300), AS_EVER),
    Case("sheet named as a formula", named("=HYPERLINK(&quot;http://example.org&quot;)"), AS_EVER),
    Case("sheet named with controls", named("a&#9;&#10;b &#x202e;c"), AS_EVER),
    Case("sheet without a name", named(""), AS_EVER),
    Case(
        "refusal that names a hostile sheet",
        lambda folder: save(
            folder,
            {
                **(content := members(sheet_part(row(1, cell("A0", "1"))))),
                "xl/workbook.xml": content["xl/workbook.xml"].replace(
                    b'name="S1"', b'name="&#10;&#x202e;&#x9b;31m' + b"N" * 5000 + b'"'
                ),
            },
        ),
        Refused("its cells are damaged"),
    ),
    # -- formulas --
    Case(
        "circular formulas without a result",
        with_cells({"G2": formula("G2", "G2"), "H2": formula("H2", "G2+H2")}),
        found(("GOV-08", "G2"), ("GOV-08", "H2")),
    ),
    Case(
        "formula never calculated", with_cells({"B2": formula("B2", "A2")}), found(("GOV-08", "B2"))
    ),
    Case(
        "formula with a result", with_cells({"B2": formula("B2", "A2", "Pay the staff")}), AS_EVER
    ),
    Case(
        "calls to programs and links in formulas",
        with_cells(
            {
                "B2": formula("B2", "cmd|&apos;/c calc&apos;!A1", "Pay the staff"),
                "E2": formula("E2", "HYPERLINK(&quot;http://example.org&quot;)", "Payroll bureau"),
                "B3": formula("B3", "WEBSERVICE(&quot;http://example.org&quot;)", "Send the news"),
            }
        ),
        AS_EVER,
    ),
    Case(
        "every cell of an activity is #REF!",
        with_cells({f"{one}2": cell(f"{one}2", "#REF!", "e") for one in "ABCDEFGHI"}),
        found(*(("GOV-08", f"{one}2") for one in "ABCDEFGHI")),
    ),
    Case(
        "every cell is #REF!",
        with_cells(
            {f"{one}{n}": cell(f"{one}{n}", "#REF!", "e") for one in "ABCDEFGHI" for n in (1, 2, 3)}
        ),
        Refused("not a register"),
    ),
    Case("#REF! as a text", lambda folder: save_rows(folder, with_texts({"B2": "#REF!"})), AS_EVER),
    Case(
        "#REF! in a text file",
        lambda folder: save_csv(folder, format_csv(with_texts({"B2": "#REF!"}))),
        found(("GOV-08", "B2")),
    ),
    # -- dates --
    Case(
        "dates before 1900 and past 9999",
        dated("-5", "2958466"),
        found(("GOV-06", "J2"), ("GOV-08", "J3")),
    ),
    Case("day 60 of 1900, which never was", dated("60", "45000"), found(("GOV-06", "J2"))),
    Case("dates from 1904 on", dated("43908", "0", from_1904=True), found(("GOV-06", "J3"))),
    Case(
        "dates that are no numbers",
        dated("1e999", "NaN"),
        found(("GOV-08", "J2"), ("GOV-06", "J3")),
    ),
    Case(
        "register of one cell",
        lambda folder: save_rows(folder, [["Purpose"]]),
        Refused("not a register"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hostile_kinds(case: Case, try_case: Callable[[Case], Run]) -> None:
    try_case(case)
