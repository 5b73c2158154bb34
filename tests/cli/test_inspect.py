"""What `ropa inspect` shows, its JSON, and that the lines it offers to paste do what they say."""

import hashlib
import json
import zipfile
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from commands import CALLS, CLEAN, stop
from layout_writers import list_sheet, save_workbook
from made_layouts import CNIL, cut_source, write_cnil
from registers import clean_source
from rich.console import Console

import ropa
from ropa.cli import main
from ropa.report.inspection import list_settings
from ropa.report.inspection_terminal import print_inspection, quote_toml
from ropa.workbook.cells import Workbook

# Two headings that may mean the lawful basis with equal right: neither is taken for it.
HEADINGS = (
    *("Activity", "Purpose", "Data subjects", "Retention", "Ground", "Justification"),
    *("Check", "Check", "Remarks [b]of[/b] us"),
)
CELLS = ("Pay the staff", "Employees", "6 years", "Contract", "Contract", "Leeds", "weekly", "x")
WIDTH = 80


def write(path: Path, *, rows: int = 2, headings: tuple[str, ...] = HEADINGS) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    sheet.append(list(headings))
    for number in range(rows):
        name = f"Payroll [red]{number}[/red] <b>"
        sheet.append([name, *CELLS])
    other = book.create_sheet("Costs")
    for row in (["Item", "Price"], ["Tea", 2]):
        other.append(row)
    book.save(path)
    return path


