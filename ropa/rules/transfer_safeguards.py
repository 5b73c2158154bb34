"""Transfers: on what each of them rests (the safeguard axis of `ropa.transfers`)."""

import pandas as pd

from ropa.rules.case import Case
from ropa.rules.catalogue import rule
from ropa.rules.hits import join_hits, make_hits, skip_rows

_MECHANISM = "recipients.transfer_mechanism"


def list_verdicts(case: Case) -> pd.DataFrame:
    """Return the verdicts on the case's transfers (`ropa.transfers.judge_transfers`)."""
    return case.verdicts


def list_mechanism_fields(rows: pd.DataFrame) -> pd.Series:
    """Return the field in which each transfer's mechanism belongs, or that states the transfer."""
    return rows["origin"].map({"recipients": "transfer_mechanism", "activities": "transfers"})


def _hit_safeguard(case: Case, code: str) -> pd.DataFrame:
    rows = list_verdicts(case)
    rows = rows[rows["safeguard_rule"] == code]
    return make_hits(
        rows,
        list_mechanism_fields(rows),
        rows["message"],
        table="transfers",
        subject=rows["subject"],
        severity=rows["severity"],
        regime=rows["regime"],
    )


@rule("TRF-03", roles="CP", severity="critical", duty="law", needs=(_MECHANISM,))
def no_transfer_mechanism(case: Case) -> pd.DataFrame:
    """Nothing carries the transfer: no adequacy in full, and no safeguard is stated.

    Why it matters
    --------------
    Data may leave the area only on an adequacy decision or regulations, on a safeguard, or on a
    derogation. Without any of them the transfer is unlawful and can be ordered to stop.

    Remedy
    ------
    Put a safeguard in place and name it with its date and evidence, or stop the transfer.

    References
    ----------
    GDPR Art 44 to 46; UK GDPR Art 44A to 46 (before 2026-02-05 Art 44 to 46); ICO guidance on
    international transfers.
    """
    rows = list_verdicts(case)
    unread = rows[rows["safeguard"] == "unreadable"].drop_duplicates("key")
    why = "the country of the transfer or its mechanism cannot be read"
    skipped = skip_rows(unread, why, table="transfers")
    return join_hits([_hit_safeguard(case, "TRF-03"), skipped])


@rule("TRF-04", roles="CP", severity="critical", duty="law", needs=(_MECHANISM,))
def mechanism_lapsed(case: Case) -> pd.DataFrame:
    """Transfers rest on an instrument that no longer works on the day.

    Why it matters
    --------------
    Safe Harbour, the Privacy Shield and the old standard contractual clauses give no protection
    any more: a transfer that still names them has no legal basis.

    Remedy
    ------
    Replace it by an instrument that works today, such as the clauses of Decision (EU) 2021/914,
    for the United Kingdom with the Addendum or an IDTA, and record its date.

    References
    ----------
    Court of Justice, Cases C-362/14 and C-311/18; Implementing Decision (EU) 2021/914 Art 4; DPA
    2018 Sch 21 paras 7 to 8.
    """
    return _hit_safeguard(case, "TRF-04")


@rule("TRF-05", roles="CP", severity="high", duty="law", needs=(_MECHANISM,))
def mechanism_of_other_regime(case: Case) -> pd.DataFrame:
    """Transfers rest on an instrument that is none for this exporter, or of no stated version.

    Why it matters
    --------------
    The EU clauses alone do nothing under the UK GDPR and the IDTA nothing under the EU GDPR; the
    clauses of Decision (EU) 2021/915 govern processors and carry no transfer.

    Remedy
    ------
    Sign an instrument of the exporter's own regime (in the UK the Addendum or an IDTA) and name it
    with its version and module.

    References
    ----------
    GDPR Art 46(2); UK GDPR Art 46(2)(d); DPA 2018 s.119A; Implementing Decisions (EU) 2021/914 and
    (EU) 2021/915.
    """
    return _hit_safeguard(case, "TRF-05")


@rule("TRF-06", roles="CP", severity="high", duty="law", needs=(_MECHANISM,))
def adequacy_does_not_exist(case: Case) -> pd.DataFrame:
    """Adequacy is claimed for a country that has none in this regime on the day.

    Why it matters
    --------------
    The UK and the EU keep two lists, and both change. A transfer on adequacy that does not exist
    rests on nothing.

    Remedy
    ------
    Put a safeguard of Article 46 in place for this recipient and record it in place of adequacy.

    References
    ----------
    GDPR Art 45; UK GDPR Art 45A; DPA 2018 Sch 21 para 5.
    """
    return _hit_safeguard(case, "TRF-06")


@rule("TRF-07", roles="CP", severity="medium", duty="law", needs=(_MECHANISM,))
def adequacy_condition_open(case: Case) -> pd.DataFrame:
    """Adequacy reaches some recipients only, and nothing shows that it reaches this one.

    Why it matters
    --------------
    The Data Privacy Framework covers listed organisations, for the UK with the UK Extension; the
    decisions on Canada, Japan, Korea, Israel and Brazil cover recipients under a named statute.
    Outside of that the transfer needs a safeguard.

    Remedy
    ------
    Check the recipient and record the evidence with its date: the list entry and what it covers, or
    the statute that the recipient is subject to.

    References
    ----------
    GDPR Art 45; Implementing Decision (EU) 2023/1795; SI 2023/1028; DPA 2018 Sch 21 para 5.
    """
    hits = _hit_safeguard(case, "TRF-07")
    asked = case.register.frames["offsets"]
    asked = asked[(asked["table"] == "recipients") & (asked["field"] == "mechanism_evidence")]
    unasked = ~hits["register"].isin(asked["register"])
    registers = hits[unasked].drop_duplicates("register").assign(key=-1)
    skipped = skip_rows(registers, "the layout has no column for 'Mechanism evidence'")
    return join_hits([hits[~unasked], skipped])


@rule("TRF-09", roles="CP", severity="high", duty="law", needs=(_MECHANISM,))
def derogation_for_routine_transfers(case: Case) -> pd.DataFrame:
    """Transfers rest on a derogation, and nothing says that they are occasional.

    Why it matters
    --------------
    Derogations are exceptions for particular situations. Routine transfers cannot rest on them,
    and using a site is no explicit consent.

    Remedy
    ------
    Put a safeguard of Article 46 in place; or record which point of Article 49 applies, and why the
    transfer is occasional and necessary.

    References
    ----------
    GDPR Art 49(1), recital 111; UK GDPR Art 49; EDPB Guidelines 2/2018 on derogations.
    """
    return _hit_safeguard(case, "TRF-09")


@rule("TRF-13", roles="CP", severity="medium", duty="law", needs=(_MECHANISM,))
def vague_safeguards(case: Case) -> pd.DataFrame:
    """Safeguards are described in general words, and no instrument is named.

    Why it matters
    --------------
    "Appropriate safeguards" repeats the law. Nobody can tell on what the transfer rests, nor give
    data subjects the copy that they may ask for.

    Remedy
    ------
    Name the instrument, its version and its date.

    References
    ----------
    GDPR Art 13(1)(f), 46(1); UK GDPR Art 13(1)(f), 46.
    """
    return _hit_safeguard(case, "TRF-13")
