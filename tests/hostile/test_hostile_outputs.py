"""A register full of texts that look like formulas, markup, links and commands, in every output.

Each format is parsed: no formula, no link made of a cell's text, no markup, no terminal command,
no relationship to the outside.
"""

from __future__ import annotations

import json
import posixpath
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from hostile_registers import HEADINGS as REGISTER_HEADINGS
from hostile_registers import format_csv, save_csv, save_rows
from hostile_runs import AS_OF, MOST_MEGABYTES, Run, Worker, run
from pptx import Presentation

COMMANDS = "\x1b]0;owned\x07\x1b[31m\x9b31m\x08"
HOSTILE = (
    '=HYPERLINK("http://evil.example.org","x")',
    "=cmd|'/c calc'!A1",
    "@SUM(1+1)",
    "+1+1",
    "-1+1",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)><a href="javascript:alert(1)">x</a>',
    "http://evil.example.org/",
    "[x](http://evil.example.org)",
    "{{7*7}}{% x %}%s{0}",
    "</text></svg><!-- ]]> <![CDATA[x]]> &lt;b&gt; &#60;",
    '"];x [URL="http://evil.example.org"]; click A href "javascript:alert(1)" end',
    "[bold red link=http://evil.example.org]Sales[/] \u202egnp.exe\u202c",
    "_x003D_1+1 _x0007_",
)
NO_XML = COMMANDS + "\ufffe\uffff"
"""Characters that XML cannot hold: of the kinds that are read, text files alone can."""

HEADINGS = (*REGISTER_HEADINGS, "=1+1", "<b>Own column</b>")
NEIGHBOURS = ("annotated.xlsx",)
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def make_rows() -> list[tuple[str, ...]]:
    """Return a register each of whose cells is hostile, save what makes it one."""
    rows: list[tuple[str, ...]] = [HEADINGS]
    for number, text in enumerate(HOSTILE):
        other = HOSTILE[(number + 5) % len(HOSTILE)]
        recipient = f"{text[:60]}, {other[:60]}"
        rows.append(
            (
                *(text, other, text, f"{other}, Health data"),
                *(recipient, "United States", text, other, text, other, text),
            )
        )
    return rows


