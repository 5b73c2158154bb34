"""The catalogue of rules on a terminal: all of them by family, or one with its law and example."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ropa.lawbook import Law
from ropa.lawbook.tables import format_day, is_applicable
from ropa.report.house_layout import SHEETS
from ropa.rules.catalogue import FAMILY_NAMES, Rule
from ropa.rules.examples import Example, read_examples

_RECORDS = MappingProxyType(
    {"C": "controllers' records", "P": "processors' records", "R": "the register as a whole"}
)
_DUTIES = MappingProxyType(
    {
        "record": "record: what Article 30 asks the record to hold",
        "law": "law: another duty by statute",
        "guidance": "guidance: good practice",
    }
)


def print_catalogue(rules: Sequence[Rule], *, console: Console | None = None) -> None:
    """Print rules by family, one entry a rule: code, severity, duty and what it finds.

    Parameters
    ----------
    rules : sequence of Rule
        See `ropa.rules.catalogue.select_rules`.
    console : Console, optional
        Where to print; stdout by default.
    """
    console = console or Console(highlight=False, soft_wrap=False)
    for family, name in FAMILY_NAMES.items():
        chosen = [one for one in rules if one.code.startswith(family)]
        if chosen:
            title = Text.assemble((family, "bold"), f" {name}")
            console.print(Group(title, Padding(_list_rules(chosen), (0, 0, 1, 2))))
    number = f"{len(rules)} rule{'' if len(rules) == 1 else 's'}"
    console.print(Text(f"{number}. One of them with its law and an example: ropa rules CODE"))


def print_rule(rule: Rule, law: Law, as_of: date, *, console: Console | None = None) -> None:
    """Print one rule: what it finds and why, its remedy, example, law and references.

    Parameters
    ----------
    rule : Rule
        The rule.
    law : Law
        The law tables.
    as_of : date
        The day whose provisions are named first; those of other days follow.
    console : Console, optional
        Where to print; stdout by default.
    """
    console = console or Console(highlight=False, soft_wrap=False)
    name = rule.name.replace("_", " ")
    console.print(Text.assemble((rule.code, "bold"), f" {name}"))
    console.print(Group(Text(), Text(rule.summary), Text(), _build_facts(rule)))
    console.print(_make_section("Why it matters", Text(rule.why)))
    console.print(_make_section("Remedy", Text(rule.remedy)))
    example = read_examples().get(rule.code)
    if example:
        console.print(_make_section("Example", _build_example(example)))
    rows = [row for row in law.rows("provisions") if row["rule"] == rule.code]
    now = [row for row in rows if is_applicable(row, format_day(as_of))]
    title = f"Law on {format_day(as_of)}"
    told = _list_provisions(now) if now else Text("No provision: the rule does not apply.")
    console.print(_make_section(title, told))
    others = [row for row in rows if row not in now]
    if others:
        console.print(_make_section("Law on other days", _list_provisions(others)))
    console.print(_make_section("References", Text(rule.references)))


def _list_rules(rules: Iterable[Rule]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column()
    for one in rules:
        table.add_row(one.code, f"{one.severity:8}", f"{one.duty:8}", Text(_say_finding(one)))
    return table


def _say_finding(rule: Rule) -> str:
    """Return the first sentence of what a rule finds; the order to find it goes without saying."""
    first, _, _ = rule.summary.partition(". ")
    first = first.removeprefix("Find ").rstrip(".")
    return f"{first[:1].upper()}{first[1:]}."


def _build_facts(rule: Rule) -> Table:
    duty = Text(_DUTIES[rule.duty])
    if rule.processor_duty != rule.duty:
        duty.append(f"; on processors' records {_DUTIES[rule.processor_duty]}")
    facts = _make_pairs()
    facts.add_row("judges", Text(", ".join(_RECORDS[role] for role in rule.roles)))
    facts.add_row("severity", Text(rule.severity))
    facts.add_row("duty", duty)
    return facts


def _build_example(example: Example) -> Table:
    pairs = _make_pairs()
    pairs.add_row("cell", Text(f"{example.heading}, in the sheet {SHEETS[example.table]}"))
    if example.given:
        pairs.add_row("given", Text(example.given))
    pairs.add_row("wrong", Text(example.wrong or "(blank)"))
    pairs.add_row("right", Text(example.right))
    return pairs


def _list_provisions(rows: Iterable[Mapping[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in sorted(rows, key=lambda row: (row["regime"], row["party"], row["valid_from"])):
        provision = row["provision"]
        if row["party"]:
            provision += f" ({row['party']}s' records)"
        table.add_row(row["regime"].upper(), _say_days(row), Text(provision))
    return table


def _say_days(row: Mapping[str, str]) -> str:
    if row["valid_to"]:
        return f"{row['valid_from']} to {row['valid_to']}"
    return f"from {row['valid_from']}"


def _make_pairs() -> Table:
    pairs = Table.grid(padding=(0, 2, 0, 0))
    pairs.add_column(style="dim", no_wrap=True)
    pairs.add_column(overflow="fold")
    return pairs


def _make_section(title: str, body: RenderableType) -> Group:
    return Group(Text(), Text(title, style="bold"), Padding(body, (0, 0, 0, 2)))