def show(inspection: ropa.Inspection) -> str:
    console = Console(file=StringIO(), width=WIDTH, highlight=False)
    print_inspection(inspection, console=console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def list_open(path: Path, policy: Path | None = None) -> dict[str, tuple[str, str]]:
    rows = ropa.inspect(path, policy).mapping
    return {one.cell: (one.status, one.field) for one in rows}


# -- the value ----------------------------------------------------------------------------------


def test_a_register_of_the_house_is_told() -> None:
    found = ropa.inspect(CALLS)
    register = ropa.load(CALLS)
    assert (found.file, found.is_register, found.layout, found.why) == (
        CALLS.name,
        True,
        "house",
        "",
    )
    assert found.records == len(register.activities) == len(found.activities)
    assert [one.activity_id for one in found.activities] == list(register.activities["label"])
    assert found.organisation == register.organisation["name"].iloc[0]
    tables = [(one.sheet, one.header_cells, one.orientation, one.records) for one in found.tables]
    assert tables[:2] == [
        ("Organisation", "A1:A14", "form", 1),
        ("Activities", "A1:AM1", "grid", found.records),
    ]
    assert {one.status for one in found.mapping} == {"mapped"}
    assert [one.sheet for one in found.ignored] == ["Vocabulary"]


def test_each_activity_stands_in_the_cell_of_its_name() -> None:
    sheet = openpyxl.load_workbook(CALLS)["Activities"]
    for one in ropa.inspect(CALLS).activities:
        assert sheet[one.cell].value == one.activity
        assert one.role in ("controller", "joint controller", "processor")


def test_a_register_of_another_layout_is_told(tmp_path: Path) -> None:
    found = ropa.inspect(write(tmp_path / "a.xlsx"))
    assert (found.layout, found.records) == ("other", 2)
    assert [
        (one.sheet, one.header_cells, one.orientation, one.records) for one in found.tables
    ] == [("Sheet1", "A1:I1", "grid", 2)]
    assert [(one.role, one.cell) for one in found.activities] == [
        ("unknown", "A2"),
        ("unknown", "A3"),
    ]
    assert "Costs" in [one.sheet for one in found.ignored]
    status = {one.cell: (one.status, one.field) for one in found.mapping}
    assert status["B1"] == ("mapped", "activities.purpose")
    assert status["E1"] == ("ambiguous", "activities.lawful_basis")
    assert status["I1"] == ("unmapped", "")


def test_what_is_hidden_is_told(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(tmp_path / "a.xlsx", rows=4))
    sheet = book["Sheet1"]
    sheet.row_dimensions[3].hidden = sheet.row_dimensions[4].hidden = True
    sheet.row_dimensions[40].hidden = True  # nothing stands there
    sheet.column_dimensions["B"].hidden = True
    book.save(tmp_path / "a.xlsx")
    found = ropa.inspect(tmp_path / "a.xlsx")
    assert found.hidden == ("Sheet1: 2 hidden rows, 1 hidden column",)
    assert found.records == 4
    assert ropa.inspect(CALLS).hidden == ()


def test_no_register_is_an_answer_and_no_error(tmp_path: Path) -> None:
    found = ropa.inspect(write(tmp_path / "a.xlsx", rows=0))
    assert (found.is_register, found.layout, found.records) == (False, "", 0)
    assert "empty template" in found.why
    (tmp_path / "b.xlsx").write_bytes(b"")
    with pytest.raises(ropa.InputError, match=r"b\.xlsx: the file is empty"):
        ropa.inspect(tmp_path / "b.xlsx")


def test_several_files_are_one_register(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", rows=1)
    write(tmp_path / "b.xlsx", rows=2)
    found = ropa.inspect(tmp_path)
    assert (found.file, found.is_register, found.records) == (tmp_path.name, True, 3)
    assert [one.sheet for one in found.tables] == ["a.xlsx: Sheet1", "b.xlsx: Sheet1"]
    assert [one.sheet for one in found.activities] == ["a.xlsx: Sheet1"] + ["b.xlsx: Sheet1"] * 2
    write(tmp_path / "c.xlsx", rows=0)
    found = ropa.inspect(tmp_path)
    assert not found.is_register
    assert found.why.startswith("c.xlsx: ")


def test_the_page_of_a_notebook_is_escaped(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", headings=(*HEADINGS[:-1], "<script>x</script>"))
    page = ropa.inspect(path)._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "a register; 2 activities" in page
    assert "Payroll" not in repr(ropa.inspect(path))


def test_a_form_is_one_table(tmp_path: Path) -> None:
    source = cut_source(clean_source(), CNIL)
    names, forms = write_cnil(source)
    sheets = [
        list_sheet(name, rows, place)
        for place, (name, rows) in enumerate(zip(names, forms, strict=True))
    ]
    path = save_workbook(Workbook("a.xlsx", "0" * 64, tuple(sheets)), tmp_path / "a.xlsx")
    found = ropa.inspect(path)
    assert [(one.sheet, one.orientation, one.records) for one in found.tables] == [
        (name, "form", 1) for name in names
    ]
    assert found.records == len(names)
    assert {one.role for one in found.activities} == {"controller"}


# -- the lines to paste -------------------------------------------------------------------------


def test_the_lines_offered_settle_every_open_heading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.xlsx")
    assert main(["inspect", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "pass --policy ropa.toml:\n[mapping]\n" in printed
    policy = tmp_path / "ropa.toml"
    policy.write_text(printed[printed.index("[mapping]") :], encoding="utf-8")
    before, after = list_open(path), list_open(path, policy)
    assert before["E1"] == ("ambiguous", "activities.lawful_basis")
    assert after["E1"] == after["F1"] == ("mapped", "activities.lawful_basis")
    assert {one for one in after if after[one][0] == "ambiguous"} == set()
    assert not list_settings(ropa.inspect(path, policy))
    row = ropa.load(path, policy).activities.iloc[0]
    assert (row["lawful_basis"], row["lawful_basis_state"]) == ("Contract", "stated")
    assert ropa.load(path).activities["lawful_basis_state"].iloc[0] == "absent"
    assert main(["inspect", str(path), "--policy", str(policy)]) == 0
    assert "[mapping]" not in capsys.readouterr().out


def test_repeated_headings_are_named_by_their_cells(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", headings=(*HEADINGS[:-3], "Zzz", "Zzz", "Yyy"))
    keys = [key for key, _, _ in list_settings(ropa.inspect(path))]
    assert keys == ["Ground", "Justification", "Sheet1!G1", "Sheet1!H1", "Yyy"]


@pytest.mark.parametrize(
    "text",
    ['a "quoted" \\ one', "tab\there", "\x1b[31m\x7f\u202e", "\U0001f600 caf\u00e9", "#=[x]"],
)
def test_any_heading_is_quoted_so_that_it_comes_back(text: str) -> None:
    import tomllib

    quoted = quote_toml(text)
    assert tomllib.loads(f"{quoted} = {quoted}  # remark") == {text: text}
    assert "\x1b" not in quoted
    assert "\u202e" not in quoted


def test_lines_of_a_policy_that_fit_nothing_are_told(tmp_path: Path) -> None:
    (policy := tmp_path / "ropa.toml").write_text('[mapping]\n"Grund" = ""\n"ground" = "notes"\n')
    found = ropa.inspect(write(tmp_path / "a.xlsx"), policy)
    assert found.unused == ("Grund",)
    assert "Lines of the policy that fit no heading: 'Grund'" in show(found)


# -- the command --------------------------------------------------------------------------------


def test_what_is_printed_fits_and_is_plain(tmp_path: Path) -> None:
    for path in (CLEAN, write(tmp_path / "a.xlsx")):
        printed = show(ropa.inspect(path))
        assert "\x1b" not in printed
        assert max(map(len, printed.splitlines())) <= WIDTH
    assert "A register: 2 activities, layout other" in printed
    assert "Remarks [b]of[/b] us" in printed
    assert "Payroll [red]0[/red] <b>" in printed
    order = [printed.index(word) for word in ("Ambiguous head", "Unknown head", "Mapped head")]
    assert order == sorted(order)


def test_the_json_has_the_promised_shape(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.xlsx")
    assert main(["inspect", str(path), "--json", "-"]) == 0
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert captured.err == ""
    assert list(document) == [
        *("file", "is_register", "layout", "records", "why"),
        *("activities", "tables", "mapping", "ignored"),
    ]
    assert list(document["activities"][0]) == ["activity_id", "activity", "role", "sheet", "cell"]
    assert list(document["tables"][0]) == ["sheet", "header_cells", "orientation", "records"]
    assert list(document["mapping"][0]) == [
        *("sheet", "cell", "heading", "field", "confidence", "status"),
    ]
    assert list(document["ignored"][0]) == ["sheet", "why"]
    assert all(0 <= one["confidence"] <= 1 for one in document["mapping"])
    assert (document["file"], document["records"]) == ("a.xlsx", 2)


def test_no_register_prints_what_was_seen_and_exits_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.xlsx", rows=0)
    assert main(["inspect", str(path), "--json", "-"]) == 2
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert (document["is_register"], document["records"]) == (False, 0)
    assert document["why"]
    assert document["mapping"]
    assert main(["inspect", str(path)]) == 2
    captured = capsys.readouterr()
    assert "Not a register: " in captured.out
    assert "Purpose" in captured.out
    assert captured.err == f"ropa: a.xlsx: not a register: {document['why']}\n"


def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "there is no such file" in stop(capsys, "inspect", tmp_path / "gone.xlsx", "--json", "-")
    assert "gone.toml" in stop(capsys, "inspect", CALLS, "--policy", tmp_path / "gone.toml")
    (tmp_path / "ropa.toml").write_text('[mapping]\n"A" = "purposes"\n')
    line = stop(capsys, "audit", CALLS, "--policy", tmp_path / "ropa.toml")
    assert "did you mean purpose?" in line


def test_an_audit_follows_the_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.xlsx")
    (policy := tmp_path / "ropa.toml").write_text('[mapping]\n"Ground" = "lawful_basis"\n')
    rules = {}
    for more in ((), ("--policy", str(policy))):
        assert main(["audit", str(path), "--as-of", "2026-09-30", "--json", "-", *more]) == 0
        document = json.loads(capsys.readouterr().out)
        rules[bool(more)] = {one["rule"] for one in document["not_evaluated"]}
        hashed = hashlib.sha256(policy.read_bytes()).hexdigest() if more else ""
        assert document["policy"] == {"sha256": hashed}
    # Without it no column holds the lawful basis, and nothing can be judged of it.
    assert "LAW-01" in rules[False] - rules[True]


def test_a_sheets_name_of_several_lines_is_no_line_of_the_output(tmp_path: Path) -> None:
    written = write(tmp_path / "written.xlsx")
    path = tmp_path / "lines.xlsx"
    name = b'name="Sheet1&#10;[rules]&#10;off = [&quot;TRF&quot;]"'
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(path, "w") as new:
        for one in old.namelist():
            new.writestr(one, old.read(one).replace(b'name="Sheet1"', name))
    shown = show(ropa.inspect(path)).splitlines()
    assert any('Sheet1 [rules] off = ["TRF"]' in line for line in shown)
    assert not any(line.strip() == "[rules]" for line in shown)