@pytest.fixture(scope="module")
def made(worker: Worker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all that commands write of the register."""
    folder = tmp_path_factory.mktemp("outputs")
    rows = make_rows()
    for kind in ("xlsx", "csv"):
        base = folder / kind
        (given := base / "given").mkdir(parents=True)
        if kind == "csv":
            # Not in every cell: a file of many commands is taken for no text.
            more = [(f"{NO_XML}{one[0]}", *one[1:-1], f"{one[-1]}{COMMANDS}") for one in rows[1:]]
            register = save_csv(given, format_csv([rows[0], *more]), "=1+1 <b>.csv")
        else:
            register = save_rows(given, rows, "=1+1 <b>.xlsx")
        check(perform(worker, base, "audit", register, *AS_OF, "--out", base / "reports"))
        told = check(perform(worker, base, "inspect", register))
        (base / "inspect.txt").write_text(told.stdout, "utf-8")
    for ending in ("dot", "mmd", "json"):
        check(perform(worker, base, "graph", register, base / f"flows.{ending}", *AS_OF))
    check(perform(worker, base, "convert", register, base / "house.xlsx"))
    told = check(perform(worker, base, "inspect", register, "--json", "-"))
    (base / "inspect.json").write_text(told.stdout, "utf-8")
    told = check(perform(worker, base, "audit", register, *AS_OF))
    (base / "audit.txt").write_text(told.stdout, "utf-8")
    colours = {"FORCE_COLOR": "1", "COLUMNS": "200"}
    told = perform(worker, base, "audit", register, *AS_OF, environment=colours)
    assert told.code == 0
    (base / "coloured.txt").write_text(told.stdout, "utf-8")
    return folder


def perform(
    worker: Worker, base: Path, *arguments: str | Path, environment: dict[str, str] | None = None
) -> Run:
    for one in ("cwd", "home", "temporary"):
        if (base / one).exists():
            (base / one).rmdir()
    few = arguments[0] == "audit" and "--out" not in arguments
    return run(worker, arguments, base, environment=environment or {}, few=few)


def check(done: Run) -> Run:
    assert (done.code, done.stderr) == (0, "")
    assert done.megabytes <= MOST_MEGABYTES
    return done


def list_made(made: Path, pattern: str) -> list[Path]:
    found = sorted(made.rglob(pattern))
    found = [one for one in found if "given" not in one.parts]
    assert found
    return found


def read_parts(path: Path) -> Iterator[tuple[str, ET.Element]]:
    """Yield the parts of an Office file that are XML."""
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        for name in file.namelist():
            assert not name.startswith("/")
            assert ".." not in name.split("/")
            if name.endswith((".xml", ".rels", ".vml")):
                yield name, ET.fromstring(file.read(name))  # noqa: S314 - we wrote it


@pytest.mark.parametrize("pattern", ["*.xlsx", "*.pptx"])
def test_no_relationship_leads_outside(made: Path, pattern: str) -> None:
    for path in list_made(made, pattern):
        with zipfile.ZipFile(path) as file:
            members = set(file.namelist())
        for name, root in read_parts(path):
            for one in root.iter(RELATION):
                if one.get("TargetMode") == "External":  # a report that lies beside it
                    assert one.attrib["Target"] in NEIGHBOURS, (path.name, name, one.attrib)
                    assert (path.parent / one.attrib["Target"]).is_file()
                    continue
                folder = posixpath.dirname(posixpath.dirname(name))
                target = posixpath.normpath(posixpath.join("/", folder, one.attrib["Target"]))
                assert target.lstrip("/") in members, (path.name, name, one.attrib)


def test_no_cell_is_a_formula(made: Path) -> None:
    cells = 0
    for path in list_made(made, "*.xlsx"):
        for name, root in read_parts(path):
            if "worksheets/sheet" not in name or name.endswith(".rels"):
                continue
            for cell in root.iter(f"{SPREADSHEET}c"):
                cells += 1
                assert cell.find(f"{SPREADSHEET}f") is None, (path.name, name, cell.attrib)
                assert cell.get("t") not in ("e", "str"), (path.name, name, cell.attrib)
    assert cells > 1000


def test_links_in_workbooks_lead_to_cells_of_the_same_report(made: Path) -> None:
    """A link is one of ours: to a place in the workbook, or to a workbook beside it."""
    links = 0
    for path in list_made(made, "*.xlsx"):
        for name, root in read_parts(path):
            for one in root.iter(f"{SPREADSHEET}hyperlink"):
                links += 1
                told = " ".join(str(value) for value in one.attrib.values())
                assert "evil" not in told, (path.name, name)
                assert "script" not in told, (path.name, name)
    assert links


def test_no_name_or_rule_of_a_workbook_holds_a_text_of_the_register(made: Path) -> None:
    """Defined names, drop-downs and conditional formats are formulas as well."""
    for path in list_made(made, "*.xlsx"):
        for name, root in read_parts(path):
            for tag in ("definedName", "formula", "formula1", "formula2"):
                for one in root.iter(f"{SPREADSHEET}{tag}"):
                    text = one.text or ""
                    assert not re.search(r"evil|calc|alert|cmd|1\+1|SUM\(", text), (
                        path,
                        name,
                        text,
                    )


def test_texts_in_workbooks_are_the_registers(made: Path) -> None:
    """What was made harmless is still there to be read."""
    (path,) = [one for one in list_made(made, "findings.xlsx") if "xlsx" in one.parts]
    texts = {one.text for _, root in read_parts(path) for one in root.iter(f"{SPREADSHEET}t")}
    assert any("cmd|" in (one or "") for one in texts)
    assert any("<script>alert(1)</script>" in (one or "") for one in texts)


class Page(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


def test_the_page_holds_no_markup_of_the_register(made: Path) -> None:
    for path in list_made(made, "*.html"):
        text = path.read_text("utf-8")
        page = Page(text)
        for tag, attributes in page.tags:
            assert not [one for one in attributes if one.startswith("on")], (tag, attributes)
            for name in ("href", "src", "xlink:href", "action", "data", "srcset"):
                target = attributes.get(name, "#").strip().lower()
                assert "evil" not in target
                assert not target.startswith("javascript:")
                assert (
                    not re.match(r"(https?:)?//", target)
                    or "legislation" in target
                    or "europa" in target
                    or "ico.org" in target
                ), target
        scripts = [attributes for tag, attributes in page.tags if tag == "script"]
        assert len(scripts) <= 2
        assert "<script>alert" not in text
        assert "onerror=alert" not in re.sub(r"&[a-z0-9#]+;|&quot;", "", text) or "&lt;img" in text
        assert "img" not in {tag for tag, _ in page.tags}


def test_pictures_hold_no_markup_of_the_register(made: Path) -> None:
    for path in list_made(made, "*.svg"):
        root = ET.fromstring(path.read_bytes())  # noqa: S314 - we wrote it
        tags = {one.tag.rpartition("}")[2] for one in root.iter()}
        assert not tags & {"script", "a", "foreignObject", "image", "iframe", "animate", "set"}
        for one in root.iter():
            for name, value in one.attrib.items():
                local = name.rpartition("}")[2]
                assert not local.startswith("on"), (path, name)
                assert local != "href" or value.startswith("#"), (path, value)
                assert "url(" not in value or "url(#" in value, (path, value)
                assert "evil" not in value or local == "id"


def test_graphs_hold_texts_as_texts(made: Path) -> None:
    for path in list_made(made, "*.graphml"):
        graph = nx.read_graphml(path)
        assert graph.number_of_nodes() > len(HOSTILE) // 2
    for path in list_made(made, "flows.json"):
        assert json.loads(path.read_text("utf-8"))["nodes"]


def test_drawings_hold_texts_in_quotes(made: Path) -> None:
    """What stands outside the quotes is ours alone."""
    for path in list_made(made, "*.dot"):
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', path.read_text("utf-8"), flags=re.DOTALL)
        assert '"' not in bare.replace('""', "")
        for word in ("evil", "script", "URL", "href", "alert", "click"):
            assert word not in bare, (path, word)
    for path in list_made(made, "*.mmd"):
        text = path.read_text("utf-8")
        bare = re.sub(r'"[^"\n]*"', '""', text)
        assert '"' not in bare.replace('""', "")
        for word in ("evil", "script", "href", "alert", "click", "%%{"):
            assert word not in bare, (path, word)
        assert "<script" not in text
        assert "<img" not in text


def test_slides_hold_texts_as_texts(made: Path) -> None:
    for path in list_made(made, "*.pptx"):
        deck = Presentation(str(path))
        for slide in deck.slides:
            for shape in slide.shapes:
                assert shape.click_action.hyperlink.address is None
        for name, root in read_parts(path):
            tags = {one.tag.rpartition("}")[2] for one in root.iter()}
            assert "oleObj" not in tags, name
            for one in root.iter():
                if one.tag.endswith(("}hlinkClick", "}hlinkHover")):
                    assert "evil" not in str(one.attrib)


@pytest.mark.parametrize("name", ["audit.txt", "inspect.txt"])
def test_nothing_on_a_terminal_is_a_command(made: Path, name: str) -> None:
    for path in list_made(made, name):
        text = path.read_text("utf-8")
        found = {one for one in text if not one.isprintable()} - {"\n", "\ufffe", "\uffff"}
        assert found == set(), (path, found)


def test_colours_on_a_terminal_are_ours(made: Path) -> None:
    """Beside the progress, whose own commands are those of the library that draws it."""
    for path in list_made(made, "coloured.txt"):
        text = re.sub(r"\x1b\[(?:2K|1A|\?25[hl])|\r", "", path.read_text("utf-8"))
        assert "\x1b[" in text, "colours were asked for"
        rest = re.sub(r"\x1b\[[0-9;]*m", "", text)
        found = {one for one in rest if not one.isprintable()} - {"\n", "\ufffe", "\uffff"}
        assert found == set(), (path, found)
        assert "]8;" not in text, "a link on the terminal"


def test_machine_output_is_json_without_commands(made: Path) -> None:
    for name in ("inspect.json", "findings.json", "manifest.json"):
        for path in list_made(made, name):
            text = path.read_text("utf-8")
            json.loads(text)
            found = {one for one in text if one < " " and one != "\n"}
            assert found == set(), (path, found)
