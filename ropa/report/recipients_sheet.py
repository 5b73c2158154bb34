"""The sheet Recipients of findings.xlsx: one row a recipient, however many activities name it."""

from collections.abc import Iterable

import pandas as pd
from openpyxl import Workbook

from ropa.charts.safeguard_groups import GROUPS, rank_group
from ropa.findings import SEVERITIES
from ropa.phrases.columns import Texts
from ropa.report.sheet_looks import NUMBER, severity_looks
from ropa.report.sheet_tables import Body, Column, write_table
from ropa.results import Result

_EMPTY = "No recipient is named."
_FAMILIES = ("REC", "TRF")
_SHOWN = 12
_SAME = ["register", "name"]


def write_recipients_sheet(book: Workbook, result: Result, transfers: pd.DataFrame) -> Body:
    """Add the sheet to a workbook.

    Parameters
    ----------
    book : Workbook
        Gets the sheet.
    result : Result
        The audit.
    transfers : DataFrame
        From `ropa.report.transfer_rows.list_transfers`.
    """
    rows = list_recipients(result, transfers)
    texts = {str(name): rows[name].tolist() for name in rows.columns}
    columns = [
        Column("Recipient", 32, texts["recipient"]),
        Column("Role, as stated", 20, texts["roles"]),
        Column("Countries", 22, texts["countries"]),
        Column("Activities", 11, texts["count"], NUMBER),
        Column("Which", 24, texts["activities"]),
        Column("Contract", 26, texts["contracts"]),
        Column("Contract ends", 14, texts["ends"]),
        Column("Transfers to it", 26, texts["transfers"]),
        Column("Findings", 10, texts["findings"], NUMBER),
        Column("Worst", 11, texts["worst"], looks=severity_looks()),
        Column("Rules", 18, texts["rules"]),
    ]
    note = _EMPTY if rows.empty else ""
    return write_table(book, "Recipients", columns, held=1, note=note)


def list_recipients(result: Result, transfers: pd.DataFrame) -> pd.DataFrame:
    """Return the recipients of live activities, one row a register and name.

    Returns
    -------
    DataFrame
        ``register``, ``recipient``, ``roles``, ``countries``, ``count`` and ``activities``,
        ``contracts`` (references as typed, or that none is recorded), ``ends`` (the first day on
        which one ends), ``transfers`` (the worst group of safeguards), ``findings`` (open ones of
        the rules on recipients and transfers that name it), ``worst``, ``rules``. Sorted by name.
    """
    rows = result.case.recipients
    rows = rows.assign(name=Texts.of(rows["recipient"]).fold())
    rows = rows[rows["name"] != ""]
    moves = transfers.assign(name=Texts.of(transfers["recipient"]).fold())
    countries = moves.groupby(_SAME)["country"].agg(_join).to_dict()
    groups = moves.groupby(_SAME)["group"].agg(lambda one: min(one, key=rank_group)).to_dict()
    wrong = dict(iter(_list_wrong(result, rows, moves).groupby(_SAME)))
    found = []
    for key, own in rows.groupby(_SAME, sort=True):
        named = wrong.get(key)
        severities = set() if named is None else set(named["severity"])
        ends = own["contract_end_on"].min()
        found.append(
            {
                "register": key[0],
                "recipient": own["recipient"].iloc[0].strip(),
                "roles": _join(own["role"].unique()) or "not stated",
                "countries": countries.get(key, "") or "not stated",
                "count": own["activity_key"].nunique(),
                "activities": _join(own["activity_label"].unique()),
                "contracts": _describe_contracts(own),
                "ends": "" if pd.isna(ends) else ends.date().isoformat(),
                "transfers": GROUPS[groups[key]] if key in groups else "none stated",
                "findings": 0 if named is None else len(named),
                "worst": next((one for one in SEVERITIES if one in severities), ""),
                "rules": "" if named is None else _join(sorted(named["rule"].unique())),
            }
        )
    columns = ("register", "recipient", "roles", "countries", "count", "activities", "contracts")
    names = [*columns, "ends", "transfers", "findings", "worst", "rules"]
    return pd.DataFrame(found, columns=names)


def _list_wrong(result: Result, rows: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Return the open findings that name a recipient, in an activity that names it too.

    One row a ``register``, recipient's ``name`` and finding, with ``severity`` and ``rule``.
    Findings on transfers may call a recipient by another name.
    """
    findings = result.frames["findings"]
    findings = findings[findings["rule"].str[:3].isin(_FAMILIES) & (findings["status"] != "waived")]
    findings = findings.assign(subject=Texts.of(findings["subject"]).fold())
    own = rows[[*_SAME, "activity_label"]].drop_duplicates()
    called = moves[[*_SAME, "subject"]].drop_duplicates()
    called = called.assign(subject=Texts.of(called["subject"]).fold())
    itself = rows[_SAME].drop_duplicates()
    called = pd.concat([called, itself.assign(subject=itself["name"])]).drop_duplicates()
    return own.merge(called, on=_SAME).merge(
        findings[["register", "subject", "activity_id", "severity", "rule"]],
        left_on=["register", "subject", "activity_label"],
        right_on=["register", "subject", "activity_id"],
    )


def _describe_contracts(rows: pd.DataFrame) -> str:
    """Return the references to contracts, and in how many activities there is none."""
    stated = rows["contract_reference_state"] == "stated"
    if not stated.any():
        return "none recorded"
    references = _join(rows.loc[stated, "contract_reference"].unique())
    left = int((~stated).sum())
    return f"{references} (none for {left} of {len(rows)} entries)" if left else references


def _join(texts: Iterable[str]) -> str:
    """Return the distinct texts, joined; of many the first."""
    distinct = list(dict.fromkeys(text for one in texts if (text := one.strip())))
    more = len(distinct) - _SHOWN
    return ", ".join(distinct[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
