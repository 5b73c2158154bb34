"""The page put together: its parts, its style and script, and the policy that binds them."""

import base64
import hashlib
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ropa import __version__
from ropa.charts import SEVERITY_COLOURS, draw_completeness, draw_families, draw_flows
from ropa.charts.audit_flows import read_case
from ropa.charts.headings import name_audited
from ropa.charts.palette import choose_ink
from ropa.findings import SEVERITIES
from ropa.report.console import REGIME_NAMES, clean_text
from ropa.report.page.activity_sections import list_activities
from ropa.report.page.anchors import name_anchors
from ropa.report.page.finding_rows import list_findings
from ropa.report.page.history import list_changes, list_unjudged
from ropa.report.page.method import list_method
from ropa.report.page.pictures import draw_inline
from ropa.report.page.screened import list_screened
from ropa.report.page.transfer_rows import list_transfers
from ropa.report.page.verdict import build_verdict
from ropa.report.page.wording import REGIMES, count, format_date, name_place
from ropa.results import Result
from ropa.screening import list_criteria
from ropa.summaries import ITEM_NAMES, summarise

_PAGE = "page.html.j2"
_STYLE = "page.css"
_SCRIPT = "page.js"


def write_page(result: Result) -> bytes:
    """Return the audit as one HTML page, in UTF-8; the same for the same audit.

    Parameters
    ----------
    result : Result
        The audit.

    Returns
    -------
    bytes
        A page that holds all it needs: it loads nothing, and its own security policy forbids it to.
        Without its script all of it can be read; with it findings can be filtered and sorted.
        Texts of the register are text in it, whatever they hold.
    """
    style, script = _read_asset(_STYLE), _read_asset(_SCRIPT)
    page = _open_environment().get_template(_PAGE)
    text = page.render(
        _gather(result),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        security=_write_security(style, script),
    )
    return text.encode("utf-8", "replace")


def _gather(result: Result) -> dict[str, Any]:
    """Return everything that the template shows."""
    case = result.case
    summary = summarise(result)
    anchors = name_anchors(result, case)
    findings = list_findings(result, anchors)
    return {
        "version": __version__,
        "name": name_audited(result),
        "as_of": format_date(result.as_of),
        "regime": REGIME_NAMES[result.regime],
        "compared": bool(result.earlier),
        "files": len(result.register.inputs) > 1,
        "verdict": build_verdict(result, summary, anchors),
        "severities": [(one, summary.severity[one]) for one in SEVERITIES],
        "items": summary.completeness.to_dict("records"),
        "item_names": ITEM_NAMES,
        "findings": findings,
        "transfers": list_transfers(case, result, summary, anchors),
        "screening": list_screened(list_criteria(case)),
        "changes": list_changes(result),
        "unjudged": list_unjudged(result),
        "activities": list_activities(result, findings, anchors),
        "activities_left": anchors.count_left(),
        "method": list_method(result),
        "charts": {
            "completeness": draw_inline(draw_completeness(result), "completeness-chart"),
            "families": draw_inline(draw_families(result), "families-chart"),
            "flows": draw_inline(draw_flows(case.once(read_case)), "flows-chart"),
        },
    }


@lru_cache(maxsize=1)
def _open_environment() -> Environment:
    """Return the templates' environment: every text is cleaned and escaped on its way out."""
    environment = Environment(
        loader=PackageLoader("ropa.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finish,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "count": count,
        "place": name_place,
        "regimes": REGIMES,
    }
    return environment


def _finish(value: object) -> object:
    """Take from a text the control characters, and the signs that turn its direction."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean_text(value)
    return value


@lru_cache(maxsize=4)
def _read_asset(name: str) -> str:
    environment = _open_environment()
    assert environment.loader is not None  # noqa: S101 - given above
    text, _, _ = environment.loader.get_source(environment, name)
    return _name_colours(text.replace("\r\n", "\n"))


def _name_colours(text: str) -> str:
    """Put the palette's colours of severities into the style, so that they stand in one place."""
    for one, colour in SEVERITY_COLOURS.items():
        text = text.replace(f"$ink-{one}", choose_ink(colour)).replace(f"${one}", colour)
    return text


def _write_security(style: str, script: str) -> str:
    """Return the policy: nothing may be loaded, and only this style and this script work."""
    allowed = {"style-src": _hash(style), "script-src": _hash(script)}
    rules = [f"{kind} {one}" for kind, one in allowed.items()]
    fixed = ["img-src data:", "base-uri 'none'", "form-action 'none'"]
    return "; ".join(["default-src 'none'", *rules, *fixed])


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
