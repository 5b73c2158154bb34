"""Hits to findings: which regimes, which provision, which activity, which cell, which id.

All hits of an audit are attributed together, whatever rule they come from.
"""

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from ropa.findings import COLUMNS, SEVERITIES, VALUE_LENGTH, compute_id, join_regimes
from ropa.phrases.matching import fold
from ropa.register import (
    Register,
    find_activities,
    find_cells,
    locate,
    locate_headings,
    read_cells,
)
from ropa.rules.case import Case
from ropa.rules.catalogue import Rule
from ropa.schema import CONTACT_FIELDS

REGIMES = ("uk", "eu")
PARTIES = ("", "processor")

_ENCODED = re.compile(r"[A-Za-z0-9+/=_-]{40,}")


def find_provisions(rules: Sequence[Rule], case: Case) -> Mapping[tuple[str, str, str], str]:
    """Return the provision on the date by rule, regime and party (a controller's is "")."""
    return {
        (one.code, regime, party): case.law.find_provision(
            one.code, regime, case.as_of, party=party
        )
        for one in rules
        for regime in REGIMES
        for party in PARTIES
    }


def name_activities(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the activity that each row (``table``, ``key``, ``field``) belongs to.

    Returns
    -------
    DataFrame
        ``identity``, ``label``, ``activity`` (its name, else its purpose) and ``processor``, with
        the index of `rows`; empty and false where the row belongs to none.
    """
    keys = find_activities(case.register, find_cells(case.register, rows))
    activities = case.register.frames["activities"].set_index("key")
    name = activities["activity"].where(activities["activity_state"] == "stated", "")
    name = name.where(name != "", activities["purpose"]).str.slice(0, VALUE_LENGTH)
    named = activities[["identity", "label"]].assign(activity=name)
    named = named.reindex(keys.to_numpy()).fillna("").set_axis(rows.index)
    return named.assign(processor=keys.isin(case.processor_rows["key"]))


def make_findings(hits: pd.DataFrame, case: Case, rules: Sequence[Rule]) -> pd.DataFrame:
    """Return the findings that some hits amount to.

    Parameters
    ----------
    hits : DataFrame
        The columns of `ropa.rules.hits.HIT_COLUMNS` and ``rule``.
    case : Case
        The case that they were found in.
    rules : sequence of Rule
        The rules that found them.

    Returns
    -------
    DataFrame
        One row a defect: ``register``, ``row``, ``column`` and the columns of
        `ropa.findings.COLUMNS`; sorted by severity, rule, file, sheet, row and column.
    """
    activities = name_activities(case, hits)
    hits = _describe(hits.join(activities), rules)
    hits = _merge_regimes(_spread_regimes(hits, case, find_provisions(rules, case)))
    cells = find_cells(case.register, hits)
    places = _place(case.register, hits, cells)
    titled = places.assign(register=hits["register"])
    texts = read_cells(case.register, cells)
    findings = hits.assign(
        activity_id=hits["label"],
        value=quote_cells(_read_headings(case.register, titled, texts), cells),
        status="new",
        **dict.fromkeys(("owner", "due", "decision", "remark"), ""),
    ).join(places)
    order = ["rank", "rule", "register", "file", "sheet", "row", "column", "field", "subject"]
    findings = findings.sort_values([*order, "message"], kind="stable", ignore_index=True)
    findings["id"] = _identify(findings)
    columns = ["register", "row", "column", *COLUMNS]
    return findings[columns].astype(dict.fromkeys((*COLUMNS, "register"), "str"))


def _describe(hits: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """Add what the rule says of itself where the hit does not say otherwise."""
    by_code = {one.code: one for one in rules}
    found = [by_code[code] for code in hits["rule"]]
    duty = pd.Series([one.duty for one in found], index=hits.index, dtype="str")
    other = pd.Series([one.processor_duty for one in found], index=hits.index, dtype="str")
    severity = pd.Series([one.severity for one in found], index=hits.index, dtype="str")
    duty = duty.mask(hits["processor"], other)
    return hits.assign(
        name=[one.name for one in found],
        remedy=[one.remedy for one in found],
        severity=hits["severity"].where(hits["severity"] != "", severity),
        duty=hits["duty"].where(hits["duty"] != "", duty),
    )


def _spread_regimes(
    hits: pd.DataFrame, case: Case, provisions: Mapping[tuple[str, str, str], str]
) -> pd.DataFrame:
    """Return one row a hit and regime, for the regimes of its register that have a provision."""
    judged = case.organisation.set_index("register")
    party = hits["processor"].map({True: "processor", False: ""})
    parts = []
    for regime in REGIMES:
        named = [
            provisions[code, regime, one] for code, one in zip(hits["rule"], party, strict=True)
        ]
        spread = hits.assign(provision=pd.Series(named, index=hits.index, dtype="str"))
        kept = hits["register"].map(judged[regime]).eq(other=True)
        kept &= hits["regime"].isin(("", regime)) & (spread["provision"] != "")
        parts.append(spread[kept].assign(regime=regime))
    return pd.concat(parts, ignore_index=True)


def _merge_regimes(hits: pd.DataFrame) -> pd.DataFrame:
    """Return one row a defect, whatever the number of regimes that it offends."""
    same = ["rule", "register", "table", "key", "field", "subject"]
    hits = hits.assign(rank=hits["severity"].map(SEVERITIES.index).astype("int64"))
    hits = hits.sort_values("rank", kind="stable").drop_duplicates([*same, "regime"])
    first = hits.drop_duplicates(same).reset_index(drop=True)
    second = hits[hits.duplicated(same)].set_index(same)
    pairs = first.join(second[["regime", "provision", "message"]].add_suffix("_other"), on=same)
    both = pairs["regime_other"].notna()
    regime = [
        join_regimes(pair) for pair in zip(pairs["regime"], pairs["regime_other"], strict=True)
    ]
    # The UK's comes first, whichever of the two is the more severe.
    turned = both & (pairs["regime"] == "eu")
    for name in ("provision", "message"):
        one = pairs[name].mask(turned, pairs[f"{name}_other"])
        other = pairs[f"{name}_other"].mask(turned, pairs[name])
        differ = both & (one != other)
        joined = one + "; " + other if name == "provision" else "UK: " + one + " EU: " + other
        first[name] = one.mask(differ, joined)
    return first.assign(regime=pd.Series(regime, index=first.index, dtype="str"))


def _identify(findings: pd.DataFrame) -> pd.Series:
    """Return the ids; two defects that would share one are told apart by their content."""
    same = ["register", "rule", "identity", "field", "subject"]
    folded = findings.assign(subject=findings["subject"].map(fold))
    ordered = folded.sort_values([*same, "message", "value"], kind="stable")
    number = ordered.groupby(same).cumcount().reindex(findings.index) + 1
    suffix = ("~" + number.astype("str")).where(number > 1, "")
    subjects = folded["subject"] + suffix
    parts = (findings["rule"], findings["identity"], findings["field"], subjects)
    ids = [compute_id(*one) for one in zip(*parts, strict=True)]
    return pd.Series(ids, index=findings.index, dtype="str")


def _place(register: Register, hits: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Return each hit's cell; without one the field's heading, else the range of all headings."""
    places = locate(register, cells)
    lost = hits[places["cell"] == ""]
    for (table, field), rows in lost.groupby(["table", "field"]):
        wanted = [(str(table), str(field)), (str(table), ""), ("activities", "")]
        for one in wanted:
            still = rows[places.loc[rows.index, "cell"] == ""]
            spans = locate_headings(register, *one).set_index("register")
            found = spans.reindex(still["register"]).set_axis(still.index)
            found = found[found["cell"].notna()]
            places.loc[found.index] = found[list(places.columns)].astype(places.dtypes.to_dict())
    return places


def _read_headings(register: Register, places: pd.DataFrame, texts: pd.Series) -> pd.Series:
    """Return the texts, with the heading's where a place is that of a heading."""
    same = ["register", "file", "sheet", "cell"]
    headings = register.frames["mapping"].drop_duplicates(same).set_index(same)["heading"]
    found = places[same].join(headings, on=same)["heading"]
    return texts.where((texts != "") | found.isna(), found)


def quote_cells(texts: pd.Series, cells: pd.DataFrame) -> pd.Series:
    """Return what a finding may quote: no contact details, nothing that looks encoded."""
    pairs = pd.Series(list(zip(cells["table"], cells["field"], strict=True)), index=cells.index)
    secret = pairs.isin(CONTACT_FIELDS) | texts.str.fullmatch(_ENCODED)
    return texts.str.slice(0, VALUE_LENGTH).mask(secret, "")
