"""A workbook as Excel writes it: what is annotated changes, and everything else is left alone."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import warnings
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from office import PROGRAM, needs_office
from workbook_parts import LINKS, MAIN, OFFICE, SHEET_TYPE, TYPES

from ropa.findings import COLUMNS
from ropa.report.annotated import annotate_workbook

VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
RELS = "application/vnd.openxmlformats-package.relationships+xml"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9"
CHANGED = {
    "[Content_Types].xml",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/comments1.xml",
    "xl/drawings/vmlDrawing1.vml",
}
ADDED = ["xl/comments2.xml", "xl/drawings/vmlDrawing2.vml", "xl/worksheets/_rels/sheet2.xml.rels"]

SHEET = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr"
 xmlns:x14ac="{X14}/ac" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"
 xr:uid="{{00000000-0001-0000-0000-000000000000}}"><sheetPr><tabColor rgb="FF1F3A5F"/></sheetPr>
<dimension ref="A1:F8"/><sheetViews><sheetView workbookViewId="0"><pane ySplit="2"
 topLeftCell="A3" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>
<sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/><cols><col min="1" max="1" width="30"
 customWidth="1"/><col min="5" max="6" width="18" style="2" customWidth="1"/></cols><sheetData>
<row r="1" spans="1:4" x14ac:dyDescent="0.25"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1"/>
</row><row r="2" spans="1:4" ht="30" customHeight="1"><c r="A2" s="1" t="s"><v>1</v></c><c r="B2"
 s="1" t="s"><v>2</v></c><c r="C2" s="1" t="s"><v>3</v></c></row><row r="3" spans="1:4"
 hidden="1"><c r="A3" t="s"><v>4</v></c><c r="C3" s="2"><v>45000</v></c></row><row r="4"><c r="A4"
 t="inlineStr"><is><t>a &gt; b > c</t></is></c><c r="B4" s="3"><f>1+1</f><v>2</v></c><c r="C4"
 s="2">
<v>45001</v></c></row><row r="7" s="3" customFormat="1"><c r="D7" t="str"><f>"x"&amp;"y"</f>
<v>xy</v></c></row></sheetData><sheetProtection sheet="1" objects="1"/><autoFilter ref="A2:C4"/>
<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells><conditionalFormatting sqref="B3:B8">
<cfRule type="cellIs" dxfId="0" priority="1" operator="greaterThan"><formula>5</formula></cfRule>
</conditionalFormatting><dataValidations count="1"><dataValidation type="list" sqref="D3:D8">
<formula1>"yes,no"</formula1></dataValidation></dataValidations><hyperlinks><hyperlink ref="A4"
 location="Plain!A1"/></hyperlinks><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75"
 header="0.3" footer="0.3"/><drawing r:id="rId1"/><legacyDrawing r:id="rId2"/><mc:AlternateContent>
<mc:Choice Requires="x14"><controls><mc:AlternateContent><mc:Choice Requires="x14"><control
 shapeId="1025" r:id="rId4" name="Check Box 1"><controlPr defaultSize="0"><anchor><from>
<xdr:col xmlns:xdr="{DRAWING}/spreadsheetDrawing">7</xdr:col></from></anchor></controlPr></control>
</mc:Choice></mc:AlternateContent></controls></mc:Choice></mc:AlternateContent><tableParts
 count="1">
<tablePart r:id="rId5"/></tableParts><extLst><ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}"
 xmlns:x14="{X14}/main"><x14:sparklineGroups
 xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">
<x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Main!B3:B4</xm:f><xm:sqref>F3</xm:sqref>
</x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>
</worksheet>"""

PLAIN = f"""<?xml version="1.0"?>
<x:worksheet xmlns:x="{MAIN}"><x:sheetData><!-- <x:row r="9"> --><x:row><x:c><x:v>1</x:v></x:c>
<x:c><x:v>2</x:v></x:c></x:row><x:row/></x:sheetData><x:pageMargins left="0.7" right="0.7"
 top="0.75" bottom="0.75" header="0.3" footer="0.3"/><x:extLst/></x:worksheet>"""

