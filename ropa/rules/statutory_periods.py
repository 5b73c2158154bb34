"""Time limits against the periods that a statute orders for a kind of record.

The periods are the law table ``statutory_retention``; the words that name a record, and that show
whom a statute binds, are ``vocabulary/record_kinds.csv``. Nothing that is merely usual, a contract
or a permission is in that table, and so none of it gives a finding.
"""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from ropa.phrases.columns import map_rows
from ropa.phrases.matching import Matcher
from ropa.rules.case import Case, find_rows, map_texts, read_column, satisfies
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits
from ropa.rules.record_kinds import (
    EXCLUDED,
    find_record,
    has_ground,
    is_beside,
    load_terms,
    name_excluded,
    name_kinds,
    name_mentioned,
    name_parts,
    shows_binding,
    sits_in_uk,
)
from ropa.rules.retention_cells import FIELD, list_cells
from ropa.rules.statutory_limits import UNLIMITED, count_kept, measure, name_stated

_SLACK = 10  # days: 260 weeks are not less than 5 years, nor are 1826 days more
_DAYS, _MONTHS = 365, 12
_REGIME = "uk"
_ABOUT = ("activity", "purpose")
_LAW = (
    *("record", "name", "years", "months", "days"),
    *("event", "binds", "shown_by", "compared", "source"),
)
_COMPARED = ("shortest", "total", "events", "minimum", "words")


@rule("RET-07", roles="C", severity="high", duty="law")
def below_statutory_floor(case: Case) -> pd.DataFrame:
    """A record is kept for a shorter time than a statute demands for records of its kind.

    Judged where a data category, or the activity as a whole, is by name a record that a statute
    of the United Kingdom orders to be kept, and the register shows that the statute binds the
    organisation: staff among the data subjects, a company's name, a regulated sector, the statute
    cited. Bank details within payroll are not the payroll record. A shorter period is a defect if
    it runs from the statute's event, from one before it, from none that is stated, or from one
    (such as the end of employment) at which the last records are new. Other events are not
    compared, nor exceptions, minimum periods and a second branch. No defect where another row of
    the register keeps the same record long enough, or where the authority allowed less.

    Why it matters
    --------------
    Erasing on time what the law orders to be kept is an offence or a penalty of its own, and the
    evidence is gone. The envisaged time limit must be one that may be met.

    Remedy
    ------
    Set the period to that of the enactment, counted from its event, or record what allows a
    shorter one or which other row keeps the record.

    References
    ----------
    UK GDPR Art 30(1)(f), 6(1)(c) and 17(3)(b), with the enactment named in the finding.
    """
    found = _compare(case, "floor")
    short = ~found["minimum"] & (found["total"] + _SLACK < found["days"])
    found = found[short & found["comparable"]]
    return _hit(found[_find_kept(case, found) + _SLACK < found["days"]], "at least")


@rule("RET-08", roles="C", severity="high", duty="law")
def above_statutory_ceiling(case: Case) -> pd.DataFrame:
    """A record is kept for a longer time than a statute allows for records of its kind.

    Judged as for a statutory minimum, where the statute itself orders the erasure. A longer period
    is a defect only if it runs from the statute's event or from a later one; so is keeping without
    limit. No defect where the record names a ground to keep it longer: consent, legal proceedings,
    another enactment. Contract standards and permissions are no ceiling.

    Why it matters
    --------------
    The statute orders erasure at the end of its period. What is kept beyond it is kept unlawfully,
    whatever the lawful basis was before.

    Remedy
    ------
    Erase at the end of the statutory period, or record the ground of the enactment on which these
    data are kept longer.

    References
    ----------
    UK GDPR Art 5(1)(e) and 17(1)(e), with the enactment named in the finding.
    """
    found = _compare(case, "ceiling")
    unlimited = found["shortest"] == UNLIMITED
    long = (found["shortest"] > found["days"] + _SLACK) & (found["comparable"] | unlimited)
    return _hit(found[long], "no longer than")


