"""What a folder of reports holds: every file's bytes by its name."""

from collections.abc import Mapping
from pathlib import Path

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
    from ropa.report.deck.template import read_template
    from ropa.report.findings_json import dump_document, gather_parts, write_parts
    from ropa.report.findings_parquet import write_findings_parquet
    from ropa.report.findings_workbook import write_findings_workbook
    from ropa.report.page import write_page

    template = None if deck_template is None else read_template(deck_template)
    parts = gather_parts(result)
    annotated = build_annotated(result)
    files = {
        **annotated.files,
        "board.pptx": write_deck(result, template=deck_template),
        "findings.json": write_parts(parts),
        "findings.parquet": write_findings_parquet(result),
        "findings.xlsx": write_findings_workbook(result, annotated.places),
        **_draw_flows(result),
        "report.html": write_page(result),
    }
    manifest = build_manifest(parts, files, template=template)
    return files | {MANIFEST: dump_document(manifest).encode()}


def _draw_flows(result: Result) -> Mapping[str, bytes]:
    from ropa.charts import draw_flows, figure_svg
    from ropa.charts.audit_flows import read_case, tabulate_case
    from ropa.flows.exports import format_flow_table

    case = result.case
    return {
        "flows.graphml": format_flow_table(case.once(tabulate_case)),
        "flows.svg": figure_svg(draw_flows(case.once(read_case))),
    }
