"""Questions across registers, answered from the partitions, one after the other.

Of the findings and flows one partition is held at a time; nothing crosses a register, so that what
each partition says is added up.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
from pyarrow import parquet

from ropa.errors import UsageError
from ropa.flows.paths import find_only_vendors
from ropa.flows.words import PARTY, PASSED, UNNAMED, VENDOR_ROLES
from ropa.phrases.matching import fold
from ropa.portfolio.partitions import FOLDERS
from ropa.portfolio.tables import AUDITED

_VENDOR_ROLES = sorted(VENDOR_ROLES)
_ACTIVITY = ["register", "number"]
_WAITING = 100_000
"""Rows of counts that wait at most to be added up."""


def read_parts(folder: Path, table: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Yield some columns of a table, one partition after the other."""
    for path in sorted((folder / FOLDERS[table]).glob("*.parquet")):
        rows = parquet.read_table(path, columns=list(columns), partitioning=None)
        yield rows.replace_schema_metadata().to_pandas()


def count_rules(folder: Path) -> pd.DataFrame:
    """Count the findings of each register by rule.

    Returns
    -------
    DataFrame
        One row a register and rule with findings: ``register``, ``rule``, ``name``, ``findings``.
    """
    by = ["register", "rule", "name"]
    parts = [
        rows.groupby(by).size().rename("findings").reset_index()
        for rows in read_parts(folder, "findings", by)
    ]
    return pd.concat(parts).sort_values(["register", "rule"], ignore_index=True)