STRINGS = f"""<sst xmlns="{MAIN}"><si><r><t>Register </t></r><r><rPr><b/></rPr><t>rich</t></r></si>
<si><t>Name</t></si><si><t>Lawful basis</t></si><si><t>Date</t></si>
<si><t xml:space="preserve"> spaced </t></si></sst>"""

STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164"
 formatCode="dd/mm/yyyy;@"/></numFmts><fonts count="2"><font><sz val="11"/><name
 val="Calibri"/></font>
<font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font></fonts><fills
 count="3"><fill>
<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill>
<patternFill patternType="solid"><fgColor rgb="FF1F3A5F"/></patternFill></fill></fills><borders
 count="2">
<border/><border><left style="thin"/></border></borders><cellStyleXfs count="1"><xf numFmtId="0"/>
</cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFill="1"><alignment wrapText="1"/>
</xf><xf numFmtId="164" fontId="0" borderId="0" xfId="0"/><xf numFmtId="9" fontId="0" fillId="0"
 borderId="1" xfId="0" applyProtection="1"><protection locked="0"/></xf></cellXfs><cellStyles
 count="1">
<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="1"><dxf>
<font><color rgb="FF9C0006"/></font></dxf></dxfs></styleSheet>"""

NOTES = f"""<comments xmlns="{MAIN}"><authors><author>Owner</author><author>tc={{1}}</author>
</authors><commentList><comment ref="A4" authorId="0" shapeId="0"><text><t>Ask the owner.</t></text>
</comment><comment ref="C4" authorId="1" shapeId="0"><text><t>[Threaded comment] Old.</t></text>
</comment></commentList></comments>"""

BOXES = """<xml xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:o="urn:schemas-microsoft-com:office:office"
 xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit"
 data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"
 path="m,l,21600r21600,l21600,xe"/><v:shape id="_x0000_s1025" type="#_x0000_t201"
 style="width:60pt">
<v:textbox><div>Agreed<br></div></v:textbox><x:ClientData ObjectType="Checkbox"><x:Anchor>
7, 0, 2, 0, 8, 0, 3, 0</x:Anchor></x:ClientData></v:shape><v:shape id="_x0000_s1026"
 type="#_x0000_t202" style="visibility:hidden"><x:ClientData ObjectType="Note"><x:Anchor>
1, 15, 3, 2, 2, 15, 4, 4</x:Anchor><x:Row>3</x:Row><x:Column>0</x:Column></x:ClientData></v:shape>
</xml>"""

TEXT_BOX = f"""<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main">
<xdr:absoluteAnchor><xdr:pos x="9000000" y="0"/><xdr:ext cx="900000"
 cy="900000"/><xdr:sp><xdr:nvSpPr>
<xdr:cNvPr id="2" name="Box"/><xdr:cNvSpPr
 txBox="1"/></xdr:nvSpPr><xdr:spPr/><xdr:txBody><a:bodyPr/>
<a:p><a:r><a:t>Text box</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData
/></xdr:absoluteAnchor>
</xdr:wsDr>"""

TABLE = f"""<table xmlns="{MAIN}" id="1" name="Table1" displayName="Table1" ref="A2:C4"
 totalsRowShown="0"><autoFilter ref="A2:C4"/><tableColumns count="3"><tableColumn id="1"
 name="Name"/>
