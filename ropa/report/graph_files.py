"""The flow graph as files: pictures, drawings for other programs, the whole graph."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ropa.errors import OutputError, UsageError
from ropa.flows import select_flows
from ropa.flows.drawings import format_dot, format_mermaid
from ropa.flows.exports import format_graphml, format_json
from ropa.report.replacement import name_siblings, replace_file
from ropa.transfers import SAFEGUARDS

if TYPE_CHECKING:
    import networkx as nx


def format_graph(graph: "nx.MultiDiGraph", suffix: str) -> bytes:
    """Return a flow graph as the content of a file.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        From `ropa.flow_graph`; with its ``as_of`` the verdicts are shown.
    suffix : str
        The ending of the file's name: ``.svg`` or ``.png`` (the picture), ``.dot`` or ``.mmd`` (the
        parties, for Graphviz and Mermaid), ``.graphml`` or ``.json`` (the whole graph). A graph
        that is ``complete`` is so in all but the pictures.

    Returns
    -------
    bytes
        The same for the same graph, on every run. Text of the register stays text.

    Raises
    ------
    UsageError
        The ending is another.
    """
    if suffix.lower() not in FORMATS:
        endings = ", ".join([*FORMATS][:-1])
        raise UsageError(
            f"no format of a graph ends in {suffix!r}: choose {endings} or {[*FORMATS][-1]}"
        )
    return FORMATS[suffix.lower()](graph)


def write_graph(graph: "nx.MultiDiGraph", path: str | Path) -> None:
    """Write a flow graph into a file, as the ending of its name says.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        As in `format_graph`.
    path : path
        Its ending is one of those of `format_graph`. A file of that name is replaced.

    Raises
    ------
    UsageError
        The ending is another.
    OutputError
        The file cannot be written.
    """
    path = Path(path)
    data = format_graph(graph, path.suffix)
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():  # a pipe would be waited for
            raise OutputError(f"{path}: is no regular file: choose another name")
        replace_file(target, data, name_siblings(target)[0])
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise OutputError(f"{path}: cannot write the graph: {reason}") from error


def _draw_svg(graph: "nx.MultiDiGraph") -> bytes:
    from ropa.charts import draw_flows, figure_svg

    return figure_svg(draw_flows(select_flows(graph)))


def _draw_png(graph: "nx.MultiDiGraph") -> bytes:
    from ropa.charts import draw_flows, figure_png

    return figure_png(draw_flows(select_flows(graph)))


def _write_dot(graph: "nx.MultiDiGraph") -> bytes:
    return format_dot(graph, _list_colours())


def _write_mermaid(graph: "nx.MultiDiGraph") -> bytes:
    return format_mermaid(graph, _list_colours())


def _list_colours() -> dict[str, str]:
    """Return the colour of each safeguard, as in the pictures."""
    from ropa.charts.palette import SAFEGUARD_COLOURS
    from ropa.charts.safeguard_groups import find_group

    return {one: SAFEGUARD_COLOURS[find_group(one)] for one in SAFEGUARDS}


FORMATS: Mapping[str, Callable[["nx.MultiDiGraph"], bytes]] = MappingProxyType(
    {
        ".svg": _draw_svg,
        ".png": _draw_png,
        ".graphml": format_graphml,
        ".dot": _write_dot,
        ".mmd": _write_mermaid,
        ".json": format_json,
    }
)
"""Ending of a file's name to what writes its content."""
