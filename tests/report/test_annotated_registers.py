"""The inputs of an audit, annotated: every finding stands where the audit says."""

from __future__ import annotations

import csv
import re
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

import ropa
from ropa.errors import OutputError
from ropa.report.annotated import annotate_register, build_annotated, link_places

SAMPLES = Path("data/samples")
NAMES = sorted(path.name for path in SAMPLES.glob("*.xlsx"))
SAMPLE = SAMPLES / "telephone-answering-service.xlsx"
DAY = "2026-09-30"


@cache
def audit_sample(name: str) -> ropa.Audit:
    return audit(SAMPLES / name)


def audit(*paths: Path) -> ropa.Audit:
    return ropa.audit(ropa.load(list(paths)), as_of=DAY)


def notes(data: bytes) -> dict[tuple[str, str], str]:
    book = openpyxl.load_workbook(BytesIO(data))
    return {
        (sheet.title, cell.coordinate): cell.comment.text
        for sheet in book
        for row in sheet
        for cell in row
        if cell.comment
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_finding_of_a_sample_stands_in_its_cell(name: str) -> None:
    one = audit_sample(name)
    files = annotate_register(one)
    assert list(files) == ["annotated.xlsx"]
    found = notes(files["annotated.xlsx"])
    rows = one.findings
    for sheet, cell, rule, message, remedy in zip(
        *(rows[key] for key in ("sheet", "cell", "rule", "message", "remedy")), strict=True
    ):
        text = found[sheet, cell]
        assert f"  {rule} " in text
        assert message in text
        assert f"To do: {remedy}" in text
    assert set(found) == set(zip(rows["sheet"], rows["cell"], strict=True))


def test_the_annotated_sample_reads_as_the_sample(tmp_path: Path) -> None:
    one = audit_sample(SAMPLE.name)
    path = tmp_path / SAMPLE.name
    path.write_bytes(annotate_register(one)["annotated.xlsx"])
    again = audit(path)
    assert again.findings.equals(one.findings)
    assert again.register.inputs[0].sha256 != one.register.inputs[0].sha256


def test_links_lead_to_each_finding() -> None:
    one = audit_sample(SAMPLE.name)
    places = link_places(one)
    assert list(places.columns) == ["id", "file", "sheet", "cell"]
    assert places["id"].tolist() == one.findings["id"].tolist()
    assert places["cell"].tolist() == one.findings["cell"].tolist()
    assert set(places["file"]) == {"annotated.xlsx"}


def test_an_input_that_changed_or_went_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(SAMPLE.read_bytes())
    one = audit(path)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(OutputError, match=r"^a\.xlsx: has changed since it was read: run"):
        annotate_register(one)
    path.unlink()
    with pytest.raises(OutputError, match=r"^a\.xlsx: cannot be read again: put it back"):
        link_places(one)


def test_several_workbooks_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    paths = [tmp_path / "a.xlsx", tmp_path / "b" / "c.xlsx"]
    for path, name in zip(paths, ("online-community.xlsx", "trade-association.xlsx"), strict=True):
        path.write_bytes((SAMPLES / name).read_bytes())
    one = audit(*paths)
    made = build_annotated(one)
    assert list(made.files) == ["annotated/a.xlsx", "annotated/b/c.xlsx"]
    for file, data in made.files.items():
        rows = one.findings[one.findings["file"] == file.removeprefix("annotated/")]
        assert len(rows)
        assert set(notes(data)) == set(zip(rows["sheet"], rows["cell"], strict=True))
    assert set(made.places["file"]) == set(made.files)


def test_a_workbook_with_macros_keeps_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsm"
    plain, macros = (
        f"application/vnd.{one}.main+xml".encode()
        for one in (
            "openxmlformats-officedocument.spreadsheetml.sheet",
            "ms-excel.sheet.macroEnabled",
        )
    )
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(plain, macros))
        new.writestr("xl/vbaProject.bin", b"\0macros")
    files = annotate_register(audit(path))
    assert list(files) == ["annotated.xlsm"]
    with zipfile.ZipFile(BytesIO(files["annotated.xlsm"])) as made:
        assert made.read("xl/vbaProject.bin") == b"\0macros"


def write_csv(path: Path) -> Path:
    """Write the activities of the sample as delimited text."""
    book = openpyxl.load_workbook(SAMPLE)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(book["Activities"].iter_rows(values_only=True))
    return path


def test_delimited_text_becomes_a_house_workbook(tmp_path: Path) -> None:
    one = audit(write_csv(tmp_path / "register.csv"))
    made = build_annotated(one)
    assert list(made.files) == ["annotated.xlsx"]
    assert set(made.places["id"]) == set(one.findings["id"])
    found = notes(made.files["annotated.xlsx"])
    said = dict(zip(one.findings["id"], one.findings["message"], strict=True))
    for row in made.places.itertuples(index=False):
        assert said[str(row.id)] in found[str(row.sheet), str(row.cell)]
    assert {place[0] for place in found} <= {"Activities", "Organisation"}


def test_where_no_sheet_can_be_edited_a_house_workbook_is_annotated(tmp_path: Path) -> None:
    """Rows out of order are read, and cannot be marked safely."""
    path = tmp_path / SAMPLE.name
    with zipfile.ZipFile(SAMPLE) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                head, *rows = re.split(rb"(?=<row )|(?=</sheetData>)", data)
                rows[-3:-1] = reversed(rows[-3:-1])
                data = b"".join([head, *rows])
            new.writestr(name, data)
    one = audit(path)
    assert set(one.findings["id"]) == set(audit_sample(SAMPLE.name).findings["id"])
    built = build_annotated(one)
    assert list(built.files) == ["annotated.xlsx"]
    assert built.files["annotated.xlsx"] != path.read_bytes()
    found = notes(built.files["annotated.xlsx"])
    places = built.places.set_index("id")
    assert set(places.index) == set(one.findings["id"])
    for row in one.findings.to_dict("records"):
        sheet, cell = places.loc[row["id"], ["sheet", "cell"]]
        assert row["message"] in found[sheet, cell]
    assert set(found) == set(zip(places["sheet"], places["cell"], strict=True))


def test_text_beside_a_workbook_is_annotated_apart(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes((SAMPLES / "online-community.xlsx").read_bytes())
    one = audit(tmp_path / "a.xlsx", write_csv(tmp_path / "b.csv"))
    made = build_annotated(one)
    assert list(made.files) == ["annotated/a.xlsx", "annotated.xlsx"]
    files = made.places.set_index("id")["file"]
    assert files.index.is_unique
    by_file = one.findings.set_index("id")["file"].map(
        {"a.xlsx": "annotated/a.xlsx", "b.csv": "annotated.xlsx"}
    )
    shared = files.index
    assert (files == by_file.loc[shared]).all()
    assert set(shared) >= set(one.findings.loc[one.findings["file"] == "a.xlsx", "id"])


def test_a_missing_column_is_noted_once_at_the_headings(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(SAMPLE)
    sheet = book["Activities"]
    headings = [cell.value for cell in sheet[1]]
    sheet.delete_cols(headings.index("Security measures") + 1)
    path = tmp_path / "register.xlsx"
    book.save(path)
    one = audit(path)
    ranges = one.findings[one.findings["cell"].str.contains(":")]
    assert len(ranges)
    found = notes(annotate_register(one)["annotated.xlsx"])
    for row in ranges.itertuples(index=False):
        first = str(row.cell).split(":")[0]
        assert str(row.message) in found[str(row.sheet), first]
        assert sum(str(row.message) in text for text in found.values()) == 1
