"""The notebooks are thin, hold their outputs, and say nothing of the machine that ran them."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
# A letter in brackets keeps each pattern from matching itself in a search of all files.
MACHINE = re.compile(r"/(?:hom[e]|roo[t]|User[s]|tm[p])/|site-packages|\b[A-Z]:\\\\?User[s]")
TIME = re.compile(r"iopub\.|\"start_time\"|<dc:dat[e]>|\d{4}-\d\d-\d\dT\d\d:\d\d")
TOOL = re.compile(r"[Mm]atplotlib v?\d|pandas[ -]\d|[Pp]ython 3\.\d")
UNCOMPARED = "nbval-ignore-output"
DRAWN = 4  # the severity chart writes a number on each part from this one on

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read_notebook(path: Path) -> Any:  # noqa: ANN401 - nbformat has no types
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    return notebook


def read_cells(path: Path) -> list[Any]:
    return [cell for cell in read_notebook(path).cells if cell.cell_type == "code"]


def parse(cell: Any) -> ast.Module:  # noqa: ANN401 - nbformat has no types
    """Return the syntax of a cell; a magic line is a call like any other."""
    manager = TransformerManager()  # type: ignore[no-untyped-call]
    return ast.parse(manager.transform_cell(cell.source))


@each_notebook
def test_nothing_is_defined(path: Path) -> None:
    defining = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    for cell in read_cells(path):
        found = [node for node in ast.walk(parse(cell)) if isinstance(node, defining)]
        assert found == [], cell.source


@each_notebook
def test_only_public_names_are_used(path: Path) -> None:
    for cell in read_cells(path):
        for node in ast.walk(parse(cell)):
            names = [node.attr] if isinstance(node, ast.Attribute) else []
            if isinstance(node, ast.ImportFrom):
                names = [*(node.module or "").split("."), *(one.name for one in node.names)]
            assert [name for name in names if name.startswith("_")] == [], cell.source


@each_notebook
def test_the_parameters_stand_in_one_cell(path: Path) -> None:
    tagged = [cell for cell in read_cells(path) if "parameters" in cell.metadata.get("tags", [])]
    (cell,) = tagged
    for statement in parse(cell).body:
        assert isinstance(statement, ast.Assign)
        ast.literal_eval(statement.value)


@each_notebook
def test_all_cells_were_run_in_order_without_an_error(path: Path) -> None:
    cells = read_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert len(outputs) >= 3
    assert [one for one in outputs if one.output_type == "error"] == []
    assert [one for one in outputs if one.get("name") == "stderr"] == []


@each_notebook
def test_pictures_can_be_compared(path: Path) -> None:
    """A PNG is never compared by nbval, so that none may stand in an output."""
    kinds = {
        kind for cell in read_cells(path) for one in cell.outputs for kind in one.get("data", {})
    }
    assert kinds <= {"text/plain", "text/html", "text/markdown", "image/svg+xml"}


@each_notebook
def test_nothing_is_said_of_the_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for pattern in (MACHINE, TIME, TOOL):
        assert pattern.findall(text) == []


@each_notebook
def test_the_metadata_are_those_that_count(path: Path) -> None:
    notebook = read_notebook(path)
    assert dict(notebook.metadata) == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert {key for cell in notebook.cells for key in cell.metadata} <= {"tags"}


@each_notebook
def test_it_begins_with_what_the_reader_gets(path: Path) -> None:
    first, second = read_notebook(path).cells[:2]
    assert first.cell_type == "markdown"
    heading, empty, paragraph = first.source.split("\n")[:3]
    assert heading.startswith("# ")
    assert empty == ""
    assert paragraph != ""
    assert "parameters" in second.metadata.get("tags", [])


@each_notebook
def test_the_date_and_the_files_are_parameters(path: Path) -> None:
    """Whoever runs it on other registers changes one cell; it never asks what day it is."""
    parameters, *others = read_cells(path)
    names = [one.id for one in ast.walk(parse(parameters)) if isinstance(one, ast.Name)]
    assert "as_of" in names
    assert "data/samples/" in parameters.source
    for cell in others:
        assert "data/samples" not in cell.source
        assert re.findall(r"\b(?:now|today)\(", cell.source) == []


@each_notebook
def test_its_files_are_in_the_tree(path: Path) -> None:
    nodes = ast.walk(parse(read_cells(path)[0]))
    constants = [one for one in nodes if isinstance(one, ast.Constant)]
    texts = [one.value for one in constants if isinstance(one.value, str)]
    files = [one for one in texts if one.startswith("data/samples/")]
    assert files != []
    assert [one for one in files if not (FOLDER.parent / one).is_file()] == []


@each_notebook
def test_only_pictures_are_left_uncompared(path: Path) -> None:
    """A table in such a cell could change unseen."""
    for cell in read_cells(path):
        if UNCOMPARED in cell.metadata.get("tags", []):
            (output,) = cell.outputs
            assert set(output.data) == {"image/svg+xml", "text/plain"}, cell.source


@each_notebook
def test_its_tables_are_short_enough_to_read(path: Path) -> None:
    for cell in read_cells(path):
        for output in cell.outputs:
            assert str(output.get("data", {}).get("text/html", "")).count("<tr") <= 26, cell.source


def test_the_severities_drawn_side_by_side_are_those_of_the_table() -> None:
    """This chart is drawn in the notebook itself, where its cell is not compared."""
    cells = read_cells(FOLDER / "05_portfolio.ipynb")
    at = next(n for n, one in enumerate(cells) if "charts.Chart(" in one.source)
    table = cells[at - 1].outputs[0].data["text/html"]
    rows = [re.findall(r"<td>(\d+)</td>", row) for row in table.split("<tr>")]
    counts = [[int(one) for one in row] for row in rows if row]
    picture = cells[at].outputs[0].data["image/svg+xml"]
    texts = re.findall(r"<text [^>]*>\s*(\d+(?:, \d+ critical)?)\s*</text>", picture)
    parts = [str(one) for row in counts for one in row if one >= DRAWN]
    sums = [f"{sum(row)}, {row[0]} critical" if row[0] else str(sum(row)) for row in counts]
    assert Counter(texts) == Counter([*parts, *sums])


def test_they_are_numbered_in_the_order_of_reading() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == [
        f"{number:02}" for number in range(1, len(NOTEBOOKS) + 1)
    ]
