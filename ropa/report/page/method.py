"""Method and evidence: by what the page can be checked and made again."""

from collections.abc import Iterator

from ropa import __version__
from ropa.report.console import REGIME_NAMES, REGIME_SOURCES
from ropa.report.findings_json import hash_rules, name_policy
from ropa.report.page.wording import count, format_date
from ropa.results import Result

Fact = tuple[str, str, bool]
"""A label, what it says, and whether that is a hash."""


def list_method(result: Result) -> tuple[Fact, ...]:
    """Return the facts on how the audit was made, in the order in which they are shown."""
    return tuple(_list_facts(result))


def _list_facts(result: Result) -> Iterator[Fact]:
    yield "Program", f"ropa {__version__}", False
    yield "Judged as of", format_date(result.as_of), False
    sources = dict.fromkeys(result.register.frames["organisation"]["regimes_from"])
    told = "".join(REGIME_SOURCES[str(one)] for one in sources)
    yield "Regime", f"{REGIME_NAMES[result.regime]}{told}", False
    yield "Law tables", f"version {result.law.version}", False
    yield "Law tables, SHA-256", result.law.sha256, True
    yield "Rules", count(len(result.rules), "rule") + " run", False
    yield "Rules, SHA-256", hash_rules(result.rules), True
    policy = name_policy(result)
    yield ("Policy, SHA-256", policy, True) if policy else ("Policy", "none", False)
    for one in result.register.inputs:
        records = count(one.records, "activity", "activities")
        yield f"Input {one.file}", f"layout {one.layout}, {records}", False
        yield f"Input {one.file}, SHA-256", one.sha256, True
    for earlier in result.earlier:
        name = f"Earlier audit of {format_date(earlier.as_of)}"
        if earlier.sha256:
            yield f"{name}, SHA-256", earlier.sha256, True
        else:
            yield name, "from memory, not from a file", False