<tableColumn id="2" name="Lawful basis"/><tableColumn id="3" name="Date"/></tableColumns></table>"""


def link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def links(*inside: str) -> str:
    return f'<Relationships xmlns="{LINKS}">{"".join(inside)}</Relationships>'


def kind(name: str, content: str) -> str:
    return f'<Override PartName="/{name}" ContentType="{content}"/>'


def parts() -> dict[str, str]:
    types = [
        f'<Default Extension="rels" ContentType="{RELS}"/>',
        f'<Default Extension="vml" ContentType="{VML}"/>',
        kind("xl/workbook.xml", f"{SHEET_TYPE}.sheet.main+xml"),
        kind("xl/worksheets/sheet1.xml", f"{SHEET_TYPE}.worksheet+xml"),
        kind("xl/worksheets/sheet2.xml", f"{SHEET_TYPE}.worksheet+xml"),
        kind("xl/styles.xml", f"{SHEET_TYPE}.styles+xml"),
        kind("xl/sharedStrings.xml", f"{SHEET_TYPE}.sharedStrings+xml"),
        kind("xl/comments1.xml", f"{SHEET_TYPE}.comments+xml"),
        kind("xl/tables/table1.xml", f"{SHEET_TYPE}.table+xml"),
        kind(
            "xl/drawings/drawing1.xml", "application/vnd.openxmlformats-officedocument.drawing+xml"
        ),
        kind("xl/ctrlProps/ctrlProp1.xml", "application/vnd.ms-excel.controlproperties+xml"),
    ]
    return {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}">{"".join(types)}</Types>',
        "_rels/.rels": links(link(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr date1904="1"/>'
        '<sheets><sheet name="Main" sheetId="1" r:id="rId1"/><sheet name="Plain" sheetId="2" '
        'r:id="rId2"/></sheets><definedNames><definedName name="Bases">Main!$B$3:$B$8</definedName>'
        "</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": links(
            link(1, "worksheet", "worksheets/sheet1.xml"),
            link(2, "worksheet", "/xl/worksheets/sheet2.xml"),
            link(3, "styles", "styles.xml"),
            link(4, "sharedStrings", "sharedStrings.xml"),
        ),
        "xl/worksheets/sheet1.xml": SHEET,
        "xl/worksheets/sheet2.xml": PLAIN,
        "xl/worksheets/_rels/sheet1.xml.rels": links(
            link(1, "drawing", "../drawings/drawing1.xml"),
            link(2, "vmlDrawing", "../drawings/vmlDrawing1.vml"),
            link(3, "comments", "../comments1.xml"),
            link(4, "ctrlProp", "../ctrlProps/ctrlProp1.xml"),
            link(5, "table", "../tables/table1.xml"),
        ),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": STRINGS,
        "xl/comments1.xml": NOTES,
        "xl/drawings/vmlDrawing1.vml": BOXES,
        "xl/drawings/drawing1.xml": TEXT_BOX,
        "xl/tables/table1.xml": TABLE,
        "xl/ctrlProps/ctrlProp1.xml": f'<formControlPr xmlns="{X14}/main" objectType="CheckBox"/>',
    }


def pack() -> bytes:
    """Return the workbook, its members of different dates and methods."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for number, (name, part) in enumerate(parts().items()):
            member = zipfile.ZipInfo(name, (2021, 5, 1 + number, 10, 20, 30))
            member.compress_type = zipfile.ZIP_DEFLATED if number % 2 else zipfile.ZIP_STORED
            file.writestr(member, part)
    return data.getvalue()


