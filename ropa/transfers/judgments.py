"""Every transfer of a register, judged: one row a transfer and regime."""

from dataclasses import astuple, fields
from datetime import date

import pandas as pd

from ropa.lawbook import Law
from ropa.phrases.columns import map_texts
from ropa.phrases.place_names import country_name
from ropa.register import Register
from ropa.transfers.decisions import judge_transfer
from ropa.transfers.destinations import judge_destinations
from ropa.transfers.statements import STATED, list_statements, make_statement
from ropa.transfers.values import Verdict

COLUMNS = (
    "register",
    "key",
    "activity_key",
    "recipient_key",
    "origin",
    "recipient",
    "country",
    "country_code",
    "subject",
    "regime",
    "destination",
    "destination_rule",
    "destination_message",
    "destination_severity",
    "safeguard",
    "safeguard_rule",
    "message",
    "severity",
    "instrument",
    "assessment_missing",
    "safeguards_undocumented",
)
"""The columns of `judge_transfers`."""

_REGIMES = ("uk", "eu")
_VERDICT = tuple(field.name for field in fields(Verdict))


def judge_transfers(register: Register, as_of: date, law: Law) -> pd.DataFrame:
    """Judge every transfer of the live activities under each regime of its register.

    Parameters
    ----------
    register : Register
        One register or several; nothing crosses them.
    as_of : date
        Day on which everything is judged.
    law : Law
        The law tables; `Law.ending` gives those of "what if".

    Returns
    -------
    DataFrame
        One row a transfer and regime under which its register is judged, by ``key`` and with
        ``uk`` first; the columns of `COLUMNS`. ``key``, ``activity_key`` and ``recipient_key`` are
        those of the table ``transfers``; ``country`` is the place's name. ``destination`` and
        ``safeguard`` are words of `Verdict` and `SAFEGUARDS`, ``destination_rule`` (TRF-02, TRF-11)
        and ``safeguard_rule`` (TRF-03 to 07, 09, 13) the rule broken or empty, with its message and
        a severity where it is not the rule's own. ``subject`` names the recipient, with the country
        where it has several; without a recipient the country. ``instrument`` holds ids of law rows.
        ``assessment_missing`` and ``safeguards_undocumented`` are the defects of TRF-08 and TRF-14.
    """
    rows = _name_subjects(list_statements(register))
    spread = spread_regimes(rows, register)
    judged = judge_distinct(spread, as_of, law)
    judged = _drop_repeated(judged)
    judged = judge_destinations(judged, as_of, law)
    beside = judged["origin"] == "recipients"
    judged["assessment_missing"] = judged["assessable"] & judged["assessed"].eq(other=False)
    judged["safeguards_undocumented"] = (
        judged["compelling"] & beside & ~judged["documented"].eq(other=True)
    )
    flags = ["assessment_missing", "safeguards_undocumented"]
    judged[flags] = judged[flags].fillna(value=False).astype(bool)
    order = judged.sort_values(["key", "regime"], ascending=[True, False], kind="stable")
    return order[list(COLUMNS)].reset_index(drop=True)


def _name_subjects(rows: pd.DataFrame) -> pd.DataFrame:
    """Add ``subject`` and name the country: by its English name, a group or body as typed."""
    is_country = rows["country_kind"] == "country"
    named = map_texts(rows["country_code"].where(is_country, ""), country_name).astype("str")
    country = named.where(is_country, rows["country"].str.strip())
    recipient = rows["recipient"].str.strip()
    same = [rows["activity_key"], recipient.str.casefold()]
    several = rows["country_code"].groupby(same).transform("nunique") > 1
    subject = recipient.where(~several | (country == ""), recipient + " (" + country + ")")
    return rows.assign(country=country, subject=subject.where(recipient != "", country))


def spread_regimes(rows: pd.DataFrame, register: Register) -> pd.DataFrame:
    """Return the rows once for each regime under which their register is judged."""
    organisation = register.frames["organisation"].set_index("register")
    parts = [
        rows[rows["register"].map(organisation[f"regimes_{regime}"]).astype(bool)].assign(
            regime=regime
        )
        for regime in _REGIMES
    ]
    return pd.concat(parts, ignore_index=True)


def judge_distinct(rows: pd.DataFrame, as_of: date, law: Law) -> pd.DataFrame:
    """Judge each distinct statement once and give its verdict to all rows that state it."""
    columns = ["regime", *STATED]
    distinct = rows[columns].drop_duplicates()
    number = rows.groupby(columns, sort=False, dropna=False).ngroup()
    verdicts = [
        astuple(judge_transfer(row["regime"], make_statement(row), as_of, law))
        for row in distinct.to_dict("records")
    ]
    found = pd.DataFrame(verdicts, columns=list(_VERDICT))
    texts = {name: "str" for name in _VERDICT if name not in ("assessable", "compelling")}
    found = found.astype(texts | {"assessable": bool, "compelling": bool})
    found = found.rename(columns={"rule": "safeguard_rule"})
    taken = found.take(number.to_numpy()).set_axis(rows.index)
    return pd.concat([rows, taken], axis=1)


def _drop_repeated(rows: pd.DataFrame) -> pd.DataFrame:
    """Report once what a country has from an unpaired recipient: at that recipient's row."""
    broken = rows["safeguard_rule"] != ""
    unpaired = rows[rows["unpaired"] & broken]
    same = ["activity_key", "regime", "safeguard_rule"]
    reported = pd.MultiIndex.from_frame(rows[same]).isin(pd.MultiIndex.from_frame(unpaired[same]))
    repeated = (rows["origin"] == "activities") & broken & reported
    return rows.assign(
        safeguard_rule=rows["safeguard_rule"].mask(repeated, ""),
        message=rows["message"].mask(repeated, ""),
        severity=rows["severity"].mask(repeated, ""),
    )
