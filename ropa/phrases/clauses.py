"""Standard contractual clauses: which version is meant, and which modules.

Decisions 2001/497/EC, 2002/16/EC, 2004/915/EC and 2010/87/EU under Directive 95/46/EC, and Decision
(EU) 2021/914, which alone has modules.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace

from ropa.phrases.matching import Term, load_matcher
from ropa.phrases.spans import drop_overlapping, order_of

_MODULE = re.compile(r"(?<!\w)mod(?:ule|ules|\.)?\s*(?=\w)")
_MODULE_SHORT = re.compile(r"(?<!\w)m(?P<number>[1-4])(?!\w)")
_MODULE_LIST = re.compile(r"\s*(?:,|/|&|\+|and|or|-)\s*(?:mod(?:ule|\.)?\s*)?")
_BEFORE = re.compile(r"\s*(?:(?:eu|ec|version|of|the)\s+)*")
_AFTER = re.compile(
    r"[\s,(:\[-]*(?:(?:of|from|version|dated|under|the|eu|commission|decision|adopted|in)\s+)*"
)
_WIDTH = 80  # characters between the clauses and their version at most
_DATE = re.compile(r"[-/.]\d")
_PARTIES = re.compile(r"[cp]\W?2|controller|processor")


def add_versions(folded: str, terms: list[Term]) -> list[Term]:
    """Read the version beside the clauses: "old SCCs", "SCCs (2010)", "model clauses, set II"."""
    versions = [
        version
        for version in load_matcher("scc_version").find(folded)
        # "SCCs 2021-11-02" bears the day of signature.
        if not _DATE.match(folded, version.end)
    ]
    starts = [version.start for version in versions]
    ends = [version.end for version in versions]
    dated: list[Term] = []
    for term in terms:
        before = bisect_right(ends, term.start) - 1
        after = bisect_left(starts, term.end)
        code = term.code
        if code == "SCC" and before >= 0:
            gap = folded[ends[before] : term.start]
            code = versions[before].code if _fits(_BEFORE, gap) else code
        if code == "SCC" and after < len(versions):
            gap = folded[term.end : starts[after]]
            code = versions[after].code if _fits(_AFTER, gap) else code
        dated.append(replace(term, code=code))
    return dated


def _fits(pattern: re.Pattern[str], gap: str) -> bool:
    return len(gap) <= _WIDTH and bool(pattern.fullmatch(gap))


def find_modules(folded: str, terms: list[Term]) -> list[Term]:
    """Find the modules of the clauses of 2021: ``SCC-2021-M1`` ... ``SCC-2021-M4``.

    Parameters
    ----------
    folded : str
        The folded text.
    terms : list of Term
        The instruments found in it. Without clauses or the UK Addendum among them a module is read
        only at the start of the text.
    """
    clauses = [term for term in terms if term.code.startswith("SCC") or term.code == "UK-ADDENDUM"]
    found = load_matcher("scc_module").find(folded)
    modules = _find_numbered(folded, {term.start: term for term in found})
    if clauses:
        short = _MODULE_SHORT.finditer(folded)
        modules += [Term(match["number"], match[0], *match.span()) for match in short]
        dated = any(term.code == "SCC-2021" for term in clauses)
        # Clauses between processors, or from one to a controller, exist since 2021 only.
        parties = [
            term
            for term in found
            if _PARTIES.match(term.text) and (dated or term.code in {"3", "4"})
        ]
        modules += drop_overlapping(parties, modules)
    elif not _MODULE.match(folded):
        return []
    read = [replace(term, code=f"SCC-2021-M{term.code}") for term in modules]
    return sorted(read, key=order_of)


def _find_numbered(folded: str, numbers: dict[int, Term]) -> list[Term]:
    modules: list[Term] = []
    for match in _MODULE.finditer(folded):
        position = match.end()
        if modules and position < modules[-1].end:
            continue
        while (number := numbers.get(position)) is not None:
            modules.append(number)
            joined = _MODULE_LIST.match(folded, number.end)
            position = joined.end() if joined else -1
    return modules