def _compare(case: Case, kind: str) -> pd.DataFrame:
    """Return one row a time limit, record and period of law that binds the organisation.

    ``days`` is the statute's period, ``comparable`` whether the events can be compared; the
    others are those of the cell, the law and the measure.
    """
    law = pd.DataFrame(
        [
            {**row, "days": _count_days(row["years"], row["months"])}
            for row in case.law.find_rows("statutory_retention", _REGIME, case.as_of)
            if row["kind"] == kind and row["shown_by"]
        ],
        columns=list(_LAW),
    )
    cells = case.once(_list_records).merge(law, on="record").reset_index(drop=True)
    read = _read_limits(cells, measure)
    cells, read = cells[read.notna()], read[read.notna()]
    for name in _COMPARED:
        cells = cells.assign(**{name: [getattr(one, name) for one in read]})
    cells = cells.astype({"shortest": "int64", "total": "int64", "minimum": "bool"})
    named = zip(cells["events"], cells["compared"], strict=True)
    comparable = (events <= set(compared.split(";")) for events, compared in named)
    cells = cells.assign(comparable=_make_column(cells, comparable).astype("bool"))
    rows = find_rows(case.activities, cells["activity_key"])
    rows = rows.assign(retention=cells[FIELD], retention_state="stated")
    bound = pd.Series(data=False, index=cells.index)
    for shown_by, members in cells.groupby("shown_by"):
        bound.loc[members.index] = shows_binding(case, rows.loc[members.index], str(shown_by))
    return cells[bound & sits_in_uk(case, rows) & ~has_ground(case, rows, kind)]


def _read_limits(cells: pd.DataFrame, read: Callable[[str, str], object]) -> pd.Series:
    """Read each distinct pair of a time limit and a record once."""
    limits = cells[FIELD].str.replace("\0", "")
    pairs = cells["record"] + "\0" + limits

    def read_pair(pair: str) -> object:
        record, _, text = pair.partition("\0")
        return read(text, record)

    return map_texts(pairs, read_pair)


def _count_days(years: str, months: str) -> int:
    return int(years or 0) * _DAYS + round(int(months or 0) * _DAYS / _MONTHS)


# -- records --------------------------------------------------------------------------------------


def _list_records(case: Case) -> pd.DataFrame:
    """Return one row a time limit of a controller and the ``kind`` of record that it is for.

    A data item's own limit is for the record that its category names. An activity's limit is for
    what its categories without a limit of their own and the text of the limit name; and, where no
    category has a limit of its own and not all are data beside the record, for what the activity
    and its purpose name.
    """
    cells = _list_cells(case)
    activities = case.activities
    about = pd.DataFrame(
        {
            "kinds": _join(activities, _ABOUT, name_kinds, load_terms()),
            "excluded": _join(activities, _ABOUT, name_excluded, load_terms(EXCLUDED)),
        }
    ).set_axis(pd.Index(activities["key"]))
    items = _name_items(case, about["kinds"])
    # A category stands with its own limit, else with the activity's.
    own = cells.loc[cells["table"] == "data_items", "key"]
    alone = items["key"].isin(own)
    named = items["records"].astype(bool)
    relying = _pool(items[~alone & named])
    beside = satisfies(
        read_column(case.data_items, "data_category"), is_beside, holding=[load_terms("beside")]
    )
    only_beside = beside.groupby(items["activity_key"]).all()
    partial = items.loc[alone, "activity_key"]
    rows = cells[cells["table"] == "activities"]
    rows = rows.join(about, on="activity_key").join(relying, on="activity_key")
    as_whole = ~rows["activity_key"].isin(partial)
    as_whole &= ~rows["activity_key"].isin(only_beside.index[only_beside])
    stated = map_texts(read_column(rows, FIELD), name_stated)
    kinds = rows["kinds"].where(as_whole)
    whole = rows.assign(records=map_rows(_unite, kinds, rows["records"], stated))
    single = cells[cells["table"] == "data_items"].join(about["excluded"], on="activity_key")
    single = single.join(items.set_index("key")["records"], on="key")
    both = pd.concat([whole[single.columns], single], ignore_index=True)
    return _spread_kinds(both.assign(kind=map_rows(_leave_out, both["records"], both["excluded"])))


def _pool(items: pd.DataFrame) -> pd.Series:
    """Return by activity the ``records`` of all its items."""
    held: dict[int, frozenset[str]] = {}
    for key, records in zip(items["activity_key"], items["records"], strict=True):
        held[key] = held.get(key, frozenset()) | records
    return pd.Series(held, dtype=object, name="records").rename_axis("activity_key")


def _leave_out(kinds: frozenset[str], excluded: frozenset[str]) -> list[str]:
    return sorted(one for one in kinds if find_record(one) not in excluded)