def findings(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Return findings: sheet, cell, severity."""
    values = [
        dict.fromkeys(COLUMNS, "")
        | {"sheet": sheet, "cell": cell, "severity": severity, "rule": "LAW-01"}
        | {"id": f"{number:012}", "name": "no_lawful_basis", "status": "new"}
        | {"message": f"Wrong in {cell}.", "remedy": "Write it."}
        for number, (sheet, cell, severity) in enumerate(rows)
    ]
    return pd.DataFrame(values, columns=list(COLUMNS), dtype="str")


FINDINGS = findings(
    ("Main", "B1", "medium"),  # merged with A1
    ("Main", "A2:C2", "low"),
    ("Main", "C3", "critical"),
    ("Main", "C3", "info"),
    ("Main", "E3", "high"),  # no such cell, a column with a style
    ("Main", "A4", "high"),  # has a note
    ("Main", "C4", "high"),  # has a conversation
    ("Main", "B6", "medium"),  # no such row
    ("Main", "B7", "low"),  # no such cell, a row with a style
    ("Main", "B8", "low"),  # behind the last row
    ("Main", "", "low"),
    ("Elsewhere", "A1", "low"),
    ("Plain", "B1", "high"),  # cells without references
    ("Plain", "C2", "high"),
)


def read(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def load(data: bytes) -> openpyxl.Workbook:
    with warnings.catch_warnings():  # it says what it would lose on saving
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(BytesIO(data))


@pytest.fixture(scope="module")
def made() -> bytes:
    return annotate_workbook(pack(), FINDINGS)


def test_every_other_part_is_left_as_it_is(made: bytes) -> None:
    old, new = read(pack()), read(made)
    assert list(new) == [*old, *ADDED]
    assert {name for name in old if new[name] != old[name]} == CHANGED


def test_untouched_members_keep_their_bytes_and_dates(made: bytes) -> None:
    old = zipfile.ZipFile(BytesIO(pack()))
    new = zipfile.ZipFile(BytesIO(made))
    for before in old.infolist():
        after = new.getinfo(before.filename)
        assert after.date_time == before.date_time
        if before.filename not in CHANGED:
            assert (after.compress_type, after.compress_size) == (
                before.compress_type,
                before.compress_size,
            )
    assert {new.getinfo(name).date_time for name in ADDED} == {(1980, 1, 1, 0, 0, 0)}


def test_a_sheet_changes_in_its_marked_cells_alone(made: bytes) -> None:
    new = read(made)["xl/worksheets/sheet1.xml"].decode()
    back = new.replace('<c r="A1" s="4"', '<c r="A1" s="1"').replace(
        '<c r="A2" s="5"', '<c r="A2" s="1"'
    )
    assert '<c r="A1" s="4" t="s">' in new
    for added in ('<c r="E3" s="7"/>', '<row r="6"><c r="B6" s="9"/></row>'):
        assert added in back
        back = back.replace(added, "")
    for added in ('<c r="B7" s="10"/>', '<row r="8"><c r="B8" s="11"/></row>'):
        assert added in back
        back = back.replace(added, "")
    back = back.replace('spans="1:5"', 'spans="1:4"', 1)
    back = back.replace('<c r="C3" s="6"', '<c r="C3" s="2"')
    back = back.replace('t="inlineStr" s="8"', 't="inlineStr"')
    back = back.replace('<c r="C4"\n s="7"', '<c r="C4"\n s="2"')
    assert back == SHEET


def test_openpyxl_reads_fills_and_notes_where_they_belong(made: bytes) -> None:
    sheet = load(made)["Main"]
    notes = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert set(notes) == {"A1", "A2", "C3", "E3", "A4", "C4", "B6", "B7", "B8"}
    assert notes["C3"].index("CRITICAL") < notes["C3"].index("INFO")
    assert notes["A4"].startswith("Ask the owner.\n\nHIGH")
    assert "Wrong in A4." in notes["A4"]
    assert notes["C4"] == "[Threaded comment] Old."
    assert "cells with a conversation, coloured without a note: 1." in notes["A1"]
    fills = {cell: sheet[cell].fill.fgColor.rgb for cell in ("C3", "E3", "A4", "C4", "B6", "B8")}
    assert fills["E3"] == fills["A4"] == fills["C4"]
    assert len(set(fills.values())) == 4
    assert sheet["B3"].fill.fill_type is None


def test_a_marked_cell_keeps_its_other_looks(made: bytes) -> None:
    sheet = load(made)["Main"]
    assert sheet["C3"].number_format == sheet["E3"].number_format == "dd/mm/yyyy;@"
    assert sheet["B7"].number_format == "0%"
    assert not sheet["B7"].protection.locked
    assert sheet["B7"].border.left.style == "thin"
    assert sheet["A2"].font.color.rgb == "FFFFFFFF"
    assert sheet["A2"].alignment.wrap_text


def test_light_letters_get_a_dark_fill(made: bytes) -> None:
    sheet = load(made)["Main"]

    def lightness(cell: str) -> int:
        rgb = sheet[cell].fill.fgColor.rgb
        return sum(int(rgb[at : at + 2], 16) for at in (2, 4, 6))

    assert lightness("A2") < 380 < lightness("B8")  # both of low severity


def test_cells_without_references_are_counted(made: bytes) -> None:
    sheet = load(made)["Plain"]
    assert sheet["B1"].comment.text.startswith("HIGH")
    assert sheet["C2"].comment.text.startswith("HIGH")
    assert sheet["B1"].fill.fill_type == "solid"
    assert sheet["A1"].fill.fill_type is None
    text = read(made)["xl/worksheets/sheet2.xml"].decode()
    assert '<!-- <x:row r="9"> -->' in text
    assert '<x:row><x:c r="C2" s="8"/></x:row></x:sheetData>' in text
    assert text.index("<x:pageMargins") < text.index("<x:legacyDrawing") < text.index("<x:extLst")


def test_boxes_have_numbers_of_their_own(made: bytes) -> None:
    files = read(made)
    first = files["xl/drawings/vmlDrawing1.vml"].decode()
    second = files["xl/drawings/vmlDrawing2.vml"].decode()
    assert 'data="1,2"' in first
    assert 'data="3"' in second
    assert first.count('ObjectType="Note"') == 8  # the old one, and one a cell but conversations
    assert '<v:shape id="_x0000_s2049"' in first
    assert '<v:shape id="_x0000_s3073"' in second
    assert "Agreed<br></div>" in first


def test_the_box_of_an_old_note_grows(made: bytes) -> None:
    text = read(made)["xl/drawings/vmlDrawing1.vml"].decode()
    anchor = text.split('id="_x0000_s1026"')[1].split("<x:Anchor>")[1].split("</x:Anchor>")[0]
    edges = [int(one) for one in anchor.split(",")]
    assert edges[:4] == [1, 15, 3, 2]
    assert edges[6] > 4


def test_the_same_findings_give_the_same_bytes_in_any_order(made: bytes) -> None:
    assert annotate_workbook(pack(), FINDINGS.iloc[::-1]) == made


def test_the_bytes_are_the_same_in_another_process(made: bytes) -> None:
    code = (
        "import hashlib; from test_annotated_parts import FINDINGS, annotate_workbook, pack;"
        "print(hashlib.sha256(annotate_workbook(pack(), FINDINGS)).hexdigest())"
    )
    paths = os.pathsep.join([str(Path.cwd()), str(Path(__file__).parent), "tests/support"])
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": paths},
    )
    assert done.stdout.strip() == hashlib.sha256(made).hexdigest()


@needs_office
def test_libreoffice_opens_it_and_keeps_the_notes(made: bytes, tmp_path: Path) -> None:
    (tmp_path / "made.xlsx").write_bytes(made)
    for kind_, filter_ in (("pdf", "pdf"), ("saved", "xlsx:Calc MS Excel 2007 XML")):
        subprocess.run(
            [
                *(str(PROGRAM), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"),
                *("--headless", "--convert-to", filter_, "--outdir", str(tmp_path / kind_)),
                str(tmp_path / "made.xlsx"),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    assert (tmp_path / "pdf" / "made.pdf").stat().st_size > 1000
    book = load((tmp_path / "saved" / "made.xlsx").read_bytes())
    notes = {cell.coordinate for row in book["Main"] for cell in row if cell.comment}
    assert {"A1", "C3", "E3", "A4", "B6", "B8"} <= notes
    assert book["Plain"]["C2"].comment is not None
