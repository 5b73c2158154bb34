"""The flow graph with plain ids and texts, as files can hold it."""

import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Signs that XML 1.0 cannot hold, or that are meant for machines alone."""

_NEW_LINE = re.compile(r"\r\n?|[\x85\u2028\u2029]")


def make_plain(graph: "nx.MultiDiGraph") -> "nx.MultiDiGraph":
    """Return the graph with text ids, in its own order, and texts that every format can hold.

    A node is ``"n1"``, ``"n2"``, ...; its name as compared is the attribute ``name``. An edge has
    the key ``"e1"``, ``"e2"``, .... Signs that XML cannot hold become the replacement character.
    """
    import networkx as nx

    plain = nx.MultiDiGraph(**_clean_all(graph.graph))
    ids = {node: f"n{number}" for number, node in enumerate(graph, 1)}
    plain.add_nodes_from(
        (ids[node], _clean_all({**data, "name": node[2]})) for node, data in graph.nodes(data=True)
    )
    plain.add_edges_from(
        (ids[source], ids[target], f"e{number}", _clean_all(data))
        for number, (source, target, data) in enumerate(graph.edges(data=True), 1)
    )
    return plain


def clean_text(text: str) -> str:
    """Return a text without the signs that XML 1.0 cannot hold, its lines ended by line feeds."""
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", _NEW_LINE.sub("\n", text))


def make_label(text: str, length: int = 80) -> str:
    """Return a text in one line of printable signs, cut with an ellipsis where it is long."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    line = "".join(sign for sign in line if sign.isprintable())
    return line if len(line) <= length else line[: length - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _clean_all(data: dict[str, Any]) -> dict[str, Any]:
    return {
        name: clean_text(value) if isinstance(value, str) else value for name, value in data.items()
    }
