"""What if an instrument ended: how it is asked, and what falls with it."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from io import StringIO

import pandas as pd
import pytest
from registers import clean_source, patch_source, to_register
from rich.console import Console

from ropa.auditing import audit_register
from ropa.errors import UsageError
from ropa.lawbook import load_law
from ropa.register import Register
from ropa.report.what_if_terminal import TOP, list_fallen_lines
from ropa.results import Result
from ropa.rules.catalogue import select_rules
from ropa.transfers import SAFEGUARDS
from ropa.what_if import FALLEN_COLUMNS, change_law, find_fallen, list_endings, parse_ending

FRAMEWORK = "end EUADQ-US-DPF 2026-12-01"
EXTENSION = "end UKADQ-US 2026-12-01"
AFTER = date(2027, 1, 1)
DPF = {
    "K10": ("Cresswater CRM Inc", "J19"),
    "K12": ("Mailchimp", "J22"),
    "K13": ("Google Analytics", "J23"),
    "K20": ("Google Drive", "J32"),
}


@cache
def clean() -> Register:
    return to_register(clean_source(), "clean")


def make(patch: Mapping[str, object]) -> Register:
    return to_register(patch_source(clean_source(), patch), "made")


def judge(
    register: Register, *endings: str, regime: str = "both", as_of: date = AFTER, rules: str = "TRF"
) -> tuple[pd.DataFrame, Result]:
    """Return what falls, and the audit under the changed law."""
    before, after = (
        audit_register(register, as_of=as_of, regime=regime, law=law, rules=select_rules([rules]))
        for law in (load_law(), change_law(load_law(), endings))
    )
    return find_fallen(before, after), after


def name_rows(fallen: pd.DataFrame) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in fallen[["activity_id", "regime", "instrument"]].to_numpy()]


def show(fallen: pd.DataFrame, after: Result, width: int = 120) -> str:
    file = StringIO()
    console = Console(file=file, width=width, highlight=False)
    for line in list_fallen_lines(fallen, after):
        console.print(line)
    return file.getvalue()


# -- how it is asked -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", [FRAMEWORK, "  END   EUADQ-US-DPF\t2026-12-01 "])
def test_an_ending_is_an_instrument_and_a_day(text: str) -> None:
    assert parse_ending(text) == ("EUADQ-US-DPF", date(2026, 12, 1))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "begins with nothing"),
        ("EUADQ-US-DPF 2026-12-01", "begins with 'EUADQ-US-DPF' instead of 'end'"),
        ("ends EUADQ-US-DPF 2026-12-01", "begins with 'ends'"),
        ("end", "lacks an instrument and a day"),
        ("end EUADQ-US-DPF", "lacks a day"),
        ("end EUADQ-US-DPF on 2026-12-01", "4 words"),
        ("end 2026-12-01 EUADQ-US-DPF", "the instrument comes before the day"),
        ("end EUADQ-US-DPF 01/12/2026", "'01/12/2026' is no date: write it as 2026-12-01"),
        ("end EUADQ-US-DPF 2026-02-30", "'2026-02-30' is no date"),
        ("end EUADQ\x1b[2J-US 2026-13-01", r"EUADQ\\x1b\[2J-US"),
    ],
)
def test_what_is_wrong_is_named_in_one_line(text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse_ending(text)
    assert "2026-12-01" in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["end EUADQ-US-DFP 2026-12-01"], "did you mean EUADQ-US-DPF"),
        (["end euadq-us-dpf 2026-12-01"], "did you mean EUADQ-US-DPF"),
        (["end EUADQ-US-PS 2026-12-01"], "its last day is 2020-07-15"),
        (["end EUADQ-US-DPF 2023-07-10"], "it begins on 2023-07-10"),
        ([FRAMEWORK, "end EUADQ-US-DPF 2027-01-01"], "'EUADQ-US-DPF' is given twice"),
    ],
)
def test_what_cannot_end_is_refused(texts: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        change_law(load_law(), texts)


def test_several_end_in_whatever_order_they_are_named() -> None:
    sooner, later = "end EUADQ-US-DPF 2026-11-01", "end UKADQ-US 2026-12-01"
    law = change_law(load_law(), [sooner, later])
    assert law == change_law(load_law(), [later, sooner])
    assert dict(law.ended) == {"EUADQ-US-DPF": "2026-10-31", "UKADQ-US": "2026-10-31"}
    law = change_law(load_law(), [FRAMEWORK, "end UKADQ-US 2026-11-01"])
    assert dict(law.ended) == {"EUADQ-US-DPF": "2026-11-30", "UKADQ-US": "2026-10-31"}
    assert change_law(load_law(), []) == load_law()


def test_endings_name_what_falls_with_what() -> None:
    ended = list_endings(change_law(load_law(), [FRAMEWORK]))
    assert [(one.id, one.last_day, one.support) for one in ended] == [
        ("EUADQ-US-DPF", "2026-11-30", ""),
        ("UKADQ-US", "2026-11-30", "EUADQ-US-DPF"),
    ]
    ended = list_endings(change_law(load_law(), ["end UK-IDTA 2026-12-01"]))
    assert [(one.id, one.name) for one in ended] == [
        ("UK-IDTA", "International Data Transfer Agreement")
    ]


# -- what falls ----------------------------------------------------------------------------------


@pytest.mark.parametrize("regime", ["uk", "eu", "both"])
def test_the_extension_falls_with_the_framework(regime: str) -> None:
    fallen, _ = judge(clean(), FRAMEWORK, regime=regime)
    laws = {"uk": "UKADQ-US", "eu": "EUADQ-US-DPF"}
    judged = ("uk", "eu") if regime == "both" else (regime,)
    assert name_rows(fallen) == [(one, law, laws[law]) for one in DPF for law in judged]
    assert dict(zip(fallen["instrument"], fallen["falls_with"], strict=True)) == {
        laws[law]: "EUADQ-US-DPF" if law == "uk" else "" for law in judged
    }


@pytest.mark.parametrize(("regime", "falls"), [("uk", True), ("eu", False), ("both", True)])
def test_the_framework_stands_without_the_extension(regime: str, *, falls: bool) -> None:
    fallen, _ = judge(clean(), EXTENSION, regime=regime)
    assert name_rows(fallen) == ([(one, "uk", "UKADQ-US") for one in DPF] if falls else [])
    assert not fallen["falls_with"].any()


def test_a_row_names_the_activity_the_vendor_the_cell_and_the_finding() -> None:
    fallen, after = judge(clean(), FRAMEWORK, regime="eu")
    assert list(fallen.columns) == list(FALLEN_COLUMNS)
    found = dict(
        zip(
            fallen["activity_id"],
            fallen[["recipient", "cell"]].itertuples(index=False, name=None),
            strict=True,
        )
    )
    assert found == DPF
    row = fallen.set_index("activity_id").loc["K12"].to_dict()
    expected = {
        "register": "clean",
        "activity": "Email newsletter",
        "recipient": "Mailchimp",
        "country": "United States",
        "regime": "eu",
        "safeguard_before": "adequacy_conditional",
        "safeguard_after": "lapsed",
        "instrument": "EUADQ-US-DPF",
        "instrument_name": "United States: Data Privacy Framework",
        "falls_with": "",
        "rule": "TRF-04",
        "severity": "critical",
        "message": "EU-US Data Privacy Framework cannot be relied on since 2026-12-01.",
        "file": "clean.xlsx",
        "sheet": "Recipients",
        "cell": "J22",
    }
    assert {name: row[name] for name in expected} == expected
    own = after.findings[after.findings["activity_id"] == "K12"]
    assert list(own["id"]) == [row["id"]]
    assert own["cell"].item() == "J22"


def test_every_finding_that_is_new_under_the_changed_law_is_one_of_what_falls() -> None:
    endings = [FRAMEWORK, "end EUADQ-GB-3 2026-12-01", "end UKADQ-EEA 2026-12-01"]
    fallen, after = judge(clean(), *endings, rules="TRF")
    broken = after.findings[after.findings["rule"].isin(["TRF-03", "TRF-04", "TRF-06"])]
    assert set(fallen["id"]) == set(broken["id"])
    assert "" not in set(fallen["id"])


@pytest.mark.parametrize(("day", "falls"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True)])
def test_nothing_falls_before_the_end(day: date, *, falls: bool) -> None:
    fallen, _ = judge(clean(), FRAMEWORK, as_of=day)
    assert bool(len(fallen)) is falls
    assert list(fallen.columns) == list(FALLEN_COLUMNS)


@pytest.mark.parametrize("ending", ["end EUADQ-FO 2026-12-01", "end UK-COC 2026-12-01"])
def test_an_instrument_that_nobody_uses_takes_nothing_along(ending: str) -> None:
    fallen, after = judge(clean(), ending)
    assert len(fallen) == 0
    assert list(fallen.columns) == list(FALLEN_COLUMNS)
    assert set(fallen.dtypes.astype(str)) == {"str"}
    assert "No transfer would lose its safeguard on 2027-01-01." in show(fallen, after)


def test_adequacy_in_full_and_clauses_fall_too() -> None:
    endings = ["end UKADQ-CH 2026-12-01", "end UK-ADDENDUM 2026-12-01"]
    fallen, _ = judge(clean(), *endings)
    found = fallen[["activity_id", "regime", "safeguard_before", "safeguard_after", "instrument"]]
    swiss = fallen.loc[fallen["country"] == "Switzerland", "activity_id"].item()
    assert sorted(map(tuple, found.to_numpy())) == sorted(
        [
            ("K01", "uk", "clauses", "lapsed", "UK-ADDENDUM"),
            ("K24", "uk", "clauses", "lapsed", "UK-ADDENDUM"),
            (swiss, "uk", "adequacy", "claimed_adequacy", "UKADQ-CH"),
        ]
    )


MAILCHIMP = "recipients.K12.Mailchimp"


def test_a_transfer_that_another_instrument_carries_does_not_fall() -> None:
    both = "EU-US Data Privacy Framework; Standard contractual clauses (EU) 2021/914, Module Two"
    fallen, _ = judge(make({f"{MAILCHIMP}.Transfer mechanism": both}), FRAMEWORK, regime="eu")
    assert set(fallen["activity_id"]) == set(DPF) - {"K12"}
    # Clauses that are none under the UK GDPR carry nothing there.
    both = "UK Extension to the Data Privacy Framework; clauses (EU) 2021/914, Module Two"
    fallen, _ = judge(make({f"{MAILCHIMP}.Transfer mechanism": both}), FRAMEWORK, regime="uk")
    assert "K12" in set(fallen["activity_id"])


def test_adequacy_on_a_condition_that_the_record_does_not_show_falls_too() -> None:
    register = make({f"{MAILCHIMP}.Mechanism evidence": ""})
    for regime in ("uk", "eu"):
        fallen, _ = judge(register, FRAMEWORK, regime=regime)
        row = fallen[fallen["activity_id"] == "K12"].iloc[0]
        assert (row["safeguard_before"], row["safeguard_after"]) == ("adequacy_open", "lapsed")
        assert row["instrument"] == {"uk": "UKADQ-US", "eu": "EUADQ-US-DPF"}[regime]


def test_a_transfer_without_a_safeguard_has_none_to_lose() -> None:
    register = make({f"{MAILCHIMP}.Transfer mechanism": "", f"{MAILCHIMP}.Mechanism evidence": ""})
    fallen, after = judge(register, FRAMEWORK)
    assert set(fallen["activity_id"]) == set(DPF) - {"K12"}
    assert "TRF-03" in set(after.findings.loc[after.findings["activity_id"] == "K12", "rule"])


def test_a_safeguard_that_is_said_only_in_the_activity_falls_without_a_recipient() -> None:
    patch = {"-recipients.K12.Mailchimp": True, "K12.Transfers": "Faroe Islands (adequacy)"}
    fallen, after = judge(make(patch), "end EUADQ-FO 2026-12-01", regime="eu")
    row = fallen.iloc[0]
    assert (len(fallen), row["activity_id"], row["recipient"]) == (1, "K12", "")
    assert (row["country"], row["sheet"]) == ("Faroe Islands", "Activities")
    assert row["id"] in set(after.findings["id"])


def test_rules_that_were_not_run_leave_the_finding_empty() -> None:
    fallen, _ = judge(clean(), FRAMEWORK, regime="eu", rules="RET")
    assert list(fallen["activity_id"]) == list(DPF)
    assert not fallen[["id", "rule", "severity", "message"]].to_numpy().any()


def test_audits_of_different_days_or_registers_are_a_mistake() -> None:
    rules = select_rules(["TRF-04"])
    one = audit_register(clean(), as_of=AFTER, rules=rules)
    day = audit_register(clean(), as_of=date(2027, 1, 2), rules=rules)
    other = audit_register(make({"-recipients.K12.Mailchimp": True}), as_of=AFTER, rules=rules)
    for wrong in (day, other):
        with pytest.raises(ValueError, match="one register on one day"):
            find_fallen(one, wrong)


# -- on a terminal -------------------------------------------------------------------------------


def test_the_terminal_names_activities_and_vendors_once() -> None:
    text = show(*judge(clean(), FRAMEWORK))
    assert "EUADQ-US-DPF ended (United States: Data Privacy Framework)" in text
    assert "last day 2026-11-30, as EUADQ-US-DPF ends" in " ".join(text.split())
    assert "4 transfers (4 activities, 4 recipients) lose their safeguard on 2027-01-01:" in text
    for activity, (vendor, cell) in DPF.items():
        line = next(one for one in text.splitlines() if activity in one)
        assert f"{vendor} (United States)" in line
        assert f"Recipients!{cell}" in line
        assert "critical" in line
    assert text.count("Mailchimp") == 1
    change = f"{SAFEGUARDS['adequacy_conditional']} -> {SAFEGUARDS['lapsed']} (TRF-04)"
    assert text.count(f"UK GDPR: {change}") == text.count(f"EU GDPR: {change}") == 4


def test_the_terminal_counts_one() -> None:
    text = show(*judge(clean(), "end UKADQ-CH 2026-12-01"))
    assert "1 transfer (1 activity, 1 recipient) loses its safeguard on 2027-01-01:" in text


def test_the_terminal_says_where_the_day_comes_too_soon() -> None:
    text = show(*judge(clean(), FRAMEWORK, as_of=date(2026, 11, 30)))
    assert "On 2026-11-30 nothing has ended yet" in text


def test_the_terminal_shows_the_first_and_counts_the_rest() -> None:
    fallen, after = judge(clean(), "end EUADQ-GB-3 2026-12-01", "end UKADQ-EEA 2026-12-01")
    text = show(fallen, after)
    assert f"and {len(fallen) - TOP} more" in text
    assert len(fallen) > TOP


def test_the_terminal_obeys_nothing_in_a_register() -> None:
    fallen, after = judge(clean(), FRAMEWORK, regime="eu")
    nasty = fallen.assign(recipient="Mail\x1b[31mchimp [bold]x[/bold]")
    text = show(nasty, after, width=200)
    assert "\x1b" not in text
    assert "chimp [bold]x[/bold]" in text
