"""An inspection on a terminal: may this reading be trusted, and what is still to be settled.

Text from a workbook is shown as text: control characters and the terminal's own commands in it
are replaced.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ropa.report.console import REGIME_NAMES, REGIME_SOURCES, clean_line
from ropa.report.inspection import FoundHeading, Inspection, is_open, list_settings

MOST = 40
"""Activities shown; the JSON has all of them."""

_LONGEST = 200
_ID_WIDTH = 20
_UNSAFE = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")
_STATUSES = (
    ("Ambiguous headings", "yellow"),
    ("Unknown headings", "yellow"),
    ("Headings of no field", ""),
    ("Mapped headings", ""),
)


def print_inspection(inspection: Inspection, *, console: Console | None = None) -> None:
    """Print what was recognised.

    Parameters
    ----------
    inspection : Inspection
        From `ropa.inspect`.
    console : Console, optional
        Where to print; stdout by default.
    """
    console = console or Console(highlight=False, soft_wrap=False)
    console.print(_build_head(inspection))
    if inspection.tables:
        console.print(_build_tables(inspection))
    if inspection.activities:
        console.print(_build_activities(inspection))
    if inspection.mapping:
        console.print(_build_mapping(inspection))
    if inspection.ignored:
        console.print(_build_ignored(inspection))
    # Neither wrapped nor cut: these lines are there to be copied.
    for line in _list_settings(inspection):
        console.print(line, soft_wrap=True)


def _build_head(found: Inspection) -> Group:
    lines: list[RenderableType] = [Text(clean_line(found.file), style="bold")]
    if found.is_register:
        layout = f"layout {clean_line(found.layout)}"
        lines.append(Text(f"A register: {_count(found.records, 'activity')}, {layout}"))
        name = clean_line(found.organisation) or "none found: no cell names it"
        lines.append(_make_fact("Organisation", name))
        source = REGIME_SOURCES[found.regimes_from]
        lines.append(_make_fact("Regime", f"{REGIME_NAMES[found.regimes]}{source}"))
        lines.append(_make_fact("Roles", _say_roles(found)))
    else:
        lines.append(Text(f"Not a register: {clean_line(found.why)}", style="bold red"))
    lines += [_make_fact("Hidden", f"{clean_line(one)}: read like others") for one in found.hidden]
    return Group(*lines)


def _make_fact(name: str, value: str) -> Table:
    """Return a line of the head; what does not fit goes on below its value."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=12, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(name, Text(value))
    return table


def _say_roles(found: Inspection) -> str:
    counts = Counter(one.role for one in found.activities)
    if set(counts) == {"unknown"}:
        return "not stated: judged as a controller's"
    parts = [f"{role} {count}" for role, count in counts.most_common() if role != "unknown"]
    if counts["unknown"]:
        parts.append(f"not stated {counts['unknown']} (judged as a controller's)")
    return ", ".join(parts)


def _build_tables(found: Inspection) -> Group:
    table = _make_table(("Sheet", "Headings", "Kind", "Holds", "Records"), {4: "right"})
    for one in found.tables:
        holds = one.table.replace("_", " ")
        table.add_row(*_clean(one.sheet, one.header_cells, one.orientation, holds, one.records))
    return _make_section("Tables", table)


def _build_activities(found: Inspection) -> Group:
    table = _make_table(("Id", "Activity", "Role", "Cell"), {})
    table.columns[0].max_width = _ID_WIDTH
    several = len({one.sheet for one in found.activities}) > 1
    table.columns[3].no_wrap = not several
    for one in found.activities[:MOST]:
        cell = f"{one.sheet}!{one.cell}" if several else one.cell
        table.add_row(*_clean(one.activity_id, _cut(one.activity), one.role, cell))
    more = len(found.activities) - MOST
    title = "Activities" + (f" (the first {MOST}; {more} more follow)" if more > 0 else "")
    return _make_section(title, table)


def _build_mapping(found: Inspection) -> Group:
    """Return the headings: first those that are to be settled, sheet by sheet."""
    groups: dict[tuple[int, str], list[FoundHeading]] = {}
    for one in found.mapping:
        groups.setdefault((_rank(one), one.sheet), []).append(one)
    sections = []
    for (rank, sheet), rows in sorted(groups.items(), key=lambda group: group[0][0]):
        word, style = _STATUSES[rank]
        title = Text()
        title.append(f"{word}", style=f"bold {style}".strip())
        title.append(f" in {clean_line(sheet)}")
        sections.append(_make_section(title, _list_headings(rows)))
    return Group(*sections)


def _rank(one: FoundHeading) -> int:
    if one.status == "unmapped":
        return 1 if is_open(one) else 2
    return 0 if one.status == "ambiguous" else 3


def _list_headings(rows: Iterable[FoundHeading]) -> Table:
    table = _make_table(("Cell", "Heading", "Field", "Sure"), {3: "right"})
    table.columns[0].no_wrap = table.columns[2].no_wrap = True
    for one in rows:
        field = f"{one.field}?" if one.status == "ambiguous" else one.field or "-"
        sure = f"{one.confidence:.2f}" if one.field else ""
        table.add_row(*_clean(one.cell, _cut(one.heading), field, sure))
    return table


def _build_ignored(found: Inspection) -> Group:
    table = _make_table(("Sheet", "Why"), {})
    for one in found.ignored:
        table.add_row(*_clean(one.sheet, one.why))
    return _make_section("Ignored", table)


def _list_settings(found: Inspection) -> list[Text]:
    lines = []
    if found.unused:
        names = ", ".join(clean_line(repr(_cut(one))) for one in found.unused)
        lines += [Text(), Text(f"Lines of the policy that fit no heading: {names}", style="yellow")]
    settings = list_settings(found)
    if not settings:
        return lines
    lines += [Text(), Text("To settle these, put into ropa.toml and pass --policy ropa.toml:")]
    return [*lines, *(Text(line) for line in format_settings(settings).splitlines())]


def format_settings(settings: Iterable[tuple[str, str, str]]) -> str:
    """Return lines of a policy (`ropa.report.inspection.list_settings`) as TOML."""
    lines = ["[mapping]"]
    lines += [
        f"{quote_toml(key)} = {quote_toml(field)}  # {clean_line(remark)}"
        for key, field, remark in settings
    ]
    return "\n".join(lines) + "\n"


def quote_toml(text: str) -> str:
    """Return a text as a TOML string on one line, with nothing that a terminal would obey.

    JSON's escapes are TOML's as well.
    """
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04X}", quoted)


def _make_table(names: Iterable[str], right: dict[int, str]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    for number, name in enumerate(names):
        table.add_column(name, justify="right" if number in right else "left", overflow="fold")
    return table


def _make_section(title: str | Text, table: Table) -> Group:
    head = Text(title, style="bold") if isinstance(title, str) else title
    return Group(Text(), head, Padding(table, (0, 0, 0, 2)))


def _clean(*texts: object) -> list[Text]:
    return [Text(clean_line(str(one))) for one in texts]


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"


def _count(number: int, word: str) -> str:
    return f"{number} {word if number == 1 else word.removesuffix('y') + 'ies'}"
