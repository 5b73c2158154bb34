"""The notebooks are thin, hold their outputs, and say nothing of the machine that ran them."""

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
# A letter in brackets keeps each pattern from matching itself in a search of all files.
MACHINE = re.compile(r"/(?:hom[e]|roo[t]|User[s]|tm[p])/|site-packages|\b[A-Z]:\\\\?User[s]")
TIME = re.compile(r"iopub\.|\"start_time\"|<dc:dat[e]>|\d{4}-\d\d-\d\dT\d\d:\d\d")
TOOL = re.compile(r"[Mm]atplotlib v?\d|pandas[ -]\d|[Pp]ython 3\.\d")

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


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


def test_nothing_is_defined(path: Path) -> None:
    defining = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    for cell in read_cells(path):
        found = [node for node in ast.walk(parse(cell)) if isinstance(node, defining)]
        assert found == [], cell.source


def test_only_public_names_are_used(path: Path) -> None:
    for cell in read_cells(path):
        for node in ast.walk(parse(cell)):
            names = [node.attr] if isinstance(node, ast.Attribute) else []
            if isinstance(node, ast.ImportFrom):
                names = [*(node.module or "").split("."), *(one.name for one in node.names)]
            assert [name for name in names if name.startswith("_")] == [], cell.source


def test_the_parameters_stand_in_one_cell(path: Path) -> None:
    tagged = [cell for cell in read_cells(path) if "parameters" in cell.metadata.get("tags", [])]
    (cell,) = tagged
    for statement in parse(cell).body:
        assert isinstance(statement, ast.Assign)
        ast.literal_eval(statement.value)


def test_all_cells_were_run_in_order_without_an_error(path: Path) -> None:
    cells = read_cells(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert len(outputs) >= 3
    assert [one for one in outputs if one.output_type == "error"] == []
    assert [one for one in outputs if one.get("name") == "stderr"] == []


def test_pictures_can_be_compared(path: Path) -> None:
    """A PNG is never compared by nbval, so that none may stand in an output."""
    kinds = {
        kind for cell in read_cells(path) for one in cell.outputs for kind in one.get("data", {})
    }
    assert kinds <= {"text/plain", "text/html", "text/markdown", "image/svg+xml"}


def test_nothing_is_said_of_the_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for pattern in (MACHINE, TIME, TOOL):
        assert pattern.findall(text) == []


def test_the_metadata_are_those_that_count(path: Path) -> None:
    notebook = read_notebook(path)
    assert dict(notebook.metadata) == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert {key for cell in notebook.cells for key in cell.metadata} <= {"tags"}