def _name_items(case: Case, kinds: pd.Series) -> pd.DataFrame:
    """Return the data items with their ``records``: what each is in an activity of its kinds."""
    items = case.data_items
    category = read_column(items, "data_category")
    of_activity, sets = pd.factorize(kinds)
    number = pd.Series(of_activity, kinds.index).reindex(items["activity_key"])
    first = category.numbers.astype(np.int64) * len(sets)
    pairs, distinct = pd.factorize(first + number.to_numpy())
    found = np.empty(len(distinct), dtype=object)
    for place, pair in enumerate(distinct.tolist()):
        text = category.distinct.texts[pair // len(sets)]
        found[place] = _name_item(text, sets[pair % len(sets)])
    columns = items[["key", "activity_key", "data_category"]]
    return columns.assign(records=pd.Series(found[pairs], items.index, dtype=object))


def _spread_kinds(cells: pd.DataFrame) -> pd.DataFrame:
    """Return one row a cell and kind, with the ``record`` that the kind is or is a part of."""
    cells = cells.explode("kind").dropna(subset=["kind"]).astype({"kind": "str"})
    return cells.assign(record=map_texts(read_column(cells, "kind"), find_record).astype("str"))


def _list_cells(case: Case) -> pd.DataFrame:
    cells = list_cells(case)
    return cells[~cells["processor"]].reset_index(drop=True)


def _join(
    rows: pd.DataFrame,
    fields: tuple[str, ...],
    read: Callable[[str], frozenset[str]],
    holding: Matcher,
) -> pd.Series:
    """Return what is read from any of some fields, one set a row."""
    texts = (
        map_texts(read_column(rows, field), read, holding=[holding], default=frozenset())
        for field in fields
    )
    return map_rows(frozenset().union, *texts)


def _make_column(rows: pd.DataFrame, values: Iterable[object]) -> pd.Series:
    return pd.Series(list(values), index=rows.index, dtype="object")


def _unite(*found: object) -> frozenset[str]:
    """Unite sets; what is missing is none."""
    return frozenset().union(*(one for one in found if isinstance(one, frozenset)))


def _name_item(category: str, kinds: frozenset[str]) -> frozenset[str]:
    """Return the records that a category is in an activity of these kinds."""
    open_to = set(map(find_record, kinds))
    if "due_diligence" in open_to:
        open_to.add("relationship_transactions")
    parts = name_parts(category)
    return name_kinds(category) | {one for one in parts if find_record(one) in open_to}


def _find_kept(case: Case, found: pd.DataFrame) -> pd.Series:
    """Return for each row the longest time for which any row of its register keeps its record.

    Whatever mentions the record, or the same part of it, counts in its favour.
    """
    if found.empty:
        return pd.Series(0, index=found.index)
    cells = _list_cells(case)
    activities = find_rows(case.activities, cells["activity_key"])
    whole = activities["activity"] + "; " + activities["purpose"]
    whole += "; " + activities["data_categories"] + "; " + cells[FIELD]
    texts = cells["subject"].where(cells["table"] == "data_items", whole)
    cells = cells.assign(
        kind=map_texts(
            texts, lambda text: sorted(name_mentioned(text)), holding=[load_terms()], default=()
        )
    )
    cells = _spread_kinds(cells)
    cells = cells.assign(kept=_read_limits(cells, count_kept)).astype({"kept": "int64"})
    longest = cells.groupby(["register", "kind"])["kept"].max()
    kept = [
        longest.reindex(pd.MultiIndex.from_frame(found[["register", name]])).set_axis(found.index)
        for name in ("record", "kind")
    ]
    return pd.concat(kept, axis=1).max(axis=1).fillna(0)


# -- messages -------------------------------------------------------------------------------------


def _hit(found: pd.DataFrame, how: str) -> pd.DataFrame:
    """Return one hit a cell: what it says against each statute, the longest period first."""
    if found.empty:
        return join_hits(())
    found = found.sort_values(["days", "record"], ascending=[False, True], kind="stable")
    found = found.drop_duplicates(["table", "key", "record"])
    period = _spell(found["years"], "year").str.cat(_spell(found["months"], "month"), sep=" ")
    name = found["name"].str.slice(0, 1).str.upper() + found["name"].str.slice(1)
    statute = (
        name + ": the record says " + found["words"] + ", the statute " + how + " "
        + period.str.strip() + " from " + found["event"]
        + " (" + found["source"] + "; binds " + found["binds"] + ")."
    )  # fmt: skip
    joined = statute.groupby([found["table"], found["key"]]).transform(" ".join)
    found = found.assign(message=joined).drop_duplicates(["table", "key"])
    return join_hits(
        make_hits(
            rows,
            FIELD,
            rows["message"],
            table=str(table),
            subject=rows["subject"],
            regime=_REGIME,
        )
        for table, rows in found.groupby("table", sort=False)
    )


def _spell(numbers: pd.Series, unit: str) -> pd.Series:
    plural = (numbers != "1").map({True: "s", False: ""})
    return (numbers + f" {unit}" + plural).where(~numbers.isin(("", "0")), "")
