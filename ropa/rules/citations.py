"""GOV: law that is cited although it is no longer in force."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import pandas as pd

from ropa.phrases.matching import Matcher, Term, build_matcher, fold, load_matcher
from ropa.rules.case import Case, map_texts
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.rules.transfer_safeguards import list_verdicts
from ropa.rules.written_cells import find_texts

_REGIMES = {"uk": "UK GDPR", "eu": "EU GDPR"}
_OTHER = {"uk": "eu", "eu": "uk"}
_MECHANISMS = ("transfer_mechanism", "mechanism_evidence")
_MAX_GAP = 5  # words between a citation and what marks it as history
_SENTENCE = re.compile(r"[;\n]|[.!?](?=\s+[A-Z(])")
# What tells whose article is cited: "Article 45(3) of the EU GDPR", "EU GDPR, Art 45".
_AFTER = re.compile(
    r"(?:\s*\(\w{1,2}\))*[\s,]*(?P<of>of\s+)?(?:the\s+)?(?P<law>[\w/]+(?:\s+[\w/]+)?)?"
)
_GDPR = re.compile(r"(?:uk\s+)?gdpr\b|general data|regulation 2016/679|2016/679")
_EU_GDPR = re.compile(r"\beu\s+gdpr[\s,:(]*$")
_UK_GDPR = re.compile(r"uk\s+gdpr\b")
_UK_GDPR_BEFORE = re.compile(r"\buk\s+gdpr[\s,:(]*$")
_OTHER_LAW = re.compile(
    r"\b(?:act|order|regulations|rules|directive|convention|treaty|tfeu|charter|decision|statutes?|"
    r"constitution|agreement|bylaws?|code)\b"
)


@rule("GOV-03", roles="CPR", severity="low", duty="guidance")
def stale_citation(case: Case) -> pd.DataFrame:
    """Find cells that cite law which is repealed or replaced on the date of the audit.

    Not where the cell says that it is history, nor where a lapsed transfer instrument is reported
    for the transfer itself. An article whose number is good law in the other regime counts only
    where the register is under this regime alone, or the citation names the regime.

    Why it matters
    --------------
    A record that cites law of the past has not been looked at since, and tells people of rights and
    duties that have changed.

    Remedy
    ------
    Cite the law that is in force, or say that the old one is meant as history.

    References
    ----------
    GDPR Art 5(2), 94.
    """
    law = {regime: case.law.find_stale_citations(regime, case.as_of) for regime in _REGIMES}
    terms = tuple(sorted({row["term"] for rows in law.values() for row in rows}))
    matcher = _build_matcher(terms)
    cells = find_texts(
        case,
        lambda text: text,
        lambda texts: texts.hold(matcher),
    )
    cells = cells[~_is_reported(case, cells)]
    return join_hits(_find_citations(case, cells, regime, rows) for regime, rows in law.items())


def _find_citations(
    case: Case, cells: pd.DataFrame, regime: str, rows: Sequence[Mapping[str, str]]
) -> pd.DataFrame:
    """Return what of some cells is stale under a regime; ``found`` holds the cells' texts."""
    flags = case.organisation.set_index("register")
    under = cells["register"].map(flags[regime]).eq(other=True)
    alone = under & ~cells["register"].map(flags[_OTHER[regime]]).eq(other=True)
    plain = tuple(row["term"] for row in rows if row["sole_regime"] != "Y")
    shared = tuple(row["term"] for row in rows if row["sole_regime"] == "Y")
    cited = map_texts(cells["found"].where(under, ""), _read_with(plain, _find_plain))
    articles = map_texts(cells["found"].where(alone, ""), _read_with(shared, _find_article))
    named = map_texts(cells["found"].where(under, ""), _read_with(shared, _find_named_article))
    cited = cited.where(cited != "", articles.where(articles != "", named))
    stale = cells.assign(message=cited.map({row["term"]: _describe(regime, row) for row in rows}))
    return join_hits(
        make_hits(
            part,
            part["field"],
            part["message"],
            table=str(table),
            subject=part["subject"],
            regime=regime,
        ).assign(part=part["part"].to_numpy())
        for table, part in stale[cited != ""].groupby("table", sort=True)
    )


def _describe(regime: str, row: Mapping[str, str]) -> str:
    cited = row["term"].rstrip("*")
    whose = f" of the {_REGIMES[regime]}" if row["sole_regime"] == "Y" else ""
    since = row["repealed_from"]
    return f"{cited}{whose} is no longer in force since {since}: cite {row['replaced_by']}."


def _is_reported(case: Case, cells: pd.DataFrame) -> pd.Series:
    """Tell for each cell whether it states a lapsed instrument that TRF-04 reports."""
    recipient = (cells["table"] == "recipients") & cells["field"].isin(_MECHANISMS)
    own = (cells["table"] == "activities") & (cells["field"] == "transfers")
    if not (recipient | own).any():
        return recipient
    verdicts = list_verdicts(case)
    lapsed = verdicts[verdicts["safeguard_rule"] == "TRF-04"]
    recipient &= cells["key"].isin(lapsed["recipient_key"])
    return recipient | (own & cells["key"].isin(lapsed["activity_key"]))


_Find = Callable[[Matcher, str], tuple[Term, ...]]


def _read_with(terms: tuple[str, ...], find: _Find) -> Callable[[str], str]:
    """Return a reader of the first of these terms that a text cites as law in force."""
    matcher = _build_matcher(terms)

    def read(text: str) -> str:
        for sentence in _SENTENCE.split(text):
            folded = fold(sentence)
            for term in find(matcher, folded):
                if not _is_history(folded, term):
                    return term.code
        return ""

    return read


@cache
def _build_matcher(terms: tuple[str, ...]) -> Matcher:
    """Return a matcher of terms of the law tables; each term is its own code."""
    return build_matcher([(term, term) for term in terms])


def _find_plain(matcher: Matcher, folded: str) -> tuple[Term, ...]:
    return matcher.find(folded)


def _find_article(matcher: Matcher, folded: str) -> tuple[Term, ...]:
    """Return the articles cited that are the UK GDPR's, as far as the words tell."""
    return tuple(term for term in matcher.find(folded) if _is_of_gdpr(folded, term))


def _find_named_article(matcher: Matcher, folded: str) -> tuple[Term, ...]:
    """Return the articles that are cited as the UK GDPR's by its name."""
    return tuple(
        term
        for term in _find_article(matcher, folded)
        if _UK_GDPR_BEFORE.search(folded[: term.start])
        or ((after := _AFTER.match(folded, term.end)) and _UK_GDPR.match(after["law"] or ""))
    )


def _is_of_gdpr(folded: str, term: Term) -> bool:
    if _EU_GDPR.search(folded[: term.start]):
        return False
    after = _AFTER.match(folded, term.end)
    law = (after["law"] or "") if after else ""
    if law and _GDPR.match(law):
        return True
    if law.startswith("eu gdpr") or (after and after["of"]):
        return False
    rest = folded[: term.start] + " " + folded[term.end :]
    cites_more = _OTHER_LAW.search(rest) or load_matcher("statutes").find(rest)
    return "gdpr" in folded or not cites_more


def _is_history(folded: str, term: Term) -> bool:
    """Tell whether the words beside a citation mark it as law of the past."""
    for mark in load_matcher("historical_mention").find(folded):
        if mark.end <= term.start and mark.code in ("before", "either"):
            gap = folded[mark.end : term.start]
        elif mark.start >= term.end and mark.code in ("after", "either"):
            gap = folded[term.end : mark.start]
        else:
            continue
        if len(gap.split()) <= _MAX_GAP:
            return True
    return False