def list_rules(folder: Path, registers: pd.DataFrame) -> pd.DataFrame:
    """List the rules that found something, those of the most registers first.

    Parameters
    ----------
    folder : Path
        The results.
    registers : DataFrame
        One row a register (`ropa.portfolio.tables.REGISTERS`).

    Returns
    -------
    DataFrame
        One row a rule: ``rule``, ``name``, ``registers``, ``register_share`` (of the audited ones),
        ``findings``.
    """

    def count(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.groupby(["rule", "name"]).agg(
            registers=("register", "nunique"), findings=("register", "size")
        )

    counts = _add_up(read_parts(folder, "findings", ["register", "rule", "name"]), count)
    counts = _share_registers(counts.reset_index(), registers)
    order = ["rule", "name", "registers", "register_share", "findings"]
    return _sort(counts, ["registers", "findings"], "rule")[order]


def list_vendors(folder: Path, registers: pd.DataFrame) -> pd.DataFrame:
    """Measure how far the registers together depend on each vendor.

    Who is a vendor, and how names are compared, is as in `ropa.flows.list_vendors`.

    Parameters
    ----------
    folder, registers
        As in `list_rules`.

    Returns
    -------
    DataFrame
        One row a vendor, that of the most registers first: ``vendor``, ``registers`` that give it
        data, ``register_share``; ``activities`` and ``activity_share`` (of the live activities of
        all registers); ``special_activities`` whose data to it are or may be special category
        data, and ``special_share`` (of the activities with such data).
    """

    def count(rows: pd.DataFrame) -> pd.DataFrame:
        passed = rows["flow"].isin(PASSED) & rows["role"].isin(_VENDOR_ROLES)
        rows = rows[passed & rows["named"]]
        labels = rows.groupby("target")["target_label"].first().rename("vendor")
        return _count_activities(rows, "target").join(labels)

    columns = ["flow", "role", "target", "target_label", "named", *_ACTIVITY, "special_category"]
    counts = _add_up(read_parts(folder, "flows", columns), count)
    return _sort(_share_all(counts, registers), ["registers", "activities"], "vendor")[
        [
            *("vendor", "registers", "register_share", "activities", "activity_share"),
            *("special_activities", "special_share"),
        ]
    ]


def list_instruments(folder: Path, registers: pd.DataFrame) -> pd.DataFrame:
    """Tell what the end of each instrument would reach on the day of the audit.

    What depends on the instrument ends with it; a transfer that another instrument then carries is
    not reached (`ropa.what_if.find_fallen`).

    Parameters
    ----------
    folder, registers
        As in `list_rules`.

    Returns
    -------
    DataFrame
        One row an instrument on which a transfer relies, that of the most registers first:
        ``instrument`` (id of a row of the law tables), and the counts of `list_vendors`.
    """

    def count(rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows[rows["falls_with"] != ""]
        named = rows.assign(instrument=rows["falls_with"].str.split()).explode("instrument")
        return _count_activities(named.astype({"instrument": "str"}), "instrument")

    columns = ["register", "number", "falls_with", "special_category"]
    counts = _add_up(read_parts(folder, "flows", columns), count).reset_index()
    return _sort(_share_all(counts, registers), ["registers", "activities"], "instrument")[
        [
            *("instrument", "registers", "register_share", "activities", "activity_share"),
            *("special_activities", "special_share"),
        ]
    ]


def reach_instrument(folder: Path, registers: pd.DataFrame, instrument: str) -> pd.DataFrame:
    """Tell which registers the end of an instrument reaches on the day of the audit.

    Returns
    -------
    DataFrame
        One row a register, the most activities first: ``register``, ``name``, ``activities``,
        ``activity_share`` (of its live ones), ``special_activities``, ``transfers``.
    """
    columns = ["register", "number", "falls_with", "special_category"]
    parts = []
    for rows in read_parts(folder, "flows", columns):
        held = rows[rows["falls_with"].str.contains(f" {instrument} ", regex=False)]
        counts = _count_by_register(held)
        parts.append(counts.assign(transfers=held.groupby("register").size()))
    return _name_reached(pd.concat(parts), registers)


def reach_vendor(folder: Path, registers: pd.DataFrame, vendor: str) -> pd.DataFrame:
    """Tell which registers the loss of a vendor reaches.

    Returns
    -------
    DataFrame
        One row a register, the most activities first: ``register``, ``name``, ``activities`` that
        give it data or pass data through it, ``activity_share`` (of the live ones),
        ``special_activities``, and ``sole_activities``: those that have no other vendor.

    Raises
    ------
    UsageError
        No register names it.
    """
    party = fold(vendor)
    columns = [
        *("register", "number", "flow", "role", "source_kind", "source", "target_kind", "target"),
        *("named", "special_category"),
    ]
    parts = []
    for rows in read_parts(folder, "flows", columns):
        into = (rows["target_kind"] == PARTY) & (rows["target"] == party)
        out = (rows["source_kind"] == PARTY) & (rows["source"] == party)
        held = rows[into | out]
        own = rows[rows["register"].isin(held["register"]) & rows["flow"].isin(PASSED)]
        keyed = own.assign(
            activity_key=own.groupby(_ACTIVITY).ngroup(),
            target=own["target"].where(own["named"], UNNAMED),
        )
        only = find_only_vendors(keyed, VENDOR_ROLES)
        only = only[only["target"] == party].drop_duplicates("activity_key")
        sole = only["register"].value_counts()
        counts = _count_by_register(held)
        parts.append(counts.assign(sole_activities=sole.reindex(counts.index).fillna(0)))
    found = pd.concat(parts)
    if found.empty or party in ("", UNNAMED):
        raise UsageError(f"no register names {vendor!r}: write it as list_vendors has it")
    return _name_reached(found.astype({"sole_activities": "int64"}), registers)


def _count_activities(rows: pd.DataFrame, by: str) -> pd.DataFrame:
    """Count registers and activities by a column."""
    special = "special_category"
    each = rows.groupby([by, *_ACTIVITY])[special].any().reset_index()
    return each.groupby(by).agg(
        activities=(special, "size"),
        special_activities=(special, "sum"),
        registers=("register", "nunique"),
    )


def _count_by_register(rows: pd.DataFrame) -> pd.DataFrame:
    special = "special_category"
    each = rows.groupby(_ACTIVITY)[special].any().reset_index()
    return each.groupby("register").agg(
        activities=(special, "size"), special_activities=(special, "sum")
    )


def _add_up(
    parts: Iterator[pd.DataFrame], count: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    """Add the counts of the partitions; of a text the first is taken."""
    whole, held, waiting = pd.DataFrame(), list[pd.DataFrame](), 0
    for rows in parts:
        held.append(count(rows))
        waiting += len(held[-1])
        if waiting > max(len(whole), _WAITING):  # not each time: the sum may be long
            whole, held, waiting = _add([whole, *held]), [], 0
    return _add([whole, *held])


def _add(counts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [one for one in counts if len(one.columns)]
    if not filled:
        return pd.DataFrame()
    both = pd.concat(filled)
    how: Mapping[str, str] = {
        str(name): "sum" if pd.api.types.is_numeric_dtype(both[name]) else "first" for name in both
    }
    return both.groupby(level=list(range(both.index.nlevels))).agg(dict(how))


def _share_registers(counts: pd.DataFrame, registers: pd.DataFrame) -> pd.DataFrame:
    audited = int((registers["state"] == AUDITED).sum())
    return counts.assign(register_share=counts["registers"] / max(audited, 1))


def _share_all(counts: pd.DataFrame, registers: pd.DataFrame) -> pd.DataFrame:
    totals = registers[["activities", "special_activities"]].sum()
    return _share_registers(counts, registers).assign(
        activity_share=counts["activities"] / max(totals["activities"], 1),
        special_share=counts["special_activities"] / max(totals["special_activities"], 1),
    )


def _sort(rows: pd.DataFrame, most: Sequence[str], name: str) -> pd.DataFrame:
    ascending = [False] * len(most) + [True]
    return rows.sort_values([*most, name], ascending=ascending, kind="stable", ignore_index=True)


def _name_reached(counts: pd.DataFrame, registers: pd.DataFrame) -> pd.DataFrame:
    known = registers.set_index("register")[["name", "activities"]]
    known = known.rename(columns={"activities": "whole"})
    rows = counts.reset_index().join(known, on="register")
    rows["activity_share"] = (rows["activities"] / rows["whole"]).astype("float64")
    first = ["register", "name", "activities", "activity_share", "special_activities"]
    others = [name for name in counts if name not in first]
    return _sort(rows, ["activities"], "register")[[*first, *others]]
