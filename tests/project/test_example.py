"""The committed example of reports is whole, and is what an audit gives today."""

import json
from pathlib import Path

import ropa
from ropa.report.findings_json import build_document
from ropa.report.verification import verify_folder

ROOT = Path(__file__).parents[2]
NAME, AS_OF = "telephone-answering-service", "2026-09-30"
EXAMPLE = ROOT / "reports" / f"{NAME}-{AS_OF}"
AGAIN = f"write it anew: make audit OUT=reports/{NAME}-{AS_OF}"


def test_the_example_is_whole() -> None:
    assert verify_folder(EXAMPLE).problems == ()


def test_the_example_is_what_an_audit_gives() -> None:
    audit = ropa.audit(ropa.load(ROOT / "data" / "samples" / f"{NAME}.xlsx"), as_of=AS_OF)
    document = json.loads(json.dumps(build_document(audit)))
    assert json.loads((EXAMPLE / "findings.json").read_text(encoding="utf-8")) == document, AGAIN


def test_the_readme_shows_the_example() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for picture in (f"reports/{EXAMPLE.name}/flows.svg", "docs/pictures/report.png"):
        assert f"]({picture})" in text
        assert (ROOT / picture).is_file()
