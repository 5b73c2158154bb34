"""Workbooks of unusual forms, annotated; and what a note says."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import cast

import openpyxl
import pandas as pd
import pytest
from workbook_parts import (
    MAIN,
    OFFICE,
    STRICT,
    STRICT_OFFICE,
    cell,
    links_part,
    members,
    row,
    sheet_part,
    strings_part,
)

from ropa.errors import InputError
from ropa.findings import COLUMNS, SEVERITIES
from ropa.report.annotated import annotate_workbook, workbooks
from ropa.report.annotated.markup import UnusualError


def pack_bytes(parts: Mapping[str, bytes], *, streamed: bool = False) -> bytes:
    data = BytesIO()
    target = cast("BytesIO", _Pipe(data)) if streamed else data
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return data.getvalue()


class _Pipe:
    """A file that cannot seek, so that sizes stand behind the members."""

    def __init__(self, target: BytesIO) -> None:
        self._write = target.write
        self.flush = target.flush

    def write(self, data: bytes) -> int:
        return self._write(data)


def finding(place: str, severity: str = "high", sheet: str = "S1", **values: str) -> dict[str, str]:
    return (
        dict.fromkeys(COLUMNS, "")
        | {"id": place, "rule": "LAW-01", "name": "no_lawful_basis", "status": "new"}
        | {"message": "Nothing is stated.", "remedy": "State it.", "sheet": sheet}
        | {"cell": place, "severity": severity}
        | values
    )


def frame(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(COLUMNS), dtype="str")


def read(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def note(data: bytes, place: str, sheet: str = "S1") -> str:
    with pytest.warns(UserWarning, match="no default style"):
        book = openpyxl.load_workbook(BytesIO(data))
    comment = book[sheet][place].comment
    return comment.text if comment else ""


def sample(rows: str = "", **more: str) -> dict[str, bytes]:
    rows = rows or row(1, cell("A1", "1"), cell("C1", "3")) + row(3, cell("A3", "5"))
    return members(sheet_part(rows, **more), strings=strings_part("<t>x</t>"))


def test_nothing_to_mark_gives_the_file_itself() -> None:
    data = pack_bytes(sample())
    assert annotate_workbook(data, frame()) == data
    assert annotate_workbook(data, frame(finding(""), finding("A1", sheet="Other"))) == data


def test_damaged_bytes_are_refused_in_one_line() -> None:
    with pytest.raises(InputError, match="damaged"):
        annotate_workbook(b"PK\3\4 no archive", frame(finding("A1")))


def test_a_streamed_archive_is_copied() -> None:
    parts = sample()
    data = pack_bytes(parts, streamed=True)
    assert zipfile.ZipFile(BytesIO(data)).infolist()[0].flag_bits & 8
    made = annotate_workbook(data, frame(finding("B1")))
    assert read(made)["xl/workbook.xml"] == parts["xl/workbook.xml"]
    assert note(made, "B1").startswith("HIGH")


def test_macros_stay() -> None:
    parts = sample() | {"xl/vbaProject.bin": b"\0\1macros"}
    assert read(annotate_workbook(pack_bytes(parts), frame(finding("A1"))))[
        "xl/vbaProject.bin"
    ] == (b"\0\1macros")


def test_a_strict_workbook_gets_strict_parts() -> None:
    part = sheet_part(row(1, cell("A1", "1")), namespace=STRICT)
    parts = members(part, office=STRICT_OFFICE, namespace=STRICT)
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(MAIN.encode(), STRICT.encode())
    made = read(annotate_workbook(pack_bytes(parts), frame(finding("A1"))))
    assert STRICT.encode() in made["xl/comments1.xml"]
    assert f"{STRICT_OFFICE}/comments".encode() in made["xl/worksheets/_rels/sheet1.xml.rels"]
    assert f'<legacyDrawing xmlns:r="{STRICT_OFFICE}"'.encode() in made["xl/worksheets/sheet1.xml"]


def test_a_sheet_in_another_encoding_becomes_utf_8() -> None:
    text = sample()["xl/worksheets/sheet1.xml"].decode()
    text = '<?xml version="1.0" encoding="UTF-16"?>' + text.replace("<v>1</v>", "<v>é</v>")
    parts = sample() | {"xl/worksheets/sheet1.xml": text.encode("utf-16")}
    made = read(annotate_workbook(pack_bytes(parts), frame(finding("A1"))))
    new = made["xl/worksheets/sheet1.xml"]
    assert new.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert "<v>é</v>".encode() in new


def test_a_workbook_without_styles_gets_some() -> None:
    parts = sample()
    del parts["xl/styles.xml"]
    parts["xl/_rels/workbook.xml.rels"] = links_part(
        ("worksheet", "s1", "worksheets/sheet1.xml"),
        ("sharedStrings", "sharedStrings", "sharedStrings.xml"),
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"/xl/styles.xml", b"/x")
    made = read(annotate_workbook(pack_bytes(parts), frame(finding("A1"))))
    styles = made["xl/styles.xml"].decode()
    assert styles.count("<fill>") == 3  # the two that are taken for granted, and ours
    assert 'fillId="2"' in styles
    assert b's="1"' in made["xl/worksheets/sheet1.xml"]
    assert b"/styles" in made["xl/_rels/workbook.xml.rels"]
    assert b"/xl/styles.xml" in made["[Content_Types].xml"]


def test_the_first_two_fills_are_never_ours() -> None:
    made = read(annotate_workbook(pack_bytes(sample()), frame(finding("A1"))))
    styles = made["xl/styles.xml"].decode()
    assert '<fills count="3">' in styles
    assert styles.index("gray125") < styles.index('"solid"')
    assert 'fillId="2" applyFill="1"' in styles


def test_an_empty_sheet_gets_its_rows() -> None:
    parts = members(f'<worksheet xmlns="{MAIN}"><sheetData /></worksheet>'.encode())
    made = annotate_workbook(pack_bytes(parts), frame(finding("C4")))
    sheet = read(made)["xl/worksheets/sheet1.xml"].decode()
    assert '<sheetData><row r="4"><c r="C4" s="6"/></row></sheetData><legacyDrawing' in sheet
    assert note(made, "C4").startswith("HIGH")


def test_a_row_without_cells_is_opened() -> None:
    made = annotate_workbook(
        pack_bytes(sample('<row r="2" ht="30" />' + row(3, cell("A3", "1")))),
        frame(finding("B2"), finding("B3")),
    )
    sheet = read(made)["xl/worksheets/sheet1.xml"].decode()
    assert '<row r="2" ht="30"><c r="B2" s="6"/></row><row r="3">' in sheet
    assert '<v>1</v></c><c r="B3" s="6"/></row>' in sheet


@pytest.mark.parametrize(
    "rows",
    [
        row(3, cell("A3", "1")) + row(2, cell("A2", "1")),
        row(1, cell("B1", "1"), cell("A1", "1")),
        row(1, cell("A1", "1")) * 2,
    ],
)
def test_a_sheet_out_of_order_is_left_as_it_is_and_said_to_be(rows: str) -> None:
    parts = members(sheet_part(rows), sheet_part(row(1, cell("A1", "1"))))
    found = frame(finding("A1"), finding("B1"), finding("A1", sheet="S2"))
    made = annotate_workbook(pack_bytes(parts), found)
    assert read(made)["xl/worksheets/sheet1.xml"] == parts["xl/worksheets/sheet1.xml"]
    assert "sheets of an unusual form, not marked: 1." in note(made, "A1", "S2")


def test_text_of_a_register_stays_text() -> None:
    message = "=HYPERLINK(1) <b>&amp; \x07_x0041_ ]]> \u2028"
    made = annotate_workbook(pack_bytes(sample()), frame(finding("A1", message=message)))
    text = read(made)["xl/comments1.xml"].decode()
    assert "=HYPERLINK(1) &lt;b&gt;&amp;amp; _x005F_x0041_ ]]&gt; \u2028" in text
    assert "\n=HYPERLINK(1) <b>&amp; " in note(made, "A1")


def test_the_worst_finding_stands_first_and_gives_the_colour() -> None:
    found = frame(finding("A1", "low"), finding("A1", "critical"), finding("C1", "critical"))
    made = annotate_workbook(pack_bytes(sample()), found)
    with pytest.warns(UserWarning, match="no default style"):
        sheet = openpyxl.load_workbook(BytesIO(made))["S1"]
    assert note(made, "A1").index("CRITICAL") < note(made, "A1").index("LOW")
    assert sheet["A1"].fill.fgColor.rgb == sheet["C1"].fill.fgColor.rgb


def test_each_severity_has_a_colour_of_its_own() -> None:
    places = dict(zip("ABCDE", SEVERITIES, strict=True))
    found = frame(*(finding(f"{letter}1", one) for letter, one in places.items()))
    made = annotate_workbook(pack_bytes(sample()), found)
    with pytest.warns(UserWarning, match="no default style"):
        sheet = openpyxl.load_workbook(BytesIO(made))["S1"]
    assert len({sheet[f"{letter}1"].fill.fgColor.rgb for letter in places}) == 5


def test_an_accepted_risk_is_no_alarm() -> None:
    found = frame(
        finding("A1", "critical", status="waived"),
        finding("C1", "critical", status="waived"),
        finding("C1", "low"),
        finding("A3", "low"),
    )
    made = annotate_workbook(pack_bytes(sample()), found)
    with pytest.warns(UserWarning, match="no default style"):
        sheet = openpyxl.load_workbook(BytesIO(made))["S1"]
    colours = [sheet[place].fill.fgColor.rgb for place in ("A1", "C1", "A3")]
    assert colours[0] != colours[1] == colours[2]
    assert note(made, "A1").startswith("CRITICAL, accepted risk  LAW-01")
    assert note(made, "C1").startswith("LOW  LAW-01")


def test_a_cell_with_very_many_findings_says_how_many_are_left_out() -> None:
    found = frame(*(finding("A1", message=f"{at:03} {'x' * 300}") for at in range(100)))
    text = note(annotate_workbook(pack_bytes(sample()), found), "A1")
    shown = text.count("LAW-01")
    assert 10 < shown < 30
    assert f"and {100 - shown} more, listed in findings.xlsx" in text


def test_past_the_most_notes_cells_are_only_coloured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_NOTES", 3)
    places = ["A1", "B1", "C1", "A3", "B3"]
    levels = ["low", "low", "high", "critical", "low"]
    found = frame(*map(finding, places, levels))
    made = annotate_workbook(pack_bytes(sample()), found)
    noted = {place for place in places if note(made, place)}
    assert noted == {"A1", "C1", "A3"}  # the first, which says so, and the worst
    assert "less severe cells, coloured without a note (at most 3 have one): 2." in note(made, "A1")
    assert read(made)["xl/worksheets/sheet1.xml"].count(b' s="') == 5


def test_many_notes_have_shapes_of_different_numbers() -> None:
    found = frame(*(finding(f"A{number}") for number in range(1, 1501)))
    made = annotate_workbook(pack_bytes(sample()), found)
    drawing = read(made)["xl/drawings/vmlDrawing1.vml"].decode()
    numbers = {one.split('"')[0] for one in drawing.split('<v:shape id="_x0000_s')[1:]}
    assert len(numbers) == 1500
    assert 'data="1,2"' in drawing
    assert {int(number) // 1024 for number in numbers} == {1, 2}


def test_a_note_of_runs_and_guides_is_extended_in_order() -> None:
    inside = '<r><t>Old</t></r><rPh sb="0" eb="1"><t>guide</t></rPh><phoneticPr fontId="0"/>'
    parts = sample()
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = links_part(("comments", "c", "../notes.xml"))
    parts["xl/notes.xml"] = (
        (
            f'<y:comments xmlns:y="{MAIN}"><y:authors/><y:commentList><y:comment ref="A1" '
            f'authorId="0"><y:text>{inside}</y:text></y:comment></y:commentList></y:comments>'
        )
        .replace("<r>", "<y:r>")
        .replace("</r>", "</y:r>")
        .replace("<t>", "<y:t>")
        .replace("</t>", "</y:t>")
        .replace("<rPh", "<y:rPh")
        .replace("</rPh", "</y:rPh")
        .replace("<phon", "<y:phon")
        .encode()
    )
    made = read(annotate_workbook(pack_bytes(parts), frame(finding("A1"), finding("C1"))))
    text = made["xl/notes.xml"].decode()
    assert text.index("Old") < text.index("Nothing is stated.") < text.index("guide")
    assert "<y:authors><y:author>ropa</y:author></y:authors>" in text
    assert '<y:comment ref="C1" authorId="0" shapeId="0">' in text


def test_a_note_beside_the_last_column_stays_on_the_sheet() -> None:
    made = read(annotate_workbook(pack_bytes(sample()), frame(finding("XFD1048576"))))
    anchor = made["xl/drawings/vmlDrawing1.vml"].split(b"<x:Anchor>")[1].split(b"</x:Anchor>")[0]
    edges = [int(one) for one in anchor.split(b",")]
    assert max(edges[0], edges[4]) == 16_383
    assert max(edges[2], edges[6]) == 1_048_575


@pytest.mark.parametrize("drawing", [b"", b"<xml><v:shape></xm", None])
def test_a_drawing_that_cannot_be_extended_is_left_as_it_is(drawing: bytes | None) -> None:
    after = f'<legacyDrawing xmlns:r="{OFFICE}" r:id="d"/>'
    parts = members(
        sheet_part(row(1, cell("A1", "1")), after=after), sheet_part(row(1, cell("A1", "1")))
    )
    if drawing is not None:
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = links_part(("vmlDrawing", "d", "../d.vml"))
        parts["xl/d.vml"] = drawing
    found = frame(finding("A1"), finding("A1", sheet="S2"))
    made = annotate_workbook(pack_bytes(parts), found)
    assert read(made)["xl/worksheets/sheet1.xml"] == parts["xl/worksheets/sheet1.xml"]
    assert "sheets of an unusual form, not marked: 1." in note(made, "A1", "S2")


def test_sizes_that_are_none_do_no_harm() -> None:
    before = (
        '<sheetFormatPr defaultRowHeight="nan"/><cols><col min="1" max="2" width="inf"/></cols>'
    )
    rows = row(1, cell("A1", "1"), attributes=' ht="1e999"')
    made = annotate_workbook(pack_bytes(sample(rows, before=before)), frame(finding("A1")))
    assert note(made, "A1").startswith("HIGH")


def test_a_number_past_all_sense_is_no_row() -> None:
    rows = f'<row r="{"9" * 5000}"><c r="A1"/></row>'
    data = pack_bytes(sample(rows))
    with pytest.raises(UnusualError):
        annotate_workbook(data, frame(finding("A1")))
