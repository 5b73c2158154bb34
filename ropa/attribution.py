"""Hits to findings: which regimes, which provision, which activity, which cell, which id.

All hits of an audit are attributed together, whatever rule they come from.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ropa.findings import COLUMNS, SEVERITIES, VALUE_LENGTH, compute_id, join_regimes
from ropa.phrases.columns import Texts, list_distinct, map_texts, number_rows
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

_TEXTS = (
    *("rule", "register", "table", "field", "subject"),
    *("message", "severity", "duty", "regime"),
)
_DEFECT = ("rule", "register", "table", "key", "field", "subject")
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


Numbers = npt.NDArray[np.integer[Any]]


def name_activities(case: Case, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the activity that each row (``table``, ``key``, ``field``) belongs to.

    Returns
    -------
    DataFrame
        ``identity``, ``label``, ``activity`` (its name, else its purpose) and ``processor``, with
        the index of `rows`; empty and false where the row belongs to none.
    """
    return _name_owners(case, find_cells(case.register, rows))


def _name_owners(case: Case, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the same for the cells of some rows."""
    keys = find_activities(case.register, cells)
    activities = case.register.frames["activities"]
    name = activities["activity"].where(activities["activity_state"] == "stated", "")
    name = name.where(name != "", activities["purpose"]).str.slice(0, VALUE_LENGTH)
    named = activities[["identity", "label"]].assign(activity=name).set_axis(activities["key"])
    named = named.reindex(keys.to_numpy()).fillna("").set_axis(cells.index)
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
    findings = _locate_defects(hits, case, rules)
    findings = findings.take(_sort(findings)).reset_index(drop=True)
    empty = _repeat("", len(findings))
    findings = findings.rename(columns={"label": "activity_id"}).assign(
        **_state_rules(findings["rule"], rules),
        id=_identify(findings),
        status=_repeat("new", len(findings)),
        **dict.fromkeys(("owner", "due", "decision", "remark"), empty),
    )
    columns = ["register", "row", "column", *COLUMNS]
    return findings[columns].astype(dict.fromkeys((*COLUMNS, "register"), "str"))


def _locate_defects(hits: pd.DataFrame, case: Case, rules: Sequence[Rule]) -> pd.DataFrame:
    """Return one row a defect, with its cell and what stands there."""
    hits = hits.astype(dict.fromkeys(_TEXTS, "str")).reset_index(drop=True)
    cells = find_cells(case.register, hits)
    hits = _describe(hits.join(_name_owners(case, cells)), rules)
    chosen, hits = _merge_regimes(hits, case, find_provisions(rules, case))
    cells = cells.take(chosen).reset_index(drop=True)
    places = _place(case.register, hits, cells)
    texts = _read_headings(case.register, places.assign(register=hits["register"]), cells)
    return hits.join(places).assign(value=quote_cells(texts, cells))


def _repeat(text: str, times: int) -> pd.Series:
    return pd.Series(pa.repeat(pa.scalar(text, pa.large_string()), times), dtype="str")


def _pick(texts: Sequence[str], numbers: Numbers) -> pd.Series:
    """Return a column of some texts by their numbers."""
    return pd.Series(pd.array(list(texts), dtype="str").take(numbers))


def _state_rules(codes: pd.Series, rules: Sequence[Rule]) -> dict[str, pd.Series]:
    """Return what each finding's rule says of itself: ``name`` and ``remedy``."""
    numbers, distinct = list_distinct(codes)
    by_code = {one.code: one for one in rules}
    return {
        name: _pick([getattr(by_code[code], name) for code in distinct], numbers)
        for name in ("name", "remedy")
    }


def _describe(hits: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """Add what the rule says of itself where the hit does not say otherwise."""
    numbers, distinct = list_distinct(hits["rule"])
    by_code = {one.code: one for one in rules}
    found = [by_code[code] for code in distinct]
    own = {
        "severity": _pick([one.severity for one in found], numbers),
        "duty": _pick([one.duty for one in found], numbers),
    }
    other = _pick([one.processor_duty for one in found], numbers)
    own["duty"] = own["duty"].mask(hits["processor"], other)
    return hits.assign(**{name: hits[name].where(hits[name] != "", own[name]) for name in own})


def _merge_regimes(
    hits: pd.DataFrame, case: Case, provisions: Mapping[tuple[str, str, str], str]
) -> tuple[Numbers, pd.DataFrame]:
    """Return one row a defect, whatever the number of regimes that it offends, and its place.

    A hit counts under each regime of its register that has a provision. Of several hits on one
    defect the most severe speaks, under each regime.
    """
    spread, provision = _spread_regimes(hits, case, provisions)
    rank = Texts.of(hits["severity"]).map(SEVERITIES.index).to_numpy(dtype=np.intp)
    spread = spread.take(np.argsort(rank[spread["hit"]], kind="stable"))
    spread["defect"] = number_rows([hits[name] for name in _DEFECT])[spread["hit"]]
    spread = spread.drop_duplicates(["defect", "regime"])
    again = spread.duplicated("defect")
    first = spread[~again].set_index("defect")
    second = spread[again].set_index("defect").reindex(first.index, fill_value=-1)
    both = second["hit"].to_numpy() >= 0
    # The UK's comes first, whichever of the two is the more severe.
    turned = both & (first["regime"].to_numpy() == 1)
    one = {name: np.where(turned, second[name], first[name]) for name in first}
    other = {name: np.where(turned, first[name], second[name]) for name in first}
    chosen = first["hit"].to_numpy()
    merged = hits.take(chosen).reset_index(drop=True)
    regimes = [join_regimes(pair) for pair in (("uk",), ("eu",), REGIMES)]
    number = np.where(both, len(REGIMES), first["regime"].to_numpy())
    return chosen, merged.assign(
        rank=rank[chosen],
        regime=_pick(regimes, number),
        provision=_join_provisions(provision, one["provision"], other["provision"]),
        message=_join_messages(hits["message"], merged["message"], one["hit"], other["hit"]),
    )


def _spread_regimes(
    hits: pd.DataFrame, case: Case, provisions: Mapping[tuple[str, str, str], str]
) -> tuple[pd.DataFrame, list[str]]:
    """Return one row a hit and regime, and the provisions.

    ``hit``, ``regime`` and ``provision`` are the places of the hit, of the regime in `REGIMES` and
    of the provision in the list.
    """
    named = sorted(set(provisions.values()) | {""})
    numbers, codes = list_distinct(hits["rule"])
    processor = hits["processor"].to_numpy(dtype=np.intp)
    registers, names = list_distinct(hits["register"])
    flags = case.organisation.set_index("register")
    parts = []
    for place, regime in enumerate(REGIMES):
        table = np.array(
            [[named.index(provisions[code, regime, one]) for one in PARTIES] for code in codes],
            dtype=np.intp,
        ).reshape(-1, len(PARTIES))
        provision = table[numbers, processor]
        judged = np.array([bool(flags[regime].get(name, default=False)) for name in names], bool)
        kept = judged[registers] & (provision != named.index(""))
        kept &= Texts.of(hits["regime"]).equal(("", regime)).to_numpy()
        found = np.flatnonzero(kept)
        parts.append(pd.DataFrame({"hit": found, "regime": place, "provision": provision[found]}))
    return pd.concat(parts, ignore_index=True), named


def _join_provisions(named: Sequence[str], one: Numbers, other: Numbers) -> pd.Series:
    """Return the provisions of one regime and of the other, where there are two."""
    pairs, distinct = pd.factorize(one * (len(named) + 1) + other + 1)
    texts = []
    for pair in distinct.tolist():
        first, second = divmod(pair, len(named) + 1)
        alone = second in (0, first + 1)
        texts.append(named[first] if alone else f"{named[first]}; {named[second - 1]}")
    return _pick(texts, pairs)


def _join_messages(
    messages: pd.Series, said: pd.Series, first: Numbers, second: Numbers
) -> pd.Series:
    """Return what is said under one regime and under the other, where that differs."""
    number = list_distinct(messages)[0]
    differ = np.flatnonzero((second >= 0) & (number[first] != number[second]))
    pairs = [messages.take(hits[differ]).reset_index(drop=True) for hits in (first, second)]
    said = said.copy()
    said.iloc[differ] = "UK: " + pairs[0] + " EU: " + pairs[1]
    return said


def _sort(findings: pd.DataFrame) -> Numbers:
    """Return the places of the findings in the order in which they are told."""
    order = ["rank", "rule", "register", "file", "sheet", "row", "column", "field", "subject"]
    keys = [
        _rank(findings[name]) if findings[name].dtype == "str" else findings[name].to_numpy()
        for name in (*order, "message")
    ]
    return np.lexsort(keys[::-1])


def _rank(texts: pd.Series) -> Numbers:
    """Return the place of each text in the order of the distinct ones."""
    numbers, distinct = list_distinct(texts)
    order = pc.sort_indices(pa.array(distinct, pa.large_string())).to_numpy()
    rank = np.empty(len(distinct), dtype=np.intp)
    rank[order] = np.arange(len(distinct))
    return rank[numbers]


def _identify(findings: pd.DataFrame) -> pd.Series:
    """Return the ids; two defects that would share one are told apart by their content."""
    same = ["register", "rule", "identity", "field", "subject"]
    folded = findings.assign(subject=map_texts(findings["subject"], fold).astype("str"))
    number = number_rows([folded[name] for name in same])
    alike = folded[pd.Series(number).duplicated(keep=False)]
    ordered = alike.sort_values([*same, "message", "value"], kind="stable")
    count = ordered.groupby(same).cumcount() + 1
    count = count[count > 1]
    subjects = folded["subject"]
    subjects.loc[count.index] = subjects.loc[count.index] + "~" + count.astype("str")
    parts = (findings["rule"], findings["identity"], findings["field"], subjects)
    ids = [compute_id(*one) for one in zip(*(part.tolist() for part in parts), strict=True)]
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


def _read_headings(register: Register, places: pd.DataFrame, cells: pd.DataFrame) -> pd.Series:
    """Return the cells' texts, with the heading's where a place is that of a heading."""
    texts = read_cells(register, cells)
    same = ["register", "file", "sheet", "cell"]
    headings = register.frames["mapping"].drop_duplicates(same).set_index(same)["heading"]
    found = places.loc[texts == "", same].join(headings, on=same)["heading"].dropna()
    texts.loc[found.index] = found
    return texts


def quote_cells(texts: pd.Series, cells: pd.DataFrame) -> pd.Series:
    """Return what a finding may quote: no contact details, nothing that looks encoded."""
    fields = Texts.of(cells["table"] + "." + cells["field"])
    contacts = fields.equal(".".join(one) for one in CONTACT_FIELDS)
    secret = contacts | Texts.of(texts).test(_ENCODED.fullmatch)
    return texts.str.slice(0, VALUE_LENGTH).mask(secret, "")
