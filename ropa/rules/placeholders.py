"""GOV: placeholders that were left in."""

from collections.abc import Mapping, Sequence
from textwrap import shorten
from types import MappingProxyType

import pandas as pd

from ropa.phrases.placeholder_hints import may_hold_placeholder
from ropa.phrases.states import find_placeholder
from ropa.register import find_activities, find_cells
from ropa.rules.case import Case
from ropa.rules.catalogue import Rule, list_rules, rule
from ropa.rules.hits import NOT_EVALUATED, join_hits, make_hits
from ropa.rules.written_cells import find_texts
from ropa.schema import CONTACT_FIELDS

_OWN_RULES: Mapping[str, str] = MappingProxyType(
    {
        "organisation.name": "IDN-01",
        "organisation.address": "IDN-01",
        "organisation.email": "IDN-01",
        "organisation.telephone": "IDN-01",
        "organisation.dpo": "IDN-02",
        "organisation.representative": "IDN-06",
        "organisation.regimes": "IDN-08",
        "organisation.establishments": "IDN-08",
        "organisation.register_date": "GOV-01",
        "activities.role": "IDN-03",
        "activities.on_behalf_of": "IDN-04",
        "activities.joint_controller": "IDN-05",
        "activities.arrangement": "IDN-05",
        "activities.activity": "IDN-07",
        "activities.purpose": "PUR-01 PUR-02 IDN-07",
        "activities.lawful_basis": "LAW-01 LAW-02 SPC-02",
        "activities.legitimate_interest": "LAW-05",
        "activities.lia_reference": "LAW-04",
        "activities.consent_record": "LAW-06",
        "activities.law_cited": "LAW-08",
        "activities.data_subjects": "DAT-01",
        "activities.data_categories": "DAT-02 DAT-03",
        "activities.recipients": "REC-01 REC-02",
        "activities.special_category_condition": "SPC-01",
        "activities.criminal_offence_condition": "SPC-05",
        "activities.schedule_1_condition": "SPC-03 SPC-05 LAW-12",
        "activities.policy_document": "SPC-04",
        "activities.policy_adherence": "SPC-07",
        "activities.source": "DAT-05",
        "activities.retention": "RET-01 RET-02 RET-03 RET-04 RET-05",
        "activities.security_measures": "SEC-01 SEC-02",
        "activities.rights": "RGT-01",
        "activities.automated_decision_safeguards": "RGT-04",
        "activities.transfers": "TRF-01 TRF-02",
        "activities.dpia_required": "DPI-01",
        "activities.dpia_status": "DPI-01 DPI-02",
        "activities.dpia_reference": "DPI-01 DPI-02",
        "activities.owner": "GOV-04",
        "activities.last_reviewed": "GOV-01 GOV-06",
        "data_items.data_category": "DAT-02 DAT-03",
        "data_items.retention": "RET-01 RET-02 RET-03 RET-04 RET-05",
        "data_items.source": "DAT-05",
        "recipients.recipient": "REC-02",
        "recipients.country": "REC-08 TRF-02",
        "recipients.contract_reference": "REC-03",
        "recipients.authorisation": "REC-05",
        "recipients.transfer_mechanism": "TRF-03 TRF-04 TRF-05 TRF-13",
        "recipients.mechanism_evidence": "TRF-07 TRF-14",
        "recipients.transfer_assessment": "TRF-08",
    }
)
"""Table and field to the rules that report a missing answer there."""


@rule("GOV-02", roles="CPR", severity="medium", duty="guidance")
def placeholder_left(case: Case) -> pd.DataFrame:
    """Find placeholders: "TBC", "XX January", "[insert name]", the prompt of a drop-down.

    Alone in a cell or inside a longer text. Not where the field's own rule already reports that
    the answer is missing.

    Why it matters
    --------------
    A placeholder shows that somebody meant to come back. Whoever reads the record cannot rely on
    the cell.

    Remedy
    ------
    Write the answer, or None where there is nothing to state.

    References
    ----------
    GDPR Art 5(2), 30(1), 30(2).
    """
    found = find_texts(case, find_placeholder, may_hold_placeholder)
    found = found[~_is_reported(case, found)]
    secret = pd.Series(
        [place in CONTACT_FIELDS for place in zip(found["table"], found["field"], strict=True)],
        index=found.index,
        dtype=bool,
    )
    quoted = found["found"].map(lambda words: f": {shorten(words, 40)!r}").astype("str")
    message = "A placeholder was left in" + quoted.mask(secret, "") + "."
    hits = [
        make_hits(
            part, part["field"], message[part.index], table=str(table), subject=part["subject"]
        ).assign(part=part["part"].to_numpy())
        for table, part in found.groupby("table", sort=True)
    ]
    return join_hits(hits)


def _is_reported(case: Case, found: pd.DataFrame) -> pd.Series:
    """Tell for each cell whether the field's own rule reports the row."""
    codes = [
        _OWN_RULES.get(f"{table}.{field}", "").split()
        for table, field in zip(found["table"], found["field"], strict=True)
    ]
    wanted = {code for several in codes for code in several}
    reported = _list_reported(case, [one for one in list_rules() if one.code in wanted], found)
    pairs = zip(codes, found["table"], found["key"], found["activity_key"], strict=True)
    return pd.Series(
        [
            any(
                (code, table, key) in reported or (code, "activities", activity) in reported
                for code in several
            )
            for several, table, key, activity in pairs
        ],
        index=found.index,
        dtype=bool,
    )


def _list_reported(
    case: Case, rules: Sequence[Rule], found: pd.DataFrame
) -> set[tuple[str, str, int]]:
    """Return which of the cells' rows and activities rules report: the code, table and key."""
    columns = ["register", "table", "key", "field", "severity", "regime"]
    parts = [case.once(one.evaluate)[columns].assign(rule=one.code) for one in rules]
    if not parts:
        return set()
    hits = pd.concat(parts, ignore_index=True)
    # A hit stands in its activity's rows; most are on activities without a placeholder.
    activities = find_activities(case.register, hits)
    told = hits["severity"] != NOT_EVALUATED
    hits = hits[told & activities.isin([-1, *found["activity_key"]])].reset_index(drop=True)
    hits = hits[_is_judged(case, hits)].reset_index(drop=True)
    cells = find_cells(case.register, hits).assign(rule=hits["rule"])
    return set(zip(cells["rule"], cells["table"], cells["key"], strict=True))


def _is_judged(case: Case, hits: pd.DataFrame) -> pd.Series:
    """Tell of each hit whether its rule is law for its register, under the hit's own regime."""
    flags = case.organisation.set_index("register")
    judged = pd.Series(data=False, index=hits.index)
    for regime in ("uk", "eu"):
        under = hits["register"].map(flags[regime]).eq(other=True)
        in_force = {
            code: bool(case.law.find_provision(code, regime, case.as_of))
            for code in hits["rule"].unique()
        }
        applied = hits["rule"].map(in_force).astype(bool)
        judged |= under & applied & hits["regime"].isin(("", regime))
    return judged
