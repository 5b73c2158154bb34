"""What a folder of reports holds: every file's bytes by its name."""

from collections.abc import Mapping
from pathlib import Path

from ropa.errors import InputError
from ropa.report.manifest import MANIFEST, build_manifest
from ropa.results import Result


def build_files(result: Result, *, deck_template: Path | None = None) -> Mapping[str, bytes]:
    """Return every file's bytes by its name, the manifest last.

    Parameters
    ----------
    result : Result
        The audit.
    deck_template : Path, optional
        A presentation whose master and layouts the slides take.

    Raises
    ------
    OutputError
        An input has changed since it was read.
    InputError
        The template cannot be read.
    """
    # Imported here: a folder is checked before an audit, without what draws and packs.
    from ropa.report.annotated import build_annotated
    from ropa.report.deck import write_deck
    from ropa.report.findings_json import build_document, dump_document
    from ropa.report.findings_parquet import write_findings_parquet
    from ropa.report.findings_workbook import write_findings_workbook
    from ropa.report.page import write_page

    template = None if deck_template is None else _read_template(deck_template)
    document = build_document(result)
    annotated = build_annotated(result)
    files = {
        **annotated.files,
        "board.pptx": write_deck(result, template=deck_template),
        "findings.json": dump_document(document).encode(),
        "findings.parquet": write_findings_parquet(result),
        "findings.xlsx": write_findings_workbook(result, annotated.places),
        **_draw_flows(result),
        "report.html": write_page(result),
    }
    manifest = build_manifest(document, files, template=template)
    return files | {MANIFEST: dump_document(manifest).encode()}


def _draw_flows(result: Result) -> Mapping[str, bytes]:
    from ropa.flows import build_graph
    from ropa.report.graph_files import format_graph

    graph = build_graph(result.register, as_of=result.as_of, law=result.law, complete=True)
    return {f"flows{ending}": format_graph(graph, ending) for ending in (".graphml", ".svg")}


def _read_template(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "invalid path"
        raise InputError(f"{path}: the template cannot be read: {why}") from None
